{{ config(materialized='table') }}

{#- What settles what inside a clearing, and what is left (DECISIONS 17). Debits by due date and
    credits by accounting date are laid out along two rulers of the same currency; difference
    postings lie behind the items of their side, so that they settle what the items leave. Where
    two intervals overlap, one settles the other. What one currency has left over of debits and one
    other has of credits is matched in proportion. A sort per group; only what is left over in two
    currencies is compared one by one.
    outcome: paired (item with item), difference (a posting settles an item), exchange (a posting
    carries a difference in functional currency), open (an item that nothing in the group settles).
    -#}
{%- set group_key = ['company_code', 'clearing_id', 'known_from', 'known_to'] -%}
{%- set ruler = (group_key + ['currency']) | join(', ') -%}
with

member as (

    select * from {{ ref('int_settlement__member') }}

),

posting as {{ read_once() }} (

    select
        *,
        case when amount_document > 0 then 'debit' else 'credit' end as side,
        abs(amount_document) as size,
        row_number() over along as posting_no,
        cast(
            sum(abs(amount_document)) over (along rows between unbounded preceding and current row)
            as decimal(18, 2)
        ) as upto
    from member
    where amount_document <> 0 and coalesce(difference_kind, '') <> 'fx_difference'
    window along as (
        partition by {{ ruler }}, amount_document > 0
        order by
            difference_kind is not null,
            case when amount_document > 0 then due_date else accounting_date end,
            voucher_kind, voucher_id
    )

),

cut as (

    select
        {{ ruler }},
        upto as cut_to,
        min(posting_no) filter (where side = 'debit') as debit_no,
        min(posting_no) filter (where side = 'credit') as credit_no
    from posting
    group by {{ ruler }}, upto

),

-- between two cuts stand the postings whose ends come next on either ruler
piece as (

    select
        {{ ruler }},
        cut_to - coalesce(lag(cut_to) over (partition by {{ ruler }} order by cut_to), 0)
            as amount,
        min(debit_no) over ahead as debit_no,
        min(credit_no) over ahead as credit_no
    from cut
    window ahead as (
        partition by {{ ruler }}
        order by cut_to
        rows between current row and unbounded following
    )

),

last_item as (

    select
        {{ ruler }},
        max(posting_no) filter (where side = 'debit') as debit_no,
        max(posting_no) filter (where side = 'credit') as credit_no
    from posting
    where difference_kind is null
    group by {{ ruler }}

),

told_piece as (

    select
        {{ qualified('piece', group_key + ['currency', 'amount']) }},
        debit.difference_kind as debit_difference_kind,
        credit.difference_kind as credit_difference_kind,
        piece.debit_no,
        piece.credit_no,
        last_item.debit_no as last_debit_no,
        last_item.credit_no as last_credit_no
    from piece
    left join posting as debit
        on
            {{ same_key('piece', 'debit', group_key + ['currency']) }}
            and debit.side = 'debit' and piece.debit_no = debit.posting_no
    left join posting as credit
        on
            {{ same_key('piece', 'credit', group_key + ['currency']) }}
            and credit.side = 'credit' and piece.credit_no = credit.posting_no
    left join last_item
        on {{ same_key('piece', 'last_item', group_key + ['currency']) }}

),

-- What a posting has over goes to the last item of the other side, which then turns over (L5);
-- two postings on opposite sides take each other back.
met as (

    select
        {{ ruler }},
        amount,
        case
            when credit_difference_kind is not null then 'difference'
            when debit_difference_kind is not null then 'difference'
            when debit_no is null or credit_no is null then 'open'
            else 'paired'
        end as outcome,
        case when debit_no is null and credit_difference_kind is not null then last_debit_no
            else debit_no end as debit_no,
        case when credit_no is null and debit_difference_kind is not null then last_credit_no
            else credit_no end as credit_no,
        credit_difference_kind is not null as is_credit_difference,
        (debit_no is null and credit_difference_kind is not null)
        or (credit_no is null and debit_difference_kind is not null) as is_excess
    from told_piece
    where credit_difference_kind is null or debit_difference_kind is null

),

-- what items have left in one currency each, along rulers of their own
leftover as (

    select
        {{ qualified('met', group_key + ['currency']) }},
        case when met.debit_no is null then 'credit' else 'debit' end as side,
        coalesce(met.debit_no, met.credit_no) as posting_no,
        cast(sum(met.amount) as decimal(18, 2)) as amount
    from met
    where met.outcome = 'open'
    group by {{ ruler }}, met.debit_no, met.credit_no

),

crossed_group as (

    select
        {{ group_key | join(', ') }},
        cast(sum(amount) filter (where side = 'debit') as decimal(18, 2)) as debit_amount,
        cast(sum(amount) filter (where side = 'credit') as decimal(18, 2)) as credit_amount
    from leftover
    group by {{ group_key | join(', ') }}
    having
        count(distinct case when side = 'debit' then currency end) = 1
        and count(distinct case when side = 'credit' then currency end) = 1

),

leftover_along as (

    select
        {{ qualified('leftover', group_key + ['currency', 'side', 'posting_no', 'amount']) }},
        crossed_group.debit_amount,
        crossed_group.credit_amount,
        cast(
            sum(leftover.amount) over (
                partition by {{ qualified('leftover', group_key + ['side']) }}
                order by leftover.posting_no
                rows between unbounded preceding and current row
            ) as decimal(18, 2)
        ) as upto
    from leftover
    inner join crossed_group
        on {{ same_key('leftover', 'crossed_group', group_key) }}

),

-- Rounding keeps the order of the cuts, so both sides add up to the cent.
crossed as (

    select
        {{ qualified('debit', group_key) }},
        debit.currency,
        debit.posting_no as debit_no,
        credit.currency as credit_currency,
        credit.posting_no as credit_no,
        least(
            debit.upto,
            {{ money_share('debit.debit_amount', 'credit.upto', 'debit.credit_amount') }}
        )
        - greatest(
            debit.upto - debit.amount,
            {{ money_share('debit.debit_amount', '(credit.upto - credit.amount)',
                'debit.credit_amount') }}
        ) as amount,
        least(
            credit.upto,
            {{ money_share('debit.credit_amount', 'debit.upto', 'debit.debit_amount') }}
        )
        - greatest(
            credit.upto - credit.amount,
            {{ money_share('debit.credit_amount', '(debit.upto - debit.amount)',
                'debit.debit_amount') }}
        ) as from_amount
    from leftover_along as debit
    inner join leftover_along as credit
        on
            {{ same_key('debit', 'credit', group_key) }}
            and debit.side = 'debit' and credit.side = 'credit'

),

settled as (

    select
        {{ ruler }},
        outcome,
        debit_no,
        currency as credit_currency,
        credit_no,
        is_credit_difference,
        is_excess,
        amount,
        cast(null as decimal(18, 2)) as from_amount
    from met
    where outcome <> 'open'
    union all
    select
        {{ ruler }},
        'paired' as outcome,
        debit_no,
        credit_currency,
        credit_no,
        false as is_credit_difference,
        false as is_excess,
        amount,
        from_amount
    from crossed
    where amount + from_amount > 0
    union all
    select
        {{ qualified('leftover', group_key + ['currency']) }},
        'open' as outcome,
        case when leftover.side = 'debit' then leftover.posting_no end as debit_no,
        leftover.currency as credit_currency,
        case when leftover.side = 'credit' then leftover.posting_no end as credit_no,
        false as is_credit_difference,
        false as is_excess,
        leftover.amount,
        cast(null as decimal(18, 2)) as from_amount
    from leftover
    left join crossed_group
        on {{ same_key('leftover', 'crossed_group', group_key) }}
    where crossed_group.known_from is null

),

applied as (

    select
        {{ qualified('settled', group_key + ['currency', 'outcome', 'is_credit_difference',
            'is_excess', 'from_amount']) }},
        cast(settled.amount as decimal(18, 2)) as amount,
        debit.voucher_key as debit_voucher_key,
        credit.voucher_key as credit_voucher_key
    from settled
    left join posting as debit
        on
            {{ same_key('settled', 'debit', group_key + ['currency']) }}
            and debit.side = 'debit' and settled.debit_no = debit.posting_no
    left join posting as credit
        on
            {{ same_key('settled', 'credit', group_key) }}
            and settled.credit_currency = credit.currency
            and credit.side = 'credit' and settled.credit_no = credit.posting_no

),

-- The foreign debit that is settled last carries the exchange differences of the group: the last
-- one that anything settles, else the last one.
carrier as (

    select
        {{ qualified('debit', group_key) }},
        debit.voucher_key
    from posting as debit
    left join (
        select distinct {{ group_key | join(', ') }}, debit_voucher_key
        from applied
        where outcome = 'paired'
    ) as reached
        on
            {{ same_key('debit', 'reached', group_key) }}
            and debit.voucher_key = reached.debit_voucher_key
    where debit.side = 'debit' and debit.difference_kind is null and debit.is_foreign
    qualify row_number() over (
        partition by {{ qualified('debit', group_key) }}
        order by
            reached.debit_voucher_key is null,
            debit.due_date desc, debit.voucher_kind desc, debit.voucher_id desc
    ) = 1

),

outcome as (

    select
        {{ group_key | join(', ') }},
        currency,
        outcome,
        is_excess,
        case
            when outcome <> 'difference' then credit_voucher_key
            when is_credit_difference then credit_voucher_key
            else debit_voucher_key
        end as from_voucher_key,
        case
            when outcome <> 'difference' or is_credit_difference then debit_voucher_key
            else credit_voucher_key
        end as to_voucher_key,
        -- a sink takes its amount off the item settled: it is negative on a credit item
        case when outcome = 'difference' and not is_credit_difference then -amount
            else amount end as amount,
        from_amount,
        cast(null as decimal(18, 2)) as functional_amount
    from applied
    union all
    select
        {{ qualified('member', group_key) }},
        member.currency,
        'exchange' as outcome,
        false as is_excess,
        member.voucher_key as from_voucher_key,
        carrier.voucher_key as to_voucher_key,
        cast(0 as decimal(18, 2)) as amount,
        cast(null as decimal(18, 2)) as from_amount,
        -- positive: the receivable is reduced
        -member.booked_functional as functional_amount
    from member
    inner join carrier
        on {{ same_key('member', 'carrier', group_key) }}
    where member.difference_kind = 'fx_difference'

),

final as (

    select
        {{ group_key | join(', ') }},
        currency,
        outcome,
        from_voucher_key,
        to_voucher_key,
        cast(sum(amount) as decimal(18, 2)) as amount,
        cast(sum(case when is_excess then amount else 0 end) as decimal(18, 2)) as excess_amount,
        cast(sum(from_amount) as decimal(18, 2)) as from_amount,
        cast(sum(functional_amount) as decimal(18, 2)) as functional_amount
    from outcome
    group by {{ group_key | join(', ') }}, currency, outcome, from_voucher_key, to_voucher_key

)

select * from final
