{#- The segments of the provision in force, in the order in which they are tried (policy section 6).
    What a rule does not name it does not ask for. -#}
with

typed as (

    select
        cast(segment_no as int) as segment_no,
        segment,
        label_zh,
        label_en,
        {% for column in ['receivable_class', 'acceptor', 'related_party', 'ownership',
            'customer_type', 'deal_nature', 'grade', 'method', 'aging', 'beside_aging',
            'presentation'] -%}
        {{ policy_text(column) }} as {{ column }},
        {% endfor -%}
        {% for column in ['is_individual', 'is_intragroup', 'is_abroad',
            'is_open_until_honoured'] -%}
        cast({{ policy_text(column) }} as boolean) as {{ column }},
        {% endfor -%}
        {% for column in ['fallback_multiple', 'fixed_rate'] -%}
        cast({{ policy_text(column) }} as decimal(9, 6)) as {{ column }},
        {% endfor -%}
        {{ policy_approval() }}
    from {{ policy_table('policy_provision_segment') }}

),

final as (

    select *
    from typed
    where {{ is_in_force() }}

)

select * from final
