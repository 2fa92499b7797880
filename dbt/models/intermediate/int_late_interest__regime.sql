{#- Rules of late interest in force, in the order in which they are tried: the shipped seed, or the
    company's own table of the same shape. -#}
with

typed as (

    select
        {% for column, data_type in [
            ('order_no', 'int'), ('needs_agreed_rate', 'boolean'),
            ('rate_per_day', 'decimal(18, 9)'), ('multiplier', 'decimal(18, 9)'),
            ('added_rate', 'decimal(18, 9)'), ('is_fixed_at_breach', 'boolean'),
            ('flat_amount', 'decimal(18, 2)'), ('challengeable_above', 'decimal(18, 9)')
        ] -%}
        cast(nullif(cast({{ column }} as {{ dbt.type_string() }}), '') as {{ data_type }})
            as {{ column }},
        {% endfor -%}
        {% for column in ['creditor', 'debtor', 'reference', 'flat_currency', 'least_reference'] -%}
        nullif({{ column }}, '') as {{ column }},
        {% endfor -%}
        ' ' || nullif(governing_laws, '') || ' ' as governing_laws,
        regime,
        rate_basis,
        {{ policy_approval() }}
    from {{ policy_table('policy_late_interest_regime') }}

),

final as (

    select *
    from typed
    where {{ is_in_force() }}

)

select * from final
