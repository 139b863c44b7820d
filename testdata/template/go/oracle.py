"""Renders the cases of this folder with real Helm.

A case is a text file. Its head is YAML: `why`, a sentence; `args`, more arguments; `stricter`, in `err`, why we
refuse what Helm takes. Each line `--- <path> [<form>...]` starts a file of the chart; the forms are `crlf` (its lines
end so), `bom` (a mark stands before it) and `base64` (its bytes are written so). `ok/<name>.helm` is what Helm prints;
of what is in `err`, each template must fail with the partials alone.
"""

import base64
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

CHART = "apiVersion: v2\nname: case\nversion: 1.2.3\nappVersion: v9\n"


def split(text):
    """The head's fields, and the bytes of each file."""
    head, files, forms = {}, {}, {}
    name = None
    for line in text.splitlines(keepends=True):
        words = line.split()
        if line.startswith("--- ") and len(words) > 1:
            name = words[1]
            files[name], forms[name] = "", words[2:]
        elif name is None:
            key, _, value = line.strip().partition(": ")
            head[key] = value
        else:
            files[name] += line
    return head, {name: encoded(text, forms[name]) for name, text in files.items()}


def encoded(text, forms):
    if "base64" in forms:
        return base64.b64decode(text)
    if "crlf" in forms:
        text = text.replace("\n", "\r\n")
    return (b"\xef\xbb\xbf" if "bom" in forms else b"") + text.encode()


def render(helm, args, files, home):
    with tempfile.TemporaryDirectory() as folder:
        chart = pathlib.Path(folder)
        (chart / "Chart.yaml").write_text(CHART)
        for name, data in files.items():
            (chart / name).parent.mkdir(parents=True, exist_ok=True)
            (chart / name).write_bytes(data)
        command = [helm, "template", "demo", folder, *shlex.split(args)]
        environment = {**os.environ, "HOME": home}
        return subprocess.run(command, capture_output=True, env=environment, check=False, timeout=600)


def is_alone(name):
    """Whether a file is a template of the chart itself, and no partial."""
    return name.startswith("templates/") and not pathlib.Path(name).name.startswith("_")


def accepted(helm, args, files, home):
    """The templates that Helm renders though they are to fail."""
    templates = [name for name in files if is_alone(name)]
    for template in templates:
        own = {name: data for name, data in files.items() if name not in templates or name == template}
        if render(helm, args, own, home).returncode == 0:
            yield template


def main():
    helm, mode, *wanted = sys.argv[1:]
    wrong = []
    with tempfile.TemporaryDirectory() as home:
        for case in sorted(pathlib.Path(".").glob("*/*.txt")):
            if wanted and case.stem not in wanted:
                continue
            head, files = split(case.read_text())
            args = head.get("args", "")
            recorded = case.with_suffix(".helm")
            if case.parent.name == "err":
                if "stricter" not in head:
                    wrong += [f"{case}: Helm takes {name}" for name in accepted(helm, args, files, home)]
                continue
            done = render(helm, args, files, home)
            if done.returncode != 0:
                wrong.append(f"{case}: Helm fails: {done.stderr.decode().strip()}")
            elif mode == "--write":
                recorded.write_bytes(done.stdout)
            elif not recorded.exists() or recorded.read_bytes() != done.stdout:
                wrong.append(f"{recorded} is not what Helm prints")
    if wrong:
        sys.exit("\n".join(wrong))


main()
