{#- Which gates were in force. The outcome columns are filled when the gates have run, just before
    publication. -#}
with

gate as (

    {% for gate, severity in var('gates', {}).items() -%}
    select '{{ gate }}' as gate, '{{ severity }}' as severity
    {{ 'union all' if not loop.last }}
    {% else -%}
    select cast(null as {{ dbt.type_string() }}) as gate,
        cast(null as {{ dbt.type_string() }}) as severity
    where false
    {% endfor %}

),

final as (

    select
        cast('{{ var("release_id") }}' as {{ dbt.type_string() }}) as release_id,
        cast(gate as {{ dbt.type_string() }}) as gate,
        cast(severity as {{ dbt.type_string() }}) as severity,
        cast(null as {{ dbt.type_string() }}) as default_severity,
        cast(null as boolean) as is_lowered,
        cast(null as {{ dbt.type_string() }}) as status,
        cast(null as bigint) as failing_row_count
    from gate

)

select * from final
