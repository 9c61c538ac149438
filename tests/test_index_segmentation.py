"""Sentences: where they end, what is prose, and that no character is lost or doubled."""

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import seeds
from index.articles import parse_article
from index.segmentation import LONGEST, divide, segment

SEEDS = Path(next(iter(seeds.__path__)))
PROSE = "The talks in Beijing went on for three days and ended without a signed agreement."


def sentences(text: str) -> list[str]:
    return [text[each.start : each.end] for each in segment(text)]


def prose(text: str) -> list[str]:
    return [text[each.start : each.end] for each in segment(text) if each.prose]


def seed(number: str) -> list[tuple[bool, str]]:
    (file,) = SEEDS.glob(f"{number}_*.txt")
    article = parse_article(file.name, file.read_bytes())
    return [(each.prose, article.text[each.start : each.end]) for each in segment(article.text, article.stated_at)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Ross met U.S. Trade Representative Robert Lighthizer.",
        "U.S. Commerce Secretary Ross is in Beijing.",
        "Mr. Mnuchin, Mrs. May and Dr. He met Sen. Warner and Gen. Mattis.",
        "The tariffs are worth US$200 billion, or $375.2 billion in all.",
        '"Negotiations made progress," he said.',
        "“It’s imperative,” said Stephen K. Bannon, the strategist.",
        "The engineer H. A. Ivatt hired him.",
        "China holds 1.5 million tons, 3.14 percent of it.",
        "Apple Inc. Chief Executive Tim Cook spoke.",
        "Some goods, e.g. Brazilian soybeans, i.e. Food, are exempt.",
        "It is No. 5 on the list and vol. 3 of the set.",
        "They met on Jan. 5 and Feb. 2, 2019.",
        "The “exchanges... which enhanced understanding” went on.",
        '"What is next?" he asked.',
        "“Enough!” said the minister.",
        '"Is it over?" Mr. Mnuchin asked reporters.',
        "WASHINGTON — China will increase its purchases.",
        "BEIJING (Reuters) - China will increase its purchases.",
        "The case is Smith v. Jones, heard by Judge J. R. Roe et al. Monday.",
        "They spoke at 10 a.m. Monday in Washington, D.C. Circuit judges came.",
        "He was at St. Mary's and Trinity-St. Paul's.",
        "Visit www.example.com or read v1.2.3 of it.",
        "1. FC Köln played.",
        "Sec. Mnuchin and Lt. Gov. Smith of Mich. Republicans met.",
        "He added: “We're doing well!” and left.",
    ],
)
def test_a_sentence_is_not_broken(sentence: str) -> None:
    assert sentences(sentence) == [sentence]
    assert sentences(f"{sentence} {PROSE}") == [sentence, PROSE]


@pytest.mark.parametrize(
    "parts",
    [
        ["They met in the U.S.", "The talks ended."],
        ["It was bought by Apple Inc.", "He left."],
        ["She left at 5 p.m.", "The talks went on."],
        ["“Time to get smart!”", "“If there are changes, we go.”"],
        ['He said "no."', '"Why not?"', "She laughed."],
        ["He left (in May.)", "She stayed."],
        ["He waited...", "She came."],
        ["It rose 5.5%.", "3,000 people left."],
        ["Prices fell.[12]", "They rose again.[3][4]"],
        ["He spoke.", "iPhone sales fell."],
        ["**He spoke.**", "She did not."],
        ["It has vitamin C.", "The body needs it."],
        ["中国会增加进口。", "谈判结束了！", "「真的吗？」", "他走了"],
        ["他说：“好。”", "她走了。"],
        ["Wait!", "Really?!", "Yes."],
        ["वह गया।", "वह आया।"],
    ],
)
def test_sentences_are_parted(parts: list[str]) -> None:
    glue = "" if parts[0][0] in "中他" else " "
    assert sentences(glue.join(parts)) == parts


