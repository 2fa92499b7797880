{{ config(materialized='table') }}

{#- What the law makes of the claims of a company on a customer under one contract, or under none
    (contract_id ''): the law that governs them, whether they cross a border, who is creditor and
    debtor, and the rules of late interest and limitation that follow (policy.md section 7). Without
    a law in the contract it is that of the seller's country, under Chinese conflict rules as under
    Rome I (DECISIONS 35). -#}
with

claim as (

    select distinct
        company_code,
        coalesce(customer_id, '(unassigned)') as customer_id,
        coalesce(contract_id, '') as contract_id
    from {{ ref('stg_landing__document') }}
    where not is_deleted and known_to = {{ end_of_time() }}
    union distinct
    -- what is claimed behind a bill that came back names no document
    select
        company_code,
        customer_id,
        '' as contract_id
    from {{ ref('dim_customer') }}

),

contract as (

    {{ current_version('contract') }}

),

law_name as (

    select
        upper(trim(written)) as written,
        upper(trim(law)) as law,
        {{ policy_approval() }}
    from {{ policy_table('policy_governing_law') }}

),

law_name_in_force as (

    select
        written,
        max(law) as law
    from law_name
    where {{ is_in_force() }}
    group by written

),

creditor_size as (

    select
        company_code,
        size_class,
        {{ policy_approval() }}
    from {{ policy_table('policy_creditor_size') }}

),

creditor_size_in_force as (

    select
        company_code,
        max(size_class) as size_class
    from creditor_size
    where {{ is_in_force() }}
    group by company_code

),

described as (

    select
        claim.company_code,
        claim.customer_id,
        claim.contract_id,
        contract.late_interest_rate as agreed_rate,
        contract.grace_days,
        contract.signed_on,
        case
            when contract.governing_law is null then company.country
            when law_name.law is not null then law_name.law
            when length(trim(contract.governing_law)) = 2 then upper(trim(contract.governing_law))
        end as governing_law,
        case
            when company.country is not null and customer.country is not null
                then company.country <> customer.country
        end as is_international,
        customer.deal_nature = 'project' as is_project,
        creditor_size.size_class is null as is_creditor_size_unknown,
        case
            when creditor_size.size_class in ('medium', 'small', 'micro') then 'sme'
            else 'other'
        end as creditor,
        coalesce(customer.customer_type, 'enterprise') <> 'individual' as is_business,
        coalesce(customer.ownership = 'government' or customer.size_class = 'large', false)
        and coalesce(customer.customer_type, 'enterprise') <> 'individual' as is_large_or_public,
        coalesce(customer.is_intragroup, false) as is_intragroup,
        coalesce(company.country, '(none)') as calendar_country
    from claim
    inner join {{ ref('int_company') }} as company
        on claim.company_code = company.company_code
    left join {{ ref('dim_customer') }} as customer
        on claim.company_code = customer.company_code and claim.customer_id = customer.customer_id
    left join contract
        on claim.company_code = contract.company_code and claim.contract_id = contract.contract_id
    left join law_name_in_force as law_name
        on upper(trim(contract.governing_law)) = law_name.written
    left join creditor_size_in_force as creditor_size
        on claim.company_code = creditor_size.company_code

),

-- the first rule that fits, of each table
interest_ruled as (

    select
        described.company_code,
        described.customer_id,
        described.contract_id,
        min(regime.order_no) as rule_no
    from described
    inner join {{ ref('int_late_interest__regime') }} as regime
        on
            {{ is_law_of('regime', 'described') }}
            and (regime.creditor is null or regime.creditor = described.creditor)
            and (
                regime.debtor is null
                or (regime.debtor = 'business' and described.is_business)
                or (regime.debtor = 'large_or_public' and described.is_large_or_public)
            )
            and (not regime.needs_agreed_rate or described.agreed_rate is not null)
    group by described.company_code, described.customer_id, described.contract_id

),

limitation_ruled as (

    select
        described.company_code,
        described.customer_id,
        described.contract_id,
        min(
            case
                when
                    regime.is_international is null
                    or regime.is_international = described.is_international
                    then regime.order_no
            end
        ) as rule_no,
        max(case when regime.is_international is not null then 1 else 0 end) = 1
            as depends_on_border
    from described
    inner join {{ ref('int_limitation__regime') }} as regime
        on
            {{ is_law_of('regime', 'described') }}
            and (
                regime.is_goods is null
                or regime.is_goods <> coalesce(described.is_project, false)
            )
    group by described.company_code, described.customer_id, described.contract_id

),

final as (

    select
        described.*,
        interest_ruled.rule_no as late_interest_rule_no,
        limitation_ruled.rule_no as limitation_rule_no,
        described.is_international is null and limitation_ruled.depends_on_border
            as is_limitation_unsure_of_border
    from described
    left join interest_ruled
        on {{ equal_key(
            'described', 'interest_ruled', ['company_code', 'customer_id', 'contract_id']
        ) }}
    left join limitation_ruled
        on {{ equal_key(
            'described', 'limitation_ruled', ['company_code', 'customer_id', 'contract_id']
        ) }}

)

select * from final
