with

scope as (

    select
        outcome,
        count(*) as item_count,
        sum(open_amount_reporting) as open_amount_reporting
    from {{ ref('int_prediction__scope') }}
    group by outcome

),

input as (

    select * from {{ predicted('prediction_input') }}

),

line as (

    select
        'open_item' as kind,
        outcome as name,
        outcome = 'predicted' as is_used,
        item_count,
        open_amount_reporting,
        cast(null as {{ dbt.type_string() }}) as reason
    from scope
    union all
    select
        kind,
        name,
        is_used,
        item_count,
        cast(null as decimal(18, 2)) as open_amount_reporting,
        reason
    from input

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(kind as {{ dbt.type_string() }}) as kind,
        cast(name as {{ dbt.type_string() }}) as name,
        cast(is_used as boolean) as is_used,
        cast(item_count as bigint) as item_count,
        cast(open_amount_reporting as decimal(18, 2)) as open_amount_reporting,
        cast(reason as {{ dbt.type_string() }}) as reason
    from line

)

select * from final
