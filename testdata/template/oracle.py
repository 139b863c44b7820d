"""Runs every expression of testdata/template/functions/*.txt through real Helm.

A line is a Go-template pipeline. One that starts with `! ` must fail in Helm and is run alone; all others of a
file are rendered at once. Beside each file, `<name>.helm` holds a line of JSON for each expression: what it
prints, or null where Helm fails.
"""

import json
import pathlib
import subprocess
import sys
import tempfile


def render(helm, expressions):
    """What Helm prints for the expressions; None if it fails."""
    with tempfile.TemporaryDirectory() as folder:
        chart = pathlib.Path(folder)
        (chart / "templates").mkdir()
        (chart / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 0.1.0\n")
        (chart / "values.yaml").write_text(pathlib.Path("values.yaml").read_text())
        defines, lines = [], []
        for number, expression in enumerate(expressions):
            defines.append(f'{{{{- define "e{number}" }}}}{{{{ {expression} }}}}{{{{ end }}}}')
            lines.append(f'e{number}: {{{{ include "e{number}" . | toJson }}}}')
        (chart / "templates" / "all.yaml").write_text("\n".join(defines + lines) + "\n")
        done = subprocess.run(
            [helm, "template", "demo", folder], capture_output=True, text=True, check=False, timeout=600
        )
        if done.returncode != 0:
            return None, done.stderr
        texts = [line.split(": ", 1)[1] for line in done.stdout.splitlines() if line.startswith("e")]
        # Helm removes the mark of a missing value from what it renders, but not from what `include` gives.
        return [json.loads(text).replace("<no value>", "") for text in texts], ""


def record(helm, path):
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    good = [line for line in lines if not line.startswith("! ")]
    printed, error = render(helm, good)
    if printed is None:
        sys.exit(f"{path}: Helm fails:\n{error}")
    assert len(printed) == len(good), path
    results, printed = [], iter(printed)
    for line in lines:
        if line.startswith("! "):
            alone, _ = render(helm, [line[2:]])
            if alone is not None:
                sys.exit(f"{path}: Helm does not fail: {line[2:]} gives {alone[0]!r}")
            results.append(None)
        else:
            results.append(next(printed))
    return "".join(json.dumps(result, ensure_ascii=False) + "\n" for result in results)


def main():
    mode, helm = sys.argv[1:]
    differ = []
    for path in sorted(pathlib.Path(".").glob("*.txt")):
        result = record(helm, path)
        recorded = path.with_suffix(".helm")
        if mode == "--write":
            recorded.write_text(result)
        elif not recorded.exists() or recorded.read_text() != result:
            differ.append(str(recorded))
    if differ:
        sys.exit("not what Helm prints: " + ", ".join(differ))


main()
