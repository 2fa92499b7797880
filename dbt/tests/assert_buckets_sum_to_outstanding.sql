{{ config(meta={'gate': 'bucket_sum'}, severity=gate_severity('bucket_sum')) }}
-- T13: in every scheme the buckets of every company, customer, currency and class sum to what is
-- open; gross plus unapplied as well as net.
with

bucketed as (

    select
        company_code, customer_id, currency, receivable_class, scheme,
        sum(gross_amount_document + unapplied_amount_document) as gross_document,
        sum(net_amount_document) as net_document,
        sum(gross_amount_functional + unapplied_amount_functional) as gross_functional,
        sum(net_amount_functional) as net_functional
    from {{ ref('mart_aging_customer') }}
    group by company_code, customer_id, currency, receivable_class, scheme

),

outstanding as (

    select
        company_code, customer_id, currency, receivable_class,
        sum(open_amount_document) as open_document,
        sum(open_amount_functional) as open_functional,
        sum(case when is_unconverted then 1 else 0 end) as unconverted_count
    from {{ ref('mart_aging') }}
    group by company_code, customer_id, currency, receivable_class

),

scheme as (

    select distinct scheme
    from {{ ref('dim_aging_bucket') }}

)

select
    outstanding.*,
    scheme.scheme,
    bucketed.gross_document,
    bucketed.net_document,
    bucketed.gross_functional,
    bucketed.net_functional
from outstanding
cross join scheme
left join bucketed
    on
        outstanding.company_code = bucketed.company_code
        and outstanding.customer_id = bucketed.customer_id
        and outstanding.currency = bucketed.currency
        and outstanding.receivable_class = bucketed.receivable_class
        and scheme.scheme = bucketed.scheme
where
    bucketed.gross_document is distinct from outstanding.open_document
    or bucketed.net_document is distinct from outstanding.open_document
    or (
        outstanding.unconverted_count = 0
        and (
            bucketed.gross_functional is distinct from outstanding.open_functional
            or bucketed.net_functional is distinct from outstanding.open_functional
        )
    )
