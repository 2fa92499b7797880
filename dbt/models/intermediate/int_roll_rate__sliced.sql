{{ config(materialized='table', sliced=true) }}

{#- What became of the amounts that were open on the first day of every pair by its last day, item
    by item, summed per slice of the customers, company, segment, currency and bucket (policy
    section 6, accounting E1, E6, E11; DECISIONS 30), for each day on which the provision is worked
    out. What was set off is taken out of the amount when the rate is struck. Pairs whose items are
    kept are sums of int_roll_rate__item, the others are followed here. -#}
{%- set parts = outcome_parts() -%}
{%- set columns = [
    'months_back', 'company_code', 'segment', 'currency', 'variant', 'pair_no', 'start_day', 'end_day',
    'bucket', 'bucket_no', 'is_youngest', 'amount_document',
] + parts -%}
with

followed as (

    {{ roll_rate_followed('not ' ~ has_roll_rate_items()) }}

),

every_pair as (

    select {{ columns | join(', ') }}
    from followed
    union all
    select {{ qualified('item', columns) }}
    from {{ ref('int_roll_rate__item') }} as item
    inner join {{ ref('int_customer__sliced') }} as sliced
        on
            item.company_code = sliced.company_code
            and item.customer_id = sliced.customer_id
            and sliced.slice_no = {{ slice_no() }}

),

final as (

    select
        months_back,
        company_code,
        segment,
        currency,
        variant,
        pair_no,
        start_day,
        end_day,
        bucket,
        bucket_no,
        cast(sum(amount_document) as decimal(18, 2)) as amount_document,
        {% for part in parts -%}
        cast(sum({{ part }}) as decimal(18, 2)) as {{ part }}_document,
        {% endfor -%}
        cast(count(*) as bigint) as observation_count,
        -- every item falls due in one step, and is young at the beginning of one year
        cast(
            sum(
                case
                    when not is_youngest then 0
                    when variant = 'monthly_30' or pair_no % 12 = 1 then 1
                    else 0
                end
            ) as bigint
        ) as item_count
    from every_pair
    group by
        months_back, company_code, segment, currency, variant, pair_no, start_day, end_day, bucket,
        bucket_no

)

select * from final
