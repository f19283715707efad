from __future__ import annotations

import numpy as np
import pytest

from corridor.watch.change import change
from watch.known import coal_by_year


def test_coal_mining_became_safer_after_1891():
    found = change(coal_by_year(), unit="a year")
    assert 1851 + found.likeliest == 1891
    years = coal_by_year()
    assert years[:41].mean() == pytest.approx(3.097561, abs=1e-6)
    assert years[41:].mean() == pytest.approx(0.901408, abs=1e-6)
    assert (str(found.before), str(found.after)) == ("3.098 a year", "0.9014 a year")
    for year, known in ((1891, 0.2450), (1890, 0.1848), (1889, 0.1432)):
        assert found.posterior[year - 1851] == pytest.approx(known, abs=5e-5)
    assert 1851 + int(found.last_before.best) == 1891
    assert float(found.was_change.best) > 0.99


def test_an_even_series_is_not_taken_for_a_change():
    assert float(change(np.full(60, 2.0)).was_change.best) < 0.3


def test_more_watching_is_not_more_incidents():
    counts = np.concatenate([np.full(30, 2.0), np.full(30, 6.0)])
    effort = np.concatenate([np.full(30, 1.0), np.full(30, 3.0)])
    assert float(change(counts, effort).was_change.best) < 0.5
    assert float(change(counts).was_change.best) > 0.99


def test_days_without_effort_say_nothing():
    counts = np.concatenate([np.full(30, 2.0), np.zeros(30)])
    effort = np.concatenate([np.ones(30), np.zeros(30)])
    assert float(change(counts, effort).was_change.best) < 0.5


def test_with_few_incidents_it_does_not_say():
    found = change(np.array([1.0, 0, 3, 1]))
    assert found.likeliest is None
    assert not found.was_change.is_known
    assert found.was_change.method.startswith("too few to say: 5 incidents")
