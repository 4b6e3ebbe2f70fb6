"""Lines unfit to print, case by case: cut, furniture, teasing, dangling, said twice.

The cases were written by people who had not seen the code. A summary of so many sentences must
contain, begin or end as each says.
"""

import json
import os
from pathlib import Path

import pytest

from summarizers import Budget, Document, summarize

FOLDER = Path(__file__).parents[1] / "data" / "reader"
# A closed set is counted, not read, by who makes rules. There may be none.
SETS = ("open", "closed") if os.environ.get("DAYBRIEF_TEST_CLOSED") else ("open",)
CASES = [
    json.loads(line)
    for path in (FOLDER / f"{name}.jsonl" for name in SETS)
    if path.exists()
    for line in path.read_text("utf-8").splitlines()
]


def faults(lines, expect):
    """Return what of ``expect`` does not hold for the ``lines`` told."""
    told = "\n".join(lines)
    found = [f"lacks {text!r}" for text in expect.get("contains", []) if text not in told]
    if (any_of := expect.get("contains_any")) and not any(text in told for text in any_of):
        found.append(f"lacks all of {any_of}")
    found += [f"tells {text!r}" for text in expect.get("not_contains", []) if text in told]
    if (few := expect.get("at_most_one_of")) and sum(text in told for text in few) > 1:
        found.append(f"tells several of {few}")
    for text, other in (*expect.get("together", []), *expect.get("not_contains_without", [])):
        if text in told and other not in told:
            found.append(f"tells {text!r} without {other!r}")
    for text in expect.get("not_starts_with", []):
        found += [f"begins {text!r}" for line in lines if line.startswith(text)]
    for text in expect.get("not_ends_with", []):
        found += [f"ends {text!r}" for line in lines if line.endswith(text)]
    return found if lines else [*found, "nothing was told"]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_what_is_told_is_fit_to_print(case):
    documents = [Document(**document) for document in case["input"]["documents"]]
    summary = summarize(
        documents,
        budget=Budget(sentences=case["input"]["sentences"]),
        language=case["input"]["language"],
    )
    assert faults([sentence.text for sentence in summary.sentences], case["expect"]) == []
