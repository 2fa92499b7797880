-- Class trade at the end of day `as_of`, as known at `known_at` (inclusive; a date means the end of that day).
create or replace macro marts.aging_as_known(as_of, known_at, scheme) as table
select
    item.company_code,
    item.customer_id,
    item.currency,
    bucket.bucket,
    cast(sum(item.open_amount_document) as decimal(18, 2)) as amount_document,
    cast(sum(item.open_amount_functional) as decimal(18, 2)) as amount_functional
from (
    select
        *,
        open_amount_document < 0 or (open_amount_document = 0 and open_amount_functional < 0) as is_credit
    from marts.fct_open_item_balance
    where
        receivable_class = 'trade'
        and effective_from <= cast(as_of as date)
        and effective_to > cast(as_of as date)
        and known_from <= marts.known_moment(known_at)
        and known_to > marts.known_moment(known_at)
) as item
inner join marts.dim_aging_bucket as bucket
    on
        bucket.scheme = scheme
        and case
            when item.is_credit then bucket.bucket = 'unapplied'
            else
                bucket.bucket <> 'unapplied'
                and (
                    bucket.lower_bound is null
                    or cast(as_of as date) >= case bucket.unit
                        when 'month' then cast(
                            case bucket.basis
                                when 'original_due_date' then item.original_due_date
                                when 'document_date' then item.age_anchor_date
                                when 'posting_date' then item.posting_date
                                else item.due_date
                            end + to_months(bucket.lower_bound - 1) as date
                        ) + 1
                        else case bucket.basis
                            when 'original_due_date' then item.original_due_date
                            when 'document_date' then item.age_anchor_date
                            when 'posting_date' then item.posting_date
                            else item.due_date
                        end + bucket.lower_bound
                    end
                )
                and (
                    bucket.upper_bound is null
                    or cast(as_of as date) <= case bucket.unit
                        when 'month' then cast(
                            case bucket.basis
                                when 'original_due_date' then item.original_due_date
                                when 'document_date' then item.age_anchor_date
                                when 'posting_date' then item.posting_date
                                else item.due_date
                            end + to_months(bucket.upper_bound) as date
                        )
                        else case bucket.basis
                            when 'original_due_date' then item.original_due_date
                            when 'document_date' then item.age_anchor_date
                            when 'posting_date' then item.posting_date
                            else item.due_date
                        end + bucket.upper_bound
                    end
                )
        end
group by item.company_code, item.customer_id, item.currency, bucket.bucket;
