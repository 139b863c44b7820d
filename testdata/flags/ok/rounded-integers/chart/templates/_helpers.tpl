{{ define "demo.size" }}{{ .Values.big }}{{ end }}
