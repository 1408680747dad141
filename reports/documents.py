"""Chinese documents as an English report names them: an official English title, or ours beside the Chinese one.

Criteria files name the documents, clauses and places in Chinese, as these are called; what is not listed here is
printed as it stands there. Chinese reports never read this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from reports.language import Language

# The standards have English titles of their own; of the others the Chinese title follows ours.
TITLES: Mapping[str, str] = MappingProxyType(
    {
        "GB/T 39116-2020 智能制造能力成熟度模型": (
            "GB/T 39116-2020 Maturity model of intelligent manufacturing capability"
        ),
        "GB/T 39117-2020 智能制造能力成熟度评估方法": (
            "GB/T 39117-2020 Maturity assessment method of intelligent manufacturing capability"
        ),
        "中小企业数字化水平评测指标（2024年版）": (
            "Indicators for evaluating the digital level of small and medium-sized enterprises, 2024 edition "
            "(中小企业数字化水平评测指标（2024年版）)"
        ),
        "智能工厂梯度培育要素条件（2025年版）": (
            "Conditions for the graded development of smart factories, 2025 edition "
            "(智能工厂梯度培育要素条件（2025年版）)"
        ),
        "重庆市数字化车间和智能工厂认定管理办法（试行）": (
            "Chongqing rules for the recognition of digital workshops and smart factories, on trial "
            "(重庆市数字化车间和智能工厂认定管理办法（试行）)"
        ),
        "统计上大中小微型企业划分办法（2017）": (
            "Statistical classification of large, medium-sized, small and micro enterprises, 2017 "
            "(统计上大中小微型企业划分办法（2017）)"
        ),
        "GB 32100-2015 法人和其他组织统一社会信用代码编码规则": (
            "GB 32100-2015 The coding rule of the unified social credit identifier for legal entities and other "
            "organizations"
        ),
        "GB/T 2260 县级以上行政区划代码": (
            "GB/T 2260 Codes for the administrative divisions of the People's Republic of China"
        ),
        "GB/T 4754-2017 国民经济行业分类": "GB/T 4754-2017 Industrial classification for national economic activities",
        "渝府办发〔2023〕90号 重庆智能网联新能源汽车零部件产业集群提升专项行动方案（2023—2027年）": (
            "Chongqing action plan for the cluster of parts for connected and new-energy vehicles, 2023 to 2027 "
            "(渝府办发〔2023〕90号 重庆智能网联新能源汽车零部件产业集群提升专项行动方案（2023—2027年）)"
        ),
        "关键工序数控化率通行统计口径": (
            "Usual statistics of the numerical-control rate of key processes (关键工序数控化率通行统计口径)"
        ),
        "规模以上工业统计范围": "Statistical scope of industry above designated size (规模以上工业统计范围)",
        "转型升级佐证模型（本工具默认口径，待主管部门确认）": (
            "This product's model of evidence for conversion, to be confirmed by the commission"
        ),
        "本工具": "This product",
        "本工具默认口径": "This product's default reading",
        "本工具统计口径": "This product's way of counting",
        "本工具填报说明": "This product's notes on filling in",
    }
)
NOTES: Mapping[str, str] = MappingProxyType(
    {
        # clauses
        "工信厅企业〔2024〕56号": "MIIT General Office, Enterprises [2024] No. 56 (工信厅企业〔2024〕56号)",
        "渝府办发〔2023〕90号所提转型升级，未见公布的判断标准": (
            "transformation as named in Chongqing General Office [2023] No. 90 (渝府办发〔2023〕90号); no published "
            "standard to judge it by was found"
        ),
        # where it was read
        "本工具自行转述，待对照正式文本核实": "paraphrased by this product; to be checked against the official text",
        "推荐权重整理稿，待对照正式文本核实": "compiled recommended weights; to be checked against the official text",
        "推荐权重整理稿，待对照正式文本核实；要素权重与“生产”权重有标准对比资料佐证": (
            "compiled recommended weights; to be checked against the official text; the weights of the elements and of "
            "production are confirmed by a published comparison of the standard"
        ),
        "本诊断的自评结果": "the result of this diagnosis",
        "公开工具引用的分级规则，待对照文件核实": (
            "rule of the levels as quoted by a public tool; to be checked against the document"
        ),
        "公开工具所存官方问卷的场景分级": "levels of scenes in the official questionnaire, as kept by a public tool",
        "公开工具所存官方问卷的题目与分值": (
            "questions and points of the official questionnaire, as kept by a public tool"
        ),
        "评测题目中的计算口径（按台套数计）": "way of counting in the evaluation questions (by sets)",
        "五个环节": "five links of the chain",
        "公开的二手资料": "published secondary sources",
        "六部门 2025-06-19 通知所附要素条件（公开转录）": (
            "conditions annexed to the notice of six ministries of 2025-06-19 (public transcript)"
        ),
        "六部门 2025-06-19 通知（公开转录）": "notice of six ministries of 2025-06-19 (public transcript)",
        "使用数字化研发设计工具的人员 ÷ 研发设计人员，待主管部门确认": (
            "staff using digital design tools ÷ design staff; to be confirmed by the commission"
        ),
        "分母是关键工序数，不是装备台数": "divided by the key processes, not by the machines",
        "占主营业务收入的比例，待主管部门确认": "share of the main revenue; to be confirmed by the commission",
        "应用人工智能的场景数 ÷ 已建设的场景数": "scenes that use artificial intelligence ÷ scenes built",
        "按本诊断对同一企业各车间的判断计数，正式认定以名单为准": (
            "counted by this diagnosis over the workshops of the firm; the official list says what is recognised"
        ),
        "运行数据进入系统的设备数 ÷ 已采集的设备数，待主管部门确认": (
            "equipment whose running data reach a system ÷ equipment that is collected from; to be confirmed by the "
            "commission"
        ),
        "（建设前－建设后）÷ 建设前": "(before − after) ÷ before",
        "（建设后－建设前）÷ 建设前": "(after − before) ÷ before",
        "待主管部门确定": "to be decided by the commission",
        "本工具": "this product",
        "国统字〔2017〕213号，工业": (
            "National Bureau of Statistics [2017] No. 213 (国统字〔2017〕213号), manufacturing"
        ),
        "未取得": "not obtained",
    }
)


def title_of(title: str, language: Language) -> str:
    """Return the title of a document."""
    return TITLES.get(title, title) if language.code == "en" else title


def note_of(note: str, language: Language) -> str:
    """Return a clause of a document, or the place where it was read."""
    return NOTES.get(note, note) if language.code == "en" else note
