"""The webhook of a linked site: made and kept as it has to be, shown, and its deliveries proven."""

from backbone_app.services.link_hooks.hearing import Proof, Proven, Told, prove, told
from backbone_app.services.link_hooks.keeping import drain
from backbone_app.services.link_hooks.showing import Steps, Webhook, beyond, look_again, show

__all__ = [
    "Proof",
    "Proven",
    "Steps",
    "Told",
    "Webhook",
    "beyond",
    "drain",
    "look_again",
    "prove",
    "show",
    "told",
]
