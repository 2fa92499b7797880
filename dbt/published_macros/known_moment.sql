-- The moment a question about knowledge means: a date, or a text that is one, means the end of that day (UTC).
create or replace macro marts.known_moment(known_at) as
case
    when typeof(known_at) = 'DATE' or regexp_full_match(cast(known_at as varchar), '\d{4}-\d{2}-\d{2}')
        then cast(cast(known_at as date) as timestamp) + interval 1 day - interval 1 microsecond
    else cast(known_at as timestamp)
end;
