"""Language: our pipeline against Rasa's default one for Chinese, on the same training data.

``python -m bench.nlu`` trains both, asks both the held-out questions of ``tests/nlu/heldout`` and prints a
table; pictures of what is confused with what go to ``results/``. Each pipeline is trained and loaded in a
process of its own, on one core, so that time and memory are its own. The default pipeline's training takes
by far the longest, an hour of one core; ``--only candidate`` leaves it out and takes two minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.nlu import measure, questions, variants

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "results"
PIPELINES = {"candidate": ROOT / "config.yml", "default": ROOT / "bench" / "default.yml"}
VARIANTS: dict[str, variants.Variant] = {
    "同音错字": variants.mistyped,
    "繁体": variants.traditional,
    "前后客套": variants.wrapped,
}
_ONE_CORE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_QUIET = {"RASA_TELEMETRY_ENABLED": "false", "RASA_MAX_CACHE_SIZE": "0", "TF_CPP_MIN_LOG_LEVEL": "3"}
_MEGABYTE = 1024 * 1024


def _peak_memory() -> float:
    """The process's greatest resident memory in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def train(pipeline: str, folder: Path) -> dict[str, Any]:
    """Train one pipeline; seconds, MB of the model file and MB of memory at the most."""
    import rasa.model_training  # noqa: F401 - its import isn't part of the training

    started = time.perf_counter()
    model = measure.train(PIPELINES[pipeline], folder)
    seconds = time.perf_counter() - started
    return {
        "model": str(model),
        "train_s": seconds,
        "model_mb": model.stat().st_size / _MEGABYTE,
        "train_memory_mb": _peak_memory(),
    }


def _times(ears: measure.Ears, texts: list[str]) -> list[float]:
    took = []
    for text in texts:
        started = time.perf_counter()
        ears.parse([text])
        took.append((time.perf_counter() - started) * 1000)
    return sorted(took)


def ask(model: Path) -> dict[str, Any]:
    """Ask a trained model everything."""
    ears = measure.Ears(model)
    found: dict[str, Any] = {}
    asked, blind = questions.held_out(), questions.blind()
    times = _times(ears, [each.text for each in asked[::4]])
    found["ms"], found["ms_95"] = statistics.median(times), times[int(len(times) * 0.95)]
    found["memory_mb"] = _peak_memory()
    heard = ears.hear([each.text for each in asked])
    found["plain"] = measure.figures(asked, heard)._asdict()
    found["pairs"] = [[q.intent, h.intent] for q, h in zip(asked, heard, strict=True)]
    found["blind"] = measure.figures(blind, ears.hear([each.text for each in blind]))._asdict()
    for name, change in VARIANTS.items():
        found[name] = measure.figures(asked, ears.hear([change(each.text) for each in asked]))._asdict()
    return found


