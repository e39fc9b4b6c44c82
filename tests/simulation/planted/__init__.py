"""Bugs that are planted into the real code of this process: a rig that does not find them finds nothing.

``table`` says what they are, ``planting`` puts one in, ``seeking`` lives seeds until it shows;
``python -m tests.simulation.planted`` does that for all of them, or for those that are named.
"""

from tests.simulation.planted.planting import Bug, Change, Rotten, planted
from tests.simulation.planted.table import BUGS, named, plant

__all__ = ["BUGS", "Bug", "Change", "Rotten", "named", "plant", "planted"]
