{{ config(meta={'gate': 'ledger_identity'}, severity=gate_severity('ledger_identity')) }}
-- L6 read backwards: the carrying amount of every item in every rectangle is its share of the
-- original amount. Numbers alone: with the readable ids of every item beside them, ten million
-- documents do not fit into memory. int_open_item__keyed says which item has a key.
select
    balance.item_key,
    balance.effective_from,
    balance.known_from,
    balance.open_amount_document,
    balance.open_amount_functional,
    {{ money_share('version.amount_functional', 'balance.open_amount_document',
        'version.amount_document') }}
        as expected_functional
from {{ ref('int_open_item__balance') }} as balance
inner join {{ ref('int_open_item__version') }} as version
    on
        balance.item_key = version.item_key
        and balance.known_from < version.known_to
        and balance.known_to > version.known_from
where
    version.amount_document <> 0
    and balance.open_amount_functional is distinct from {{ money_share(
        'version.amount_functional', 'balance.open_amount_document', 'version.amount_document'
    ) }}
