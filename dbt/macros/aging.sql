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

{#- An item that we owe: a negative amount, or nothing but a negative rest in the currency of the books. -#}
{% macro is_credit_item(item) -%}
    (
        {{ item }}.open_amount_document < 0
        or ({{ item }}.open_amount_document = 0 and {{ item }}.open_amount_functional < 0)
    )
{%- endmacro %}

{#- The bucket of every row of `item` (rows of fct_open_item_balance with a `day`) on its day, in the schemes named or in
    all of `bucket` (int_aging_bucket). A negative amount is unapplied whatever its age (L14). -#}
{% macro bucketed(item, bucket, schemes=none) %}
select
    basis.open_item_id,
    basis.day,
    basis.scheme,
    bucket.bucket,
    bucket.bucket_no,
    bucket.policy_version
from (
    select
        item.open_item_id,
        item.day,
        scheme.scheme,
        {{ is_credit_item('item') }} as is_credit,
        {{ aging_basis_date('scheme.basis', 'item') }} as basis_date
    from {{ item }} as item
    cross join (
        select distinct scheme, basis
        from {{ bucket }}
        {%- if schemes %}
        where scheme in ('{{ schemes | join("', '") }}')
        {%- endif %}
    ) as scheme
) as basis
inner join {{ bucket }} as bucket
    on
        basis.scheme = bucket.scheme
        and case
            when basis.is_credit then bucket.bucket = 'unapplied'
            else
                bucket.bucket <> 'unapplied'
                and basis.day >= {{ bucket_first_day('bucket', 'basis.basis_date') }}
                and basis.day <= {{ bucket_last_day('bucket', 'basis.basis_date') }}
        end
{% endmacro %}
