"""axe-core before a page: which rules of WCAG 2.2 (A and AA) and of good practice the page breaks, and where."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

FILE = Path(__file__).with_name(".vendor") / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
UNFOLD = """() => { for (const folded of document.querySelectorAll("details")) folded.open = true; }"""
LOOK = """async (rules) => {
  const found = await axe.run(document, {runOnly: {type: "tag", values: rules}, resultTypes: ["violations"]});
  return found.violations.flatMap((rule) => rule.nodes.map((node) => {
    const why = [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ");
    return `${rule.id}: ${node.target.join(" ")}: ${why}`;
  }));
}"""


def violations(page: Page, unfold: bool = False) -> list[str]:
    """Return each breach of a rule: the rule, the element, what is wrong; `unfold` shows what is folded away."""
    if unfold:
        page.evaluate(UNFOLD)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe())
    found: list[Any] = page.evaluate(LOOK, list(RULES))
    return found


@cache
def _axe() -> str:
    if not FILE.exists():
        raise FileNotFoundError(f"{FILE.name} is not in {FILE.parent}: run script/setup --with-tests")
    return FILE.read_text(encoding="utf-8")
