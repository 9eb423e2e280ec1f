"""Without Cosmic Ray there are no changes to draw: nothing here is collected."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("cosmic_ray") else ["*.py"]
