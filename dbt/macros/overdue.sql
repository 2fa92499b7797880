{#- Dates by which an item can be overdue, and the column that tells each: the policy due date (the
    headline), the first one ever known, and the one agreed last. `every` stands for all three, for
    the items on which they never differ. -#}
{% macro overdue_bases() -%}
    {{ return({
        'policy': 'due_date', 'original': 'original_due_date', 'agreed': 'agreed_due_date'
    }) }}
{%- endmacro %}

{#- Lines of the overdue bridge (domain section 5), in the order in which it is read, and the kinds of
    movement that change what is overdue already. Those without a kind follow from dates. What came
    back of a bill in part is overdue, and a source may tell afterwards that it was passed on. -#}
{% macro overdue_lines() -%}
    {{ return({
        'became_overdue': [],
        'billed_overdue': ['billed', 'refund'],
        'reopened': ['reversal', 'write_off_recovery', 'bill_dishonoured', 'bill_returned'],
        'cash': ['cash', 'bill_honoured'],
        'bill': ['bill_received', 'bill_endorsed', 'bill_discounted'],
        'credit_note': ['credit_note'],
        'discount': ['discount'],
        'offset': ['offset'],
        'settlement': ['settlement'],
        'write_off': ['write_off'],
        'extended': [],
        'due_date_changed': [],
        'class_transfer': ['class_transfer'],
        'over_allocated': [],
        'fx': ['fx_difference']
    }) }}
{%- endmacro %}

{#- The line of a movement of this kind on an overdue item. -#}
{% macro overdue_line_of(movement_kind) -%}
    case
        {% for line, kinds in overdue_lines().items() if kinds -%}
        when {{ movement_kind }} in ('{{ kinds | join("', '") }}') then '{{ line }}'
        {% endfor -%}
        else 'unexplained'
    end
{%- endmacro %}

{#- Sums per line of a relation with `line` and the amounts: one column per line and basis of money. -#}
{% macro overdue_line_sums(money_bases) -%}
{% for money_basis in money_bases -%}
{% set outer_last = loop.last -%}
{% for line in overdue_lines() -%}
sum(case when line = '{{ line }}' then amount_{{ money_basis }} else 0 end)
    as {{ line }}_{{ money_basis }}{{ ',' if not (loop.last and outer_last) }}
{% endfor -%}
{% endfor -%}
{%- endmacro %}

{#- The sum of all lines in one basis of money, of columns of `relation`. -#}
{% macro overdue_line_total(relation, money_basis, but=[]) -%}
({% for line in overdue_lines() if line not in but -%}
{{ relation }}.{{ line }}_{{ money_basis }}{{ ' + ' if not loop.last }}
{%- endfor %})
{%- endmacro %}

{#- Which bases a row of fct_overdue_movement counts on. -#}
{% macro overdue_counts_on(change, basis) -%}
    {{ change }}.due_date_basis in ('every', {{ basis }}.due_date_basis)
{%- endmacro %}

{#- One row per basis. -#}
{% macro overdue_basis_rows() -%}
{% for basis in overdue_bases() -%}
select '{{ basis }}' as due_date_basis
{{ 'union all' if not loop.last }}
{% endfor -%}
{%- endmacro %}

{#- The columns of a bridge, cast, from `relation` with opening, lines and closing in all three bases of
    money. What a reporting amount changes by beside its movements is exchange. -#}
{% macro overdue_bridge_columns(relation) -%}
{% for money_basis in ['document', 'functional', 'reporting'] -%}
cast({{ relation }}.opening_{{ money_basis }} as decimal(18, 2)) as opening_{{ money_basis }},
{% for line in overdue_lines() if not (line == 'fx' and money_basis != 'functional') -%}
cast({{ relation }}.{{ line }}_{{ money_basis }} as decimal(18, 2))
    as {{ line }}_{{ money_basis }},
{% endfor -%}
{% if money_basis == 'reporting' -%}
cast(
    {{ relation }}.closing_reporting - {{ relation }}.opening_reporting
    - {{ overdue_line_total(relation, 'reporting', but=['fx']) }}
    as decimal(18, 2)
) as fx_reporting,
{% endif -%}
cast({{ relation }}.closing_{{ money_basis }} as decimal(18, 2)) as closing_{{ money_basis }},
{% if money_basis != 'reporting' -%}
cast(
    {{ relation }}.opening_{{ money_basis }} + {{ overdue_line_total(relation, money_basis) }}
    - {{ relation }}.closing_{{ money_basis }}
    as decimal(18, 2)
) as difference_{{ money_basis }},
{% endif -%}
{% endfor -%}
{%- endmacro %}

{#- An amount in the reporting currency; nothing is nothing, whatever it was worth. -#}
{% macro reporting_or_zero(amount, rate) -%}
    case
        when {{ amount }} = 0 then cast(0 as decimal(18, 2))
        else {{ money_times_rate(amount, rate) }}
    end
{%- endmacro %}
