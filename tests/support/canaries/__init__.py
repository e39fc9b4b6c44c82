"""Strings that must not turn up where they have no business, and a net over all places where they could."""

from tests.support.canaries.birds import Bird, Kind, birds_of
from tests.support.canaries.net import Net, net_over
from tests.support.canaries.tables import DECLARED, in_tables

__all__ = ["DECLARED", "Bird", "Kind", "Net", "birds_of", "in_tables", "net_over"]