def _apart(*arguments: str) -> dict[str, Any]:
    """Run one step in a process of its own, and read what it found."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        command = [sys.executable, "-m", "bench.nlu", *arguments, "--into", file.name]
        environment = {**os.environ, **_ONE_CORE, **_QUIET}
        finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if finished.returncode:
            raise SystemExit(finished.stderr[-4000:])
        found: dict[str, Any] = json.loads(Path(file.name).read_text(encoding="utf-8"))
        return found


def _percent(value: float) -> str:
    return f"{value * 100:.1f}%"


def _lines(found: dict[str, Any]) -> dict[str, str]:
    """The column of one pipeline: what, and how much."""
    plain, blind = found["plain"], found["blind"]
    loss = {
        f"　{name}：损失（百分点）": f"{(plain['right'] - found[name]['right']) * 100:.1f}"
        for name in VARIANTS
    }
    return {
        "正确率（全部）": _percent(plain["right"]),
        "正确率（范围内）": _percent(plain["right_inside"]),
        "macro-F1": _percent(plain["macro_f1"]),
        "范围外 AUROC": f"{plain['auroc']:.4f}",
        "误拒 5% 时的误收": _percent(plain["false_accept"]),
        "实际误收": _percent(plain["accepted"]),
        **loss,
        "未看过的一套：正确率": _percent(blind["right"]),
        "　范围内": _percent(blind["right_inside"]),
        "　范围外 AUROC": f"{blind['auroc']:.4f}",
        "　误拒 5% 时的误收": _percent(blind["false_accept"]),
        "每条消息，毫秒（中位数）": f"{found['ms']:.1f}",
        "每条消息，毫秒（95%）": f"{found['ms_95']:.1f}",
        "内存，MB": f"{found['memory_mb']:.0f}",
        "训练，秒": f"{found['train_s']:.0f}",
        "训练时的内存，MB": f"{found['train_memory_mb']:.0f}",
        "模型文件，MB": f"{found['model_mb']:.1f}",
    }


def _wide(text: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def table(all_found: dict[str, dict[str, Any]]) -> str:
    """All pipelines side by side."""
    columns = {name: _lines(found) for name, found in all_found.items()}
    rows = [["", *columns]]
    rows += [[what, *(column[what] for column in columns.values())] for what in next(iter(columns.values()))]
    widths = [max(_wide(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell + " " * (widths[i] - _wide(cell)) for i, cell in enumerate(row)).rstrip()
        for row in rows
    )


def confused(found: dict[str, Any], most: int = 12) -> str:
    """The pairs most often confused: what it was, what was heard, how often."""
    wrong = Counter((was, heard) for was, heard in found["pairs"] if was != heard)
    return "\n".join(f"  {count} × {was} → {heard}" for (was, heard), count in wrong.most_common(most))


def picture(found: dict[str, Any], title: str, path: Path) -> None:
    """Draw what was heard as what: rows are the truth, columns what was heard, dark is often."""
    import matplotlib as mpl  # type: ignore[import-untyped]

    mpl.use("Agg")
    import numpy as np
    from matplotlib import pyplot as plt

    plt.rcParams["font.sans-serif"] = ["Noto Sans CJK SC", "Noto Sans CJK JP", "DejaVu Sans"]
    truth = sorted({was for was, _ in found["pairs"]})
    said = [*truth, *sorted({heard for _, heard in found["pairs"]} - set(truth))]
    counts = np.zeros((len(truth), len(said)))
    for was, heard in found["pairs"]:
        counts[truth.index(was), said.index(heard)] += 1
    figure, axes = plt.subplots(figsize=(13, 12))
    axes.imshow(counts / counts.sum(axis=1, keepdims=True), cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(said)), said, rotation=90)
    axes.set_yticks(range(len(truth)), truth)
    axes.set_xlabel("听成了")
    axes.set_ylabel("其实是")
    axes.set_title(title)
    for row, column in zip(*np.nonzero(counts), strict=True):
        shade = "white" if counts[row, column] > counts[row].sum() / 2 else "black"
        axes.text(column, row, int(counts[row, column]), ha="center", va="center", fontsize=7, color=shade)
    figure.tight_layout()
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _compare(names: list[str]) -> None:
    all_found: dict[str, dict[str, Any]] = {}
    for name in names:
        print(f"{name}：训练并提问……", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            trained = _apart("--train", name, "--folder", folder)
            all_found[name] = {**_apart("--ask", trained["model"]), **trained}
        picture(all_found[name], f"{name}：意图混淆", RESULTS / f"nlu-{name}.png")
    asked = questions.held_out()
    print(
        f"训练 {len(questions.training())} 句，提问 {len(asked)} 句，未看过的 {len(questions.blind())} 句\n"
    )
    print(table(all_found))
    for name, found in all_found.items():
        print(f"\n{name} 最常混淆的：\n{confused(found)}")
    print(f"\n混淆图：{RESULTS.name}/nlu-*.png")


def main() -> int:
    """Compare, or run one step of it in this process; returns the exit code."""
    parser = argparse.ArgumentParser(description="语言理解：与 Rasa 默认的中文配置对比")
    parser.add_argument("--only", choices=list(PIPELINES), help="只测一个")
    parser.add_argument("--train", choices=list(PIPELINES), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.train or given.ask:
        found = train(given.train, given.folder) if given.train else ask(given.ask)
        given.into.write_text(json.dumps(found), encoding="utf-8")
        return 0
    _compare([given.only] if given.only else list(PIPELINES))
    return 0


if __name__ == "__main__":
    sys.exit(main())
