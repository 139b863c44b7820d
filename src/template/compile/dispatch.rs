//! Owns the definitions that do at run time what Go templates have no function for; only those that are used are written.
//!
//! When one is needed is decided where expressions are translated.

use super::code::Code;
use super::kinds::Type;
use super::unit::Unit;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A definition for values whose kind is known at run time only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Helper {
    /// Compares two numbers or two texts.
    Compare,
    /// A number with a fraction as `~` writes it.
    Decimal,
    /// Whether a text, list or map has something in it.
    In,
    /// Any value as `~` writes it.
    Joined,
    /// Any value in double quotes.
    Quote,
    /// Any value in single quotes.
    Squote,
    /// Adds numbers, texts or lists.
    Sum,
    /// Any value as it is printed.
    Text,
    /// The items of a list as they are printed.
    Texts,
}

const ALL: [Helper; 9] = [
    Helper::Compare,
    Helper::Decimal,
    Helper::In,
    Helper::Joined,
    Helper::Quote,
    Helper::Squote,
    Helper::Sum,
    Helper::Text,
    Helper::Texts,
];

impl Helper {
    fn name(self) -> &'static str {
        match self {
            Self::Compare => "compare",
            Self::Decimal => "decimal",
            Self::In => "in",
            Self::Joined => "joined",
            Self::Quote => "quote",
            Self::Squote => "squote",
            Self::Sum => "sum",
            Self::Text => "text",
            Self::Texts => "texts",
        }
    }

    /// What it needs itself.
    fn needs(self) -> &'static [Self] {
        match self {
            Self::In => &[Self::Joined, Self::Text],
            Self::Joined | Self::Quote | Self::Squote | Self::Texts => &[Self::Text],
            Self::Compare | Self::Decimal | Self::Sum | Self::Text => &[],
        }
    }

    fn comment(self) -> &'static str {
        match self {
            Self::Compare => "Compares two numbers or two texts: -1, 0 or 1.",
            Self::Decimal => "A number with its fraction, if only a zero.",
            Self::In => "Whether the first is a part of the second: of a text, of a list, or a key of a map.",
            Self::Joined => "Any value as part of a text: null is `None`, booleans begin with a capital.",
            Self::Quote => "Any value in double quotes; null is nothing.",
            Self::Squote => "Any value in single quotes; null is nothing.",
            Self::Texts => "The items of a list as JSON texts, integers with all of their digits.",
            Self::Sum => "The sum of two numbers, texts or lists, as JSON under `value`.",
            Self::Text => "Prints any value: null as nothing, integers with all of their digits.",
        }
    }

    /// The body; `CHART` stands for the chart's name.
    fn body(self) -> &'static str {
        match self {
            Self::Compare => COMPARE,
            Self::Decimal => DECIMAL,
            Self::In => IN,
            Self::Joined => JOINED,
            Self::Quote => QUOTE,
            Self::Squote => SQUOTE,
            Self::Sum => SUM,
            Self::Texts => TEXTS,
            Self::Text => TEXT,
        }
    }
}

const COMPARE: &str = r#"
{{- $a := index . 0 }}
{{- $b := index . 1 }}
{{- if not (and (kindIs "string" $a) (kindIs "string" $b)) }}
  {{- if or (kindIs "string" $a) (kindIs "string" $b) }}
    {{- fail (printf "%v and %v cannot be compared" $a $b) }}
  {{- end }}
  {{- $a = float64 $a }}
  {{- $b = float64 $b }}
{{- end }}
{{- ternary -1 (ternary 0 1 (eq $a $b)) (lt $a $b) }}"#;

const DECIMAL: &str = r#"
{{- if eq (floor .) . }}
  {{- printf "%.1f" . }}
{{- else }}
  {{- toJson . }}
{{- end }}"#;

const IN: &str = r#"
{{- $part := index . 0 }}
{{- $whole := index . 1 }}
{{- $found := false }}
{{- if kindIs "string" $whole }}
  {{- $found = contains (include "CHART.joined" $part) $whole }}
{{- else if kindIs "map" $whole }}
  {{- $found = and (kindIs "string" $part) (hasKey $whole $part) }}
{{- else }}
  {{- range $whole }}
    {{- $found = or $found (eq (toJson .) (toJson $part)) }}
  {{- end }}
{{- end }}
{{- $found }}"#;

