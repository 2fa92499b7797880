{%- set windows = {'90_days': '90', '12_months': '12', 'all': 'all'} -%}
with

day_fact as (

    select * from {{ ref('int_behaviour__day') }}

),

summed as (

    select * from {{ ref('int_behaviour__summed') }}

),

-- a window has a row where it saw anything, or something is overdue
seen as (

    select
        customer_no,
        month_no,
        window_name
    from summed
    where window_name in (
        {%- for window_name in windows %}'{{ window_name }}'{{ ', ' if not loop.last }}
        {%- endfor %}
    )
    {% for window_name in windows -%}
    union distinct
    select
        customer_no,
        month_no,
        '{{ window_name }}' as window_name
    from day_fact
    where overdue_amount > 0
    {% endfor %}

),

evaluation as (

    select
        month.month_no,
        month.period_end as as_of_day,
        month.month_start,
        {{ add_months('month.month_start', -11) }} as year_from,
        floor.floor_minor
    from {{ ref('int_kpi__month') }} as month
    left join {{ ref('int_floor__monthly') }} as floor
        on month.month_start = floor.valid_from

),

first_known as (

    select distinct
        company_code,
        first_known_day
    from {{ ref('int_company__known_day') }}

),

version as (

    select max(policy_version) as policy_version
    from {{ ref('int_policy__parameter') }}
    where parameter = 'late_days_items'

),

gathered as (

    select
        evaluation.as_of_day,
        evaluation.year_from,
        evaluation.floor_minor,
        customer.company_code,
        customer.customer_id,
        customer.party_id,
        customer.is_intragroup,
        seen.window_name,
        coalesce(evaluation.as_of_day < first_known.first_known_day, false) as is_reconstructed,
        {% for column in behaviour_sums().values() | sum(start=[]) -%}
        coalesce(summed.{{ column }}, 0) as {{ column }},
        {% endfor -%}
        case seen.window_name
            {% for window_name, name in windows.items() -%}
            when '{{ window_name }}' then day_fact.median_{{ name }}
            {% endfor -%}
        end as median_days_late,
        case seen.window_name
            {% for window_name, name in windows.items() -%}
            when '{{ window_name }}' then day_fact.p90_{{ name }}
            {% endfor -%}
        end as p90_days_late,
        {% for column in ['overdue_item_count', 'overdue_amount', 'overdue_amount_days',
            'oldest_days_overdue', 'overdue_beyond_good_payer', 'unconverted_overdue_count',
            'largest_overdue', 'longest_days_late', 'recent_count', 'before_count', 'twice_u',
            'tie_sum', 'last_paid_on', 'gap_p90_days', 'before_paid_amount',
            'before_late_amount_days', 'before_paid_item_count', 'long_paid_amount',
            'long_late_amount_days', 'long_paid_item_count', 'year_paid_amount',
            'year_late_amount', 'year_paid_document_count', 'year_payment_day_count',
            'year_last_business_days_count', 'year_last_calendar_days_count', 'first_billed_on'] -%}
        day_fact.{{ column }},
        {% endfor -%}
        day_fact.paid_document_count as ever_paid_document_count,
        -- the 90 days before this evaluation, whatever the window of the row
        coalesce(recent.paid_amount, 0) as recent_paid_amount,
        coalesce(recent.late_amount_days, 0) as recent_late_amount_days,
        coalesce(recent.paid_item_count, 0) as recent_paid_item_count
    from seen
    inner join evaluation
        on seen.month_no = evaluation.month_no
    inner join {{ ref('int_behaviour__customer') }} as customer
        on seen.customer_no = customer.customer_no
    inner join day_fact
        on seen.customer_no = day_fact.customer_no and seen.month_no = day_fact.month_no
    left join summed
        on
            seen.customer_no = summed.customer_no
            and seen.month_no = summed.month_no
            and seen.window_name = summed.window_name
    left join summed as recent
        on
            seen.customer_no = recent.customer_no
            and seen.month_no = recent.month_no
            and recent.window_name = '90_days'
    left join first_known
        on customer.company_code = first_known.company_code

),

-- late_days of policy section 1 in the row's window, in the 90 days, in those before them, and for
-- the index: what was settled, and what is open and overdue at its present age
judged as (

    select
        *,
        {% for name, paid in {'window': '', 'recent': 'recent_', 'long': 'long_'}.items() -%}
        coalesce({{ paid }}paid_amount, 0) + overdue_amount as {{ name }}_base,
        coalesce({{ paid }}late_amount_days, 0) + overdue_amount_days as {{ name }}_amount_days,
        coalesce({{ paid }}paid_item_count, 0) + overdue_item_count as {{ name }}_item_count,
        {% endfor -%}
        coalesce(before_paid_amount, 0) as before_base,
        coalesce(before_late_amount_days, 0) as before_amount_days,
        coalesce(before_paid_item_count, 0) as before_item_count
    from gathered

),

