"""What `simulate`, `compare` and `explain` print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from rich.console import Console
from rich.text import Text

from corridor.cli.show import console, table
from corridor.cli.show_plan import amount, fans, say, triggers, unmet
from corridor.picture import Picture
from corridor.planning import Plan, Problem
from corridor.planning.changes import Change
from corridor.planning.comparing import Compared
from corridor.planning.outlook import Outlook
from corridor.planning.reliance import Reliance
from corridor.planning.relief.compare import Mean
from corridor.planning.worth import Worth


def outlook(view: Picture, seen: Outlook, days: Sequence[date]) -> None:
    """Print what following the policy led to."""
    out = console()
    over = (
        f"{seen.futures:,} futures drawn under the seed {seen.seed}"
        if seen.seed is not None
        else "the roads as they were reported"
    )
    out.print(f"The plan's policy from {days[0]:%d %B %Y} on, over {over}. Restricted.")
    fans(out, view, seen, days)


def comparison(view: Picture, found: Compared, problem: Problem) -> None:
    """Print engines side by side in each world, then what each leaves people without."""
    out = console()
    for world, each in found.worlds.items():
        shown = table(f"World {world}: {each.scenarios:,} futures")
        shown.add_column("engine")
        heads = ("cost", f"less that of {each.against}", "worst 5 %", "moved t", "CPU ms")
        for head in heads:
            shown.add_column(head, justify="right")
        for line in each.lines:
            shown.add_row(
                line.name,
                _mean(line.cost, found.cost),
                _mean(line.against, found.cost) if line.name != each.against else "",
                f"{line.deprivation_tail.value * found.cost:,.0f}",
                f"{line.moved_t.value:,.0f}",
                f"{line.cpu_s_per_decision * 1000:.2f}",
            )
        out.print(shown)
        seen = found.foresight[world] * found.cost
        out.print(f"  If each future were known: {seen:,.0f}, a bound nobody can reach.\n")
        lacking = table(f"World {world}: person-days without, by goods")
        lacking.add_column("engine")
        for code in problem.commodities:
            lacking.add_column(view.name(code), justify="right")
        lacking.add_column("worst place, days", justify="right")
        lacking.add_column("Gini of cover", justify="right")
        for line in each.lines:
            lacking.add_row(
                line.name,
                *(_mean(mean) for mean in line.person_days_without),
                f"{max(mean.value for mean in line.worst_place_days):.1f}",
                f"{max(mean.value for mean in line.gini):.2f}",
            )
        out.print(lacking)
    out.print(f"Least expected cost as estimated: {found.least}.")
    name = found.winner
    if name == view.settings.engine:
        out.print(f"Plans of this operation follow what costs least: {name}.")
    else:
        out.print(
            f"Plans of this operation follow {view.settings.engine}. To have them follow {name}, record "
            f"`corridor record setting name=engine value={name} claimant=... reason=...`."
        )


def explanation(
    view: Picture,
    made: Plan,
    changes: Iterable[Change],
    moved: Sequence[Reliance],
    worth: Sequence[Worth],
) -> None:
    """Print why places are short, what would change it, what one more is worth, whose word moves it."""
    out = console()
    unmet(out, view, made)
    shown = table("What would change it")
    for head in ("", "person-days spared", "cost spared"):
        shown.add_column(head, justify="right" if head else "left")
    for change in changes:
        shown.add_row(
            say(view, change.text),
            f"{change.person_days:,.0f} +- {change.person_days_error:,.0f}",
            f"{change.cost:,.0f} +- {change.cost_error:,.0f}",
        )
    if shown.row_count:
        out.print(shown)
    if made.outlook is not None and made.engine != "multistage":
        out.print(
            f"What one more is worth by day is known of multistage alone, not of {made.engine}.\n"
        )
    _worths(out, view, worth)
    out.print(Text("Whose word moves the plan", style="bold"))
    for each in moved:
        out.print(
            f"  {view.name(each.claimant)}: {view.name(each.commodity)} by {view.name(each.road)} towards "
            f"{view.name(each.end)} on {each.day:%d %b} would be {amount(each.without)} {each.unit} instead of "
            f"{amount(each.amount)}. It waits for a named person."
        )
    if not moved:
        out.print("  Nobody's alone: each load stays when any one claimant's word is left out.")
    out.print()
    triggers(out, view, made)


def _worths(out: Console, view: Picture, worth: Sequence[Worth]) -> None:
    """Print what one more of each thing is worth on the days on which it is worth anything."""
    if not worth:
        return
    out.print(Text("What one more is worth, by day", style="bold"))
    out.print(
        f"  In the cost of the aims, over {worth[0].futures} futures; of days not named, nothing."
    )
    nothing = []
    for each in worth:
        by_day = [
            f"{_figure(cost)} +- {_figure(error)} on {day:%d %b}"
            for day, cost, error in zip(each.days, each.cost, each.standard_error, strict=True)
            if cost
        ]
        if by_day:
            out.print(f"  {_capital(say(view, each.text))}: {', '.join(by_day)}.")
        else:
            nothing.append(say(view, each.text))
    if nothing:
        out.print(f"  Worth nothing on any day: {'; '.join(nothing)}.")
    out.print()


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2g}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _mean(mean: Mean, scale: float = 1.0) -> str:
    return f"{mean.value * scale:,.0f} +- {mean.error * scale:,.0f}"
