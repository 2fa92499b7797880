{%- set conditions = ['default', 'insolvency', 'dishonest_debtor', 'long_overdue',
    'dishonoured_bill', 'group_default', 'new_customer', 'no_accounts', 'broken_promises'] -%}
with

customer as (

    select
        company_code,
        customer_id,
        party_id,
        party_name
    from {{ ref('dim_customer') }}
    where not is_intragroup

),

graded as (

    select * from {{ ref('int_rating__graded') }}

),

grade as (

    select * from {{ ref('int_rating__grade') }}

),

held_down as (

    select
        party_id,
        month_no,
        {% for condition in conditions -%}
        max(case when condition = '{{ condition }}' then label_zh end) as {{ condition }}_zh,
        max(case when condition = '{{ condition }}' then label_en end) as {{ condition }}_en,
        {% endfor -%}
        count(*) as cap_count
    from {{ ref('int_rating__capped') }}
    group by party_id, month_no

),

listed as (

    select
        party_id,
        month_no,
        {% for language, separator in {'zh': '、', 'en': '; '}.items() -%}
        nullif(
            {%- for condition in conditions %}
            coalesce('{{ separator }}' || {{ condition }}_{{ language }}, '')
            {{- ' ||' if not loop.last }}
            {%- endfor %}, ''
        ) as caps_{{ language }},
        {% endfor -%}
        nullif(
            {%- for condition in conditions %}
            case when {{ condition }}_en is not null then '|{{ condition }}' else '' end
            {{- ' ||' if not loop.last }}
            {%- endfor %}, ''
        ) as caps
    from held_down

),

described as (

    select
        graded.*,
        coalesce(listed.caps_zh, '') as caps_zh,
        coalesce(listed.caps_en, '') as caps_en,
        listed.caps,
        own.grade as own_grade,
        rule.policy_version
    from graded
    inner join grade as rule
        on graded.grade = rule.grade
    left join listed
        on graded.party_id = listed.party_id and graded.month_no = listed.month_no
    left join grade as own
        on graded.own_rung = own.rung_no

),

-- what decided the grade, and where it is down by its score, what cost most
reasoned as (

    select
        *,
        case decided_by
            when 'manual' then '人工评级:' || manual_reason || '(' || manual_author || ','
                || manual_approved_by || '批准)'
            when 'cap' then cap_zh
            when 'lowered' then cap_zh || ',降一级'
            when 'climbing' then '得分可评' || own_grade || ',升级须逐级并连续两个月末达标'
            when 'kept' then '数据不足以评级,保留原等级'
            when 'unrated' then '有数据的项目合计' || {{ readable_number('weight_present', 0) }}
                || '分,不足以评级'
            when 'score' then '得分' || {{ readable_number('score', 1) }}
                || case when change = 'down' and component_zh is not null
                    then ',主要扣分项:' || component_zh else '' end
        end as reason_zh,
        case decided_by
            when 'manual' then 'decided: ' || manual_reason || ' (' || manual_author
                || ', approved by ' || manual_approved_by || ')'
            when 'cap' then cap_en
            when 'lowered' then cap_en || ': one grade lower'
            when 'climbing' then 'score of ' || own_grade
                || '; grades rise one step at a time, after two month ends above the cut-off'
            when 'kept' then 'too little data for a grade; the one before is kept'
            when 'unrated' then 'components with data weigh '
                || {{ readable_number('weight_present', 0) }} || ' points, too few for a grade'
            when 'score' then 'score ' || {{ readable_number('score', 1) }}
                || case when change = 'down' and component_en is not null
                    then ', mainly: ' || component_en else '' end
        end as reason_en
    from described

),

final as (

    select
        cast(reasoned.day as date) as as_of_day,
        cast(customer.company_code as {{ dbt.type_string() }}) as company_code,
        cast(customer.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(reasoned.party_id as {{ dbt.type_string() }}) as party_id,
        cast(customer.party_name as {{ dbt.type_string() }}) as party_name,
        cast(reasoned.is_month_end as boolean) as is_month_end,
        cast(reasoned.day = {{ as_of() }} as boolean) as is_current,
        cast(reasoned.is_active as boolean) as is_active,
        cast(reasoned.points as decimal(9, 6)) as points,
        cast(reasoned.weight_present as decimal(9, 6)) as weight_present,
        cast(reasoned.component_count as int) as component_count,
        cast(reasoned.score as decimal(9, 4)) as score,
        cast(reasoned.score_grade as {{ dbt.type_string() }}) as score_grade,
        cast(reasoned.cap_grade as {{ dbt.type_string() }}) as cap_grade,
        cast(substring(reasoned.caps, 2, 1000) as {{ dbt.type_string() }}) as caps,
        cast(nullif(substring(reasoned.caps_zh, 2, 1000), '') as {{ dbt.type_string() }})
            as caps_zh,
        cast(nullif(substring(reasoned.caps_en, 3, 1000), '') as {{ dbt.type_string() }})
            as caps_en,
        cast(coalesce(reasoned.own_grade, reasoned.unrated_grade) as {{ dbt.type_string() }})
            as deserved_grade,
        cast(reasoned.grade as {{ dbt.type_string() }}) as grade,
        cast(reasoned.previous_grade as {{ dbt.type_string() }}) as previous_grade,
        cast(reasoned.change as {{ dbt.type_string() }}) as change,
        cast(reasoned.decided_by as {{ dbt.type_string() }}) as decided_by,
        cast(reasoned.main_component as {{ dbt.type_string() }}) as main_component,
        cast(reasoned.reason_zh as {{ dbt.type_string() }}) as reason_zh,
        cast(reasoned.reason_en as {{ dbt.type_string() }}) as reason_en,
        cast(reasoned.manual_author as {{ dbt.type_string() }}) as manual_author,
        cast(reasoned.manual_approved_by as {{ dbt.type_string() }}) as manual_approved_by,
        cast(reasoned.manual_approved_on as date) as manual_approved_on,
        cast(reasoned.manual_valid_to as date) as manual_valid_to,
        cast('{{ var("reporting_currency") }}' as {{ dbt.type_string() }}) as currency,
        cast(reasoned.exposure as decimal(18, 2)) as party_exposure_reporting,
        cast(reasoned.policy_version as {{ dbt.type_string() }}) as policy_version
    from reasoned
    inner join customer
        on reasoned.party_id = customer.party_id

)

select * from final
order by as_of_day desc, company_code, customer_id
