{{ config(materialized='table') }}

{#- Days on which what is overdue on an item of class trade changes, with what was overdue on the
    eve and what is at the end of the day, on current knowledge. An item is overdue from the day after
    its due date for as long as its balance is a debit. Items that were never overdue have no row,
    so the cost follows what was late, not what was billed. -#}
{%- set bases = overdue_bases() -%}
with

balance as (

    select
        open_item_id,
        company_code,
        customer_id,
        currency,
        effective_from,
        effective_to,
        due_date,
        original_due_date,
        coalesce(agreed_due_date, due_date) as agreed_due_date,
        open_amount_document,
        coalesce(open_amount_functional, 0) as open_amount_functional,
        is_unconverted,
        -- a revaluation has no document amount (L15)
        open_amount_document > 0
        or (open_amount_document = 0 and open_amount_functional > 0) as is_owed
    from {{ ref('fct_open_item_balance') }}
    where
        receivable_class = 'trade'
        and known_to = {{ end_of_time() }}
        and effective_from <= {{ as_of() }}

),

late_item as (

    select
        open_item_id,
        min(due_date) = max(due_date)
        and min(original_due_date) = max(original_due_date)
        and min(agreed_due_date) = max(agreed_due_date)
        and min(original_due_date) = min(due_date)
        and min(agreed_due_date) = min(due_date) as is_unmoved
    from balance
    group by open_item_id
    having max(
        case
            when is_owed
                and {{ add_days('least(due_date, original_due_date, agreed_due_date)', 1) }}
                < least(effective_to, {{ add_days(as_of(), 1) }})
                then 1
            else 0
        end
    ) = 1

),

late_balance as (

    select
        balance.*,
        late_item.is_unmoved
    from balance
    inner join late_item
        on balance.open_item_id = late_item.open_item_id

),

dated as (

    select
        *,
        'every' as due_date_basis,
        due_date as basis_date
    from late_balance
    where is_unmoved
    {% for basis, column in bases.items() -%}
    union all
    select
        *,
        '{{ basis }}' as due_date_basis,
        {{ column }} as basis_date
    from late_balance
    where not is_unmoved
    {% endfor %}

),

neighbour as (

    select
        *,
        coalesce(lag(effective_to) over along = effective_from, false) as is_continued,
        coalesce(lead(effective_from) over along = effective_to, false) as is_continuing,
        lag(is_owed) over along as was_owed,
        lag(basis_date) over along as previous_basis_date,
        lag(open_amount_document) over along as previous_amount_document,
        lag(open_amount_functional) over along as previous_amount_functional,
        lag(is_unconverted) over along as was_unconverted
    from dated
    window along as (partition by open_item_id, due_date_basis order by effective_from)

),

{%- set item = ['open_item_id', 'company_code', 'customer_id', 'currency', 'due_date_basis'] %}

turn as (

    -- the balance, its date or its class changes
    select
        {{ item | join(', ') }},
        effective_from as day,
        is_continued and was_owed as was_owed,
        previous_basis_date,
        case when is_continued then previous_amount_document else 0 end as previous_amount_document,
        case when is_continued then previous_amount_functional else 0 end
            as previous_amount_functional,
        is_continued and was_unconverted as was_unconverted,
        is_owed,
        basis_date,
        open_amount_document,
        open_amount_functional,
        is_unconverted
    from neighbour
    union all
    -- nothing happens, and the day after the due date comes
    select
        {{ item | join(', ') }},
        {{ add_days('basis_date', 1) }} as day,
        is_owed as was_owed,
        basis_date as previous_basis_date,
        open_amount_document as previous_amount_document,
        open_amount_functional as previous_amount_functional,
        is_unconverted as was_unconverted,
        is_owed,
        basis_date,
        open_amount_document,
        open_amount_functional,
        is_unconverted
    from neighbour
    where
        {{ add_days('basis_date', 1) }} > effective_from
        and {{ add_days('basis_date', 1) }} < effective_to
    union all
    -- nothing is left
    select
        {{ item | join(', ') }},
        effective_to as day,
        is_owed as was_owed,
        basis_date as previous_basis_date,
        open_amount_document as previous_amount_document,
        open_amount_functional as previous_amount_functional,
        is_unconverted as was_unconverted,
        false as is_owed,
        cast(null as date) as basis_date,
        0 as open_amount_document,
        0 as open_amount_functional,
        false as is_unconverted
    from neighbour
    where not is_continuing

),

judged as (

    select
        *,
        was_owed and {{ add_days('previous_basis_date', 1) }} < day as was_overdue,
        is_owed and basis_date < day as is_overdue
    from turn
    where day <= {{ as_of() }}

),

final as (

    select
        {{ item | join(', ') }},
        day,
        was_owed,
        was_overdue,
        is_owed,
        coalesce(is_overdue, false) as is_overdue,
        previous_basis_date,
        basis_date,
        {% for basis in ['document', 'functional'] -%}
        cast(case when was_overdue then previous_amount_{{ basis }} else 0 end as decimal(18, 2))
            as overdue_before_{{ basis }},
        cast(case when is_overdue then open_amount_{{ basis }} else 0 end as decimal(18, 2))
            as overdue_{{ basis }},
        {% endfor -%}
        case when is_overdue and is_unconverted then 1 else 0 end
        - case when was_overdue and was_unconverted then 1 else 0 end as unconverted_change
    from judged
    where was_overdue or is_overdue

)

select * from final
