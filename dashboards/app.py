"""The dashboards as a program: `streamlit run dashboards/app.py`.

Belongs here: making the packages found. Must not: know a page (router.py).
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    # streamlit puts this file's folder on the path, not the folder that holds the packages
    root = str(Path(__file__).resolve().parents[1])
    if root not in sys.path:
        sys.path.insert(0, root)
    from dashboards import router

    router.run()


main()
