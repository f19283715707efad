"""An operation: its folder, its ledgers, its clock and what was computed already. The only stateful object."""

from __future__ import annotations

import dataclasses
import threading
import tomllib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.errors import InvalidReport, LedgerError, NotAnOperation, PlanningError, Problem
from corridor.intake.batch import read_batch
from corridor.intake.bulk import Reports, Written, read_files
from corridor.intake.refused import write_refused
from corridor.intake.tables import Decimals, Row, rows_of
from corridor.ledger import (
    Appended,
    Compartments,
    Merged,
    NewEntry,
    StoredEntry,
    Verification,
)
from corridor.ledger.dump import dump, is_dump
from corridor.ledger.dump import load as load_dump
from corridor.picture import Picture, picture
from corridor.picture.incremental import Memory
from corridor.portions import in_portions, many_objects
from corridor.reading import DECLARES, Context, refused_bodies
from corridor.registers import general
from corridor.report import Entry, Handling, Report, clears, standing, visible
from corridor.statements import KIND_OF
from corridor.values import ReportId
from corridor.wire import decode, encode

if TYPE_CHECKING:
    from corridor import planning
    from corridor.briefs import Brief
    from corridor.planning import Aims, Plan, Policy, Sheet, Worth

FORMAT = 1
# So many entries of another copy go through the door at a time.
_PORTION = 3000
Clock = Callable[[], datetime]
Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Refused:
    """Rows left out of an import: how many, what is wrong with them, and the file that holds them."""

    rows: int
    problems: tuple[Problem, ...]
    file: Path


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording did: the reports given, how many were new and how many were there already."""

    reports: Sequence[Report[Any]]
    accepted: int
    already: int
    refused: Refused | None = None


class Operation:
    """A relief operation kept in a folder.

    Parameters
    ----------
    folder
        Holds ``corridor.toml``, ``ledger/`` and, in an example, ``reports/``.
    clock
        Gives the time of entry; passed in so that tests and replays set it.

    Raises
    ------
    NotAnOperation
        The folder holds no ``corridor.toml``, or one of a newer format.
    """

    def __init__(self, folder: Path, *, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self.folder = folder
        self.clock = clock
        self.name = _name_of(folder)
        self.ledgers = Compartments(folder / "ledger")
        # What is kept between calls is taken on by one thread at a time.
        self._lock = threading.RLock()
        self._read: dict[Handling, list[Entry]] = {}
        self._entries: dict[tuple[Any, ...], tuple[Entry, ...]] = {}
        self._pictures: dict[tuple[Any, ...], Picture] = {}
        self._memories: dict[Handling, tuple[Memory, dict[Handling, int]]] = {}

    @classmethod
    def init(
        cls, folder: Path, name: str, *, clock: Clock = lambda: datetime.now(UTC)
    ) -> Operation:
        """Make a new operation in a folder that is not one yet; nothing that is there is changed."""
        marker = folder / "corridor.toml"
        if marker.exists():
            raise NotAnOperation(f"{folder} is an operation already")
        if folder.exists() and not folder.is_dir():
            raise NotAnOperation(f"{folder} is a file; a folder is needed")
        folder.mkdir(parents=True, exist_ok=True)
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        marker.write_text(f'name = "{quoted}"\nformat = {FORMAT}\n', encoding="utf-8")
        return cls(folder, clock=clock)

    @many_objects()
    def record(
        self,
        rows: Iterable[Row],
        *,
        kind: str = "",
        channel: str = "",
        recorded_by: str = "",
        clearance: Handling = "restricted",
        progress: Progress | None = None,
    ) -> Recorded:
        """Read raw rows by the one door and store them all, or refuse them all.

        Parameters
        ----------
        clearance
            The recorder's; codes declared above it count as unknown, so that no message gives them away.

        Raises
        ------
        InvalidReport
            Naming everything that is wrong; the ledgers are unchanged.
        """
        batch = read_batch(rows, self._context(channel, clearance), kind=kind, progress=progress)
        if batch.problems:
            raise InvalidReport(batch.problems)
        return self._store(batch.reports, recorded_by)

    @many_objects()
    def import_file(
        self,
        path: Path,
        *,
        kind: str,
        decimals: Decimals = "point",
        keep_good: bool = False,
        channel: str = "",
        recorded_by: str = "",
        clearance: Handling = "restricted",
        progress: Progress | None = None,
    ) -> Recorded:
        """Record a table (CSV, spreadsheet) or JSON Lines, all rows or none.

        With `keep_good` the good rows are recorded and the others written beside the file, each
        with what is wrong, to be mended and imported.
        """
        rows = rows_of(path, kind, decimals)
        channel = channel or f"table:{kind}"
        if not keep_good:
            return self.record(
                rows,
                kind=kind,
                channel=channel,
                recorded_by=recorded_by,
                clearance=clearance,
                progress=progress,
            )
        batch = read_batch(
            rows, self._context(channel, clearance), kind=kind, keep_good=True, progress=progress
        )
        if not batch.refused:
            return self._store(batch.reports, recorded_by)
        # The rows are safe in their file before any other is recorded.
        file = write_refused(path, batch.refused, kind, decimals)
        try:
            done = self._store(batch.reports, recorded_by)
        except BaseException:
            file.unlink()
            raise
        return dataclasses.replace(done, refused=Refused(len(batch.refused), batch.problems, file))

    @many_objects()
    def load(
        self, path: Path | None = None, *, recorded_by: str = "", progress: Progress | None = None
    ) -> Recorded | Merged:
        """Load a dump, a file of reports as JSON Lines, or, without a path, the operation's own ``reports/``."""
        if path is None:
            files = sorted((self.folder / "reports").glob("*.jsonl"))
            if not files:
                raise LedgerError(
                    f"{self.folder / 'reports'} holds no .jsonl files; name a file to load"
                )
            return self._load_files([(f.name, f) for f in files], recorded_by, progress)
        if path.is_dir():
            raise LedgerError(f"{path} is a folder; a dump or a .jsonl file is needed")
        with path.open("rb") as lines:
            if is_dump(lines.readline()):
                lines.seek(0)
                return self.ledgers.merge(_through_the_door(load_dump(lines)))
        return self._load_files([("", path)], recorded_by, progress)

    @many_objects()
    def entries(self, clearance: Handling) -> tuple[Entry, ...]:
        """Return all entries up to a clearance."""
        with self._lock:
            heads = self._read_on(clearance)
            if (clearance, heads) not in self._entries:
                read = chain.from_iterable(self._read[handling] for handling, _ in heads)
                self._entries = {(clearance, heads): tuple(read)}
            return self._entries[clearance, heads]

    def picture(
        self,
        *,
        at: datetime | None = None,
        known_at: datetime | None = None,
        clearance: Handling = "restricted",
    ) -> Picture:
        """Return the picture at a moment, by what was known at a moment, for a clearance.

        The first one for a clearance is folded from the start; from the second on, only what a new
        report or a later moment bears on is folded again. What was known before the last picture is
        folded from the start too.
        """
        known = known_at or self.clock()
        moment = at or known
        with self._lock:
            key = (moment, known, clearance, self._read_on(clearance))
            if key not in self._pictures:
                self._pictures = {key: self._picture(moment, known, clearance)}
            return self._pictures[key]

    def problem(self, view: Picture, aims: Aims) -> planning.Problem:
        """Return the planning problem of a picture."""
        from corridor.planning.from_picture import problem

        return problem(view, aims)

    def policy(self, view: Picture, aims: Aims) -> Policy:
        """Return the policy of the first engine for a picture's problem."""
        from corridor.planning import Rolling, train

        return train(self.problem(view, aims), Rolling())

    def plan(self, view: Picture, aims: Aims) -> Plan:
        """Return the plan for a picture; it was checked without the solver.

        Raises
        ------
        PlanningError
            The check found a limit the plan breaks: a fault in Corridor, and no plan to follow.
        """
        from corridor.planning.check import check
        from corridor.planning.plan import plan

        policy = self.policy(view, aims)
        made = plan(policy)
        breaches = check(made, policy.problem)
        if breaches:
            raise PlanningError(
                "\n".join(f"the plan breaks a limit: {breach}" for breach in breaches)
            )
        return made

    def sheets(self, view: Picture, aims: Aims, plan: Plan) -> tuple[Sheet, ...]:
        """Return the go / no-go sheet of every convoy of the first days."""
        from corridor.planning import sheets

        return sheets(plan, self.problem(view, aims))

    def worth(self, view: Picture, aims: Aims) -> tuple[Worth, ...]:
        """Return what one more truck-day, tonne or open day would change."""
        from corridor.planning import Rolling
        from corridor.planning.worth import worth

        return worth(self.problem(view, aims), Rolling())

    def brief(self, view: Picture, plan: Plan | None, *, edition: Handling) -> Brief:
        """Return the situation brief of a picture and a plan."""
        from corridor.briefs import situation

        return situation(view, plan, edition=edition, operation=self.name)

    @many_objects()
    def verify(
        self,
        heads: Mapping[Handling, str] | None = None,
        *,
        clearance: Handling = "sealed",
        progress: Progress | None = None,
    ) -> Mapping[Handling, Verification]:
        """Check every ledger up to a clearance: ids, contents, chain."""
        return self.ledgers.verify(heads or {}, progress, clearance=clearance)

    @many_objects()
    def merge(self, other: Operation) -> Merged:
        """Take over what another copy of the operation holds; a damaged copy is refused whole."""
        return self.ledgers.merge(_through_the_door(other.ledgers.stored()))

    def dump(self, write: Callable[[bytes], object], *, clearance: Handling) -> int:
        """Write all entries up to a clearance as JSON Lines and return how many there were."""
        return dump(self.ledgers, write, clearance=clearance)

    def settings(self, clearance: Handling = "restricted") -> general.Settings:
        """Return the rules recorded last, as far as a clearance sees them.

        They decide how a day alone is read on entry and in a question; a picture takes those that
        were known.
        """
        said = [
            e for e in self.entries(clearance) if isinstance(e.report.statement, general.Setting)
        ]
        last = max((e.report.learned_at for e in said), default=self.clock())
        known = visible(said, known_at=last, clearance=clearance)
        return general.fold(standing(known).reports).settings

    def _picture(self, at: datetime, known_at: datetime, clearance: Handling) -> Picture:
        if clearance not in self._memories:
            self._memories[clearance] = (Memory(clearance), {})
            return picture(self.entries(clearance), at=at, known_at=known_at, clearance=clearance)
        memory, taken = self._memories[clearance]
        if memory.known_at is not None and known_at < memory.known_at:
            return picture(self.entries(clearance), at=at, known_at=known_at, clearance=clearance)
        for handling in self.ledgers.handlings(clearance):
            entries = self._read.get(handling, [])
            memory.add(islice(entries, taken.get(handling, 0), None))
            taken[handling] = len(entries)
        return memory.picture(at=at, known_at=known_at)

    def _read_on(self, clearance: Handling) -> tuple[tuple[Handling, str], ...]:
        """Read what was recorded since the last time, and return the heads that were reached.

        A ledger that no longer holds the last entry read (another copy was put in its place) is
        read from the start, and what was kept of it is dropped, as it is where a ledger is gone.
        """
        heads: list[tuple[Handling, str]] = []
        there = self.ledgers.heads(clearance)
        for gone in [h for h in self._read if clears(clearance, h) and h not in there]:
            del self._read[gone]
            self._memories = {}
        for handling, head in there.items():
            known = self._read.get(handling)
            if known is None or (known[-1].digest if known else "") != head.digest:
                known = self._read[handling] = self._read_ledger(handling, head.seq)
            heads.append((handling, known[-1].digest if known else ""))
        return tuple(heads)

    def _read_ledger(self, handling: Handling, up_to: int) -> list[Entry]:
        ledger = self.ledgers.ledger(handling)
        assert ledger is not None
        known = self._read.get(handling, [])
        last = known[-1] if known else None
        if last is not None and last.seq <= up_to:
            stored = next(ledger.stored(last.seq - 1, last.seq), None)
            if stored is not None and stored.digest == last.digest:
                known.extend(ledger.entries(last.seq))
                return known
        if known:
            self._memories = {}
        with many_objects():
            return list(ledger.entries())

    def _load_files(
        self, files: Iterable[tuple[str, Path]], recorded_by: str, progress: Progress | None
    ) -> Recorded:
        """Record files of reports, as `record` would their rows, on all cores."""
        bulk = read_files(files, self._context("", "sealed"), progress=progress)
        if bulk.problems:
            raise InvalidReport(bulk.problems)
        known = {entry.report.id: entry.report for entry in self.entries("sealed")}
        given = tuple(
            _written_as_first_learned(one, known) if one.id in known else one
            for one in bulk.reports
        )
        done = self.ledgers.record_written(
            ((one.handling, NewEntry(one.id, one.body)) for one in given),
            recorded_by or "operator",
            self.clock(),
        )
        return Recorded(Reports(given), done.accepted, done.already)

    def _context(self, channel: str, clearance: Handling) -> Context:
        entries = self.entries(clearance)
        known: dict[str, set[str]] = {what: set() for _, what in DECLARES.values()}
        for entry in entries:
            _add_codes(known, entry.report)
        rules = self.settings(clearance)
        return Context(
            now=self.clock(),
            zone=rules.time_zone,
            handling=rules.default_handling,
            channel=channel or "local",
            known=known,
        )

    def _store(self, reports: tuple[Report[Any], ...], recorded_by: str) -> Recorded:
        known = {entry.report.id: entry.report for entry in self.entries("sealed")}
        given = tuple(_as_first_learned(report, known) for report in reports)
        done: Appended = self.ledgers.record(given, recorded_by or "operator", self.clock())
        return Recorded(given, done.accepted, done.already)


