{{ config(materialized='table') }}

{#- The newest accounts of each party on each day, as known on the day, for 18 months after their
    period (policy sections 3 and 4): Z'' and the signs that count as weak; equity and operating
    cash flow in the reporting currency at the rate of the as-of date. EBIT for a year; a year is
    set against the one before. What is not told is no sign. -#}
{%- set columns = [
    'company_code', 'customer_id', 'period_end', 'period_months', 'currency', 'current_assets',
    'current_liabilities', 'total_assets', 'total_liabilities', 'equity', 'retained_earnings',
    'ebit', 'revenue', 'net_profit', 'operating_cash_flow'
] -%}
with

told as (

    select
        *,
        period_end as told_from,
        cast(null as date) as no_end
    from {{ ref('stg_landing__financial_statement') }}
    where not is_deleted

),

known as (

    {{ believed('then', 'told', columns, 'told_from', 'no_end') }}

),

of_party as (

    select
        customer.party_id,
        known.*
    from known
    inner join {{ ref('dim_customer') }} as customer
        on known.company_code = customer.company_code and known.customer_id = customer.customer_id
    where not customer.is_intragroup and known.day_from <= {{ as_of() }}

),

boundary as (

    select
        party_id,
        day_from as day
    from of_party
    union
    select
        party_id,
        day_to
    from of_party
    where day_to <= {{ as_of() }}

),

dated as (

    select
        party_id,
        day,
        coalesce(
            lead(day) over (partition by party_id order by day), {{ end_of_days() }}
        ) as next_day
    from boundary

),

-- the newest period of those told: an older one that comes later changes nothing, and stands again
-- when the newer is taken back
newest as (

    select
        of_party.party_id,
        {{ qualified('of_party', columns) }},
        dated.day as day_from,
        dated.next_day as day_to
    from dated
    inner join of_party
        on
            dated.party_id = of_party.party_id
            and dated.day >= of_party.day_from
            and dated.day < of_party.day_to
    -- a party in several companies has the same accounts in each
    qualify row_number() over (
        partition by dated.party_id, dated.day
        order by of_party.period_end desc, of_party.company_code, of_party.customer_id
    ) = 1

),

-- the year before, as told on the day
compared as (

    select
        newest.party_id,
        newest.day_from,
        max_by(
            before.revenue * 12 / before.period_months,
            {{ dated_order('before.day_from', ['before.period_months', 'before.revenue']) }}
        ) as yearly_revenue_before
    from newest
    inner join of_party as before
        on
            newest.party_id = before.party_id
            and before.period_end = {{ add_months('newest.period_end', -12) }}
            and newest.day_from >= before.day_from
            and newest.day_from < before.day_to
    where before.period_months > 0
    group by newest.party_id, newest.day_from

),

rated as (

    select
        newest.party_id,
        newest.day_from as effective_from,
        least(
            newest.day_to,
            {{ add_days(add_months('newest.period_end', 18), 1) }}
        ) as effective_to,
        newest.period_end,
        newest.equity,
        {{ money_times_rate('newest.equity', 'rate.rate_to_reporting') }} as equity_reporting,
        newest.operating_cash_flow,
        {{ money_times_rate('newest.operating_cash_flow', 'rate.rate_to_reporting') }}
            as operating_cash_flow_reporting,
        newest.net_profit,
        {{ ratio_of('newest.current_assets', 'newest.current_liabilities') }}
            as current_ratio,
        {{ ratio_of('newest.total_liabilities', 'newest.total_assets') }} as liabilities_rate,
        {{ ratio_of('(newest.current_assets - newest.current_liabilities)',
            'newest.total_assets') }} as working_capital_rate,
        {{ ratio_of('newest.retained_earnings', 'newest.total_assets') }} as retained_rate,
        {{ ratio_of('newest.ebit * 12', '(newest.total_assets * newest.period_months)') }}
            as ebit_rate,
        {{ ratio_of('newest.equity', 'newest.total_liabilities') }} as equity_rate,
        {{ ratio_of('newest.revenue * 12',
            '(compared.yearly_revenue_before * newest.period_months)') }} as revenue_rate
    from newest
    left join compared
        on
            newest.party_id = compared.party_id
            and newest.day_from = compared.day_from
    left join {{ ref('int_company') }} as company
        on newest.company_code = company.company_code
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            newest.company_code = rate.company_code
            and coalesce(newest.currency, company.functional_currency) = rate.currency
            and rate.day = {{ as_of() }}

),

final as (

    select
        party_id,
        effective_from,
        effective_to,
        period_end as accounts_period_end,
        cast(
            6.56 * working_capital_rate + 3.26 * retained_rate + 6.72 * ebit_rate
            + 1.05 * equity_rate
            as decimal(18, 6)
        ) as z_score,
        -- rules and scores ask for its sign, which it has without a rate too
        coalesce(equity_reporting, equity) as equity,
        equity_reporting,
        operating_cash_flow_reporting as operating_cash_flow,
        liabilities_rate,
        case when current_ratio < 1 then 1 else 0 end
        + case when liabilities_rate > 0.8 then 1 else 0 end
        + case when net_profit < 0 then 1 else 0 end
        + case when operating_cash_flow < 0 then 1 else 0 end
        + case when revenue_rate <= 0.7 then 1 else 0 end
        as weak_sign_count
    from rated
    where effective_from < effective_to

)

select * from final
