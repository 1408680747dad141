"""A tile map of Chongqing: one equal tile a district, (column, row) from the north-west; of place, not of borders.

Arranged by us from the relative position of the districts. GB/T 2260 codes as in force since 2025-11.
"""

from __future__ import annotations

WIDTH, HEIGHT, GAP = 58, 46, 4  # of one tile, in drawing units
SHADES = 5  # above the one for none

PLACES: dict[str, tuple[int, int]] = {
    "500229": (10, 0),  # 城口
    "500154": (10, 1),  # 开州
    "500238": (12, 1),  # 巫溪
    "500155": (9, 2),  # 梁平
    "500101": (10, 2),  # 万州
    "500235": (11, 2),  # 云阳
    "500236": (12, 2),  # 奉节
    "500237": (13, 2),  # 巫山
    "500152": (2, 3),  # 潼南
    "500117": (4, 3),  # 合川
    "500231": (8, 3),  # 垫江
    "500233": (9, 3),  # 忠县
    "500240": (10, 3),  # 石柱
    "500111": (2, 4),  # 大足
    "500151": (3, 4),  # 铜梁
    "500109": (4, 4),  # 北碚
    "500157": (5, 4),  # 两江新区
    "500115": (7, 4),  # 长寿
    "500230": (9, 4),  # 丰都
    "500153": (1, 5),  # 荣昌
    "500120": (3, 5),  # 璧山
    "500106": (4, 5),  # 沙坪坝
    "500103": (5, 5),  # 渝中
    "500108": (6, 5),  # 南岸
    "500102": (8, 5),  # 涪陵
    "500118": (2, 6),  # 永川
    "500107": (4, 6),  # 九龙坡
    "500104": (5, 6),  # 大渡口
    "500113": (6, 6),  # 巴南
    "500156": (8, 6),  # 武隆
    "500243": (9, 6),  # 彭水
    "500114": (10, 6),  # 黔江
    "500116": (3, 7),  # 江津
    "500110": (5, 7),  # 綦江
    "500119": (7, 7),  # 南川
    "500242": (10, 7),  # 酉阳
    "500241": (11, 8),  # 秀山
}
COLUMNS = 1 + max(column for column, _row in PLACES.values())
FIRST_COLUMN = min(column for column, _row in PLACES.values())
ROWS = 1 + max(row for _column, row in PLACES.values())


def shade(number: int, most: int) -> int:
    """Return how dark a tile is: 0 for none, else 1 to 5 in equal steps up to the greatest number."""
    return 0 if number == 0 else 1 + (SHADES * number - 1) // most if number < most else SHADES


def steps(most: int) -> list[tuple[int, int, int]]:
    """Return what each shade means: (shade, least, greatest number), without the shades that no number reaches."""
    found: dict[int, list[int]] = {}
    for number in range(most + 1):
        found.setdefault(shade(number, most), []).append(number)
    return [(key, numbers[0], numbers[-1]) for key, numbers in found.items()]


def short_name(name: str) -> str:
    """Return the name of a district as it fits into a tile: 万州, 沙坪坝, 石柱, Liangjiang."""
    if name.isascii():
        return name.partition(" ")[0]
    for ending in ("新区", "区", "县"):
        if name.endswith(ending) and len(name) > 2:
            name = name.removesuffix(ending)
            break
    return name if len(name) <= 3 else name[:2]
