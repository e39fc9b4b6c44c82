"""What can go wrong with the story itself; each sentence says where to look."""


class Trouble(Exception):
    """The story cannot go on."""


class NotReady(Trouble):
    """A process of the app ended, or did not answer in time."""


class Refused(Trouble):
    """Jira, or the app, did not do what a person of the story asked for."""

    def __init__(self, what: str, status: int, answer: str) -> None:
        super().__init__(f"{what}: {status} {answer[:300]}")


class Busy(Refused):
    """The app cannot ask Jira at the moment; a person tries again a little later."""


class NotOffered(Trouble):
    """A page does not show what a person of the story wants to press."""
