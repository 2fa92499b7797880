{{ config(materialized='table') }}

{#- When each warning opened, rose, fell and closed (macro warning_steps). -#}
{{ warning_steps(ref('int_warning__judged')) }}
