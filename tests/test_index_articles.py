"""One file in: text, title, outlet and date, as the corpus contract says."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import seeds
from index.articles import (
    Metadata,
    UnreadableArticle,
    decode,
    parse_article,
)
from index.dates import parse_date
from index.metadata import stated_in

SEEDS = Path(next(iter(seeds.__path__)))
PROSE = "The talks in Beijing went on for three days and ended without a signed agreement."


def stated(text: str, name: str = "a.txt") -> Metadata:
    return parse_article(name, text.encode()).metadata


def excluded(text: str, name: str = "a.txt") -> list[str]:
    article = parse_article(name, text.encode())
    return [article.text[start:end] for start, end in article.stated_at]


@pytest.mark.parametrize(
    ("number", "metadata", "lines"),
    [
        ("000", Metadata(outlet="1 NEWS"), ["Source: 1 NEWS"]),
        ("001", Metadata(outlet="Bloomberg", published=date(2019, 2, 2)), [" date 2019-02-02 Bloomberg"]),
        ("002", Metadata(title="China Trade Talks End in an Impasse"), []),
        ("003", Metadata(title="China says US trade talks 'laid foundation' to resolve concerns"), []),
        ("004", Metadata(), []),
    ],
)
def test_the_samples_state_what_they_state(number: str, metadata: Metadata, lines: list[str]) -> None:
    (file,) = SEEDS.glob(f"{number}_*.txt")
    article = parse_article(file.name, file.read_bytes())
    assert article.metadata == metadata
    assert [article.text[start:end] for start, end in article.stated_at] == lines


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")))
def test_text_is_what_read_text_gives(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.getbasetemp() / "article.txt"
    for data in (text.encode(), b"\xef\xbb\xbf" + text.encode()):
        file.write_bytes(data)
        expected = file.read_text(encoding="utf-8-sig")
        if expected.strip():
            assert decode(data) == expected
        else:
            with pytest.raises(UnreadableArticle, match="is empty"):
                decode(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"twelve bytes\xff", "is not UTF-8 (byte 0xff at 12)"),
        (b"\xef\xbb\xbfab\xff", "is not UTF-8 (byte 0xff at 5)"),
        (b"a\0b", "holds NUL"),
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n\t", "is empty"),
    ],
)
def test_what_cannot_be_an_article_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableArticle) as raised:
        parse_article("a.txt", data)
    assert str(raised.value) == reason


def test_control_characters_are_text() -> None:
    assert decode(b"\x1b[31mred\x07\x9f".replace(b"\x9f", b"\xc2\x9f")) == "\x1b[31mred\x07\x9f"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2019-02-02", date(2019, 2, 2)),
        ("2019-02-02T23:30:00-05:00", date(2019, 2, 2)),
        ("2019-02-02 10:15:30.250Z", date(2019, 2, 2)),
        ("2 February 2019", date(2019, 2, 2)),
        ("2nd Feb. 2019", date(2019, 2, 2)),
        ("February 2, 2019", date(2019, 2, 2)),
        ("Sat, 02 Feb 2019 10:00:00 GMT", date(2019, 2, 2)),
        ("Sept. 30, 2021 at 4:05 p.m. EDT", date(2021, 9, 30)),
    ],
)
def test_whole_dates_are_read(written: str, day: date) -> None:
    assert parse_date(written) == day


NOT_WHOLE = [
    "02/03/2019",
    "2.3.2019",
    "20190202",
    "2019",
    "2019-02",
    "February 2019",
    "2 February",
    "",
    "yesterday",
]


NOT_DATES = ["2019-02-30", "2019-02-02-05", "on 2 February 2019", "2 February 2019 or so", "February 2, 20190"]


@pytest.mark.parametrize("written", [*NOT_WHOLE, *NOT_DATES])
def test_other_dates_are_not_guessed(written: str) -> None:
    assert parse_date(written) is None


def test_front_matter_states_metadata_and_is_not_prose() -> None:
    matter = "---\ntitle: 'Talks: the end'\ndate: 2019-02-02\nsource: Reuters\ntags:\n  - trade\nurl: https://a.example/x\n---"
    article = parse_article("a.md", f"{matter}\n\n{PROSE}\n".encode())
    expected = Metadata("Talks: the end", "Reuters", date(2019, 2, 2), "https://a.example/x")
    assert article.metadata == expected
    assert excluded(f"{matter}\n\n{PROSE}\n") == matter.split("\n")


@pytest.mark.parametrize("text", [f"---\n\n{PROSE}\n\n---\n", f"---\ntitle: open\n{PROSE}\n", "---"])
def test_a_rule_at_the_top_is_no_front_matter(text: str) -> None:
    assert excluded(text) == []
    assert stated(text) == Metadata()


def test_a_first_block_of_labels_is_read() -> None:
    text = f"\nTitle: Talks end\nDATE: February 2, 2019\nsource: 1 NEWS\nAuthor: Jane Doe\n\n{PROSE}\n"
    assert stated(text) == Metadata("Talks end", "1 NEWS", date(2019, 2, 2))
    assert len(excluded(text)) == 4


def test_an_ambiguous_date_stays_unknown_and_its_line_is_no_prose() -> None:
    text = f"Title: Talks\nDate: 02/03/2019\n\n{PROSE}"
    assert stated(text).published is None
    assert excluded(text) == ["Title: Talks", "Date: 02/03/2019"]


def test_a_label_counts_within_the_first_ten_lines_only() -> None:
    at_ten = "\n\n".join([PROSE] * 4) + "\n\n\nSource: Reuters\n\n" + PROSE
    assert at_ten.split("\n")[9] == "Source: Reuters"
    assert stated(at_ten).outlet == "Reuters"
    assert stated("\n" + at_ten).outlet is None


def test_the_first_block_wins_over_a_later_line_and_that_over_a_date_line() -> None:
    text = f"Title: T\nDate: 2019-01-01\n\nDate: 2019-02-02\n\ndate 2019-03-03 Bloomberg\n\n{PROSE}"
    assert stated(text) == Metadata("T", "Bloomberg", date(2019, 1, 1))


@pytest.mark.parametrize(
    "line",
    [
        "date 2019-02-02 was when the two sides met in Beijing for the first time.",
        "Source: officials who were not authorized to speak said that the talks would go on until Friday.",
        "On 2 February 2019 the talks ended.",
        "2019-02-02",
        "Update 2019-02-02 Bloomberg",
    ],
)
def test_prose_and_bare_dates_state_nothing(line: str) -> None:
    assert stated(f"{PROSE}\n\n{line}\n\n{PROSE}") == Metadata()
    assert excluded(f"{PROSE}\n\n{line}\n\n{PROSE}") == []


def test_a_label_in_the_middle_of_a_paragraph_is_prose() -> None:
    assert excluded(f"{PROSE}\nSource: Reuters\n{PROSE}\n") == []


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"Talks end in an impasse\n\n{PROSE}", "Talks end in an impasse"),
        (f"Talks end in an impasse\n{PROSE}", None),
        (f"Talks end.\n\n{PROSE}", None),
        (f"{PROSE}\n\n{PROSE}", None),
        ("A note", None),
        (f"Related news\n\n{PROSE}", None),
        (f"By Jane Doe\n\n{PROSE}", None),
        (f"Source: Reuters\n\nTalks end\n\n{PROSE}", "Talks end"),
        (f"Talks end\nSource: Reuters\n\n{PROSE}", "Talks end"),
    ],
)
def test_a_first_line_is_a_title_if_it_is_a_heading(text: str, title: str | None) -> None:
    assert stated(text).title == title


def test_markdown_gives_its_title_by_the_first_heading() -> None:
    assert stated(f"# Will talks resume? #\n{PROSE}", "a.md").title == "Will talks resume?"
    assert stated(f"{PROSE}\n\n## Not the title\n\n{PROSE}", "a.md").title is None


def test_the_metadata_file_wins_field_by_field() -> None:
    text = f"Title: Theirs\nSource: Reuters\n\n{PROSE}".encode()
    article = parse_article("a.txt", text, Metadata(title="Ours", published=date(2020, 1, 1)))
    assert article.metadata == Metadata("Ours", "Reuters", date(2020, 1, 1))
    assert len(article.stated_at) == 2


@given(
    st.lists(
        st.sampled_from(["---", "Title: x", "Date: 2019-02-02", "date: ", " date 2019-02-02 AP", "", "# H", PROSE])
    ),
    st.booleans(),
)
def test_stated_spans_are_whole_lines_in_order(lines: list[str], markdown: bool) -> None:
    text = "\n".join(lines)
    _, spans = stated_in(text, markdown)
    assert list(spans) == sorted(set(spans))
    assert all(text[start:end] in lines and "\n" not in text[start:end] for start, end in spans)
    assert all(text[start - 1 : start] in {"", "\n"} for start, _ in spans)


def test_reading_articles_loads_nothing_heavy() -> None:
    code = (
        "import sys, index.articles, index.segmentation, index.passages;"
        "sys.exit(any(m in sys.modules for m in ('llama_index', 'llama_index.core', 'tiktoken', 'nltk')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
