//! Owns turning violations into diagnostics that name the key, the place that set it and the way out.
//!
//! Words are in `words`, unknown keys in `unknown`, alternatives in `branch`.

use super::secret::Secrets;
use super::spot::Spot;
use super::{SchemaOptions, branch, lookup, words};
use crate::diagnostic::{self, Diagnostic};
use crate::suggest;
use crate::yaml::{Map, Value};
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use jsonschema::paths::Location;
use serde_json::Value as Json;

/// The most findings of one schema: a huge file against the wrong chart must not take for ever to explain.
const MOST_FINDINGS: usize = 200;

/// The longest description that is repeated as help.
const LONGEST_HELP: usize = 300;

/// Collects what one schema finds in the values of one chart.
pub(super) struct Report<'a> {
    pub(super) schema: &'a Json,
    pub(super) values: &'a Map,
    /// The names of the subcharts that lead to these values.
    pub(super) parents: &'a [&'a str],
    pub(super) options: SchemaOptions,
    pub(super) secrets: Secrets,
    findings: Vec<Diagnostic>,
}

impl<'a> Report<'a> {
    pub(super) fn new(
        schema: &'a Json,
        values: &'a Map,
        parents: &'a [&'a str],
        options: SchemaOptions,
    ) -> Self {
        Self {
            schema,
            values,
            parents,
            options,
            secrets: Secrets::of(schema, values),
            findings: Vec::new(),
        }
    }

    /// Everything found, each thing once: what has no place first, then source by source from top to bottom.
    pub(super) fn findings(mut self) -> Vec<Diagnostic> {
        let mut sources: Vec<String> = Vec::new();
        let mut order = |finding: &Diagnostic| {
            let place = &finding.labels.first()?.place;
            let known = sources.iter().position(|name| *name == place.source.name);
            let source = known.unwrap_or_else(|| {
                sources.push(place.source.name.clone());
                sources.len() - 1
            });
            Some((source, place.line, place.column))
        };
        self.findings.sort_by_cached_key(|finding| order(finding));
        if self.is_full() {
            let message = format!(
                "there are more than {MOST_FINDINGS} violations of the schema; the rest is not shown"
            );
            self.findings.push(Diagnostic::error("invalid-value", message));
        }
        self.findings
    }

    /// Reports one violation; one that is made of alternatives is reported as the likeliest of them.
    pub(super) fn violation(&mut self, error: &ValidationError<'_>) {
        let spot = Spot::find(self.values, error.instance_path().as_str());
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected }
            | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                for key in unexpected {
                    if self.is_full() {
                        return;
                    }
                    self.unknown(&spot, key);
                }
            }
            ValidationErrorKind::Required { property } => {
                self.missing(&spot, property.as_str().unwrap_or_default());
            }
            ValidationErrorKind::PropertyNames { error } => self.name(&spot, error),
            ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
                match branch::likeliest(error.instance_path(), context) {
                    Some(errors) => errors.iter().for_each(|error| self.violation(error)),
                    None => self.no_branch(&spot, error.instance_path(), context),
                }
            }
            kind => self.value(&spot, kind),
        }
    }

    /// Whether no more errors are reported.
    pub(super) fn is_full(&self) -> bool {
        self.has_many() && self.findings.iter().filter(|finding| finding.is_error()).count() >= MOST_FINDINGS
    }

    /// Whether no more warnings are reported.
    pub(super) fn has_many(&self) -> bool {
        self.findings.len() >= MOST_FINDINGS
    }

    /// Adds a finding that is not there yet: alternatives often say the same.
    pub(super) fn push(&mut self, finding: Diagnostic) {
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// A value of the wrong kind, size or form.
    fn value(&mut self, spot: &Spot, kind: &ValidationErrorKind) {
        let secret = self.is_secret(spot);
        let demand = words::demand(kind).unwrap_or_else(|| "is not valid".to_owned());
        let found = words::found(kind, &spot.value, secret);
        let message = format!("{} {demand}{found}", self.subject(spot));
        let mut finding = self
            .secrets
            .mark(Diagnostic::error("invalid-value", message), spot, "");
        let by_flag = spot.place.as_ref().is_some_and(|place| place.line == 0);
        if let Some(remedy) = words::remedy(kind, &spot.value, by_flag) {
            finding = finding.help(remedy);
        }
        if let (ValidationErrorKind::Enum { options }, Value::String(text), false) =
            (kind, &spot.value, secret)
            && let Some(near) = suggest::nearest(text, words::strings(options))
        {
            finding = finding.help(format!("did you mean `{near}`?"));
        }
        let finding = self.describe(finding, spot);
        self.push(finding);
    }

    /// A key that must be there and is not.
    fn missing(&mut self, parent: &Spot, key: &str) {
        let spot = parent.step(key);
        let message = format!("{} is required and not set", self.subject(&spot));
        let finding = Diagnostic::error("missing-value", message);
        let finding = self
            .secrets
            .mark(finding, parent, &format!("`{key}` is missing here"));
        let mut finding = self.describe(finding, &spot);
        if parent.place.is_none() {
            finding = finding.help(format!("set {} in a values file", self.subject(&spot)));
        }
        self.push(finding);
    }

    /// A key whose name has the wrong form.
    fn name(&mut self, parent: &Spot, error: &ValidationError<'_>) {
        let name = error.instance().as_str().unwrap_or_default().to_owned();
        let demand = words::demand(error.kind()).unwrap_or_else(|| "is not valid".to_owned());
        let spot = parent.step(&name);
        let message = format!("the key {} {demand}", self.subject(&spot));
        let finding = self
            .secrets
            .mark(Diagnostic::error("invalid-value", message), &spot, "");
        self.push(finding);
    }

    /// A value that fits no alternative, none of which is likelier than the others.
    fn no_branch(&mut self, spot: &Spot, at: &Location, context: &[Vec<ValidationError<'static>>]) {
        let forms = branch::forms(at, context);
        let forms: Vec<&str> = forms.iter().map(String::as_str).collect();
        let demand = match forms.as_slice() {
            [] => "fits none of its allowed forms".to_owned(),
            forms => words::list(forms, "or"),
        };
        let found = match context.first().and_then(|errors| errors.first()) {
            Some(error) if !forms.is_empty() => words::found(error.kind(), &spot.value, self.is_secret(spot)),
            _ => String::new(),
        };
        let message = format!("{} {demand}{found}", self.subject(spot));
        let finding = Diagnostic::error("invalid-value", message);
        let finding = self.secrets.mark(finding, spot, "");
        let finding = self.describe(finding, spot);
        self.push(finding);
    }

    /// What the schema says about a value, as help: its first line.
    fn describe(&self, finding: Diagnostic, spot: &Spot) -> Diagnostic {
        let text = lookup::description(self.schema, &spot.steps).unwrap_or_default();
        match text.trim().lines().next() {
            Some(line) if !spot.steps.is_empty() && line.len() <= LONGEST_HELP => finding.help(line),
            _ => finding,
        }
    }

    /// The start of a sentence about a value.
    fn subject(&self, spot: &Spot) -> String {
        match spot.path(self.parents) {
            path if path.is_empty() => "the whole of the values".to_owned(),
            path => format!("`{path}`"),
        }
    }

    fn is_secret(&self, spot: &Spot) -> bool {
        spot.key().is_some_and(diagnostic::is_secret_name) || lookup::is_secret(self.schema, &spot.steps)
    }
}
