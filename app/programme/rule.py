"""The rule by which the programme counts, as it is printed: what holds since when, on what basis, how sure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.diagnosis.punctuation import bracketed, in_turn, listed
from app.presentation import text
from app.programme.service import LEVELS
from reports import wording
from scoring.model import Rule
from scoring.tally import PlanTargets


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One line of the rule by which the board counts."""

    what: str
    how: str
    since: date | None
    basis: str
    confidence: str  # code
    sure: str  # the same in words


def rule_lines(rule: PlanTargets) -> Iterable[RuleLine]:
    """Yield the plan, the counting start, each target with what counts to it, and the horizon."""
    yield _rule_line(_("方案"), bracketed(text(rule.title), rule.number), rule.rule)
    yield _rule_line(_("计数起点"), rule.counting_start.isoformat(), rule.counting_rule)
    for target in rule.targets:
        number = f"{target.target} {text(target.unit)}"
        what = listed(_counted_words(rule, key) for key in sorted(target.counts))
        yield _rule_line(text(target.text), _("目标 %(number)s；计入：%(what)s", number=number, what=what), target.rule)
    yield _rule_line(_("到期日"), rule.horizon.isoformat(), rule.rule)


def _counted_words(rule: PlanTargets, key: str) -> str:
    name, _dot, level = key.partition(".")
    words = text({**rule.states, **rule.kinds}[name])
    return bracketed(words, text(LEVELS[level]) if level in LEVELS else "")


def _rule_line(what: str, how: str, rule: Rule) -> RuleLine:
    basis = in_turn(dict.fromkeys(filter(None, (rule.title, rule.clause, rule.source))))
    sure = text(wording.CONFIDENCE_WORDS[rule.confidence])
    return RuleLine(what, how, rule.since, basis, rule.confidence.value, sure)
