"""Owners of spellings, packed and made again."""

from bot.topics import owners as module
from bot.topics.aliases import spellings
from bot.topics.owners import COUNTRY, SUBJECT, Owner, PackedOwners


def owned(slug, alias, *, family=COUNTRY, language="en", is_decoy=False):
    return [Owner(slug, family, spelling, is_decoy) for spelling in spellings(alias, language)]


OWNERS = [
    *owned("orun", "Orun"),
    *owned("orun", "~Bär", language="de"),
    *owned("harbours", "harbo{u,}r", family=SUBJECT),
    *owned("orun", "Orun Bay", is_decoy=True),
    *owned("orun", "Оруния", language="ru"),
    *owned("orun", "Orunka", language="pl"),
    *owned("tides", "Orun", family=SUBJECT),
]


def test_each_text_finds_its_owner_again_as_it_was():
    packed = PackedOwners()
    texts = list(packed.take(iter(OWNERS)))
    expected = [(text, owner) for owner in OWNERS for text in owner.spelling.texts]
    assert texts == [text for text, _ in expected]
    for number, (_, owner) in enumerate(expected):
        without_texts = owner.spelling._replace(texts=())
        assert packed.of(number) == owner._replace(spelling=without_texts)


def test_owners_that_were_made_are_kept_but_not_for_ever(monkeypatch):
    monkeypatch.setattr(module, "_KEPT", 2)
    packed = PackedOwners()
    texts = list(packed.take(OWNERS))
    assert packed.of(0) is packed.of(0)
    for _ in range(2):
        found = [packed.of(number).slug for number in range(len(texts))]
        assert set(found) == {"orun", "harbours", "tides"}
        assert len(packed._made) <= 2
