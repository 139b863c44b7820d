{{ define "label" }}app: {{ . }}{{ end }}
