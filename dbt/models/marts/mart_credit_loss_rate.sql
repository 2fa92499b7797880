{#- How every rate of the provision matrix came about, on the fine buckets. -#}
with

rate as (

    select *
    from {{ ref('int_provision__rate') }}
    where months_back = 0 and loss_case = 'base'

),

matrix as (

    select
        company_code,
        segment,
        rate_segment,
        aging,
        bucket,
        loss_rate,
        forward_factor,
        rate
    from {{ ref('int_provision__matrix') }}
    where months_back = 0 and sensitivity = 'base'

),

segment as (

    select
        segment,
        segment_no,
        label_zh,
        label_en,
        policy_version
    from {{ ref('int_provision__segment') }}

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(rate.company_code as {{ dbt.type_string() }}) as company_code,
        cast(segment.segment_no as int) as segment_no,
        cast(rate.segment as {{ dbt.type_string() }}) as segment,
        cast(segment.label_zh as {{ dbt.type_string() }}) as segment_label_zh,
        cast(segment.label_en as {{ dbt.type_string() }}) as segment_label_en,
        cast(rate.rate_segment as {{ dbt.type_string() }}) as rate_segment,
        cast(rate.aging as {{ dbt.type_string() }}) as aging,
        cast(rate.bucket as {{ dbt.type_string() }}) as bucket,
        cast(rate.bucket_no as int) as bucket_no,
        cast(rate.fine_bucket as {{ dbt.type_string() }}) as fine_bucket,
        cast(rate.fine_bucket_no as int) as fine_bucket_no,
        cast(rate.rate_source as {{ dbt.type_string() }}) as rate_source,
        cast(rate.reason_not_own as {{ dbt.type_string() }}) as reason_not_own,
        cast(rate.reason_not_pooled as {{ dbt.type_string() }}) as reason_not_pooled,
        cast(rate.pair_count as int) as pair_count,
        cast(rate.item_count as bigint) as item_count,
        cast(rate.default_pair_count as int) as default_pair_count,
        cast(rate.roll_rate as decimal(18, 9)) as roll_rate,
        cast(rate.default_probability as decimal(18, 9)) as default_probability,
        cast(rate.loss_given_default as decimal(18, 9)) as loss_given_default,
        cast(rate.loss_given_default_source as {{ dbt.type_string() }})
            as loss_given_default_source,
        cast(rate.recovery_item_count as bigint) as recovery_item_count,
        cast(rate.own_loss_rate as decimal(18, 9)) as own_loss_rate,
        cast(rate.pooled_loss_rate as decimal(18, 9)) as pooled_loss_rate,
        cast(rate.fallback_loss_rate as decimal(18, 9)) as fallback_loss_rate,
        cast(rate.fallback_multiple as decimal(9, 6)) as fallback_multiple,
        cast(rate.loss_rate as decimal(18, 9)) as fine_loss_rate,
        cast(rate.amount_reporting as decimal(18, 2)) as weight_reporting,
        cast(matrix.loss_rate as decimal(18, 9)) as loss_rate,
        cast(matrix.forward_factor as decimal(9, 6)) as forward_factor,
        cast(matrix.rate as decimal(18, 9)) as rate,
        cast(segment.policy_version as {{ dbt.type_string() }}) as policy_version,
        cast(rate.fallback_policy_version as {{ dbt.type_string() }}) as fallback_policy_version
    from rate
    inner join matrix
        on
            rate.company_code = matrix.company_code
            and rate.segment = matrix.segment
            and rate.rate_segment = matrix.rate_segment
            and rate.aging = matrix.aging
            and rate.bucket = matrix.bucket
    inner join segment
        on rate.segment = segment.segment

)

select * from final
