{#- What a target may be set for: a metric and variant of mart_receivable_kpi, or `collected`, the cash of a period.
    The variant named first is meant where a target names none. -#}
{% macro target_metrics() -%}
    {{ return([
        {'metric': 'collected', 'variants': ['all_cash'], 'unit': 'amount', 'is_lower_better': false},
        {'metric': 'collection_rate', 'variants': ['all_cash'], 'unit': 'ratio', 'is_lower_better': false},
        {'metric': 'due_collection_rate', 'variants': ['applied'], 'unit': 'ratio',
            'is_lower_better': false},
        {'metric': 'collection_effectiveness_index', 'variants': ['write_off_adjusted', 'standard'],
            'unit': 'index', 'is_lower_better': false},
        {'metric': 'current_rate', 'variants': ['gross', 'net'], 'unit': 'ratio',
            'is_lower_better': false},
        {'metric': 'overdue_rate', 'variants': ['gross', 'net', 'by_count'], 'unit': 'ratio',
            'is_lower_better': true},
        {'metric': 'over_90_rate', 'variants': ['gross'], 'unit': 'ratio', 'is_lower_better': true},
        {'metric': 'disputed_rate', 'variants': ['of_overdue'], 'unit': 'ratio',
            'is_lower_better': true},
        {'metric': 'unapplied_cash_rate', 'variants': ['gross'], 'unit': 'ratio',
            'is_lower_better': true},
        {'metric': 'bad_debt_ratio', 'variants': ['to_average_receivable', 'vintage'],
            'unit': 'ratio', 'is_lower_better': true},
        {'metric': 'dso', 'variants': [
            'countback', 'countback_with_bills', 'ending', 'with_bills', 'average', 'net_of_tax'
        ], 'unit': 'days', 'is_lower_better': true},
        {'metric': 'average_days_delinquent', 'variants': ['ending'], 'unit': 'days',
            'is_lower_better': true},
        {'metric': 'days_to_pay', 'variants': ['weighted', 'simple', 'median', 'p90'], 'unit': 'days',
            'is_lower_better': true},
        {'metric': 'days_late', 'variants': ['weighted', 'simple', 'median', 'p90'], 'unit': 'days',
            'is_lower_better': true},
    ]) }}
{%- endmacro %}
