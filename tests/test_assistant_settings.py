"""Flag over environment over configuration file over default; what cannot be used is named, with what can."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.backends.choosing import KINDS
from assistant.errors import ConfigurationError
from assistant.locations import configuration_file, states_folder
from assistant.settings import load_settings

ANSWERING = "parley: answering from the sample articles; name your own folder with --corpus DIR\n"
MEANT = "parley: the sample articles are meant; name your own folder with --corpus DIR\n"


def configure(text: str) -> Path:
    file = configuration_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_without_any_setting_the_corpus_is_the_sample(seeds: Path) -> None:
    settings = load_settings({})
    assert (settings.corpus, settings.corpus_is_sample, settings.backend) == (seeds, True, "extractive")
    assert settings.state == states_folder()


def test_the_flag_wins_over_environment_over_file(monkeypatch: pytest.MonkeyPatch) -> None:
    configure('corpus = "/from/file"\nstate = "/state/file"\n')
    assert load_settings({}).corpus == Path("/from/file")
    monkeypatch.setenv("PARLEY_CORPUS", "/from/environment")
    assert load_settings({}).corpus == Path("/from/environment")
    settings = load_settings({"corpus": "/from/flag", "state": None})
    assert (settings.corpus, settings.state, settings.corpus_is_sample) == (
        Path("/from/flag"),
        Path("/state/file"),
        False,
    )


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_CORPUS", "")
    assert load_settings({}).corpus_is_sample


def test_an_empty_flag_is_an_error_and_not_the_sample() -> None:
    with pytest.raises(ConfigurationError, match="--corpus is empty"):
        load_settings({"corpus": ""})


@pytest.mark.parametrize("stated", ["min_confidence = 0.4", 'min_confidence = "0.4"', "min_confidence = 4e-1"])
def test_a_minimum_confidence_may_be_a_number_or_a_string_in_the_file(stated: str) -> None:
    configure(f"{stated}\n")
    assert load_settings({}).min_confidence == 0.4


def test_without_a_minimum_confidence_it_is_left_to_what_is_shipped() -> None:
    assert load_settings({}).min_confidence is None


def test_the_minimum_confidence_of_the_flag_wins_over_environment_over_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    configure("min_confidence = 1\n")
    assert load_settings({}).min_confidence == 1
    monkeypatch.setenv("PARLEY_MIN_CONFIDENCE", "0.5")
    assert load_settings({}).min_confidence == 0.5
    assert load_settings({"min_confidence": "0"}).min_confidence == 0


NO_PROBABILITY = ["1.5", "-0.1", "nan", "inf", "likely", "0,5", "30%", " ", "\udcff"]


@pytest.mark.parametrize("value", NO_PROBABILITY)
def test_a_minimum_confidence_that_is_none_is_refused_with_the_name_of_the_flag(value: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        load_settings({"min_confidence": value})
    assert str(error.value) == f"--min-confidence {value!r} is no number from 0 to 1"
    assert error.value.hint == "write it as 0.3"


@pytest.mark.parametrize("value", NO_PROBABILITY)
def test_a_minimum_confidence_that_is_none_is_refused_with_the_name_of_the_variable(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("PARLEY_MIN_CONFIDENCE", value)
    with pytest.raises(ConfigurationError, match=r"^PARLEY_MIN_CONFIDENCE .* is no number from 0 to 1"):
        load_settings({})


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("2", "min_confidence '2' is no number from 0 to 1"),
        ("nan", "min_confidence 'nan' is no number from 0 to 1"),
        ('"high"', "min_confidence 'high' is no number from 0 to 1"),
        ("true", "min_confidence must be a number. Write min_confidence = 0.3"),
        ("[0.3]", "min_confidence must be a number. Write min_confidence = 0.3"),
    ],
)
def test_a_minimum_confidence_that_is_none_ends_with_2_and_the_name_of_the_file(
    parley: Callable[..., Any], stated: str, said: str
) -> None:
    file = configure(f"min_confidence = {stated}\n")
    ran = parley("ask", "x")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"parley: {file}: {said}")


def test_an_empty_minimum_confidence_is_named_as_people_write_it() -> None:
    with pytest.raises(ConfigurationError, match="--min-confidence is empty"):
        load_settings({"min_confidence": ""})


def test_an_unknown_key_names_the_closest_known_one() -> None:
    configure('corpsu = "/x"\n')
    with pytest.raises(ConfigurationError, match="there is no setting 'corpsu'") as error:
        load_settings({})
    assert error.value.hint == "did you mean 'corpus'?"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("corpus = [", "cannot be read"),
        ("corpus = " + "[" * 9_000, "cannot be read"),
        ("corpus = 3\n", "corpus must be a string"),
        ("[corpus]\n", "must be a string"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_ends_with_2(
    parley: Callable[..., Any], text: str, said: str
) -> None:
    file = configure(text)
    ran = parley("ask", "x")
    assert (ran.code, ran.out) == (2, "")
    assert str(file) in ran.err
    assert said in ran.err


def test_a_file_that_is_no_utf_8_is_named() -> None:
    configure("").write_bytes(b'corpus = "\xff"')
    with pytest.raises(ConfigurationError, match=r"config\.toml cannot be read"):
        load_settings({})


@pytest.mark.parametrize("arguments", [("--backend", "gpt"), ("--backend", "llamaindex")])
def test_an_unknown_backend_ends_with_2_and_names_the_known_ones(
    parley: Callable[..., Any], arguments: tuple[str, str]
) -> None:
    ran = parley("ask", "x", *arguments)
    assert ran.code == 2
    assert ran.err == f"parley: there is no backend {arguments[1]!r}. Known: {', '.join(KINDS)}\n"


def test_an_unknown_backend_in_the_environment_is_no_better(
    parley: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_BACKEND", "oracle")
    assert parley("search", "x").code == 2


def test_a_relative_corpus_counts_from_the_working_folder(
    parley: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "note.txt").write_text("A note.\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARLEY_CORPUS", "here")
    assert parley("show", "note.txt").out == "A note.\n"


def test_a_tilde_stands_for_home(own_surroundings: Path) -> None:
    settings = load_settings({"corpus": "~/clippings", "state": "~/state"})
    assert (settings.corpus, settings.state) == (own_surroundings / "clippings", own_surroundings / "state")


@pytest.mark.parametrize("value", ["~no-such-person-here/x", "a\0b", "caf\udce9"])
def test_a_corpus_that_is_no_path_is_refused(value: str) -> None:
    with pytest.raises(ConfigurationError):
        load_settings({"corpus": value})


def test_base_folders_that_are_not_absolute_are_ignored(
    own_surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    monkeypatch.delenv("XDG_CONFIG_HOME")
    assert states_folder() == own_surroundings / ".local/share/parley"
    assert configuration_file() == own_surroundings / ".config/parley/config.toml"


def test_without_a_home_the_variables_that_stand_in_for_it_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(of: type[Path]) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setattr(Path, "home", classmethod(refuse))
    with pytest.raises(ConfigurationError, match="your home folder") as homeless:
        states_folder()
    assert homeless.value.hint == "set HOME, or XDG_DATA_HOME"


def test_a_relative_corpus_in_a_folder_that_has_been_removed_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "removed").mkdir()
    monkeypatch.chdir(tmp_path / "removed")
    (tmp_path / "removed").rmdir()
    with pytest.raises(ConfigurationError, match="has been removed"):
        load_settings({"corpus": "articles"})


def test_the_sample_is_announced_on_standard_error_alone(parley: Callable[..., Any], sample: Path) -> None:
    ran = parley("ask", "Who led the talks?")
    assert ran.err == ANSWERING
    assert "sample" not in ran.out


@pytest.mark.parametrize(
    "command",
    [("search", "tariffs"), ("show", "000"), ("index",), ("sessions",), ("sessions", "search", "tariffs")],
)
def test_a_command_that_answers_nothing_does_not_speak_of_answering(
    parley: Callable[..., Any], sample: Path, command: tuple[str, ...]
) -> None:
    ran = parley(*command)
    assert ran.err.startswith(MEANT)
    assert "answering" not in ran.err


def test_quiet_silences_the_notice(parley: Callable[..., Any], sample: Path) -> None:
    assert parley("search", "tariffs", "--quiet").err == ""


def test_a_corpus_of_one_s_own_needs_no_notice(parley: Callable[..., Any], folder: Callable[..., Path]) -> None:
    folder({"a.txt": "A note.\n"})
    assert parley("show", "a.txt").err == ""


def test_no_input_is_accepted_everywhere(parley: Callable[..., Any], sample: Path) -> None:
    assert parley("show", "000", "--no-input").code == 0
    assert parley("search", "tariffs", "--no-input").code == 0
