//! Holds that the cases made with real Helm use the whole language: every function of the table, and every kind
//! of node that the parser makes.
//!
//! It renders nothing: `tests/golden` compares what the cases print.

use super::ast::{Arg, ArgKind, Branch, List, Node, Pipe};
use super::code::{Code, Id};
use super::parse::parse_alone;
use crate::source::Source;
use crate::template::functions::FUNCTIONS;
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
    "int",
    "nil",
    "number",
    "pipe",
    "quoted",
    "range",
    "string",
    "template",
    "text",
    "variable",
    "with",
];

impl Used {
    fn list(&mut self, code: &Code, list: List) {
        for node in &code[list] {
            let kind = match *node {
                Node::Text(_) => "text",
                Node::Quoted(_) => "quoted",
                Node::Break => "break",
                Node::Continue => "continue",
                Node::Action(pipe) => {
                    self.pipe(code, pipe);
                    "action"
                }
                Node::If(branch) => {
                    self.branch(code, &code[branch]);
                    "if"
                }
                Node::With(branch) => {
                    self.branch(code, &code[branch]);
                    "with"
                }
                Node::Range(branch) => {
                    self.branch(code, &code[branch]);
                    "range"
                }
                Node::Template(call) => {
                    let pipe = code[call].pipe;
                    if let Some(pipe) = pipe {
                        self.pipe(code, pipe);
                    }
                    "template"
                }
            };
            self.kinds.insert(kind);
        }
    }

    fn branch(&mut self, code: &Code, branch: &Branch) {
        self.pipe(code, branch.pipe);
        self.list(code, branch.list);
        if let Some(list) = branch.otherwise {
            self.kinds.insert("else");
            self.list(code, list);
        }
    }

    fn pipe(&mut self, code: &Code, pipe: Id<Pipe>) {
        let pipe = &code[pipe];
        if !pipe.variables.is_empty() {
            self.kinds.insert("declaration");
        }
        for command in &code[pipe.commands] {
            for arg in &code[command.args] {
                self.arg(code, arg);
            }
        }
    }

    fn arg(&mut self, code: &Code, arg: &Arg) {
        let kind = match arg.kind {
            ArgKind::Dot => "dot",
            ArgKind::Nil => "nil",
            ArgKind::Bool(_) => "bool",
            ArgKind::Int(_) => "int",
            ArgKind::Number(_) => "number",
            ArgKind::String(_) => "string",
            ArgKind::Field(_) => "field",
            ArgKind::Variable(_) => "variable",
            ArgKind::Identifier(function) => {
                self.functions.insert(function.name);
                "function"
            }
            ArgKind::Chain(operand, _) => {
                self.arg(code, &code[operand]);
                "chain"
            }
            ArgKind::Pipe(pipe) => {
                self.pipe(code, pipe);
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
            let trees = parse_alone(&source, "case").unwrap_or_else(|errors| panic!("{}", errors[0]));
            for tree in &trees {
                used.list(&tree.code, tree.root);
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
