#!/usr/bin/env python3
"""Whole-process time and peak memory of `runnerctl render` against `helm template`, in one run.

Both render the same chart with the same overrides: runnerctl its embedded chart, Helm the package that
`runnerctl package --rendered` wrote. The two are started in turn, so a busy machine slows both alike, and
medians are compared. Absolute numbers belong to the machine; only the ratios are worth stating.

    cargo build --release
    python3 benches/render.py --helm "$(command -v helm)"
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "values/kubiya-runner/examples/overrides.yaml"


@dataclass
class Run:
    """One finished process."""

    milliseconds: float
    peak_kib: int


@dataclass
class Result:
    """Medians over all rounds of one command."""

    milliseconds: float
    peak_kib: float

    @staticmethod
    def of(runs):
        return Result(
            statistics.median(run.milliseconds for run in runs),
            statistics.median(run.peak_kib for run in runs),
        )


def measure(command, environment):
    """Runs a command with its output thrown away; fails when it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    complaint = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    elapsed = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{complaint.decode(errors='replace')}")
    # macOS counts bytes, everyone else KiB.
    peak = usage.ru_maxrss // 1024 if sys.platform == "darwin" else usage.ru_maxrss
    return Run(elapsed * 1000, peak)


def compare(ours, theirs, rounds, environment):
    """Runs both commands in turn and gives both medians; the first round only warms the caches."""
    runs = ([], [])
    for number in range(rounds + 1):
        pair = [(0, ours), (1, theirs)]
        if number % 2:
            pair.reverse()
        for index, command in pair:
            run = measure(command, environment)
            if number:
                runs[index].append(run)
    return Result.of(runs[0]), Result.of(runs[1])


def overrides_with(keys, folder):
    """The example overrides with `keys` more entries in a free-form map of the chart."""
    path = folder / f"overrides-{keys}.yaml"
    text = EXAMPLE.read_text(encoding="utf-8")
    if keys:
        entries = "".join(f"    example.com/key-{number}: value-{number}\n" for number in range(keys))
        text = f"{text}\nworkflowEngine:\n  podAnnotations:\n{entries}"
    path.write_text(text, encoding="utf-8")
    return path


def package(runnerctl, overrides, folder, environment):
    """Packages the rendered chart and gives the archive's path."""
    target = folder / overrides.stem
    target.mkdir()
    command = [runnerctl, "package", "--rendered", "-f", overrides, "-d", target]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    (archive,) = target.glob("*.tgz")
    return archive


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runnerctl", default=ROOT / "target/release/runnerctl", type=Path)
    parser.add_argument("--helm", required=True, type=Path, help="the real binary, not a wrapper script")
    parser.add_argument("--rounds", default=31, type=int)
    parser.add_argument("--keys", default=[0, 1000, 10000], type=int, nargs="+", help="sizes of the overrides")
    parser.add_argument("--faster", default=0.0, type=float, help="fail below this ratio of times")
    parser.add_argument("--memory", default=1.0, type=float, help="fail above this ratio of peak memory")
    arguments = parser.parse_args()

    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Helm writes caches; they go where they are deleted.
        environment = {"HOME": name, "PATH": os.defpath}
        runnerctl, helm = arguments.runnerctl.resolve(), arguments.helm.resolve()
        print(f"{'overrides':>14} {'runnerctl':>18} {'helm':>18} {'faster':>8} {'memory':>8}")
        for keys in arguments.keys:
            overrides = overrides_with(keys, folder)
            archive = package(runnerctl, overrides, folder, environment)
            ours, theirs = compare(
                [runnerctl, "render", "-f", overrides],
                [helm, "template", "kubiya-runner", archive],
                arguments.rounds,
                environment,
            )
            faster = theirs.milliseconds / ours.milliseconds
            memory = ours.peak_kib / theirs.peak_kib
            print(
                f"{f'example+{keys}' if keys else 'example':>14} {shown(ours):>18} {shown(theirs):>18}"
                f" {f'{faster:.1f}x':>8} {f'{memory:.2f}':>8}"
            )
            failed = failed or faster < arguments.faster or memory > arguments.memory
    if failed:
        sys.exit(f"wanted at least {arguments.faster}x faster with at most {arguments.memory} of the memory")


def shown(result):
    """A median time and peak, short."""
    return f"{result.milliseconds:.1f} ms {result.peak_kib / 1024:.0f} MiB"


if __name__ == "__main__":
    main()
