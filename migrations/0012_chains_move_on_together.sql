-- Rows of calls that come together are added by one statement, and the end of their chain moves on past all of them.
-- It still never goes back, nor to another authority; that no row is missing in between is what the hashes tell.
create or replace function care.only_onwards() returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  if new.authority is distinct from old.authority or new.number is null or new.number <= old.number then
    raise exception using errcode = 'restrict_violation', message = format('care.%I only moves on', tg_table_name);
  end if;
  return new;
end
$$;
