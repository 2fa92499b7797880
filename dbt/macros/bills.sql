{#- Methods that are a promise and no money: the receipt books a bill 票据, which lives on as an item
    of its own (accounting A2). What we pay out by bill is a refund like any other. -#}
{% macro is_bill_receipt(receipt) -%}
    (
        {{ receipt }}.method in (
            'bank_acceptance', 'commercial_acceptance', 'receivable_certificate'
        )
        and {{ receipt }}.amount > 0
    )
{%- endmacro %}

{#- Void from the start, or not posted yet: such a receipt does not exist (L12). -#}
{% macro is_standing_receipt(receipt) -%}
    (
        not {{ receipt }}.is_deleted
        and coalesce({{ receipt }}.status, 'cleared') <> 'pending'
        and not (
            coalesce({{ receipt }}.status, 'cleared') in ('cancelled', 'bounced')
            and {{ receipt }}.status_date is null
        )
    )
{%- endmacro %}

{#- The parts of a bill, each an item of one class: held 在手, passed on with recourse 已背书或贴现,
    and what of it came back unpaid while the rest of the bill lives on. -#}
{% macro bill_parts() -%}
    {{ return([
        {'no': 1, 'name': 'held', 'receivable_class': 'bill'},
        {'no': 2, 'name': 'passed', 'receivable_class': 'bill_transferred'},
        {'no': 3, 'name': 'back', 'receivable_class': 'trade'}
    ]) }}
{%- endmacro %}
