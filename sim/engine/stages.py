"""Where an errand stands in the fast engine, and the step that follows for the one in hand.

The reference has a person's story with pauses instead.
"""

from __future__ import annotations

from typing import Final

# what an errand's next arrival means
COMES: Final = 0
"""Its person is at the door."""
RETURNS_INSIDE: Final = 1
DOOR_OPENS: Final = 2
TAKES_TICKET: Final = 3
CALLED_IN_VAIN: Final = 4
SENT_ON: Final = 5
PAPERS_LIE: Final = 6
BACK_AT_DOOR: Final = 7
"""Comes for a new ticket after a break, on the same trip."""
KEPT_OVERNIGHT: Final = 8
"""Waits with a ticket of the day before."""
WALKS_IN: Final = 9
"""Comes from the door to the desk or the lists."""
WITH_TICKET: Final = 10
"""Comes in again on the same day with a ticket."""
SENT_ELSEWHERE: Final = 11
"""Goes to the lists again for a second matter, which the window of the first does not accept."""

# the step that follows, of the errand in hand
NOTHING: Final = 0
VISIT: Final = 1
ENTER: Final = 2
TICKET: Final = 3
OVER: Final = 4
APPLY: Final = 5
PAPERS: Final = 6
OVER_OUTSIDE: Final = 7
"""The ticket is over for who has not come in."""
REJOIN: Final = 8