reasoned as (

    select
        *,
        {% for name in ['window', 'recent', 'long', 'before'] -%}
        case
            when {{ name }}_item_count < {{ policy_value('late_days_items') }} then 'few_items'
            when floor_minor is null or {{ name }}_base < floor_minor then 'under_floor'
        end as {{ name }}_reason,
        {{ ratio_of(name ~ '_amount_days', name ~ '_base') }} as {{ name }}_ratio,
        {% endfor -%}
        {{ rank_test_z('twice_u', 'recent_count', 'before_count', 'tie_sum') }} as rank_z
    from judged

),

measured as (

    select
        *,
        {% for name in ['window', 'recent', 'long', 'before'] -%}
        case when {{ name }}_reason is null then {{ name }}_ratio end as {{ name }}_days,
        {% endfor -%}
        case
            when recent_reason is not null then 'recent_' || recent_reason
            when before_reason is not null then 'before_' || before_reason
            when rank_z is null then 'all_alike'
        end as trend_reason,
        {{ days_between('first_billed_on', 'as_of_day') }} as tenure_days
    from reasoned

),

indexed as (

    select
        measured.*,
        curve.index_from + (curve.index_to - curve.index_from)
        * cast(measured.long_days - curve.days_from as double)
        / cast(curve.days_to - curve.days_from as double) as payment_index
    from measured
    left join {{ ref('int_policy__payment_index') }} as curve
        on measured.long_days >= curve.days_from and measured.long_days < curve.days_to

),

