"""Which work items a JQL query gives, in its order."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import ge, gt, le, lt

from jira_sandbox.jql.parse import All, Clause, Opposite, Some, Tree, parse
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, Space, User
from jira_sandbox.wire import Refusal

_FORMATS = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")
_RELATIVE = re.compile(r"([+-]?)(\d+)([wdhm])")
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}
_OPPOSITES = {"!=": "=", "not in": "in", "!~": "~", "is not": "is"}
_TIMES = {"created": "created", "createddate": "created", "updated": "updated", "updateddate": "updated"}
_FIELDS = frozenset(
    {"project", "issue", "creator", "reporter", "labels", "summary", "issuetype", "status", "priority"}
)
_FURTHER = {"<": lt, "<=": le, ">": gt, ">=": ge}
_ALIASES = {"key": "issue", "id": "issue", "issuekey": "issue", "issue": "issue", "type": "issuetype"}


def matching(site: Site, text: str, issues: Sequence[Issue], viewer: User, now: datetime) -> list[Issue]:
    """Those of ``issues`` that ``text`` gives, ordered by it (newest first unless it says).

    Times without a zone are UTC and end at the minute, as in Jira. Refusal 400 names what is not known.
    """
    query = parse(text)
    search = _Search(site, viewer, now)
    if query.restriction is not None:
        search.must_make_sense(query.restriction)
    found = [issue for issue in issues if query.restriction is None or search.holds(query.restriction, issue)]
    for field, direction in reversed(query.order or (("created", "desc"),)):
        found.sort(key=search.order(field), reverse=direction == "desc")
    return found


@dataclass(frozen=True, slots=True)
class _Search:
    site: Site
    viewer: User
    now: datetime

    def holds(self, tree: Tree, issue: Issue) -> bool:
        match tree:
            case All(parts):
                return all(self.holds(part, issue) for part in parts)
            case Some(parts):
                return any(self.holds(part, issue) for part in parts)
            case Opposite(part):
                return not self.holds(part, issue)
            case Clause():
                return self._clause_holds(tree, issue)

    def must_make_sense(self, tree: Tree) -> None:
        """Refuse fields and spaces that are not there, also when there is nothing to search."""
        match tree:
            case All(parts) | Some(parts):
                for part in parts:
                    self.must_make_sense(part)
            case Opposite(part):
                self.must_make_sense(part)
            case Clause():
                field = _ALIASES.get(tree.field, tree.field)
                if field not in _TIMES:
                    self._known(field)
                self._must_exist(field, set(tree.values))

    def order(self, field: str) -> Callable[[Issue], tuple[int, str]]:
        field = _ALIASES.get(field, field)
        if field in _TIMES:
            return lambda issue: (0, getattr(issue, _TIMES[field]).isoformat(timespec="microseconds"))
        if field == "issue":
            return _place_of
        self._known(field)
        return lambda issue: (0, " ".join(sorted(self._names(field, issue))))

    def _clause_holds(self, clause: Clause, issue: Issue) -> bool:
        field = _ALIASES.get(clause.field, clause.field)
        if field in _TIMES:
            return self._time_holds(clause, getattr(issue, _TIMES[field]))
        if field == "issue" and clause.operator in _FURTHER:
            there = _place_of(self._issue(clause.values[0]))
            return bool(_FURTHER[clause.operator](_place_of(issue), there))
        opposite = clause.operator in _OPPOSITES
        operator = _OPPOSITES.get(clause.operator, clause.operator)
        return self._plain_holds(field, operator, clause.values, issue) is not opposite

    def _issue(self, name: str) -> Issue:
        """Find the work item that others are compared with; Jira refuses one that is not there."""
        for issue in self.site.issues.values():
            if name.lower() in {issue.id, issue.key.lower()}:
                return issue
        raise Refusal(400, f"An issue with key '{name}' does not exist for field 'key'.")

    def _plain_holds(self, field: str, operator: str, values: tuple[str, ...], issue: Issue) -> bool:
        names = self._names(field, issue)
        if operator == "is":
            return not names
        if operator == "~" and field == "summary":
            words = re.findall(r"\w+", issue.fields.get("summary", "").lower())
            return all(_word_found(word, words) for word in re.findall(r"[\w*]+", values[0].lower()))
        if operator not in {"=", "in"} or field == "summary":
            raise Refusal(400, f"The operator '{operator}' is not supported by the '{field}' field.")
        wanted = {self.viewer.account_id if each == "currentUser()" else each for each in values}
        return bool(names & {each.lower() for each in wanted})

    def _known(self, field: str) -> None:
        if field not in _FIELDS:
            raise Refusal(400, f"Field '{field}' does not exist or you do not have permission to view it.")

    def _must_exist(self, field: str, wanted: set[str]) -> None:
        """Jira refuses a query for a space that is not there, rather than finding nothing."""
        if field != "project":
            return
        seen = {each.lower() for space in self.site.spaces_seen_by(self.viewer) for each in _names_of(space)}
        for each in wanted:
            if each.lower() not in seen:
                raise Refusal(400, f"The value '{each}' does not exist for the field 'project'.")

    def _names(self, field: str, issue: Issue) -> set[str]:
        """All texts by which a query may name what ``issue`` holds in ``field``, in lower case."""
        match field:
            case "project":
                names = _names_of(self.site.space_of(issue))
            case "issue":
                names = {issue.id, issue.key}
            case "creator" | "reporter":
                names = {issue.creator}
            case "labels":
                names = set(issue.fields.get("labels", []))
            case "issuetype":
                names = {issue.type_id, self.site.work_types[issue.type_id].name}
            case "status":
                names = {issue.status_id, self.site.status(issue.status_id).name}
            case "priority":
                wanted = issue.fields.get("priority")
                names = {wanted, self.site.priority(wanted).name} if wanted else set()
            case _:
                names = {issue.fields.get(field, "")}
        return {name.lower() for name in names}

    def _time_holds(self, clause: Clause, actual: datetime) -> bool:
        if clause.operator not in {"<", "<=", ">", ">=", "="}:
            raise Refusal(400, f"The operator '{clause.operator}' is not supported by '{clause.field}'.")
        limit = self._moment(clause.field, clause.values[0])
        match clause.operator:
            case "<":
                return actual < limit
            case "<=":
                return actual <= limit
            case ">":
                return actual > limit
            case ">=":
                return actual >= limit
            case _:
                return actual == limit

    def _moment(self, field: str, text: str) -> datetime:
        relative = _RELATIVE.fullmatch(text)
        if relative:
            sign, count, unit = relative.groups()
            step = timedelta(**{_UNITS[unit]: int(count)})
            return self.now - step if sign == "-" else self.now + step
        if text.isdigit():
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        for form in _FORMATS:
            try:
                return datetime.strptime(text, form).replace(tzinfo=UTC)
            except ValueError:
                continue
        raise Refusal(
            400,
            f"Date value '{text}' for field '{field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
            "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.",
        )


def _place_of(issue: Issue) -> tuple[int, str]:
    """Order work items as Jira orders keys: by space, then by number."""
    space, _, number = issue.key.rpartition("-")
    return 0, f"{space}-{int(number):012}"


def _word_found(word: str, words: list[str]) -> bool:
    if word.endswith("*"):
        return any(each.startswith(word[:-1]) for each in words)
    return word in words


def _names_of(space: Space) -> set[str]:
    return {space.id, space.key, space.name}
