{{ define "sub" }}helper of 1{{ end }}