final as (

    select
        cast(indexed.as_of_day as date) as as_of_day,
        cast(indexed.company_code as {{ dbt.type_string() }}) as company_code,
        cast(indexed.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(indexed.party_id as {{ dbt.type_string() }}) as party_id,
        cast(indexed.window_name as {{ dbt.type_string() }}) as window_name,
        cast(
            case indexed.window_name
                when '90_days' then {{ add_days('indexed.as_of_day', -89) }}
                when '12_months' then indexed.year_from
            end as date
        ) as window_from,
        cast(indexed.is_intragroup as boolean) as is_intragroup,
        cast(indexed.is_reconstructed as boolean) as is_reconstructed,
        cast('{{ var("reporting_currency") }}' as {{ dbt.type_string() }}) as currency,
        cast(indexed.payment_count as bigint) as payment_count,
        cast(indexed.paid_amount as decimal(18, 2)) as paid_amount_reporting,
        cast(indexed.excluded_payment_count as bigint) as excluded_payment_count,
        cast(indexed.clearing_date_count as bigint) as clearing_date_payment_count,
        cast(indexed.unconverted_count + indexed.unconverted_overdue_count as bigint)
            as unconverted_count,
        cast(indexed.late_amount_days as decimal(28, 2)) as days_late_weighted_sum,
        {{ ratio_of('indexed.late_amount_days', 'indexed.paid_amount') }}
            as weighted_days_late,
        {{ ratio_of('indexed.pay_amount_days', 'indexed.paid_amount') }}
            as weighted_days_to_pay,
        cast(indexed.median_days_late as int) as median_days_late,
        cast(indexed.p90_days_late as int) as p90_days_late,
        cast(
            round(
                sqrt(
                    greatest(
                        cast(indexed.days_late_squared_sum as double)
                        / nullif(indexed.payment_count, 0)
                        - power(
                            cast(indexed.days_late_sum as double)
                            / nullif(indexed.payment_count, 0), 2
                        ),
                        0
                    )
                ), 6
            ) as decimal(18, 6)
        ) as spread_days_late,
        {{ ratio_of('indexed.late_count', 'indexed.payment_count') }} as late_share_by_count,
        {{ ratio_of('indexed.late_amount', 'indexed.paid_amount') }} as late_share_by_amount,
        cast(indexed.paid_item_count as bigint) as paid_item_count,
        cast(indexed.settled_item_count as bigint) as settled_item_count,
        cast(indexed.settled_amount as decimal(18, 2)) as settled_amount_reporting,
        cast(indexed.paid_document_count as bigint) as paid_document_count,
        cast(indexed.part_paid_item_count as bigint) as part_paid_item_count,
        {{ ratio_of('indexed.part_paid_item_count', 'indexed.settled_item_count') }}
            as part_paid_share,
        cast(indexed.discount_offered_count as bigint) as discount_offered_count,
        cast(indexed.discount_taken_count as bigint) as discount_taken_count,
        {{ ratio_of('indexed.discount_taken_count', 'indexed.discount_offered_count') }}
            as discount_taken_share,
        cast(indexed.payment_day_count as bigint) as payment_day_count,
        {{ ratio_of('indexed.last_business_days_count', 'indexed.payment_day_count') }}
            as last_business_days_share,
        {{ ratio_of('indexed.last_calendar_days_count', 'indexed.payment_day_count') }}
            as last_calendar_days_share,
        cast(indexed.billed_amount as decimal(18, 2)) as billed_amount_reporting,
        cast(indexed.dispute_count as bigint) as dispute_count,
        cast(indexed.disputed_amount as decimal(18, 2)) as disputed_amount_reporting,
        {{ ratio_of('indexed.disputed_amount', 'indexed.billed_amount') }} as disputed_share,
        cast(indexed.promise_count as bigint) as promise_count,
        cast(indexed.promise_kept_count as bigint) as promise_kept_count,
        {{ ratio_of('indexed.promise_kept_count', 'indexed.promise_count') }}
            as promise_kept_share,
        cast(indexed.window_days as decimal(28, 6)) as late_days,
        cast(indexed.window_reason as {{ dbt.type_string() }}) as late_days_reason,
        cast(indexed.window_item_count as bigint) as late_days_item_count,
        cast(indexed.window_base as decimal(18, 2)) as late_days_amount_reporting,
        cast(indexed.overdue_item_count as bigint) as overdue_item_count,
        cast(indexed.overdue_amount as decimal(18, 2)) as overdue_amount_reporting,
        cast(indexed.oldest_days_overdue as int) as oldest_days_overdue,
        cast(indexed.largest_overdue as decimal(18, 2)) as largest_overdue_reporting,
        cast(indexed.longest_days_late as int) as longest_days_late,
        cast(indexed.recent_days as decimal(28, 6)) as late_days_recent,
        cast(indexed.before_days as decimal(28, 6)) as late_days_before,
        cast(indexed.recent_days - indexed.before_days as decimal(28, 6)) as trend_days,
        cast(indexed.recent_count as bigint) as trend_recent_count,
        cast(indexed.before_count as bigint) as trend_before_count,
        cast(
            round(
                case when indexed.trend_reason is null
                    then {{ normal_upper_tail('indexed.rank_z') }} end, 6
            ) as decimal(18, 6)
        ) as trend_p_value,
        cast(indexed.trend_reason as {{ dbt.type_string() }}) as trend_reason,
        cast(round(indexed.payment_index, 2) as decimal(18, 2)) as payment_index,
        cast(indexed.long_reason as {{ dbt.type_string() }}) as payment_index_reason,
        cast(
            case when indexed.year_payment_day_count >= {{ policy_value('payment_gap_days') }}
                then indexed.gap_p90_days end as int
        ) as payment_gap_p90_days,
        cast(indexed.last_paid_on as date) as last_paid_on,
        cast(
            case when indexed.year_payment_day_count >= {{ policy_value('payment_gap_days') }}
                then greatest(
                    indexed.year_last_business_days_count, indexed.year_last_calendar_days_count
                ) >= {{ policy_value('month_end_payer_share') }} * indexed.year_payment_day_count
            end as boolean
        ) as is_month_end_payer,
        cast(indexed.first_billed_on as date) as first_billed_on,
        cast(indexed.tenure_days as int) as tenure_days,
        cast(indexed.ever_paid_document_count as bigint) as paid_document_count_ever,
        cast(
            coalesce(indexed.tenure_days < {{ policy_value('new_customer_days') }}, true)
            or indexed.ever_paid_document_count
            < {{ policy_value('new_customer_paid_documents') }}
            as boolean
        ) as is_new_customer,
        cast(
            coalesce(indexed.year_paid_document_count, 0)
            >= {{ policy_value('good_payer_documents') }}
            and indexed.year_paid_amount > 0
            and indexed.year_paid_amount - indexed.year_late_amount
            >= {{ policy_value('good_payer_on_time_share') }} * indexed.year_paid_amount
            and indexed.overdue_beyond_good_payer = 0
            as boolean
        ) as is_good_payer,
        cast(indexed.floor_minor as decimal(18, 2)) as floor_minor_reporting,
        cast(version.policy_version as {{ dbt.type_string() }}) as policy_version
    from indexed
    cross join version

)

select * from final
order by as_of_day desc, company_code, customer_id, window_name
