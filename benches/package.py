#!/usr/bin/env python3
"""Whole-process time and peak memory of `runnerctl package` against `helm package`, and of Helm with compiled templates.

Helm packages the directory that `runnerctl compile` wrote; runnerctl packages the same directory, which leaves nothing to
prove, and then the sources, which it compiles and proves. Then Helm renders `benches/component`, many times in one chart,
from compiled templates and from those written by hand. Each pair is started in turn, and medians are compared.

    cargo build --release
    python3 benches/package.py --helm "$(command -v helm)"
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from processes import HEADER, compare, row

ROOT = Path(__file__).resolve().parent.parent
CHART = "kubiya-runner"
COMPONENT = ROOT / "benches" / "component"

# So often stands each template in the chart that Helm renders: starting Helm must not hide what templates cost.
COPIES = 100


def quiet(*command, environment):
    return subprocess.run(command, check=True, env=environment, capture_output=True, text=True).stdout


def packaging(runnerctl, helm, folder, rounds, environment):
    """What makes an archive: of Go templates, and of sources with the proof."""
    quiet(runnerctl, "compile", CHART, "-d", folder / "compiled", environment=environment)
    compiled = folder / "compiled" / CHART
    theirs = [helm, "package", compiled, "-d", folder / "theirs"]
    as_it_is, without = compare([runnerctl, "package", compiled, "-d", folder / "plain"], theirs, rounds, environment)
    print(row("as it is", as_it_is, without))
    proved, without = compare([runnerctl, "package", CHART, "-d", folder / "proved"], theirs, rounds, environment)
    print(row("with the proof", proved, without))


def written(kind, folder):
    """The component's chart with the templates of one kind."""
    chart = folder / kind / "component"
    chart.mkdir(parents=True)
    for file in COMPONENT.iterdir():
        if file.is_file():
            shutil.copy(file, chart)
    shutil.copytree(COMPONENT / kind / "templates", chart / "templates")
    return chart


def multiply(chart):
    """Puts copies of each template that renders something beside it."""
    for template in list((chart / "templates").glob("[a-z]*.yaml")):
        for number in range(COPIES):
            shutil.copy(template, template.with_name(f"{template.stem}-{number}.yaml"))
        template.unlink()


def rendering(runnerctl, helm, folder, rounds, environment):
    """What Helm makes of compiled templates and of those written by hand; both must render the same."""
    quiet(runnerctl, "compile", written("jinja", folder), "-d", folder / "made", environment=environment)
    charts = [folder / "made" / "component", written("go", folder)]
    for chart in charts:
        multiply(chart)
    commands = [[helm, "template", "demo", chart] for chart in charts]
    texts = [quiet(*command, environment=environment) for command in commands]
    if texts[0] != texts[1]:
        sys.exit("the templates written by hand do not render what the compiled ones render")
    compiled, by_hand = compare(*commands, rounds, environment)
    print(f"Helm renders {COPIES} compiled components in {compiled.milliseconds:.1f} ms, as many written by hand in "
          f"{by_hand.milliseconds:.1f} ms: {compiled.milliseconds / by_hand.milliseconds:.2f} of it")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runnerctl", default=ROOT / "target/release/runnerctl", type=Path)
    parser.add_argument("--helm", required=True, type=Path, help="the real binary, not a wrapper script")
    parser.add_argument("--rounds", default=15, type=int)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        # Helm writes caches; they go where they are deleted.
        environment = {"HOME": name, "PATH": os.defpath}
        runnerctl, helm = arguments.runnerctl.resolve(), arguments.helm.resolve()
        print(HEADER)
        packaging(runnerctl, helm, Path(name), arguments.rounds, environment)
        rendering(runnerctl, helm, Path(name), arguments.rounds, environment)


if __name__ == "__main__":
    main()
