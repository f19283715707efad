"""Write docs/reference from the code, or check that it is current (--check)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from corridor.cli import app
from corridor.fields import FieldSpec, specs
from corridor.reading import SHORTHANDS, columns
from corridor.registers.general import SETTINGS
from corridor.report import Report
from corridor.standards import (
    ACCESS_CONSTRAINTS,
    FIGURES,
    ROAD_SECURITY,
    SHELTER_FIGURES,
    TOPICS,
    TOPICS_CITATION,
    VEHICLE_CLASSES,
)
from corridor.statements import KINDS
from corridor.units import UNITS
from corridor.values import say_bounds

HOME = Path(__file__).resolve().parent.parent / "docs" / "reference"
HEAD = "<!-- Written by tools/reference.py; change the code, then run `make reference`. -->\n\n"


def main() -> None:
    pages = {"kinds.md": kinds(), "commands.md": commands(), "standards.md": standards()}
    stale = [name for name, text in pages.items() if not same(HOME / name, text)]
    if "--check" in sys.argv:
        if stale:
            sys.exit(f"not current: {', '.join(stale)}; run `make reference`")
        print(f"docs/reference is current ({len(pages)} pages)")
        return
    HOME.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (HOME / name).write_text(text, encoding="utf-8")
    print(f"wrote {', '.join(pages)}")


def same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def kinds() -> str:
    parts = [
        HEAD,
        "# Kinds of report\n\nEvery report has the fields of the envelope and those of its kind.\n",
    ]
    parts.append("\n## The envelope\n\n" + table(specs(Report)))
    parts.append("\nShorter ways to say when:\n\n| field | what |\n|---|---|\n")
    parts.extend(f"| `{name}` | {text} |\n" for name, text in SHORTHANDS.items())
    register = ""
    for kind in KINDS.values():
        if kind.register != register:
            register = kind.register
            parts.append(
                f"\n# {register.capitalize()}\n" if register != "any" else "\n# Any subject\n"
            )
        parts.append(f"\n## {kind.name}\n\n{doc(kind.statement)}\n\n{table(specs(kind.statement))}")
        parts.append(f"\nColumns of its table: `{','.join(columns(kind.name))}`\n")
    parts.append("\n# Settings\n\n| name | meaning | where nobody recorded one |\n|---|---|---|\n")
    parts.extend(
        f"| `{name}` | {rule.help} | {rule.default or 'empty'} |\n"
        for name, rule in SETTINGS.items()
    )
    parts.append("\n# Units\n\n| unit | what | of |\n|---|---|---|\n")
    parts.extend(
        f"| `{unit.unit}` | {unit.label} | {unit.dimension} |\n" for unit in UNITS.values()
    )
    return "".join(parts)


def table(fields: tuple[FieldSpec, ...]) -> str:
    rows = ["| field | needed | value | what |\n|---|---|---|---|\n"]
    for spec in fields:
        value = ", ".join(f"`{choice}`" for choice in spec.choices) or spec.shape.replace("_", " ")
        extra = [
            f"of a {spec.reference}" if spec.reference else "",
            ", ".join(spec.units) or spec.unit,
        ]
        if spec.least is not None or spec.most is not None:
            extra.append(say_bounds(spec.least, None, spec.most))
        if spec.example:
            extra.append(f"e.g. `{spec.example}`")
        if spec.default not in (None, "") and spec.shape != "quantity":
            extra.append(f"else {spec.default}")
        told = "; ".join([value, *(part for part in extra if part)])
        rows.append(
            f"| `{spec.name}` | {'yes' if spec.is_required else ''} | {told} | {spec.help} |\n"
        )
    return "".join(rows)


def doc(statement: type) -> str:
    return "\n".join(line.strip() for line in (statement.__doc__ or "").strip().splitlines())


def commands() -> str:
    group = typer.main.get_command(app)
    parts = [
        HEAD,
        "# Commands\n\n",
        (group.help or "").strip(),
        "\n\nExit codes: 0 fine, 1 refused, 2 wrong usage.\n",
    ]
    for name, command in every(group):
        parts.append(
            f"\n## corridor {name}\n\n{(command.help or '').strip()}\n\n| argument or option | what |\n|---|---|\n"
        )
        for param in command.params:
            shown = (
                ", ".join(f"`{o}`" for o in param.opts)
                if param.param_type_name == "option"
                else f"`{param.name.upper()}`"
            )
            if name != "help" and param.name != "help":
                choices = getattr(param.type, "choices", None)
                listed = (
                    f" ({', '.join(getattr(c, 'value', c) for c in choices)})" if choices else ""
                )
                parts.append(
                    f"| {shown} | {(getattr(param, 'help', '') or '').strip()}{listed} |\n"
                )
    return "".join(parts)


def every(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each command with its whole name, those of groups too."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from every(command, f"{before}{name} ")
        else:
            yield before + name, command


def standards() -> str:
    parts = [
        HEAD,
        "# Figures and code lists\n\n| figure | value | unit | source |\n|---|---|---|---|\n",
    ]
    parts.extend(
        f"| `{f.name}` | {f.value} | {f.unit} | {f.citation} |\n" for f in FIGURES.values()
    )
    parts.append("\n## Sites\n\nPublished minimums, to plan with.\n\n")
    parts.append("| figure | of | what | source |\n|---|---|---|---|\n")
    parts.extend(
        f"| `{f.name}` | `{f.service}` | {f.words} | {f.citation} |\n"
        for f in SHELTER_FIGURES.values()
    )
    for title, listed in (
        ("Access constraints (OCHA)", ACCESS_CONSTRAINTS),
        ("Heaviest vehicle that passes (UNSDI-T v2)", VEHICLE_CLASSES),
        ("Road security (UNSDI-T v2)", ROAD_SECURITY),
        (f"Topics of clauses ({TOPICS_CITATION})", TOPICS),
    ):
        parts.append(f"\n## {title}\n\n| code | meaning |\n|---|---|\n")
        parts.extend(f"| {code} | {text} |\n" for code, text in listed.items())
    return "".join(parts)


if __name__ == "__main__":
    main()
