//! Holds that the cases made with real Helm use the whole language: every function of the table, and every kind
//! of node that the parser makes.
//!
//! It renders nothing: `tests/golden` compares what the cases print.

use super::ast::{Arg, ArgKind, Branch, List, Node, Pipe};
use super::parse::parse;
use crate::source::Source;
use crate::template::functions::{self, FUNCTIONS};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What the cases use.
#[derive(Default)]
struct Used {
    functions: BTreeSet<&'static str>,
    kinds: BTreeSet<&'static str>,
}

/// Every kind of node and operand; a new one gets a name in [`Used`] and stands here.
const KINDS: &[&str] = &[
    "action",
    "bool",
    "break",
    "chain",
    "continue",
    "declaration",
    "dot",
    "else",
    "field",
    "function",
    "if",
    "nil",
    "number",
    "pipe",
    "range",
    "string",
    "template",
    "text",
    "variable",
    "with",
];

impl Used {
    fn list(&mut self, list: &List) {
        for node in &list.nodes {
            let kind = match node {
                Node::Text(_) => "text",
                Node::Break => "break",
                Node::Continue => "continue",
                Node::Action(pipe) => {
                    self.pipe(pipe);
                    "action"
                }
                Node::If(branch) => {
                    self.branch(branch);
                    "if"
                }
                Node::With(branch) => {
                    self.branch(branch);
                    "with"
                }
                Node::Range(branch) => {
                    self.branch(branch);
                    "range"
                }
                Node::Template(call) => {
                    call.pipe.iter().for_each(|pipe| self.pipe(pipe));
                    "template"
                }
            };
            self.kinds.insert(kind);
        }
    }

    fn branch(&mut self, branch: &Branch) {
        self.pipe(&branch.pipe);
        self.list(&branch.list);
        if let Some(list) = &branch.otherwise {
            self.kinds.insert("else");
            self.list(list);
        }
    }

    fn pipe(&mut self, pipe: &Pipe) {
        if !pipe.variables.is_empty() {
            self.kinds.insert("declaration");
        }
        let commands = pipe.commands.iter();
        commands
            .flat_map(|command| &command.args)
            .for_each(|arg| self.arg(arg));
    }

    fn arg(&mut self, arg: &Arg) {
        let kind = match &arg.kind {
            ArgKind::Dot => "dot",
            ArgKind::Nil => "nil",
            ArgKind::Bool(_) => "bool",
            ArgKind::Number(_) => "number",
            ArgKind::String(_) => "string",
            ArgKind::Field(_) => "field",
            ArgKind::Variable(_) => "variable",
            ArgKind::Identifier(function) => {
                self.functions.insert(function.name);
                "function"
            }
            ArgKind::Chain(operand, _) => {
                self.arg(operand);
                "chain"
            }
            ArgKind::Pipe(pipe) => {
                self.pipe(pipe);
                "pipe"
            }
        };
        self.kinds.insert(kind);
    }
}

/// The templates of a case, each behind a line `--- templates/<name>`.
fn templates(case: &str) -> Vec<String> {
    let mut sections: Vec<(bool, String)> = Vec::new();
    for line in case.split_inclusive('\n') {
        if let Some(path) = line.strip_prefix("--- ") {
            sections.push((path.contains("templates/"), String::new()));
        } else if let Some((_, text)) = sections.last_mut() {
            text.push_str(line);
        }
    }
    sections
        .into_iter()
        .filter(|(is_template, _)| *is_template)
        .map(|(_, text)| text)
        .collect()
}

#[test]
fn the_cases_use_every_function_and_every_kind_of_node() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/template/go/ok");
    let mut used = Used::default();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        for text in templates(&fs::read_to_string(&path).unwrap()) {
            let source = Source::new(path.to_string_lossy(), text);
            let trees =
                parse(&source, "case", &functions::find).unwrap_or_else(|errors| panic!("{}", errors[0]));
            for tree in &trees {
                used.list(&tree.root);
            }
        }
    }
    let unused: Vec<_> = FUNCTIONS
        .iter()
        .map(|function| function.name)
        .filter(|name| !used.functions.contains(name))
        .collect();
    assert!(unused.is_empty(), "no case uses {}", unused.join(", "));
    assert_eq!(used.kinds.into_iter().collect::<Vec<_>>(), KINDS);
}
