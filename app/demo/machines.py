"""Made-up lists of machines that count up to what a made-up workshop states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.diagnosis.draft import Said
from questionnaires.lists import ListRow

LIST = "equipment"
ALL, DIGITAL, NETWORKED = "equipment_count", "equipment_digital_count", "equipment_networked_count"
# What stands in a workshop, by its marks: name and model of several kinds.
KINDS = {
    frozenset({DIGITAL, NETWORKED}): (("加工中心", "VMC-850"), ("六轴机器人", "RB-20"), ("数控车床", "CK-6150")),
    frozenset({DIGITAL}): (("数控钻床", "ZK-5140"), ("伺服压装机", "SP-30")),
    frozenset({NETWORKED}): (("普通压力机，加装采集盒", "J23-80"),),
    frozenset[str](): (("普通车床", "C-6140"), ("台钻", "Z-516"), ("手动压机", "YM-5")),
}


def rows_for(said: Mapping[str, Said]) -> list[ListRow]:
    """Return rows that count up to what is said of a workshop; none when a figure is not stated."""
    figures = [said[fact].value for fact in (ALL, DIGITAL, NETWORKED) if fact in said]
    known = [int(figure) for figure in figures if figure is not None]
    return list(_rows(*known)) if len(known) == len((ALL, DIGITAL, NETWORKED)) else []


def _rows(every: int, digital: int, networked: int) -> Iterator[ListRow]:
    both = min(digital, networked)
    counts = (both, digital - both, networked - both, every - max(digital, networked))
    for (marks, kinds), count in zip(KINDS.items(), counts, strict=True):
        for place, (name, model) in enumerate(kinds):
            share = count // len(kinds) + (place < count % len(kinds))
            if share:
                yield ListRow(name, model, share, marks)
