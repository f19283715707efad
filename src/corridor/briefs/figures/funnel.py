"""How far incidents got: a bar for each rung, the part of it that is denied marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from corridor.briefs.figures import svg

_LEFT, _WIDE, _ROW, _TOP = 110.0, 330.0, 26.0, 22.0
_BAND = "#cfd8e3"


class Step(NamedTuple):
    """A rung, the incidents that got to it or further, those that stand on it, and of these contested."""

    rung: str
    reached: int
    on_it: int
    contested: int


def draw(title: str, steps: Sequence[Step]) -> str:
    """Draw the rungs from the widest: outlined what got there or further, filled what stands there."""
    most = max(1, *(step.reached for step in steps))
    body = [svg.text(0, 12, title, weight=600)]
    for number, step in enumerate(steps):
        y = _TOP + number * _ROW
        reached, on_it = (_WIDE * count / most for count in (step.reached, step.on_it))
        body += [
            svg.text(_LEFT - 8, y + 14, step.rung, anchor="end"),
            svg.rect(_LEFT, y, reached, _ROW - 7, stroke=svg.GREY),
            svg.rect(_LEFT, y, on_it, _ROW - 7, fill=_BAND),
        ]
        if step.contested:
            wide = _WIDE * step.contested / most
            body.append(svg.rect(_LEFT, y, wide, _ROW - 7, fill=svg.GREY))
        said = f"{step.on_it} of {step.reached}"
        more = f", {step.contested} contested" if step.contested else ""
        body.append(svg.text(_LEFT + reached + 8, y + 14, said + more, size=10, fill=svg.GREY))
    told = "; ".join(
        f"{step.rung}: {step.on_it} of {step.reached} that got there, {step.contested} contested"
        for step in steps
    )
    return svg.picture(_LEFT + _WIDE + 150, _TOP + _ROW * len(steps) + 4, title, told, body)
