"""Forms of firms, factories and workshops."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from app.errors import Refused
from app.firms import service
from app.presentation import districts, text


def district_choices() -> list[SelectChoice]:
    """Return the districts of today by name, after an empty first line."""
    today = (option for option in districts().values() if not option.retired)
    return [SelectChoice("", _("请选择")), *(SelectChoice(option.code, text(option.text)) for option in today)]


class FirmForm(FlaskForm):
    """A firm to be registered."""

    name = StringField(
        _l("企业全称"),
        [InputRequired(_l("请填写企业全称。")), Length(max=100, message=_l("名称最多 100 个字，请缩短。"))],
    )
    uscc = StringField(
        _l("统一社会信用代码"),
        [InputRequired(_l("请填写统一社会信用代码。")), Length(max=60, message=_l("代码只有 18 位，请检查。"))],
    )
    district = SelectField(_l("所在区县"), [InputRequired(_l("请选择所在区县。"))], choices=district_choices)

    def validate_uscc(self, field: StringField) -> None:
        """Name the letter or the check digit that is wrong, beside the field."""
        try:
            service.checked_code(field.data)
        except Refused as refusal:
            raise ValidationError(refusal.message) from refusal


class PartForm(FlaskForm):
    """The name of a factory or workshop."""

    name = StringField(
        _l("名称"), [InputRequired(_l("请填写名称。")), Length(max=100, message=_l("名称最多 100 个字，请缩短。"))]
    )


class PersonForm(FlaskForm):
    """A person who will fill in for the firm."""

    email = EmailField(
        _l("邮箱"),
        [
            InputRequired(_l("请填写邮箱。")),
            Length(max=254, message=_l("邮箱太长，请检查。")),
            Regexp(r"^\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$", message=_l("这不是完整的邮箱地址，应像 name@example.com。")),
        ],
    )
    name = StringField(
        _l("姓名"), [InputRequired(_l("请填写姓名。")), Length(max=60, message=_l("姓名最多 60 个字，请缩短。"))]
    )
