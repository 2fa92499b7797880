{{ config(materialized='table') }}

{#- Exposure of each party as known on the day, what of it no insurance covers, and its exposure 90
    days before. Each amount at the closing rate of the day on which it came to stand; without a
    rate it counts 0. Credits of one customer of a company do not lower what another owes. Insured
    limits are as believed now, at the rate of the as-of date. -#}
with

customer as (

    select
        company_code,
        customer_id,
        party_id
    from {{ ref('dim_customer') }}
    where not is_intragroup

),

exposed as (

    select *
    from {{ ref('fct_open_item_balance') }}
    where
        {{ is_in_exposure('receivable_class') }}
        and effective_from <= {{ as_of() }}
        and open_amount_document <> 0

),

position as (

    {{ believed('then', 'exposed', [
        'company_code', 'customer_id', 'currency', 'open_amount_document'
    ]) }}

),

valued as (

    select
        position.company_code,
        position.customer_id,
        position.day_from,
        position.day_to,
        coalesce(
            {{ money_times_rate('position.open_amount_document', 'rate.rate_to_reporting') }}, 0
        ) as amount
    from position
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            position.company_code = rate.company_code
            and position.currency = rate.currency
            and position.day_from = rate.day
    where position.day_from <= {{ as_of() }}

),

change as (

    {% for sign, day in [('', 'day_from'), ('-', 'day_to')] -%}
    select
        company_code,
        customer_id,
        {{ day }} as day,
        {{ sign }}amount as amount
    from valued
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

owed as (

    {{ running_sums('change', ['company_code', 'customer_id'], ['amount']) }}

),

cover as (

    {{ current_version('insurance_cover') }}

),

insured as (

    select
        cover.company_code,
        cover.customer_id,
        cover.valid_from,
        coalesce({{ add_days('cover.valid_to', 1) }}, {{ end_of_days() }}) as ended_on,
        coalesce({{ money_times_rate('cover.limit', 'rate.rate_to_reporting') }}, 0)
            as insured_limit,
        coalesce(
            {{ money_times_rate('cover.limit', 'rate.rate_to_reporting * cover.share') }}, 0
        ) as insured_amount
    from cover
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            cover.company_code = rate.company_code
            and cover.currency = rate.currency
            and rate.day = {{ as_of() }}

),

party_change as (

    select
        customer.party_id,
        owed.effective_from as day,
        greatest(owed.amount, 0) - coalesce(
            lag(greatest(owed.amount, 0)) over (
                partition by owed.company_code, owed.customer_id order by owed.effective_from
            ),
            0
        ) as exposure,
        0 as insured_limit,
        0 as insured_amount
    from owed
    inner join customer
        on owed.company_code = customer.company_code and owed.customer_id = customer.customer_id
    {% for sign, day in [('', 'valid_from'), ('-', 'ended_on')] -%}
    union all
    select
        customer.party_id,
        insured.{{ day }} as day,
        0 as exposure,
        {{ sign }}insured.insured_limit as insured_limit,
        {{ sign }}insured.insured_amount as insured_amount
    from insured
    inner join customer
        on
            insured.company_code = customer.company_code
            and insured.customer_id = customer.customer_id
    {% endfor %}

),

running as (

    {{ running_sums('party_change', ['party_id'], [
        'exposure', 'insured_limit', 'insured_amount'
    ]) }}

),

measured as (

    select
        party_id,
        effective_from,
        effective_to,
        cast(exposure as decimal(18, 2)) as exposure,
        cast(exposure - case
            when insured_limit > exposure
                then {{ money_share('insured_amount', 'exposure', 'insured_limit') }}
            else insured_amount
        end as decimal(18, 2)) as uncovered_exposure
    from running

),

with_past as (

    {{ with_values_before(
        'measured', ['party_id'], ['exposure', 'uncovered_exposure'], {'_90_days_before': 90}
    ) }}

),

final as (

    select
        party_id,
        effective_from,
        effective_to,
        exposure,
        uncovered_exposure,
        exposure_90_days_before,
        {{ ratio_of('exposure', 'exposure_90_days_before') }} - 1 as exposure_growth
    from with_past

)

select * from final
