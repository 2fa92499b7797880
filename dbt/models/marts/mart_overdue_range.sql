{#- Overdue as it would be if what is uncertain turned out one way or the other (DECISIONS 34). Each
    uncertainty acts on what the ones before it left. -#}
{%- set doubts = ['age_unknown', 'due_date_missing', 'due_date_from_terms'] -%}
{#- line -> its effect on what is overdue -#}
{%- set cases = {
    'best': {
        'age_unknown': '- age_unknown_overdue',
        'due_date_missing': '- due_date_missing_overdue',
        'disputed': '- disputed',
        'unapplied_cash': '- unapplied_cash_used',
        'open_credit': '- open_credit_used',
        'unidentified_cash': '- unidentified_cash_used'
    },
    'worst': {
        'age_unknown': '+ age_unknown_not_due',
        'due_date_from_terms': '+ due_date_from_terms_not_due',
        'settlement_by_absence': '+ absent'
    }
} -%}
{%- set sums = ['overdue', 'age_unknown_overdue', 'due_date_missing_overdue', 'age_unknown_not_due',
    'due_date_from_terms_not_due', 'disputed', 'absent'] -%}
with

item as (

    select
        current_item.*,
        customer.is_intragroup,
        current_item.open_amount_document > 0 and current_item.days_past_due > 0 as is_overdue,
        case
            when current_item.is_age_unknown then 'age_unknown'
            -- nothing delivered and no terms to derive it from: the document date stands in
            when item.is_due_date_missing then 'due_date_missing'
            when current_item.is_due_date_derived then 'due_date_from_terms'
        end as doubt
    from {{ ref('int_open_item__current') }} as current_item
    inner join {{ ref('fct_open_item') }} as item
        on current_item.open_item_id = item.open_item_id
    inner join {{ ref('dim_customer') }} as customer
        on
            current_item.company_code = customer.company_code
            and current_item.customer_id = customer.customer_id
    where current_item.receivable_class = 'trade'

),

-- Documents that an open-item list no longer has and that were taken as settled for it (DECISIONS
-- 18): nobody said that they were.
absent as (

    select
        item.company_code,
        item.customer_id,
        item.currency,
        customer.is_intragroup,
        -movement.amount_document as amount_document
    from {{ ref('fct_receivable_movement') }} as movement
    inner join {{ ref('fct_open_item') }} as item
        on movement.open_item_id = item.open_item_id
    inner join {{ ref('stg_landing__document') }} as document
        on
            item.company_code = document.company_code
            and item.document_id = document.document_id
            and movement._load_id = document.vanished_load_id
    inner join {{ ref('dim_customer') }} as customer
        on item.company_code = customer.company_code and item.customer_id = customer.customer_id
    where
        document.known_to = {{ end_of_time() }}
        and movement.known_to = {{ end_of_time() }}
        and movement.is_inferred
        and movement.receivable_class = 'trade'
        and movement.effective_date <= {{ as_of() }}
        and movement.amount_document < 0
        and (
            item.due_date < {{ as_of() }}
            or (
                (item.is_due_date_derived or item.is_age_unknown)
                and item.document_date < {{ as_of() }}
            )
        )

),

line as (

    select
        company_code,
        customer_id,
        currency,
        is_intragroup,
        case when is_overdue then open_amount_document else 0 end as overdue,
        {% for doubt in doubts -%}
        case when is_overdue and doubt = '{{ doubt }}' then open_amount_document else 0 end
            as {{ doubt }}_overdue,
        case
            when doubt = '{{ doubt }}' and open_amount_document > 0 and not is_overdue
                and document_date < {{ as_of() }} then open_amount_document
            else 0
        end as {{ doubt }}_not_due,
        {% endfor -%}
        -- what is taken as not due already is not taken off a second time
        case
            when is_overdue and coalesce(doubt, '') not in ('age_unknown', 'due_date_missing')
                then disputed_amount_document
            else 0
        end as disputed,
        case when open_amount_document < 0 and item_kind = 'receipt'
            then -open_amount_document else 0 end as cash,
        case when open_amount_document < 0 and item_kind <> 'receipt'
            then -open_amount_document else 0 end as credit,
        cast(0 as decimal(18, 2)) as absent
    from item
    union all
    select
        company_code,
        customer_id,
        currency,
        is_intragroup,
        0 as overdue,
        {% for doubt in doubts -%}
        0 as {{ doubt }}_overdue,
        0 as {{ doubt }}_not_due,
        {% endfor -%}
        0 as disputed,
        0 as cash,
        0 as credit,
        amount_document as absent
    from absent

),

customer as (

    select
        company_code,
        customer_id,
        currency,
        is_intragroup,
        {% for column in sums + ['cash', 'credit'] -%}
        sum({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from line
    group by company_code, customer_id, currency, is_intragroup

),

certain as (

    select
        *,
        overdue - age_unknown_overdue - due_date_missing_overdue - disputed as certain_overdue
    from customer

),

-- What a customer has over goes to its oldest overdue items first, and so to overdue before all else.
absorbed as (

    select
        *,
        least(cash, certain_overdue) as unapplied_cash_used,
        least(credit, certain_overdue - least(cash, certain_overdue)) as open_credit_used,
        case when customer_id = '(unidentified)' then cash else 0 end as unidentified_cash
    from certain

),

summed as (

    select
        company_code,
        currency,
        is_intragroup,
        {% for column in sums -%}
        sum({{ column }}) as {{ column }},
        {% endfor -%}
        sum(unapplied_cash_used) as unapplied_cash_used,
        sum(open_credit_used) as open_credit_used,
        least(
            sum(unidentified_cash), sum(certain_overdue - unapplied_cash_used - open_credit_used)
        ) as unidentified_cash_used
    from absorbed
    group by company_code, currency, is_intragroup

),

-- What is left after each line; lines are the differences, so that they add up in both currencies.
state as (

    {% for case_name, effects in cases.items() -%}
    {% for line_no in range(0, effects | length + 2) -%}
    select
        company_code,
        currency,
        is_intragroup,
        '{{ case_name }}' as case_name,
        {{ line_no }} as line_no,
        '{{ (['headline'] + effects.keys() | list + [case_name ~ '_case'])[line_no] }}' as line,
        cast(
            overdue {{ (effects.values() | list)[:line_no] | join(' ') }} as decimal(18, 2)
        ) as amount_document
    from summed
    {{ 'union all' if not loop.last }}
    {% endfor -%}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

converted as (

    select
        state.*,
        {{ money_times_rate('state.amount_document', 'rate.rate_to_reporting') }}
            as amount_reporting
    from state
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            state.company_code = rate.company_code
            and state.currency = rate.currency
            and rate.day = {{ as_of() }}

),

effect as (

    select
        company_code,
        currency,
        is_intragroup,
        case_name,
        line_no,
        line,
        {% for column in ['amount_document', 'amount_reporting'] -%}
        {{ column }} - case
            when line in ('headline', 'best_case', 'worst_case') then 0
            else lag({{ column }}) over along
        end as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from converted
    window along as (
        partition by company_code, currency, is_intragroup, case_name
        order by line_no
    )

),

scoped as (

    select
        'company' as dimension,
        company_code as dimension_value,
        currency,
        case_name,
        line_no,
        line,
        sum(amount_document) as amount_document,
        sum(amount_reporting) as amount_reporting,
        count(*) - count(amount_reporting) as unconverted_count
    from effect
    group by company_code, currency, case_name, line_no, line
    union all
    select
        'group' as dimension,
        '*' as dimension_value,
        '{{ var("reporting_currency") }}' as currency,
        case_name,
        line_no,
        line,
        cast(null as decimal(18, 2)) as amount_document,
        sum(amount_reporting) as amount_reporting,
        count(*) - count(amount_reporting) as unconverted_count
    from effect
    where not is_intragroup
    group by case_name, line_no, line

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(dimension as {{ dbt.type_string() }}) as dimension,
        cast(dimension_value as {{ dbt.type_string() }}) as dimension_value,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(case_name as {{ dbt.type_string() }}) as case_name,
        cast(line_no as int) as line_no,
        cast(line as {{ dbt.type_string() }}) as line,
        cast(amount_document as decimal(18, 2)) as amount_document,
        cast(amount_reporting as decimal(18, 2)) as amount_reporting,
        cast(unconverted_count as bigint) as unconverted_count
    from scoped

)

select * from final
order by dimension, dimension_value, currency, case_name, line_no
