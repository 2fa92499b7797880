"""Mistakes in what is derived for sources without allocations.

Belongs here: int_settlement__* and int_allocation__derived, and where the ledger takes them in. Must not: allocations
in general (mistakes_in_ledger.py).
"""

from tests.mutants.mutant import Mutant

MODELS = "dbt/models/intermediate"
STYLES = "tests/integration/test_settlement_styles.py"

SETTLEMENTS = (
    Mutant(
        name="inside a clearing the item that falls due last is settled first",
        file=f"{MODELS}/int_settlement__netted.sql",
        old="case when amount_document > 0 then due_date else accounting_date end,",
        new="case when amount_document > 0 then -extract(epoch from due_date) else 0 end,",
        test=f"{STYLES}::test_a_discount_posting_settles_what_the_payment_leaves_and_is_no_item",
        rule="clearing_group",
    ),
    Mutant(
        name="a difference posting is laid out among the items of its side",
        file=f"{MODELS}/int_settlement__netted.sql",
        old="            difference_kind is not null,",
        new="            1 = 2,",
        test=f"{STYLES}::test_a_discount_posting_settles_what_the_payment_leaves_and_is_no_item",
        rule="clearing_group",
    ),
    Mutant(
        name="what a difference posting has over is dropped",
        file=f"{MODELS}/int_settlement__netted.sql",
        old="case when debit_no is null and credit_difference_kind is not null then last_debit_no",
        new="case when debit_no is null and credit_difference_kind is not null then null",
        test=f"{STYLES}::test_what_a_clearing_does_not_net_stays_open_and_is_listed",
        rule="L5",
    ),
    Mutant(
        name="an exchange posting counts with the opposite sign",
        file=f"{MODELS}/int_settlement__netted.sql",
        old="-member.booked_functional as functional_amount",
        new="member.booked_functional as functional_amount",
        test=f"{STYLES}::test_an_exchange_posting_counts_before_a_derived_difference",
        rule="L6",
    ),
    Mutant(
        name="a posting that balances a clearing is an item as well",
        file=f"{MODELS}/int_voucher__version.sql",
        old="where difference_kind is not null",
        new="where difference_kind is not null and difference_kind is null",
        test=f"{STYLES}::test_a_discount_posting_settles_what_the_payment_leaves_and_is_no_item",
        rule="clearing_group",
    ),
    Mutant(
        name="a clearing that is reset was never there",
        file=f"{MODELS}/int_allocation__derived.sql",
        old="where known_to < believed_to and next_known_from is distinct from known_to",
        new="where known_to < known_from",
        test=f"{STYLES}::test_t05_a_clearing_that_is_reset_does_not_rewrite_what_was_reported",
        rule="L10",
    ),
    Mutant(
        name="what was derived stays believed beside real allocations",
        file=f"{MODELS}/int_allocation__event.sql",
        old="event.believed_to as known_to,",
        new="{{ end_of_time() }} as known_to,",
        test=f"{STYLES}::test_real_allocations_take_over_and_what_was_derived_is_restated",
        rule="switch",
    ),
    Mutant(
        name="a real allocation continues the derived one of its name",
        file=f"{MODELS}/int_allocation__event.sql",
        old="false as is_inferred,",
        new="true as is_inferred,",
        test=f"{STYLES}::test_real_allocations_take_over_and_what_was_derived_is_restated",
        rule="switch",
    ),
    Mutant(
        name="a residual is compared with the amount of the first version",
        file=f"{MODELS}/int_settlement__stated.sql",
        old="else coalesce(settled_amount, amount - residual_amount)",
        new="else coalesce(settled_amount, 100 - residual_amount)",
        test=f"{STYLES}::test_what_is_settled_counts_where_the_amount_is_corrected",
        rule="residual",
    ),
    Mutant(
        name="what an open-item list leaves out is deleted",
        file="dbt/models/staging/stg_landing__document.sql",
        old="where _op = 'delete' and mode = 'full'",
        new="where _op = 'delete' and mode = 'delta'",
        test=f"{STYLES}::test_what_an_open_item_list_leaves_out_is_settled_on_that_day",
        rule="vanished",
    ),
)
