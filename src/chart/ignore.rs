//! Owns `.helmignore`: which files of a directory do not belong to the chart, by Helm's rules.
//!
//! It reads no directory.

use crate::diagnostic::Diagnostic;
use crate::glob::Pattern;
use crate::source::{Place, Source};
use std::sync::Arc;

/// The rules in the order of the file; the first that applies decides.
#[derive(Debug, Default)]
pub(super) struct Rules(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    pattern: Pattern,
    /// `!pattern`: whatever does not match is ignored. That is Helm's reading, not git's.
    negated: bool,
    /// `pattern/`: only folders match.
    folders_only: bool,
    /// Without a slash a pattern looks at the last part of a name only.
    base_name_only: bool,
}

impl Rules {
    /// Reads `.helmignore`; every malformed line is reported.
    pub(super) fn parse(source: &Arc<Source>) -> Result<Self, Vec<Diagnostic>> {
        let mut rules = Vec::new();
        let mut errors = Vec::new();
        for (number, line) in (1..).zip(source.text.lines()) {
            let text = line.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
            match Rule::parse(text) {
                Ok(rule) => rules.push(rule),
                Err(message) => {
                    errors.push(Diagnostic::error("helmignore", message).label(
                        Place::new(source, number, 1),
                        length,
                        "",
                    ));
                }
            }
        }
        if errors.is_empty() {
            Ok(Self(rules))
        } else {
            Err(errors)
        }
    }

    /// Adds Helm's own rule, which comes last: dot files in `templates/` never belong to a chart.
    pub(super) fn with_defaults(mut self) -> Self {
        self.0.extend(Rule::parse("templates/.?*"));
        self
    }

    /// Whether the file or folder `name`, a path inside the chart, is left out.
    pub(super) fn ignores(&self, name: &str, is_folder: bool) -> bool {
        for rule in &self.0 {
            if rule.negated {
                if (rule.folders_only && !is_folder) || !rule.matches(name) {
                    return true;
                }
            } else if (!rule.folders_only || is_folder) && rule.matches(name) {
                return true;
            }
        }
        false
    }
}

impl Rule {
    fn parse(text: &str) -> Result<Self, String> {
        if text.contains("**") {
            return Err("double-star (`**`) syntax is not supported".to_owned());
        }
        let malformed = |_| format!("`{text}` is not a pattern: a `[` or `\\` is left open");
        Pattern::parse(text).map_err(malformed)?;
        let (negated, text) = strip(text, |text| text.strip_prefix('!'));
        let (folders_only, text) = strip(text, |text| text.strip_suffix('/'));
        let (rooted, text) = strip(text, |text| text.strip_prefix('/'));
        Ok(Self {
            pattern: Pattern::parse(text)
                .map_err(|_| format!("`{text}` is not a pattern: a `\\` is left open"))?,
            negated,
            folders_only,
            base_name_only: !rooted && !text.contains('/'),
        })
    }

    fn matches(&self, name: &str) -> bool {
        let base = name.rsplit('/').next().unwrap_or(name);
        self.pattern
            .matches(if self.base_name_only { base } else { name })
    }
}

fn strip(text: &str, strip: impl Fn(&str) -> Option<&str>) -> (bool, &str) {
    strip(text).map_or((false, text), |rest| (true, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ignored(rules: &str, name: &str, is_folder: bool) -> bool {
        let source = Source::new(".helmignore", rules);
        let rules = Rules::parse(&source)
            .expect("the rules are well-formed")
            .with_defaults();
        rules.ignores(name, is_folder)
    }

    #[test]
    fn rules_match_as_in_helm() {
        let cases = [
            ("helm.txt", "helm.txt", false, true),
            ("helm.*", "helm.txt", false, true),
            ("helm.*", "rudder.txt", false, false),
            ("*.txt", "tiller.txt", false, true),
            ("*.txt", "cargo/a.txt", false, true),
            ("cargo/*.txt", "cargo/a.txt", false, true),
            ("cargo/*.*", "mast/a.txt", false, false),
            ("cargo/", "cargo", true, true),
            ("cargo/", "cargo", false, false),
            ("cargo/", "ship/cargo", true, true),
            ("helm/*/", "helm/x", true, true),
            ("/a.txt", "a.txt", false, true),
            ("/a.txt", "cargo/a.txt", false, false),
            ("/cargo/*.txt", "cargo/a.txt", false, true),
            ("!helm.txt", "helm.txt", false, false),
            ("!helm.txt", "tiller.txt", false, true),
            ("!*.txt", "cargo", true, true),
            ("# x\n\n  b.txt  \r\n", "b.txt", false, true),
            ("", "templates/.dotfile", false, true),
            ("", "templates/a/.dotfile", false, false),
            ("", ".dotfile", false, false),
        ];
        for (rules, name, is_folder, expected) in cases {
            assert_eq!(
                ignored(rules, name, is_folder),
                expected,
                "{rules:?} against {name}"
            );
        }
    }

    #[test]
    fn malformed_rules_are_reported_with_their_lines() {
        let source = Source::new(".helmignore", "ok\n**/x\n[a\n");
        let errors = Rules::parse(&source).expect_err("two rules are malformed");
        let places: Vec<String> = errors
            .iter()
            .map(|error| error.labels[0].place.to_string())
            .collect();
        assert_eq!(places, [".helmignore:2:1", ".helmignore:3:1"]);
    }
}
