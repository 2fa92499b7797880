with

movement as (

    select * from {{ ref('int_movement__classed') }}

),

item as (

    select
        item_key,
        open_item_id,
        company_code,
        currency,
        receivable_class,
        is_planned_voucher,
        instalment_no
    from {{ ref('int_open_item__newest') }}

),

-- The counterpart is named where it is one item; on a planned document the allocation_id ties the
-- legs.
counterpart as (

    select
        voucher_key,
        open_item_id
    from {{ ref('int_open_item__keyed') }}
    where not is_planned_voucher and voucher_kind <> 'B'

),

inferred as (

    select event_key
    from {{ ref('int_allocation__event') }}
    where is_inferred

),

final as (

    select
        cast(
            -- what happened: a leg by its allocation, anything else by its item and day; what is no
            -- longer believed is told apart by the moment since which it was
            case
                when movement.allocation_id is null
                    then item.open_item_id || '#' || cast(movement.effective_date
                        as {{ dbt.type_string() }})
                else item.company_code || '|' || movement.allocation_id || '.'
                    || coalesce(cast(movement.event_no as {{ dbt.type_string() }}), '')
                    || case when item.is_planned_voucher then '|'
                        || cast(item.instalment_no as {{ dbt.type_string() }}) else '' end
            end
            || '#'
            || case
                when movement.is_derived_difference then 'fx'
                when movement.event_key is null then movement.movement_kind
                    || cast(movement.phase as {{ dbt.type_string() }})
                else movement.side
            end
            || case when movement.is_undoing then '-undone' else '' end
            || case when movement.movement_kind = 'class_transfer' then '-'
                || coalesce(movement.changing_class, item.receivable_class) else '' end
            || case when movement.known_to < {{ end_of_time() }} then '#'
                || cast(movement.known_from as {{ dbt.type_string() }}) else '' end
            as {{ dbt.type_string() }}
        ) as movement_id,
        cast(item.open_item_id as {{ dbt.type_string() }}) as open_item_id,
        cast(item.company_code as {{ dbt.type_string() }}) as company_code,
        cast(movement.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(movement.effective_date as date) as effective_date,
        cast(movement.movement_kind as {{ dbt.type_string() }}) as movement_kind,
        cast(coalesce(movement.changing_class, item.receivable_class) as {{ dbt.type_string() }})
            as receivable_class,
        cast(coalesce(movement.changing_currency, item.currency) as {{ dbt.type_string() }})
            as currency,
        cast(movement.amount_document as decimal(18, 2)) as amount_document,
        cast(movement.amount_functional as decimal(18, 2)) as amount_functional,
        cast(movement.allocation_id as {{ dbt.type_string() }}) as allocation_id,
        cast(counterpart.open_item_id as {{ dbt.type_string() }}) as counterpart_open_item_id,
        cast(inferred.event_key is not null as boolean) as is_inferred,
        cast(movement.known_from as timestamp) as known_from,
        cast(movement.known_to as timestamp) as known_to,
        cast(movement._load_id as bigint) as _load_id,
        cast(movement._row as bigint) as _row
    from movement
    inner join item
        on movement.item_key = item.item_key
    left join counterpart
        on movement.counterpart_voucher_key = counterpart.voucher_key
    left join inferred
        on movement.event_key = inferred.event_key

)

-- What a customer paid is asked for most: of each kind, what is no leg and then the legs stand by
-- customer, so that the rest of the table is skipped.
select * from final
order by movement_kind, allocation_id is not null, company_code, customer_id
