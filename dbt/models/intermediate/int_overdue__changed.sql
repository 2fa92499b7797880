{{ config(materialized='table') }}

{#- Every change of what is overdue on an item, told by its line of the bridge (accounting D1). What
    is overdue already changes by its movements. What enters is one line: it became overdue, or was so
    on the day it was booked, or stands again. A movement on the very day on which an item turns
    overdue is part of what turned: the eve of that day saw nothing overdue. What no rule explains
    is line `unexplained`, and fails the build. -#}
{%- set item = ['open_item_id', 'company_code', 'customer_id', 'currency', 'due_date_basis', 'day']
-%}
with

step as (

    select * from {{ ref('int_overdue__stepped') }}

),

step_item as (

    select distinct
        open_item_id,
        day
    from step

),

movement as (

    select
        movement.open_item_id,
        movement.effective_date as day,
        {{ overdue_line_of('movement.movement_kind') }} as line,
        sum(movement.amount_document) as amount_document,
        sum(coalesce(movement.amount_functional, 0)) as amount_functional
    from {{ ref('fct_receivable_movement') }} as movement
    inner join step_item
        on
            movement.open_item_id = step_item.open_item_id
            and movement.effective_date = step_item.day
    where
        movement.receivable_class = 'trade'
        and movement.known_to = {{ end_of_time() }}
    group by
        movement.open_item_id, movement.effective_date,
        {{ overdue_line_of('movement.movement_kind') }}

),

-- How an item that is overdue on its first day came to be there. What was used for more than it was
-- (a receipt of 80 that settled 100) owes the rest, and takes it back from the line it was used for.
arrival as (

    select
        open_item_id,
        day,
        min_by(
            line,
            case line
                {% for line in ['billed_overdue', 'class_transfer', 'reopened', 'cash', 'bill',
                    'credit_note', 'settlement', 'offset', 'discount', 'write_off'] -%}
                when '{{ line }}' then {{ loop.index }}
                {% endfor -%}
                else 99
            end
        ) as line
    from movement
    where amount_document > 0 or amount_functional > 0
    group by open_item_id, day

),

extension as (

    select distinct
        item.open_item_id,
        agreed.agreed_on as day
    from {{ ref('int_due_date__agreed') }} as agreed
    inner join {{ ref('int_open_item__keyed') }} as item
        on agreed.item_key = item.item_key
    where agreed.promise_id is not null and agreed.known_to = {{ end_of_time() }}

),

entered as (

    select
        {{ qualified('step', item) }},
        case
            when step.was_owed and step.basis_date = step.previous_basis_date then 'became_overdue'
            when step.was_owed and step.basis_date = {{ add_days('step.day', -1) }}
                then 'became_overdue'
            when step.was_owed then 'due_date_changed'
            else coalesce(arrival.line, 'unexplained')
        end as line,
        step.overdue_document as amount_document,
        step.overdue_functional as amount_functional
    from step
    left join arrival
        on step.open_item_id = arrival.open_item_id and step.day = arrival.day
    where not step.was_overdue

),

moved as (

    select
        {{ qualified('step', item) }},
        movement.line,
        movement.amount_document,
        movement.amount_functional
    from step
    inner join movement
        on step.open_item_id = movement.open_item_id and step.day = movement.day
    where step.was_overdue

),

moved_sum as (

    select
        {{ item | join(', ') }},
        sum(amount_document) as amount_document,
        sum(amount_functional) as amount_functional
    from moved
    group by {{ item | join(', ') }}

),

-- what movements leave over of the change of an item that was overdue
rest as (

    select
        {{ qualified('step', item) }},
        case
            when step.is_owed and not step.is_overdue then
                case when extension.open_item_id is not null then 'extended'
                    else 'due_date_changed' end
            -- more was applied than was open: the item is a credit now (L5)
            when not step.is_owed
                and (
                    -coalesce(moved_sum.amount_document, 0) > step.overdue_before_document
                    -- a revaluation has no document amount
                    or (
                        step.overdue_before_document = 0
                        and -coalesce(moved_sum.amount_functional, 0)
                        > step.overdue_before_functional
                    )
                )
                then 'over_allocated'
            else 'unexplained'
        end as line,
        {% for basis in ['document', 'functional'] -%}
        step.overdue_{{ basis }} - step.overdue_before_{{ basis }}
        - coalesce(moved_sum.amount_{{ basis }}, 0) as amount_{{ basis }}{{ ',' if not loop.last }}
        {% endfor %}
    from step
    left join moved_sum
        on
            step.open_item_id = moved_sum.open_item_id
            and step.due_date_basis = moved_sum.due_date_basis
            and step.day = moved_sum.day
    left join extension
        on step.open_item_id = extension.open_item_id and step.day = extension.day
    where step.was_overdue

),

changed as (

    {% for part in ['entered', 'moved', 'rest'] -%}
    select
        {{ item | join(', ') }}, line, amount_document, amount_functional, 0 as unconverted_change
    from {{ part }}
    where amount_document <> 0 or amount_functional <> 0
    union all
    {% endfor -%}
    select
        {{ item | join(', ') }},
        'became_overdue' as line,
        0 as amount_document,
        0 as amount_functional,
        unconverted_change
    from step
    where unconverted_change <> 0

),

final as (

    select
        {{ item | join(', ') }},
        line,
        cast(sum(amount_document) as decimal(18, 2)) as amount_document,
        cast(sum(amount_functional) as decimal(18, 2)) as amount_functional,
        cast(sum(unconverted_change) as bigint) as unconverted_change
    from changed
    group by {{ item | join(', ') }}, line

)

select * from final
