"""What the documents show works as shown."""

import re
from pathlib import Path

from ingest.settings import load_settings

DOCS = Path(__file__).parents[2] / "docs"


def test_the_example_configuration_loads(tmp_path: Path) -> None:
    text = (DOCS / "configuration.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, flags=re.S)
    (tmp_path / "policy").mkdir()
    config = tmp_path / "arrears.yml"
    config.write_text(example, encoding="utf-8")
    settings = load_settings(config)
    assert [source.name for source in settings.sources] == ["erp_cn", "bank"]
    assert settings.gates["gl_tie_out"] == "warn"
