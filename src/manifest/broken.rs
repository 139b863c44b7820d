//! Owns where a finding in a rendered document is: in the rendered text, and as near as can be told in the template.
//!
//! It finds nothing itself.

use super::ManifestFile;
use crate::diagnostic::{Diagnostic, Label};
use crate::source::{Place, Source};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A document that may turn out to be broken.
pub(super) struct Document<'a> {
    pub(super) file: &'a ManifestFile,
    /// Counted from 1.
    pub(super) number: usize,
    /// Where the document starts in the file's text.
    pub(super) offset: usize,
}

impl Document<'_> {
    /// What messages call it when no line can be named.
    pub(super) fn name(&self) -> String {
        format!("{} (rendered), document {}", self.file.path, self.number)
    }

    /// Turns errors placed within the document into errors placed within the rendered file and the template, and says
    /// which document they are of.
    pub(super) fn unreadable(&self, errors: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let mut errors = self.placed(errors);
        for error in &mut errors {
            error.message = format!(
                "document {} of `{}`: {}",
                self.number, self.file.path, error.message
            );
        }
        errors
    }

    /// Turns findings placed within the document into findings placed within the rendered file and the template.
    pub(super) fn placed(&self, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
        findings
            .into_iter()
            .map(|finding| self.relocated(finding))
            .collect()
    }

    fn relocated(&self, mut finding: Diagnostic) -> Diagnostic {
        let text = &self.file.text;
        let start = text.place_at(self.offset);
        for label in &mut finding.labels {
            label.place = moved(&label.place, &start);
        }
        if finding.labels.is_empty() {
            finding = finding.at(start);
        }
        // Files of `crds/` are what the user wrote.
        if !Arc::ptr_eq(text, &self.file.template) {
            let place = finding.labels[0].place.clone();
            let made_by = self.made_by(text, &place);
            finding
                .labels
                .extend(made_by.or_else(|| self.template_label(text, place.line)));
        }
        finding
    }

    /// The text or expression of a template that made what stands at `place` of the rendered text, where the
    /// engine noted that.
    fn made_by(&self, rendered: &Source, place: &Place) -> Option<Label> {
        let offset = rendered.offset_at(place.line, place.column)?;
        let rest = rendered.text.get(offset..)?;
        let line = rest.split('\n').next().unwrap_or_default();
        // Indentation may come from another part than what is indented.
        let blank = line.len() - line.trim_start().len();
        let blank = if blank == line.len() { 0 } else { blank };
        let (place, length) = self.file.map.place(offset + blank)?;
        Some(Label {
            place,
            length,
            text: "rendered from here".to_owned(),
        })
    }

    /// Where line `line` of the rendered text comes from: a line of the template that stands there once, and
    /// in the rendered text too, unchanged, or the last such line before it.
    fn template_label(&self, rendered: &Source, line: u32) -> Option<Label> {
        let template = &self.file.template;
        let known = unique_lines(&template.text);
        let unchanged = unique_lines(&rendered.text);
        let find = |text: &str| {
            let text = text.trim();
            unchanged.get(text).copied().flatten()?;
            known.get(text).copied().flatten()
        };
        let lines: Vec<&str> = rendered.text.lines().take(line as usize).collect();
        let (distance, number) = (0..)
            .zip(lines.iter().rev())
            .find_map(|(distance, text)| Some((distance, find(text)?)))?;
        let text = if distance == 0 {
            "the line in the template"
        } else {
            "rendered after this line of the template"
        };
        let column = template
            .line(number)?
            .chars()
            .take_while(|character| character.is_whitespace())
            .count();
        let column = u32::try_from(column).ok()?;
        Some(Label {
            place: Place::new(template, number, column + 1),
            length: 1,
            text: text.to_owned(),
        })
    }
}

/// A place in a document as a place in the file that the document starts in at `start`.
fn moved(place: &Place, start: &Place) -> Place {
    let column = if place.line == 1 {
        start.column + place.column - 1
    } else {
        place.column
    };
    match place.line {
        0 => start.clone(),
        line => Place::new(&start.source, start.line + line - 1, column),
    }
}

/// The number of each line that occurs once; None for those that occur more often.
fn unique_lines(text: &str) -> BTreeMap<&str, Option<u32>> {
    /// Shorter lines (`-`, `}`) say nothing of where they come from.
    const TELLING: usize = 4;
    let mut lines = BTreeMap::new();
    for (number, line) in (1..)
        .zip(text.lines().map(str::trim))
        .filter(|(_, line)| line.len() >= TELLING)
    {
        lines
            .entry(line)
            .and_modify(|known| *known = None)
            .or_insert(Some(number));
    }
    lines
}
