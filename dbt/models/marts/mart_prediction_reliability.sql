with

bin as (

    select * from {{ predicted('prediction_reliability') }}

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(horizon as {{ dbt.type_string() }}) as horizon,
        cast(bin as int) as bin_no,
        cast(predicted as decimal(9, 6)) as predicted_share,
        cast(observed as decimal(9, 6)) as observed_share,
        cast(scored_count as bigint) as scored_count
    from bin

)

select * from final
