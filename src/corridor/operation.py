"""An operation: its folder, its ledgers, its clock and what was computed already. The only stateful object."""

from __future__ import annotations

import dataclasses
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.errors import InvalidReport, LedgerError, NotAnOperation, PlanningError, Problem
from corridor.intake.again import as_first_learned, through_the_door, written_as_first_learned
from corridor.intake.batch import read_batch
from corridor.intake.bulk import Reports, read_files
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
from corridor.ledger.dump import dump, is_dump, operation_of
from corridor.ledger.dump import load as load_dump
from corridor.ledger.identity import (
    MARKER,
    Identity,
    demo_passphrases,
    read_identity,
    refuse_another,
    write_identity,
)
from corridor.ledger.passphrases import NOBODY, InOrder, Passphrases
from corridor.picture import Picture
from corridor.pictures import Pictures
from corridor.policies import Policies
from corridor.portions import many_objects
from corridor.reading import Context
from corridor.registers import general
from corridor.report import Entry, Handling, Report, standing, visible

if TYPE_CHECKING:
    from corridor import planning
    from corridor.briefs import Brief
    from corridor.hazards import Hazards
    from corridor.intake.event_tables import EventFormat
    from corridor.planning import Aims, Engine, Plan, Policy, Sheet
    from corridor.planning.problem import Ints
    from corridor.planning.reliance import Reliance
    from corridor.planning.since import Since
    from corridor.planning.what_if import IfSo
    from corridor.watch.measured import Choices, Watch

