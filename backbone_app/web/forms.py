"""What people enter, checked before a service is asked; the messages stand beside the fields."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson
from django import forms
from django.core.files.uploadedfile import UploadedFile

from backbone_app.services.notifying import Entered
from backbone_app.services.requests import MODES
from backbone_app.services.restriction import MOST_GROUPS, Group
from backbone_app.services.twinning import WISHES, Wish


class SpaceForm(forms.Form):
    """Which space shall be the partner; ``spaces`` are (id, label), nothing else is taken."""

    partner = forms.ChoiceField(
        label="Space",
        error_messages={
            "required": "Choose the space you want to synchronize with.",
            "invalid_choice": "This space cannot be chosen. Choose another one.",
        },
    )

    def __init__(self, *args: object, spaces: Iterable[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature is long
        partner = self.fields["partner"]
        assert isinstance(partner, forms.ChoiceField)  # noqa: S101 - for the type checker
        partner.choices = [("", "Choose a space"), *spaces]


class AddressForm(forms.Form):
    """Where on another site the partner space is; whether that can be is for the service to say."""

    base_url = forms.CharField(
        label="Base URL",
        max_length=255,
        help_text="It looks like https://example.atlassian.net.",
        error_messages={"required": "Enter the base URL of the partner instance."},
    )
    space_key = forms.CharField(
        label="Space Key",
        max_length=64,
        help_text="It stands before the number in the keys of work items: CLOUD in CLOUD-42.",
        error_messages={"required": "Enter the key of the partner space."},
    )


class CredentialsForm(forms.Form):
    """What a Data Center shows of its application link. The secret is never shown again.

    Whether they are any is for the service to say.
    """

    client_id = forms.CharField(label="Client ID", max_length=255, required=False)
    client_secret = forms.CharField(
        label="Client secret",
        max_length=255,
        required=False,
        help_text="It is kept encrypted and never shown again: after a correction, enter it once more.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class ApplicationForm(CredentialsForm):
    """What a Data Center knows us as: an application link of before, or a new one.

    Whether there is a Jira at the address is for the service to say.
    """

    NEW: Final = "new"

    application = forms.CharField(max_length=40)
    base_url = forms.CharField(
        label="Base URL",
        max_length=255,
        required=False,
        help_text="It looks like https://jira.example.com, with a port or a path if yours has one.",
    )


class ModeForm(forms.Form):
    """How edits of the configuration become valid."""

    mode = forms.ChoiceField(
        label="Immediate or review",
        choices=[(mode, mode) for mode in MODES],
        initial=next(iter(MODES)),
        error_messages={
            "required": "Choose immediate or review.",
            "invalid_choice": "This cannot be chosen. Choose immediate or review.",
        },
    )


class TitleForm(forms.Form):
    """How the synchronization is called."""

    name = forms.CharField(
        label="Name",
        max_length=120,
        error_messages={"required": "Enter a name."},
    )
    description = forms.CharField(
        label="Description", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class MessageForm(forms.Form):
    """What whoever asks wants to say to those who are asked."""

    message = forms.CharField(
        label="Message (optional)",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Shown to the space admins of the partner space, with your name.",
    )


class DeclineForm(forms.Form):
    """What the declining side wants to say."""

    message = forms.CharField(
        label="Message (optional)",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Shown to the space admins of the partner space.",
    )


class KeysForm(forms.Form):
    """Two work items by their keys; whether they can be paired is for the service to say."""

    own_key = forms.CharField(
        label="Your work item",
        max_length=80,
        help_text="The key of a work item of this space.",
        error_messages={"required": "Enter the key of the work item in your space."},
    )
    partner_key = forms.CharField(
        label="The partner's work item",
        max_length=80,
        help_text="The key of a work item of the partner space.",
        error_messages={"required": "Enter the key of the work item in the partner space."},
    )


_CHOOSE = {
    "required": "Choose whose values shall stand.",
    "invalid_choice": "This cannot be chosen. Choose one of those above.",
}


class ChoiceForm(forms.Form):
    """Whose values stand where two existing work items differ."""

    choice = forms.ChoiceField(
        label="Where the two differ, what shall stand?",
        choices=[(str(wish), label) for wish, label in WISHES.items()],
        initial=str(Wish.ASK),
        error_messages=_CHOOSE,
    )


class DecisionForm(forms.Form):
    """The answer for a pair that asks; not deciding is no answer."""

    choice = forms.ChoiceField(
        label="What shall stand?",
        choices=[(str(wish), label) for wish, label in WISHES.items() if wish is not Wish.ASK],
        error_messages=_CHOOSE,
    )


class LicenceForm(forms.Form):
    """A remote licence: a file that is chosen, or the ``document`` that the page carries to be confirmed."""

    file = forms.FileField(
        label="Licence file",
        required=False,
        widget=forms.FileInput,
        help_text="The XML file that was issued to you, mostly called backbone-issue-sync-license.xml.",
    )
    document = forms.CharField(required=False, strip=False)
    confirmed = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Give the text as ``document``; raises ValidationError for ``file`` where there is none."""
        entered = self.cleaned_data
        chosen: UploadedFile[Any] | None = entered.get("file")
        if chosen is not None:
            entered["document"] = self._text(chosen.read())
        if not entered.get("document") and not self.errors:
            self.add_error("file", "Choose the file that was issued to you.")
        return entered

    def _text(self, content: bytes) -> str:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error(
                "file", "This file is not XML in UTF-8, and so no remote licence. Choose another one."
            )
            return ""


