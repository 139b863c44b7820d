#!/usr/bin/env python3
"""Writes what real Helm makes of every case beside the cases, or with --check compares.

    HELM=/path/to/helm testdata/values/oracle.sh [--check] [CASES...]

Helm is taken from $HELM, else from PATH, and must be version 3.17.3. The format of the cases is described in
tests/golden/values.rs.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

VERSION = "3.17.3"
FOLDER = pathlib.Path(__file__).resolve().parent
HELM = os.environ.get("HELM", "helm")
CHART = "apiVersion: v2\nname: {}\nversion: 1.0.0\n"
TEMPLATES = {
    "values": "{{ toYaml .Values }}\n",
    "dependencies": "{{ with .Chart.Dependencies }}{{ toYaml (dict \"dependencies\" .) }}{{ end }}\n",
}


def sections(text):
    """Splits at lines `--- name`; what stands before the first is prose."""
    parts = re.split(r"^--- (.+)\n", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def cases(path):
    """Yields the name and the sections of each case of one file."""
    text = path.read_text()
    if path.suffix == ".table":
        shared = sections(text)
        for line in shared.pop("table").splitlines():
            if line and not line.startswith("#"):
                yield line, {**shared, "args": line.replace(" && ", "\n") + "\n"}
        return
    for case in re.split(r"^=== ", text, flags=re.M)[1:]:
        name, _, body = case.partition("\n")
        yield name, sections(body)


def write_files(folder, files):
    files = {"chart/values.yaml": "", **files}
    charts = {path.rpartition("/")[0] for path in files if path.endswith(("/values.yaml", "/Chart.yaml"))}
    for chart in charts:
        name = "c" if chart == "chart" else chart.rpartition("/")[2]
        files.setdefault(f"{chart}/Chart.yaml", CHART.format(name))
        for topic, template in TEMPLATES.items():
            files[f"{chart}/templates/{topic}.yaml"] = template
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def run(case):
    """What Helm makes of one case, as sections; None for a case that is not compared."""
    _, parts = case
    parts = dict(parts)
    args = []
    for line in parts.pop("args", "").splitlines():
        flag, _, value = line.partition(" ")
        args.append(f"{flag}={value}")
    if "differs" in parts:
        return None
    with tempfile.TemporaryDirectory() as folder:
        write_files(pathlib.Path(folder), parts)
        done = subprocess.run(
            [HELM, "template", "r", "chart", *args], cwd=folder, capture_output=True, text=True, check=False
        )
    # Helm repeats warnings, walks maps at random, and names the machine's folders and name servers.
    log = {re.sub(r"^[a-z]+\.go:\d+: ", "", line).replace(folder, "") for line in done.stderr.splitlines()}
    log = sorted(re.sub(r"dial tcp: .*", "dial tcp", line) for line in log if line)
    # A panic is told by its first line; the rest are addresses.
    log = [line for line in log if line.startswith("panic: ")] or log
    if done.returncode != 0:
        return "--- error\n" + "".join(f"{line}\n" for line in log if "warning:" not in line)
    rendered = dict(re.findall(r"^---\n# Source: (.+)\.yaml\n((?:(?!---\n).*\n)*)", done.stdout, flags=re.M))
    values = rendered.pop("c/templates/values", "{}\n")
    text = f"--- values\n{values}" + ("--- warnings\n" + "".join(f"{line}\n" for line in log) if log else "")
    for path, shown in sorted(rendered.items()):
        chart, _, topic = path.rpartition("/templates/")
        text += f"--- {topic} of {chart}\n{shown}"
    return text


def main():
    arguments = sys.argv[1:]
    check = "--check" in arguments
    version = subprocess.run([HELM, "version", "--short"], capture_output=True, text=True, check=True).stdout
    if not version.startswith(f"v{VERSION}+"):
        sys.exit(f"{HELM} is {version.strip()}, not {VERSION}")
    chosen = [pathlib.Path(name).resolve() for name in arguments if name != "--check"]
    stale = 0
    for path in chosen or sorted([*FOLDER.glob("*/*.cases"), *FOLDER.glob("*/*.table")]):
        all_cases = list(cases(path))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            results = list(pool.map(run, all_cases))
        text = "".join(f"=== {name}\n{result}" for (name, _), result in zip(all_cases, results) if result)
        target = path.with_suffix(f".helm-{VERSION}")
        if target.exists() and target.read_text() == text:
            continue
        stale += 1
        print(f"{target.relative_to(FOLDER)} {'is stale' if check else 'written'}")
        if not check:
            target.write_text(text)
    sys.exit(1 if check and stale else 0)


if __name__ == "__main__":
    main()
