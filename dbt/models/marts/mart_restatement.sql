with

-- L11: each boundary of a movement's knowledge interval, as the change it made
boundary as (

    select
        company_code, customer_id, open_item_id, receivable_class, currency, movement_kind,
        effective_date,
        known_from as restated_at, 'became known' as change_kind,
        amount_document, amount_functional, allocation_id, movement_id, _load_id, _row
    from {{ ref('fct_receivable_movement') }}
    union all
    select
        company_code, customer_id, open_item_id, receivable_class, currency, movement_kind,
        effective_date,
        known_to as restated_at, 'was withdrawn' as change_kind,
        -amount_document, -amount_functional, allocation_id, movement_id, _load_id, _row
    from {{ ref('fct_receivable_movement') }}
    where known_to < {{ end_of_time() }}

),

-- A moment at which the company itself had no delivery (a rate arrived): what was closed is what
-- was closed before.
moment as (

    select company_code, known_from as restated_at from {{ ref('fct_receivable_movement') }}
    union distinct
    select company_code, known_to as restated_at from {{ ref('fct_receivable_movement') }}
    where known_to < {{ end_of_time() }}

),

closed as (

    select
        moment.company_code,
        moment.restated_at,
        max(delivery.closed_through) as closed_through
    from moment
    inner join {{ ref('int_company__delivery') }} as delivery
        on moment.company_code = delivery.company_code and delivery.known_at < moment.restated_at
    group by moment.company_code, moment.restated_at

),

final as (

    select
        cast(boundary.restated_at as timestamp) as restated_at,
        cast(boundary.company_code as {{ dbt.type_string() }}) as company_code,
        cast(boundary.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(boundary.open_item_id as {{ dbt.type_string() }}) as open_item_id,
        cast(boundary.receivable_class as {{ dbt.type_string() }}) as receivable_class,
        cast(boundary.currency as {{ dbt.type_string() }}) as currency,
        cast(boundary.effective_date as date) as effective_date,
        cast(closed.closed_through as date) as closed_through,
        cast(boundary.change_kind as {{ dbt.type_string() }}) as change_kind,
        cast(boundary.movement_kind as {{ dbt.type_string() }}) as movement_kind,
        cast(boundary.amount_document as decimal(18, 2)) as amount_document,
        cast(boundary.amount_functional as decimal(18, 2)) as amount_functional,
        cast(boundary.allocation_id as {{ dbt.type_string() }}) as allocation_id,
        cast(boundary.movement_id as {{ dbt.type_string() }}) as movement_id,
        cast(boundary._load_id as bigint) as _load_id,
        cast(boundary._row as bigint) as _row
    from boundary
    inner join closed
        on boundary.company_code = closed.company_code and boundary.restated_at = closed.restated_at
    where boundary.effective_date <= closed.closed_through

)

select * from final
order by restated_at, company_code, open_item_id
