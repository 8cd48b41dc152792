-- Row-level security for the tables of the migration before, as for all others.
call care.secure_tables();
--> statement-breakpoint
-- What was published stays as it was: the service may add a publication and read it, and nothing else. The grants that
-- `secure_tables()` gives anew with every later migration are why a trigger says it too, to the owner as well. For the
-- statement and not for the row, so that one that would find no row is refused with the others.
create function care.refuse_change() returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  raise exception using errcode = 'restrict_violation', message = format('care.%I never changes', tg_table_name);
end
$$;
--> statement-breakpoint
create trigger never_changes before update or delete or truncate on care.publication
  for each statement execute function care.refuse_change();
--> statement-breakpoint
revoke update, delete on care.publication from corporate_parenting_service;
--> statement-breakpoint
-- The hash that is given out is that of the bytes that are kept, whatever writes them.
alter table care.publication add constraint publication_hash
  check (sha256 = encode(sha256(convert_to(content, 'UTF8')), 'hex'));
--> statement-breakpoint
-- The history of targets and of withdrawals grows and is not rewritten.
create trigger never_changes before update or delete or truncate on care.target
  for each statement execute function care.refuse_change();
--> statement-breakpoint
create trigger never_changes before update or delete or truncate on care.withdrawn_return
  for each statement execute function care.refuse_change();
