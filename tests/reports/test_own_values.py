"""What report templates may name stands in both READMEs, word for word as in the code."""

from __future__ import annotations

import pytest

from reports.own_template import LONGEST_NAME, MOST_BLOCKS
from reports.own_text import LONGEST, LONGEST_SAID
from reports.own_values import MOST_ROWS, VALUES
from tests.readme import BOTH, prose, quoted, table_with


@pytest.mark.parametrize("readme", BOTH)
def test_every_value_stands_in_the_table_with_its_meaning_and_its_columns(readme):
    lang = "en" if readme == "README.md" else "zh"
    rows = {quoted(name)[0]: (meaning, quoted(columns)) for name, meaning, columns in table_with(readme, "`firm`")}

    assert rows == {value.name: (getattr(value.meaning, lang), list(value.columns)) for value in VALUES}


@pytest.mark.parametrize("readme", BOTH)
def test_the_limits_stand_there_too(readme):
    words = prose(readme).replace(",", "")

    assert all(str(limit) in words for limit in (LONGEST, LONGEST_SAID, MOST_ROWS))
    assert (MOST_BLOCKS, LONGEST_NAME) == (8, 60)
    assert ("Eight parts" in words) or ("八块自有内容" in words)
