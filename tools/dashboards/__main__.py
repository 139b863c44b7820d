"""Writes the dashboards and alert rules of the chart `kubiya-runner`; `--check` says whether they are current instead.

    python3 tools/dashboards [--check]
"""

import json
import pathlib
import sys

import alerts
import boards

FILES = pathlib.Path(__file__).resolve().parents[2] / "chart/kubiya-runner/files"


def text(value, wide=(), depth=0):
    """JSON with one line for each panel, variable or rule: it stays small, and a change shows where it is."""
    if depth == 0 and isinstance(value, dict):
        parts = [f"  {json.dumps(key)}: {text(item, wide, 1)}" for key, item in value.items()]
        return "{\n" + ",\n".join(parts) + "\n}\n"
    if depth < 4 and isinstance(value, list) and value and isinstance(value[0], dict):
        items = [text(item, wide, depth + 1) for item in value]
        return "[\n" + ",\n".join("    " + item for item in items) + "\n  ]"
    if isinstance(value, dict) and any(key in value for key in wide):
        return "{" + ", ".join(f"{json.dumps(key)}: {text(item, wide, depth + 1)}" for key, item in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def wanted():
    found = {f"dashboards/{name}.json": text(board(), wide=("list",)) for name, board in boards.ALL.items()}
    # JSON is YAML: both programs read it.
    found["alerts/prometheus.yaml"] = text(alerts.prometheus(), wide=("rules",))
    found["alerts/grafana.yaml"] = text(alerts.grafana(), wide=("rules",))
    return found


def main():
    check = sys.argv[1:] == ["--check"]
    stale = []
    for name, content in wanted().items():
        path = FILES / name
        if path.exists() and path.read_text(encoding="utf-8") == content:
            continue
        stale.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    for name in stale:
        print(f"chart/kubiya-runner/files/{name} is {'not current' if check else 'written'}")
    sys.exit(1 if check and stale else 0)


main()
