{{ config(materialized='table') }}

{#- Weeks in which the share overdue by more than 30 days of a party's industry had risen by at
    least 5 points within 60 days, as known on the Friday: by how much, of how many customers, and
    which part of the rise is one customer's alone. -#}
with

member as (

    select
        party_id,
        max(industry) as industry
    from {{ ref('dim_customer') }}
    where not is_intragroup and industry is not null
    group by party_id

),

change as (

    {% for sign, day in [('', 'effective_from'), ('-', 'effective_to')] -%}
    select
        member.industry,
        owed.{{ day }} as day,
        {{ sign }}owed.net_overdue_30 as net_overdue_30,
        {{ sign }}owed.gross_receivable as gross_receivable,
        case when owed.gross_receivable > 0 then {{ sign }}1 else 0 end as customer_count
    from {{ ref('int_warning__owed') }} as owed
    inner join member
        on owed.party_id = member.party_id
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

of_industry as (

    {{ running_sums('change', ['industry'], [
        'net_overdue_30', 'gross_receivable', 'customer_count'
    ]) }}

),

industry_day as (

    select
        of_industry.industry,
        calendar.day,
        of_industry.net_overdue_30,
        of_industry.customer_count,
        {{ ratio_of('of_industry.net_overdue_30', 'of_industry.gross_receivable') }}
            as overdue_share
    from of_industry
    inner join {{ ref('dim_date') }} as calendar
        on
            calendar.day >= of_industry.effective_from
            and calendar.day < of_industry.effective_to
    where calendar.day <= {{ as_of() }}

),

risen as (

    select
        now.industry,
        now.day,
        before.day as day_before,
        now.customer_count,
        now.overdue_share - before.overdue_share as rise,
        now.net_overdue_30 - before.net_overdue_30 as rise_amount
    from industry_day as now
    inner join industry_day as before
        on now.industry = before.industry and before.day = {{ add_days('now.day', -60) }}
    where
        {{ days_between(start_of_days(), 'now.day') }} % 7 = 4
        and now.overdue_share - before.overdue_share >= 0.05

),

-- one customer's own rise, of all who are in the industry
single as (

    select
        industry,
        day,
        max(rise_amount) as largest_rise
    from (
        select
            risen.industry,
            risen.day,
            member.party_id,
            sum(
                case when owed.effective_to > risen.day and owed.effective_from <= risen.day
                    then owed.net_overdue_30 else 0 end
                - case when owed.effective_to > risen.day_before
                    and owed.effective_from <= risen.day_before then owed.net_overdue_30 else 0 end
            ) as rise_amount
        from risen
        inner join member
            on risen.industry = member.industry
        inner join {{ ref('int_warning__owed') }} as owed
            on
                member.party_id = owed.party_id
                and owed.effective_from <= risen.day
                and owed.effective_to > risen.day_before
        group by risen.industry, risen.day, member.party_id
    ) as own
    group by industry, day

),

final as (

    select
        member.party_id,
        risen.day as effective_from,
        {{ add_days('risen.day', 7) }} as effective_to,
        risen.industry,
        risen.rise as industry_overdue_rise,
        risen.rise * 100 as industry_rise_points,
        risen.customer_count as industry_customer_count,
        {{ ratio_of('single.largest_rise', 'risen.rise_amount') }} as industry_largest_share
    from risen
    inner join single
        on risen.industry = single.industry and risen.day = single.day
    inner join member
        on risen.industry = member.industry

)

select * from final
