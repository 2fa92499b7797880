{{ config(materialized='table') }}

{#- What a prediction is made as of, and how: one row. -#}
with

final as (

    select
        {{ as_of() }} as as_of_date,
        cast('{{ var("prediction") }}' as {{ dbt.type_string() }}) as effort

)

select * from final
