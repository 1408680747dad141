"""What one page of twelve questions costs to draw, and how many statements one answer costs to save."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from flask_login import login_user
from sqlalchemy import event

from app.accounts.models import User
from app.diagnosis import drawing, service, views
from app.diagnosis.draft import FIRM_KEY, Draft, Kept, stated
from app.diagnosis.models import AnswerEntry, Layer
from app.extensions import db
from bench.figures import Figure
from bench.journey import hidden_in
from bench.our_page import PAGE, SECTIONS, Walk, long_pages, prepare
from bench.stock_page import draw_stock, stock_form
from questionnaires.model import Degree
from questionnaires.progress import Step

BAR_MS, STATEMENTS_BAR = 1.0, 3
DRAWN = 400  # times each


def measure() -> list[Figure]:
    """Draw both ways in turn, with other answers each time, and count the statements of a save of each way."""
    with TemporaryDirectory() as folder:
        flask_app, [walk] = prepare(Path(folder), 1)
        return [_rendering(flask_app, walk), _statements(flask_app, walk)]


def _rendering(flask_app: Flask, walk: Walk) -> Figure:
    with flask_app.test_request_context(walk.ours[0]):
        login_user(db.session.get_one(User, walk.user))
        draft, step = _opened(walk)
        chance, ours, anew, stock = Random(12), list[float](), list[float](), list[float]()
        for _time in range(DRAWN):
            degrees = {fact: chance.choice(list(Degree)) for fact in step.page.fact_ids}
            answered = _answered(draft, degrees)
            form = stock_form(step.page, _rows(degrees), draft.diagnosis.revision)
            ours.append(_cpu_ms(lambda: views._page(answered, step)))  # noqa: B023 - called at once
            stock.append(_cpu_ms(lambda: draw_stock(step.page, form)))  # noqa: B023
            drawing._drawn_once.cache_clear()
            anew.append(_cpu_ms(lambda: views._page(answered, step)))  # noqa: B023
            _draw_every_answer(draft, step)
    mine, theirs = median(ours), median(stock)
    return Figure(
        "rendering of 12 questions",
        mine,
        f"ms CPU, median of {DRAWN}, other answers each time; {median(anew):.2f} ms when no question was drawn before",
        f"WTForms widgets drawing the same questions {theirs:.2f} ms",
        mine / theirs,
        f"value <= {BAR_MS:g}",
        mine <= BAR_MS,
    )


def _opened(walk: Walk) -> tuple[Draft, Step]:
    user, diagnosis_id = db.session.get_one(User, walk.user), UUID(walk.ours[0].split("/")[2])
    draft = service.open_page(user, diagnosis_id, SECTIONS[0], PAGE)
    section = next(one for one in draft.questionnaire.sections if one.id == SECTIONS[0])
    return draft, Step(section, draft.firm, section.pages[0])


def _draw_every_answer(draft: Draft, step: Step) -> None:
    """Bring back what a server that has run for a while keeps."""
    for degree in Degree:
        views._page(_answered(draft, dict.fromkeys(step.page.fact_ids, degree)), step)


def _answered(draft: Draft, degrees: dict[str, Degree]) -> Draft:
    said_by, at = draft.diagnosis.started_by, datetime.now(UTC)
    kept = (Kept(FIRM_KEY, fact, Layer.STATED, stated(one), 1, said_by, at) for fact, one in degrees.items())
    return replace(draft, kept=tuple(kept))


def _rows(degrees: dict[str, Degree]) -> dict[str, AnswerEntry]:
    return {fact: AnswerEntry(fact=fact, value=degree.value) for fact, degree in degrees.items()}


def _cpu_ms(draw: Callable[[], str]) -> float:
    began = time.thread_time()
    drawn = draw()
    spent = 1000 * (time.thread_time() - began)
    assert drawn.count("<legend>") == 12
    return spent


# --- saving -----------------------------------------------------------------------------------------------------------


def _statements(flask_app: Flask, walk: Walk) -> Figure:
    facts = long_pages()[SECTIONS[0]].fact_ids
    client = flask_app.test_client()
    client.get(f"/bench-sign-in/{walk.user}")
    ours = _writing(flask_app, client, walk.ours[0], "/answers", {facts[0]: Degree.FULL})
    stock = _writing(flask_app, client, walk.stock[0], "", dict.fromkeys(facts, Degree.FULL))
    return Figure(
        "statements of one save",
        ours,
        "that write, for an answer saved by itself with its audit event",
        f"the page of 12 answers saved with ORM rows {stock}",
        ours / stock,
        f"value <= {STATEMENTS_BAR}",
        ours <= STATEMENTS_BAR,
    )


def _writing(flask_app: Flask, client: FlaskClient, page: str, to: str, said: dict[str, Degree]) -> int:
    hidden = hidden_in(client.get(page).text)
    posted = {"csrf_token": hidden["token"], "revision": hidden["revision"], **said}
    with flask_app.app_context():
        engine = db.engine
    with _statements_of(engine) as seen:
        answer = client.post(page + to, data=posted, headers={"Accept": "application/json"})
    assert answer.status_code in (200, 302), answer.text
    return sum(statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")) for statement in seen)


@contextmanager
def _statements_of(engine: Any) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
