"""A second planner, written from the documents alone: slow, obvious, and sharing no decision with the engine.

It is given the three trees as they are, values and no digests, and says what has to follow as a set of
facts. Of the engine it knows the types of values, views, configurations and edges only.
"""

from tests.core.reference.planner import expected
from tests.core.reference.refusals import refusals
from tests.core.reference.trees import Agreed, Fact, Known, Members, Triple, Workflow

__all__ = ["Agreed", "Fact", "Known", "Members", "Triple", "Workflow", "expected", "refusals"]
