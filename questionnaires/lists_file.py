"""Reads the lists of a questionnaire: which facts are counted from the rows of which list.

What people write into the rows is read by `lists.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

from questionnaires.facts import one_of
from questionnaires.model import Column, CountedList, Fact, FactKind, SubjectKind
from questionnaires.yaml_file import Located, check_keys, did_you_mean, read_text


def read_list(node: Located, facts: Mapping[str, Fact]) -> CountedList:
    """Return the list that stands in `node`, over `facts`. Raises DefinitionError."""
    check_keys(node, (), ("id", "zh", "en", "of", "name", "detail", "count", "marks"))
    of: SubjectKind = one_of(node, "of", SubjectKind)
    count = _column(node.table("count"), of, facts)
    marks = tuple(_column(mark, of, facts) for mark in node.tables("marks"))
    if not marks:
        raise node.fault("the list has no mark.", "Name at least one fact that counts the rows marked.", "marks")
    names = [column.fact.id for column in (count, *marks)]
    if len(set(names)) < len(names):
        raise node.fault("the list counts one fact twice.", "Give each column its own fact.", "marks")
    other = next((mark.fact for mark in marks if mark.fact.unit != count.fact.unit), None)
    if other is not None:
        raise node.fault(f"“{other.id}” has another unit than “{count.fact.id}”.", "Count the same things.", "marks")
    title, name, detail = read_text(node), node.bilingual("name"), node.bilingual("detail")
    return CountedList(node.text("id"), title, of, name, detail, count, marks)


def _column(node: Located, of: SubjectKind, facts: Mapping[str, Fact]) -> Column:
    check_keys(node, (), ("fact", "zh", "en"))
    name = node.text("fact")
    fact = facts.get(name)
    if fact is None:
        remedy = did_you_mean(name, facts) or "Add it to the fact dictionary in facts/."
        raise node.fault(f"there is no fact “{name}”.", remedy, "fact")
    if fact.of is not of:
        raise node.fault(
            f"“{name}” describes a {fact.of}, this list a {of}.", "Count a fact of the same subject.", "fact"
        )
    if fact.kind is not FactKind.NUMBER or not fact.whole:
        raise node.fault(f"“{name}” is no whole number.", "Rows can only be counted into a whole number.", "fact")
    return Column(fact, read_text(node))