def test_a_blank_line_ends_a_sentence_whatever_stands_before_it() -> None:
    assert sentences(f"It was said by Mr.\n\n{PROSE}") == ["It was said by Mr.", PROSE]


def test_a_hard_wrapped_paragraph_is_read_over_its_line_feeds() -> None:
    text = (
        "The Trump administration has taken a hard line against China since Mr.\n"
        "Trump took office, and the United States has made a series of moves that\n"
        "focused on trade. The Treasury Department, the Commerce Department and\n"
        "Congress did not comment.\n"
        "A new paragraph opens here and it goes on for a little more than one line,\n"
        "then ends.\n"
    )
    folded = [" ".join(each.split()) for each in prose(text)]
    assert [each[:22] for each in folded] == [
        "The Trump administrati",
        "The Treasury Departmen",
        "A new paragraph opens ",
    ]
    assert folded[1].endswith("Department and Congress did not comment.")


def test_a_paragraph_a_line_ends_with_its_line() -> None:
    lines = [f"{PROSE} {PROSE} {PROSE}", "Background", f"{PROSE} {PROSE} And this line lacks its full stop", PROSE]
    found = segment("\n".join(lines))
    texts = ["\n".join(lines)[each.start : each.end] for each in found]
    assert texts[3] == "Background"
    assert not found[3].prose
    assert texts[6:] == ["And this line lacks its full stop", PROSE]


@pytest.mark.parametrize(
    "line",
    [
        "China Trade Talks End in an Impasse",
        "Related news",
        "AFP Photo/FRED DUFOUR",
        "(AFP Photo/FRED DUFOUR)",
        "(Reuters)",
        "Photo: Jane Doe/Getty Images",
        "Photo by Jane Doe",
        "Getty Images",
        "By Jane Doe",
        "By JANE DOE and John Roe, Associated Press",
        "2 February 2019",
        "Published: Feb. 2, 2019 10:30 GMT",
        "Advertisement",
        "Read more: China says talks went well.",
        "Share this article",
        "Source: Reuters",
        "(Reporting by Jane Doe; Editing by John Roe.)",
        "## Background",
        "* * *",
        "| Year | Deficit |",
        "|---|---|",
        "- World",
    ],
)
def test_furniture_is_no_prose_but_is_kept(line: str) -> None:
    text = f"{PROSE}\n\n{line}\n\n{PROSE}"
    assert sentences(text) == [PROSE, line, PROSE]
    assert prose(text) == [PROSE, PROSE]


@pytest.mark.parametrize(
    "line",
    [
        "By Friday the two sides had agreed.",
        "Photo: A worker checks the containers in the port of Qingdao.",
        "Source: the minister said so in Beijing on Friday night.",
        "Advertisement spending fell sharply.",
        "Will tariffs rise?",
        "the deal that both sides had hoped for is off",
        "Trade deficit: $375.2 billion",
        "- 1936–1942: Bengt Nordenskiöld",
        "- China agreed to buy more soybeans",
        "> He said that it was over.",
        "An unpunctuated caption that goes on and on with far more words than any heading of an article would",
        "Share prices fell on Thursday.",
        "Sign up figures rose.",
        "Related spending fell in May.",
        "中国商务部发言人表示双方同意继续保持密切联系并在今年晚些时候在北京举行新一轮贸易谈判以解决分歧",
        "Reuters reported that the talks had ended.",
        "| The talks went on for three days | x |",
    ],
)
def test_what_may_be_an_answer_is_prose(line: str) -> None:
    assert prose(f"{PROSE}\n\n{line}\n\n{PROSE}") == [PROSE, line, PROSE]


def test_a_note_of_one_line_is_its_own_prose() -> None:
    assert prose("The password is on the fridge") == ["The password is on the fridge"]


def test_the_credit_that_closes_a_caption_is_parted_from_it() -> None:
    found = seed("003")
    assert found[1][0]
    assert found[1][1].startswith("Last month the US Commerce Department placed")
    assert found[1][1].endswith("on grounds of national security")
    assert found[2] == (False, "(AFP Photo/FRED DUFOUR)")


