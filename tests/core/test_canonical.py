"""One form for equal values, and digests that say nothing without the key."""

from hypothesis import given
from hypothesis import strategies as st

from backbone_app.core.canonical import CODEC, digest, element, encode
from backbone_app.core.values import EMPTY, Day, Labels, Option, Rich, Text, Value, Wiki

TEXTS = st.text(st.sampled_from("ab1:, "), max_size=4)
VALUES: st.SearchStrategy[Value] = st.one_of(
    *(TEXTS.map(form) for form in (Text, Option, Day, Rich, Wiki)),
    st.frozensets(TEXTS, max_size=3).map(Labels),
    st.just(EMPTY),
)


@given(VALUES, VALUES)
def test_values_are_equal_exactly_when_their_forms_are(one: Value, other: Value) -> None:
    assert (encode(one) == encode(other)) == (one == other)


@given(st.lists(TEXTS))
def test_the_order_in_which_labels_were_added_does_not_show(names: list[str]) -> None:
    assert encode(Labels(frozenset(names))) == encode(Labels(frozenset(reversed(names))))


def test_a_value_keeps_its_type() -> None:
    values = (Text("1"), Option("1"), Labels(frozenset("1")), Day("1"), Rich("1"), Wiki("1"), EMPTY)

    assert len({encode(value) for value in values}) == len(values)


def test_labels_that_contain_one_another_stay_apart() -> None:
    assert encode(Labels(frozenset({"a", "b"}))) != encode(Labels(frozenset({"ab"})))


def test_two_unicode_spellings_are_two_values_as_they_are_in_jira() -> None:
    assert encode(Text("é")) != encode(Text("e\u0301"))


def test_a_lone_surrogate_has_a_form() -> None:
    assert encode(Text("\ud800")) != encode(Text("\ud801"))


def test_a_digest_names_its_codec_and_stays_the_same_from_release_to_release() -> None:
    made = digest(b"key", "summary", Text("Printer on fire"))

    # Stored bases depend on it: changing the form means raising CODEC.
    assert made == f"{CODEC}:a5d85e0d7eb5464560ed79d3af73f27b7e9d58400aa2f49c61b3dbe048c6d7f8"


def test_key_field_and_value_all_count() -> None:
    digests = {
        digest(b"key", "summary", Text("a")),
        digest(b"other key", "summary", Text("a")),
        digest(b"key", "environment", Text("a")),
        digest(b"key", "summary", Text("b")),
    }

    assert len(digests) == 4


def test_where_the_field_ends_and_the_value_begins_counts() -> None:
    assert digest(b"key", "ab", Text("c")) != digest(b"key", "a", Text("bc"))


def test_an_element_is_one_label_with_its_case_and_never_a_whole_set() -> None:
    assert element(b"key", "labels", "urgent") != element(b"key", "labels", "Urgent")
    assert element(b"key", "labels", "a") != digest(b"key", "labels", Labels(frozenset("a")))
    assert element(b"key", "labels", "a") != element(b"other key", "labels", "a")
