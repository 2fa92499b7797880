{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- Kept, kept late, partial, broken, open and cancelled promises are all promises made by the as-of
-- date, each once.
with

judged as (

    select
        company_code,
        sum(
            case
                when status in ('kept', 'kept_late', 'partial', 'broken', 'open', 'cancelled')
                    then 1
                else 0
            end
        ) as judged_count,
        sum(promised_amount_document) as judged_amount
    from {{ ref('mart_promise') }}
    group by company_code

),

made as (

    select
        company_code,
        count(*) as made_count,
        sum(amount_document) as made_amount
    from {{ ref('fct_promise') }}
    where made_on <= {{ as_of() }}
    group by company_code

)

select
    coalesce(judged.company_code, made.company_code) as company_code,
    judged.judged_count,
    made.made_count
from judged
full outer join made
    on judged.company_code = made.company_code
where
    coalesce(judged.judged_count, 0) <> coalesce(made.made_count, 0)
    or coalesce(judged.judged_amount, 0) <> coalesce(made.made_amount, 0)
