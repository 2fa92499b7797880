{{ config(materialized='table') }}

{#- What each party owes undisputed beyond the days past due that policy calls default, on the
    original due date, after its credits, on every day on which that changes (policy section 1), as
    believed now. -#}
with

final as (

    {{ net_overdue_history(
        ref('int_risk__open_now'),
        'original_due_date',
        {'net_overdue_reporting': policy_value('default_days_past_due')}
    ) | indent(4) }}

)

select * from final
