"""The styles of a Word document: one table of looks, and the XML that Word reads. The same looks as in `report.css`.

Chinese is set in 宋体 and 黑体, which every Chinese Word and WPS has; elsewhere programs take what they have instead.
They stand as theme fonts, so that one click changes all of them, and by name for programs that know no theme.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from questionnaires.model import Text
from reports.ruler import GAP, GROUND, INK, INK_2, LINE, MET, OPEN, STEEL

TEXT_WIDTH_MM = 172
SERIF, SANS = ("Times New Roman", "宋体"), ("Arial", "黑体")
RULE = "8b98a3"  # under the head of a table


@dataclass(frozen=True, slots=True)
class Look:
    """One style of paragraphs or letters; what is left out comes from the style it is based on.

    Sizes, lines and the room before and after are points, indents and tabs millimetres.
    """

    id: str
    name: Text | str  # a str is a style that Word has built in and names in its own language
    based: str = "Normal"
    then: str = ""  # the style of the paragraph after it, where somebody goes on writing
    letters: bool = False  # a style of letters, not of paragraphs
    sans: bool = False
    serif: bool = False  # though nothing else would hold: LibreOffice else overrules letters in tables
    strong: bool = False
    size: float = 0
    colour: str = ""
    raised: bool = False
    code: bool = False  # no words of a language, so never corrected
    line: float = 0
    before: float | None = None
    after: float | None = None
    left: float = 0
    hanging: float = 0
    tab: float = 0  # ends at the right margin
    dots: bool = False  # up to that tab
    align: str = ""
    keep: bool = False  # on the page of what follows
    new_page: bool = False
    outline: int = 0  # 1 for a chapter
    numbered: bool = False
    english: float = 0  # the size in English, which takes more room
    border: str = ""  # side, eighths of a point, colour, points between: "left 19 b8470f 10"


def _state(key: str, zh: str, en: str, colour: str) -> Look:
    name = Text(f"结论：{zh}", f"Conclusion {en}")
    return Look(f"State{key.title()}", name, based="", letters=True, strong=True, colour=colour)


LOOKS = (
    Look("Normal", "Normal", based="", size=9.5, english=9, line=15.7, after=5.7, align="both", colour=INK),
    # --- headings
    Look("Title", "Title", then="Subtitle", strong=True, size=32, line=40, before=5.7, after=11.3, align="left"),
    Look("Subtitle", "Subtitle", strong=True, size=17, line=24.6, after=62, align="left"),
    Look("Heading1", "heading 1", then="Normal", strong=True, size=19, line=25.6, after=14.2, align="left",
         keep=True, new_page=True, outline=1),
    Look("Heading2", "heading 2", then="Normal", strong=True, size=12, line=16.8, before=22.7, after=7.1, align="left",
         colour=STEEL, keep=True, outline=2, border=f"bottom 5 {LINE} 3"),
    Look("Heading3", "heading 3", then="Normal", strong=True, size=10, line=14.5, before=14.2, after=4.3, align="left",
         keep=True, outline=3),
    # A second level without a section above it: a gap, an improvement, a paragraph of the method.
    Look("Entry", Text("条目标题", "Entry Heading"), based="Heading2", then="Normal", size=10, line=14.5, before=14.2,
         after=4.3, colour=INK, border="none"),
    Look("CoverOwner", Text("封面机构", "Cover Institution"), then="CoverKind", strong=True, size=12, line=19.8,
         after=5.7, align="left"),
    Look("CoverKind", Text("封面类别", "Cover Kind"), then="Title", sans=True, size=12, line=19.8, before=108, after=0,
         align="left", colour=STEEL),
    Look("CoverAid", Text("封面提示", "Cover Note"), strong=True, size=12, line=19.8, before=45, after=45, align="left",
         left=5, border=f"left 19 {GAP} 8"),
    Look("Headline", Text("结论标题", "Headline"), then="Normal", strong=True, size=19, english=14, line=25.6,
         after=8.5, align="left", keep=True),
    Look("Verdict", Text("结论句", "Verdict"), then="Normal", strong=True, size=11, line=16.5, after=2.8, align="left",
         keep=True),
    Look("TOCHeading", "TOC Heading", then="Normal", strong=True, size=19, line=25.6, after=14.2, align="left",
         keep=True, new_page=True),
    Look("TOC1", "toc 1", then="Normal", strong=True, line=14, before=4.3, after=3.7, align="left", tab=TEXT_WIDTH_MM,
         dots=True),
    Look("TOC2", "toc 2", then="Normal", size=9, line=14, before=4.3, after=3.7, align="left", left=7,
         tab=TEXT_WIDTH_MM, dots=True),
    # --- text
    Look("Note", Text("说明", "Note"), size=8.5, line=14, align="left", colour=INK_2),
    Look("List", "List", size=9, line=14.9, after=2.3, align="left", left=20, hanging=20),
    Look("LetterText", Text("承诺书正文", "Letter"), then="ListNumber", size=11, line=21, after=7.1, align="left"),
    Look("ListNumber", "List Number", based="LetterText", left=8, hanging=8, numbered=True),
    Look("Step", Text("做法", "Step"), size=9, line=14.4, after=2.8, align="left"),
    Look("Ways", Text("办法", "Ways"), size=9, line=14.9, before=4.3, after=5.7, align="left", left=3.6,
         border=f"left 13 {STEEL} 8"),
    Look("Caption", "caption", then="Normal", strong=True, line=15.7, before=8.5, after=2.8, align="left", keep=True),
    Look("Figure", Text("图", "Figure"), then="Normal", line=1, after=14.2, align="left"),
    Look("Reason1", Text("推导一", "Derivation 1"), size=8.5, line=13.2, after=3.4, align="left"),
    Look("Reason2", Text("推导二", "Derivation 2"), based="Reason1", left=5),
    Look("Reason3", Text("推导三", "Derivation 3"), based="Reason1", size=8, left=10),
    Look("Answer", Text("答案", "Answer"), size=8.5, line=13.6, after=2.8, align="left"),
    Look("Evidence", Text("佐证", "Evidence"), based="Answer", colour=INK_2),
    Look("Open", Text("未答", "Unanswered"), based="Answer", colour="4f5a65"),
    # --- parts in somebody's own words
    Look("OwnLabel", Text("自有内容标记", "Own Words Label"), then="OwnText", sans=True, size=7.5, line=11.3, after=5.7,
         align="left", colour=INK_2, keep=True),
    Look("OwnText", Text("自有内容", "Own Words"), left=3.6, border=f"left 13 {RULE} 8"),
    Look("OwnItem", Text("自有内容列表", "Own Words List"), based="OwnText", after=2.8, align="left", left=8,
         hanging=4.4),
    # --- tables
    Look("TableHead", Text("表头", "Table Head"), sans=True, size=7.5, line=11.3, after=0, align="left", colour=INK_2,
         keep=True),
    Look("TableHeadNumber", Text("表头数字", "Table Head Number"), based="TableHead", align="right"),
    Look("TableHeadApart", Text("表头离开", "Table Head Apart"), based="TableHead", left=3.8),
    Look("TableText", Text("表文", "Table Text"), serif=True, size=8.5, english=7.5, line=12.8, after=0, align="left"),
    Look("TableNumber", Text("表内数字", "Table Number"), based="TableText", align="right"),
    Look("TableApart", Text("表文离开", "Table Text Apart"), based="TableText", left=3.8),  # from the number before
    Look("TableInner2", Text("表文二", "Table Text 2"), based="TableText", left=4),
    Look("TableInner3", Text("表文三", "Table Text 3"), based="TableText", left=8),
    Look("TableEnd", Text("表后", "After Table"), size=4, line=1, after=4),
    Look("CoverTable", Text("封面表文", "Cover Table"), based="TableText", sans=True, size=10, line=15),
    Look("BlockTitle", Text("要点标题", "Block Title"), based="TableText", strong=True, size=10, line=14, after=2.8,
         keep=True),
    # --- page margins
    Look("Header", "header", sans=True, size=7.5, line=11, after=0, align="left", colour=INK_2, tab=TEXT_WIDTH_MM),
    Look("Footer", "footer", sans=True, size=7.5, line=11, after=0, align="left", colour=INK_2, tab=TEXT_WIDTH_MM),
    # --- letters
    Look("Strong", "Strong", based="", letters=True, strong=True),
    # The name of the brief's chapter: what the brief concludes is its headline.
    Look("BriefName", Text("简报章名", "Brief Name"), based="", letters=True, size=9, colour=INK_2),
    Look("Soft", Text("次要", "Secondary"), based="", letters=True, colour=INK_2),
    Look("Value", Text("答案值", "Value"), based="", letters=True, strong=True, colour=STEEL),
    Look("Reference", Text("引用编号", "Reference"), based="", letters=True, sans=True, colour=INK_2, raised=True,
         code=True),
    Look("RuleName", Text("规则出处", "Rule"), based="", letters=True, sans=True, size=6.5, colour=INK_2),
    _state("met", "达到", "Met", MET),
    _state("gap", "未达到", "Not Met", GAP),
    _state("open", "待定", "Open", OPEN),
    _state("none", "不判断", "None", INK_2),
    _state("fact", "事实", "Fact", STEEL),
)  # fmt: skip
# Styles that stand where they belong by themselves: they would only crowd those that one writes with.
NOT_TO_CHOOSE = ("TOC", "Table", "Cover", "Header", "Footer", "Figure", "Block")
TABLE = "ReportTable"
TABLE_NAME = Text("报告表", "Report Table")


# The latin name is the one of a Windows that is not Chinese; the number tells a program what to take instead.
CHINESE_FONTS = {
    "宋体": ("SimSun,Songti SC,Noto Serif CJK SC", "02010600030101010101"),
    "黑体": ("SimHei,Heiti SC,Noto Sans CJK SC", "02010609060101010101"),
}
THEME_COLOURS = {
    "dk2": INK, "lt2": GROUND, "accent1": STEEL, "accent2": GAP, "accent3": MET, "accent4": OPEN, "accent5": INK_2,
    "accent6": LINE, "hlink": STEEL, "folHlink": STEEL,
}  # fmt: skip


def styles_xml(tag: str) -> str:
    """Return every style, and what holds where none is named, in the language `tag` ("zh-CN" or "en")."""
    english = not tag.startswith("zh")
    return f"{_defaults()}{_default_styles()}{''.join(_style(look, english) for look in LOOKS)}{_table(english)}"


def fonts_xml(sans: bool) -> str:
    """Return the fonts of 宋体 or 黑体 kind, by theme and by name."""
    theme = "major" if sans else "minor"
    latin, chinese = SANS if sans else SERIF
    return (
        f'<w:rFonts w:ascii="{latin}" w:eastAsia="{chinese}" w:hAnsi="{latin}" w:cs="{latin}"'
        f' w:asciiTheme="{theme}HAnsi" w:eastAsiaTheme="{theme}EastAsia" w:hAnsiTheme="{theme}HAnsi"'
        f' w:cstheme="{theme}Bidi"/>'
    )


def numbering_xml() -> str:
    """Return the one way of numbering, that of the style for numbered paragraphs."""
    return (
        '<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
        '<w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="ListNumber"/><w:lvlText w:val="%1."/>'
        '<w:lvlJc w:val="left"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )


def settings_xml() -> str:
    """Return what a program has to know: today's rules for setting a page, and the language of the fonts."""
    compatible = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
        for name, value in (
            ("compatibilityMode", 15),
            ("overrideTableStyleFontSizeAndJustification", 1),
            ("enableOpenTypeFeatures", 1),
            ("doNotFlipMirrorIndents", 1),
            ("differentiateMultirowTableHeaders", 1),
        )
    )
    colours = "".join(f' w:{name}="{name}"' for name in (*(f"accent{n}" for n in range(1, 7)), "hyperlink"))
    return (
        '<w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        f"<w:compat>{compatible}</w:compat>"
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
        '<w:clrSchemeMapping w:bg1="light1" w:t1="dark1" w:bg2="light2" w:t2="dark2"'
        f'{colours} w:followedHyperlink="followedHyperlink"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
    )


