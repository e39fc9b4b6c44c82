"""How a site is spoken to: Jira Cloud with documents for rich text, or with wiki text, and Data Center.

Wiki text is the one form that both products know, so of a pair with a Data Center both sides are asked in
it: then each side's text is as its own site tells it, and nothing of it passes through a converter of ours.
"""

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Dialect:
    """``api`` is the version of the REST API: 3 tells rich text as documents (ADF), 2 as wiki text.

    Data Center knows version 2 only, and not all that the Cloud's has.
    """

    is_cloud: bool
    api: Literal[2, 3]

    @property
    def is_wiki(self) -> bool:
        """Whether rich text is told, and taken, as wiki text."""
        return self.api == 2


CLOUD: Final = Dialect(is_cloud=True, api=3)
CLOUD_IN_WIKI: Final = Dialect(is_cloud=True, api=2)
DATA_CENTER: Final = Dialect(is_cloud=False, api=2)
