"""The documents say what the program does: commands, flags, settings, exit codes, and the pasted answer."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.cli import COMMANDS, parley
from assistant.errors import ExitCode
from assistant.phrasing import in_words
from assistant.settings import Settings
from evals.scoring import MEASURES

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
HOW = (ROOT / "docs" / "how-it-works.md").read_text(encoding="utf-8")


def test_the_readme_lists_every_command_and_no_other() -> None:
    listed = re.findall(r"^\| `parley (\w+)", README, flags=re.MULTILINE)
    assert listed == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_the_flags_that_the_readme_promises(name: str) -> None:
    promised = re.search(r"Every command takes ([^.;]+);", README)
    assert promised is not None
    help_text = CliRunner().invoke(parley, [name, "--help"]).output
    flags = re.findall(r"`(--[a-z-]+)`", promised[1])
    assert len(flags) >= 4
    assert [flag for flag in flags if flag not in help_text] == []


def test_flags_in_the_readme_exist() -> None:
    known = "".join(CliRunner().invoke(parley, [name, "--help"]).output for name in COMMANDS)
    in_parley_lines = re.findall(r"parley \w+[^\n|]*", README)
    used = {flag for line in in_parley_lines for flag in re.findall(r"(--[a-z-]+)", line)}
    assert used
    assert [flag for flag in used if flag not in known] == []


def test_exit_codes_in_the_docs_are_those_of_the_program() -> None:
    listed = [int(code) for code in re.findall(r"^\| (\d+) \|", HOW, flags=re.MULTILINE)]
    assert listed == sorted(ExitCode)


def test_settings_in_the_docs_are_those_of_the_program() -> None:
    table = re.findall(r"^\| `(\w+)` \| (?:`--([\w-]+) \w+` )?\| `PARLEY_(\w+)`", HOW, flags=re.MULTILINE)
    names = [field.name for field in fields(Settings) if field.name != "corpus_is_sample"]
    assert [(name, variable) for name, _, variable in table] == [(name, name.upper()) for name in names]
    assert all(flag in ("", name.replace("_", "-")) for name, flag, _ in table)


def test_confidence_in_words_has_the_bounds_that_the_docs_state() -> None:
    text = (ROOT / "docs" / "answering.md").read_text(encoding="utf-8")
    table = text.partition("\n| said |")[2].partition("\n\n")[0]
    listed = re.findall(r"^\| (\w+) \| ([.\d]+) \|", table, flags=re.MULTILINE)
    assert [word for word, _ in listed] == ["certain", "likely", "unsure"]
    for word, bound in listed:
        assert in_words(float(bound)) == word
        assert in_words(float(bound) - 0.001) != word or float(bound) == 0


def test_documents_name_only_files_that_exist() -> None:
    missing = []
    for document in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        targets = re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8"))
        missing += [f"{document.name}: {target}" for target in targets if not (document.parent / target).exists()]
    assert missing == []


def test_the_answer_in_the_readme_is_the_programs_answer() -> None:
    pasted = re.search(r'```console\n\$ parley ask "([^"]+)"\n(.+?)\n```', README, flags=re.DOTALL)
    assert pasted is not None
    question, shown = pasted.groups()
    printed = CliRunner().invoke(parley, ["ask", "--quiet", question]).stdout
    # The last digits of a probability are those of one processor, and where a short answer begins hangs on them.
    (shorts, *rest), (shorts_printed, *rest_printed) = (
        re.sub(r"\(confidence 0\.\d\d\)", "", text).strip().splitlines() for text in (shown, printed)
    )
    assert rest == rest_printed
    for short, short_printed in zip(shorts.split(" · "), shorts_printed.split(" · "), strict=True):
        assert short.endswith(short_printed) or short_printed.endswith(short)
    assert "[1]" in shown


def test_every_measure_is_explained() -> None:
    explained = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")
    names = [measure.title.partition(" (")[0] for measure in MEASURES.values()]
    recalls = [name for name in names if name.startswith("recall@")]
    assert f"| recall@{', '.join(name.removeprefix('recall@') for name in recalls)} |" in explained
    assert [name for name in names if name not in recalls and f"| {name}" not in explained] == []
