{#- How a table is made in a build.

    Belongs here: running the statements, and cutting one that is too large for memory into slices. Must not: what stands
    in a table. -#}

{#- dbt makes a table under another name, renames it and looks for what it replaces, so that readers of a database in
    use see the old one until then. Nobody reads a build before it is whole: what a developer's run left is dropped, and
    one statement makes the table; of a model with config `sliced`, one statement for each slice of the customers. -#}
{% materialization table, adapter='duckdb', supported_languages=['sql'] %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set slices = config.get('sliced', false) and run_query(
        'select max(slice_no) from ' ~ this.incorporate(path={'identifier': 'int_customer__sliced'})
    ).columns[0].values()[0] or 0 -%}
    {{ drop_relation_if_exists(load_cached_relation(this)) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement('main') -%}
        {{ create_table_as(False, target, compiled_code | replace(slice_no(), '0')) }}
    {%- endcall %}
    {% for number in range(1, slices + 1) -%}
    {% call statement('slice_' ~ number) -%}
        insert into {{ target }}
        {{ compiled_code | replace(slice_no(), number | string) }}
    {%- endcall %}
    {% endfor -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do persist_docs(target, model) %}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{#- The slice at work, in a model with config `sliced`: it takes the customers of int_customer__sliced with this number,
    and what it makes of them must not depend on any other customer. -#}
{% macro slice_no() -%}
__slice_no__
{%- endmacro %}
