{{ config(materialized='table') }}

{#- The bucket of every currently open item in every scheme. A negative amount is unapplied whatever
    its age (L14). -#}
with

item as (

    select * from {{ ref('int_open_item__current') }}

),

bucket as (

    select * from {{ ref('int_aging_bucket') }}

),

basis as (

    select
        item.open_item_id,
        scheme.scheme,
        item.open_amount_document < 0
        or (item.open_amount_document = 0 and item.open_amount_functional < 0) as is_credit,
        {{ aging_basis_date('scheme.basis', 'item') }} as basis_date
    from item
    cross join (
        select distinct scheme, basis
        from bucket
    ) as scheme

),

final as (

    select
        basis.open_item_id,
        basis.scheme,
        bucket.bucket,
        bucket.bucket_no,
        bucket.policy_version
    from basis
    inner join bucket
        on
            basis.scheme = bucket.scheme
            and case
                when basis.is_credit then bucket.bucket = 'unapplied'
                else
                    bucket.bucket <> 'unapplied'
                    and {{ as_of() }} >= {{ bucket_first_day('bucket', 'basis.basis_date') }}
                    and {{ as_of() }} <= {{ bucket_last_day('bucket', 'basis.basis_date') }}
            end

)

select * from final
