-- The tables of the records have authorities too: the same policy and grants as every other.
call care.secure_tables();
