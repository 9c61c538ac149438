"""What a claim denies, and of whom it speaks, has to stand in a sentence that it cites."""

import pytest

from support_claims import reason

IMPORTS = "China has agreed to increase imports of farm goods, it said, without providing details."
SILENT = "The statement was silent on whether the talks had made progress."
WALKED = "China has in the past walked away from such agreements."
CLASH = "American officials have clashed over what to offer Beijing in return for more purchases of its goods."


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("China agreed to more imports, but it did not mention energy.", IMPORTS),
        ("The imports of farm goods will not increase.", IMPORTS),
        ("China has never dropped agreements.", WALKED),
        ("China has not walked away from such agreements.", WALKED),
    ],
)
def test_a_denial_that_no_sentence_holds_is_none(claim: str, sentence: str) -> None:
    assert reason(claim, sentence) is not None


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("China did not provide details of the imports of farm goods.", IMPORTS),
        ("The statement did not say whether the talks had made progress.", SILENT),
        ("In the past China has not kept such agreements but walked away from them.", WALKED),
    ],
)
def test_what_a_sentence_denies_in_its_own_way_is_denied(claim: str, sentence: str) -> None:
    told = reason(claim, sentence)
    assert told is None or "denies" not in told


def test_nobody_is_meant_by_he_where_no_sentence_speaks_of_a_person() -> None:
    assert reason("He is calling for more purchases of American goods.", CLASH) == (
        "no cited sentence says who “He” is"
    )
    named = CLASH.replace("American officials have", "Peter Navarro has")
    told = reason("He has clashed over what to offer Beijing in return for more purchases of its goods.", named)
    assert told is None or "who" not in told


def test_the_prompt_is_nothing_to_speak_of() -> None:
    told = reason("The passage is about imports of farm goods.", IMPORTS)
    assert told == "it speaks of what the model was shown, not of what stands there"
