"""Pages about talks: what is owed, a clause with its texts, the rounds, the round brief, the calendar.

``calendar`` is imported by itself, since it alone needs the iCalendar library.
"""

from corridor.briefs.talks.clause import clause
from corridor.briefs.talks.matrix import matrix
from corridor.briefs.talks.round import round_brief
from corridor.briefs.talks.timeline import timeline

__all__ = ["clause", "matrix", "round_brief", "timeline"]
