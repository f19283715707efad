"""Engines side by side: cost of each, its error, and the bound nobody can reach, world by world."""

from __future__ import annotations

import math

from corridor.briefs.figures import svg
from corridor.planning.comparing import Compared
from corridor.planning.relief.compare import Comparison

_LABEL, _WIDTH, _ROW, _HEAD, _GAP = 190.0, 760.0, 20.0, 46.0, 22.0


def comparison(found: Compared) -> str:
    """Draw the mean cost of each engine with two standard errors each way, on one scale of powers of ten."""
    means = [
        (line.cost.value, line.cost.error) for each in found.worlds.values() for line in each.lines
    ]
    seen = list(found.foresight.values())
    positive = [value for value in [*(m for m, _ in means), *seen] if value > 0]
    if not positive:
        return svg.picture(_WIDTH, 20, "Engines compared", "No engine has a cost.", [])
    low = 10 ** math.floor(math.log10(min(positive) * found.cost))
    high = 10 ** math.ceil(math.log10(max(m + 2 * e for m, e in means) * found.cost))
    body, top = [], 0.0
    for world, each in found.worlds.items():
        body.append(_world(found, world, each, (low, max(high, low * 10)), top))
        top += _HEAD + _ROW * len(each.lines) + _GAP
    told = "; ".join(
        f"{world}, {line.name}: {line.cost.value * found.cost:,.0f}"
        for world, each in found.worlds.items()
        for line in each.lines
    )
    return svg.picture(_WIDTH, top, "Cost of each engine, by world", told, body)


def _world(
    found: Compared, world: str, each: Comparison, ends: tuple[float, float], top: float
) -> str:
    low, high = ends
    span = _WIDTH - _LABEL - 90

    def x(cost: float) -> float:
        share = math.log10(max(cost, low) / low) / math.log10(high / low)
        return _LABEL + span * min(share, 1.0)

    bottom = top + _HEAD + _ROW * len(each.lines)
    parts = [svg.text(0, top + 14, f"World {world}, {each.scenarios:,} futures", weight=600)]
    for power in range(round(math.log10(low)), round(math.log10(high)) + 1):
        at = x(10.0**power)
        parts.append(svg.line(at, top + _HEAD - 10, at, bottom, stroke=svg.PALE))
        parts.append(
            svg.text(at, top + _HEAD - 14, f"{10.0**power:,.0f}", anchor="middle", fill=svg.GREY)
        )
    known = x(found.foresight[world] * found.cost)
    parts.append(svg.line(known, top + _HEAD - 10, known, bottom, dash="3 3", stroke=svg.GREY))
    for number, line in enumerate(each.lines):
        y = top + _HEAD + _ROW * number + 8
        cost, error = line.cost.value * found.cost, line.cost.error * found.cost
        weight = 600 if line.name == each.against else 400
        parts.append(svg.text(0, y + 4, line.name, weight=weight))
        parts.append(svg.line(x(cost - 2 * error), y, x(cost + 2 * error), y, width=1.4))
        parts.append(svg.circle(x(cost), y, 3.5, fill=svg.INK))
        parts.append(svg.text(_WIDTH, y + 4, f"{cost:,.0f}", anchor="end", fill=svg.GREY))
    return "".join(parts)
