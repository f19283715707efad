from __future__ import annotations

import itertools
from typing import Any

import pytest

from corridor.report import (
    Entry,
    Report,
    Standing,
    clears,
    digest_of,
    report_id,
    standing,
    visible,
)
from corridor.values import ReportId
from stories import END, Story, codes, day, entry, the


def count(story: Story, claimant: str, amount: str, **more: Any) -> ReportId:
    return story.say(
        "stock_count", claimant, place="town", commodity="food", quantity=amount, **more
    )


def stand(story: Story) -> Standing:
    """Return what stands, whatever the order in which the reports arrived."""
    found = [standing(order) for order in itertools.permutations(story.entries)]
    assert all(one == found[0] for one in found)
    return found[0]


def ids(reports: tuple[Report[Any], ...]) -> set[ReportId]:
    return {report.id for report in reports}


def test_an_id_follows_from_channel_and_key_and_does_not_mix_them_up() -> None:
    assert report_id("a", "bc") == report_id("a", "bc")
    assert len({report_id("a", "bc"), report_id("ab", "c"), report_id("", "abc")}) == 3
    assert len(report_id("a", "bc")) == 32


def test_a_viewer_sees_up_to_the_own_clearance() -> None:
    assert clears("restricted", "partners")
    assert clears("restricted", "restricted")
    assert not clears("restricted", "sealed")


def test_what_is_learned_later_or_handled_higher_is_not_visible() -> None:
    story = Story()
    seen = count(story, "agency", "1 t", learned="2030-05-02T00:00:00Z")
    count(story, "agency", "2 t", learned="2030-05-02T00:00:01Z")
    count(story, "agency", "3 t", learned="2030-05-01T00:00:00Z", handling="restricted")
    found = visible(story.entries, known_at=day(2), clearance="partners")
    assert [one.report.id for one in found] == [seen]


def test_the_digest_names_contents_and_not_the_order_or_the_times_they_arrived() -> None:
    story = Story()
    count(story, "agency", "1 t")
    count(story, "agency", "2 t")
    there = story.entries
    here = tuple(Entry(9, day(3), "other", e.body_digest, "x", e.report) for e in reversed(there))
    assert digest_of(there) == digest_of(here) == digest_of((*there, *there))
    assert digest_of(there) != digest_of(there[:1])


def test_the_claimant_withdraws_a_claim_and_it_stays_readable() -> None:
    story = Story()
    claim = count(story, "north", "5 t")
    withdrawal = story.say("retraction", "north", retracts=claim)
    found = stand(story)
    assert found.reports == ()
    assert [(report.id, by) for report, by in found.struck] == [(claim, withdrawal)]
    assert found.findings == ()


def test_nobody_else_withdraws_a_claim_not_even_by_its_own_channel() -> None:
    story = Story()
    claim = count(story, "north", "5 t")
    story.say("retraction", "south", retracts=claim, channel="north")
    found = stand(story)
    assert ids(found.reports) == {claim}
    assert found.struck == ()
    assert the("not_entitled_to_strike", found.findings).subject == claim


def test_a_withdrawal_that_is_withdrawn_binds_nothing() -> None:
    story = Story()
    claim = count(story, "north", "5 t")
    withdrawal = story.say("retraction", "north", retracts=claim)
    again = story.say("retraction", "north", retracts=withdrawal)
    found = stand(story)
    assert ids(found.reports) == {claim}
    assert [(report.id, by) for report, by in found.struck] == [(withdrawal, again)]
    story.say("retraction", "north", retracts=again)
    assert stand(story).reports == ()


def test_withdrawals_in_a_ring_bind_nothing() -> None:
    story = Story()
    one, two = report_id("north", "one"), report_id("north", "two")
    story.say("retraction", "north", key="one", retracts=two)
    story.say("retraction", "north", key="two", retracts=one)
    claim = count(story, "north", "5 t")
    story.say("retraction", "north", key="self", retracts=report_id("north", "self"))
    found = stand(story)
    assert ids(found.reports) == {claim}
    assert found.struck == ()


def test_a_long_row_of_withdrawals_of_withdrawals_is_followed_to_its_end() -> None:
    story = Story()
    target = claim = count(story, "north", "5 t")
    for _ in range(3001):
        target = story.say("retraction", "north", retracts=target)
    found = standing(story.entries)
    assert claim in {report.id for report, _ in found.struck}


@pytest.mark.parametrize(("claimant", "channel"), [("north", "elsewhere"), ("agency", "north")])
def test_the_claimant_or_the_channel_corrects(claimant: str, channel: str) -> None:
    story = Story()
    wrong = count(story, "north", "50 t")
    right = count(story, claimant, "5 t", corrects=wrong, channel=channel)
    found = stand(story)
    assert ids(found.reports) == {right}
    assert [(report.id, by) for report, by in found.struck] == [(wrong, right)]


def test_a_correction_that_changes_the_claimant_is_told() -> None:
    story = Story()
    wrong = count(story, "north", "50 t")
    count(story, "agency", "5 t", corrects=wrong, channel="north")
    assert the("claimant_changed", stand(story).findings).subject == wrong