def test_code_is_no_prose_and_an_open_fence_hides_nothing() -> None:
    assert prose(f"{PROSE}\n\n```python\nprint('This is code.')\n```\n\n{PROSE}") == [PROSE, PROSE]
    assert prose(f"```\n\n{PROSE}") == [PROSE]


def test_the_samples_read_as_people_read_them() -> None:
    second = seed("002")
    assert second[:3] == [(False, "China Trade Talks End in an Impasse")] * 3
    assert second[-1] == (False, "Related news")
    assert [text for _, text in second[-3:-1]] == [
        '"The U.S. has been ripped off by other countries for years on Trade, time to get smart!"',
        '"If there are structural changes that allow our companies to compete fairly, by definition that will deal'
        ' with the trade deficit alone".',
    ]
    fourth = seed("004")
    assert all(is_prose for is_prose, _ in fourth)
    assert (True, "The trade deficit with China reached $375.2 billion last year.") in fourth
    assert fourth[0][1].startswith("WASHINGTON — China will increase")
    assert not any("Source:" in text for _, text in seed("000"))
    assert any("U.S. Trade Representative Robert Lighthizer." in text for _, text in seed("000"))


PIECES = st.sampled_from(
    [
        "China agreed. ",
        "Mr. ",
        "U.S. ",
        '"Yes!" ',
        "he said. ",
        "\n",
        "\n\n",
        "- ",
        "# ",
        "Related news",
        "中文。",
        " ",
        "(AFP Photo/X Y)",
        "```\n",
        "| a |",
        "...",
        "x" * 130 + " ",
        "\u2028",
        "\t",
        "1. ",
        "> ",
        "word " * 150,
    ]
)


@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=40).map("".join)), st.data())
def test_sentences_and_white_space_are_all_of_the_text(text: str, data: st.DataObject) -> None:
    cuts = st.integers(0, len(text))
    excluded = [(min(pair), max(pair)) for pair in data.draw(st.lists(st.tuples(cuts, cuts), max_size=3))]
    found = segment(text, excluded)
    hidden = {at for start, end in excluded for at in range(start, end)}
    covered = [at for each in found for at in range(each.start, each.end)]
    accounted = hidden.union(covered)
    assert len(covered) == len(set(covered))
    assert not hidden.intersection(covered)
    assert all(char.isspace() for at, char in enumerate(text) if at not in accounted)
    for each in found:
        assert text[each.start : each.end].strip() == text[each.start : each.end] != ""
        assert each.end - each.start <= LONGEST
    assert all(left.end <= right.start for left, right in pairwise(found))


@given(st.lists(st.sampled_from(["China agreed.", "He left.", "China agreed."]), min_size=1, max_size=30))
def test_repeated_sentences_are_each_found_once(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


@given(st.text(min_size=1, max_size=400), st.integers(1, 50))
def test_dividing_keeps_every_character(text: str, longest: int) -> None:
    spans = list(divide(text, 0, len(text), longest))
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())
    assert all(0 < end - start <= longest for start, end in spans)


ENDLESS = {
    "words": "word " * 200_000,
    "letter": "a" * 1_000_000,
    "dots": "." * 1_000_000,
    "blanks": " " * 1_000_000 + "x",
    "brackets": "(" * 1_000_000,
    "quotes": "\"'" * 500_000,
    "marks": "- " * 500_000 + "x",
    "byline": "By " + "A " * 500_000,
    "chinese": "中文" * 500_000,
    "fences": "~~~\n" * 100_000,
    "heading": "# x" + " " * 500_000 + "y" + "#" * 500_000 + "z",
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS.keys())
def test_a_megabyte_without_an_end_takes_no_more_than_seconds(text: str) -> None:
    started = time.process_time()
    segment(text)
    assert time.process_time() - started < 5
