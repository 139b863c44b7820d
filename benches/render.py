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
import subprocess
import sys
import tempfile
from pathlib import Path

from processes import HEADER, compare, row

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "values/kubiya-runner/examples/overrides.yaml"


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
        print(HEADER)
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
            print(row(f"example+{keys}" if keys else "example", ours, theirs))
            failed = failed or faster < arguments.faster or memory > arguments.memory
    if failed:
        sys.exit(f"wanted at least {arguments.faster}x faster with at most {arguments.memory} of the memory")


if __name__ == "__main__":
    main()
