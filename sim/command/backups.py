"""`govhall backup` and `restore`: all that readers keep on this machine, in a file and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import click

from sim.command.help import CommandGroup
from sim.command.options import OneOf, Options, SaidText
from sim.command.outputs import say, tell, writable
from sim.text import Text

if TYPE_CHECKING:
    from sim.storage.restore import Existing

EXISTING: Final[tuple[Existing, ...]] = ("keep", "replace")
"""As `sim.storage.restore.EXISTING`, without its imports."""


def add_to(group: CommandGroup, shared: Options) -> None:
    """Add `backup` and `restore`."""
    group.add("backup", _backup, click.Argument(["out"], metavar="OUT", type=SaidText()))
    backup = click.Argument(["backup"], metavar="IN", type=SaidText())
    group.add("restore", _restore, backup, shared("existing", OneOf(EXISTING)))


def _backup(text: Text, out: str) -> None:
    """Put everything below the home into a file."""
    from sim.storage.backup import write_backup
    from sim.storage.jobs import default_home
    from sim.storage.life import megabytes

    path = Path(out)
    writable(path, "OUT")
    home = default_home()
    count = write_backup(home, path)
    words = {"home": home, "studies": count.studies, "halls": count.halls}
    tell(text("cli.backed_up", **words, uploads=count.uploads, size=megabytes(count.size)))
    tell(text("cli.file_written", file=path.resolve()))


def _restore(text: Text, backup: str, existing: str | None) -> None:
    """Bring back what a file holds."""
    from sim.storage.jobs import default_home
    from sim.storage.restore import restore_backup

    home = default_home()
    count = restore_backup(home, Path(backup), cast("Existing | None", existing))
    say(text("cli.restored", home=home, **count._asdict()))
