"""An engine and a folder that cannot be used: missing, empty, or gone for a while."""

from pathlib import Path

import pytest

from assistant.engine.notices import IndexingFailed, Standing
from engine_desk import EngineDesk, answer_of, events_of, run, until
from index.encoder import OnnxEmbedder
from index.errors import CorpusError

BRIDGE = "The bridge at Cawdor was painted green in July.\n"
PAINTED = "What was painted green in July?"


@pytest.fixture
def empty(tmp_path: Path) -> EngineDesk:
    """Nothing is indexed yet."""
    return EngineDesk(tmp_path)


def test_a_folder_that_is_missing_is_told_once_and_to_each_question(empty: EngineDesk) -> None:
    empty.corpus.rename(empty.corpus.with_name("elsewhere"))

    async def ask() -> None:
        async with empty.engine() as engine:
            for _ in range(2):
                with pytest.raises(CorpusError, match="there is no folder"):
                    await events_of(engine)
            with pytest.raises(CorpusError):
                await engine.articles()
            await engine.reindex()
            failed = await until(lambda: empty.told(IndexingFailed))
            assert {(told.message, told.hint) for told in failed} == {
                (f"there is no folder {empty.corpus}", "name a folder of .txt or .md files with --corpus DIR")
            }
            assert empty.told(Standing) == []

    run(ask())


@pytest.mark.slow
def test_a_folder_without_articles_fails_until_it_holds_one(empty: EngineDesk) -> None:
    for path in empty.corpus.iterdir():
        path.rename(path.with_suffix(".pdf"))

    async def ask() -> None:
        async with empty.engine() as engine:
            with pytest.raises(CorpusError, match=r"holds no \.txt or \.md file \(it holds 2 \.pdf\)"):
                await events_of(engine)
            assert len(empty.told(IndexingFailed)) == 1
            empty.write("bridge.txt", BRIDGE)
            assert (await answer_of(engine, PAINTED)).status == "answered"

    run(ask())


def test_a_folder_that_comes_back_is_told_of_and_so_is_its_next_loss(
    empty: EngineDesk, encoder: OnnxEmbedder
) -> None:
    desk = empty.index(encoder)
    elsewhere = desk.corpus.with_name("elsewhere")

    async def go_and_come_back(losses: int) -> None:
        before = len(desk.told(Standing))
        desk.corpus.rename(elsewhere)
        await until(lambda: len(desk.told(IndexingFailed)) == losses)
        elsewhere.rename(desk.corpus)
        await until(lambda: len(desk.told(Standing)) > before)

    async def ask() -> None:
        async with desk.engine() as engine:
            assert (await answer_of(engine)).status == "answered"
            await until(lambda: desk.told(Standing))
            await go_and_come_back(losses=1)
            await go_and_come_back(losses=2)
            assert not desk.told(Standing)[-1].index.stale

    run(ask())
