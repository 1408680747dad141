"""The chapter on comparable firms (同行对照): where this firm stands, in values of the group that show no firm.

Built from what was counted when the report was asked for. A place is told from the same steps that are printed, so it
says nothing beyond them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from questionnaires.model import SubjectKind, Text
from reports import peers_wording, wording
from reports.given import Given, shown_state
from reports.maturity import every_node
from reports.model_peers import PeerRow, Peers, PeerShare
from reports.model_pieces import Drawing
from reports.quartile_chart import Standing, quartile_chart
from scoring.coarse import FEWEST, Quartiles, Share, steps_to
from scoring.exact import Bounds, exactly
from scoring.model import Assessment, Node, Outcome, RequirementState
from scoring.peers import (
    COMPARED_PARTS,
    HIGHEST,
    RATES,
    TOTAL,
    Comparison,
    part_key,
    rate_of,
    recognitions,
    step_of,
)

TOP, UPPER = Text("前四分之一", "top quarter"), Text("中位数以上", "upper half")
MIDDLE, LOWER = Text("与中位数相当", "at the median"), Text("中位数以下", "lower half")
BOTTOM, OPEN = Text("后四分之一", "bottom quarter"), wording.STATE_WORDS[RequirementState.NOT_KNOWN]
NOTHING = "—"
FEW_SETTLED = Text(f"不足 {FEWEST}", f"under {FEWEST}")
TOTAL_NAME = Text("成熟度总分", "Maturity total")
HERE = Text("本企业", "this firm")
SOME_PLACE = {
    SubjectKind.WORKSHOP: Text("至少一个车间达到", "at least one workshop meets them"),
    SubjectKind.FACTORY: Text("至少一个工厂达到", "at least one factory meets them"),
}
STATES = {True: RequirementState.MET, False: RequirementState.NOT_MET, None: RequirementState.NOT_KNOWN}


def peers(given: Given) -> Peers | None:
    """Return the chapter; None where comparable firms were not counted, or this firm has no maturity to compare."""
    if given.peers is None or given.maturity is None:
        return None
    if given.peers.group is None:
        return Peers(given.say(peers_wording.TOO_FEW))
    return _chapter(given, given.maturity, given.peers)


def _chapter(given: Given, maturity: Assessment, found: Comparison) -> Peers:
    total = _total(given, maturity)
    nodes = list(_parts(maturity, found.level))
    parts = tuple(_part_row(given, node, found) for node in nodes)
    return Peers(
        headline=_headline(given, total),
        lead=given.say(peers_wording.lead(given, found)),
        total=(total,),
        levels=tuple(_levels(given, maturity, found)),
        parts_title=given.say(_parts_title(found.level)),
        drawing=_drawing(given, nodes, parts, found),
        parts=parts,
        rates=tuple(_rates(given, found)),
        met=tuple(_met(given, found)),
        how=tuple(given.say(said) for said in peers_wording.how(given)),
    )


# --- values -----------------------------------------------------------------------------------------------------------


def _headline(given: Given, total: PeerRow) -> str:
    if total.median == NOTHING:
        none = Text(
            f"同行中总分已定的不足 {FEWEST} 家，总分不比较",
            f"Fewer than {FEWEST} of the peers have a settled total, so totals are not compared",
        )
        return given.language.sentence(given.say(none))
    said = Text(
        f"成熟度总分在同行中：{total.place}（本企业 {total.own}，同行中位数 {total.median}）",
        f"Maturity total among the peers: {total.place} (this firm {total.own}, median of the peers {total.median})",
    )
    return given.language.sentence(given.say(said))


def place_of(own: Bounds, around: Quartiles, step: Fraction) -> Text:
    """Return where a value stands among the quartiles, all in the same steps; open where both ends do not agree."""
    at_worst, at_best = (_place(steps_to(end, step) * step, around) for end in (own.low, own.high))
    return at_worst if at_worst == at_best else OPEN


def _place(value: Fraction, around: Quartiles) -> Text:
    if value > around.high:
        return TOP
    if value < around.low:
        return BOTTOM
    if value == around.median:
        return MIDDLE
    return UPPER if value > around.median else LOWER


def _row(given: Given, key: str, name: str, own: Bounds, depth: int = 1) -> PeerRow:
    around = given.peers.quartiles.get(key) if given.peers else None
    mine = f"{wording.bounds_text(own, 0)}%" if key in RATES else wording.bounds_text(own)
    if around is None:
        return PeerRow(depth, name, mine, NOTHING, NOTHING, NOTHING, given.say(FEW_SETTLED), NOTHING)
    low, median, high = (_in_steps(end, key) for end in (around.low, around.median, around.high))
    place = given.say(place_of(own, around, step_of(key)))
    return PeerRow(depth, name, mine, low, median, high, f"{around.counted}", place)


def _in_steps(value: Fraction, key: str) -> str:
    """Return a value with just the decimals of its step."""
    if key in RATES:
        return wording.rounded_down(value, 0) + "%"
    return wording.rounded_down(value, 1 if key == TOTAL else 2)


def _total(given: Given, maturity: Assessment) -> PeerRow:
    return _row(given, TOTAL, given.say(TOTAL_NAME), maturity.total or Bounds(Fraction(0), Fraction(HIGHEST)))


def _rates(given: Given, found: Comparison) -> Iterator[PeerRow]:
    for name in RATES:
        own = rate_of(name, given.filled, given.criteria)
        if own is not None:
            yield _row(given, name, given.say(given.criteria.indicators[name].text), own, depth=0)


# --- levels and conditions --------------------------------------------------------------------------------------------


def _levels(given: Given, maturity: Assessment, found: Comparison) -> Iterator[PeerShare]:
    for number, share in found.levels.items():
        name = given.say(wording.level_name(number, maturity.level_names))
        here = given.say(HERE) if maturity.level == exactly(number) else ""
        yield PeerShare(_capital(name), share_text(given, share), f"{share.counted}", here)


def share_text(given: Given, share: Share) -> str:
    """Return a band: “不到 20%”, “20% 到不足 40%”, “80% 以上”."""
    least, below = (wording.number_text(end * 100) for end in (share.least, share.below))
    if share.least == 0:
        return given.say(Text(f"不到 {below}%", f"under {below}%"))
    if share.below == 1:
        return given.say(Text(f"{least}% 以上", f"{least}% or more"))
    return given.say(Text(f"{least}% 到不足 {below}%", f"{least}% to under {below}%"))


def _met(given: Given, found: Comparison) -> Iterator[PeerShare]:
    for criteria in recognitions(given.criteria):
        share = found.met.get(criteria.id)
        if share is None:
            continue
        name = given.language.of(given.say(criteria.title), given.say(SOME_PLACE[criteria.judges]))
        own = shown_state(STATES[_meets(given.of_criteria(criteria.id))], given.language)
        yield PeerShare(name, share_text(given, share), f"{share.counted}", state=own)


def _meets(judged: Iterable[Assessment]) -> bool | None:
    outcomes = {one.outcome for one in judged}
    if Outcome.MET in outcomes:
        return True
    return None if Outcome.NOT_KNOWN in outcomes else False


# --- elements and domains ---------------------------------------------------------------------------------------------


def _parts(maturity: Assessment, level: int) -> Iterator[Node]:
    """Yield the elements and domains that have a score at `level`; an only domain says the same as its element."""
    only = {element.parts[0].id for element in maturity.nodes if len(element.parts) == 1}
    for node in every_node(maturity.nodes):
        if node.kind in COMPARED_PARTS and level in node.level_scores and node.id not in only:
            yield node


def _part_row(given: Given, node: Node, found: Comparison) -> PeerRow:
    depth = COMPARED_PARTS.index(node.kind) + 1
    key = part_key(node.kind, node.id)
    return _row(given, key, given.say(node.text), node.level_scores[found.level], depth)


def _parts_title(level: int) -> Text:
    word = wording.level_word(level)
    return Text(f"各能力要素与能力域在{word.zh}的得分", f"Scores of elements and domains at {word.en}")


def _drawing(given: Given, nodes: Sequence[Node], rows: Sequence[PeerRow], found: Comparison) -> Drawing | None:
    if not rows:
        return None
    language = given.language
    title = given.say(_message(given, rows))
    spoken = language.sentences((title, language.clauses(_spoken(given, row) for row in rows)))
    standings = [
        Standing(
            row.name,
            node.level_scores[found.level],
            found.quartiles.get(part_key(node.kind, node.id)),
            strong=row.depth == 1,
        )
        for node, row in zip(nodes, rows, strict=True)
    ]
    return Drawing(title, quartile_chart(standings, spoken, language.code))


def _message(given: Given, rows: Sequence[PeerRow]) -> Text:
    """Return what the picture shows: the domains in which the firm is behind most others."""
    behind = [row.name for row in rows if row.place == given.say(BOTTOM) and row.depth > 1]
    named = given.language.items(behind[:3])
    if behind:
        return Text(f"与同行相比，落在后四分之一的有：{named}", f"In the bottom quarter of the peers: {named}")
    return Text("没有一个能力域落在同行的后四分之一", "No domain is in the bottom quarter of the peers")


def _spoken(given: Given, row: PeerRow) -> str:
    said = Text(
        f"{row.name}：本企业 {row.own}，同行 {row.low}、{row.median}、{row.high}",
        f"{row.name}: this firm {row.own}, peers {row.low}, {row.median}, {row.high}",
    )
    return given.say(said)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
