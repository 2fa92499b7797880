{{ config(materialized='table') }}

{#- What happened in each month, in the reporting currency at the closing rate of its day, per
    dimensions: sales, cash, what was settled of items due, write-offs by month of billing. -#}
{%- set attributes = kpi_attributes() -%}
{%- set measures = kpi_flows() -%}
with

item as (

    -- a retention is billed into another class, whatever it has become since
    select
        *,
        is_debit and receivable_class = 'trade' and not is_retention as is_billed
    from {{ ref('int_kpi__item') }}

),

month as (

    select * from {{ ref('int_kpi__month') }}

),

-- An item is billed, or received, on the day it opens and taken back on the day it is void.
booked as (

    select
        open_item_id,
        opened_on as day,
        1 as sign
    from item
    union all
    select
        open_item_id,
        voided_on as day,
        -1 as sign
    from item
    where voided_on is not null

),

line as (

    select
        booked.day,
        item.posting_month,
        {{ qualified('item', attributes) }},
        item.currency,
        booked.sign * case when item.is_credit_sale then item.amount_document else 0 end as sales,
        booked.sign * case when item.is_credit_sale then item.tax_amount_document else 0 end
            as sales_tax,
        booked.sign * case
            when item.is_billed then item.amount_document
            else 0
        end as billed,
        booked.sign * case
            when item.is_billed
                and coalesce(due.due_date, item.due_date) < month.period_end
                then item.amount_document
            else 0
        end as billed_due,
        booked.sign * case when item.item_kind = 'receipt' and not item.is_bill_receipt
            then -item.amount_document else 0 end
            as cash,
        0 as cash_on_due,
        0 as write_off,
        0 as recovery
    from booked
    inner join item
        on booked.open_item_id = item.open_item_id
    inner join month
        on {{ month_start('booked.day') }} = month.month_start
    left join {{ ref('int_kpi__due') }} as due
        on
            booked.open_item_id = due.open_item_id
            and month.period_end >= due.effective_from
            and month.period_end < due.effective_to
    where booked.day <= {{ as_of() }}
    union all
    select
        leg.applied_on as day,
        item.posting_month,
        {{ qualified('item', attributes) }},
        item.currency,
        0, 0, 0, 0,
        case when leg.means = 'recovered' then -leg.amount_document else 0 end as cash,
        case when leg.means in ('paid', 'settlement') and leg.due_date < month.period_end
            then leg.amount_document else 0 end as cash_on_due,
        case when leg.means = 'write_off' then leg.amount_document else 0 end as write_off,
        case when leg.means = 'write_off_recovery' then -leg.amount_document else 0 end as recovery
    from {{ ref('int_kpi__leg') }} as leg
    inner join item
        on leg.open_item_id = item.open_item_id
    inner join month
        on {{ month_start('leg.applied_on') }} = month.month_start
    union all
    -- a bill is cash on the day we are paid for it, not on that of its receipt
    select
        movement.effective_date as day,
        item.posting_month,
        {{ qualified('item', attributes) }},
        item.currency,
        0, 0, 0, 0,
        -movement.amount_document as cash,
        0, 0, 0
    from {{ ref('fct_receivable_movement') }} as movement
    inner join item
        on movement.open_item_id = item.open_item_id
    where
        movement.known_to = {{ end_of_time() }}
        and movement.effective_date <= {{ as_of() }}
        and movement.movement_kind = 'bill_honoured'
        and movement.receivable_class = 'bill'

),

daily as (

    select
        day,
        posting_month,
        {{ attributes | join(', ') }},
        currency
        {%- for measure in measures %},
        cast(sum({{ measure }}) as decimal(18, 2)) as {{ measure }}
        {%- endfor %}
    from line
    group by day, posting_month, {{ attributes | join(', ') }}, currency

),

final as (

    select
        {{ month_start('daily.day') }} as month_start,
        daily.posting_month,
        {{ qualified('daily', attributes) }}
        {%- for measure in measures %},
        cast(coalesce(sum({{ money_times_rate('daily.' ~ measure, 'rate.rate_to_reporting') }}), 0)
            as decimal(18, 2)) as {{ measure }}
        {%- endfor %},
        cast(sum(case when rate.rate_to_reporting is null then 1 else 0 end) as bigint)
            as unconverted_count
    from daily
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            daily.company_code = rate.company_code
            and daily.currency = rate.currency
            and daily.day = rate.day
    group by
        {{ month_start('daily.day') }}, daily.posting_month, {{ qualified('daily', attributes) }}

)

select * from final
