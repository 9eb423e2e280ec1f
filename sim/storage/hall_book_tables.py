"""Which sheet of a hall's workbook holds which rows of a scenario, and what its columns are."""

from __future__ import annotations

from typing import Final, NamedTuple

FROM, TO = "from", "to"
"""Columns of the two clocks of an interval."""
RANGE: Final = " to "
"""Between the dates of a range."""
FIRST, LAST = "first_day", "last_day"
"""Columns of the two dates of a range."""


class BookField(NamedTuple):
    """A column of a sheet: a field of the part that a row stands for.

    Attributes
    ----------
    name : str
        Of its heading and explanation in the catalogue.
    path : tuple of str
        Keys from the part down.
    kind : str
        `words` (never a number), `value`, or `list` (entries parted by semicolons).
    may_be_short : bool
        Whether the last key may be left out in a scenario, as `mean` of a law is in `5 min`.
    choices : tuple of str
        Words that it may hold; or one key of a section of the scenario whose ids it may hold, with
        a star before it.
    """

    name: str
    path: tuple[str, ...]
    kind: str = "value"
    may_be_short: bool = False
    choices: tuple[str, ...] = ()


class BookTable(NamedTuple):
    """A sheet: a row for each part of a list, or for each key of a mapping in each of them.

    Attributes
    ----------
    name : str
        Of the sheet in the catalogue.
    lists : tuple of str
        Keys of the lists that lead to the parts.
    ids : tuple of str
        Names of the columns that hold the ids of these, in that order.
    fields : tuple of BookField
    mapping : str
        Key of the mapping whose entries are the rows; empty = the parts are. Then `key` names the
        column of its keys, and the only field is what stands under them.
    key : str
    interval : str
        The column whose intervals of the clock are shown as two of clocks: the keys, or the field,
        of which a row of the sheet then has one interval. Empty = none.
    days : str
        Column of the days that stand before the interval in a key; empty = none do.
    dates : str
        Column of the ranges of dates under which the mapping holds one for each, shown as two of
        dates; empty = it holds its entries itself.
    """

    name: str
    lists: tuple[str, ...]
    ids: tuple[str, ...]
    fields: tuple[BookField, ...]
    mapping: str = ""
    key: str = ""
    interval: str = ""
    days: str = ""
    dates: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """Columns of the keys of the mapping, the outer one first."""
        return tuple(filter(None, (self.dates, self.key)))

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns, in their order."""
        return (*self.ids, *self.keys, *(field.name for field in self.fields))

    @property
    def has_clocks(self) -> bool:
        """Whether intervals are shown as two clocks."""
        return bool(self.interval)

    @property
    def shown(self) -> tuple[str, ...]:
        """Names of the columns of its sheet, in their order."""
        apart = {
            self.interval: (*([self.days] if self.days else []), FROM, TO),
            self.dates: (FIRST, LAST),
        }
        return tuple(part for name in self.columns for part in apart.get(name, (name,)))


NAMES: Final = (
    BookField("name_zh", ("name", "zh"), "words", may_be_short=True),
    BookField("name_en", ("name", "en"), "words"),
)
WEEKDAYS: Final = tuple(
    BookField(f"on_{day}", ("weekdays", day))
    for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
)
MONTHS: Final = tuple(BookField(f"in_month_{n}", ("months", str(n))) for n in range(1, 13))
WINDOWS: Final = ("layouts", "windows")
TABLES: Final = (
    BookTable(
        "windows",
        WINDOWS,
        ("layout", "group"),
        (
            *NAMES,
            BookField("list", ("list",), "words"),
            BookField("serves", ("serves",), "list"),
            BookField("count", ("count",)),
            BookField("proficiency", ("proficiency",)),
        ),
    ),
    BookTable(
        "clerks",
        WINDOWS,
        ("layout", "group"),
        (BookField("clerks", ()),),
        mapping="clerks",
        key="on_duty",
        interval="on_duty",
        days="on_days",
    ),
    BookTable(
        "matters",
        ("matters",),
        ("matter",),
        (
            *NAMES,
            BookField("applicant", ("applicant",), choices=("person", "company")),
            BookField("lead", ("lead",), choices=("*departments",)),
            BookField("promised", ("promised",)),
            BookField("service", ("service", "base", "mean"), may_be_short=True),
            BookField("materials", ("service", "materials")),
            BookField("correction_share", ("correction_share",)),
        ),
    ),
    BookTable(
        "departments",
        ("departments",),
        ("department",),
        (
            *NAMES,
            BookField("reviewers", ("reviewers",)),
            BookField("hours", ("hours",), choices=("*calendars",)),
            BookField("queue", ("queue",), choices=("due_date", "first_in")),
        ),
    ),
    BookTable(
        "calendars",
        ("calendars",),
        ("calendar",),
        (BookField("open", (), "list"),),
        mapping="weekly",
        key="days",
        interval="open",
    ),
    BookTable(
        "periods",
        ("calendars",),
        ("calendar",),
        (BookField("open", (), "list"),),
        mapping="periods",
        key="days",
        interval="open",
        dates="dates",
    ),
    BookTable(
        "demand",
        ("demand",),
        ("flow",),
        (
            BookField("of_matter", ("matter",), choices=("*matters",)),
            BookField("per_year", ("per_year",)),
            BookField("per_day", ("per_day",)),
            BookField("profile", ("profile",), choices=("*profiles",)),
            BookField("online_share", ("online_share",)),
            *WEEKDAYS,
            *MONTHS,
        ),
    ),
    BookTable(
        "profiles",
        ("profiles",),
        ("of_profile",),
        (BookField("weight", ()),),
        mapping="shape",
        key="interval",
        interval="interval",
    ),
    BookTable(
        "service_laws",
        WINDOWS,
        ("layout", "group"),
        (BookField("service_there", ("mean",), may_be_short=True),),
        mapping="service_laws",
        key="matter",
    ),
)
"""What the workbook holds; all else of a scenario stays in its file."""
