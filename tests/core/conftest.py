"""How the properties run: a slow machine is no counter-example, so there is no deadline."""

from hypothesis import settings

settings.register_profile("laws", deadline=None, print_blob=True)
settings.load_profile("laws")
