"""What a page weighs on the way to a phone: with nothing kept from before, and with what the browser has kept."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.access import Role
from app.firms.models import Firm
from questionnaires.loader import load
from questionnaires.model import Fact, FactKind, SubjectKind, Value
from tests.browser import walking as walk
from tests.factories import make_diagnosis, make_firm, make_user, parts_of

pytestmark = pytest.mark.browser

HEAVIEST, HEAVIEST_KEPT = 150_000, 30_000  # bytes on the way, without and with what the browser has kept
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # 400 kbit/s
USABLE_WITHIN_S = 4.0
# A firm as large as the product is made for: every page of it is as long as pages get.
FACTORIES = {
    f"{number}工厂": tuple(f"{number}{shop}车间" for shop in ("冲压", "焊装", "机加", "总装")) for number in "一二三"
}
VALUES: dict[FactKind, Value] = {
    FactKind.PRACTICE: "mostly",
    FactKind.YES_NO: True,
    FactKind.NUMBER: Fraction(40),
    FactKind.TEXT: "按现行工艺文件执行，见附件",
}


@dataclass  # without slots: Playwright writes on the object whose methods it calls
class Scales:
    """Weighs what comes over the network, page by page."""

    page: Page
    bytes_: int = 0
    kinds: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.network = self.page.context.new_cdp_session(self.page)
        self.network.send("Network.enable")
        self.network.on("Network.loadingFinished", self._on_finished)
        self.network.on("Network.responseReceived", lambda event: self.kinds.add(event["type"]))

    def _on_finished(self, event: dict) -> None:
        self.bytes_ += int(event["encodedDataLength"])

    def weigh(self, address: str, kept: bool) -> int:
        """Return the bytes of one page view, headers included."""
        self.network.send("Network.setCacheDisabled", {"cacheDisabled": not kept})
        self.bytes_ = 0
        self.page.goto(address, wait_until="load")
        self.page.evaluate("() => new Promise((done) => setTimeout(done, 50))")  # what was loaded last reports in
        return self.bytes_


@pytest.fixture
def firm(flask_app: Flask) -> Firm:
    return make_firm(flask_app, FACTORIES)


@pytest.fixture
def diagnosis(flask_app: Flask, firm: Firm):
    return make_diagnosis(flask_app, firm, dict(_answers(flask_app, firm)))


@pytest.fixture
def scales(phone: Page, flask_app: Flask, firm: Firm) -> Scales:
    walk.sign_in(phone, make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id))
    return Scales(phone)


def _answers(flask_app: Flask, firm: Firm) -> Iterator[tuple[tuple[str, str], Value]]:
    """Answer everything for everyone."""
    keys = _keys(flask_app, firm)
    for fact in load("auto_parts").facts.values():
        for key in keys[fact.of]:
            if (value := _value(fact)) is not None:
                yield (key, fact.id), value
    yield ("firm", "production_type"), "discrete"


def _keys(flask_app: Flask, firm: Firm) -> dict[SubjectKind, list[str]]:
    parts = parts_of(flask_app, firm)
    factories = [str(parts[name]) for name in FACTORIES]
    workshops = [str(parts[name]) for names in FACTORIES.values() for name in names]
    return {SubjectKind.FIRM: ["firm"], SubjectKind.FACTORY: factories, SubjectKind.WORKSHOP: workshops}


def _value(fact: Fact) -> Value | None:
    if fact.options:
        return fact.options[0].code if fact.kind is FactKind.CHOICE else (fact.options[0].code,)
    return None if fact.format else VALUES.get(fact.kind)


def pages_of(flask_app: Flask, firm: Firm, diagnosis) -> list[str]:
    """Return every page of the firm; of alike workshops the questions of one."""
    home, keys = f"/diagnoses/{diagnosis.id}", _keys(flask_app, firm)
    questions = [
        f"/fill/{section.id}/{keys[section.of][0]}/{page.id}"
        for section in load("auto_parts").sections
        for page in section.pages
    ]
    own = [f"{home}{page}" for page in ("", "/answers", "/result", "/tailoring", "/import", *questions)]
    return [*own, f"/firms/{firm.id}", f"/reports/diagnosis/{diagnosis.id}", "/password"]


def test_no_page_of_the_largest_firm_is_heavier_than_promised_nor_loads_a_font(scales, flask_app, firm, diagnosis):
    addresses = pages_of(flask_app, firm, diagnosis)

    fresh = {address: scales.weigh(address, kept=False) for address in addresses}
    kept = {address: scales.weigh(address, kept=True) for address in addresses}

    assert len(addresses) > 60
    assert min(kept.values()) > 500
    assert {address: weight for address, weight in fresh.items() if weight > HEAVIEST} == {}
    assert {address: weight for address, weight in kept.items() if weight > HEAVIEST_KEPT} == {}
    assert scales.kinds <= {"Document", "Stylesheet", "Script", "Fetch", "Other", "Image"}


def test_on_a_slow_network_the_first_page_of_questions_can_be_answered_within_seconds(scales, diagnosis):
    scales.network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    scales.network.send("Network.emulateNetworkConditions", SLOW_3G)
    began = time.monotonic()
    scales.page.goto(f"/diagnoses/{diagnosis.id}/fill/org_strategy/firm/practices", wait_until="domcontentloaded")
    scales.page.get_by_text("大部分满足").first.click()
    seconds = time.monotonic() - began

    assert seconds < USABLE_WITHIN_S
