-- Who may do what with the tables of the migration before.

-- What the service must know of migrations: whether all of its release were applied, and whether a later one took away
-- what it works with (the file says so at its head, `-- contract: what and since when`).
alter table care_meta.migration add column contracts boolean not null default false;
--> statement-breakpoint
grant usage on schema care_meta to corporate_parenting_service;
--> statement-breakpoint
grant select on care_meta.migration to corporate_parenting_service;
--> statement-breakpoint
-- As it was, and from now on mindful of tables that never change: no later migration has to take back again what this
-- would give.
create or replace procedure care.secure_tables()
  language plpgsql
  set search_path = ''
as $$
declare
  relation record;
begin
  for relation in
    select c.relname as name, c.relname = any (care.reference_tables()) as is_reference,
           exists (select 1 from pg_catalog.pg_trigger t
                    where t.tgrelid = c.oid and t.tgname = 'never_changes') as never_changes
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'care' and c.relkind in ('r', 'p')
       and (c.relname = any (care.reference_tables())
            or exists (select 1 from pg_catalog.pg_attribute a
                        where a.attrelid = c.oid and a.attname = 'authority' and not a.attisdropped))
  loop
    execute format('grant select, insert on care.%I to corporate_parenting_service', relation.name);
    if relation.never_changes then
      execute format('revoke update, delete, truncate on care.%I from corporate_parenting_service', relation.name);
    else
      execute format('grant update, delete on care.%I to corporate_parenting_service', relation.name);
    end if;
    continue when relation.is_reference;
    execute format('alter table care.%I enable row level security', relation.name);
    execute format('alter table care.%I force row level security', relation.name);
    execute format('drop policy if exists own_authority on care.%I', relation.name);
    execute format(
      'create policy own_authority on care.%I
         using (authority = any ((select care.visible_authorities())::text[]))
         with check (authority = any ((select care.visible_authorities())::text[]))', relation.name);
  end loop;
end
$$;
--> statement-breakpoint
-- The audit trail: rows are added and read, and nothing else, by whomever.
create trigger never_changes before update or delete or truncate on care.audit_entry
  for each statement execute function care.refuse_change();
--> statement-breakpoint
-- The end of a chain moves on by one row at a time, and never back.
create function care.only_onwards() returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  if new.authority is distinct from old.authority or new.number is distinct from old.number + 1 then
    raise exception using errcode = 'restrict_violation', message = format('care.%I only moves on', tg_table_name);
  end if;
  return new;
end
$$;
--> statement-breakpoint
create trigger only_onwards before update on care.audit_head
  for each row execute function care.only_onwards();
--> statement-breakpoint
create trigger never_taken_away before delete or truncate on care.audit_head
  for each statement execute function care.refuse_change();
--> statement-breakpoint
call care.secure_tables();
--> statement-breakpoint
revoke delete on care.audit_head from corporate_parenting_service;
--> statement-breakpoint
grant usage on schema access to corporate_parenting_service;
--> statement-breakpoint
grant select, insert, update on access.client, access.client_secret, access.api_key, access.issuer_grant, access.signing_key
  to corporate_parenting_service;
--> statement-breakpoint
grant select, insert, delete on access.used_assertion, access.revoked_token to corporate_parenting_service;
--> statement-breakpoint
grant select, update on access.state to corporate_parenting_service;
--> statement-breakpoint
insert into access.state (revision) values (1);
--> statement-breakpoint
-- Every change of who may call moves the revision, in the transaction of the change: whoever makes it, by whatever way.
create function access.moved() returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  update access.state set revision = revision + 1;
  return null;
end
$$;
--> statement-breakpoint
create trigger moved after insert or update or delete on access.client
  for each statement execute function access.moved();
--> statement-breakpoint
create trigger moved after insert or update or delete on access.client_secret
  for each statement execute function access.moved();
--> statement-breakpoint
create trigger moved after insert or update or delete on access.api_key
  for each statement execute function access.moved();
--> statement-breakpoint
create trigger moved after insert or update or delete on access.issuer_grant
  for each statement execute function access.moved();
--> statement-breakpoint
create trigger moved after insert or update or delete on access.signing_key
  for each statement execute function access.moved();
--> statement-breakpoint
create trigger moved after insert on access.revoked_token
  for each statement execute function access.moved();
