{{ config(materialized='table') }}

{#- The share of each group of customers in all receivables, and what of it is overdue, as known on
    the day: on the days on which the group's own figures change, and on Fridays. Groups that were
    never above 1 % of the whole are left out. -#}
with

member as (

    select distinct
        customer.party_id,
        node.group_id
    from {{ ref('dim_customer') }} as customer
    inner join {{ ref('int_customer__grouped') }} as node
        on customer.party_id = node.customer_key
    where not customer.is_intragroup

),

change as (

    {% for sign, day in [('', 'effective_from'), ('-', 'effective_to')] -%}
    select
        member.group_id,
        owed.{{ day }} as day,
        {{ sign }}owed.gross_receivable as gross_receivable,
        {{ sign }}owed.net_overdue_0 as net_overdue_0
    from {{ ref('int_warning__owed') }} as owed
    inner join member
        on owed.party_id = member.party_id
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

of_group as (

    {{ running_sums('change', ['group_id'], ['gross_receivable', 'net_overdue_0']) }}

),

every_change as (

    select
        'all' as whole,
        day,
        gross_receivable
    from change

),

whole as (

    {{ running_sums('every_change', ['whole'], ['gross_receivable']) }}

),

whole_day as (

    select
        calendar.day,
        whole.gross_receivable
    from whole
    inner join {{ ref('dim_date') }} as calendar
        on calendar.day >= whole.effective_from and calendar.day < whole.effective_to
    where calendar.day <= {{ as_of() }}

),

large as (

    select distinct of_group.group_id
    from of_group
    inner join whole_day
        on of_group.effective_from = whole_day.day
    where of_group.gross_receivable * 100 >= whole_day.gross_receivable

),

friday as (

    select day
    from {{ ref('dim_date') }}
    where {{ days_between(start_of_days(), 'day') }} % 7 = 4 and day <= {{ as_of() }}

),

cut as (

    select
        of_group.group_id,
        of_group.effective_from as day,
        of_group.gross_receivable,
        of_group.net_overdue_0
    from of_group
    inner join large
        on of_group.group_id = large.group_id
    union all
    select
        of_group.group_id,
        friday.day,
        of_group.gross_receivable,
        of_group.net_overdue_0
    from of_group
    inner join large
        on of_group.group_id = large.group_id
    inner join friday
        on friday.day > of_group.effective_from and friday.day < of_group.effective_to

),

final as (

    select
        cut.group_id,
        cut.day as effective_from,
        coalesce(
            lead(cut.day) over (partition by cut.group_id order by cut.day), {{ end_of_days() }}
        ) as effective_to,
        cut.gross_receivable as group_gross_receivable,
        cut.net_overdue_0 as group_net_overdue,
        {{ ratio_of('cut.gross_receivable', 'whole_day.gross_receivable') }}
            as group_receivable_share
    from cut
    inner join whole_day
        on cut.day = whole_day.day

)

select * from final
