{#- Where a chain of `next_node`s ends, for every `node` of a relation; a node that points to itself is an end, and every
    node pointed to is a row. Chains of up to 32 links. Those that run in a circle end in its lowest node, whichever
    of them one begins with. -#}
{% macro ends_of_chains(link) %}
with

-- each step doubles the number of links followed
step_0 as {{ read_once() }} (

    select
        node,
        next_node,
        least(node, next_node) as lowest_node
    from {{ link }}

),

{% for step in range(1, 6) -%}
step_{{ step }} as {{ read_once() }} (

    select
        near.node,
        far.next_node,
        least(near.lowest_node, far.lowest_node) as lowest_node
    from step_{{ step - 1 }} as near
    inner join step_{{ step - 1 }} as far
        on near.next_node = far.node

),

{% endfor -%}
final as (

    select
        step_5.node,
        case when last_link.next_node = step_5.next_node then step_5.next_node
            else circle.lowest_node end as end_node
    from step_5
    inner join step_0 as last_link
        on step_5.next_node = last_link.node
    inner join step_5 as circle
        on step_5.next_node = circle.node

)

select * from final
{% endmacro %}
