{#- Roll rates as they are now. -#}
{%- set parts = outcome_parts() -%}
with

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(variant as {{ dbt.type_string() }}) as variant,
        cast(level as {{ dbt.type_string() }}) as level,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(segment as {{ dbt.type_string() }}) as segment,
        cast(bucket as {{ dbt.type_string() }}) as bucket,
        cast(bucket_no as int) as bucket_no,
        cast(pair_no as int) as pair_no,
        cast(start_day as date) as start_day,
        cast(end_day as date) as end_day,
        cast('{{ var("reporting_currency") }}' as {{ dbt.type_string() }}) as currency,
        cast(amount as decimal(18, 2)) as amount_reporting,
        {% for part in parts -%}
        cast({{ part }} as decimal(18, 2)) as {{ part }}_reporting,
        {% endfor -%}
        cast(still_open + open_as_bill + written_off as decimal(18, 2)) as numerator_reporting,
        cast(amount - set_off as decimal(18, 2)) as denominator_reporting,
        cast(roll_rate as decimal(18, 9)) as roll_rate,
        cast(dilution_rate as decimal(18, 9)) as dilution_rate,
        cast(case when amount - set_off <= 0 then 'denominator_not_positive' end
            as {{ dbt.type_string() }}) as reason_when_null,
        cast(pair_count as int) as pair_count,
        cast(observation_count as bigint) as observation_count,
        cast(item_count as bigint) as item_count,
        cast(unconverted_count as bigint) as unconverted_count
    from {{ ref('int_roll_rate__summed') }}
    where months_back = 0

)

select * from final
