"""The list: every mutant, in the order in which they are numbered.

Belongs here: the order. Must not: the mistakes themselves; they stand by subject in the modules below.
"""

from tests.mutants.mistakes_in_behaviour import BEHAVIOUR
from tests.mutants.mistakes_in_bills import BILLS
from tests.mutants.mistakes_in_claims import CLAIMS
from tests.mutants.mistakes_in_credit_loss import CREDIT_LOSS
from tests.mutants.mistakes_in_documents import DOCUMENTS
from tests.mutants.mistakes_in_exposure import EXPOSURE
from tests.mutants.mistakes_in_landing import LANDING
from tests.mutants.mistakes_in_ledger import LEDGER
from tests.mutants.mistakes_in_marts import MARTS
from tests.mutants.mistakes_in_metrics import METRICS
from tests.mutants.mistakes_in_overdue import OVERDUE
from tests.mutants.mistakes_in_prediction import PREDICTION
from tests.mutants.mistakes_in_publishing import PUBLISHING
from tests.mutants.mistakes_in_rating import RATING
from tests.mutants.mistakes_in_settlements import SETTLEMENTS
from tests.mutants.mistakes_in_warnings import WARNINGS

MUTANTS = (
    *LEDGER,
    *BILLS,
    *SETTLEMENTS,
    *MARTS,
    *METRICS,
    *OVERDUE,
    *EXPOSURE,
    *BEHAVIOUR,
    *WARNINGS,
    *DOCUMENTS,
    *CLAIMS,
    *CREDIT_LOSS,
    *LANDING,
    *PREDICTION,
    *PUBLISHING,
    *RATING,
)
