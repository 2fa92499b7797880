{#- Statistics that engines do not have, or not under one name.

    Belongs here: formulas over numbers. Must not: what they are asked about. -#}

{#- Probability that a standard normal variable is at least z, to 7 decimals (Abramowitz and Stegun, 26.2.17). -#}
{% macro normal_upper_tail(z) -%}
(
    case when {{ z }} >= 0 then 0 else 1 end
    + case when {{ z }} >= 0 then 1 else -1 end
    * exp(-{{ z }} * {{ z }} / 2) * 0.3989422804014327
    * (
        0.319381530 / (1 + 0.2316419 * abs({{ z }}))
        - 0.356563782 / power(1 + 0.2316419 * abs({{ z }}), 2)
        + 1.781477937 / power(1 + 0.2316419 * abs({{ z }}), 3)
        - 1.821255978 / power(1 + 0.2316419 * abs({{ z }}), 4)
        + 1.330274429 / power(1 + 0.2316419 * abs({{ z }}), 5)
    )
)
{%- endmacro %}

{#- How far the rank sum of `count_1` observations lies above what chance gives, in standard deviations (Mann and
    Whitney, normal approximation with the correction for ties, half a step towards the middle). `twice_u` is twice the
    number of pairs in which an observation of the first sample is the greater, ties counted half; `tie_sum` the sum of
    t^3 - t over tied groups. NULL where all observations are the same. -#}
{% macro rank_test_z(twice_u, count_1, count_2, tie_sum) -%}
(
    (cast({{ twice_u }} as double) / 2 - cast({{ count_1 }} as double) * {{ count_2 }} / 2 - 0.5)
    / nullif(
        sqrt(
            greatest(
                cast({{ count_1 }} as double) * {{ count_2 }} / 12
                * (
                    {{ count_1 }} + {{ count_2 }} + 1
                    - cast({{ tie_sum }} as double) / nullif(
                        cast({{ count_1 }} + {{ count_2 }} as double) * ({{ count_1 }} + {{ count_2 }} - 1), 0
                    )
                ),
                0
            )
        ),
        0
    )
)
{%- endmacro %}
