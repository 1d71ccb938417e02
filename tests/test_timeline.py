"""Messages by their time: as if all were sorted at each question."""

from hypothesis import given, strategies as st

from custom_components.cecula_sync.timeline import Party, Place, Timeline

messages = st.tuples(
    st.integers(0, 5),
    st.tuples(st.sampled_from([None, "one", "two"]), st.sampled_from([None, "a", "b"])),
    st.booleans(),
)


def keys(kept: dict[Place, Party]) -> list[int]:
    """Return the keys of messages, the newest first."""
    return [key for _, key in sorted(kept, reverse=True)]


@given(st.lists(messages), st.lists(messages))
def test_messages_are_found_as_if_all_were_sorted(
    before: list[tuple[int, Party, bool]], after: list[tuple[int, Party, bool]]
) -> None:
    """Whatever was there, came and went; times may be equal."""
    kept: dict[Place, Party] = {}
    for key, (minute, party, _) in enumerate(before, 1):
        kept[minute, key] = party
    timeline = Timeline(kept.items())
    for key, (minute, party, _) in enumerate(after, len(before) + 1):
        kept[minute, key] = party
        timeline.add((minute, key), party)
    goes = [does_go for *_, does_go in (*before, *after)]
    for (place, party), does_go in list(zip(kept.items(), goes, strict=True)):
        if does_go:
            del kept[place]
            timeline.remove(place, party)

    assert list(timeline.newest_first()) == keys(kept)
    for number in (None, "one"):
        theirs = {
            place: party
            for place, party in kept.items()
            if party[0] == "one" == number or party[1] == "a"
        }
        assert list(timeline.newest_of(number, "a")) == keys(theirs)
    older = {place: party for place, party in kept.items() if place[0] < 3}
    assert timeline.before(3) == keys(older)[::-1]


def test_who_wrote_last_is_forgotten_with_the_last_message() -> None:
    """Nothing stays of those who are gone."""
    timeline = Timeline([((7, 1), ("one", "a"))])
    timeline.remove((7, 1), ("one", "a"))
    empty = Timeline([])
    assert vars(timeline) == vars(empty)
