"""Work items of realistic sizes, as many as one wants: the same for the same seed, in a space or as JSON.

The sizes were measured on a corpus of public projects' test data: 81 different work items, the lengths of
their texts without markup, the counts of what hangs on them. Few tell all of it, so the rarer figures rest on
ten to twenty items. A text's length is log-normal with the median and the ninetieth percentile found:

| what | none | those that have some |
|---|---|---|
| summary | 0 % | median 24 characters, p90 46 |
| description | 50 % | median 55 characters, p90 220 |
| labels, components | 95 %, 85 % | 1 or 2 |
| comments | 70 % | 4 on average, 16 at most; median 38 characters, p90 190 |
| attachments | 77 % | 1 to 4; median 31 kB, p90 270 kB |
| history | 5 % | 9 steps, sometimes 11; of ten steps eight are of the status |
| links, logged work | 95 %, 80 % | 1 to 3, 1 or 2 |

The files have sixteen sizes in all and share their bytes, so that ten thousand work items fit into memory.
"""

import base64
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from jira_sandbox import fields, seed
from jira_sandbox.acts import comments, issues, links
from jira_sandbox.fields import Place
from jira_sandbox.front import Front
from jira_sandbox.state.elements import Attachment, Worklog
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogEntry, ChangelogItem, Issue, Json, Space
from jira_sandbox.wire import Request

P90 = 1.2816
"""How many sigmas the ninetieth percentile of a normal distribution lies above its median."""
_TALK = (
    "after the login page shows old value when two people save at once cache list order export mail invoice "
    "customer report date field filter search board sprint button error message timeout backup restore"
)
WORDS = _TALK.split()
_ADDRESS = "https://generated.example"


@dataclass(frozen=True, slots=True)
class Spread:
    """A log-normal size: its median and its ninetieth percentile."""

    median: float
    p90: float

    def draw(self, chance: random.Random) -> int:
        """Draw a size, 1 at least."""
        sigma = math.log(self.p90 / self.median) / P90
        return max(1, round(self.median * math.exp(chance.gauss(0.0, sigma))))


SUMMARY, DESCRIPTION, REMARK = Spread(24, 46), Spread(55, 220), Spread(38, 190)
FILE = Spread(31_000, 270_000)


def fill(site: Site, space_key: str, count: int, *, number: int = 0) -> list[Issue]:
    """Put so many work items into a space, as if they had been there for long; nobody is told.

    ``number`` is the seed. LookupError if the site has no such space.
    """
    maker = _Maker(site, site.space(space_key), random.Random(f"{number}:generator"))
    return [maker.made() for _ in range(count)]


def documents(count: int, *, number: int = 0, start: datetime) -> Iterator[Json]:
    """Give so many work items as ``GET issue/{id}?expand=changelog`` does, on a clock at ``start``."""
    world = seed.standard(lambda: start, {"generated": _ADDRESS}, seed=number)
    site, front = world.sites["generated"], Front(world)
    lead = site.users[site.space("ALPHA").lead]
    headers = {"authorization": f"Basic {_basic(lead.name, lead.password or '')}"}
    for issue in fill(site, "ALPHA", count, number=number):
        path = f"/rest/api/3/issue/{issue.id}"
        yield front.handle(site.name, Request("GET", path, [("expand", "changelog")], headers)).json()


