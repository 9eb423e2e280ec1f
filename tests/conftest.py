"""No drawn test fails for being slow: a busy machine is no broken law."""

from hypothesis import settings

settings.register_profile("without_deadline", deadline=None)
settings.load_profile("without_deadline")
