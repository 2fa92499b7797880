with

final as (

    select
        cast(scheme as {{ dbt.type_string() }}) as scheme,
        cast(scheme_label_zh as {{ dbt.type_string() }}) as scheme_label_zh,
        cast(scheme_label_en as {{ dbt.type_string() }}) as scheme_label_en,
        cast(basis as {{ dbt.type_string() }}) as basis,
        cast(unit as {{ dbt.type_string() }}) as unit,
        cast(bucket_no as int) as bucket_no,
        cast(bucket as {{ dbt.type_string() }}) as bucket,
        cast(lower_bound as int) as lower_bound,
        cast(upper_bound as int) as upper_bound,
        cast(label_zh as {{ dbt.type_string() }}) as label_zh,
        cast(label_en as {{ dbt.type_string() }}) as label_en,
        cast(policy_version as {{ dbt.type_string() }}) as policy_version,
        cast(valid_from as date) as valid_from,
        cast(valid_to as date) as valid_to,
        cast(approved_by as {{ dbt.type_string() }}) as approved_by,
        cast(approved_on as date) as approved_on
    from {{ ref('int_aging_bucket') }}

)

select * from final
