"""People are told by mail: their consent, what each event says to whom, and what is never sent.

The addresses are those of the world's people: the net of every story here finds them in no log and no column.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import transaction

from backbone_app import jobs
from backbone_app.ledger import erasures, notices
from backbone_app.models import AuditEntry, Failure, Notice, NoticeAddress, NoticeMail, Synchronization
from backbone_app.models.notice import MailState
from backbone_app.queue import Job
from backbone_app.services import erasure, remote_licences, requests, synchronizations
from backbone_app.services.tenants import Caller
from tests.support import across as ways
from tests.support import licences
from tests.support.addressees import Owner, add_address, links, send_mails
from tests.support.app import Jira
from tests.support.licences import TERMS, signed
from tests.support.mail import Post, post
from tests.support.sandbox import VirtualClock
from tests.support.scenario import Story
from tests.support.trouble import add_failure
from tests.support.workers import Killed, is_awake, together

__all__ = ["post"]


def owner(jira: Jira, post: Post, name: str) -> Owner:
    """Somebody of the site with their own mailbox."""
    return Owner(post, jira.site.user(name).email)


@pytest.fixture
def carol(jira: Jira, post: Post, clock: VirtualClock) -> Owner:
    """Carol, who is told of everything about ALPHA."""
    carol = owner(jira, post, "carol")
    add_address(jira, carol.address, space="ALPHA", now=clock(), is_confirmed=True)
    return carol


@pytest.fixture
def dana(jira: Jira, post: Post, clock: VirtualClock) -> Owner:
    """Dana, who is told of everything about the whole site."""
    dana = owner(jira, post, "dana")
    add_address(jira, dana.address, now=clock(), is_confirmed=True)
    return dana


def add(jira: Jira, address: str, **kinds: str) -> int:
    """Let alice add an address on the page of ALPHA."""
    path = f"/spaces/{jira.space_id('ALPHA')}/notifications"
    return jira.visitor("alice").post(path, address=address, **(kinds or {"request": "on"})).status_code


# --- consent ------------------------------------------------------------------------------------


def test_nothing_but_the_question_is_sent_before_the_owner_confirms(
    jira: Jira, post: Post, clock: VirtualClock
) -> None:
    carol = owner(jira, post, "carol")
    assert add(jira, carol.address, request="on", pause="on") == 200
    _ask_alpha(jira, clock)
    send_mails(clock, seconds=10)

    (question,) = carol.mails
    text = question.get_content()
    assert question["Subject"] == (
        "Mail from Backbone Work Sync for space ALPHA on acme.atlassian.net: please confirm"
    )
    assert "requests, pauses" in text
    assert links(question).keys() == {"confirm", "leave"}

    looked = carol.open("confirm")
    assert looked.status_code == 200
    assert b"space ALPHA on acme.atlassian.net" in looked.content
    assert NoticeAddress.objects.get().confirmed_at is None

    carol.confirm()
    send_mails(clock, minutes=11)
    assert len(carol.mails) == 1, "what was before is told to nobody"
    _withdraw_alpha(jira, clock)
    send_mails(clock, seconds=10)
    assert carol.subjects[1:] == ["Backbone: BETA withdrew its request"]


def _ask_alpha(jira: Jira, clock: VirtualClock) -> None:
    """Let bob ask from BETA for ALPHA."""
    requests.send(
        ways.caller(jira, "bob"),
        ways.BETA,
        partner_space=ways.ALPHA,
        name="Beta and Alpha",
        description="",
        now=clock(),
    )


def _withdraw_alpha(jira: Jira, clock: VirtualClock) -> None:
    made = Synchronization.objects.get().pk
    requests.withdraw(ways.caller(jira, "bob"), ways.BETA, made, now=clock())


def test_a_link_confirms_once_and_no_longer_than_a_week(jira: Jira, post: Post, clock: VirtualClock) -> None:
    carol, dana = owner(jira, post, "carol"), owner(jira, post, "dana")
    add(jira, carol.address)
    add(jira, dana.address)
    send_mails(clock, seconds=10)

    carol.confirm()
    again = carol.open("confirm", method="POST").status_code
    clock.advance(days=7)
    late = dana.open("confirm", method="POST").status_code

    assert (again, late) == (410, 410)
    assert NoticeAddress.objects.filter(confirmed_at__isnull=False).count() == 1


def test_asked_again_only_the_newest_link_is_good(jira: Jira, post: Post, clock: VirtualClock) -> None:
    carol = owner(jira, post, "carol")
    add(jira, carol.address)
    send_mails(clock, seconds=10)
    first = links(carol.mails[0])["confirm"]
    row, path = NoticeAddress.objects.get(), f"/spaces/{jira.space_id('ALPHA')}/notifications"
    alice = jira.visitor("alice")

    soon = alice.post(f"{path}/{row.pk}/ask").status_code
    clock.advance(hours=1)
    later = alice.post(f"{path}/{row.pk}/ask").status_code
    send_mails(clock, seconds=10)

    assert (soon, later, len(carol.mails)) == (429, 200, 2)
    assert links(carol.mails[1])["confirm"] != first
    assert links(carol.mails[1])["leave"] == links(carol.mails[0])["leave"]
    carol.confirm()
    assert alice.post(f"{path}/{row.pk}/ask").status_code == 409


def test_one_click_ends_it_without_a_page_and_the_admins_log_says_so(
    jira: Jira, carol: Owner, clock: VirtualClock
) -> None:
    _ask_alpha(jira, clock)
    send_mails(clock, seconds=10)
    (mail,) = carol.mails
    target = mail["List-Unsubscribe"].strip(" <>").removeprefix("https://backbone.example")

    answer = carol.open("leave")
    still_there = NoticeAddress.objects.exists()
    left = carol.open("leave", method="POST")

    assert target == links(mail)["leave"]
    assert (answer.status_code, still_there, left.status_code) == (200, True, 200)
    assert not NoticeAddress.objects.exists()
    assert AuditEntry.objects.get(act="mail_left").actor == "owner"
    assert carol.open("leave", method="POST").status_code == 410


# --- what is told -------------------------------------------------------------------------------


def test_both_sides_of_a_request_hear_what_the_other_did(
    jira: Jira, other_jira: Jira, post: Post, clock: VirtualClock
) -> None:
    asker, asked = Owner(post, "asker@customer.example"), Owner(post, "asked@customer.example")
    add_address(jira, asker.address, space="ALPHA", now=clock(), is_confirmed=True)
    add_address(other_jira, asked.address, space="BETA", now=clock(), is_confirmed=True)

    made = ways.ask(jira, clock)
    send_mails(clock, seconds=10)
    requests.accept(ways.caller(other_jira, "bob"), ways.BETA, made, now=clock())
    send_mails(clock, seconds=10)

    assert asked.subjects == ["Backbone: request from ALPHA on acme.atlassian.net"]
    assert asker.subjects == ["Backbone: BETA on initech.atlassian.net accepted your request"]
    assert "https://initech.atlassian.net/browse/BETA" in asked.mails[0].get_content()
    assert "“Ours”" in asked.mails[0].get_content()


def test_a_request_to_a_space_that_is_not_there_is_told_to_nobody_over_there(
    jira: Jira, other_jira: Jira, post: Post, clock: VirtualClock
) -> None:
    add_address(other_jira, "site@customer.example", now=clock(), is_confirmed=True)
    NoticeAddress.objects.update(kinds=["request", "pause", "licence", "link"])

    ways.ask(jira, clock, space_key="NOWHERE")
    send_mails(clock, days=30)

    assert post.mails == []


def test_an_unanswered_request_is_told_of_on_days_7_and_23_and_its_end_to_the_sender(
    jira: Jira, other_jira: Jira, post: Post, clock: VirtualClock
) -> None:
    asker, asked = Owner(post, "asker@customer.example"), Owner(post, "asked@customer.example")
    add_address(jira, asker.address, space="ALPHA", now=clock(), is_confirmed=True)
    add_address(other_jira, asked.address, space="BETA", now=clock(), is_confirmed=True)
    ways.ask(jira, clock)
    told = []
    for _ in range(32):
        send_mails(clock, days=1)
        told.append((len(asked.mails), len(asker.mails)))

    assert [told.count(each) for each in ((1, 0), (2, 0), (3, 0), (3, 1))] == [6, 16, 7, 3]
    waits = "Backbone: a request from ALPHA on acme.atlassian.net still waits"
    assert asked.subjects[1:] == [waits, waits]
    assert "It expires on 22 December 2026." in asked.mails[1].get_content()
    assert asker.subjects == ["Backbone: your request to BETA on initech.atlassian.net has expired"]


def test_a_pause_is_told_to_each_space_once_and_to_the_site_once(
    story: Story, carol: Owner, dana: Owner, post: Post
) -> None:
    bob = owner(story.jira, post, "bob")
    add_address(story.jira, bob.address, space="BETA", now=story.clock(), is_confirmed=True)
    story.create("ALPHA", "New")
    story.jira.deliver_all()
    story.pair_up()
    story.jira.site.forget_secret()

    story.work()
    send_mails(story.clock, seconds=10)

    assert [len(each.mails) for each in (carol, bob, dana)] == [1, 1, 1]
    assert carol.subjects == ["Backbone: “ALPHA and BETA” is paused"]
    assert "In the partner space: " in carol.mails[0].get_content()
    assert "In your space: " in bob.mails[0].get_content()


def test_it_goes_on_by_itself_and_that_is_told_too(jira: Jira, carol: Owner, clock: VirtualClock) -> None:
    partner = Jira(jira.world, jira.world.sites["initech"])
    partner.install()
    made = ways.ask(jira, clock)
    requests.accept(ways.caller(partner, "bob"), ways.BETA, made, now=clock())
    synchronizations.start(ways.caller(jira), ways.ALPHA, made, now=clock())
    send_mails(clock, minutes=1)
    partner.uninstall()
    jobs.follow_departures()
    send_mails(clock, minutes=11)
    partner.install()
    jobs.follow_departures()
    send_mails(clock, minutes=11)

    assert carol.subjects[1:] == ["Backbone: “Ours” is paused", "Backbone: “Ours” goes on"]


def test_errors_are_told_together_after_an_hour_and_those_that_mend_themselves_never(
    story: Story, carol: Owner
) -> None:
    story.clock.advance(minutes=1)
    first, gone = (add_failure(story.jira, number, now=story.clock()) for number in (1, 2))
    send_mails(story.clock, minutes=59)
    early = len(carol.mails)
    for number in (3, 4):
        add_failure(story.jira, number, now=story.clock())
    Failure.objects.filter(pk=first.pk).update(ignored=True)
    gone.delete()
    send_mails(story.clock, minutes=6)
    none_yet = len(carol.mails)
    send_mails(story.clock, minutes=60)
    send_mails(story.clock, minutes=60)

    assert (early, none_yet) == (0, 0)
    assert carol.subjects == ["Backbone: 2 new errors in “ALPHA and BETA”"]


def test_what_happens_shortly_after_a_mail_stands_together_in_the_next_one(
    jira: Jira, carol: Owner, clock: VirtualClock
) -> None:
    for _ in range(4):
        _ask_alpha(jira, clock)
        send_mails(clock, minutes=1)
        _withdraw_alpha(jira, clock)
        send_mails(clock, minutes=1)
    before = carol.subjects
    send_mails(clock, minutes=5)

    assert before == ["Backbone: request from BETA"]
    assert carol.subjects[1:] == ["Backbone: 7 notices for space ALPHA on acme.atlassian.net"]


ENDS = date(2027, 12, 31)
"""What a licence here is valid until, the whole day."""


def _wait_until(clock: VirtualClock, day: date) -> None:
    """Let time pass until shortly after midnight, and send what is due."""
    moment = datetime(day.year, day.month, day.day, 0, 10, tzinfo=UTC)
    send_mails(clock, seconds=(moment - clock()).total_seconds())
    send_mails(clock, minutes=11)


def test_the_end_of_a_licence_is_told_thirty_days_a_week_and_a_day_before_and_when_it_is_there(
    jira: Jira, dana: Owner, carol: Owner, clock: VirtualClock
) -> None:
    licences.give(jira.row, now=clock(), terms=replace(TERMS, expires_on=ENDS))
    told = {}
    for left in (31, 30, 29, 20, 7, 6, 2, 1, 0, -1, -2):
        before = len(dana.mails)
        _wait_until(clock, ENDS - timedelta(days=left))
        told[left] = [mail.get_content() for mail in dana.mails[before:]]

    assert [left for left, texts in told.items() if texts] == [29, 6, 0, -1]
    assert all(len(texts) <= 1 for texts in told.values())
    said = {left: texts[0] for left, texts in told.items() if texts}
    assert "ends in 29 days" in said[29]
    assert "ends in 6 days" in said[6]
    assert "ends today" in said[0]
    assert "has ended" in said[-1]
    assert carol.mails == [], "a space's address is told of the pause"


def test_another_licence_is_told_of_anew_and_an_end_long_past_never(
    jira: Jira, dana: Owner, clock: VirtualClock
) -> None:
    day = clock().date()
    licences.give(jira.row, now=clock(), terms=replace(TERMS, expires_on=day + timedelta(days=5)))
    send_mails(clock, minutes=6)
    first = dana.subjects
    admin = Caller(jira.row.pk, jira.account("dana"), jira.row.base_url, "Global settings")
    longer = signed(replace(TERMS, expires_on=day + timedelta(days=20)))
    remote_licences.upload(admin, longer, is_confirmed=False, now=clock())
    send_mails(clock, minutes=11)
    second = dana.subjects[1:]
    clock.advance(days=60)
    send_mails(clock, minutes=11)

    assert first == ["Backbone: the remote licence ends in 5 days"]
    assert second == ["Backbone: the remote licence ends in 20 days"]
    assert len(dana.mails) == 2


def test_of_two_workers_one_tells_of_the_end(
    jira: Jira, dana: Owner, clock: VirtualClock, transactional_db: None
) -> None:
    licences.give(jira.row, now=clock(), terms=replace(TERMS, expires_on=clock().date()))
    clock.advance(minutes=6)

    raised = together(jobs.send_notices, jobs.send_notices)

    assert raised == []
    assert dana.subjects == ["Backbone: the remote licence ends today"]


HOSTILE = ["a\r\nBcc: eve@evil.example", "Pay at https://evil.example", "\u202efdp.exe"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_a_stranger_chose_adds_no_header_and_no_link(
    jira: Jira, carol: Owner, clock: VirtualClock, name: str
) -> None:
    _ask_alpha(jira, clock)
    chosen = {"name": name, "partner_key": name, "space_name": name, "space_key": "ALPHA"}
    Notice.objects.update(detail=chosen)
    send_mails(clock, seconds=10)

    (mail,) = carol.mails
    assert (mail["Bcc"], mail["To"]) == (None, carol.address)
    told = f"{mail['Subject']} {mail.get_content()}"
    assert "://evil" not in told
    assert "\u202e" not in told
    assert "eve@" not in told


# --- what goes wrong ----------------------------------------------------------------------------


def test_a_worker_that_dies_after_handing_a_mail_over_sends_it_again_under_the_same_id(
    jira: Jira, carol: Owner, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ask_alpha(jira, clock)

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(notices, "settle", die)
        with pytest.raises(Killed):
            send_mails(clock, seconds=10)
    send_mails(clock, minutes=4)
    held = len(carol.mails)
    send_mails(clock, minutes=2)

    assert held == 1, "whoever took it may be at it still"
    first, second = carol.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert not Notice.objects.exists()


def test_a_server_that_hangs_up_is_tried_again_and_given_up_after_a_day_with_an_alarm(
    jira: Jira, carol: Owner, post: Post, clock: VirtualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    _ask_alpha(jira, clock)
    post.refusals = ["451 later"] * 100
    for _ in range(30):
        send_mails(clock, hours=1)
    tries = NoticeMail.objects.get().attempts

    assert carol.mails == []
    assert NoticeMail.objects.get().state == MailState.DROPPED
    assert 10 < tries < 30
    assert capsys.readouterr().out.count('"mail_dropped"') == 1


def test_a_mailbox_that_is_not_there_is_given_up_at_once(
    jira: Jira, carol: Owner, post: Post, clock: VirtualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    _ask_alpha(jira, clock)
    post.refusals = ["550 no such user"]

    send_mails(clock, seconds=10)
    send_mails(clock, hours=1)

    assert carol.mails == []
    told = capsys.readouterr().out
    assert '"reason": "refused"' in told
    assert carol.address not in told


def test_two_workers_at_one_outbox_send_each_mail_once(
    jira: Jira, post: Post, clock: VirtualClock, transactional_db: None
) -> None:
    people = [Owner(post, f"person{number}@customer.example") for number in range(8)]
    for each in people:
        add_address(jira, each.address, space="ALPHA", now=clock(), is_confirmed=True)
    _ask_alpha(jira, clock)
    clock.advance(seconds=10)

    raised = together(*[jobs.send_notices] * 4)

    assert raised == []
    assert [len(each.mails) for each in people] == [1] * 8
    assert NoticeMail.objects.filter(state=MailState.SENT).count() == 8


def test_two_workers_count_the_same_errors_once(story: Story, carol: Owner, transactional_db: None) -> None:
    add_failure(story.jira, 1, now=story.clock.advance(minutes=1))
    story.clock.advance(hours=2)

    assert together(*[jobs.send_notices] * 4) == []

    assert carol.subjects == ["Backbone: 1 new error in “ALPHA and BETA”"]


def test_a_cause_that_is_taken_back_is_told_to_nobody(jira: Jira, carol: Owner, clock: VirtualClock) -> None:
    with transaction.atomic():
        _ask_alpha(jira, clock)
        transaction.set_rollback(True)
    send_mails(clock, seconds=10)

    assert carol.mails == []
    assert not Notice.objects.exists()


def test_an_address_that_goes_while_something_is_noted_for_it_makes_nothing_fail(
    jira: Jira, carol: Owner, clock: VirtualClock
) -> None:
    _ask_alpha(jira, clock)
    NoticeAddress.objects.all()._raw_delete("default")

    send_mails(clock, seconds=10)

    assert carol.mails == []
    assert not Notice.objects.exists()


def test_without_a_mail_server_nothing_is_noted_or_woken(
    jira: Jira, carol: Owner, clock: VirtualClock, settings: LazySettings
) -> None:
    settings.BACKBONE_MAIL = None
    _ask_alpha(jira, clock)
    clock.advance(minutes=10)

    jobs.sweep()

    assert not is_awake(Job.SEND_NOTICES)
    assert jobs.send_notices() == 0
    assert not Notice.objects.exists()


def test_a_site_that_removed_the_app_has_nobody_told_any_more(
    jira: Jira, carol: Owner, clock: VirtualClock
) -> None:
    _ask_alpha(jira, clock)
    jira.uninstall()
    send_mails(clock, seconds=10)

    assert carol.mails == []


# --- floods -------------------------------------------------------------------------------------


def test_nobody_is_flooded_with_questions_whoever_types_the_address_however(
    jira: Jira, other_jira: Jira, post: Post, clock: VirtualClock
) -> None:
    victim = "victim@customer.example"
    for number in range(9):
        each = (jira, other_jira)[number % 2]
        assert add(each, victim.replace("@", f"+{number}@")) == 200
        NoticeAddress.objects.all().delete()  # removed and typed again
        add(each, victim)
        clock.advance(minutes=1)
        jobs.send_notices()
        NoticeAddress.objects.all().delete()
    for _ in range(3):
        clock.advance(days=1)
        add(jira, victim)
        NoticeAddress.objects.filter(site=other_jira.row).delete()
        jobs.send_notices()
        NoticeAddress.objects.all().delete()

    asked = NoticeMail.objects.filter(is_confirmation=True)
    assert asked.filter(made_at__lt=clock() - timedelta(days=2)).count() == 5
    assert asked.count() == 8


def test_a_site_can_have_so_many_questions_sent_a_day(jira: Jira, post: Post, clock: VirtualClock) -> None:
    answers = []
    for number in range(52):
        answers.append(add(jira, f"person{number}@customer.example"))
        NoticeAddress.objects.all().delete()
    clock.advance(days=1, seconds=1)

    assert answers == [200] * 50 + [429] * 2
    assert add(jira, "person99@customer.example") == 200


# --- who wants to be forgotten ------------------------------------------------------------------


def test_an_owner_is_exported_and_erased_by_the_address_and_once_more_after_a_restore(
    jira: Jira, carol: Owner, clock: VirtualClock, settings: LazySettings, tmp_path: Path
) -> None:
    settings.BACKBONE_ERASURE_LOG = tmp_path / "erasures"
    typed = carol.address.upper().replace("MAIL.EXAMPLE", "mail.example")
    _ask_alpha(jira, clock)

    exported = erasure.export(typed, None, now=clock())
    looked = erasure.look(typed, None)
    erased = erasure.erase(typed, None, now=clock())
    left = NoticeAddress.objects.count(), Notice.objects.count()
    add_address(jira, carol.address, space="ALPHA", now=clock(), is_confirmed=True)  # a restored backup
    again = erasure.repeat(lambda _line: None, now=clock())

    (site,) = exported["sites"]
    (held,) = site["held"]
    assert held["what"]["address"] == carol.address.lower()
    assert (looked["backbone_noticeaddress.address_sealed"], left) == (1, (0, 0))
    assert erased == looked
    assert again.rows == looked
    assert not NoticeAddress.objects.exists()
    assert carol.address.encode() not in (tmp_path / "erasures").read_bytes()
    assert erasures.read().people


def test_a_site_is_erased_with_its_addresses_and_mails(jira: Jira, carol: Owner, clock: VirtualClock) -> None:
    _ask_alpha(jira, clock)
    send_mails(clock, seconds=10)
    _withdraw_alpha(jira, clock)
    jira.uninstall()

    call_command("erase_site", str(jira.row.pk), "--now")

    assert not NoticeAddress.objects.exists()
    assert not NoticeMail.objects.exists()
    assert not Notice.objects.exists()
