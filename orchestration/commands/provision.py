"""`arrears provision`: the workpaper of the expected credit loss of the current release, as files.

Belongs here: which files, what is said about them. Must not: what a workpaper holds (`documents`). A workpaper
that does not agree is not written.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from documents.file_names import provision_file
from documents.provision import read_provision
from documents.provision_document import provision_document
from documents.words import Language
from ingest.settings import Settings
from orchestration.commands.files import RENDERERS, make_folder, write_whole
from orchestration.commands.reading import current_release


def run_provision(
    settings: Settings, *, company_code: str | None, language: Language, formats: Sequence[str], out: Path
) -> int:
    """Write the workbook, and the summary of it as PDF, and name the files.

    Raises:
        NoRelease: nothing has been published.
        DocumentError: an unknown company, an older release, figures that do not agree.
        OrchestrationError: `out` is no folder.
    """
    with current_release(settings.home) as connection:
        provision = read_provision(connection, company_code=company_code)
    release = provision.release
    contents = {
        extension: RENDERERS[extension](
            provision_document(provision, language=language, is_summary=extension == "pdf")
        )
        for extension in formats
    }
    make_folder(out)
    for extension, content in contents.items():
        file = out / provision_file(
            company_code,
            as_of=release.as_of,
            release_id=release.release_id,
            language=language,
            extension=extension,
        )
        write_whole(file, content)
        print(file)
    codes = ", ".join(str(company["company_code"]) for company in provision.companies)
    print(f"expected credit loss of {codes}, release {release.release_id}, {release.as_of}", file=sys.stderr)
    return 0
