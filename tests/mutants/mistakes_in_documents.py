"""Mistakes in documents that leave the house: statements, receipts after a day, their files.

Belongs here: documents/, and the published macros that only documents and analysts read. Must not: the other macros
(mistakes_in_marts.py).
"""

from tests.mutants.mutant import Mutant

MACROS = "dbt/published_macros"
STATEMENTS = "tests/integration/test_statements.py"
WORKPAPER = "tests/integration/test_provision_workpaper.py"
FORMULAS = "tests/documents/test_formulas.py"
ASKED = "tests/integration/test_published_macros.py"

DOCUMENTS = (
    Mutant(
        name="an instalment is a line of its own",
        file=f"{MACROS}/customer_statements.sql",
        old="        item.document_id,",
        new="        item.open_item_id as document_id,",
        test=f"{STATEMENTS}::test_instalments_are_one_line_of_the_account_and_one_open_item_each",
        rule="对账单",
    ),
    Mutant(
        name="what was believed once stands in a statement",
        file=f"{MACROS}/customer_statements.sql",
        old="        movement.known_to = timestamp '9999-12-31 00:00:00'",
        new="        movement.known_to > timestamp '2026-04-30 23:59:59'",
        test=f"{STATEMENTS}::test_what_was_corrected_since_stands_as_it_is_known_now",
        rule="T35",
    ),
    Mutant(
        name="an advance that is applied counts as received afterwards",
        file=f"{MACROS}/subsequent_receipts.sql",
        old="        coalesce(counterpart.posting_date <= cast(as_of as date), false) as is_earlier_credit,",
        new="        false as is_earlier_credit,",
        test=f"{ASKED}::test_cash_after_a_day_is_what_receipts_of_later_days_settle_net",
        rule="期后回款",
    ),
    Mutant(
        name="a cheque that came back counts as received",
        file=f"{MACROS}/subsequent_receipts.sql",
        old="            when allocation_id is not null and undone_date > cast(as_of as date) then undone_kind",
        new="            when allocation_id is not null and undone_date is null then undone_kind",
        test=f"{ASKED}::test_what_became_of_an_item_adds_up_and_money_that_was_there_before_is_no_receipt",
        rule="期后回款",
    ),
    Mutant(
        name="a dispute without an amount contests nothing",
        file=f"{MACROS}/disputed_as_of.sql",
        old="        sum(coalesce(amount_document, 9999999999999999)) as disputed_amount",
        new="        sum(coalesce(amount_document, 0)) as disputed_amount",
        test=f"{STATEMENTS}::test_disputes_of_the_releases_own_day_are_those_of_mart_aging",
        rule="B8",
    ),
    Mutant(
        name="a statement is not proved",
        file="documents/reading.py",
        old="            yield prove(Statement(one, release, first_day, last_day, parts))",
        new="            yield Statement(one, release, first_day, last_day, parts)",
        test=f"{STATEMENTS}::test_a_statement_that_does_not_close_is_never_written",
        rule="对账单",
    ),
    Mutant(
        name="a customer reads that its debt was written off",
        file="documents/statement_lists.py",
        old='    told = "adjustment" if not is_audit and code in _OURS_ALONE else code',
        new="    told = code",
        test="tests/documents/test_rendering.py::test_a_customer_sees_nothing_that_is_ours_alone_and_an_auditor_does",
        rule="A20",
    ),
    Mutant(
        name="ids that differ by case share a file",
        file="documents/file_names.py",
        old='_PLAIN = re.compile(r"[A-Z0-9][A-Z0-9-]{0,39}")',
        new='_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")',
        test="tests/documents/test_names_and_amounts.py::"
        "test_ids_that_differ_have_names_that_differ_also_where_case_does_not_count",
        rule="file names",
    ),
    Mutant(
        name="text of a customer runs as a formula once its cell is edited",
        file="documents/workbook.py",
        old='        style["quote_prefix"] = _is_like_formula(text)',
        new='        style["quote_prefix"] = False',
        test="tests/documents/test_rendering.py::"
        "test_text_that_looks_like_a_formula_is_text_and_stays_it_when_edited",
        rule="formulas",
    ),
    Mutant(
        name="the loss of an insured part is missing from the formula of the workpaper",
        file="documents/provision_matrix.py",
        old="+ROUND({covered}*{cover_rate},2)",
        new="",
        test=f"{WORKPAPER}::test_formulas_give_the_values_that_stand_beside_them",
        rule="底稿",
    ),
    Mutant(
        name="a workpaper is not tied to the aging",
        file="documents/provision_proof.py",
        old='            _same(what, f"{code} {currency}", tie.left, tie.right)',
        new="            pass",
        test=f"{WORKPAPER}::test_a_workpaper_that_does_not_agree_is_never_written",
        rule="底稿",
    ),
    Mutant(
        name="any difference of a mean rate passes for rounding",
        file="documents/provision_proof.py",
        old='            allowed = (row["item_count"] + 1) * _ROUNDING_PER_ITEM + base',
        new="            allowed = Decimal(10**12) + base",
        test=f"{WORKPAPER}::test_a_workpaper_that_does_not_agree_is_never_written",
        rule="底稿",
    ),
    Mutant(
        name="what is shown beside is in the totals of the workpaper",
        file="documents/provision.py",
        old='        return [row for row in self.matrix if not row["is_beside"]]',
        new="        return list(self.matrix)",
        test=f"{WORKPAPER}::test_what_is_shown_under_another_aging_is_in_no_total",
        rule="底稿",
    ),
    Mutant(
        name="the entry is turned round",
        file="documents/provision_document.py",
        old="if entry > 0 else (allowance, loss)",
        new="if entry < 0 else (allowance, loss)",
        test=f"{WORKPAPER}::test_the_entry_leads_from_what_is_booked_to_what_is_expected",
        rule="E10",
    ),
    Mutant(
        name="the sum of a company reaches over the next one",
        file="documents/workbook.py",
        old="(count if formula.beyond is None else formula.beyond) - 1",
        new="count - 1",
        test=f"{FORMULAS}::test_a_formula_names_the_cells_of_its_row_and_a_sum_those_of_its_part",
        rule="formulas",
    ),
)
