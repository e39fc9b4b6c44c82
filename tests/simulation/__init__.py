"""Whole worlds lived through again and again: people, Jira, networks, workers and the database, by chance.

One process plays everything with one virtual clock: the sandbox's sites are mounted in-process, the app's
services are the real ones, its workers are threads of which exactly one runs at a time. ``baton`` says which,
``plan`` what goes wrong, ``life`` is one seed's life, ``judging`` what has to hold, ``runner`` lives many.

``python -m tests.simulation --seeds 200 --start 0`` (``make simulate``); same seed, same life.
"""
