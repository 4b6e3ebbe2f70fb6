"""Stop words: those that carry no subject. The two lists of the house, and why there are two.

*Function words* (data/stopwords.json) are articles, pronouns, prepositions and the like, in
lower case as they are written. They are left out of a sentence's terms, and they also tell
which language a text is in and which words open sentences. Words that can be a sentence's
subject ("people", "Monday") are none.

*Story stop words* (data/story_stopwords.json) are what does not tell one story from another:
function words, and also weekdays, counts, the verbs of reporting and names of agencies. They
are folded (small letters, no accents), since grouping compares folded words. Rarity alone
finds them only where many articles have been seen; a young window, or a language with a
handful of articles, needs the list. Words of one letter are left to the caller. Deriving
either list from the other would change summaries or stories that benchmarks hold.
"""

from functools import cache, lru_cache

from summarizers.datafiles import load

__all__ = ["all_stop_words", "stop_words", "story_stop_words"]


def stop_words(language: str) -> frozenset[str]:
    """Return the function words of a normal language code, empty where we have no list.

    In lower case. Codes are looked up as they are. The first call in a process reads a data file.
    """
    return all_stop_words().get(language, frozenset())


@cache
def all_stop_words() -> dict[str, frozenset[str]]:
    """Return the function words of every language that has a list, by its code.

    Read once per process, then shared: not to be changed.
    """
    return {code: frozenset(words.split()) for code, words in load("stopwords").items()}


@lru_cache(maxsize=64)
def story_stop_words(language: str) -> frozenset[str]:
    """Return the folded words of ``language`` (ISO 639-1) that tell no stories apart.

    Those of all languages for "", none where we have no list; codes are looked up as they are,
    so not with a region. The first call in a process
    reads a data file; results are cached.
    """
    lists = load("story_stopwords")
    if language:
        return frozenset(lists.get(language, "").split())
    return frozenset(word for words in lists.values() for word in words.split())
