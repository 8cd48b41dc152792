-- Row-level security for the tables of the migration before, as for all others.
call care.secure_tables();