def _name_of(folder: Path) -> str:
    marker = folder / "corridor.toml"
    if not marker.is_file():
        raise NotAnOperation(f"{folder} is not an operation; `corridor init {folder}` makes one")
    try:
        told = tomllib.loads(marker.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NotAnOperation(f"{marker} cannot be read: {error}") from None
    if not isinstance(told.get("format"), int) or told["format"] > FORMAT:
        raise NotAnOperation(
            f"{marker} is of format {told.get('format')}; this program reads {FORMAT}; update Corridor"
        )
    return str(told.get("name", folder.name))


def _as_first_learned(report: Report[Any], known: Mapping[ReportId, Report[Any]]) -> Report[Any]:
    """Return the report already recorded where this is the same one learned again, else this one."""
    first = known.get(report.id)
    if first is None or first.learned_at > report.learned_at:
        return report
    return first if dataclasses.replace(report, learned_at=first.learned_at) == first else report


def _written_as_first_learned(one: Written, known: Mapping[ReportId, Report[Any]]) -> Written:
    first = _as_first_learned(decode(one.body), known)
    return Written(first.id, first.handling, encode(first))


def _through_the_door(entries: Iterable[StoredEntry]) -> Iterator[StoredEntry]:
    """Pass entries of another copy on; at the end, refuse all of them if the door would refuse one."""
    problems: list[Problem] = []
    passing: deque[list[StoredEntry]] = deque()
    source = iter(entries)

    def bodies() -> Iterator[list[bytes]]:
        while portion := list(islice(source, _PORTION)):
            passing.append(portion)
            yield [entry.body for entry in portion]

    for refused in in_portions(refused_bodies, bodies()):
        portion = passing.popleft()
        problems.extend(
            dataclasses.replace(problem, where=portion[place].where)
            for place, wrong in refused
            for problem in wrong
        )
        yield from portion
    if problems:
        raise InvalidReport(problems)


def _add_codes(known: dict[str, set[str]], report: Report[Any]) -> None:
    declared_as = DECLARES.get(KIND_OF[type(report.statement)])
    if declared_as is not None:
        field, what = declared_as
        known[what].add(getattr(report.statement, field))
