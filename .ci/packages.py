#!/usr/bin/env python3
"""Proves with real Helm that packages of the built-in chart render what `runnerctl template` renders of its sources.

usage: packages.py RUNNERCTL HELM [--sets 48] [--seed 1]

For each set of values (the overlays, then overrides drawn from the schema) the whole package must give the same bytes, and
the parts of `package --split` together the same objects. Helm must also lint, show, install and repack what was written,
and a package in which one character is changed must be caught.
"""

import argparse
import http.server
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHART = "kubiya-runner"
SAMPLES = ["a", "b-c", "x/y", "10m", "1Gi", "64Mi", "info", "5m", "/data", "8080", "50%", "v1.2", "TCP", "*/5 * * * *",
           "registry.example.com", "sha256:" + "ab" * 32, "1e3", "true", "yes", "null", "- x", "{{ x }}", "a: b", "#"]


def run(*command, **options):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)


def must(*command, **options):
    done = run(*command, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed\n{done.stdout}{done.stderr}")
    return done.stdout


class Draw:
    """Draws overrides that a JSON schema should accept."""

    def __init__(self, schema, chance):
        self.schema, self.chance = schema, chance

    def resolved(self, schema):
        while "$ref" in schema:
            step = self.schema
            for name in schema["$ref"].removeprefix("#/").split("/"):
                step = step[name]
            schema = step
        return schema

    def leaves(self, schema, path=()):
        schema = self.resolved(schema)
        if schema.get("properties"):
            for name, below in schema["properties"].items():
                yield from self.leaves(below, (*path, name))
        elif path:
            yield path, schema

    def value(self, schema, depth=0):
        schema, chance = self.resolved(schema), self.chance
        if "enum" in schema:
            return chance.choice(schema["enum"])
        kinds = schema.get("type", ["string", "integer", "boolean"])
        kind = chance.choice(kinds if isinstance(kinds, list) else [kinds])
        if kind == "boolean":
            return chance.random() < 0.5
        if kind in ("integer", "number"):
            low, high = schema.get("minimum", 0), schema.get("maximum", 3_000_000)
            return chance.choice([low, high, chance.randint(int(low), int(min(high, low + 9)))])
        if kind == "string":
            fits = [text for text in SAMPLES if re.search(schema.get("pattern", ""), text)]
            return chance.choice(fits or [""])
        if kind == "array" and depth < 4:
            count = max(schema.get("minItems", 0), chance.randint(0, 2))
            return [self.value(schema.get("items", {}), depth + 1) for _ in range(count)]
        if kind == "object" and depth < 4:
            made = {name: self.value(schema["properties"][name], depth + 1) for name in schema.get("required", [])
                    if name in schema.get("properties", {})}
            below = schema.get("additionalProperties", True)
            if below is not False and chance.random() < 0.7:
                made[chance.choice(["first", "second"])] = self.value(below if isinstance(below, dict) else {}, depth + 1)
            return made
        return None

    def overrides(self, count):
        chosen = {}
        leaves = list(self.leaves(self.schema))
        for path, schema in self.chance.sample(leaves, min(count, len(leaves))):
            chosen[path] = self.value(schema)
        return chosen


def nested(chosen):
    tree = {}
    for path, value in sorted(chosen.items()):
        step = tree
        for name in path[:-1]:
            step = step.setdefault(name, {})
        step[path[-1]] = value
    return tree


def documents(text):
    """The objects of a rendering, each without the line that names its template."""
    parts = re.split(r"(?m)^---\n", text)
    return [re.sub(r"(?m)\A# Source: .*\n", "", part).rstrip("\n") for part in parts if part.strip()]


class Cluster(http.server.BaseHTTPRequestHandler):
    """As much of an API server as Helm asks for before a dry run: versions, and that no object exists."""

    kinds = {}

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = self.path.split("?")[0].strip("/")
        names = [name for name in self.kinds if "/" in name]
        groups = [{"name": name.split("/")[0], "versions": [{"groupVersion": name, "version": name.split("/")[1]}],
                   "preferredVersion": {"groupVersion": name, "version": name.split("/")[1]}} for name in names]
        answers = {
            "version": {"major": "1", "minor": "32", "gitVersion": "v1.32.0"},
            "api": {"kind": "APIVersions", "versions": ["v1"]},
            "apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups},
        }
        for version, kinds in self.kinds.items():
            resources = [{"name": kind.lower() + "s", "kind": kind, "namespaced": not kind.startswith("Cluster"),
                          "singularName": kind.lower(), "verbs": ["get", "create"]} for kind in sorted(kinds)]
            answers["api/v1" if version == "v1" else f"apis/{version}"] = {
                "kind": "APIResourceList", "groupVersion": version, "resources": resources}
        absent = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}
        answer = answers.get(path)
        body = json.dumps(answer or absent).encode()
        self.send_response(200 if answer else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def check_install(helm, archive, values, expected, scratch):
    """`helm install --dry-run=client` shows the same manifests."""
    for text in documents(expected):
        version = re.search(r"(?m)^apiVersion: (\S+)", text)[1].strip('"')
        Cluster.kinds.setdefault(version, set()).add(re.search(r"(?m)^kind: (\S+)", text)[1])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Cluster)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    config = scratch / "kubeconfig"
    config.write_text(json.dumps({
        "apiVersion": "v1", "kind": "Config", "current-context": "c",
        "clusters": [{"name": "c", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}], "users": [{"name": "u", "user": {}}]}))
    shown = must(helm, "install", "demo", archive, *values, "--dry-run=client", "--disable-openapi-validation",
                 "--kubeconfig", config)
    server.shutdown()
    manifest = shown.split("MANIFEST:\n", 1)[1].split("\nNOTES:\n", 1)[0]
    hooks = shown.split("HOOKS:\n", 1)[1].split("MANIFEST:\n", 1)[0]
    if sorted(documents(manifest) + documents(hooks)) != sorted(documents(expected)):
        sys.exit("`helm install --dry-run=client` shows other objects")


