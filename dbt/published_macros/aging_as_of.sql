-- Class trade at the end of day `as_of`, as known now, by customer, currency and bucket of a scheme.
create or replace macro marts.aging_as_of(as_of, scheme) as table
select * from marts.aging_as_known(as_of, timestamp '9999-12-30 00:00:00', scheme);
