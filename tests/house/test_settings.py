"""Every environment variable the platform reads stands in docs/settings.md, and the other way round."""

import re

from tests.house.sources import ROOT, tracked


def test_the_settings_page_lists_exactly_what_is_read():
    read = {
        name
        for path in tracked("gisplatform/**.py", "gisplatform/*.py")
        for name in re.findall(r"""["'](GISPLATFORM_[A-Z0-9_]+|DATABASE_URL)["']""", path.read_text())
    }
    listed = set(re.findall(r"^\| `(\w+)`", (ROOT / "docs/settings.md").read_text(), re.MULTILINE))
    assert listed == read