def value_sets(arguments, scratch, draw):
    """Names of values files; all but the first few are drawn. Sets that the chart refuses are thinned out."""
    base = scratch / "base.yaml"
    must(arguments.runnerctl, "init", base)
    example = ROOT / "values" / CHART / "examples" / "overrides.yaml"
    yield [base]
    yield [example]
    for overlay in sorted((ROOT / "values" / CHART).glob("*.yaml")):
        yield [overlay, base]
    for values in sorted((ROOT / "chart" / CHART / "ci").glob("*-values.yaml")):
        yield [values]
    for number in range(arguments.sets):
        drawn = scratch / f"drawn-{number}.yaml"
        chosen = draw.overrides(4 + 2 * (number % 12))
        while True:
            drawn.write_text(json.dumps(nested(chosen), indent=1))
            files = [base if number % 2 else example, drawn]
            if run(arguments.runnerctl, "template", "demo", CHART, *flags(files)).returncode == 0:
                break
            for path in draw.chance.sample(sorted(chosen), (len(chosen) + 1) // 2):
                del chosen[path]
        if chosen:
            yield files


def flags(files):
    return [word for file in files for word in ("-f", file)]


def check_sets(arguments, scratch, whole, parts, draw):
    count, drawn = 0, 0
    for files in value_sets(arguments, scratch, draw):
        expected = must(arguments.runnerctl, "template", "demo", CHART, *flags(files))
        by_helm = must(arguments.helm, "template", "demo", whole, *flags(files))
        if by_helm != expected:
            (scratch / "expected.yaml").write_text(expected)
            (scratch / "helm.yaml").write_text(by_helm)
            sys.exit(run("diff", scratch / "expected.yaml", scratch / "helm.yaml").stdout + f"differs with {files}")
        union = []
        for part in parts:
            union += documents(must(arguments.helm, "template", "demo", part, *flags(files)))
        if sorted(union) != sorted(documents(expected)):
            odd = sorted(set(union) ^ set(documents(expected))) or ["an object is in two parts"]
            sys.exit(f"the parts are not the whole with {files}:\n" + "\n---\n".join(odd[:4]))
        count += 1
        drawn += files[-1].name.startswith("drawn-")
    if drawn < 40:
        sys.exit(f"only {drawn} drawn sets of values satisfy the schema")
    print(f"{count} sets of values, {drawn} of them drawn: Helm renders the package to the bytes of the sources, "
          f"and the {len(parts)} parts to the same objects")
    return flags([scratch / "base.yaml"])


def check_handling(arguments, scratch, archives, values):
    """Whatever else Helm does with packages."""
    for archive in archives:
        must(arguments.helm, "lint", archive, *values)
        for what in ("chart", "values", "readme", "all"):
            must(arguments.helm, "show", what, archive)
        unpacked = scratch / "unpacked" / archive.name
        shutil.unpack_archive(archive, unpacked, "gztar", filter="data")
        must(arguments.helm, "package", next(unpacked.iterdir()), "-d", scratch / "repacked")
    print(f"Helm lints, shows and repacks {len(archives)} packages")


def check_mutation(arguments, scratch, whole, values):
    """One changed character is noticed."""
    caught = 0
    for name in ("components/agent-manager/deployment.yaml", "_metadata.tpl", "components/tool-manager/role.yaml"):
        folder = scratch / f"mutated-{caught}"
        shutil.unpack_archive(whole, folder, "gztar", filter="data")
        template = folder / CHART / "templates" / name
        text = template.read_text()
        at = max(text.rfind("name"), 0)
        template.write_text(text[:at] + "N" + text[at + 1:])
        expected = must(arguments.runnerctl, "template", "demo", CHART, *values)
        if run(arguments.helm, "template", "demo", folder / CHART, *values).stdout == expected:
            sys.exit(f"a changed character in {name} is not noticed")
        caught += 1
    print(f"{caught} changed characters are noticed")


def check_reproducible(arguments, scratch, whole):
    """The same sources give the same bytes from another folder, by another user's habits, for any time but the one set."""
    copy = scratch / "elsewhere" / "deep"
    for tree in ("chart", "templates", "values"):
        shutil.copytree(ROOT / tree, copy / tree, copy_function=shutil.copy)
    habits = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "HOME": str(scratch)}
    must(arguments.runnerctl, "package", f"chart/{CHART}", "-d", scratch / "again", cwd=copy, env=habits,
         preexec_fn=lambda: os.umask(0o077))
    if (scratch / "again" / whole.name).read_bytes() != whole.read_bytes():
        sys.exit("the same sources make another package in another folder")
    must(arguments.runnerctl, "package", "-d", scratch / "dated", env={"SOURCE_DATE_EPOCH": "1700000000"})
    if (scratch / "dated" / whole.name).read_bytes() == whole.read_bytes():
        sys.exit("SOURCE_DATE_EPOCH changes nothing")
    print("the same sources make the same bytes elsewhere")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("runnerctl", type=Path)
    parser.add_argument("helm", type=Path)
    parser.add_argument("--sets", type=int, default=48)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    arguments.runnerctl, arguments.helm = arguments.runnerctl.resolve(), arguments.helm.resolve()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        # Helm writes caches; they go where they are deleted.
        os.environ["HOME"] = folder
        must(arguments.runnerctl, "package", "-d", scratch / "whole")
        must(arguments.runnerctl, "package", "--split", "-d", scratch / "parts")
        must(arguments.runnerctl, "package", "--component", "agent-manager", "-d", scratch / "alone")
        whole = next((scratch / "whole").iterdir())
        parts, alone = sorted((scratch / "parts").iterdir()), next((scratch / "alone").iterdir())
        schema = json.loads((ROOT / "chart" / CHART / "values.schema.json").read_text())
        draw = Draw(schema, random.Random(arguments.seed))
        values = check_sets(arguments, scratch, whole, parts, draw)
        expected = must(arguments.runnerctl, "template", "demo", CHART, *values)
        of_alone = documents(must(arguments.helm, "template", "demo", alone, *values))
        if not set(of_alone) < set(documents(expected)) or not any("kind: Secret" in text for text in of_alone):
            sys.exit("a component alone does not render its part of the whole with what it shares")
        check_install(arguments.helm, whole, values, expected, scratch)
        check_handling(arguments, scratch, [whole, alone, *parts], values)
        check_mutation(arguments, scratch, whole, values)
        check_reproducible(arguments, scratch, whole)


if __name__ == "__main__":
    main()
