//! Owns how a rule explains itself in help: why its value is needed, and an example of it.

use super::rules::Rule;
use crate::diagnostic::Diagnostic;

/// Adds the reason and an example that can be copied into an overrides file.
pub(super) fn explained(diagnostic: Diagnostic, rule: &Rule) -> Diagnostic {
    diagnostic
        .help(format!("why: {}", rule.reason))
        .help(format!("for example:\n{}", example(&[rule])))
}

/// Paths with more steps than this are shown as they are written.
const DEEPEST: usize = 16;

/// The examples of these rules as YAML; steps that neighbours share are written once.
pub(super) fn example(rules: &[&Rule]) -> String {
    let mut lines = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    for rule in rules {
        let mut steps: Vec<&str> = rule.key.split('.').collect();
        // Indenting a path of thousands of steps would take memory by the square of them.
        if steps.len() > DEEPEST {
            steps = vec![&rule.key];
        }
        let shared = steps
            .iter()
            .zip(&open)
            .take_while(|(step, open)| step == open)
            .count();
        for (depth, step) in steps.iter().enumerate().skip(shared) {
            lines.push(format!("{}{step}:", "  ".repeat(depth + 1)));
        }
        let value = rule.example.trim_end();
        let last = lines.last_mut().expect("a key has at least one step");
        if value.contains('\n') {
            last.push_str(" |");
            let indent = "  ".repeat(steps.len() + 1);
            lines.extend(value.lines().map(|line| format!("{indent}{line}")));
        } else {
            last.push(' ');
            last.push_str(value);
        }
        open = steps;
    }
    lines.join("\n")
}
