#!/usr/bin/env python3
"""Writes `table.txt`: which fields the objects of Kubernetes have, of which types, and in which minor versions.

The facts are those of Kubernetes' own API description, as the PyPI package `kubernetes-validate` carries it for each
minor version (its schemas `vX.Y.0-local`). Descriptions are left out, so that the table stays small.

    python3 src/check/kubernetes/table.py > src/check/kubernetes/table.txt

The format, a line each:

    versions FIRST LAST         the minor versions that the table covers
    kind GROUP/VERSION KIND TYPE [RANGE]
    @TYPE                       the fields that follow belong to it
    NAME[!] SHAPE [KEYS] [RANGE] `!`: required; KEYS, as in `(name)`: no two items of the list share these fields; a field
                                whose shape changed has a line for each

SHAPE is a letter, `[]SHAPE`, `{}SHAPE` (a map from texts) or the number of a type; the letters stand in `LETTERS`.
RANGE, as in `27-30`, `27-` or `-30`, is left out where it is all versions.
"""

import json
import sys
from pathlib import Path

import kubernetes_validate

LETTERS = {
    "any": "*",
    "object": "o",
    "string": "s",
    "boolean": "b",
    "int32": "i",
    "int64": "l",
    "double": "d",
    "byte": "y",
    "date-time": "t",
    "quantity": "q",
    "int-or-string": "x",
}
# Types without fields that have a meaning of their own.
SPECIAL = {
    "api.resource.Quantity": "q",
    "util.intstr.IntOrString": "x",
    "meta.v1.Time": "t",
    "meta.v1.MicroTime": "t",
}


def short(name):
    """`io.k8s.api.core.v1.Pod` as `core.v1.Pod`: no two types share a short name."""
    for mark in (".pkg.apis.", "io.k8s.api.", ".pkg."):
        if mark in name:
            return name.partition(mark)[2]
    return name


def read(folder):
    """The definitions of one minor version."""
    text = json.loads((folder / "_definitions.json").read_text(encoding="utf-8"))
    return text.get("$defs") or text["definitions"]


def plain(kind):
    """A JSON schema type without its `null`."""
    if isinstance(kind, list):
        kind = [name for name in kind if name != "null"]
        return kind[0]
    return kind


def shape(schema, definitions):
    """The shape of a schema, as text; types by their full names in `<>`."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        target = definitions[name]
        if short(name) in SPECIAL:
            return SPECIAL[short(name)]
        if "properties" in target:
            return f"<{name}>"
        return LETTERS["object"] if plain(target.get("type")) == "object" else LETTERS["any"]
    kind = plain(schema.get("type"))
    if kind == "array":
        return "[]" + shape(schema["items"], definitions)
    if kind == "object":
        values = schema.get("additionalProperties")
        return "{}" + shape(values, definitions) if isinstance(values, dict) else LETTERS["object"]
    if kind is None:
        return LETTERS["any"]
    return LETTERS[schema.get("format") if schema.get("format") in LETTERS else kind]


def span(versions, first, last):
    """The versions in which something exists, or nothing if it is all of them."""
    start = "" if versions[0] == first else str(versions[0])
    end = "" if versions[-1] == last else str(versions[-1])
    return f" {start}-{end}" if start or end else ""


def gather(folders):
    """Kinds and fields with the versions that have them, the latest description of each winning."""
    kinds, types = {}, {}
    for version, folder in folders:
        definitions = read(folder)
        for name, definition in definitions.items():
            for use in definition.get("x-kubernetes-group-version-kind", []):
                api = f"{use['group']}/{use['version']}" if use["group"] else use["version"]
                if "properties" in definition and "apiVersion" in definition["properties"]:
                    kinds.setdefault((api, use["kind"]), {}).setdefault("versions", []).append(version)
                    kinds[api, use["kind"]]["type"] = name
            required = definition.get("required", [])
            for field, schema in definition.get("properties", {}).items():
                # A field may change its type, and is then another one.
                key = (field, shape(schema, definitions))
                entry = types.setdefault(name, {}).setdefault(key, {"versions": []})
                entry["versions"].append(version)
                entry["required"] = field in required
                keys = schema.get("x-kubernetes-list-map-keys") if schema.get("x-kubernetes-list-type") == "map" else None
                entry["keys"] = f" ({','.join(keys)})" if keys else ""
    return kinds, types


def reachable(kinds, types):
    """The types that some manifest can hold, in the order of their names."""
    found, waiting = set(), [kind["type"] for kind in kinds.values()]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        for _, text in types.get(name, {}):
            if "<" in text:
                waiting.append(text.partition("<")[2][:-1])
    return sorted(found, key=short)


def served(kinds):
    """Kinds that are applied: what only the server makes, and options of requests, are no manifests."""
    options = ("DeleteOptions", "WatchEvent", "Status", "APIGroup", "APIGroupList", "APIResourceList", "APIVersions")
    return {key: kind for key, kind in kinds.items() if key[1] not in options}


def main():
    root = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"
    folders = sorted((int(path.name.split(".")[1]), path) for path in root.glob("v1.*.0-local"))
    first, last = folders[0][0], folders[-1][0]
    kinds, types = gather(folders)
    kinds = served(kinds)
    names = reachable(kinds, types)
    assert len({short(name) for name in names}) == len(names), "two types share a short name"
    number = {name: index for index, name in enumerate(names)}
    lines = [f"versions {first} {last}"]
    for (api, kind), entry in sorted(kinds.items()):
        lines.append(f"kind {api} {kind} {number[entry['type']]}{span(entry['versions'], first, last)}")
    for name in names:
        lines.append(f"@{short(name)}")
        for (field, known), entry in sorted(types.get(name, {}).items()):
            before, _, rest = known.partition("<")
            text = before + (str(number[rest[:-1]]) if rest else "")
            mark = "!" if entry["required"] else ""
            lines.append(f"{field}{mark} {text}{entry['keys']}{span(entry['versions'], first, last)}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
