{{ config(materialized='table') }}

{#- What each party was billed in the last 90 days (policy section 1), beside the same 90 days a
    year before, or the 90 days before where it has no year of history. As believed now, at the rate
    of the day of the document. -#}
with

item as (

    select * from {{ ref('int_billing__valued') }}

),

change as (

    {% for sign, day in [('', 'document_date'), ('-', add_days('document_date', 90))] -%}
    select
        party_id,
        {{ day }} as day,
        {{ sign }}amount as billed_90
    from item
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

measured as (

    {{ running_sums('change', ['party_id'], ['billed_90']) }}

),

with_past as (

    {{ with_values_before(
        'measured', ['party_id'], ['billed_90'], {'_90_days_before': 90, '_year_before': 365}
    ) }}

),

first_billed as (

    select
        party_id,
        min(document_date) as first_billed_on
    from item
    group by party_id

),

judged as (

    select
        with_past.party_id,
        with_past.effective_from,
        with_past.effective_to,
        cast(with_past.billed_90 as decimal(18, 2)) as billed_90,
        cast(
            case
                -- 90 days a year before are whole only after 455 days
                when with_past.effective_from >= {{ add_days('first_billed.first_billed_on', 455) }}
                    then coalesce(with_past.billed_90_year_before, 0)
                else coalesce(with_past.billed_90_90_days_before, 0)
            end as decimal(18, 2)
        ) as billed_90_before
    from with_past
    inner join first_billed
        on with_past.party_id = first_billed.party_id

),

final as (

    select
        *,
        {{ ratio_of('billed_90', 'billed_90_before') }} - 1 as billed_growth
    from judged

)

select * from final
