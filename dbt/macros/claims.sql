{#- A rule of law holds for a claim: it names the law that governs it, or none. -#}
{% macro is_law_of(regime, claim) -%}
    (
        {{ regime }}.governing_laws is null
        or position(' ' || {{ claim }}.governing_law || ' ' in {{ regime }}.governing_laws) > 0
    )
{%- endmacro %}

{#- The contract that each document names, as the document stands now: company_code, document_id, contract_id. Without
    documents of no contract, which are most, in some companies all: what joins to it takes '' for those. -#}
{% macro contracted_documents() %}
select
    company_code,
    document_id,
    contract_id
from (
    {{ current_version('document') }}
) as document
where contract_id is not null
{% endmacro %}
