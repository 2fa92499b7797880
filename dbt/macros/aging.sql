{#- The date a scheme ages by. Every basis gives the same total; only the buckets differ (rule 3).
    -#}
{% macro aging_basis_date(basis, item) -%}
    case {{ basis }}
        when 'original_due_date' then {{ item }}.original_due_date
        when 'document_date' then {{ item }}.age_anchor_date
        when 'posting_date' then {{ item }}.posting_date
        else {{ item }}.due_date
    end
{%- endmacro %}

{#- First and last day on which an item with this basis date is in the bucket. Months are calendar
    months: exactly 12 months old is still within 12 months, the day after is not (accounting B2).
    -#}
{% macro bucket_first_day(bucket, basis_date) -%}
    case
        when {{ bucket }}.lower_bound is null then {{ start_of_days() }}
        when {{ bucket }}.unit = 'month'
            then {{ add_days(add_months(basis_date, bucket ~ '.lower_bound - 1'), 1) }}
        else {{ add_days(basis_date, bucket ~ '.lower_bound') }}
    end
{%- endmacro %}

{% macro bucket_last_day(bucket, basis_date) -%}
    case
        when {{ bucket }}.upper_bound is null then {{ add_days(end_of_days(), -1) }}
        when {{ bucket }}.unit = 'month' then {{ add_months(basis_date, bucket ~ '.upper_bound') }}
        else {{ add_days(basis_date, bucket ~ '.upper_bound') }}
    end
{%- endmacro %}
