"""Forms of sign-in and accounts."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp

from app.access import OF_FIRM, Role
from app.presentation import districts, text

ROLE_NAMES = {
    Role.FACTORY_MANAGER: _l("企业填报人"),
    Role.COLLEAGUE: _l("企业协作人"),
    Role.CONSULTANT: _l("诊断专家"),
    Role.DISTRICT_OFFICER: _l("区县主管部门"),
    Role.COMMISSION: _l("市经济信息委"),
    Role.AUTHOR: _l("问卷与标准编写"),
    Role.ADMINISTRATOR: _l("系统管理员"),
}


def role_choices() -> list[SelectChoice]:
    """Return the roles under their names, after an empty first line; a firm's people are added on the firm's page."""
    offered = (role for role in Role if role not in OF_FIRM)
    return [SelectChoice("", _("请选择")), *(SelectChoice(role.value, str(ROLE_NAMES[role])) for role in offered)]


def district_choices() -> list[SelectChoice]:
    """Return the districts of today by name, after an empty first line."""
    today = (option for option in districts().values() if not option.retired)
    return [SelectChoice("", _("请选择")), *(SelectChoice(option.code, text(option.text)) for option in today)]


class SignInForm(FlaskForm):
    """Who signs in; `next` is where to go then, `kept` what was typed when the session ended."""

    email = StringField(
        _l("邮箱或手机号"),
        [InputRequired(_l("请填写邮箱或手机号。")), Length(max=254, message=_l("邮箱太长，请检查。"))],
    )
    password = PasswordField(
        _l("密码"), [InputRequired(_l("请填写密码。")), Length(max=500, message=_l("密码太长，请检查。"))]
    )
    next = HiddenField()
    kept = HiddenField()


class PasswordForm(FlaskForm):
    """A person's own new password."""

    old = PasswordField(_l("现在的密码"), [InputRequired(_l("请填写现在的密码。")), Length(max=500)])
    new = PasswordField(_l("新密码"), [InputRequired(_l("请填写新密码。")), Length(max=500)])


class AccountForm(FlaskForm):
    """A new account outside the firms. Only a district officer has a district."""

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
    role = SelectField(_l("角色"), [InputRequired(_l("请选择角色。"))], choices=role_choices)
    district = SelectField(_l("所属区县"), choices=district_choices)
