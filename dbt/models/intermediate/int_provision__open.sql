{{ config(materialized='table') }}

{#- Items open on each day on which the provision is worked out, as known now, with their buckets.
    Those of the as-of date are the ones of all current marts. -#}
{%- set schemes = ['standard', 'cas_annual', 'monthly_30'] -%}
{%- set named = "'" ~ schemes | join("', '") ~ "'" -%}
{%- set columns = ['day', 'open_item_id', 'company_code', 'customer_id', 'item_kind',
    'receivable_class', 'document_id', 'instalment_no', 'currency', 'document_date', 'due_date',
    'original_due_date', 'is_age_unknown', 'is_unconverted', 'effective_to',
    'open_amount_document', 'open_amount_functional', 'open_amount_reporting',
    'disputed_amount_document', 'rate_to_reporting', 'days_past_due'] -%}
with

vantage as (

    select * from {{ ref('int_provision__vantage') }}

),

earlier as (

    select *
    from vantage
    where months_back > 0

),

bucket as (

    select * from {{ ref('int_aging_bucket') }}

),

balance as (

    select
        balance.*,
        earlier.day
    from {{ ref('fct_open_item_balance') }} as balance
    inner join earlier
        on balance.effective_from <= earlier.day and balance.effective_to > earlier.day
    where balance.known_to = {{ end_of_time() }}

),

dispute as (

    {{ disputes_open_on('earlier') }}

),

disputed as (

    {{ with_disputed_amount('balance', 'dispute') }}

),

item as (

    select
        disputed.*,
        rate.rate_to_reporting,
        {{ money_times_rate('disputed.open_amount_document', 'rate.rate_to_reporting') }}
            as open_amount_reporting,
        {{ days_between('disputed.due_date', 'disputed.day') }} as days_past_due
    from disputed
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            disputed.company_code = rate.company_code
            and disputed.currency = rate.currency
            and disputed.day = rate.day

),

item_bucket as (

    {{ bucketed('item', 'bucket', schemes) }}

),

bucketed as (

    select
        open_item_id,
        day,
        scheme,
        bucket
    from item_bucket
    union all
    select
        open_item_id,
        {{ as_of() }} as day,
        scheme,
        bucket
    from {{ ref('int_open_item__bucketed') }}
    where scheme in ({{ named }})

),

bucket_of_item as (

    select
        open_item_id,
        day,
        {% for scheme in schemes -%}
        max(case when scheme = '{{ scheme }}' then bucket end)
            as bucket_{{ scheme }}{{ ',' if not loop.last }}
        {% endfor %}
    from bucketed
    group by open_item_id, day

),

every as (

    select
        {{ columns | join(', ') }}
    from {{ ref('int_open_item__current') }}
    union all
    select
        {{ columns | join(', ') }}
    from item

),

final as (

    select
        vantage.months_back,
        every.*,
        {{ is_credit_item('every') }} as is_credit,
        {% for scheme in schemes -%}
        bucket_of_item.bucket_{{ scheme }}{{ ',' if not loop.last }}
        {% endfor %}
    from every
    inner join vantage
        on every.day = vantage.day
    inner join bucket_of_item
        on every.open_item_id = bucket_of_item.open_item_id and every.day = bucket_of_item.day

)

select * from final
