{{ config(materialized='table') }}

{#- Exposure of each customer of a company at each period end, and what it is made of, in the
    reporting currency at the closing rate of that day, item by item as mart_aging has it (policy
    section 1). `exposure_at_previous_rate` values the same amounts at the rate of the period end
    before. Cover is in layers: what one policy insures of the exposure, the next does not. -#}
{%- set is_debit = "receivable_class = 'trade' and amount > 0" -%}
{%- set is_credit = "receivable_class = 'trade' and amount < 0" -%}
{%- set measures = {
    'trade_debit': (is_debit, ''),
    'overdue': (is_debit ~ ' and is_overdue', ''),
    'unbilled': ("receivable_class = 'unbilled'", ''),
    'bill_held': ("receivable_class = 'bill'", ''),
    'bill_transferred': ("receivable_class = 'bill_transferred'", ''),
    'unapplied_cash': (is_credit ~ " and item_kind = 'receipt'", '-'),
    'open_credit': (is_credit ~ " and item_kind <> 'receipt'", '-'),
    'contract_asset': ("receivable_class = 'contract_asset'", ''),
    'late_interest': ("receivable_class = 'late_interest'", '')
} -%}
with

month as (

    select
        period_end as day,
        lag(period_end) over (order by period_end) as previous_day
    from {{ ref('int_kpi__month') }}

),

rate as (

    select * from {{ ref('int_fx_rate__closing') }}

),

item as (

    select
        balance.company_code,
        balance.customer_id,
        balance.receivable_class,
        balance.item_kind,
        month.day,
        balance.due_date < month.day as is_overdue,
        {{ money_times_rate('balance.open_amount_document', 'rate.rate_to_reporting') }} as amount,
        {{ money_times_rate('balance.open_amount_document', 'previous_rate.rate_to_reporting') }}
            as amount_at_previous_rate
    from {{ ref('int_kpi__open') }} as balance
    inner join month
        on balance.day = month.day
    left join rate
        on
            balance.company_code = rate.company_code
            and balance.currency = rate.currency
            and month.day = rate.day
    left join rate as previous_rate
        on
            balance.company_code = previous_rate.company_code
            and balance.currency = previous_rate.currency
            and month.previous_day = previous_rate.day

),

summed as (

    select
        company_code,
        customer_id,
        day,
        {% for measure, (condition, sign) in measures.items() -%}
        cast(sum(case when {{ condition }} then {{ sign }}amount else 0 end) as decimal(18, 2))
            as {{ measure }},
        {% endfor -%}
        cast(sum(
            case when {{ is_in_exposure('receivable_class') }} then amount_at_previous_rate end
        ) as decimal(18, 2)) as amount_at_previous_rate,
        cast(sum(case
            when {{ is_in_exposure('receivable_class') }} and amount_at_previous_rate is null
                then 1
            else 0
        end) as bigint) as unconverted_at_previous_rate_count,
        cast(sum(case when amount is null then 1 else 0 end) as bigint) as unconverted_count
    from item
    group by company_code, customer_id, day

),

netted as (

    select
        *,
        trade_debit + unbilled + bill_held + bill_transferred - unapplied_cash - open_credit
            as net_amount
    from summed

),

exposed as (

    select
        *,
        cast(greatest(net_amount, 0) as decimal(18, 2)) as exposure,
        -- what credits are larger than all they could be set against
        cast(greatest(-net_amount, 0) as decimal(18, 2)) as credit_surplus,
        cast(case when unconverted_at_previous_rate_count = 0
            then greatest(coalesce(amount_at_previous_rate, 0), 0) end as decimal(18, 2))
            as exposure_at_previous_rate
    from netted

),

layer as (

    select
        exposed.company_code,
        exposed.customer_id,
        exposed.day,
        exposed.exposure,
        layer.share,
        layer.limit_reporting,
        layer.limit_before
    from exposed
    inner join {{ ref('int_insurance_cover__layered') }} as layer
        on
            exposed.company_code = layer.company_code
            and exposed.customer_id = layer.customer_id
            and exposed.day = layer.day

),

covered as (

    select
        company_code,
        customer_id,
        day,
        cast(sum({{ money_times_rate(
            'least(limit_reporting, greatest(exposure - limit_before, 0))', 'share'
        ) }}) as decimal(18, 2)) as insured_cover
    from layer
    group by company_code, customer_id, day

),

final as (

    select
        exposed.company_code,
        exposed.customer_id,
        exposed.day as period_end,
        {% for measure in measures -%}
        exposed.{{ measure }},
        {% endfor -%}
        exposed.credit_surplus,
        exposed.exposure,
        exposed.exposure_at_previous_rate,
        coalesce(covered.insured_cover, cast(0 as decimal(18, 2))) as insured_cover,
        exposed.unconverted_count
    from exposed
    left join covered
        on
            exposed.company_code = covered.company_code
            and exposed.customer_id = covered.customer_id
            and exposed.day = covered.day

)

select * from final