def font_table_xml() -> str:
    """Return the fonts that are named, the Chinese ones with their other name."""
    chinese = (
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:panose1 w:val="{number}"/><w:charset w:val="86"/>'
        '<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, (other, number) in CHINESE_FONTS.items()
    )
    latin = (
        f'<w:font w:name="{name}"><w:charset w:val="00"/><w:family w:val="{family}"/><w:pitch w:val="variable"/>'
        "</w:font>"
        for name, family in ((SERIF[0], "roman"), (SANS[0], "swiss"))
    )
    return "".join((*chinese, *latin))


def _defaults() -> str:
    return (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts_xml(False)}"
        '<w:sz w:val="19"/><w:szCs w:val="19"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
    )


def _default_styles() -> str:
    return (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="0" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
    )


def _style(look: Look, english: bool) -> str:
    own = isinstance(look.name, Text)
    kind = "character" if look.letters else "paragraph"
    default = ' w:default="1"' if look.id == "Normal" else ""
    custom = ' w:customStyle="1"' if own else ""
    head = f'<w:style w:type="{kind}"{default}{custom} w:styleId="{look.id}"><w:name w:val="{_name(look, english)}"/>'
    based = f'<w:basedOn w:val="{look.based}"/>' if look.based else ""
    then = f'<w:next w:val="{look.then}"/>' if look.then else ""
    paragraph = "" if look.letters else _paragraph(look, english)
    shown = "" if look.id.startswith(NOT_TO_CHOOSE) else "<w:qFormat/>"
    return f"{head}{based}{then}{shown}{paragraph}<w:rPr>{_letters(look, english)}</w:rPr></w:style>"


