"""Keys of what is read, and their text forms."""

import pytest

from bot.domain.subscription import EVERYTHING, SubscriptionKey, SubscriptionKind


@pytest.mark.parametrize(
    ("key", "text", "kind"),
    [
        (SubscriptionKey.of_topic("climate"), "climate", SubscriptionKind.TOPIC),
        (SubscriptionKey.of_query("rare earths"), "q:rare earths", SubscriptionKind.QUERY),
        (SubscriptionKey.of_feed(42), "feed:42", SubscriptionKind.FEED),
        (EVERYTHING, "*", None),
    ],
)
def test_a_key_is_its_text_and_tells_its_kind(key, text, kind):
    assert key == text
    assert SubscriptionKey(text).kind is kind


def test_only_a_feeds_key_names_a_feed():
    assert SubscriptionKey.of_feed(42).feed_id == 42
    for key in (SubscriptionKey("climate"), SubscriptionKey("q:feed:42"), EVERYTHING):
        with pytest.raises(ValueError, match="not the key of a feed"):
            _ = key.feed_id
