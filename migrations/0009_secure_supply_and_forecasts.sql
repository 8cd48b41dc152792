-- Row-level security for the tables of the migration before, as for all others.
call care.secure_tables();
--> statement-breakpoint
-- Which gives the service anew what it must not do to what was published.
revoke update, delete on care.publication from corporate_parenting_service;