Clock = Callable[[], datetime]
Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Refused:
    """Rows left out of an import: how many, what is wrong with them, and the file that holds them.

    The file is None where none of them may be written down.
    """

    rows: int
    problems: tuple[Problem, ...]
    file: Path | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording did: the reports given, how many were new and how many were there already."""

    reports: Sequence[Report[Any]]
    accepted: int
    already: int
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """A public brief that was released, and the small figures that releases before it give away."""

    brief: Brief
    given_away: tuple[str, ...]


class Operation:
    """A relief operation kept in a folder.

    Parameters
    ----------
    folder
        Holds ``corridor.toml``, ``ledger/`` and, in an example, ``reports/``.
    clock
        Gives the time of entry; passed in so that tests and replays set it.
    engine
        How plans are found unless told otherwise; by default what futures of the roads teach.
    passphrases
        Who is asked for those of the encrypted ledgers, where ``corridor.toml`` names none for a demo.

    Raises
    ------
    NotAnOperation
        The folder holds no ``corridor.toml``, or one of a newer format.
    """

    def __init__(
        self,
        folder: Path,
        *,
        clock: Clock = lambda: datetime.now(UTC),
        engine: Engine | None = None,
        passphrases: Passphrases = NOBODY,
    ) -> None:
        self.folder = folder
        self.clock = clock
        # A folder that is no operation is refused at once.
        read_identity(folder)
        known = InOrder((demo_passphrases(folder), passphrases))
        self.ledgers = Compartments(folder / "ledger", passphrases=known)
        # What is kept between calls is taken on by one thread at a time.
        self._lock = threading.RLock()
        self._pictures = Pictures(self.ledgers)
        self._policies = Policies(self.ledgers, engine)

    @classmethod
    def init(
        cls,
        folder: Path,
        name: str,
        *,
        clock: Clock = lambda: datetime.now(UTC),
        new_id: Callable[[], str] = lambda: secrets.token_hex(16),
        passphrases: Passphrases = NOBODY,
    ) -> Operation:
        """Make a new operation in a folder that is not one yet; nothing that is there is changed.

        Parameters
        ----------
        new_id
            Gives the id, by which copies know each other; passed in so that tests set it.
        """
        if (folder / MARKER).exists():
            raise NotAnOperation(f"{folder} is an operation already")
        if folder.exists() and not folder.is_dir():
            raise NotAnOperation(f"{folder} is a file; a folder is needed")
        folder.mkdir(parents=True, exist_ok=True)
        write_identity(folder, Identity(name, new_id()))
        return cls(folder, clock=clock, passphrases=passphrases)

    @property
    def identity(self) -> Identity:
        """Return which operation this is, as its folder says now."""
        return read_identity(self.folder)

    @property
    def name(self) -> str:
        """Return what the operation is called."""
        return self.identity.name

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
        kind: str = "",
        decimals: Decimals = "point",
        keep_good: bool = False,
        channel: str = "",
        recorded_by: str = "",
        clearance: Handling = "restricted",
        progress: Progress | None = None,
        events: EventFormat | None = None,
        as_given: bool = False,
    ) -> Recorded:
        """Record a table (CSV, spreadsheet) or JSON Lines, all rows or none.

        With `keep_good` the good rows are recorded and the others written beside the file, each
        with what is wrong, to be mended and imported.

        Parameters
        ----------
        events
            The publisher whose table of events it is; its rows become incidents, whatever `kind` says.
        as_given
            Whether a row whose figures contradict each other comes in without them (see `read_events`).
        """
        channel = channel or (f"events:{events}" if events else f"table:{kind}")
        if events is None:
            rows = rows_of(path, kind, decimals)
        else:
            rows, kind = self._events(path, events, clearance, as_given), ""
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
            if file is not None:
                file.unlink()
            raise
        return dataclasses.replace(done, refused=Refused(len(batch.refused), batch.problems, file))

    @many_objects()
    def export_events(
        self,
        form: EventFormat,
        *,
        at: datetime | None = None,
        known_at: datetime | None = None,
        clearance: Handling = "restricted",
    ) -> str:
        """Return the incidents, as they were known, as a table of events in a publisher's columns."""
        from corridor.intake.events import write_events
        from corridor.registers import incidents

        known = known_at or self.clock()
        seen = visible(self.entries(clearance), known_at=known, clearance=clearance)
        moment = at or known
        stood = [report for report in standing(seen).reports if report.begins <= moment]
        found = incidents.fold(stood, at=moment, rules=incidents.Rules())
        return write_events(found.states.values(), form, self.settings(clearance).time_zone)

    @many_objects()
    def load(
        self, path: Path | None = None, *, recorded_by: str = "", progress: Progress | None = None
    ) -> Recorded | Merged:
        """Load a dump, a file of reports as JSON Lines, or, without a path, the operation's own ``reports/``.

        A dump is taken as `merge` takes another copy.
        """
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
            first = lines.readline()
            if is_dump(first):
                return self._merge(operation_of(first), load_dump(chain([first], lines)))
        return self._load_files([("", path)], recorded_by, progress)

    @many_objects()
    def entries(self, clearance: Handling) -> tuple[Entry, ...]:
        """Return all entries up to a clearance."""
        with self._lock:
            return self._pictures.entries(clearance)

    @many_objects()
    def picture(
        self,
        *,
        at: datetime | None = None,
        known_at: datetime | None = None,
        clearance: Handling = "restricted",
    ) -> Picture:
        """Return the picture at a moment, by what was known at a moment, for a clearance.

        After the first one, only what a new report or a later moment bears on is folded again; a
        snapshot beside the ledger spares the first one too. What was known, or was so, before what
        is kept is folded from the start.
        """
        known = known_at or self.clock()
        with self._lock:
            return self._pictures.picture(at or known, known, clearance)

    def hazards(self, view: Picture, aims: Aims, *, suppose: bool = False) -> Hazards:
        """Return the chance that each road is open on each of the days planned.

        Incidents that are corroborated or better move it. With `suppose` those do too that are alleged
        only: a what-if beside the plan, which no plan takes.
        """
        from corridor.planning.from_picture import days_planned, ways
        from corridor.watch.pressing import chances

        return chances(view, days_planned(view, aims), ways(view), suppose=suppose)

    def roads_since(self, view: Picture, aims: Aims) -> Ints:
        """Return how the roads stood on the days planned from a picture, by all known since, (D, L).

        Raises
        ------
        PlanningError
            These days are not over, and no report reaches the last of them.
        """
        from corridor.hazards import statuses_on
        from corridor.planning.from_picture import days_planned, ways

        days = days_planned(view, aims)
        learned = (entry.report.learned_at for entry in self.entries(view.clearance))
        now = max(self.clock(), *learned)
        later = self.picture(at=now, known_at=now, clearance=view.clearance)
        known = later.at.astimezone(later.settings.time_zone).date()
        if known < days[-1]:
            raise PlanningError(
                f"replay: the days planned end on {days[-1]}, and reports are known up to {known}; "
                "ask for fewer days or an earlier start"
            )
        return statuses_on(later, ways(view), days)

    def problem(
        self, view: Picture, aims: Aims, hazards: Hazards | None = None
    ) -> planning.Problem:
        """Return the planning problem of a picture, with the chances of its roads; or with these."""
        from corridor.planning.from_picture import problem, ways

        return problem(view, aims, (hazards or self.hazards(view, aims)) if ways(view) else None)

    def policy(self, view: Picture, aims: Aims, engine: Engine | None = None) -> Policy:
        """Return what an engine finds for a picture's problem; by default what futures teach."""
        return self._policies.policy(view, aims, engine, lambda: self.problem(view, aims))

    def plan(self, view: Picture, aims: Aims, policy: Policy | None = None) -> Plan:
        """Return the plan for a picture, by a policy if one is given; it was checked without the solver.

        A load that one claimant's word moves waits for a named person.

        Raises
        ------
        PlanningError
            The check found a limit the plan breaks: a fault in Corridor, and no plan to follow.
        """
        from corridor.planning.check import check
        from corridor.planning.plan import plan
        from corridor.planning.reliance import held_for_a_person

        policy = policy or self.policy(view, aims)
        made = plan(policy)
        made = held_for_a_person(made, self.reliances(view, policy, made))
        breaches = check(made, policy.problem)
        if breaches:
            raise PlanningError(
                "\n".join(f"the plan breaks a limit: {breach}" for breach in breaches)
            )
        return made

    def reliances(self, view: Picture, policy: Policy, made: Plan) -> tuple[Reliance, ...]:
        """Plan again without each claimant's word, and return the loads that change."""
        from corridor.picture import picture as build
        from corridor.planning.reliance import (
            again,
            claimants,
            reliances,
            speaks_of_roads,
            without,
        )

        others, known = {}, policy.problem
        entries = self.entries(view.clearance)
        for claimant in claimants(view):
            left = build(
                without(entries, claimant),
                at=view.at,
                known_at=view.known_at,
                clearance=view.clearance,
            )
            hazards = None if speaks_of_roads(view, claimant) else known.hazards
            found = again(policy, self.problem(left, known.aims, hazards), only_ordered=True)
            if found is not None:
                others[claimant] = found
        return reliances(made, others)

    def since(
        self, view: Picture, policy: Policy, made: Plan, moment: datetime | None = None
    ) -> Since | None:
        """Return what changed since a moment, and why; None where nothing was learned since.

        By default since the last plan that was approved, else since a day before.
        """
        from corridor.planning.reliance import again
        from corridor.planning.since import Known, since, usual_moment

        then = self.picture(
            at=view.at, known_at=moment or usual_moment(view), clearance=view.clearance
        )
        if then.reports.keys() == view.reports.keys():
            return None
        before = self.problem(then, policy.problem.aims)
        earlier = again(policy, before) or made
        return since(Known(view, policy.problem, made), Known(then, before, earlier))

    def what_if(self, view: Picture, policy: Policy) -> tuple[IfSo, ...]:
        """Return what the roads' chances would be if what is alleged and not corroborated were so."""
        from corridor.planning.what_if import if_so

        taken = policy.problem.hazards
        if taken is None:
            return ()
        return if_so(taken, self.hazards(view, policy.problem.aims, suppose=True))

    def sheets(self, view: Picture, aims: Aims, plan: Plan) -> tuple[Sheet, ...]:
        """Return the go / no-go sheet of every convoy of the first days."""
        from corridor.planning import sheets

        return sheets(plan, self.problem(view, aims))

    def brief(self, view: Picture, plan: Plan | None, *, edition: Handling) -> Brief:
        """Return the situation brief of a picture and a plan."""
        from corridor.briefs import situation

        return situation(view, plan, edition=edition, operation=self.name)

    def release(self, view: Picture, *, released_by: str, agreed_by: str) -> Release:
        """Return the public brief of a picture, and record what it shows of counts of people.

        Every public brief after it is checked against that. The picture must know all that is known
        now, so that it knows every release before it.

        Raises
        ------
        InvalidReport
            A second person is missing, or the same as the first; nothing was recorded.
        """
        from corridor.briefs.releasing import released_by as kept

        made = self.brief(view, None, edition="public")
        shown = kept(view)
        said = {"brief": view.digest, "released_by": released_by, "agreed_by": agreed_by}
        fixed = {"kind": "release", "claimant": "operation", "handling": "public"}
        rows = [
            Row("", {**fixed, **said, "figures": text, "key": f"release-{view.digest}-{number}"})
            for number, text in enumerate(shown.figures, start=1)
        ]
        self.record(rows, recorded_by=released_by, clearance="public")
        return Release(made, shown.given_away)

    def watch(self, view: Picture, choices: Choices) -> Watch:
        """Return what the watch of the ceasefire finds, at the moment of a picture."""
        from corridor.watch.measured import watch

        return watch(view, choices)

    def issue(self, watch: Watch, *, claimant: str, recorded_by: str = "") -> Recorded | None:
        """Record the forecasts of a watch, to be scored later; None where the day's were issued already.

        Raises
        ------
        InvalidReport
            When the claimant is not declared.
        """
        from corridor.watch.verified import issued_on, to_issue

        view = watch.picture
        if issued_on(view, view.at.astimezone(view.settings.time_zone).date()):
            return None
        rows = to_issue(view, watch.series, watch.roads)
        return self.record(
            (Row("", {**row, "claimant": claimant}) for row in rows), recorded_by=recorded_by
        )

    def ceasefire_brief(self, watch: Watch, *, edition: Handling) -> Brief:
        """Return the ceasefire brief of a watch.

        Raises
        ------
        CorridorError
            For an edition below restricted.
        """
        from corridor.briefs import ceasefire

        return ceasefire(watch, edition=edition, operation=self.name)

    def matrix(self, view: Picture, *, edition: Handling) -> Brief:
        """Return what is owed by whom: clauses by party, then commitments."""
        from corridor.briefs.talks import matrix
        from corridor.picture.dialogue import dialogue_of

        return matrix(dialogue_of(view), edition=edition, operation=self.name)

    def clause(self, view: Picture, code: str, *, edition: Handling) -> Brief:
        """Return the page of one clause; raises CorridorError where this viewer knows none by that code."""
        from corridor.briefs.talks import clause
        from corridor.picture.dialogue import dialogue_of

        return clause(dialogue_of(view), code, edition=edition, operation=self.name)

    def rounds(self, view: Picture, *, edition: Handling) -> Brief:
        """Return the rounds of talks in order of time, with every claimant's count."""
        from corridor.briefs.talks import timeline
        from corridor.picture.dialogue import dialogue_of

        return timeline(dialogue_of(view), edition=edition, operation=self.name)

    def round_brief(self, view: Picture, *, edition: Handling) -> Brief:
        """Return the brief for the next round; raises CorridorError for an edition below restricted."""
        from corridor.briefs import round_brief
        from corridor.picture.dialogue import dialogue_of

        return round_brief(dialogue_of(view), edition=edition, operation=self.name)

    def calendar(self, view: Picture, *, edition: Handling) -> str:
        """Return rounds and deadlines as iCalendar; raises CorridorError below restricted."""
        from corridor.briefs.talks.calendar import calendar
        from corridor.picture.dialogue import dialogue_of

        identity = self.identity
        return calendar(
            dialogue_of(view), edition=edition, operation=identity.name, operation_id=identity.id
        )

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
    def merge(self, other: Operation, *, clearance: Handling = "sealed") -> Merged:
        """Take over what another copy of the operation holds, up to a clearance.

        An operation made by `init`, in which nothing is recorded yet, becomes a copy of the other:
        it takes on its name and its id.

        Raises
        ------
        LedgerError
            The other is damaged, or another operation; nothing was taken.
        """
        return self._merge(other.identity, other.ledgers.stored(clearance))

    def dump(self, write: Callable[[bytes], object], *, clearance: Handling) -> int:
        """Write all entries up to a clearance as JSON Lines and return how many there were."""
        return dump(self.ledgers, write, clearance=clearance, operation=self.identity)

    def settings(self, clearance: Handling = "restricted") -> general.Settings:
        """Return the rules recorded last, as far as a clearance sees them.

        They decide how a day alone is read on entry and in a question; a picture takes those that
        were known.
        """
        with self._lock:
            return self._pictures.declared(clearance).settings(clearance, self.clock())

    def _merge(self, other: Identity, entries: Iterable[StoredEntry]) -> Merged:
        self._refuse_another(other)

        def take_on() -> None:
            # Somebody may have recorded something while the other was read.
            self._refuse_another(other)
            # First the id, then the entries: an empty operation with an id that it does not keep
            # does no harm, and entries under the id of another operation would.
            if other.id and other.id != self.identity.id:
                write_identity(self.folder, other)

        return self.ledgers.merge(through_the_door(entries), take_on)

    def _refuse_another(self, other: Identity) -> None:
        """Raise LedgerError if entries of the other must not enter; a new operation takes any."""
        has_reports = (self.folder / "reports").exists()
        if has_reports or self.ledgers.has_entries():
            refuse_another(self.identity, other)

    def _load_files(
        self, files: Iterable[tuple[str, Path]], recorded_by: str, progress: Progress | None
    ) -> Recorded:
        """Record files of reports, as `record` would their rows, on all cores."""
        context = self._context("", self.ledgers.opens_up_to("sealed"))
        bulk = read_files(files, context, progress=progress)
        if bulk.problems:
            raise InvalidReport(bulk.problems)
        known = self.ledgers.called((one.handling, one.id) for one in bulk.reports)
        given = tuple(
            written_as_first_learned(one, known) if (one.handling, one.id) in known else one
            for one in bulk.reports
        )
        done = self.ledgers.record_written(
            ((one.handling, NewEntry(one.id, one.body)) for one in given),
            recorded_by or "operator",
            self.clock(),
        )
        return Recorded(Reports(given), done.accepted, done.already)

    def _events(
        self, path: Path, form: EventFormat, clearance: Handling, as_given: bool
    ) -> Iterator[Row]:
        """Yield the rows of a table of events, after who says them where nobody declared that yet."""
        from corridor.intake.event_tables import TABLES
        from corridor.intake.events import declaration, read_events

        known = self._context("", clearance).known["party"]
        rows = read_events(path, form, as_given=as_given)
        return rows if TABLES[form].claimant in known else chain((declaration(form),), rows)

    def _context(self, channel: str, clearance: Handling) -> Context:
        with self._lock:
            declared = self._pictures.declared(clearance)
        now = self.clock()
        rules = declared.settings(clearance, now)
        return Context(
            now=now,
            zone=rules.time_zone,
            handling=rules.default_handling,
            channel=channel or "local",
            known=declared.codes,
            area=rules.area,
        )

    def _store(self, reports: tuple[Report[Any], ...], recorded_by: str) -> Recorded:
        known = self.ledgers.called((report.handling, report.id) for report in reports)
        given = tuple(as_first_learned(report, known) for report in reports)
        done: Appended = self.ledgers.record(given, recorded_by or "operator", self.clock())
        return Recorded(given, done.accepted, done.already)
