{{ define "sub" }}helper of 2{{ end }}
