{{ config(materialized='table') }}

{#- The rule of each term in a system's own master, or the question why it has none (DECISIONS 22).
    Grain: company, term and knowledge interval in which the master has lines of it. -#}
{%- set steps = ['days_before', 'cutoff_day', 'months_after', 'day_of_month', 'days_after'] -%}
{#- the grammar of payment terms has the same bounds (ingest/terms.py) -#}
{%- set longest = {'days_before': 3650, 'months_after': 120, 'days_after': 3650} -%}
with

delivered as (

    select *
    from {{ ref('stg_landing__payment_term') }}
    where not is_deleted

),

reading as (

    select *
    from {{ source('landing', 'terms_reading') }}

),

-- -1 and the empty text stand for what is missing: aggregates leave NULL out
line as (

    select
        delivered.company_code,
        delivered.payment_terms,
        delivered.line_id,
        coalesce(reading.basis, delivered.basis, '') as basis,
        {% for step in steps -%}
        coalesce(
            case when delivered.terms_text is null then delivered.{{ step }}
                else reading.{{ step }} end,
            {{ 0 if step in longest else -1 }}
        ) as {{ step }},
        {% endfor -%}
        coalesce(delivered.day_limit, 31) as day_limit,
        delivered.share,
        case
            when delivered.question is not null then delivered.question
            when delivered.terms_text is not null and not coalesce(reading.is_readable, false)
                then 'its words are not readable: ' || delivered.terms_text
            when
                delivered.terms_text is null
                {% for step in steps -%}
                and delivered.{{ step }} is null
                {% endfor -%}
                then 'it says neither days nor months'
            when
                {% for step in steps -%}
                {% if step in longest -%}
                coalesce(delivered.{{ step }}, 0) not between 0 and {{ longest[step] }}
                {% else -%}
                coalesce(delivered.{{ step }}, 1) not between 1 and 31
                {% endif -%}
                or {% endfor -%}
                coalesce(delivered.day_limit, 1) not between 1 and 31
                then 'one of its numbers is no number of days, months or a day of a month'
        end as question,
        delivered.known_from,
        delivered.known_to,
        delivered._load_id,
        delivered._row
    from delivered
    left join reading
        on delivered.terms_text = reading.terms_text

),

epoch as (

    {{ knowledge_epochs(['company_code', 'payment_terms'], ['line']) }}

),

gathered as (

    select
        epoch.company_code,
        epoch.payment_terms,
        epoch.known_from,
        epoch.known_to,
        count(*) as line_count,
        min(line.question) as question,
        min(line.day_limit) as first_limit,
        max(line.day_limit) as last_limit,
        count(line.share) as share_count,
        sum(line.share) as share_sum,
        min_by(line.months_after, line.day_limit) as first_months,
        max_by(line.months_after, line.day_limit) as last_months,
        {% for column in ['basis'] + steps -%}
        min(line.{{ column }}) as {{ column }},
        min(line.{{ column }}) = max(line.{{ column }}) as is_one_{{ column }},
        {% endfor -%}
        min_by(line._load_id, line.line_id) as _load_id,
        min_by(line._row, line.line_id) as _row
    from epoch
    inner join line
        on
            epoch.company_code = line.company_code
            and epoch.payment_terms = line.payment_terms
            and line.known_from <= epoch.known_from
            and line.known_to > epoch.known_from
    group by epoch.company_code, epoch.payment_terms, epoch.known_from, epoch.known_to

),

judged as (

    select
        *,
        {% for column in ['basis'] + steps -%}
        is_one_{{ column }}
        {{ 'and ' if not loop.last }}
        {%- endfor %} as is_one_rule,
        -- up to some day of the month one day, after it the same day a month later
        (
            line_count = 2
            and first_limit < last_limit
            and last_months = first_months + 1
            and day_of_month > 0
            and days_before = 0
            and cutoff_day = -1
            {% for column in ['basis'] + steps if column != 'months_after' -%}
            and is_one_{{ column }}
            {% endfor -%}
        ) as is_cutoff
    from gathered

),

asked as (

    select
        company_code,
        payment_terms,
        case
            when question is not null then question
            when share_count = line_count and share_sum < 0.99
                then 'its parts do not add up to the whole'
            when last_limit < 31 then 'no line is for the last days of a month'
            when is_one_rule or is_cutoff then null
            when first_limit < 31 then 'its day limits are not one cut-off day'
            else 'its parts are due on different days'
        end as question,
        is_cutoff and not is_one_rule as is_cutoff,
        first_limit,
        first_months,
        {% for column in ['basis'] + steps -%}
        {{ column }},
        {% endfor -%}
        known_from,
        known_to,
        _load_id,
        _row
    from judged

),

ruled as (

    select
        company_code,
        payment_terms,
        question,
        case when question is null then nullif(basis, '') end as basis,
        case when question is null then days_before end as days_before,
        case when question is null then
            case when is_cutoff then first_limit else nullif(cutoff_day, -1) end
        end as cutoff_day,
        case when question is null then
            case when is_cutoff then first_months else months_after end
        end as months_after,
        case when question is null then nullif(day_of_month, -1) end as day_of_month,
        case when question is null then days_after end as days_after,
        known_from,
        known_to,
        _load_id,
        _row
    from asked

),

final as (

    {{ merge_neighbours(
        'ruled', ['company_code', 'payment_terms', 'question', 'basis'] + steps,
        carried=['_load_id', '_row']
    ) }}

)

select * from final
