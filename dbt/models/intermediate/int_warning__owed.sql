{{ config(materialized='table') }}

{#- What each party owed and owed late, as known on the day, beside its overdue rate 30 days before.
    -#}
{%- set ages = [0, 7, 15, 30, 45, 60, 90] -%}
{%- set columns = ['gross_receivable', 'overdue_rate', 'oldest_due_date'] -%}
with

measured as (

    select
        party_id,
        effective_from,
        effective_to,
        {% for days in ages -%}
        net_overdue_{{ days }}_reporting as net_overdue_{{ days }},
        {% endfor -%}
        gross_receivable_reporting as gross_receivable,
        overdue_rate,
        oldest_due_date
    from {{ ref('int_risk__measured_then') }}

),

with_past as (

    {{ with_values_before(
        'measured', ['party_id'],
        ['net_overdue_0', 'net_overdue_7', 'net_overdue_15', 'net_overdue_30', 'net_overdue_45',
            'net_overdue_60', 'net_overdue_90'] + columns,
        {'_30_days_before': 30}
    ) }}

),

final as (

    select
        party_id,
        effective_from,
        effective_to,
        {% for days in ages -%}
        net_overdue_{{ days }},
        {% endfor -%}
        gross_receivable,
        overdue_rate,
        overdue_rate_30_days_before,
        overdue_rate - overdue_rate_30_days_before as overdue_rate_rise,
        {{ ratio_of('net_overdue_30', 'gross_receivable') }} as overdue_30_share,
        oldest_due_date
    from with_past

)

select * from final