def _name(look: Look, english: bool) -> str:
    if isinstance(look.name, str):
        return look.name
    return escape(look.name.en if english else look.name.zh)


def _paragraph(look: Look, english: bool) -> str:
    """Return the paragraph properties, in the order that the schema asks for."""
    parts = [
        "<w:keepNext/>" if look.keep else "",
        "<w:pageBreakBefore/>" if look.new_page else "",
        '<w:numPr><w:numId w:val="1"/></w:numPr>' if look.numbered else "",
        _border(look.border) if look.border else "",
        _tab(look) if look.tab else "",
        _spacing(look, english),
        f'<w:ind w:left="{twips(look.left)}" w:hanging="{twips(look.hanging)}"/>' if look.left else "",
        f'<w:jc w:val="{look.align}"/>' if look.align else "",
        f'<w:outlineLvl w:val="{look.outline - 1}"/>' if look.outline else "",
    ]
    return f"<w:pPr>{''.join(parts)}</w:pPr>"


def _border(said: str) -> str:
    if said == "none":
        return '<w:pBdr><w:bottom w:val="nil"/></w:pBdr>'
    side, width, colour, room = said.split()
    return f'<w:pBdr><w:{side} w:val="single" w:sz="{width}" w:space="{room}" w:color="{colour.lstrip("#")}"/></w:pBdr>'


