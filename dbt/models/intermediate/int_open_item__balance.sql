{{ config(materialized='table') }}

{#- Open amounts of every item as rectangles on both clocks: effective [from, to) x knowledge [from,
    to).

    A movement known from k to k' is two change points: +amount at (effective day, k) and -amount at
    (effective day, k'). The open amount at (D, K) is the sum of the change points with day <= D and
    moment <= K. Change points that cancel out (a corrected remark) vanish here, so only real
    changes cut a rectangle.

    Most items grow in order: what becomes known later is also effective later. Their rectangles
    follow from one pass over the change points. The rest (corrections, backdated postings) is
    summed per knowledge epoch and merged. -#}
with

movement as (

    select
        item_key,
        effective_date,
        amount_document,
        amount_functional,
        known_from,
        known_to
    from {{ ref('int_movement__functional') }}

),

change_point as (

    select
        item_key,
        moment,
        effective_date,
        sum(amount_document) as amount_document,
        sum(amount_functional) as amount_functional,
        sum(unconverted_count) as unconverted_count
    from (
        select
            item_key,
            known_from as moment,
            effective_date,
            amount_document,
            coalesce(amount_functional, 0) as amount_functional,
            case when amount_functional is null then 1 else 0 end as unconverted_count
        from movement
        union all
        select
            item_key,
            known_to as moment,
            effective_date,
            -amount_document as amount_document,
            -coalesce(amount_functional, 0) as amount_functional,
            -case when amount_functional is null then 1 else 0 end as unconverted_count
        from movement
        where known_to < {{ end_of_time() }}
    ) as signed
    group by item_key, moment, effective_date
    having sum(amount_document) <> 0 or sum(amount_functional) <> 0 or sum(unconverted_count) <> 0

),

in_order as (

    select
        *,
        lead(moment) over along as next_moment,
        lead(effective_date) over along as next_effective_date,
        sum(amount_document) over (along rows between unbounded preceding and current row)
            as open_document,
        sum(amount_functional) over (along rows between unbounded preceding and current row)
            as open_functional,
        sum(unconverted_count) over (along rows between unbounded preceding and current row)
            as open_unconverted,
        max(effective_date) over (along rows between unbounded preceding and 1 preceding)
            as latest_before
    from change_point
    window along as (partition by item_key order by moment, effective_date)

),

disordered_item as (

    select distinct item_key
    from in_order
    where effective_date < latest_before

),

ordered as (

    select in_order.*
    from in_order
    left join disordered_item
        on in_order.item_key = disordered_item.item_key
    where disordered_item.item_key is null

),

ordered_rectangle as (

    -- until the next change is known, the state runs on without end
    select
        item_key,
        effective_date as effective_from,
        {{ end_of_days() }} as effective_to,
        moment as known_from,
        coalesce(next_moment, {{ end_of_time() }}) as known_to,
        open_document,
        open_functional,
        open_unconverted
    from ordered
    where next_moment is null or next_moment > moment
    union all
    -- once it is known, the state ends where the next one begins
    select
        item_key,
        effective_date as effective_from,
        next_effective_date as effective_to,
        next_moment as known_from,
        {{ end_of_time() }} as known_to,
        open_document,
        open_functional,
        open_unconverted
    from ordered
    where next_effective_date > effective_date

),

disordered as (

    select change_point.*
    from change_point
    inner join disordered_item
        on change_point.item_key = disordered_item.item_key

),

moment as (

    select distinct
        item_key,
        moment
    from disordered

),

epoch as (

    select
        item_key,
        moment as known_from,
        coalesce(lead(moment) over (partition by item_key order by moment), {{ end_of_time() }})
            as known_to
    from moment

),

epoch_day as (

    select
        epoch.item_key,
        epoch.known_from,
        epoch.known_to,
        disordered.effective_date,
        sum(disordered.amount_document) as amount_document,
        sum(disordered.amount_functional) as amount_functional,
        sum(disordered.unconverted_count) as unconverted_count
    from epoch
    inner join disordered
        on epoch.item_key = disordered.item_key and disordered.moment <= epoch.known_from
    group by epoch.item_key, epoch.known_from, epoch.known_to, disordered.effective_date
    having
        sum(disordered.amount_document) <> 0
        or sum(disordered.amount_functional) <> 0
        or sum(disordered.unconverted_count) <> 0

),

epoch_rectangle as (

    select
        item_key,
        effective_date as effective_from,
        coalesce(lead(effective_date) over along, {{ end_of_days() }}) as effective_to,
        sum(amount_document) over (along rows between unbounded preceding and current row)
            as open_document,
        sum(amount_functional) over (along rows between unbounded preceding and current row)
            as open_functional,
        sum(unconverted_count) over (along rows between unbounded preceding and current row)
            as open_unconverted,
        known_from,
        known_to
    from epoch_day
    window along as (partition by item_key, known_from order by effective_date)

),

disordered_rectangle as (

    {{ merge_neighbours('epoch_rectangle', [
        'item_key', 'effective_from', 'effective_to', 'open_document', 'open_functional',
        'open_unconverted'
    ]) }}

),

rectangle as (

    select
        item_key, effective_from, effective_to, known_from, known_to, open_document,
        open_functional, open_unconverted
    from ordered_rectangle
    union all
    select
        item_key, effective_from, effective_to, known_from, known_to, open_document,
        open_functional, open_unconverted
    from disordered_rectangle

),

final as (

    select
        item_key,
        effective_from,
        effective_to,
        known_from,
        known_to,
        cast(open_document as decimal(18, 2)) as open_amount_document,
        cast(case when open_unconverted = 0 then open_functional end as decimal(18, 2))
            as open_amount_functional,
        open_unconverted > 0 as is_unconverted
    from rectangle
    -- nothing open is no row; at an open amount of 0 an item carries exactly 0, converted or not
    where open_document <> 0 or (open_functional <> 0 and open_unconverted = 0)

)

select * from final
