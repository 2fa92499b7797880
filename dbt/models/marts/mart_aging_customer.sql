with

item as (

    select
        *,
        open_amount_document < 0 or (open_amount_document = 0 and open_amount_functional < 0)
            as is_credit
    from {{ ref('int_open_item__current') }}

),

absorbed as (

    select * from {{ ref('int_open_item__absorbed') }}

),

netted as (

    select
        item.*,
        case when item.is_credit then 0 else item.open_amount_document end as gross_document,
        case when item.is_credit then 0 else item.open_amount_functional end as gross_functional,
        case when item.is_credit then item.open_amount_document else 0 end as unapplied_document,
        case when item.is_credit then item.open_amount_functional else 0 end
            as unapplied_functional,
        coalesce(absorbed.absorbed_amount, 0) as absorbed_document,
        coalesce(
            {{ money_share('item.open_amount_functional', 'absorbed.absorbed_amount',
                'item.open_amount_document') }}, 0
        ) as absorbed_functional
    from item
    left join absorbed
        on item.open_item_id = absorbed.open_item_id

),

placed as (

    select
        netted.*,
        bucketed.scheme,
        bucketed.bucket,
        bucketed.bucket_no
    from netted
    inner join {{ ref('int_open_item__bucketed') }} as bucketed
        on netted.open_item_id = bucketed.open_item_id

),

line as (

    select
        company_code, customer_id, currency, receivable_class, scheme, bucket, bucket_no,
        gross_document, gross_functional, unapplied_document, unapplied_functional,
        gross_document + unapplied_document - absorbed_document as net_document,
        gross_functional + unapplied_functional - absorbed_functional as net_functional,
        disputed_amount_document,
        open_amount_reporting,
        1 as item_count,
        case when is_unconverted then 1 else 0 end as unconverted_count
    from placed
    union all
    -- what the debits absorbed leaves the credits
    select
        placed.company_code, placed.customer_id, placed.currency, placed.receivable_class,
        placed.scheme, unapplied.bucket, unapplied.bucket_no,
        0, 0, 0, 0,
        placed.absorbed_document as net_document,
        placed.absorbed_functional as net_functional,
        0, 0, 0, 0
    from placed
    inner join {{ ref('int_aging_bucket') }} as unapplied
        on placed.scheme = unapplied.scheme and unapplied.bucket = 'unapplied'
    where placed.absorbed_document <> 0

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(receivable_class as {{ dbt.type_string() }}) as receivable_class,
        cast(scheme as {{ dbt.type_string() }}) as scheme,
        cast(bucket as {{ dbt.type_string() }}) as bucket,
        cast(bucket_no as int) as bucket_no,
        cast(sum(gross_document) as decimal(18, 2)) as gross_amount_document,
        cast(sum(unapplied_document) as decimal(18, 2)) as unapplied_amount_document,
        cast(sum(net_document) as decimal(18, 2)) as net_amount_document,
        cast(sum(gross_functional) as decimal(18, 2)) as gross_amount_functional,
        cast(sum(unapplied_functional) as decimal(18, 2)) as unapplied_amount_functional,
        cast(sum(net_functional) as decimal(18, 2)) as net_amount_functional,
        cast(sum(open_amount_reporting) as decimal(18, 2)) as open_amount_reporting,
        cast(sum(disputed_amount_document) as decimal(18, 2)) as disputed_amount_document,
        cast(sum(item_count) as bigint) as item_count,
        cast(sum(unconverted_count) as bigint) as unconverted_count
    from line
    group by company_code, customer_id, currency, receivable_class, scheme, bucket, bucket_no

)

select * from final
