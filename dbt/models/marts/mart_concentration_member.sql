with

ranked as (

    select *
    from {{ ref('int_concentration__ranked') }}
    where period_end = {{ as_of() }} and rank_no <= 20

),

head as (

    select
        node.customer_key,
        node.customer_id,
        coalesce(customer.name, node.customer_id) as name
    from {{ ref('int_customer__grouped') }} as node
    left join {{ ref('dim_customer') }} as customer
        on node.company_code = customer.company_code and node.customer_id = customer.customer_id

),

final as (

    select
        cast(ranked.period_end as date) as as_of_date,
        cast(ranked.dimension as {{ dbt.type_string() }}) as dimension,
        cast(ranked.dimension_value as {{ dbt.type_string() }}) as dimension_value,
        cast(ranked.rank_no as int) as rank_no,
        cast(ranked.group_id as {{ dbt.type_string() }}) as group_id,
        cast(head.name as {{ dbt.type_string() }}) as name,
        cast(ranked.member_count as int) as member_count,
        cast('{{ var("reporting_currency") }}' as {{ dbt.type_string() }}) as currency,
        cast(ranked.exposure as decimal(18, 2)) as exposure_reporting,
        cast(ranked.total_exposure as decimal(18, 2)) as total_exposure_reporting,
        cast({{ ratio_of('ranked.exposure', 'ranked.total_exposure') }} as decimal(28, 6))
            as exposure_rate,
        cast({{ ratio_of(
            'sum(ranked.exposure) over (
                partition by ranked.dimension, ranked.dimension_value
                order by ranked.rank_no
                rows between unbounded preceding and current row
            )', 'ranked.total_exposure'
        ) }} as decimal(28, 6)) as cumulative_rate,
        cast(ranked.insured_cover as decimal(18, 2)) as insured_cover_reporting
    from ranked
    inner join head
        on ranked.group_id = head.customer_key

)

select * from final
order by dimension, dimension_value, rank_no
