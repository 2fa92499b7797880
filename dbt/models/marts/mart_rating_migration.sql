with

graded as (

    select
        party_id,
        month_no,
        day,
        grade,
        exposure,
        is_active
    from {{ ref('int_rating__graded') }}

),

month as (

    select
        month_no,
        period_end,
        min(month_no) over () as first_no
    from {{ ref('int_kpi__month') }}

),

compared as (

    {% for months_back in [1, 12] -%}
    select
        {{ months_back }} as months_back,
        month.month_no,
        month.period_end,
        graded.party_id,
        coalesce(before.grade, '(new)') as grade_from,
        graded.grade as grade_to,
        coalesce(before.exposure, 0) as exposure_from,
        graded.exposure as exposure_to
    from month
    inner join graded
        on month.month_no = graded.month_no
    left join graded as before
        on
            graded.party_id = before.party_id
            and graded.month_no - {{ months_back }} = before.month_no
    where
        month.month_no - {{ months_back }} >= month.first_no
        and (graded.is_active or coalesce(before.is_active, false))
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

summed as (

    select
        months_back,
        month_no,
        period_end,
        grade_from,
        grade_to,
        count(*) as party_count,
        sum(exposure_from) as exposure_from,
        sum(exposure_to) as exposure_to
    from compared
    group by months_back, month_no, period_end, grade_from, grade_to

),

version as (

    select max(policy_version) as policy_version
    from {{ ref('int_rating__grade') }}

),

-- steps on the ladder of all grades, the unrated among them
final as (

    select
        cast(summed.period_end as date) as period_end,
        cast(summed.months_back as int) as months_back,
        cast(start_month.period_end as date) as compared_with,
        cast(summed.grade_from as {{ dbt.type_string() }}) as grade_from,
        cast(summed.grade_to as {{ dbt.type_string() }}) as grade_to,
        cast(
            case
                when summed.grade_from = '(new)' then 'new'
                when summed.grade_from = summed.grade_to then 'same'
                when to_grade.rung_no is null then 'unrated'
                when from_grade.rung_no is null then 'rated'
                when to_grade.rung_no > from_grade.rung_no then 'down'
                else 'up'
            end as {{ dbt.type_string() }}
        ) as direction,
        cast(summed.party_count as bigint) as party_count,
        {{ ratio_of('summed.party_count', 'sum(summed.party_count) over from_grade_row') }}
            as share_of_from_by_count,
        cast(summed.exposure_from as decimal(18, 2)) as exposure_from_reporting,
        cast(summed.exposure_to as decimal(18, 2)) as exposure_to_reporting,
        {{ ratio_of('summed.exposure_from', 'sum(summed.exposure_from) over from_grade_row') }}
            as share_of_from_by_exposure,
        cast('{{ var("reporting_currency") }}' as {{ dbt.type_string() }}) as currency,
        cast(version.policy_version as {{ dbt.type_string() }}) as policy_version
    from summed
    inner join month as start_month
        on summed.month_no - summed.months_back = start_month.month_no
    left join {{ ref('int_rating__grade') }} as from_grade
        on summed.grade_from = from_grade.grade
    left join {{ ref('int_rating__grade') }} as to_grade
        on summed.grade_to = to_grade.grade
    cross join version
    window from_grade_row as (
        partition by summed.months_back, summed.month_no, summed.grade_from
    )

)

select * from final
order by period_end desc, months_back, grade_from, grade_to
