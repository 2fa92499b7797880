with

final as (

    select
        cast(episode_id as {{ dbt.type_string() }}) as episode_id,
        cast(moment as {{ dbt.type_string() }}) as moment,
        cast(day as date) as day,
        cast(name as {{ dbt.type_string() }}) as name,
        cast(unit as {{ dbt.type_string() }}) as unit,
        cast(value_number as decimal(28, 6)) as value_number,
        cast(value_date as date) as value_date,
        cast(value_text as {{ dbt.type_string() }}) as value_text,
        {% for clause in ['open', 'warning', 'severe', 'close'] -%}
        cast({{ clause }}_comparison as {{ dbt.type_string() }}) as {{ clause }}_comparison,
        cast({{ clause }}_threshold as decimal(28, 6))
            as {{ clause }}_threshold{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_warning__valued') }}

)

select * from final
