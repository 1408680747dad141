"""Who is in the made-up district: about 60 firms that nobody can take for real ones, and what becomes of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from questionnaires.credit_code import ALPHABET, check_digit

OFFICERS_DISTRICT = "500120"  # 璧山
# Where the firms are: the officer's district has the most, so that one district can be looked at closely.
DISTRICTS = {"500120": 26, "500157": 9, "500151": 8, "500113": 6, "500118": 5, "500116": 4, "500109": 2}
# How far the diagnoses are; from "reviewed" on a consultant has verified them.
STAGES = {"issued": 3, "reviewed": 9, "submitted": 11, "returned": 4, "filling": 23, "none": 10}
# Where the conversions stand; None is not recorded yet.
STATES = {
    "city_recognised": 9, "district_verified": 7, "declared": 9, "converting": 15, "not_started": 6, None: 14
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trade:
    """What a firm makes, in which workshops, and for which of the plan's systems."""

    product: str
    workshops: tuple[tuple[str, str], ...]  # name, process
    systems: tuple[str, ...]
    before: str  # what it made for fuel vehicles


@dataclass(frozen=True, slots=True)
class MadeUp:
    """One made-up firm. `strength` is the maturity level it roughly stands on."""

    number: int
    name: str
    uscc: str
    district: str
    trade: Trade
    factories: int
    strength: int
    stage: str
    state: str | None

    @property
    def is_showpiece(self) -> bool:
        """Tell whether the sample report is this firm's."""
        return self.number == 0


TRADES: Sequence[Trade] = (
    Trade(
        "车身冲压件",
        (("冲压车间", "stamping"), ("焊装车间", "welding"), ("装配车间", "assembly")),
        ("lightweight",),
        "燃油车车身冲压件",
    ),
    Trade(
        "铝合金压铸件",
        (("压铸车间", "die_casting"), ("机加车间", "machining")),
        ("lightweight", "thermal"),
        "发动机缸盖罩",
    ),
    Trade(
        "制动零件",
        (("机加车间", "machining"), ("热处理车间", "heat_treatment"), ("装配车间", "assembly")),
        ("chassis",),
        "真空助力器零件",
    ),
    Trade("线束", (("压接车间", "wire_harness"), ("总装车间", "assembly")), ("electronics",), "燃油车线束"),
    Trade(
        "车载控制器",
        (("贴片车间", "electronics"), ("总装车间", "assembly")),
        ("connected", "electronics"),
        "车身电器开关",
    ),
    Trade("热管理阀泵", (("机加车间", "machining"), ("装配车间", "assembly")), ("thermal",), "发动机水泵"),
    Trade("电池托盘", (("焊接车间", "welding"), ("装配车间", "assembly")), ("battery", "lightweight"), "燃油箱"),
    Trade("内外饰注塑件", (("注塑车间", "injection"), ("涂装车间", "coating")), ("lightweight",), "内外饰注塑件"),
)
MARKS = ("青禾", "远山", "清泉", "方舟", "晨光", "恒木", "云栈", "石桥", "双溪", "高岭", "明湖", "松涛")
TELLING_APART = ("", "新", "新源")  # marks and trades repeat after 24 firms


def made_up_firms(seed: int = 90) -> tuple[MadeUp, ...]:
    """Return the firms, always the same for the same seed; the first one is the showpiece."""
    chance = Random(seed)  # noqa: S311 - made-up figures, no secrets
    places = [str(place) for place in _dealt(DISTRICTS, chance)]
    firms = [_firm(number, place, chance) for number, place in enumerate(places)]
    stages, states = list(_spread(STAGES)), _dealt(STATES, chance)
    return tuple(
        MadeUp(number, *said, stage=_stage(stages, number), state=state)
        for number, (said, state) in enumerate(zip(firms, states, strict=True))
    )


def _firm(number: int, district: str, chance: Random) -> tuple[str, str, str, Trade, int, int]:
    trade = TRADES[number % len(TRADES)]
    name = f"示例{MARKS[number % len(MARKS)]}{TELLING_APART[number // 24]}{trade.product}有限公司"
    place = OFFICERS_DISTRICT if number == 0 else district
    factories = 1 if number == 0 or chance.random() < 0.85 else 2
    strength = 2 if number == 0 else chance.choices((0, 1, 2, 3), (20, 45, 28, 7))[0]
    return name, _credit_code(number, place), place, trade, factories, strength


def _credit_code(number: int, district: str) -> str:
    """Return a code whose check digit is right and whose number says that it is made up."""
    first = f"91{district}MADEM{ALPHABET[number // 31]}{ALPHABET[number % 31]}0X"
    return first + check_digit(first + "0")


def _dealt(counts: dict[str, int] | dict[str | None, int], chance: Random) -> list[str | None]:
    places = [key for key, count in counts.items() for _one in range(count)]
    chance.shuffle(places)
    return places


def _spread(counts: dict[str, int]) -> list[str]:
    return [key for key, count in counts.items() for _one in range(count)]


def _stage(stages: list[str], number: int) -> str:
    # Neighbours differ: 7 has no common factor with the number of firms, so every stage is given out once.
    return stages[number * 7 % len(stages)]
