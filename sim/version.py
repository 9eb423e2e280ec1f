"""The version of this program, as results and stores carry it."""

from typing import Final

VERSION: Final = "0.3.0"
