"""Scripts are comforts only: without them the whole way from the first answer to the result is open."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.access import Role
from tests.browser import walking as walk
from tests.browser.conftest import DESKTOP
from tests.factories import make_diagnosis, make_firm, make_user, parts_of

pytestmark = pytest.mark.browser


def test_without_javascript_a_firm_fills_in_submits_and_reads_its_result_in_tables(open_browser, flask_app):
    firm = make_firm(flask_app, {"一工厂": ("冲压车间",)})
    workshop = parts_of(flask_app, firm)["冲压车间"]
    said = {"uscc": firm.uscc, "production_type": "discrete", "data.L1.1": "mostly"}
    diagnosis = make_diagnosis(flask_app, firm, said)
    plain = open_browser(**DESKTOP, java_script_enabled=False)

    walk.sign_in(plain, make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id))
    walk.open_page(plain, diagnosis.id, "workshop_equipment", "machines", workshop)
    walk.field(plain, "equipment_count").fill("120")
    walk.field(plain, "equipment_digital_count").fill("54")
    walk.save(plain)
    walk.open_page(plain, diagnosis.id, "workshop_equipment", "machines", workshop)
    expect(plain.locator(".rate output").first).to_have_text("45%")
    walk.save(plain, "回总览")
    plain.get_by_role("link", name="核对并提交").click()
    plain.get_by_text("我承诺：以上内容如实反映").click()
    walk.save(plain, "提交诊断")

    expect(plain.get_by_role("table", name="各级得分").get_by_role("row")).to_have_count(6)
    expect(plain.get_by_role("img", name="一级：各能力域得分")).to_be_visible()
    expect(plain.get_by_role("table", name="一级：各能力子域得分，最低的在上")).to_be_visible()
    expect(plain.get_by_role("table", name="一级：各能力域得分")).to_be_visible()
    digital = plain.get_by_role("row").filter(has_text="数字化装备占生产装备的比例").first
    expect(digital).to_contain_text("45% → 50%")
    expect(digital).to_contain_text("差 6 台（套）")
