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

{#- The day on which something with this basis date becomes `age` old, in days or calendar months:
    exactly 12 months old is still within 12 months, the day after is not (accounting B2). -#}
{% macro first_day_of_age(unit, basis_date, age) -%}
    case {{ unit }}
        when 'month' then {{ add_days(add_months(basis_date, age ~ ' - 1'), 1) }}
        else {{ add_days(basis_date, age) }}
    end
{%- endmacro %}

{#- Its age on a day: the other way round. -#}
{% macro age_on(unit, basis_date, day) -%}
    case {{ unit }}
        when 'month' then
            {{ calendar_months_between(basis_date, day) }}
            + case
                when {{ day }} > {{ add_months(
                    basis_date, calendar_months_between(basis_date, day)
                ) }} then 1
                else 0
            end
        else {{ days_between(basis_date, day) }}
    end
{%- endmacro %}

{#- First and last day on which an item with this basis date is in the bucket. -#}
{% macro bucket_first_day(bucket, basis_date) -%}
    case
        when {{ bucket }}.lower_bound is null then {{ start_of_days() }}
        else {{ first_day_of_age(bucket ~ '.unit', basis_date, bucket ~ '.lower_bound') }}
    end
{%- endmacro %}

{% macro bucket_last_day(bucket, basis_date) -%}
    case
        when {{ bucket }}.upper_bound is null then {{ add_days(end_of_days(), -1) }}
        else {{ add_days(
            first_day_of_age(bucket ~ '.unit', basis_date, '(' ~ bucket ~ '.upper_bound + 1)'), -1
        ) }}
    end
{%- endmacro %}
