{{ config(materialized='table') }}

{#- What is provisioned on each day on which that is worked out: every open debit item as it stands
    in the statement, after the credits of the same company, customer and currency (accounting B5,
    D4; DECISIONS 31), in its segment and bucket, split into what an insurer answers for and the
    rest (policy section 6 rule 5), and what of either bears a loss (rule 6). -#}
with

customer as (

    select * from {{ ref('int_provision__customer') }}

),

company as (

    select
        company_code,
        coalesce(tax_relief_on_bad_debt, false) as has_tax_relief
    from {{ ref('int_company') }}

),

item as (

    select * from {{ ref('int_provision__open') }}

),

absorbed as (

    {{ absorbed_by_credits('item') }}

),

debit as (

    select
        item.months_back,
        item.day,
        item.open_item_id,
        item.company_code,
        item.customer_id,
        item.receivable_class,
        item.document_id,
        item.currency,
        item.due_date,
        item.original_due_date,
        item.effective_to,
        item.document_date,
        item.instalment_no,
        item.days_past_due,
        item.is_age_unknown,
        item.is_unconverted,
        item.rate_to_reporting,
        coalesce(acceptor.acceptor, 'none') as acceptor,
        item.open_amount_document,
        item.open_amount_functional,
        item.open_amount_reporting,
        item.disputed_amount_document,
        coalesce(absorbed.absorbed_amount, 0) as absorbed_document,
        item.bucket_standard,
        item.bucket_cas_annual,
        item.bucket_monthly_30,
        coalesce(described.amount_document, 0) as original_document,
        case when company.has_tax_relief then coalesce(described.tax_amount_document, 0) else 0 end
            as relieved_document
    from item
    inner join company
        on item.company_code = company.company_code
    left join absorbed
        on item.open_item_id = absorbed.open_item_id and item.day = absorbed.day
    left join {{ ref('int_kpi__item') }} as described
        on item.open_item_id = described.open_item_id
    left join {{ ref('int_provision__acceptor') }} as acceptor
        on
            item.item_kind = 'bill'
            and item.receivable_class in ('bill', 'bill_transferred')
            and item.company_code = acceptor.company_code
            and item.document_id = acceptor.receipt_id
    where not item.is_credit

),

segment as (

    select * from {{ ref('int_provision__segment') }}

),

member as (

    select distinct
        debit.months_back,
        debit.company_code,
        debit.customer_id,
        debit.receivable_class,
        debit.acceptor
    from debit

),

-- first match wins
placed as (

    select
        member.months_back,
        member.company_code,
        member.customer_id,
        member.receivable_class,
        member.acceptor,
        segment.segment,
        segment.segment_no,
        segment.method,
        segment.aging,
        segment.beside_aging,
        segment.fixed_rate,
        segment.presentation,
        segment.policy_version,
        customer.matrix_segment,
        customer.decided_loss_rate
    from member
    inner join customer
        on
            member.months_back = customer.months_back
            and member.company_code = customer.company_code
            and member.customer_id = customer.customer_id
    inner join segment
        on
            {{ is_in_segment('segment', 'customer', 'member.receivable_class', 'member.acceptor',
                'customer.is_individual') }}
    qualify row_number() over (
        partition by
            member.months_back, member.company_code, member.customer_id,
            member.receivable_class, member.acceptor
        order by segment.segment_no
    ) = 1

),

layer as (

    select
        vantage.months_back,
        layered.*
    from {{ ref('int_insurance_cover__layered') }} as layered
    inner join {{ ref('int_provision__vantage') }} as vantage
        on layered.day = vantage.day
    where {{ policy_value('cover_is_integral') }} = 1

),

insured as (

    select
        months_back,
        company_code,
        customer_id,
        -- of several policies the first deadline counts
        min(coalesce(notification_days, 999999)) as notification_days
    from layer
    group by months_back, company_code, customer_id

),

exposed as (

    select
        debit.*,
        debit.open_amount_document - debit.absorbed_document as exposure_document,
        debit.open_amount_functional - coalesce(
            {{ money_share('debit.open_amount_functional', 'debit.absorbed_document',
                'debit.open_amount_document') }}, 0
        ) as exposure_functional,
        debit.open_amount_reporting - coalesce(
            {{ money_share('debit.open_amount_reporting', 'debit.absorbed_document',
                'debit.open_amount_document') }}, 0
        ) as exposure_reporting,
        placed.segment,
        placed.segment_no,
        placed.presentation,
        placed.policy_version,
        placed.matrix_segment,
        placed.decided_loss_rate,
        -- a bank that has not paid at maturity is a debtor like any other
        case
            when placed.method = 'fixed_rate' and debit.days_past_due > 0 then 'matrix'
            else placed.method
        end as method,
        placed.aging,
        placed.beside_aging,
        placed.fixed_rate,
        coalesce(placed.matrix_segment, placed.segment) as rate_segment,
        insured.notification_days
    from debit
    inner join placed
        on
            debit.months_back = placed.months_back
            and debit.company_code = placed.company_code
            and debit.customer_id = placed.customer_id
            and debit.receivable_class = placed.receivable_class
            and debit.acceptor = placed.acceptor
    left join insured
        on
            debit.months_back = insured.months_back
            and debit.company_code = insured.company_code
            and debit.customer_id = insured.customer_id

),

eligible as (

    select
        *,
        case
            when notification_days is null
                or receivable_class <> 'trade'
                or method = 'eliminated'
                or days_past_due > notification_days then 0
            else greatest(
                exposure_reporting - coalesce(
                    {{ money_share('open_amount_reporting', 'disputed_amount_document',
                        'open_amount_document') }}, 0
                ),
                0
            )
        end as eligible_reporting
    from exposed

),

lined_up as (

    select
        *,
        coalesce(
            sum(eligible_reporting) over (
                partition by months_back, company_code, customer_id
                order by due_date, document_date, document_id, instalment_no, open_item_id
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as eligible_before
    from eligible

),

-- items take the layers one after the other
covered as (

    select
        lined_up.months_back,
        lined_up.open_item_id,
        cast(sum({{ money_times_rate(
            'greatest(least(lined_up.eligible_before + lined_up.eligible_reporting, '
            ~ 'layer.limit_before + layer.limit_reporting) '
            ~ '- greatest(lined_up.eligible_before, layer.limit_before), 0)',
            'layer.share'
        ) }}) as decimal(18, 2)) as covered_reporting
    from lined_up
    inner join layer
        on
            lined_up.months_back = layer.months_back
            and lined_up.company_code = layer.company_code
            and lined_up.customer_id = layer.customer_id
    where lined_up.eligible_reporting > 0
    group by lined_up.months_back, lined_up.open_item_id

),

split as (

    select
        lined_up.*,
        coalesce(covered.covered_reporting, cast(0 as decimal(18, 2))) as covered_reporting,
        coalesce(
            {{ money_share('lined_up.exposure_functional', 'covered.covered_reporting',
                'lined_up.exposure_reporting') }}, 0
        ) as covered_functional
    from lined_up
    left join covered
        on {{ equal_key('lined_up', 'covered', ['months_back', 'open_item_id']) }}

),

final as (

    select
        months_back,
        day,
        open_item_id,
        company_code,
        customer_id,
        document_id,
        receivable_class,
        currency,
        original_due_date,
        effective_to,
        open_amount_document,
        rate_to_reporting,
        matrix_segment,
        segment,
        segment_no,
        case when method in ('matrix', 'not_due') then rate_segment else segment end
            as rate_segment,
        method,
        presentation,
        policy_version,
        aging,
        beside_aging,
        fixed_rate,
        decided_loss_rate,
        case
            when method = 'not_due' then 'not_due'
            when is_age_unknown then 'age_unknown'
            when aging = 'cas_annual' then bucket_cas_annual
            else bucket_standard
        end as bucket,
        case when is_age_unknown then 'age_unknown' else bucket_cas_annual end as beside_bucket,
        case when method = 'not_due' then 'not_due' else bucket_monthly_30 end as fine_bucket,
        is_age_unknown,
        is_unconverted or rate_to_reporting is null as is_unconverted,
        {% for basis in ['functional', 'reporting'] -%}
        open_amount_{{ basis }},
        open_amount_{{ basis }} - exposure_{{ basis }} as absorbed_{{ basis }},
        exposure_{{ basis }},
        covered_{{ basis }},
        exposure_{{ basis }} - covered_{{ basis }} as uncovered_{{ basis }},
        covered_{{ basis }} - coalesce({{ money_share('covered_' ~ basis, 'relieved_document',
            'original_document') }}, 0) as covered_base_{{ basis }},
        exposure_{{ basis }} - covered_{{ basis }} - coalesce(
            {{ money_share('(exposure_' ~ basis ~ ' - covered_' ~ basis ~ ')', 'relieved_document',
                'original_document') }}, 0
        ) as uncovered_base_{{ basis }}{{ ',' if not loop.last }}
        {% endfor %}
    from split

)

select * from final
