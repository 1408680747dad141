"""Tailoring (裁剪): capability subdomains that the firm's business does not have are left out, with a reason.

Their weight goes to the rest of the same group in proportion; nothing here decides whether a reason is a good one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from questionnaires.model import Text
from scoring.model import Capability


class TailoringRefused(Exception):
    """A subdomain that must stay was left out; `message` says which and what to do."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.zh)
        self.message = message


def check_tailoring(capabilities: Collection[Capability], tailored: Mapping[str, str], may: frozenset[str]) -> None:
    """Refuse a tailored subdomain of this model that is not in `may`, or that has no reason.

    Subdomains that the model does not know are ignored: the process table has no product design to leave out.
    Source: GB/T 39117-2020, only domains inside 制造 may be left out (known-medium).
    """
    for subdomain in subdomains(capabilities):
        if subdomain.id in tailored and subdomain.id not in may:
            raise TailoringRefused(_must_stay(subdomain.text))
        if subdomain.id in tailored and not tailored[subdomain.id].strip():
            raise TailoringRefused(_needs_reason(subdomain.text))


def subdomains(capabilities: Collection[Capability]) -> Iterator[Capability]:
    """Yield the capability subdomains below `capabilities` in their printed order."""
    for capability in capabilities:
        if capability.kind == "capability_subdomain":
            yield capability
        yield from subdomains(capability.parts)


def without(capabilities: Collection[Capability], left_out: Collection[str]) -> tuple[Capability, ...]:
    """Return the tree without the subdomains named in `left_out`; a parent left with no part goes too."""
    kept = (_without(capability, left_out) for capability in capabilities)
    return tuple(capability for capability in kept if capability is not None)


def shares(capabilities: Collection[Capability], whole: Fraction = Fraction(1)) -> dict[str, Fraction]:
    """Return the share of `whole` that each subdomain carries; together they give `whole` again.

    Each group is scaled to its own sum, so a group from which something was left out is spread over the rest.
    """
    group = sum(capability.weight for capability in capabilities)
    result: dict[str, Fraction] = {}
    for capability in capabilities:
        share = whole * capability.weight / group
        result |= shares(capability.parts, share) if capability.parts else {capability.id: share}
    return result


def _without(capability: Capability, left_out: Collection[str]) -> Capability | None:
    if not capability.parts:
        return None if capability.id in left_out else capability
    parts = without(capability.parts, left_out)
    return replace(capability, parts=parts) if parts else None


def _must_stay(subdomain: Text) -> Text:
    return Text(
        f"能力子域“{subdomain.zh}”不能裁剪：只有制造要素内的子域可以裁剪。请删除这一条裁剪。",
        f"The subdomain {subdomain.en} cannot be left out: only subdomains of Manufacturing can. Remove it.",
    )


def _needs_reason(subdomain: Text) -> Text:
    return Text(
        f"裁剪能力子域“{subdomain.zh}”没有写明理由。请写明理由，报告会印出。",
        f"Leaving out {subdomain.en} has no reason. Write the reason; the report prints it.",
    )
