{#- Points of the scorecard in force: bands of a component in the order in which they are tried.
    What a band does not name it does not ask for. -#}
with

typed as (

    select
        component,
        cast(band_no as int) as band_no,
        {{ policy_text('state') }} as state,
        {% for column in ['at_least', 'at_most', 'below'] -%}
        cast({{ policy_text(column) }} as decimal(18, 6)) as {{ column }},
        {% endfor -%}
        cast({{ policy_text('count_at_least') }} as int) as count_at_least,
        cast(points as decimal(9, 6)) as points,
        {{ policy_approval() }}
    from {{ policy_table('policy_score_band') }}

),

final as (

    select *
    from typed
    where {{ is_in_force() }}

)

select * from final
