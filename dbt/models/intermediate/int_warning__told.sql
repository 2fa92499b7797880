{{ config(materialized='table') }}

{#- What credit information says of each party over time: how many events stop supply (X01) and
    stand, how many kinds of bad news came in the last 180 days (X02), whether its industry was
    alerted in the last 90, and the newest of each. Nothing tells for how much somebody is sued, so
    every suit for payment counts. -#}
{%- set bad_news = ['sued_for_payment', 'control_change', 'downgrade'] -%}
with

event as (

    select * from {{ ref('int_credit_event__judged') }}

),

spell as (

    select
        party_id,
        'stop' as measure,
        known_on as day_from,
        known_until as day_to,
        event_date,
        source,
        label_zh,
        label_en
    from event
    where meaning in (
        'insolvency', 'dishonest_debtor', 'consumption_restriction', 'licence_revoked'
    )
    union all
    select
        party_id,
        meaning as measure,
        known_on as day_from,
        {{ add_days('known_on', 180) }} as day_to,
        event_date,
        source,
        label_zh,
        label_en
    from event
    where meaning in (
        {%- for meaning in bad_news %}
        '{{ meaning }}'{{ ',' if not loop.last }}
        {%- endfor %}
    )
    union all
    select
        party_id,
        'industry_alert' as measure,
        known_on as day_from,
        {{ add_days('known_on', 90) }} as day_to,
        event_date,
        source,
        label_zh,
        label_en
    from event
    where meaning = 'industry_alert'

),

change as (

    {% for sign, day in [('1', 'day_from'), ('-1', 'day_to')] -%}
    select
        party_id,
        {{ day }} as day,
        {% for measure in ['stop', 'industry_alert'] + bad_news -%}
        case when measure = '{{ measure }}' then {{ sign }} else 0 end as {{ measure }}_count
        {{- ',' if not loop.last }}
        {% endfor %}
    from spell
    where day_from < day_to
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

counted as (

    {{ running_sums('change', ['party_id'], [
        'stop_count', 'industry_alert_count', 'sued_for_payment_count', 'control_change_count',
        'downgrade_count'
    ]) }}

),

-- the newest one of each sort that stands: there are few
named as (

    select
        counted.party_id,
        counted.effective_from,
        {% for sort, condition in {
            'stop': "= 'stop'", 'news': "in ('" ~ bad_news | join("', '") ~ "')"
        }.items() -%}
        {% for column in ['event_date', 'source', 'label_zh', 'label_en'] -%}
        max_by(
            case when spell.measure {{ condition }} then spell.{{ column }} end,
            case when spell.measure {{ condition }} then {{ dated_order(
                'spell.day_from',
                ['spell.event_date', 'spell.source', 'spell.label_en', 'spell.label_zh']
            ) }} end
        ) as {{ sort }}_{{ column }}{{ ',' if not loop.last }}
        {% endfor -%}
        {{ ',' if not loop.last }}
        {% endfor %}
    from counted
    inner join spell
        on
            counted.party_id = spell.party_id
            and counted.effective_from >= spell.day_from
            and counted.effective_from < spell.day_to
    group by counted.party_id, counted.effective_from

),

final as (

    select
        counted.party_id,
        counted.effective_from,
        counted.effective_to,
        counted.stop_count as stop_event_count,
        counted.industry_alert_count,
        {% for measure in bad_news -%}
        case when counted.{{ measure }}_count > 0 then 1 else 0 end{{ ' +' if not loop.last }}
        {% endfor -%}
        as bad_news_count,
        named.stop_event_date,
        named.stop_source,
        named.stop_label_zh as stop_event_zh,
        named.stop_label_en as stop_event_en,
        named.news_event_date as bad_news_date,
        named.news_source as bad_news_source,
        named.news_label_zh as bad_news_zh,
        named.news_label_en as bad_news_en
    from counted
    left join named
        on
            counted.party_id = named.party_id
            and counted.effective_from = named.effective_from

)

select * from final
