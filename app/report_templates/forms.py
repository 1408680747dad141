"""The page on which a report template is written: its fields, what was typed in them, and what is wrong with it."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Iterator
from functools import cache
from io import BytesIO

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, FileField, HiddenField, SelectChoice, SelectField, StringField, TextAreaField

from app.errors import Refused
from app.presentation import text
from app.report_templates.logos import logo_of, read_logo
from reports.own_template import MOST_BLOCKS, OwnBlock, OwnTemplate, faults, places
from reports.parts import LAST, OPTIONAL, STANDARD, part_name
from reports.specimen import specimens

MOVED = tuple(part for part in STANDARD if part != LAST)
_PLACE = re.compile(r"[1-9]\d?")
_AT_FIRST = "after:cover"


class TemplateForm(FlaskForm):
    """What every template has; `form_of` adds the parts and the own parts."""

    name = StringField(_l("模板名称"))
    institution = StringField(_l("机构名称"))
    logo = FileField(_l("标志图片"))
    kept_logo = HiddenField()  # PNG in base64, so that a chosen picture is not lost when something else is wrong
    drop_logo = BooleanField(_l("不要标志"))

    @property
    def block_count(self) -> int:
        return len([name for name in self._fields if name.endswith("-body")])

    @property
    def can_grow(self) -> bool:
        return self.block_count < MOST_BLOCKS


@cache
def _class(blocks: int) -> type[TemplateForm]:
    """Return the form with so many own parts; its faults are listed in the order of its fields."""
    fields: dict[str, object] = {}
    for part in MOVED:
        fields |= {f"order-{part}": StringField(_l("次序")), f"printed-{part}": BooleanField(_l("打印"))}
    for number in range(1, blocks + 1):
        fields |= {
            f"block-{number}-place": SelectField(_l("放在哪里"), validate_choice=False),
            f"block-{number}-title": StringField(_l("标题")),
            f"block-{number}-body": TextAreaField(_l("内容")),
        }
    return type("TemplateForm", (TemplateForm,), fields)


def form_of(own: OwnTemplate | None, blocks: int) -> TemplateForm:
    """Return the form with a template in it, or with what was posted; it has at least `blocks` own parts."""
    form = _class(max(1, min(blocks, MOST_BLOCKS)))(data=dict(_filled(own) if own else _fresh()))
    offered = [SelectChoice(place, text(name)) for place, name in places()]
    for number in range(1, form.block_count + 1):
        form[f"block-{number}-place"].choices = offered
    return form


def _fresh() -> Iterator[tuple[str, object]]:
    for place, part in enumerate(MOVED, start=1):
        yield f"order-{part}", str(place)
        yield f"printed-{part}", True
    yield "block-1-place", _AT_FIRST


def _filled(own: OwnTemplate) -> Iterator[tuple[str, object]]:
    yield from {"name": own.name, "institution": own.institution}.items()
    for number, block in enumerate(own.blocks, start=1):
        yield from ((f"block-{number}-{name}", getattr(block, name)) for name in ("place", "title", "body"))
    for place, part in enumerate((part for part in own.order if part in MOVED), start=1):
        yield f"order-{part}", str(place)
        yield f"printed-{part}", part not in own.left_out
    if own.logo:
        yield "kept_logo", b64encode(own.logo.png).decode()


# --- what was posted ------------------------------------------------------------------------------------------------


def read(form: TemplateForm, before: OwnTemplate | None) -> OwnTemplate | None:
    """Return what was typed, upon what stood there before; None where something is wrong, which stands at its field."""
    numbers = [number for number in range(1, form.block_count + 1) if not _is_empty(form, number)]
    name, institution = _typed(form, "name"), _typed(form, "institution")
    own = OwnTemplate(
        name=name,
        institution=institution,
        order=_order(form, moved_parts(before)),
        left_out=tuple(part for part in MOVED if part in OPTIONAL and not form[f"printed-{part}"].data),
        blocks=tuple(
            OwnBlock(*(_typed(form, f"block-{number}-{what}") for what in ("place", "title", "body")))
            for number in numbers
        ),
        logo=logo_of(_logo(form), institution),
    )
    for fault in faults(own, specimens()):
        _say(form, _field_of(fault.field, numbers), text(fault.words))
    return None if form.errors else own


def _typed(form: TemplateForm, name: str) -> str:
    typed = form[name].data or ""
    return typed if name.endswith("-body") else " ".join(typed.split())


def _is_empty(form: TemplateForm, number: int) -> bool:
    return not any(_typed(form, f"block-{number}-{name}").strip() for name in ("title", "body"))


def moved_parts(own: OwnTemplate | None) -> tuple[str, ...]:
    """Return the parts that can be moved, in the order of a template."""
    return tuple(part for part in own.order if part in MOVED) if own else MOVED


def _order(form: TemplateForm, before: tuple[str, ...]) -> tuple[str, ...]:
    """Return the parts as they were numbered: those with a new number go to that place, the others make room."""
    numbers = dict[str, int]()
    for part in before:
        typed = _typed(form, f"order-{part}")
        if _PLACE.fullmatch(typed):
            numbers[part] = int(typed)
        else:
            _say(form, f"order-{part}", _("“%(part)s”的次序请填 1 到 99 的整数。", part=text(part_name(part))))
    moved = [part for place, part in enumerate(before, start=1) if numbers.get(part, place) != place]
    order = [part for part in before if part not in moved]
    for part in sorted(moved, key=numbers.__getitem__):
        order.insert(numbers[part] - 1, part)
    return (*order, LAST)


def _logo(form: TemplateForm) -> bytes | None:
    """Return the picture that was chosen now or before, drawn anew either way; it comes along for the next time."""
    if form.drop_logo.data:
        form.kept_logo.data = ""
        return None
    sent = form.logo.data if isinstance(form.logo.data, FileStorage) and form.logo.data.filename else None
    kept = form.kept_logo.data or ""
    try:
        png = read_logo(sent.stream) if sent else read_logo(BytesIO(b64decode(kept, validate=True))) if kept else None  # type: ignore[arg-type]
    except (Refused, Error) as refusal:
        _say(form, "logo", refusal.message if isinstance(refusal, Refused) else _("标志图片没有传完整。请再选一次。"))
        return None
    form.kept_logo.data = b64encode(png).decode() if png else ""
    return png


def _field_of(field: str, numbers: list[int]) -> str:
    """Return the field in the form: own parts that are empty stand in it and were not counted."""
    found = re.fullmatch(r"block-(\d+)-(\w+)", field)
    return f"block-{numbers[int(found[1]) - 1]}-{found[2]}" if found else field


def _say(form: TemplateForm, name: str, sentence: str) -> None:
    form[name].errors = [*form[name].errors, sentence]
