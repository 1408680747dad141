"""What improvements cost a firm, as its pages show it: by the catalogue for its size, and by its own figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from app.planning.costs import overrides_of
from app.presentation import text
from questionnaires.model import FilledDiagnosis, SubjectKind
from scoring.model import Costs, CriteriaSet, Improvement
from scoring.own_costs import CostPart
from scoring.projects import scaled, size_class

FULL_SIZE = 100  # percent of a medium-sized firm


@dataclass(frozen=True, slots=True)
class CostLine:
    """What one improvement costs, for one place or one unit: by the catalogue for this firm, and by its own figures."""

    part: CostPart
    usual: Costs
    own: Costs | None

    @property
    def usual_text(self) -> str:
        """The three figures of the catalogue."""
        return three(self.usual)

    @property
    def own_text(self) -> str:
        """The three figures of the firm; empty where it has none."""
        return three(self.own) if self.own else ""


@dataclass(frozen=True, slots=True)
class CostRow:
    """One improvement with its costs."""

    improvement: Improvement
    name: str
    what: str
    where: str
    lines: tuple[CostLine, ...]


def three(costs: Costs) -> str:
    """Return the lowest, likely and highest of a cost."""
    return " / ".join(f"{one:,}" for one in costs)


def cost_rows(firm_id: UUID, criteria: CriteriaSet, filled: FilledDiagnosis | None) -> list[CostRow]:
    """Return every improvement with its costs; `filled` tells the size of the firm by which the catalogue scales."""
    own = {(one.improvement_id, one.part): one.cost for one in overrides_of(firm_id)}
    size = size_class(filled, criteria) if filled else ""
    return [_cost_row(one, criteria, size, own) for one in criteria.improvements]


def _cost_row(one: Improvement, criteria: CriteriaSet, size: str, own: Mapping[tuple[str, CostPart], Costs]) -> CostRow:
    percent = criteria.cost_scales.get(one.scale, {}).get(size, FULL_SIZE)
    place = Costs(*(scaled(part, percent) for part in one.cost))
    lines = [CostLine(CostPart.PLACE, place, own.get((one.id, CostPart.PLACE)))]
    if one.adds is not None:
        lines.append(CostLine(CostPart.UNIT, one.each, own.get((one.id, CostPart.UNIT))))
    places = {
        SubjectKind.FIRM: _("全企业一次"),
        SubjectKind.FACTORY: _("每个工厂"),
        SubjectKind.WORKSHOP: _("每个车间"),
    }
    return CostRow(one, text(one.text), text(one.what), places[one.scope], tuple(lines))
