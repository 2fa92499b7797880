{#- How a table is made in a build.

    Belongs here: running the one statement. Must not: what stands in a table. -#}

{#- dbt makes a table under another name, renames it and looks for what it replaces, so that readers of a database in
    use see the old one until then. Nobody reads a build before it is whole: what a developer's run left is dropped, and
    one statement makes the table. -#}
{% materialization table, adapter='duckdb', supported_languages=['sql'] %}
    {%- set target = this.incorporate(type='table') -%}
    {{ drop_relation_if_exists(load_cached_relation(this)) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement('main') -%}
        {{ create_table_as(False, target, compiled_code) }}
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do persist_docs(target, model) %}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
