"""A report template (报告模板): whose it is, the order of the parts, what is left out, parts in the user's own words.

`faults` checks one, `applied` puts it upon a report. What the standard report says stays as it is: a template moves
whole parts, leaves optional ones out and says so on the cover, and adds words that are labelled as somebody's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from questionnaires.model import Text
from reports.chapters import TITLES, UNNUMBERED
from reports.language import BY_TAG, Language
from reports.model import DiagnosisReport, Line
from reports.own_parts import Logo, OwnCover, OwnPart
from reports.own_text import LONGEST_SAID, BadText, TooLong, check, one_line, say, texts
from reports.own_values import values_of
from reports.parts import COVER, OPTIONAL, PARTS, completed, part_name
from reports.word_xml import printable

LONGEST_NAME = 60  # characters of a template's and an institution's name
LONGEST_TITLE = 200  # characters that may be typed as a title
MOST_BLOCKS = 8
ALONE = (COVER, "signatures", "letter")  # nothing else stands on their last page
OWN = Text("自有内容", "Own words")


@dataclass(frozen=True, slots=True)
class OwnBlock:
    """A part in the user's own words: title and body as typed, and where it stands ("before:plan")."""

    place: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class OwnTemplate:
    """A report template as it was typed."""

    name: str
    institution: str
    order: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    blocks: tuple[OwnBlock, ...] = ()
    logo: Logo | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a template, and in which field: "name", "block-2-body"."""

    field: str
    words: Text


class CannotApply(Exception):
    """A text of the template does not fit this report; the sentence says which, why, and what to do."""

    def __init__(self, title: str, why: str) -> None:
        super().__init__(f"报告模板里的“{title[:40]}”没有打印：{why}请改模板，或改用标准版式。")


# --- as data --------------------------------------------------------------------------------------------------------


def to_data(own: OwnTemplate) -> dict[str, Any]:
    """Return what was typed, without the logo, as JSON takes it."""
    blocks = [{"place": one.place, "title": one.title, "body": one.body} for one in own.blocks]
    return {"institution": own.institution, "order": list(own.order), "left_out": list(own.left_out), "blocks": blocks}


def from_data(name: str, data: Mapping[str, Any], logo: Logo | None = None) -> OwnTemplate:
    """Return the template that was stored; parts that this version does not know are passed over."""
    return OwnTemplate(
        name=name,
        institution=data["institution"],
        order=completed(tuple(data["order"])),
        left_out=tuple(part for part in data["left_out"] if part in OPTIONAL),
        blocks=tuple(OwnBlock(one["place"], one["title"], one["body"]) for one in data["blocks"]),
        logo=logo,
    )


# --- checking -------------------------------------------------------------------------------------------------------


def places() -> Iterator[tuple[str, Text]]:
    """Yield where an own part may stand: before or after every part; nothing stands before the cover."""
    name = part_name(COVER)
    yield f"after:{COVER}", Text(f"{name.zh}之后", f"after: {name.en}")
    for part in PARTS:
        name = part_name(part)
        yield f"before:{part}", Text(f"“{name.zh}”之前", f"before: {name.en}")
        yield f"after:{part}", Text(f"“{name.zh}”之后", f"after: {name.en}")


def faults(own: OwnTemplate, samples: Iterable[DiagnosisReport] = ()) -> list[Fault]:
    """Return everything that is wrong: first what is typed, then what the texts say of each sample report."""
    found = list(_typed_wrong(own))
    if not found:
        seen = {fault.field: fault for sample in samples for fault in _said_wrong(own, sample)}
        found = list(seen.values())
    return found


def _typed_wrong(own: OwnTemplate) -> Iterator[Fault]:
    for field, words, what in (
        ("name", own.name, Text("模板名称", "the name of the template")),
        ("institution", own.institution, Text("机构名称", "the name of the institution")),
    ):
        if not words.strip():
            yield Fault(field, Text(f"请填写{what.zh}。", f"Please fill in {what.en}."))
        elif len(words) > LONGEST_NAME:
            said = f"{what.en[0].upper()}{what.en[1:]} has at most {LONGEST_NAME} characters."
            yield Fault(field, Text(f"{what.zh}最多 {LONGEST_NAME} 字，请缩短。", said))
    if len(own.blocks) > MOST_BLOCKS:
        yield Fault("blocks", Text(f"自有内容最多 {MOST_BLOCKS} 块。", f"There are at most {MOST_BLOCKS} own parts."))
    for number, block in enumerate(own.blocks, start=1):
        yield from _block_wrong(f"block-{number}", block)


def _block_wrong(field: str, block: OwnBlock) -> Iterator[Fault]:
    if block.place not in dict(places()):
        yield Fault(f"{field}-place", Text("请选择放在哪里。", "Please choose where it stands."))
    if not block.title.strip():
        yield Fault(f"{field}-title", Text("请填写标题。", "Please give it a title."))
    elif len(block.title) > LONGEST_TITLE:
        said = f"A title has at most {LONGEST_TITLE} characters."
        yield Fault(f"{field}-title", Text(f"标题最多 {LONGEST_TITLE} 字，请缩短。", said))
    if not block.body.strip():
        yield Fault(
            f"{field}-body",
            Text("请填写内容；不要这一块，就把标题也清空。", "Please write its text, or empty the title too."),
        )
    for name, typed in (("title", block.title), ("body", block.body)):
        try:
            check(typed)
        except BadText as bad:
            yield Fault(f"{field}-{name}", bad.words)


def _said_wrong(own: OwnTemplate, sample: DiagnosisReport) -> Iterator[Fault]:
    values = values_of(sample, own.institution)
    for number, block in enumerate(own.blocks, start=1):
        for name, typed in (("title", block.title), ("body", block.body)):
            try:
                say(typed, values)
            except TooLong:
                yield Fault(
                    f"block-{number}-{name}",
                    Text(
                        f"用样例试印，超过 {LONGEST_SAID} 字。请改短，或少列一些。",
                        f"Tried on a sample it says more than {LONGEST_SAID} characters. Make it shorter.",
                    ),
                )


# --- applying -------------------------------------------------------------------------------------------------------


def applied(report: DiagnosisReport, own: OwnTemplate) -> DiagnosisReport:
    """Return the report as the template prints it. Raises CannotApply where a text becomes too long for it."""
    language, own = BY_TAG[report.lang], _printable(own)
    order = [part for part in completed(own.order) if part not in own.left_out]
    titles = _titles(report, order, language)
    parts = tuple(_paged(_with_own_parts(report, own, language)))
    return replace(
        report,
        parts=parts,
        chapters={**report.chapters, **titles},
        contents=tuple(_contents(report, parts, titles)),
        own=OwnCover(own.institution, _note(report, own, language), own.logo),
    )


def _printable(own: OwnTemplate) -> OwnTemplate:
    """Return the template without what no document may hold in its names; its texts are read by `say`."""
    logo = own.logo and replace(own.logo, alternative=printable(own.logo.alternative))
    return replace(own, name=printable(own.name), institution=printable(own.institution), logo=logo)


def _paged(parts: Iterable[str | OwnPart]) -> Iterator[str | OwnPart]:
    """Let an own part begin a page behind the cover and behind what is signed."""
    before: str | OwnPart = COVER
    for part in parts:
        yield replace(part, new_page=True) if isinstance(part, OwnPart) and before in ALONE else part
        before = part


def _titles(report: DiagnosisReport, order: Iterable[str], language: Language) -> dict[str, str]:
    """Return the titles of the chapters that are printed, numbered in their new order."""
    found, number = dict[str, str](), 0
    for chapter in (chapter for part in order for chapter in PARTS[part]):
        if chapter not in report.chapters:
            continue
        title = language.say(TITLES[chapter])
        if chapter not in UNNUMBERED:
            number += 1
            title = f"{number}{language.wide}{title}"
        found[chapter] = title
    return found


def _with_own_parts(report: DiagnosisReport, own: OwnTemplate, language: Language) -> Iterator[str | OwnPart]:
    """Yield what is printed, in order; an own part keeps its place when the part beside it is left out."""
    there = {place: list(_own_parts(report, own, language, place)) for place, _name in places()}
    yield from there[f"after:{COVER}"]
    for part in completed(own.order):
        yield from there[f"before:{part}"]
        if part not in own.left_out:
            yield part
        yield from there[f"after:{part}"]


def _own_parts(report: DiagnosisReport, own: OwnTemplate, language: Language, place: str) -> Iterator[OwnPart]:
    values = values_of(report, own.institution)
    for number, block in enumerate(own.blocks, start=1):
        if block.place != place:
            continue
        try:
            title, body = one_line(say(block.title, values)), texts(say(block.body, values))
        except TooLong:
            raise CannotApply(block.title, f"在这份报告里超过 {LONGEST_SAID} 字。") from None
        except BadText as bad:  # it was let through by an earlier version of this product
            raise CannotApply(block.title, bad.words.zh) from bad
        if title and body:
            yield OwnPart(f"own-{number}", title, _label(own, language), body)


def _label(own: OwnTemplate, language: Language) -> str:
    return f"{language.say(OWN)} · {own.institution}"


def _contents(report: DiagnosisReport, parts: Iterable[str | OwnPart], titles: Mapping[str, str]) -> Iterator[Line]:
    below = _below(report.contents)
    for part in parts:
        if isinstance(part, OwnPart):
            yield Line(1, part.title, part.target)
            continue
        for chapter in PARTS[part]:
            if chapter in titles:
                yield Line(1, titles[chapter], chapter)
                yield from below[chapter]


def _below(contents: Iterable[Line]) -> dict[str, list[Line]]:
    """Return the sections of each chapter."""
    found = dict[str, list[Line]]()
    for line in contents:
        if line.depth == 1:
            sections = found.setdefault(line.target, [])
        else:
            sections.append(line)
    return found


def _note(report: DiagnosisReport, own: OwnTemplate, language: Language) -> str:
    """Say on the cover whose template it is, and what it does not print."""
    out = [part for part in PARTS if part in own.left_out and _is_there(report, part)]
    names = [part_name(part) for part in out]
    zh = f"按报告模板“{own.name}”排版。标有“{OWN.zh} · {own.institution}”的部分由该机构撰写，不是本工具的结论。"
    en = (
        f"Set by the report template “{own.name}”. What is labelled “{OWN.en} · {own.institution}” was written by that "
        "institution and is no conclusion of this product."
    )
    if names:
        zh += f"本版未印：{'、'.join(one.zh for one in names)}；标准版式的报告里有。"
        en += f" Not printed here: {', '.join(one.en for one in names)}; the standard report has it."
    return language.say(Text(zh, en))


def _is_there(report: DiagnosisReport, part: str) -> bool:
    return not PARTS[part] or any(chapter in report.chapters for chapter in PARTS[part])