def _tab(look: Look) -> str:
    leader = ' w:leader="dot"' if look.dots else ""
    return f'<w:tabs><w:tab w:val="right"{leader} w:pos="{twips(look.tab)}"/></w:tabs>'


def _spacing(look: Look, english: bool) -> str:
    line = look.line * look.english / look.size if english and look.english else look.line
    said = [("before", look.before), ("after", look.after), ("line", line or None)]
    given = "".join(f' w:{name}="{round(points * 20)}"' for name, points in said if points is not None)
    rule = ' w:lineRule="atLeast"' if look.line else ""
    return f"<w:spacing{given}{rule}/>" if given else ""


def _letters(look: Look, english: bool) -> str:
    half_points = round((look.english if english and look.english else look.size) * 2)
    parts = [
        fonts_xml(look.sans or look.strong) if look.sans or look.strong or look.serif else "",
        "<w:b/><w:bCs/>" if look.strong else "",
        "<w:noProof/>" if look.code else "",
        f'<w:color w:val="{look.colour.lstrip("#")}"/>' if look.colour else "",
        f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>' if look.size else "",
        '<w:vertAlign w:val="superscript"/>' if look.raised else "",
    ]
    return "".join(parts)


def _table(english: bool) -> str:
    line = LINE.lstrip("#")
    thin = f'w:val="single" w:sz="3" w:space="0" w:color="{line}"'
    return (
        f'<w:style w:type="table" w:customStyle="1" w:styleId="{TABLE}">'
        f'<w:name w:val="{TABLE_NAME.en if english else TABLE_NAME.zh}"/><w:basedOn w:val="TableNormal"/>'
        f"<w:tblPr><w:tblBorders><w:bottom {thin}/><w:insideH {thin}/></w:tblBorders>"
        '<w:tblCellMar><w:top w:w="71" w:type="dxa"/><w:left w:w="68" w:type="dxa"/><w:bottom w:w="71" w:type="dxa"/>'
        '<w:right w:w="68" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        '<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>'
        f'<w:bottom w:val="single" w:sz="5" w:space="0" w:color="{RULE}"/>'
        "</w:tcBorders></w:tcPr></w:tblStylePr></w:style>"
    )


def twips(millimetres: float) -> int:
    """Return millimetres in twentieths of a point, the measure of Word."""
    return round(millimetres * 1440 / 25.4)
