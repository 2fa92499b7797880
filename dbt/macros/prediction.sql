{#- Payment prediction, which is not SQL: frames out of the models int_prediction__*, frames in as source `analytics`.

    Belongs here: how a model reads what was predicted. Must not: any rule of prediction (analytics/prediction has them). -#}

{#- A table of the prediction. dbt makes it when the first model that reads it is compiled
    (orchestration/prediction_source.py); the refs keep that after the models it is made of. Each table has one reader, for
    two threads that make the same table are in each other's way. -#}
{% macro predicted(name) -%}
    {%- for input in ['item', 'settlement', 'moment', 'closed_day', 'stale_day'] -%}
    {%- set _ = ref('int_prediction__' ~ input) -%}
    {%- endfor -%}
    {{ source('analytics', name) }}
{%- endmacro %}

{#- Which items a customer pays by their due date: what it was billed. Refunds and credits are settled otherwise. -#}
{% macro is_predicted_kind(column) -%}
    {{ column }} in ('invoice', 'debit_note', 'opening_balance', 'interest', 'unbilled')
{%- endmacro %}
