{#- What is left of a quarter's bills, by days after they fell due: a line per quarter, so that a change in how
    customers pay shows in the young ones first (DECISIONS 49). -#}
with

step as (

    {% for step_no in range(vintage_steps() + 1) -%}
    select {{ step_no }} as step_no
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

running as (

    -- sums of the changes up to each step; quarters and steps are few
    select
        change.company_code,
        change.deal_nature,
        change.is_intragroup,
        change.currency,
        change.quarter_start,
        step.step_no,
        sum(change.billed_document) as billed,
        sum(change.reached_document) as reached,
        sum(change.opened_document) as opened,
        sum(change.written_off_document) as written_off,
        sum(change.item_count) as item_count,
        sum(change.young_item_count) as young_item_count
    from {{ ref('int_vintage__stepped') }} as change
    inner join step
        on change.step_no <= step.step_no
    group by
        change.company_code,
        change.deal_nature,
        change.is_intragroup,
        change.currency,
        change.quarter_start,
        step.step_no

),

{%- set parts = ['billed', 'reached', 'opened', 'written_off'] %}

translated as (

    -- one rate for all steps, that of the as-of date, as for roll rates: a currency that rises is no late payer
    select
        running.*,
        rate.rate_to_reporting,
        {% for part in parts -%}
        {{ money_times_rate('running.' ~ part, 'rate.rate_to_reporting') }}
            as {{ part }}_reporting{{ ',' if not loop.last }}
        {% endfor %}
    from running
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            running.company_code = rate.company_code
            and running.currency = rate.currency
            and rate.day = {{ as_of() }}

),

summed as (

    select
        company_code,
        deal_nature,
        is_intragroup,
        quarter_start,
        step_no,
        {% for part in parts -%}
        coalesce(sum({{ part }}_reporting), 0) as {{ part }},
        {% endfor -%}
        sum(item_count) as item_count,
        sum(young_item_count) as young_item_count,
        sum(case when rate_to_reporting is null then item_count else 0 end) as unconverted_count
    from translated
    group by company_code, deal_nature, is_intragroup, quarter_start, step_no
    -- the due date itself stands for the quarter as a whole, also where nothing has come so far
    having sum(item_count) > 0 or step_no = 0

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(deal_nature as {{ dbt.type_string() }}) as deal_nature,
        cast(is_intragroup as boolean) as is_intragroup,
        cast(quarter_start as date) as quarter_start,
        cast(step_no as int) as step_no,
        cast(step_no * 30 as int) as days_after_due,
        cast('{{ var("reporting_currency") }}' as {{ dbt.type_string() }}) as currency,
        cast(billed as decimal(18, 2)) as billed_reporting,
        cast(reached as decimal(18, 2)) as reached_reporting,
        cast(opened as decimal(18, 2)) as open_reporting,
        cast(written_off as decimal(18, 2)) as written_off_reporting,
        cast(opened + written_off as decimal(18, 2)) as unpaid_reporting,
        {{ rate_of('(opened + written_off)', 'reached') }} as unpaid_rate,
        cast(case when reached <= 0 then 'denominator_not_positive' end as {{ dbt.type_string() }})
            as reason_when_null,
        cast(item_count as bigint) as item_count,
        cast(young_item_count = 0 as boolean) as is_ripe,
        cast(unconverted_count as bigint) as unconverted_count
    from summed

)

select * from final
