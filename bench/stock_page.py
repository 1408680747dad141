"""The yardstick for a page: the same questions in the same layout, written the stock way.

Same application, login, CSRF, firm check and audit event; but WTForms draws its own widgets, and answers are ORM
objects that are read, changed and saved one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID

from flask import Flask, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from jinja2 import Template
from sqlalchemy import select
from wtforms import HiddenField, RadioField, SelectChoice
from wtforms.validators import InputRequired

from app import audit
from app.access import requires
from app.diagnosis import service
from app.diagnosis.models import AnswerEntry, Diagnosis, Layer
from app.extensions import db
from app.presentation import text
from questionnaires.model import Fact, Page

CODES = {"full": "全部满足", "mostly": "大部分满足", "partly": "部分满足", "none": "不满足", "?": "不清楚"}
PAGE = """{% extends "base.html" %}
{% block title %}{{ page.title | text }}{% endblock %}
{% block main %}
<h1>{{ page.title | text }}</h1>
{% if page.lead %}<p>{{ page.lead | text }}</p>{% endif %}
{% if form.errors %}<ul>{% for errors in form.errors.values() %}<li>{{ errors[0] }}</li>{% endfor %}</ul>{% endif %}
<form method="post" class="questions" novalidate>{{ form.csrf_token }}{{ form.revision }}
{% for field in form if field.type == "RadioField" %}
<fieldset class="question"><legend>{{ field.label.text }}</legend>
{% if field.description %}<p class="question__help">{{ field.description }}</p>{% endif %}
{{ field }}
{% for error in field.errors %}<p class="question__error">{{ error }}</p>{% endfor %}</fieldset>
{% endfor %}
<button class="button">{{ _("保存，下一页") }}</button></form>
{% endblock %}"""


def stock_form(page: Page, stored: Mapping[str, AnswerEntry], revision: int) -> Any:
    """Return the form of a page, made anew for each request, filled from the rows that are kept."""
    fields: dict[str, Any] = {"revision": HiddenField()}
    for fact in _facts(page):
        fields[fact.id] = RadioField(
            text(fact.ask),
            choices=[SelectChoice(code, words) for code, words in CODES.items()],
            validators=[InputRequired("请选择一项")],
            description=text(fact.definition),
            name=fact.id,
        )
    data: dict[str, Any] = {name: row.value for name, row in stored.items()}
    return type("StockForm", (FlaskForm,), fields)(data=data | {"revision": revision})


def draw_stock(page: Page, form: Any) -> str:
    """Return the page as the widgets of the form draw it."""
    return render_template(_template(), form=form, page=page)


@cache
def _template() -> Template:
    return current_app.jinja_env.from_string(PAGE)  # kept, as the templates of files are


def _facts(page: Page) -> list[Fact]:
    return [question.facts[0] for question in page.questions]


def add_stock_page(flask_app: Flask, pages: Mapping[str, Page]) -> None:
    """Serve the questions of `pages` the stock way at /stock/<diagnosis>/<name of the page>."""

    @flask_app.route("/stock/<uuid:diagnosis_id>/<name>", methods=["GET", "POST"])
    @requires("diagnosis.fill")
    def stock(diagnosis_id: UUID, name: str) -> ResponseReturnValue:
        page = pages[name]
        diagnosis = service.diagnosis_for(current_user, diagnosis_id)
        asked = [fact.id for fact in _facts(page)]
        query = select(AnswerEntry).where(AnswerEntry.diagnosis_id == diagnosis_id, AnswerEntry.fact.in_(asked))
        stored = {row.fact: row for row in db.session.scalars(query)}
        form = stock_form(page, stored, diagnosis.revision)
        if not form.validate_on_submit():
            return draw_stock(page, form)
        diagnosis.revision += 1
        for fact in asked:
            _save(stored.get(fact), diagnosis, fact, form[fact].data)
        audit.record(current_user.id, "diagnosis.save_page", f"diagnosis:{diagnosis.id}", revision=diagnosis.revision)
        db.session.commit()
        return redirect(url_for("stock", diagnosis_id=diagnosis_id, name=name))


def _save(row: AnswerEntry | None, diagnosis: Diagnosis, fact: str, value: str) -> None:
    if row is None:
        row = AnswerEntry(diagnosis_id=diagnosis.id, subject_key="firm", fact=fact, layer=Layer.STATED, state="stated")
        db.session.add(row)
    row.value, row.revision, row.reason = value, diagnosis.revision, None
    row.said_by, row.said_at = current_user.id, diagnosis.started_at
