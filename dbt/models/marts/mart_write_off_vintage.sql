{#- Write-offs by when the receivable was billed, beside the roll rates: a second way to the same
    question, which needs no chain but two years of patience (accounting C8, E3). -#}
{%- set months_into_quarter = '-cast((extract(month from posting_month) - 1) % 3 as int)' -%}
with

billed as (

    select
        company_code,
        posting_month,
        sum(billed) as billed
    from {{ ref('int_kpi__flow') }}
    where not is_intragroup
    group by company_code, posting_month

),

loss as (

    select
        item.company_code,
        item.posting_month,
        {% for name, kind in [('written_off', 'write_off'), ('recovered', 'write_off_recovery')] -%}
        sum(case when loss.movement_kind = '{{ kind }}' then loss.amount_reporting else 0 end)
            as {{ name }},
        {% endfor -%}
        max(loss.effective_date) as last_loss_on
    from {{ ref('int_write_off__valued') }} as loss
    inner join {{ ref('int_kpi__item') }} as item
        on loss.open_item_id = item.open_item_id
    where loss.amount_reporting is not null and not item.is_intragroup
    group by item.company_code, item.posting_month

),

month as (

    select
        coalesce(billed.company_code, loss.company_code) as company_code,
        coalesce(billed.posting_month, loss.posting_month) as posting_month,
        coalesce(billed.billed, 0) as billed,
        coalesce(loss.written_off, 0) as written_off,
        coalesce(loss.recovered, 0) as recovered,
        loss.last_loss_on
    from billed
    full outer join loss
        on billed.company_code = loss.company_code and billed.posting_month = loss.posting_month

),

quarter as (

    select
        company_code,
        {{ add_months('posting_month', months_into_quarter) }} as quarter_start,
        sum(billed) as billed,
        sum(written_off) as written_off,
        sum(recovered) as recovered,
        max(last_loss_on) as last_loss_on
    from month
    group by
        company_code,
        {{ add_months('posting_month', months_into_quarter) }}

),

final as (

    select
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(quarter_start as date) as quarter_start,
        cast({{ calendar_months_between('quarter_start', as_of()) }} as int) as months_since,
        cast('{{ var("reporting_currency") }}' as {{ dbt.type_string() }}) as currency,
        cast(billed as decimal(18, 2)) as billed_reporting,
        cast(written_off as decimal(18, 2)) as written_off_reporting,
        cast(recovered as decimal(18, 2)) as recovered_reporting,
        cast(written_off - recovered as decimal(18, 2)) as lost_reporting,
        {{ rate_of('(written_off - recovered)', 'billed') }} as loss_rate,
        cast(case when billed <= 0 then 'denominator_not_positive' end as {{ dbt.type_string() }})
            as reason_when_null,
        cast(last_loss_on as date) as last_loss_on
    from quarter
    where billed <> 0 or written_off <> 0 or recovered <> 0

)

select * from final
