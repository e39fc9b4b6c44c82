"""Whom a query means by a text: an account id, a full name or an e-mail address.

On Data Center a user name, too.
"""

from jira_sandbox.jql.kinds import Asking, no_value
from jira_sandbox.jql.tree import Clause, Function, Operand, Value
from jira_sandbox.state.values import User


def found_users(asking: Asking, text: str) -> set[str]:
    """Give the account ids that ``text`` means; hidden e-mail addresses mean nobody."""
    if text in asking.site.users:
        return {text}
    by_name = not asking.site.edition.is_cloud
    return {
        user.account_id
        for user in asking.site.users.values()
        if text.lower() in _names(user) or (by_name and text.lower() == user.name.lower())
    }


def found_user(asking: Asking, operand: Operand, clause: Clause) -> str:
    """Give the account id a predicate means; Refusal 400 when there is nobody."""
    match operand:
        case Function(name) if name.lower() == "currentuser":
            return asking.viewer.account_id
        case Value(text):
            found = found_users(asking, text)
            if found:
                return min(found)
            raise no_value(text, "by")
        case _:
            raise no_value(clause.field.text, "by")


def _names(user: User) -> set[str]:
    shown = {user.display_name.lower()}
    return shown if user.hides_email or not user.email else shown | {user.email.lower()}
