"""What people enter, checked before a service is asked; the messages stand beside the fields."""

from collections.abc import Iterable

from django import forms


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


class DeclineForm(forms.Form):
    """What the declining side wants to say."""

    message = forms.CharField(
        label="Message (optional)",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Shown to the space admins of the partner space.",
    )
