"""What somebody who was invited fills in to join."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from app.accounts.service import login_name

LOGIN = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|\+?\d{7,15}")


class JoinForm(FlaskForm):
    """A new account of a colleague; the password is his own from the start."""

    name = StringField(
        _l("姓名"), [DataRequired(_l("请填写姓名。")), Length(max=60, message=_l("姓名最多 60 个字，请缩短。"))]
    )
    login = StringField(
        _l("手机号或邮箱"),
        [DataRequired(_l("请填写手机号或邮箱。")), Length(max=254, message=_l("太长了，请检查。"))],
    )
    password = PasswordField(
        _l("自己设的密码"), [InputRequired(_l("请设一个密码。")), Length(max=500, message=_l("密码太长，请检查。"))]
    )
    agreed = BooleanField(
        _l("我已阅读并同意按上面的说明处理我的个人信息"),
        [InputRequired(_l("请先阅读说明，并勾选同意。不同意就不会建立账号，也不会保存您填的内容。"))],
    )

    def validate_login(self, field: StringField) -> None:
        """Take an e-mail address or a phone number, however it is typed."""
        if not LOGIN.fullmatch(login_name(field.data)):
            raise ValidationError(_l("这不是完整的手机号或邮箱地址，应像 13800000000 或 name@example.com。"))
