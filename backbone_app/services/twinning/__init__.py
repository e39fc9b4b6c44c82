"""Two work items that exist already become a pair, and somebody says whose values stand.

``finding`` reads the two and says what is in the way, ``previews`` compares
them, ``claims`` makes the pair, ``decisions`` answers for a pair that asks.
"""

from backbone_app.services.twinning.claims import Paired, pair_up
from backbone_app.services.twinning.decisions import Asked, FieldQuestion, decide, questions
from backbone_app.services.twinning.previews import FieldPreview, Outlook, Preview, Spaces, preview, ready
from backbone_app.services.twinning.wishes import WISHES, Wish

__all__ = [
    "WISHES",
    "Asked",
    "FieldPreview",
    "FieldQuestion",
    "Outlook",
    "Paired",
    "Preview",
    "Spaces",
    "Wish",
    "decide",
    "pair_up",
    "preview",
    "questions",
    "ready",
]
