"""The Forge app that wraps a Connect app: what its manifest says, registered once for all sites."""

from dataclasses import dataclass, field

MOST_EVENTS = frozenset({"installed", "upgraded", "scheduled"})


@dataclass(slots=True, kw_only=True)
class ForgeApp:
    """``app_id`` is the app's ARI; ``base_url`` that of its remote, ``routes`` the path for each event.

    ``version`` and ``environment`` are those of the newest deployment. ``routes`` may leave events out.
    """

    app_id: str
    base_url: str
    version: str = "2.0.0"
    environment: str = "PRODUCTION"
    routes: dict[str, str] = field(
        default_factory=lambda: {event: f"/forge/{event}" for event in MOST_EVENTS}
    )