def test_another_claimant_by_another_channel_corrects_nothing() -> None:
    story = Story()
    claim = count(story, "north", "50 t")
    other = count(story, "south", "5 t", corrects=claim)
    found = stand(story)
    assert ids(found.reports) == {claim, other}
    finding = the("not_entitled_to_strike", found.findings)
    assert (finding.severity, finding.basis) == ("ask", (other, claim))


def test_a_correction_that_is_withdrawn_gives_the_first_claim_back() -> None:
    story = Story()
    first = count(story, "north", "50 t")
    second = count(story, "north", "5 t", corrects=first)
    story.say("retraction", "north", retracts=second)
    assert ids(stand(story).reports) == {first}


def test_a_correction_of_a_correction_leaves_the_last() -> None:
    story = Story()
    first = count(story, "north", "50 t")
    second = count(story, "north", "5 t", corrects=first)
    third = count(story, "north", "5.5 t", corrects=second)
    found = stand(story)
    assert ids(found.reports) == {third}
    assert {report.id for report, _ in found.struck} == {first, second}


def test_two_corrections_made_apart_stand_side_by_side() -> None:
    story = Story()
    wrong = count(story, "north", "50 t")
    here = count(story, "north", "5 t", corrects=wrong, channel="laptop")
    there = count(story, "north", "6 t", corrects=wrong, channel="phone")
    found = stand(story)
    assert ids(found.reports) == {here, there}
    assert {report.id for report, _ in found.struck} == {wrong}


def test_a_report_that_corrects_itself_stands() -> None:
    story = Story()
    claim = count(story, "north", "5 t", key="k", corrects=report_id("north", "k"))
    assert ids(stand(story).reports) == {claim}


@pytest.mark.parametrize(("first", "second"), [("north", "south"), ("south", "north")])
def test_of_two_contents_under_one_id_the_first_learned_is_used_and_both_are_told(
    first: str, second: str
) -> None:
    story = Story()
    count(story, second, "6 t", key="k", channel="desk", learned="2030-05-03T00:00:00Z")
    count(story, first, "5 t", key="k", channel="desk", learned="2030-05-02T00:00:00Z")
    found = stand(story)
    assert [report.claimant for report in found.reports] == [first]
    conflict = the("same_id_other_content", found.findings)
    assert conflict.severity == "act"
    assert {label.partition(",")[0] for label, _ in conflict.values} == {"⟦north⟧", "⟦south⟧"}


def test_the_same_report_twice_is_no_conflict() -> None:
    story = Story()
    count(story, "north", "6 t")
    (one,) = story.entries
    twin = Entry(7, END, "another", one.body_digest, "", one.report)
    assert standing((one, twin)) == standing((one,))


@pytest.mark.parametrize("names", ["corrects", "retracts", "denies"])
def test_a_report_about_one_that_has_not_arrived_waits_for_it(names: str) -> None:
    story = Story()
    missing = report_id("north", "missing")
    if names == "retracts":
        waiting = story.say("retraction", "north", retracts=missing)
    elif names == "denies":
        waiting = count(story, "north", "5 t", denies=missing, speech_act="denied")
    else:
        waiting = count(story, "north", "5 t", corrects=missing)
    found = stand(story)
    finding = the("waits_for_report", found.findings)
    assert (finding.severity, finding.subject) == ("note", waiting)
    assert missing in finding.text


def test_a_withdrawal_binds_only_those_who_can_see_it() -> None:
    story = Story()
    claim = count(story, "north", "5 t")
    story.say("retraction", "north", retracts=claim, handling="sealed")
    above = standing(visible(story.entries, known_at=END, clearance="sealed"))
    below = standing(visible(story.entries, known_at=END, clearance="restricted"))
    assert above.reports == ()
    assert ids(below.reports) == {claim}
    assert codes(below.findings) == []


def test_a_report_speaks_of_the_end_of_what_was_observed_else_of_when_it_was_said() -> None:
    story = Story()
    count(story, "north", "5 t", observed="2030-05-02/2030-05-03", published="2030-05-05")
    count(story, "north", "5 t", published="2030-05-05T06:00:00Z")
    count(story, "north", "5 t", learned="2030-05-06T06:00:00Z")
    observed, published, learned = story.reports
    assert (observed.begins, observed.as_of) == (day(2), observed.observed_until)
    assert (published.begins, published.as_of) == (day(5, 6), day(5, 6))
    assert learned.as_of == day(6, 6)


def test_claims_follow_each_other_by_what_they_are_about_then_by_when_they_were_said() -> None:
    story = Story()
    late = count(story, "north", "1 t", observed="2030-05-03", published="2030-05-04")
    said_later = count(story, "north", "1 t", observed="2030-05-02", published="2030-05-09")
    said_first = count(story, "north", "1 t", observed="2030-05-02", published="2030-05-03")
    ordered = [report.id for report in stand(story).reports]
    assert ordered == [said_first, said_later, late]


def test_an_entry_is_nothing_of_a_report() -> None:
    story = Story()
    count(story, "north", "1 t")
    assert entry(story.reports[0], 1).body_digest == entry(story.reports[0], 2).body_digest
