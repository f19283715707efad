from __future__ import annotations

from decimal import Decimal

from corridor.registers import general
from corridor.registers.general import SETTINGS
from corridor.report import standing
from stories import Story, at, codes, entry


def fold(story: Story) -> general.General:
    return general.fold(standing(story.entries).reports)


def test_without_a_setting_every_rule_has_a_value() -> None:
    rules = general.fold(()).settings
    assert str(rules.time_zone) == "UTC"
    assert rules.default_handling == "restricted"
    assert rules.road_status_expires_h == 48
    assert rules.order_of_names == ()
    assert rules.sources == ()
    assert all(rule.accepts(rule.default) for rule in SETTINGS.values())


def test_the_last_setting_holds_and_the_change_is_told() -> None:
    story = Story()
    first = story.say("setting", name="stock_stale_days", value="3", observed=at(2))
    last = story.say("setting", name="stock_stale_days", value="5", observed=at(3))
    found = fold(story)
    assert found.settings.stock_stale_days == 5
    assert dict(found.settings.sources) == {"stock_stale_days": last}
    assert codes(found.findings) == ["setting_changed"]
    assert "from '3' to '5'" in found.findings[0].text
    assert first != last


def test_a_setting_that_is_not_understood_leaves_the_one_before() -> None:
    story = Story()
    story.say("setting", name="stated_end_factor", value="0.8")
    strange = Story()
    strange.say("setting", name="stock_stale_days", value="5")
    # As an older or a newer program may have recorded it.
    object.__setattr__(strange.reports[0].statement, "value", "a week")
    found = general.fold((*story.reports, strange.reports[0]))
    assert found.settings.stock_stale_days == 3
    assert found.settings.stated_end_factor == Decimal("0.8")
    assert codes(found.findings) == ["setting_not_understood"]


def test_a_setting_that_is_denied_is_none() -> None:
    story = Story()
    story.say("setting", "north", name="stock_stale_days", value="9", speech_act="denied")
    assert fold(story).settings.stock_stale_days == 3


def test_names_stand_in_the_declared_order_and_others_follow_by_code() -> None:
    story = Story()
    story.say("setting", name="order_of_names", value="south, north")
    rules = fold(story).settings
    shown = sorted(["agency", "north", "monitor", "south"], key=rules.place_in_order)
    assert shown == ["south", "north", "agency", "monitor"]


def test_independent_claimants_are_groups() -> None:
    story = Story()
    story.say("setting", name="independent_claimants", value="a, b; c,d")
    assert fold(story).settings.independent_claimants == ({"a", "b"}, {"c", "d"})


def test_an_observation_is_kept() -> None:
    story = Story()
    seen = story.say("observation", indicator="journey-time", quantity="20 h", road="road")
    assert [report.id for report in fold(story).observations] == [seen]
    assert entry(story.reports[0]).report.statement.quantity.stated == 20
