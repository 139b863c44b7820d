#!/usr/bin/env python3
"""Whole-process time and peak memory of `runnerctl template` against `helm template` on Go-template charts, in one run.

The charts: what `helm create` writes; a large one made here, with many alert rules, dashboards and CRDs; umbrellas
whose subcharts hold 50 to 500 templates, for the growth; and any charts named on the command line. Both programs
must print the same bytes, or there is nothing to compare.

    cargo build --release
    python3 benches/template.py --helm "$(command -v helm)" [CHART...]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from processes import HEADER, compare, row

ROOT = Path(__file__).resolve().parent.parent

HELPERS = """\
{{- define "NAME.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "NAME.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.extraLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}
"""

DEPLOYMENT = """\
{{- if .Values.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "NAME.fullname" . }}-NUMBER
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "NAME.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas | default 1 }}
  selector:
    matchLabels:
      {{- include "NAME.labels" . | nindent 6 }}
  template:
    metadata:
      annotations:
        checksum/values: {{ toYaml .Values | sha256sum }}
      labels:
        {{- include "NAME.labels" . | nindent 8 }}
    spec:
      containers:
        - name: {{ .Chart.Name }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          env:
            {{- range $name, $value := .Values.env }}
            - name: {{ $name | upper }}
              value: {{ tpl $value $ | quote }}
            {{- end }}
          {{- with .Values.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
{{- end }}
"""

RULES = """\
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: {{ include "NAME.fullname" . }}-rules-NUMBER
  labels:
    {{- include "NAME.labels" . | nindent 4 }}
spec:
  groups:
    - name: group-NUMBER
      rules:
"""

RULE = """\
{{- if not (.Values.disabledRules.RULE | default false) }}
        - alert: RULE
          annotations:
            {{- with .Values.ruleAnnotations }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
            description: The job {{`{{`}} $labels.job {{`}}`}} of {{ $.Release.Name }} fails.
            runbook_url: {{ .Values.runbookUrl }}/rule
          expr: |-
            sum by ({{ range $.Values.aggregation }}{{ . }},{{ end }}job) (rate(errors_total{job="x"}[5m])) > NUMBER
          for: {{ dig "RULE" "for" "10m" .Values.customRules }}
          labels:
            severity: {{ dig "RULE" "severity" "warning" .Values.customRules }}
{{- end }}
"""

VALUES = {
    "enabled": True,
    "replicas": 2,
    "image": {"repository": "example.com/app", "tag": ""},
    "env": {f"setting{number}": f"{{{{ .Release.Name }}}}-{number}" for number in range(10)},
    "resources": {"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "100m", "memory": "128Mi"}},
    "extraLabels": {"team": "platform"},
    "disabledRules": {},
    "customRules": {},
    "ruleAnnotations": {"owner": "platform"},
    "runbookUrl": "https://example.com/runbooks",
    "aggregation": ["namespace", "pod"],
}


def metadata(name):
    return f"apiVersion: v2\nname: {name}\nversion: 1.0.0\nappVersion: 2.0.0\n"


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def deployments(chart, name, count):
    """A chart of `count` deployments."""
    write(chart / "Chart.yaml", metadata(name))
    write(chart / "values.yaml", json.dumps(VALUES))
    write(chart / "templates/_helpers.tpl", HELPERS.replace("NAME", name))
    for number in range(count):
        text = DEPLOYMENT.replace("NAME", name).replace("NUMBER", str(number))
        write(chart / f"templates/deployment-{number}.yaml", text)


def large(chart):
    """Rules, dashboards and CRDs, as the charts of monitoring stacks hold them."""
    deployments(chart, "large", 20)
    for number in range(40):
        rules = "".join(RULE.replace("RULE", f"Rule{number}x{rule}") for rule in range(20))
        text = (RULES + rules).replace("NAME", "large").replace("NUMBER", str(number))
        write(chart / f"templates/rules-{number}.yaml", text)
    panels = [{"id": panel, "title": f"panel {panel}", "targets": [{"expr": "up"}] * 5} for panel in range(100)]
    dashboard = json.dumps({"panels": panels}, indent=2)
    indented = "\n".join(f"    {line}" for line in dashboard.splitlines())
    for number in range(30):
        head = RULES.partition("spec:")[0].replace("monitoring.coreos.com/v1", "v1")
        head = head.replace("PrometheusRule", "ConfigMap").replace("-rules-", "-dashboard-")
        head = head.replace("NAME", "large").replace("NUMBER", str(number))
        write(chart / f"templates/dashboard-{number}.yaml", f"{head}data:\n  dashboard.json: |-\n{indented}\n")
    fields = {f"field{field}": {"type": "string", "description": "text " * 20} for field in range(1000)}
    schema = {"openAPIV3Schema": {"type": "object", "properties": fields}}
    for number in range(10):
        crd = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
        crd |= {"metadata": {"name": f"things{number}.example.com"}, "spec": {"versions": [{"schema": schema}]}}
        write(chart / f"crds/crd-{number}.yaml", json.dumps(crd, indent=1))


def umbrella(chart, templates):
    """Subcharts with ten templates each."""
    write(chart / "Chart.yaml", metadata("umbrella"))
    write(chart / "values.yaml", json.dumps({"global": {"region": "eu"}}))
    for number in range(templates // 10):
        deployments(chart / f"charts/part{number}", f"part{number}", 10)


def charts(folder, helm, environment):
    """Every chart that is measured, by name."""
    subprocess.run([helm, "create", "small"], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    large(folder / "large")
    made = {"helm create": folder / "small", "large": folder / "large"}
    for templates in (50, 100, 250, 500):
        made[f"umbrella {templates}"] = folder / f"umbrella-{templates}"
        umbrella(made[f"umbrella {templates}"], templates)
    return made


def same_output(ours, theirs, environment):
    """Whether both commands print the same bytes."""
    texts = [subprocess.run(command, env=environment, capture_output=True, check=False) for command in (ours, theirs)]
    return texts[0].returncode == texts[1].returncode == 0 and texts[0].stdout == texts[1].stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("charts", nargs="*", type=Path, help="more charts to measure")
    parser.add_argument("--runnerctl", default=ROOT / "target/release/runnerctl", type=Path)
    parser.add_argument("--helm", required=True, type=Path, help="the real binary, not a wrapper script")
    parser.add_argument("--rounds", default=15, type=int)
    arguments = parser.parse_args()

    differing = []
    with tempfile.TemporaryDirectory() as name:
        # Helm writes caches; they go where they are deleted.
        environment = {"HOME": name, "PATH": os.defpath}
        runnerctl, helm = arguments.runnerctl.resolve(), arguments.helm.resolve()
        measured = charts(Path(name), helm, environment)
        measured |= {chart.name: chart.resolve() for chart in arguments.charts}
        print(HEADER)
        for label, chart in measured.items():
            ours, theirs = ([program, "template", "rel", chart, "--include-crds"] for program in (runnerctl, helm))
            if same_output(ours, theirs, environment):
                print(row(label, *compare(ours, theirs, arguments.rounds, environment)), flush=True)
            else:
                differing.append(label)
    if differing:
        sys.exit(f"not the same output: {', '.join(differing)}")


if __name__ == "__main__":
    main()
