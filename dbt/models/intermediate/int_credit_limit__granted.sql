{{ config(materialized='table') }}

{#- The limit that each party has on the as-of date over all its customers, and who gave the newest
    part of it: what its customers of a company were given, or all of them there together if that is
    less; over all companies, or what was given for all of them if that is less. A limit of a whole
    group is no one member's, but its members have one. -#}
with

in_force as (

    select *
    from {{ ref('int_credit_limit__bound') }}
    where effective_from <= {{ as_of() }} and effective_to > {{ as_of() }}

),

member as (

    {{ pool_parties() }}

),

of_party as (

    select
        member.party_id,
        in_force.scope,
        in_force.company_code,
        in_force.limit_reporting,
        in_force.approved_by,
        in_force.valid_from
    from in_force
    inner join member
        on
            in_force.scope = member.scope
            and in_force.company_code = member.pool_company_code
            and in_force.subject_id = member.subject_id

),

of_scope as (

    select
        party_id,
        company_code,
        scope,
        sum(limit_reporting) as limit_reporting
    from of_party
    where scope <> 'group'
    group by party_id, company_code, scope

),

of_company as (

    select
        party_id,
        company_code,
        min(limit_reporting) as limit_reporting
    from of_scope
    group by party_id, company_code

),

summed as (

    select
        party_id,
        sum(case when company_code <> '*' then limit_reporting end) as limit_of_companies,
        max(case when company_code = '*' then limit_reporting end) as limit_of_all
    from of_company
    group by party_id

),

given as (

    select
        party_id,
        approved_by,
        valid_from,
        max(case when scope = 'group' then 1 else 0 end) over (partition by party_id) = 1
            as has_group_limit
    from of_party
    qualify row_number() over (
        partition by party_id
        order by
            case when scope = 'group' then 1 else 0 end, valid_from desc, limit_reporting desc,
            approved_by
    ) = 1

),

final as (

    select
        given.party_id,
        case
            when summed.limit_of_all < summed.limit_of_companies
                or summed.limit_of_companies is null then summed.limit_of_all
            else summed.limit_of_companies
        end as limit_reporting,
        given.has_group_limit,
        given.approved_by,
        given.valid_from
    from given
    left join summed
        on given.party_id = summed.party_id

)

select * from final
