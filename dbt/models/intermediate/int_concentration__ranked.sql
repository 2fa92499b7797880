{{ config(materialized='table') }}

{#- Exposure of every group of customers at each period end, ranked among those of the reporting
    group and of each company. Intragroup customers and those with credits only have no share
    (accounting C13). Groups are those of today. -#}
with

customer as (

    select
        struck.period_end,
        struck.company_code,
        node.group_id,
        node.is_intragroup,
        struck.exposure,
        struck.insured_cover,
        struck.unconverted_count
    from {{ ref('int_exposure__struck') }} as struck
    inner join {{ ref('int_customer__grouped') }} as node
        on
            struck.company_code = node.company_code
            and struck.customer_id = node.customer_id
),

grouped as (

    {% for dimension, value in [('group', "'*'"), ('company', 'company_code')] -%}
    select
        '{{ dimension }}' as dimension,
        {{ value }} as dimension_value,
        period_end,
        group_id,
        is_intragroup,
        cast(sum(exposure) as decimal(18, 2)) as exposure,
        cast(sum(insured_cover) as decimal(18, 2)) as insured_cover,
        count(*) as member_count,
        sum(unconverted_count) as unconverted_count
    from customer
    group by period_end, {{ value ~ ', ' if dimension == 'company' }}group_id, is_intragroup
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

flagged as (

    select
        *,
        exposure > 0 and not is_intragroup as is_ranked
    from grouped

),

final as (

    select
        *,
        case when is_ranked then row_number() over (
            partition by dimension, dimension_value, period_end, is_ranked
            order by exposure desc, group_id
        ) end as rank_no,
        cast(sum(case when is_ranked then exposure else 0 end) over (
            partition by dimension, dimension_value, period_end
        ) as decimal(28, 2)) as total_exposure
    from flagged

)

select * from final
