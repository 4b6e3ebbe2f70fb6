"""What a folded quote shows is three rows, at best whole lines."""

import pytest

from bot.render.fold import is_cut, rows_of, with_whole_first, with_whole_head


@pytest.mark.parametrize(
    ("text", "rows"),
    [("", 1), ("x" * 41, 1), ("x" * 42, 2), ("é" * 41, 1), ("港" * 20, 1), ("港" * 21, 2)],
)
def test_a_row_holds_some_forty_letters_or_half_as_many_wide_ones(text, rows):
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("rows", "cut"),
    [([], False), ([3], False), ([4], True), ([1, 1], False), ([1, 1, 1, 9], False),
     ([2, 2], True), ([1, 2, 5], False), ([1, 1, 2], True)],
)  # fmt: skip
def test_the_fold_cuts_a_line_that_begins_above_and_ends_below(rows, cut):
    assert is_cut(rows) == cut


@pytest.mark.parametrize(
    ("rows", "order"),
    [
        ([1, 2, 9], "hab"),  # whole as it is
        ([2, 3, 9], "ahb"),  # the first of the others fills the fold
        ([2, 2, 9], "hab"),  # cut either way
        ([2, 1, 9], "hab"),
        ([4, 3, 1], "ahb"),
    ],
)
def test_the_head_of_a_quote_yields_to_a_line_that_is_whole(rows, order):
    assert "".join(with_whole_head("h", "ab", rows)) == order


def test_without_a_head_or_other_lines_the_order_stays():
    assert with_whole_head("", "ab", [4, 3]) == ("a", "b")
    assert with_whole_head("h", "", [4]) == ("h",)


@pytest.mark.parametrize(
    ("runs", "head", "first"),
    [
        ([[3], [4]], [], 0),
        ([[4], [3]], [], 1),
        ([[4], [2], [3]], [], 2),
        ([[4], [2], [1]], [], 0),
        ([[4], [2]], [1], 1),  # behind the head, or in front of it
        ([[4], [1, 2]], [], 1),
    ],
)
def test_the_article_comes_first_that_the_fold_leaves_whole(runs, head, first):
    assert with_whole_first(runs, range(len(runs)), head) == first


def test_only_what_may_comes_first():
    assert with_whole_first([[4], [3]], [0], []) == 0
