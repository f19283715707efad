"""Watch of a ceasefire: arrays in, estimates out.

The measures know neither picture nor plan: who has reports counts them into arrays first. Each measure is a
module of its own and is imported from there, so that nobody waits for a measure not asked for::

    rate.rate_since           has the rate fallen since the declaration, by how much, how surely
    change.change             the same as one change at an unknown time, for a second opinion
    discount.forecasts        counts over the next days, by a rate that drifts
    scan.scan                 where it is worse than elsewhere just now, and how surely
    scan_coarse.scan_coarse   the same when some places are known roughly
    excitation.excitation     does one incident bring others, how many, how soon
    knox.knox                 the same with fewer assumptions
    closing.forecast          chance of an incident in the days ahead, unit by unit
    scores.compare            how good the forecasts were, beside a plain reference

Where there are too few incidents a measure gives an estimate without numbers that says so.
"""
