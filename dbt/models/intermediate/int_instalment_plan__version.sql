{{ config(materialized='table') }}

{#- The instalments of every document that ever had any, per knowledge epoch of the document and its
    plan (L4). A plan that does not sum to the document is set aside: the document is then one item,
    and mart_data_quality lists it. Amounts are magnitudes; fill_no is the order in which unnamed
    payments settle. -#}
with

planned as (

    select distinct
        keyed.voucher_key,
        keyed.company_code,
        keyed.voucher_id
    from {{ ref('int_voucher__keyed') }} as keyed
    inner join {{ ref('stg_landing__instalment') }} as instalment
        on
            keyed.company_code = instalment.company_code
            and keyed.voucher_id = instalment.document_id
            and keyed.voucher_kind = 'D'

),

voucher as (

    select
        version.voucher_key,
        version.due_date,
        abs(version.amount_document) as amount,
        abs(version.amount_functional) as amount_functional,
        -- an opening balance is signed, and so are its parts; everything else lands as a magnitude
        case when version.item_kind = 'opening_balance' then version.nature else 1 end as part_sign,
        version.known_from,
        version.known_to
    from {{ ref('int_voucher__version') }} as version
    inner join planned
        on version.voucher_key = planned.voucher_key

),

instalment as (

    select
        planned.voucher_key,
        instalment.instalment_no,
        instalment.due_date,
        instalment.amount,
        coalesce(instalment.kind, 'normal') as instalment_kind,
        instalment.unconditional_on,
        instalment.known_from,
        instalment.known_to,
        instalment.business_date,
        instalment._load_id,
        instalment._row
    from {{ ref('stg_landing__instalment') }} as instalment
    inner join planned
        on
            instalment.company_code = planned.company_code
            and instalment.document_id = planned.voucher_id
    where not instalment.is_deleted

),

epoch as (

    {{ knowledge_epochs(['voucher_key'], ['voucher', 'instalment'], 'epoch_from', 'epoch_to') }}

),

epoch_voucher as (

    select
        epoch.voucher_key,
        epoch.epoch_from,
        epoch.epoch_to,
        voucher.due_date,
        voucher.amount,
        voucher.amount_functional,
        voucher.part_sign
    from epoch
    inner join voucher
        on
            epoch.voucher_key = voucher.voucher_key
            and voucher.known_from <= epoch.epoch_from
            and voucher.known_to > epoch.epoch_from

),

epoch_instalment as (

    select
        epoch_voucher.voucher_key,
        epoch_voucher.epoch_from,
        epoch_voucher.epoch_to,
        epoch_voucher.amount as voucher_amount,
        epoch_voucher.amount_functional as voucher_amount_functional,
        instalment.instalment_no,
        instalment.due_date,
        epoch_voucher.part_sign * instalment.amount as amount,
        instalment.instalment_kind,
        instalment.unconditional_on,
        instalment.business_date,
        instalment._load_id,
        instalment._row,
        sum(epoch_voucher.part_sign * instalment.amount) over (
            partition by epoch_voucher.voucher_key, epoch_voucher.epoch_from
        ) as plan_amount
    from epoch_voucher
    inner join instalment
        on
            epoch_voucher.voucher_key = instalment.voucher_key
            and instalment.known_from <= epoch_voucher.epoch_from
            and instalment.known_to > epoch_voucher.epoch_from

),

valid as (

    select
        *,
        row_number() over plan_order as fill_no,
        sum(amount) over (plan_order rows between unbounded preceding and current row)
            as amount_through
    from epoch_instalment
    where plan_amount = voucher_amount and voucher_amount > 0
    window plan_order as (partition by voucher_key, epoch_from order by due_date, instalment_no)

),

has_valid as (

    select distinct voucher_key, epoch_from
    from valid

),

has_any as (

    select distinct voucher_key, epoch_from
    from epoch_instalment

),

final as (

    select
        valid.voucher_key,
        valid.instalment_no,
        valid.fill_no,
        valid.fill_no = count(*) over (partition by valid.voucher_key, valid.epoch_from) as is_last,
        valid.due_date,
        cast(valid.amount as decimal(18, 2)) as amount,
        cast(
            {{ money_share('valid.voucher_amount_functional', 'valid.amount_through',
                'valid.voucher_amount') }}
            - {{ money_share(
                'valid.voucher_amount_functional', '(valid.amount_through - valid.amount)',
                'valid.voucher_amount'
            ) }} as decimal(18, 2)
        ) as amount_functional,
        valid.instalment_kind,
        valid.unconditional_on,
        false as is_set_aside,
        true as is_planned,
        valid.business_date,
        valid.epoch_from as known_from,
        valid.epoch_to as known_to,
        valid._load_id,
        valid._row
    from valid
    union all
    select
        epoch_voucher.voucher_key,
        1 as instalment_no,
        1 as fill_no,
        true as is_last,
        epoch_voucher.due_date,
        cast(epoch_voucher.amount as decimal(18, 2)) as amount,
        cast(epoch_voucher.amount_functional as decimal(18, 2)) as amount_functional,
        'normal' as instalment_kind,
        cast(null as date) as unconditional_on,
        has_any.voucher_key is not null as is_set_aside,
        false as is_planned,
        cast(null as date) as business_date,
        epoch_voucher.epoch_from as known_from,
        epoch_voucher.epoch_to as known_to,
        cast(null as bigint) as _load_id,
        cast(null as bigint) as _row
    from epoch_voucher
    left join has_valid
        on epoch_voucher.voucher_key = has_valid.voucher_key and epoch_voucher.epoch_from
            = has_valid.epoch_from
    left join has_any
        on epoch_voucher.voucher_key = has_any.voucher_key and epoch_voucher.epoch_from
            = has_any.epoch_from
    where has_valid.voucher_key is null

)

select * from final
