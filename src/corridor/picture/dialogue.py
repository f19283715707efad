"""Talks, folded from what a picture holds when somebody asks, and checked against its registers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corridor.picture.build import holds_always
from corridor.picture.promised import Held, against_registers
from corridor.picture.view import Picture, with_names
from corridor.registers import dialogue
from corridor.registers.dialogue import Dialogue
from corridor.statements import KINDS
from corridor.values import DeliverableCode, Finding, in_order_of_consequence

_KINDS = frozenset(kind.statement for kind in KINDS.values() if kind.register == "dialogue")


@dataclass(frozen=True, slots=True)
class DialogueView:
    """What stands about talks at the moment of a picture.

    Attributes
    ----------
    picture
        What it was folded from.
    dialogue
        Texts, rounds, items, commitments.
    held
        What the other registers hold that could count for each deliverable.
    findings
        What is odd, by consequence, names in place of codes.
    """

    picture: Picture
    dialogue: Dialogue
    held: Mapping[DeliverableCode, Held]
    findings: tuple[Finding, ...]


def dialogue_of(picture: Picture) -> DialogueView:
    """Fold talks from the reports of a picture, and look up what could count for each deliverable.

    What was withdrawn or corrected is not among them; denials are, of whatever kind. The cost grows
    with the reports of the picture.
    """
    told = sorted(
        (
            report
            for report in picture.reports.values()
            if (type(report.statement) in _KINDS or report.denies)
            and (report.begins <= picture.at or holds_always(report))
        ),
        key=lambda report: report.order,
    )
    found = dialogue.fold(told, at=picture.at, acts_for=picture.geography.acts_for)
    findings = with_names(in_order_of_consequence(found.findings), picture.name)
    return DialogueView(
        picture, found, against_registers(picture, found.deliverables.values()), findings
    )
