{{- define "lib.labels" -}}{ chart: {{ .Chart.Name }}, domain: {{ .Values.global.domain }} }{{- end -}}
