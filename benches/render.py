#!/usr/bin/env python3
"""Whole-process time and peak memory of `runnerctl render` against `helm template`, in one run.

Both render the same chart with the same overrides: runnerctl its embedded chart, Helm the package that
`runnerctl package --rendered` wrote. The two are started in turn, so a busy machine slows both alike, and
medians are compared. Absolute numbers belong to the machine; only the ratios are worth stating.

    cargo build --release
    python3 benches/render.py --helm "$(command -v helm)"
"""

import argparse
import fcntl
import os
import re
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
class Result:
    """Medians over all rounds of one command."""

    milliseconds: float
    peak_kib: float


def start(command, environment, stdout):
    return subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
    )


def finish(process):
    """Waits for the end and gives the kernel's record of the process; fails when it fails."""
    complaint = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, process.args))} failed:\n{complaint.decode(errors='replace')}")
    return usage


def milliseconds(command, environment):
    """Time from start to end with the output thrown away."""
    began = time.perf_counter()
    finish(start(command, environment, subprocess.DEVNULL))
    return (time.perf_counter() - began) * 1000


def peak_kib(command, environment):
    """Peak resident memory.

    What the kernel reports for a finished child counts the Python that started it, so on Linux the process's own
    peak is read while it waits with its work done: for room in a pipe much smaller than its output.
    """
    if not sys.platform.startswith("linux"):
        usage = finish(start(command, environment, subprocess.DEVNULL))
        # macOS counts bytes.
        return usage.ru_maxrss // 1024 if sys.platform == "darwin" else usage.ru_maxrss
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    process = start(command, environment, writing)
    os.close(writing)
    with open(reading, "rb", buffering=0) as output:
        output.read(1)
        time.sleep(0.01)
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        while output.read(65536):
            pass
    finish(process)
    (peak,) = re.findall(r"^VmHWM:\s*(\d+) kB$", status, re.MULTILINE)
    return int(peak)


def compare(ours, theirs, rounds, environment):
    """Runs both commands in turn and gives both medians; the first round only warms the caches."""
    times = ([], [])
    peaks = ([], [])
    for number in range(rounds + 1):
        pair = [(0, ours), (1, theirs)]
        if number % 2:
            pair.reverse()
        for index, command in pair:
            elapsed = milliseconds(command, environment)
            if number:
                times[index].append(elapsed)
                # Memory hardly varies.
                if number <= 5:
                    peaks[index].append(peak_kib(command, environment))
    return tuple(Result(statistics.median(times[index]), statistics.median(peaks[index])) for index in (0, 1))


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
