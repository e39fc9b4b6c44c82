"""Files of work items: attach, find, delete. Each leaves its line in the history."""

from collections.abc import Sequence
from dataclasses import dataclass

from jira_sandbox.acts.history import record
from jira_sandbox.connect import webhooks
from jira_sandbox.state.elements import Attachment
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogItem, Issue, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

MOST_AT_ONCE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as somebody sends it; ``filename`` is a name without a path."""

    filename: str
    mime_type: str
    content: bytes


def attach(
    world: World, site: Site, actor: User, issue: Issue, uploads: Sequence[Upload]
) -> list[Attachment]:
    """Attach files, all or none: Refusal 403 without the right, 413 for a file too large or too many."""
    with world.lock:
        must_be_on(site)
        if not site.may_around(actor, "CREATE_ATTACHMENTS", issue):
            raise Refusal(403, "You do not have permission to create attachments for this issue.")
        _must_be_open(site, issue)
        _must_fit(site, issue, uploads)
        added = [_kept(world, site, actor, upload) for upload in uploads]
        if not added:
            return []
        issue.attachments += added
        for each in added:
            webhooks.announce_attachment(world, site, "attachment_created", issue, each)
        _tell(world, site, actor, issue, [_step(each, is_added=True) for each in added])
        return added


def find(site: Site, viewer: User, number: str) -> tuple[Issue, Attachment]:
    """Find a file of any work item ``viewer`` may see; otherwise Jira's 404, whatever the reason."""
    must_be_on(site)
    for issue in site.issues.values():
        for each in issue.attachments:
            if each.id == number and site.sees(viewer, issue):
                return issue, each
    raise Refusal(404, f"The attachment with id '{number}' does not exist")


def find_media(site: Site, media_id: str) -> Attachment:
    """Find a file by the id that rich text shows it by; Refusal 404 if there is none."""
    for issue in site.issues.values():
        for each in issue.attachments:
            if each.media_id == media_id:
                return each
    raise Refusal(404, "The file does not exist.")


def may_delete(site: Site, actor: User, issue: Issue, attachment: Attachment) -> bool:
    """Whether ``actor`` may delete this file, be it an own one or anybody's."""
    own = attachment.author == actor.account_id and site.may_around(actor, "DELETE_OWN_ATTACHMENTS", issue)
    return own or site.may_around(actor, "DELETE_ALL_ATTACHMENTS", issue)


def delete(world: World, site: Site, actor: User, issue: Issue, attachment: Attachment) -> None:
    """Remove a file for good; Refusal 403 without the right."""
    with world.lock:
        if not may_delete(site, actor, issue, attachment):
            raise Refusal(403, f"You do not have permission to delete attachment with id: {attachment.id}")
        _must_be_open(site, issue)
        issue.attachments.remove(attachment)
        webhooks.announce_attachment(world, site, "attachment_deleted", issue, attachment)
        _tell(world, site, actor, issue, [_step(attachment, is_added=False)])


def must_be_on(site: Site) -> None:
    """Refusal 404 while the administrators of the site allow no files."""
    if not site.attachments_on:
        raise Refusal(404, "Attachments are disabled.")


def _must_be_open(site: Site, issue: Issue) -> None:
    """Refusal 403 for an archived work item: of a bad request these operations know nothing."""
    if site.is_archived(issue):
        raise Refusal(403, f"Issue {issue.key} is archived. You can't edit archived issues.")


def _must_fit(site: Site, issue: Issue, uploads: Sequence[Upload]) -> None:
    if len(uploads) > MOST_AT_ONCE:
        raise Refusal(413, f"No more than {MOST_AT_ONCE} files can be uploaded at once.")
    if len(issue.attachments) + len(uploads) > site.most_attachments:
        raise Refusal(413, f"The issue has reached its limit of {site.most_attachments} attachments.")
    for each in uploads:
        if len(each.content) > site.upload_limit:
            raise Refusal(
                413,
                f"The file {each.filename} exceeds its maximum permitted size of {site.upload_limit} bytes.",
            )


def _kept(world: World, site: Site, actor: User, upload: Upload) -> Attachment:
    return Attachment(
        id=str(site.next_id("attachment")),
        media_id=world.uuid("media"),
        filename=upload.filename,
        mime_type=upload.mime_type,
        size=len(upload.content),
        content=world.files.keep(upload.content),
        author=actor.account_id,
        created=site.now(),
    )


def _step(attachment: Attachment, *, is_added: bool) -> ChangelogItem:
    there = (attachment.id, attachment.filename)
    (before, before_text), (after, after_text) = ((None, None), there) if is_added else (there, (None, None))
    return ChangelogItem(
        field="Attachment",
        field_id="attachment",
        before=before,
        before_text=before_text,
        after=after,
        after_text=after_text,
    )


def _tell(world: World, site: Site, actor: User, issue: Issue, steps: list[ChangelogItem]) -> None:
    entry = record(site, actor, issue, steps)
    webhooks.announce(world, site, "jira:issue_updated", issue, actor, entry)
