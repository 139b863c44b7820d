"""Renders the compiled templates of the snapshots with real Helm, and compares with what the sources render to.

A template need not be YAML, so each is made a partial, and one template prints all of them in base64.
"""

import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile

CHART = "apiVersion: v2\nname: case\nversion: 1.2.3\nappVersion: v9\n"
SNAPSHOTS = pathlib.Path("../../snapshots/compile/ok")


def sections(text, mark):
    """The text before the first mark, and the name and text of each section."""
    found = [["", ""]]
    for line in text.splitlines(keepends=True):
        if line.startswith(mark):
            found.append([line[len(mark) :].strip(), ""])
        else:
            found[-1][1] += line
    return found


def partial(name):
    folder, _, base = name.rpartition("/")
    return name if base.startswith("_") else f"{folder}/_{base}"


def expected(rendered):
    """What each template renders to; its name stands before it."""
    found = sections(rendered, "# case/templates/")
    return "".join(text for _, text in found)


def render(helm, chart, values, home):
    command = [helm, "template", "demo", str(chart), "-f", str(values)]
    environment = {**os.environ, "HOME": home}
    return subprocess.run(command, capture_output=True, env=environment, check=False, timeout=600)


def check(helm, case, home):
    """What is wrong with a case."""
    head, *inputs = sections(case.read_text(), "--- ")
    values = [head[1], *(text for name, text in inputs if name == "values")]
    files = {name: text for name, text in inputs if not name.startswith("templates/") and name[:6] != "values"}
    snapshot = sections((SNAPSHOTS / f"{case.stem}.snap").read_text(), "=== ")
    templates = {name: text[:-1] for name, text in snapshot if name.startswith("templates/")}
    rendered = [expected(text) for name, text in snapshot if name == "rendered"]
    if len(rendered) != len(values):
        yield f"{case}: {len(values)} sets of values, {len(rendered)} renderings"
        return
    with tempfile.TemporaryDirectory() as folder:
        chart = pathlib.Path(folder)
        files["Chart.yaml"] = CHART
        own = sorted(name for name in templates if partial(name) != name)
        calls = "".join(f'{{{{ include "case/{partial(name)}" . }}}}' for name in own)
        files["templates/dump.yaml"] = f'{{{{- define "dump" }}}}{calls}{{{{ end }}}}text: {{{{ include "dump" . | b64enc }}}}\n'
        for name, text in [*files.items(), *((partial(name), text) for name, text in templates.items())]:
            (chart / name).parent.mkdir(parents=True, exist_ok=True)
            (chart / name).write_text(text)
        for number, (text, wanted) in enumerate(zip(values, rendered, strict=True), 1):
            (chart / "given.yaml").write_text(text)
            done = render(helm, chart, chart / "given.yaml", home)
            if done.returncode != 0:
                yield f"{case}, values {number}: Helm fails: {done.stderr.decode().strip()}"
                continue
            printed = done.stdout.decode().rpartition("text: ")[2].strip()
            found = base64.b64decode(printed).decode()
            # A snapshot does not tell how many line breaks end it.
            if found.rstrip("\n") != wanted.rstrip("\n"):
                yield f"{case}, values {number}: Helm renders\n{json.dumps(found)}\nand not\n{json.dumps(wanted)}"


def main():
    helm, *wanted = sys.argv[1:]
    wrong, count = [], 0
    with tempfile.TemporaryDirectory() as home:
        for case in sorted(pathlib.Path("ok").glob("*.txt")):
            if wanted and case.stem not in wanted:
                continue
            count += 1
            wrong += check(helm, case, home)
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{count} compiled cases render in Helm as their sources do")


main()
