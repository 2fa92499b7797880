-- Items open at the end of day `as_of`, as known now.
create or replace macro marts.open_items_as_of(as_of) as table
select * from marts.open_items_as_known(as_of, timestamp '9999-12-30 00:00:00');
