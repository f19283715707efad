from __future__ import annotations

import json
from typing import Any

from briefs.tale import brief_of, invented, story, written
from corridor.briefs import render
from corridor.briefs.document import SCHEMA, plain


def test_the_document_names_its_schema_and_what_it_rests_on() -> None:
    made = json.loads(written("restricted", "json", with_plan=True))
    brief = invented("restricted", with_plan=True)
    assert made["schema"] == SCHEMA
    assert made["at"] == "2030-05-13T12:00:00Z"
    assert made["digest"] == brief.digest
    assert made["plan_digest"] == brief.plan_digest
    assert len(made["sources"]) == len(brief.sources)


def parts(node: Any) -> list[dict[str, Any]]:
    """Return every value of a document."""
    if isinstance(node, dict):
        own = [node] if "text" in node and "sources" in node else []
        return own + [found for child in node.values() for found in parts(child)]
    return [found for child in node for found in parts(child)] if isinstance(node, list) else []


def test_numbers_are_never_localised() -> None:
    told = story()
    told.say(
        "headcount", "alpha", place="town", quantity="up to 120000 people", observed="2030-05-12"
    )
    made = json.loads(render(brief_of(told), "json"))
    (value, *_) = [v for v in parts(made["sections"]) if v.get("unit") == "people" and "high" in v]
    assert value["high"] == "120000"
    assert "low" not in value
    assert value["text"] == "up to 120000 people"
    assert "120,000" not in json.dumps(made)


def test_every_value_names_sources_that_are_listed() -> None:
    made = json.loads(written("restricted", "json", with_plan=True))
    listed = {source["number"] for source in made["sources"]}
    noted = {note["number"] for note in made["notes"]}
    for value in parts(made["sections"]):
        assert set(value["sources"]) <= listed
        assert value["sources"] or value["note"] in noted


def test_only_commas_between_thousands_are_taken_out() -> None:
    assert plain("1,250 t, 3 May 2030, 12:00; 1,250,000") == "1250 t, 3 May 2030, 12:00; 1250000"
