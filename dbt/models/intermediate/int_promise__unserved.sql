{{ config(materialized='table') }}

{#- Money of each account that no promise took in time, as a line of its own in the order of its days:
    it serves promises that fell short. -#}
{%- set account = ['company_code', 'customer_id', 'currency'] -%}
with

left_over as (

    select
        {{ qualified('line', account) }},
        line.received_on,
        line.amount_document - sum(
            -- the least and the greatest leave NULL out
            case
                when in_time.promise_id is null then 0
                else
                    least(in_time.served_to, line.line_to)
                    - greatest(in_time.served_from, line.line_to - line.amount_document)
            end
        ) as amount_document
    from {{ ref('int_promise__receipt') }} as line
    left join {{ ref('int_promise__in_time') }} as in_time
        on
            {{ equal_key('line', 'in_time', account) }}
            and in_time.served_to > line.line_to - line.amount_document
            and in_time.served_from < line.line_to
    group by
        {{ qualified('line', account) }}, line.received_on, line.line_to, line.amount_document

),

final as (

    select
        *,
        sum(amount_document) over (
            partition by {{ account | join(', ') }}
            order by received_on
            rows between unbounded preceding and current row
        ) as line_to
    from left_over
    where amount_document > 0

)

select * from final
