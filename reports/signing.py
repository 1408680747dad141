"""Where a report is signed and sealed, and the letter in which a firm vouches for its answers (真实性承诺书).

The words of the letter are ours. It stands in the self-assessment and is printed alone to be signed and scanned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from questionnaires.model import Text
from reports import wording
from reports.chapters import TITLES
from reports.given import Given
from reports.language import LANGUAGES, Language
from reports.model_people import Letter, Party, Signatures
from reports.model_pieces import Pair

LEGAL_REPRESENTATIVE = Text("法定代表人（签字）", "Legal representative (signature)")
CONTACT = Text("诊断联系人（签字）", "Contact for the diagnosis (signature)")
CONSULTANT = Text("诊断专家（签字）", "Consultant (signature)")
HEAD = Text("机构负责人（签字）", "Head of the organisation (signature)")
DAY = Text("日期　　　　年　　月　　日", "Date")
FIRM, ORGANISATION = Text("企业", "Firm"), Text("诊断机构", "Diagnosing organisation")
EXPERT = Text("诊断专家", "Consultant")
STATED = Text(
    "本企业已阅读本报告，确认其中的填报内容由本企业提供。",
    "The firm has read this report and confirms that the answers in it are its own.",
)
VERIFIED = Text(
    "诊断专家对核实结果和专家意见负责；企业已阅读本报告，并与专家核对过填报与核实不同之处。",
    "The consultant answers for what was verified and for the opinion given. The firm has read this report and has "
    "gone through the differences between stated and verified answers with the consultant.",
)
OPENING = Text(
    "本企业参加智能制造诊断，现承诺：", "The firm takes part in the smart manufacturing diagnosis and declares:"
)
UPLOAD = Text(
    "签字盖章后请扫描或拍照，在这次诊断的“真实性承诺书”一页上传；正本由企业留存。",
    "Once signed and sealed, please scan or photograph this letter and upload it on the page of this "
    "letter in the diagnosis; the firm keeps the original.",
)


@dataclass(frozen=True, slots=True)
class Signing:
    """What a letter is about."""

    firm: str
    uscc: str
    as_of: date
    number: int | None = None  # of the diagnosis among those of the firm


def signatures(given: Given) -> Signatures | None:
    """Return the places for signatures and seals; a preview is signed by nobody."""
    edition = given.edition
    if edition.preview:
        return None
    return Signatures(given.say(VERIFIED if edition.verified else STATED), tuple(_parties(given)))


def _parties(given: Given) -> Iterator[Party]:
    edition, language = given.edition, given.language
    yield _firm(given.filled.firm.name, language)
    if edition.verified:
        yield Party(given.say(EXPERT), edition.consultant, (given.say(CONSULTANT), given.say(DAY)), sealed=False)
        yield Party(given.say(ORGANISATION), edition.organisation, (given.say(HEAD), given.say(DAY)), sealed=True)


def _firm(name: str, language: Language) -> Party:
    return Party(language.say(FIRM), name, tuple(map(language.say, (LEGAL_REPRESENTATIVE, CONTACT, DAY))), sealed=True)


def letter_in(given: Given) -> Letter | None:
    """Return the letter as a page of the self-assessment; other editions have none."""
    if given.edition.preview or given.edition.verified:
        return None
    firm = given.filled.firm
    return letter(Signing(firm.name, given.firm_answer("uscc"), given.filled.as_of), given.edition.language)


def letter(about: Signing, code: str) -> Letter:
    """Return the letter of one firm in "zh" or "en", ready to print."""
    language = LANGUAGES[code]
    return Letter(
        lang=language.tag,
        title=language.say(TITLES["letter"]),
        rows=tuple(Pair(language.say(name), value) for name, value in _rows(about, language)),
        opening=language.say(OPENING),
        points=tuple(language.say(point) for point in _points(wording.day_text(about.as_of))),
        party=_firm(about.firm, language),
        note=language.say(UPLOAD),
        aid_only=language.say(wording.AID_ONLY),
    )


def _rows(about: Signing, language: Language) -> Iterator[tuple[Text, str]]:
    yield Text("企业名称", "Name of the firm"), about.firm
    yield Text("统一社会信用代码", "Unified social credit code"), about.uscc
    if about.number is not None:
        yield Text("诊断", "Diagnosis"), language.say(Text(f"第 {about.number} 次", f"No. {about.number}"))
    yield Text("事实截止", "Facts as of"), language.say(wording.day_text(about.as_of))


def _points(day: Text) -> tuple[Text, ...]:
    return (
        Text(
            f"本次诊断的全部答案由本企业填写，与截至 {day.zh}的实际情况相符，没有虚报、瞒报。",
            f"All answers of this diagnosis were given by the firm and are true as of {day.en}; nothing is made up and "
            "nothing is held back.",
        ),
        Text(
            "所附佐证材料真实，本企业有权提供；复印件与原件一致。",
            "The evidence handed in is genuine, the firm may hand it in, and copies agree with the originals.",
        ),
        Text(
            "企业名称、统一社会信用代码、装备、人员和经营数据可以查证，本企业配合现场核实。",
            "Its name, its unified social credit code and its figures on equipment, staff and business can be checked, "
            "and the firm will support verification on site.",
        ),
        Text(
            "发现填报有误的，本企业及时更正并说明原因。",
            "Where an answer turns out to be wrong, the firm will correct it without delay and say why.",
        ),
        Text("因填报不实产生的后果，由本企业承担。", "The firm bears the consequences of untrue answers."),
    )
