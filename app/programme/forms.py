"""Forms of the programme: a step of a conversion, a recognition, a withdrawal."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput

from app.firms.models import Firm
from app.presentation import text
from app.programme import service
from app.programme.service import LEVELS, LONGEST, Paper

_TOO_LONG = Length(max=LONGEST, message=_l("最多 200 个字，请缩短。"))


class DayField(DateField):
    """A day, which must be one."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = " ".join(valuelist).strip()
        self.data = None
        try:
            self.data = date.fromisoformat(typed) if typed else None
        except ValueError as fault:
            raise ValueError(_("“%(typed)s”不是日期，应像 2026-10-31。", typed=typed[:20])) from fault


def system_choices() -> list[SelectChoice]:
    """Return the plan's seven systems."""
    return [SelectChoice(key, text(words)) for key, words in service.plan().systems.items()]


def state_choices() -> list[SelectChoice]:
    """Return the states of a conversion that the person signed in may record."""
    return [
        SelectChoice("", _("请选择")),
        *(SelectChoice(k, text(t)) for k, t in service.states_for(current_user).items()),
    ]


def kind_choices() -> list[SelectChoice]:
    """Return the kinds of recognition."""
    return [
        SelectChoice("", _("请选择")),
        *(SelectChoice(key, text(words)) for key, words in service.plan().kinds.items()),
    ]


def level_choices() -> list[SelectChoice]:
    """Return the levels of the national gradient, after an empty first line."""
    return [SelectChoice("", _("不分级")), *(SelectChoice(key, text(words)) for key, words in LEVELS.items())]


class _PaperForm(FlaskForm):
    """What every event rests on."""

    day = DayField(_l("日期"), [InputRequired(_l("请填写日期。"))])
    document = StringField(_l("文件名称或文号"), [_TOO_LONG])
    issuer = StringField(_l("发文单位"), [_TOO_LONG])

    def paper(self) -> Paper:
        """Return it as the service takes it."""
        where = self["list_where"].data if "list_where" in self else ""
        day = self.day.data or date.min  # `validate` has refused a form without a day
        return Paper(day, self.document.data or "", self.issuer.data or "", where or "")


class ConversionForm(_PaperForm):
    """A state that a firm's conversion has reached."""

    state = SelectField(_l("状态"), [InputRequired(_l("请选择状态。"))], choices=state_choices)
    systems = SelectMultipleField(_l("涉及的系统"), choices=system_choices, option_widget=CheckboxInput())


class RecognitionForm(_PaperForm):
    """A workshop or factory that was recognised. `units` are those of the firm."""

    kind = SelectField(_l("认定种类"), [InputRequired(_l("请选择认定的种类。"))], choices=kind_choices)
    level = SelectField(_l("级别（仅国家智能工厂）"), choices=level_choices, default="")
    unit = SelectField(_l("车间或工厂"), [InputRequired(_l("请选择车间或工厂。"))])
    list_where = StringField(_l("名单网址"), [_TOO_LONG])
    systems = SelectMultipleField(_l("涉及的系统"), choices=system_choices, option_widget=CheckboxInput())

    def __init__(self, firm: Firm, **given: Any) -> None:
        super().__init__(**given)
        names = service.unit_names(firm)
        self.unit.choices = [
            SelectChoice("", _("请选择")),
            *(SelectChoice(str(key), name) for key, name in names.items()),
        ]


class WithdrawalForm(_PaperForm):
    """The withdrawal of a recognition."""

    list_where = StringField(_l("公告网址"), [_TOO_LONG])
