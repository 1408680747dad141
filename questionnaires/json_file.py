"""Reads JSON into the same located tree as YAML: numbers exact, a key written twice refused.

JSON has no lines here; an entry is found by its path of keys.
"""

from __future__ import annotations

import json
from fractions import Fraction

from questionnaires.model import Text
from questionnaires.yaml_file import DefinitionError, Located, LocatedList, path_to

LONGEST_NUMBER = 60  # characters; what is longer stays text, which no number takes


def read_json_with_faults(text: str | bytes, file: str) -> tuple[object, list[DefinitionError]]:
    """Return the tree of `text` and every fault found in it; the tree is None when unreadable."""
    faults: list[DefinitionError] = []
    try:
        read = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
        pairs = json.loads(read, parse_float=_number, parse_int=_number, object_pairs_hook=_Pairs)
        return _located(pairs, file, "", faults), faults
    except json.JSONDecodeError as error:
        said = Text("这里不符合 JSON 的写法。", f"not readable as JSON: {error.msg.lower()}.")
        remedy = Text("请检查此处的引号、逗号和括号。", "Check quotes, commas and brackets here.")
        return None, [_fault(file, error.lineno, said, remedy)]
    except UnicodeDecodeError:
        said = Text("文件不是 UTF-8 编码。", "the file is not UTF-8 text.")
        return None, [_fault(file, None, said, Text("请另存为 UTF-8 编码。", "Save the file as UTF-8."))]
    except RecursionError:
        said = Text("层次太深。", "nested too deeply.")
        return None, [_fault(file, None, said, Text("请减少嵌套。", "Nest less."))]


def _fault(file: str, line: int | None, fault: Text, remedy: Text) -> DefinitionError:
    return DefinitionError(file=file, line=line, at="", fault=fault, remedy=remedy)


def _number(written: str) -> int | Fraction | str:
    """Read digits exactly; what is overlong or has an exponent stays text, which no number takes."""
    if len(written) > LONGEST_NUMBER or "e" in written.lower():
        return written
    return Fraction(written) if "." in written else int(written)


class _Pairs(list[tuple[str, object]]):
    """The keys and values of a JSON object as written, so that a key written twice is seen."""


def _located(value: object, file: str, at: str, faults: list[DefinitionError]) -> object:
    if isinstance(value, _Pairs):
        table = Located(file, None, at)
        for key, inner in value:
            if key in table:
                said = Text(f"“{key}”写了两次。", f"the key “{key}” is written twice.")
                faults.append(table.fault(said, Text("请只保留一处。", "Keep one of the two."), key))
            table[key] = _located(inner, file, path_to(at, key), faults)
        return table
    if isinstance(value, list):
        entries = LocatedList(file, None, at)
        entries.extend(_located(inner, file, path_to(at, place), faults) for place, inner in enumerate(value))
        entries.lines.extend([None] * len(entries))
        return entries
    return value
