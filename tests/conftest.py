"""Settings, then Django, then the shared fixtures; nothing of it under ``-p no:django``.

Django is set up while this file is imported, because the conftest files further
down are imported next and want models.
"""

import gc
import sys

import pytest
from hypothesis import settings as properties

from tests.support import environment

# A slow machine is no counter-example: properties run without a deadline.
properties.register_profile("laws", deadline=None, print_blob=True)
properties.load_profile("laws")

# Models, descriptions and tests are a large heap that stays: to look through it less often saves a twentieth,
# and another tenth of the time once everything is collected, from when on what is there is left out.
gc.set_threshold(20_000)

WITH_DJANGO = "pytest_django" in sys.modules


def _set_up() -> None:
    import django
    import structlog
    from django.conf import settings

    if not environment.is_prepared():
        if settings.configured:
            raise pytest.UsageError("Unset DJANGO_SETTINGS_MODULE: the tests bring their own settings.")
        environment.prepare()
    django.setup()
    # What we say at DEBUG is read by the tests as well: no line is clean because nobody wrote it.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("debug"))


pytest.register_assert_rewrite("tests.support.app", "tests.support.hostile", "tests.support.sandbox")
if WITH_DJANGO:
    _set_up()


def pytest_configure(config: pytest.Config) -> None:
    from tests.support import cases, waiting
    from tests.support.conformance import plugin

    config.pluginmanager.register(cases)
    config.pluginmanager.register(waiting)
    config.pluginmanager.register(plugin)
    if WITH_DJANGO:
        from tests.support import app, emptying

        config.pluginmanager.register(app)
        config.pluginmanager.register(emptying)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
