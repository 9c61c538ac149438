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
DOCUMENTS = (
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *(path for folder in ("docs", "assistant", "evals", "index") for path in (ROOT / folder).rglob("*.md")),
)


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


def test_the_help_and_the_readme_name_the_exit_codes_that_scripts_meet() -> None:
    # 1 is a bug of ours, and 141 is what a shell makes of a closed pipe.
    met = {str(code.value) for code in ExitCode} - {"1", "141"}
    help_text = " ".join(CliRunner().invoke(parley, ["--help"]).output.split())
    assert set(re.findall(r"\b\d+\b", help_text.partition("Exit codes:")[2])) == met
    sentence = README.partition("Exit codes: ")[2].partition(". ")[0]
    assert set(re.findall(r"\b\d+\b", sentence)) == met


def test_every_kind_of_json_is_named_in_the_docs() -> None:
    """Those of files that Parley keeps are named where the files are described."""
    sources = [path for package in ("assistant", "evals") for path in (ROOT / package).rglob("*.py")]
    written = {kind for path in sources for kind in re.findall(r'"(parley\.[a-z-]+/\d)"', path.read_text("utf-8"))}
    kept = {"parley.session/1", "parley.run/1", "parley.baseline/1"}
    named = set(re.findall(r"`(parley\.[a-z-]+/\d)`", HOW.partition("## For scripts")[2]))
    assert named == written - kept


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


def heading_anchors(document: Path) -> set[str]:
    """What a link to each heading of a document ends with, as code hosts make it."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_documents_name_only_files_and_headings_that_exist() -> None:
    missing = []
    for document in DOCUMENTS:
        for link in re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8")):
            path, _, anchor = link.partition("#")
            target = document.parent / path if path else document
            if not target.exists() or (anchor and anchor not in heading_anchors(target)):
                missing.append(f"{document.name}: {link}")
    assert missing == []


def test_documents_install_what_is_here_and_not_what_somebody_publishes_under_our_name() -> None:
    lines = [line for document in DOCUMENTS for line in document.read_text(encoding="utf-8").splitlines()]
    assert any("pip install ." in line for line in lines)
    assert [line for line in lines if re.search(r"(pip|pipx) install '?parley", line)] == []


def test_commands_in_documents_name_modules_that_exist() -> None:
    named = {
        module
        for document in DOCUMENTS
        for module in re.findall(r"python -m ((?:evals|assistant|index|tui)[.\w]*\w)", document.read_text("utf-8"))
    }
    assert len(named) >= 20
    assert [module for module in named if not (ROOT / f"{module.replace('.', '/')}.py").exists()] == []


def test_decisions_are_numbered_one_after_another_and_say_where_they_stand() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))
    for number, decision in enumerate(decisions, start=1):
        heading, _, status, *_ = decision.read_text(encoding="utf-8").splitlines()
        assert decision.name.startswith(f"{number:04}-")
        assert heading.startswith(f"# {number}. ")
        assert status.startswith("Status: ")


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
