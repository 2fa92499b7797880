-- Grain: one row per currency and day from which its rate holds, until the next one: units of the currency for one unit
-- of the currency whose rate is 1, the company's as a rule. Tryton's own first rate is of the year 1; it says nothing.
select
    currency.code as currency,
    rate.date as rate_date,
    rate.rate as units_per_base
from currency_currency_rate as rate
inner join currency_currency as currency on rate.currency = currency.id
where rate.date >= '1990-01-01'
order by currency.code, rate.date
