{#- Limitation regimes in force, in the order in which they are tried: the shipped seed, or the
    company's own table of the same shape. -#}
with

typed as (

    select
        {% for column, data_type in [
            ('order_no', 'int'), ('is_international', 'boolean'), ('is_goods', 'boolean'),
            ('years', 'int'), ('is_from_last_instalment', 'boolean'),
            ('demand_restarts', 'boolean'), ('acknowledgement_restarts', 'boolean'),
            ('suit_restarts', 'boolean'), ('is_provisional', 'boolean')
        ] -%}
        cast(nullif(cast({{ column }} as {{ dbt.type_string() }}), '') as {{ data_type }})
            as {{ column }},
        {% endfor -%}
        ' ' || nullif(governing_laws, '') || ' ' as governing_laws,
        regime,
        starts_at,
        {{ policy_approval() }}
    from {{ policy_table('policy_limitation_regime') }}

),

final as (

    select *
    from typed
    where {{ is_in_force() }}

)

select * from final