class MailForm(forms.Form):
    """An address and what it is told: a box for each of ``kinds``, labels by code."""

    address = forms.CharField(
        label="Mail address",
        max_length=320,
        help_text="Its owner is asked first: nothing else is sent there before they confirm.",
        error_messages={"required": "Enter a mail address.", "max_length": "Enter one mail address."},
    )

    def __init__(self, *args: object, kinds: Mapping[str, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature is long
        for code, label in kinds.items():
            self.fields[code] = forms.BooleanField(label=label, required=False, initial=True)
        self.kinds = tuple(kinds)

    @property
    def boxes(self) -> list[forms.BoundField]:
        """The boxes, for a page."""
        return [self[code] for code in self.kinds]

    @property
    def entered(self) -> Entered:
        """What was entered, once it was checked."""
        chosen = tuple(code for code in self.kinds if self.cleaned_data[code])
        return Entered(self.cleaned_data["address"], chosen)


class AccessForm(forms.Form):
    """Who may use Backbone; ``groups`` travels with the page as pairs of id and name, in JSON."""

    EVERYBODY: Final = "everybody"
    GROUPS: Final = "groups"

    who = forms.ChoiceField(
        choices=[
            (EVERYBODY, "Everybody who administers a space"),
            (GROUPS, "Only members of certain groups"),
        ],
        error_messages={
            "required": "Choose who may use Backbone.",
            "invalid_choice": "This cannot be chosen. Choose one of the two.",
        },
    )
    groups = forms.CharField(required=False, max_length=20_000)
    query = forms.CharField(label="Search groups", max_length=255, required=False)
    confirmed = forms.BooleanField(required=False)

    @staticmethod
    def carried(groups: Iterable[Group]) -> str:
        """Write the groups as the page carries them."""
        return orjson.dumps([[group.id, group.name] for group in groups]).decode()

    def clean_groups(self) -> tuple[Group, ...]:
        """Read them again; raises ValidationError for what no page of ours carries."""
        try:
            pairs = orjson.loads(self.cleaned_data["groups"] or "[]")
            groups = tuple(self._group(*pair) for pair in pairs[: MOST_GROUPS + 1])
        except (TypeError, ValueError, KeyError):
            raise forms.ValidationError("These groups cannot be read. Reload the page.") from None
        if len(groups) > MOST_GROUPS:  # Jira is asked about each
            raise forms.ValidationError(f"A rule can have {MOST_GROUPS} groups. Reload the page.")
        return groups

    @staticmethod
    def _group(number: object, name: object) -> Group:
        if not (isinstance(number, str) and isinstance(name, str) and 0 < len(number) <= 64):
            raise TypeError
        return Group(number, name[:255])