class _Maker:
    """Makes the work items of one space, one after the other."""

    def __init__(self, site: Site, space: Space, chance: random.Random) -> None:
        self._site, self._space, self._chance = site, space, chance
        self._people = [site.users[each] for each in sorted(site.users) if site.users[each].password]
        self._made: list[Issue] = []

    def made(self) -> Issue:
        """Make one, some time within the last year."""
        chance, site = self._chance, self._site
        began = site.now() - timedelta(hours=chance.uniform(1, 365 * 24))
        type_id = chance.choice(self._types)
        author = chance.choice(self._people)
        place = Place(site=site, space=self._space, type_id=type_id, actor=author)
        values = fields.first_values(place) | self._values()
        issue = issues.placed(site, self._space, type_id, values, author=author, now=began)
        self._walk(issue)
        self._talk(issue)
        self._hang_on(issue)
        self._made.append(issue)
        return issue

    @cached_property
    def _types(self) -> list[str]:
        kinds = self._site.work_types
        return [each for each in self._space.type_ids if kinds[each].hierarchy_level == 0]

    @cached_property
    def _contents(self) -> list[bytes]:
        return [self._chance.randbytes(FILE.draw(self._chance)) for _ in range(16)]

    def _values(self) -> dict[str, Json]:
        chance = self._chance
        labels = sorted({chance.choice(WORDS) for _ in range(chance.randint(1, 2))})
        parts = [each.id for each in self._space.components]
        values: dict[str, Json] = {
            "summary": self._text(SUMMARY),
            "description": self._document(DESCRIPTION) if self._happens(0.5) else None,
            "labels": labels if self._happens(0.05) else [],
            "priority": chance.choice(self._site.priorities).id,
            "components": [chance.choice(parts)] if parts and self._happens(0.15) else [],
        }
        return {name: value for name, value in values.items() if name in self._space.screen}

    def _walk(self, issue: Issue) -> None:
        """Take a work item through its workflow, as often as its history is long."""
        steps = self._chance.choice((7, 8, 9, 9, 9, 11)) if self._happens(0.95) else 0
        for _ in range(steps):
            self._note(issue, self._step(issue) if self._happens(0.8) else self._redated(issue))

    def _step(self, issue: Issue) -> ChangelogItem:
        before = issue.status_id
        issue.status_id = self._chance.choice(self._site.workflow_of(issue).offered(before)).target(before)
        return fields.status_step(self._site, before=before, after=issue.status_id)

    def _redated(self, issue: Issue) -> ChangelogItem:
        before = issue.fields.get("duedate")
        after = (issue.updated + timedelta(days=self._chance.randint(1, 60))).date().isoformat()
        issue.fields["duedate"] = after
        return ChangelogItem(
            field="duedate",
            field_id="duedate",
            before=before,
            before_text=before,
            after=after,
            after_text=after,
        )

    def _note(self, issue: Issue, item: ChangelogItem) -> None:
        issue.updated = self._later(issue)
        issue.changelog.append(
            ChangelogEntry(
                id=self._site.next_id("changelog"),
                author=self._chance.choice(self._people).account_id,
                created=issue.updated,
                items=(item,),
            )
        )

    def _talk(self, issue: Issue) -> None:
        count = min(16, 1 + int(self._chance.expovariate(1 / 3.5))) if self._happens(0.3) else 0
        for _ in range(count):
            author = self._chance.choice(self._people)
            comments.placed(self._site, issue, self._document(REMARK), author=author, now=self._later(issue))

    def _hang_on(self, issue: Issue) -> None:
        chance = self._chance
        if self._happens(0.23):
            issue.attachments += [self._file(issue, index) for index in range(chance.randint(1, 4))]
        if self._happens(0.2):
            issue.worklogs += [self._worklog(issue) for _ in range(chance.randint(1, 2))]
        if self._made and self._site.link_types and self._happens(0.05):
            for _ in range(chance.randint(1, 3)):
                links.placed(
                    self._site, chance.choice(self._site.link_types), issue, chance.choice(self._made)
                )

    def _file(self, issue: Issue, index: int) -> Attachment:
        content = self._chance.choice(self._contents)
        digits = f"{self._chance.getrandbits(128):032x}"
        return Attachment(
            id=str(self._site.next_id("attachment")),
            media_id=f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}",
            filename=f"{self._chance.choice(WORDS)}-{index}.bin",
            mime_type="application/octet-stream",
            size=len(content),
            content=content,
            author=issue.creator,
            created=self._later(issue),
        )

    def _worklog(self, issue: Issue) -> Worklog:
        author, now = self._chance.choice(self._people).account_id, self._later(issue)
        return Worklog(
            id=str(self._site.next_id("worklog")),
            author=author,
            update_author=author,
            created=now,
            updated=now,
            started=now,
            seconds=900 * self._chance.randint(1, 32),
        )

    def _later(self, issue: Issue) -> datetime:
        """Give a moment after the last one of the work item, and before now."""
        return issue.updated + (self._site.now() - issue.updated) * self._chance.uniform(0, 0.2)

    def _happens(self, share: float) -> bool:
        return self._chance.random() < share

    def _document(self, size: Spread) -> Json:
        block = {"type": "paragraph", "content": [{"type": "text", "text": self._text(size)}]}
        return {"type": "doc", "version": 1, "content": [block]}

    def _text(self, size: Spread) -> str:
        length = min(size.draw(self._chance), 250 if size is SUMMARY else 30_000)
        words = self._chance.choices(WORDS, k=length // 3 + 1)  # none is shorter than two letters
        return " ".join(words)[:length].strip().capitalize() or "A"


def _basic(name: str, password: str) -> str:
    return base64.b64encode(f"{name}:{password}".encode()).decode()
