{%- set lines = {
    'billed': ['billed'],
    'credit_note': ['credit_note'],
    'cash': ['cash'],
    'bill_received': ['bill_received'],
    'bill_honoured': ['bill_honoured'],
    'bill_endorsed': ['bill_endorsed'],
    'bill_discounted': ['bill_discounted'],
    'bill_dishonoured': ['bill_dishonoured'],
    'bill_returned': ['bill_returned'],
    'refund': ['refund'],
    'discount': ['discount'],
    'write_off': ['write_off'],
    'write_off_recovery': ['write_off_recovery'],
    'offset': ['offset'],
    'settlement': ['settlement'],
    'reversal': ['reversal'],
    'fx_difference': ['fx_difference'],
    'class_transfer': ['class_transfer']
} -%}
with

movement as (

    select *
    from {{ ref('fct_receivable_movement') }}
    where known_to = {{ end_of_time() }} and effective_date <= {{ as_of() }}

),

flow as (

    select
        company_code,
        receivable_class,
        currency,
        effective_date as day,
        {%- for line, kinds in lines.items() %}
        sum(case when movement_kind in ('{{ kinds | join("', '") }}') then amount_document
            else 0 end)
            as {{ line }}_document,
        sum(case when movement_kind in ('{{ kinds | join("', '") }}')
            then coalesce(amount_functional, 0) else 0 end)
            as {{ line }}_functional,
        {%- endfor %}
        sum(case when amount_functional is null then 1 else 0 end) as unconverted_count
    from movement
    group by company_code, receivable_class, currency, effective_date

),

-- the other side of the proof: what the interval table says is open, read as steps up and down
step as (

    {% for sign, day in [('', 'effective_from'), ('-', 'effective_to')] -%}
    select
        company_code,
        receivable_class,
        currency,
        {{ day }} as day,
        {{ sign }}open_amount_document as amount_document,
        {{ sign }}coalesce(open_amount_functional, 0) as amount_functional,
        {{ sign }}(case when is_unconverted then 1 else 0 end) as unconverted_count
    from {{ ref('fct_open_item_balance') }}
    where known_to = {{ end_of_time() }} and {{ day }} <= {{ as_of() }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

stepped as (

    select
        company_code,
        receivable_class,
        currency,
        day,
        sum(amount_document) as amount_document,
        sum(amount_functional) as amount_functional,
        sum(unconverted_count) as unconverted_count
    from step
    group by company_code, receivable_class, currency, day

),

day as (

    select company_code, receivable_class, currency, day from flow
    union distinct
    select company_code, receivable_class, currency, day from stepped

),

joined as (

    select
        day.company_code,
        day.receivable_class,
        day.currency,
        day.day,
        {%- for line in lines %}
        coalesce(flow.{{ line }}_document, 0) as {{ line }}_document,
        coalesce(flow.{{ line }}_functional, 0) as {{ line }}_functional,
        {%- endfor %}
        {%- for basis in ['document', 'functional'] %}
        sum(
            {% for line in lines %}coalesce(flow.{{ line }}_{{ basis }},
                0){{ ' + ' if not loop.last }}{% endfor %}
        ) over along as proved_{{ basis }},
        sum(coalesce(stepped.amount_{{ basis }}, 0)) over along as closing_{{ basis }},
        {%- endfor %}
        sum(coalesce(stepped.unconverted_count, 0)) over along as unconverted_count,
        sum(coalesce(flow.unconverted_count, 0)) over along as unconverted_movement_count
    from day
    left join flow
        on
            day.company_code = flow.company_code
            and day.receivable_class = flow.receivable_class
            and day.currency = flow.currency
            and day.day = flow.day
    left join stepped
        on
            day.company_code = stepped.company_code
            and day.receivable_class = stepped.receivable_class
            and day.currency = stepped.currency
            and day.day = stepped.day
    window along as (
        partition by day.company_code, day.receivable_class, day.currency
        order by day.day
        rows between unbounded preceding and current row
    )

),

final as (

    select
        cast(day as date) as day,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(receivable_class as {{ dbt.type_string() }}) as receivable_class,
        cast(currency as {{ dbt.type_string() }}) as currency,
        {% for basis in ['document', 'functional'] -%}
        cast(coalesce(
            lag(proved_{{ basis }}) over (partition by company_code, receivable_class,
                currency order by day), 0
        ) as decimal(18, 2)) as opening_{{ basis }},
        {% for line in lines -%}
        cast({{ line }}_{{ basis }} as decimal(18, 2)) as {{ line }}_{{ basis }},
        {% endfor -%}
        cast(proved_{{ basis }} as decimal(18, 2)) as closing_{{ basis }},
        cast(closing_{{ basis }} as decimal(18, 2)) as closing_balance_{{ basis }},
        {% if basis == 'document' -%}
        cast(proved_document - closing_document as decimal(18, 2)) as difference_document,
        {% else -%}
        -- an item without a rate has no functional amount on either side, but a settled one has no
        -- row on the right
        cast(case when unconverted_movement_count = 0
            then proved_functional - closing_functional end
            as decimal(18, 2)) as difference_functional,
        {% endif -%}
        {% endfor -%}
        cast(unconverted_count as bigint) as unconverted_count
    from joined

)

select * from final
order by company_code, receivable_class, currency, day
