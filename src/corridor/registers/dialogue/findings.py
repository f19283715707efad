"""What is odd about talks: rounds that may be one, counts that differ, what only one side says."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from itertools import combinations, product

from corridor.registers.dialogue.lines import CommitmentLine, Dialogue, RoundLine
from corridor.values import Finding, RoundCode, in_order_of_consequence, named, timed

# Two rounds of one process so near in time may be one; only a person says so.
_NEAR = timedelta(hours=36)


def findings_of(
    register: Dialogue, parted: Collection[frozenset[RoundCode]]
) -> tuple[Finding, ...]:
    """Return what is odd, by consequence.

    Parameters
    ----------
    parted
        Pairs of rounds that a person told apart.
    """
    return in_order_of_consequence(
        (
            *_dates_differ(register),
            *_may_be_one(register, parted),
            *_counts_differ(register),
            *_one_side_confirms(register),
            *(f for line in register.commitments.values() for f in _of_commitment(line)),
        )
    )


def _dates_differ(register: Dialogue) -> Iterator[Finding]:
    for line in register.instruments.values():
        for field, word in (("dated", "dates"), ("type", "types")):
            given = [(r, v) for r in line.claims if (v := getattr(r.statement, field)) is not None]
            if len({value for _, value in given}) > 1:
                yield Finding(
                    f"instrument_{word}_differ",
                    "ask",
                    line.instrument,
                    f"Claimants give different {word} of the instrument {line.instrument}.",
                    tuple((named(r.claimant), str(v).replace("_", " ")) for r, v in given),
                    tuple(sorted(r.id for r, _ in given)),
                )


def _may_be_one(register: Dialogue, parted: Collection[frozenset[RoundCode]]) -> Iterator[Finding]:
    rounds = [line for line in register.rounds if line.starts is not None]
    for one, other in combinations(rounds, 2):
        if one.process != other.process or not _is_near(one, other):
            continue
        if any(frozenset(pair) in parted for pair in product(one.codes, other.codes)):
            continue
        places = _places(one), _places(other)
        if places[0] and places[1] and not places[0] & places[1]:
            continue
        basis = (*(r.id for r in one.claims), *(r.id for r in other.claims))
        yield Finding(
            "rounds_may_be_one",
            "ask",
            one.round,
            f"The rounds {one.round} and {other.round} lie near each other in time, and nothing says "
            "that their places differ; a person decides whether they are one.",
            basis=tuple(sorted(basis)),
        )


def _is_near(one: RoundLine, other: RoundLine) -> bool:
    return (
        one.starts is not None
        and other.starts is not None
        and abs(one.starts - other.starts) <= _NEAR
    )


def _places(line: RoundLine) -> set[str]:
    return {r.statement.place for r in line.claims if r.statement.place is not None}


def _counts_differ(register: Dialogue) -> Iterator[Finding]:
    for process, counts in register.counts.items():
        if len({(r.statement.quantity.stated, r.statement.quantity.unit) for r in counts}) > 1:
            yield Finding(
                "round_counts_differ",
                "note",
                process,
                f"Claimants count the meetings of {process} differently; each count stands as it was "
                "given.",
                tuple((named(r.claimant), str(r.statement.quantity)) for r in counts),
                tuple(sorted(r.id for r in counts)),
            )


def _one_side_confirms(register: Dialogue) -> Iterator[Finding]:
    for line in register.agreed.values():
        if not line.is_agreed and line.confirmed:
            basis = [r.id for found in line.confirmed.values() for r in found]
            yield Finding(
                "text_not_confirmed_by_all",
                "ask",
                line.agreed_text,
                f"Not every side has confirmed the same words of the text {line.agreed_text}; until "
                "then it is a readout of whoever did.",
                tuple(
                    (named(party), "confirmed" if party in line.confirmed else "no confirmation")
                    for party in line.parties
                ),
                tuple(sorted(basis)),
            )


def _of_commitment(line: CommitmentLine) -> Iterator[Finding]:
    said, state = line.said, line.state
    basis = tuple(sorted({*(r.id for r in line.claims), *(r.id for r in state.latest)}))
    if state.by_owner_alone:
        yield Finding(
            "done_by_owner_alone",
            "ask",
            line.commitment,
            f"{named(said.owner)} is the only one to say that the commitment {line.commitment} is done; "
            "the word of the beneficiary or the verifier is missing.",
            basis=basis,
        )
    if state.name == "late":
        taken_on = (
            ""
            if line.binds_owner
            else f" No report has it as agreed, or offered by {named(said.owner)}: it is claimed or requested."
        )
        yield Finding(
            "commitment_late",
            "act" if line.binds_owner else "ask",
            line.commitment,
            f"The deadline of the commitment {line.commitment} of {named(said.owner)} has passed, and "
            f"nobody whose word decides says that it is done.{taken_on}",
            basis=basis,
        )
    if state.name == "disputed":
        yield Finding(
            "commitment_disputed",
            "ask",
            line.commitment,
            f"Those whose word decides differ on the commitment {line.commitment} of "
            f"{named(said.owner)}; both stand.",
            tuple((named(r.claimant), r.statement.outcome.replace("_", " ")) for r in state.latest),
            basis,
        )
    if len(line.deadlines) > 1:
        yield Finding(
            "commitment_deadlines_differ",
            "ask",
            line.commitment,
            f"Claimants give different deadlines of the commitment {line.commitment}; it counts as late "
            "after the last of them.",
            tuple(
                (named(r.claimant), timed(r.statement.deadline))
                for r in line.claims
                if r.statement.deadline is not None
            ),
            tuple(sorted(r.id for r in line.claims)),
        )