const JOINED: &str = r#"
{{- if kindIs "invalid" . }}
  {{- "None" }}
{{- else if kindIs "bool" . }}
  {{- ternary "True" "False" . }}
{{- else if kindIs "float64" . }}
  {{- toJson . }}
{{- else }}
  {{- include "CHART.text" . }}
{{- end }}"#;

const QUOTE: &str = r#"
{{- if not (kindIs "invalid" .) }}
  {{- include "CHART.text" . | quote }}
{{- end }}"#;

const SQUOTE: &str = r#"
{{- if not (kindIs "invalid" .) }}
  {{- include "CHART.text" . | squote }}
{{- end }}"#;

const TEXTS: &str = r#"
{{- $texts := list }}
{{- range . }}
  {{- if not (kindIs "invalid" .) }}
    {{- $texts = append $texts (include "CHART.text" .) }}
  {{- end }}
{{- end }}
{{- $texts | toJson }}"#;

const SUM: &str = r#"
{{- $a := index . 0 }}
{{- $b := index . 1 }}
{{- if and (kindIs "string" $a) (kindIs "string" $b) }}
  {{- dict "value" (printf "%s%s" $a $b) | toJson }}
{{- else if and (kindIs "slice" $a) (kindIs "slice" $b) }}
  {{- dict "value" (concat $a $b | default list) | toJson }}
{{- else if or (has (kindOf $a) (list "string" "slice" "map" "invalid")) (has (kindOf $b) (list "string" "slice" "map" "invalid")) }}
  {{- fail (printf "%v and %v cannot be added" $a $b) }}
{{- else }}
  {{- dict "value" (addf $a $b) | toJson }}
{{- end }}"#;

const TEXT: &str = r#"
{{- if kindIs "float64" . }}
  {{- ternary (int64 .) . (eq (float64 (int64 .)) .) }}
{{- else if kindIs "slice" . }}
  {{- "[" }}
  {{- range $index, $item := . }}
    {{- ternary " " "" (gt $index 0) }}
    {{- if kindIs "invalid" $item }}<nil>{{ else }}{{ include "CHART.text" $item }}{{ end }}
  {{- end }}
  {{- "]" }}
{{- else if kindIs "map" . }}
  {{- $separator := "" }}
  {{- "map[" }}
  {{- range $key, $item := . }}
    {{- $separator }}{{ $key }}:{{ if kindIs "invalid" $item }}<nil>{{ else }}{{ include "CHART.text" $item }}{{ end }}
    {{- $separator = " " }}
  {{- end }}
  {{- "]" }}
{{- else if not (kindIs "invalid" .) }}
  {{- . }}
{{- end }}"#;

impl Unit<'_, '_> {
    /// The text that the definition gives for the argument.
    pub(super) fn help(&mut self, helper: Helper, argument: Code) -> Code {
        let name = Code::text_literal(&format!("{}.{}", self.program.chart, helper.name()));
        Code::call("include", &[name, argument], Type::text())
    }
}

/// The template that holds the definitions that the texts use, if there are any.
pub(super) fn template(chart: &str, texts: &[&str]) -> Option<String> {
    let is_used = |helper: &&Helper| {
        let call = format!("include \"{chart}.{}\" ", helper.name());
        texts.iter().any(|text| text.contains(&call))
    };
    let needed: BTreeSet<Helper> = ALL
        .iter()
        .filter(is_used)
        .flat_map(|helper| helper.needs().iter().chain([helper]))
        .copied()
        .collect();
    if needed.is_empty() {
        return None;
    }
    let mut text =
        "{{- /*\nWritten by runnerctl: what the other templates do with values of any kind.\n*/}}\n"
            .to_owned();
    for helper in needed {
        let (name, comment) = (helper.name(), helper.comment());
        let body = helper.body().replace("CHART", chart);
        write!(
            text,
            "\n{{{{- /*\n{comment}\n*/}}}}\n{{{{- define \"{chart}.{name}\" }}}}{body}\n{{{{- end }}}}\n"
        )
        .expect("writing to a string succeeds");
    }
    Some(text)
}
