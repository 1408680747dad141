"""The parts that a report is printed in, in standard order: what each holds, and which a template may leave out.

The cover stands before all of them and is no part that could be moved. What makes a report honest is never left out:
the brief with every conclusion, what the consultant found otherwise, the method with its sources, the annexes.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from questionnaires.model import Text
from reports.chapters import TITLES

COVER = "cover"
LAST = "annex"  # the references of all other parts lead there

# part -> the chapters in it
PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "brief": ("brief",),
        "contents": (),
        "profile": ("profile",),
        "opinion": ("opinion",),
        "maturity": ("maturity",),
        "recognition": ("recognition", "others"),
        "gaps": ("gaps",),
        "improvements": ("improvements",),
        "plan": ("plan",),
        "peers": ("peers",),
        "method": ("method", "sources"),
        "signatures": ("signatures",),
        "letter": ("letter",),
        LAST: ("derivations", "answers"),
    }
)
STANDARD = tuple(PARTS)
OPTIONAL = frozenset({"contents", "maturity", "recognition", "gaps", "improvements", "plan", "peers"})
_NAMES = {COVER: Text("封面", "Cover"), "contents": Text("目录", "Contents"), LAST: Text("附录", "Annexes")}


def part_name(part: str) -> Text:
    """Return what a part is called: by the titles of its chapters, unless it has a name of its own."""
    if part in _NAMES:
        return _NAMES[part]
    titles = [TITLES[chapter] for chapter in PARTS[part]]
    return Text("、".join(one.zh for one in titles), ", ".join(one.en for one in titles))


def completed(order: tuple[str, ...]) -> tuple[str, ...]:
    """Return an order with every part once: what it does not name follows its neighbour of the standard order.

    So a template goes on to work when a later version of this product brings a new part.
    """
    whole = [part for part in dict.fromkeys(order) if part in PARTS and part != LAST]
    for place, part in enumerate(STANDARD[:-1]):
        if part not in whole:
            whole.insert(whole.index(STANDARD[place - 1]) + 1 if place else 0, part)
    return (*whole, LAST)
