-- The second wall between authorities. Every table of `care` has an authority; a transaction sees the rows of the
-- authorities that it names in `app.authorities` (comma-separated, set local to the transaction), and none where it
-- names none. Forced, so that the owner is bound as well. Run again for tables that later migrations add.

-- Stable, so that the planner evaluates it once for a statement and keeps using the keys' indexes.
create function care.visible_authorities() returns text[]
  language sql stable parallel safe
  set search_path = ''
  return string_to_array(nullif(current_setting('app.authorities', true), ''), ',');
--> statement-breakpoint
create procedure care.secure_tables()
  language plpgsql
  set search_path = ''
as $$
declare
  relation record;
begin
  for relation in
    select c.relname as name
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'care' and c.relkind in ('r', 'p')
       and exists (select 1 from pg_catalog.pg_attribute a
                    where a.attrelid = c.oid and a.attname = 'authority' and not a.attisdropped)
  loop
    execute format('alter table care.%I enable row level security', relation.name);
    execute format('alter table care.%I force row level security', relation.name);
    execute format('drop policy if exists own_authority on care.%I', relation.name);
    execute format(
      'create policy own_authority on care.%I
         using (authority = any ((select care.visible_authorities())::text[]))
         with check (authority = any ((select care.visible_authorities())::text[]))', relation.name);
    execute format('grant select, insert, update, delete on care.%I to corporate_parenting_service', relation.name);
  end loop;
end
$$;
--> statement-breakpoint
revoke all on procedure care.secure_tables() from public;
--> statement-breakpoint
grant usage on schema care to corporate_parenting_service;
--> statement-breakpoint
call care.secure_tables();
