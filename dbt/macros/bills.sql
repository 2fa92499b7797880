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

{#- Where the amount of a bill may stand; they share it without rest. Of two that hold as much the
    first gives the bill its name. -#}
{% macro bill_states() -%}
    {{ return([
        {'name': 'matured_without_outcome', 'label_zh': '到期未兑付'},
        {'name': 'in_hand', 'label_zh': '在手'},
        {'name': 'pledged', 'label_zh': '质押'},
        {'name': 'endorsed_with_recourse', 'label_zh': '背书(有追索权)'},
        {'name': 'discounted_with_recourse', 'label_zh': '贴现(有追索权)'},
        {'name': 'dishonoured', 'label_zh': '拒付'},
        {'name': 'returned', 'label_zh': '退回'},
        {'name': 'honoured', 'label_zh': '已兑付'},
        {'name': 'recourse_ended', 'label_zh': '背书/贴现已到期'},
        {'name': 'endorsed_without_recourse', 'label_zh': '背书(无追索权)'},
        {'name': 'discounted_without_recourse', 'label_zh': '贴现(无追索权)'}
    ]) }}
{%- endmacro %}

{#- Bills drawn since 2023 run six months at most (PBoC and CBIRC order 4 of 2022). The day on which
    one was drawn is not told: not after the one on which it was received, and one drawn before 2023
    ran a year at most. So what matures in 2024 or later, and more than six months after it was
    received, is too long for certain. -#}
{% macro is_too_long_by_law(receipt) -%}
    (
        {{ receipt }}.method in ('bank_acceptance', 'commercial_acceptance')
        and {{ receipt }}.maturity_date >= cast('2024-01-01' as date)
        and {{ receipt }}.maturity_date
        > {{ add_months(receipt ~ '.received_on', policy_value('bill_longest_months')) }}
    )
{%- endmacro %}
