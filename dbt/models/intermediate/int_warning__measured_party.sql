{{ config(materialized='table') }}

{#- All that a rule about a party may look at, side by side over time (macro warning_subjects). -#}
{{ warning_measured('party') }}
