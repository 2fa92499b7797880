{{ config(
    meta={'gate': 'conflicting_version'}, severity=gate_severity('conflicting_version')
) }}
-- depends_on: {{ ref('stg_landing__document') }} (a check belongs to an asset; sources have none here)
-- The same key at the same moment with other content: which of the two was true?
{% for entity, key in [
    ('document', ['company_code', 'document_id']),
    ('instalment', ['company_code', 'document_id', 'instalment_no']),
    ('receipt', ['company_code', 'receipt_id']),
    ('allocation', ['company_code', 'allocation_id']),
    ('customer', ['company_code', 'customer_id']),
    ('payment_term', ['company_code', 'payment_terms', 'line_id']),
    ('fx_rate', ['rate_date', 'from_currency', 'to_currency', 'rate_type', '_source']),
    ('gl_balance', ['company_code', 'account', 'balance_date', 'currency']),
] -%}
select
    '{{ entity }}' as entity,
    {% for column in key %}cast({{ column }}
        as {{ dbt.type_string() }}){{ " || '|' || " if not loop.last }}{% endfor %} as record_id,
    _known_at,
    count(*) as version_count
from {{ source('landing', entity) }}
group by {{ key | join(', ') }}, _known_at
having count(distinct coalesce(_row_hash, 'deleted')) > 1
{{ 'union all' if not loop.last }}
{% endfor %}
