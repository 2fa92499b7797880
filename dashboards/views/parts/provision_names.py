"""What codes of the provision are called: as the workpaper calls them, so that page and file say the same.

Belongs here: looking words up. Must not: sentences (i18n), figures.
"""

from __future__ import annotations

from dashboards.data import aging, provision
from dashboards.data.release import Release, Row
from dashboards.i18n import language, t
from documents.words import Words


class Names:
    """Words for codes, in the language of this rerun."""

    def __init__(self, release: Release) -> None:
        self.language = language()
        self._words = Words("zh" if self.language == "zh" else "en")
        # a company's own policy brings segments of its own
        self._segments = provision.segment_labels(release)
        self._agings = aging.schemes(release)

    def segment(self, code: str) -> str:
        named = self._segments.get(code)
        return str(named[self.language]) if named and named[self.language] else self.code("segment", code)

    def has_rates(self, code: str) -> bool:
        """Whether the rates of the segment come from history or policy."""
        return code in self._segments

    def aging(self, code: str) -> str:
        return self._agings[code].label(self.language) if code in self._agings else t("provision.all_buckets")

    def bucket(self, row: Row) -> str:
        """Of a row with `bucket` and the labels of dim_aging_bucket."""
        return str(row[f"label_{self.language}"] or self.code("bucket", row["bucket"]))

    def fine_bucket(self, row: Row) -> str:
        """Of a row of rates: the step in which roll rates are measured."""
        return str(row[f"fine_label_{self.language}"] or self.code("bucket", row["fine_bucket"]))

    def code(self, group: str, code: str | None) -> str:
        return "" if code is None else self._words.label(group, code)

    def source(self, row: Row) -> str:
        """Where a rate comes from and, if not from the segment's own history, why not."""
        source = self.code("rate_source", row["rate_source"])
        if row["reason_not_own"] is None:
            return source
        own = self.code("not_own", row["reason_not_own"])
        if row["reason_not_pooled"] is None:
            return t("provision.source_pooled", source=source, own=own)
        pooled = self.code("not_own", row["reason_not_pooled"])
        return t("provision.source_policy", source=source, own=own, pooled=pooled)
