{{ config(materialized='table') }}

{#- The segment of the provision matrix that the receivables of each customer were in on each day:
    [effective_from, effective_to). Its attributes are those of now, its grade that of the day, for
    a grade is what it turned out to be: rolled by the grades of now, segment A to B would be those
    that did not fail (DECISIONS 46). Before its first grade a customer is unrated. -#}
with

described as (

    select * from {{ ref('int_provision__described') }}

),

segment as (

    select *
    from {{ ref('int_provision__segment') }}
    where method in ('matrix', 'eliminated')

),

grade as (

    select * from {{ ref('int_rating__grade') }}

),

asked as (

    select
        described.*,
        grade.grade
    from described
    cross join grade

),

-- the first one of the matrix that its open items would be in
matched as (

    select
        asked.company_code,
        asked.customer_id,
        asked.grade,
        min_by(segment.segment, segment.segment_no) as matrix_segment,
        min(segment.segment_no) as matrix_segment_no
    from asked
    inner join segment
        on {{ is_in_segment('segment', 'asked', "'trade'", "'none'", 'false') }}
    group by asked.company_code, asked.customer_id, asked.grade

),

graded as (

    select
        party_id,
        effective_from,
        effective_to,
        grade
    from {{ ref('int_rating__graded') }}

),

begun as (

    select
        party_id,
        min(effective_from) as first_day
    from graded
    group by party_id

),

dated as (

    select
        described.company_code,
        described.customer_id,
        graded.effective_from,
        graded.effective_to,
        graded.grade
    from described
    inner join graded
        on described.party_id = graded.party_id
    union all
    select
        described.company_code,
        described.customer_id,
        {{ start_of_days() }} as effective_from,
        coalesce(begun.first_day, {{ end_of_days() }}) as effective_to,
        grade.grade
    from described
    inner join grade
        on grade.rung_no is null
    left join begun
        on described.party_id = begun.party_id

),

placed as (

    select
        dated.company_code,
        dated.customer_id,
        dated.effective_from,
        dated.effective_to,
        matched.matrix_segment,
        matched.matrix_segment_no,
        case
            when matched.matrix_segment = lag(matched.matrix_segment) over (
                partition by dated.company_code, dated.customer_id order by dated.effective_from
            ) then 0
            else 1
        end as is_new
    from dated
    inner join matched
        on
            dated.company_code = matched.company_code
            and dated.customer_id = matched.customer_id
            and dated.grade = matched.grade

),

numbered as (

    select
        *,
        sum(is_new) over (
            partition by company_code, customer_id
            order by effective_from
            rows between unbounded preceding and current row
        ) as stretch_no
    from placed

),

final as (

    select
        company_code,
        customer_id,
        min(effective_from) as effective_from,
        max(effective_to) as effective_to,
        matrix_segment,
        matrix_segment_no
    from numbered
    group by company_code, customer_id, stretch_no, matrix_segment, matrix_segment_no

)

select * from final
