//! Owns a text form of parsed trees, so that tests can say what a tree is.
//!
//! Lists in parentheses: `(if (pipe (.A)) "text" (else …))`. Bytes that are not printable are `\xNN`.

use crate::bytes;
use crate::template::go::ast::{Arg, ArgKind, Branch, Ident, List, Node, Number, Pipe, Tree};
use std::fmt::Write as _;

/// A tree without its spans.
pub(super) fn dump(tree: &Tree) -> String {
    let mut dump = Dump {
        tree,
        out: String::new(),
    };
    dump.out.push_str("(tree ");
    dump.quoted(&tree.name);
    dump.list(&tree.root);
    dump.out.push(')');
    dump.out
}

struct Dump<'t> {
    tree: &'t Tree,
    out: String,
}

impl Dump<'_> {
    fn quoted(&mut self, text: &str) {
        self.out.push('"');
        for byte in bytes::of_text(text).iter() {
            match byte {
                b'"' | b'\\' | 0..b' ' | 0x7f.. => {
                    write!(self.out, "\\x{byte:02x}").expect("a String takes all");
                }
                _ => self.out.push(char::from(*byte)),
            }
        }
        self.out.push('"');
    }

    fn list(&mut self, list: &List) {
        for node in &list.nodes {
            self.out.push(' ');
            self.node(node);
        }
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Text(span) => {
                let source = &self.tree.source;
                self.quoted(span.text(source));
            }
            Node::Action(pipe) => self.pipe(pipe),
            Node::If(branch) => self.branch("if", branch),
            Node::With(branch) => self.branch("with", branch),
            Node::Range(branch) => self.branch("range", branch),
            Node::Template(call) => {
                self.out.push_str("(template ");
                self.quoted(&call.name);
                if let Some(pipe) = &call.pipe {
                    self.out.push(' ');
                    self.pipe(pipe);
                }
                self.out.push(')');
            }
            Node::Break => self.out.push_str("(break)"),
            Node::Continue => self.out.push_str("(continue)"),
        }
    }

    fn branch(&mut self, keyword: &str, branch: &Branch) {
        write!(self.out, "({keyword} ").expect("a String takes all");
        self.pipe(&branch.pipe);
        self.list(&branch.list);
        if let Some(otherwise) = &branch.otherwise {
            self.out.push_str(" (else");
            self.list(otherwise);
            self.out.push(')');
        }
        self.out.push(')');
    }

    fn pipe(&mut self, pipe: &Pipe) {
        self.out.push_str("(pipe");
        for variable in &pipe.variables {
            self.out.push(' ');
            self.out.push_str(&variable.name);
        }
        if let Some(last) = pipe.variables.last() {
            let behind = &self.tree.source.text[last.span.end as usize..];
            let is_assign = behind.trim_start().starts_with('=');
            self.out.push_str(if is_assign { " =" } else { " :=" });
        }
        for command in &pipe.commands {
            self.out.push_str(" (");
            for (index, arg) in command.args.iter().enumerate() {
                self.out.push_str(if index == 0 { "" } else { " " });
                self.arg(arg);
            }
            self.out.push(')');
        }
        self.out.push(')');
    }

    fn arg(&mut self, arg: &Arg) {
        match &arg.kind {
            ArgKind::Dot => self.out.push('.'),
            ArgKind::Nil => self.out.push_str("nil"),
            ArgKind::Bool(value) => write!(self.out, "{value}").expect("a String takes all"),
            ArgKind::Number(number) => self.number(number),
            ArgKind::String(text) => self.quoted(text),
            ArgKind::Field(fields) => self.fields(fields),
            ArgKind::Variable(variable) => {
                self.out.push_str(&variable.name);
                self.fields(&variable.fields);
            }
            ArgKind::Identifier(_) => self.out.push_str(arg.span.text(&self.tree.source)),
            ArgKind::Chain(term, fields) => {
                self.out.push_str("(chain ");
                self.arg(term);
                self.out.push(' ');
                self.fields(fields);
                self.out.push(')');
            }
            ArgKind::Pipe(pipe) => self.pipe(pipe),
        }
    }

    fn fields(&mut self, fields: &[Ident]) {
        for field in fields {
            self.out.push('.');
            self.out.push_str(&field.name);
        }
    }

    /// `#1 int=1 uint=1 float=…` with the bits of floats.
    fn number(&mut self, number: &Number) {
        self.out.push('#');
        self.out.push_str(&number.text);
        let kinds = [
            number.int.map(|value| format!(" int={value}")),
            number.uint.map(|value| format!(" uint={value}")),
            number.float.map(|value| format!(" float={:x}", value.to_bits())),
            number
                .complex
                .map(|(real, imaginary)| format!(" complex={:x},{:x}", real.to_bits(), imaginary.to_bits())),
        ];
        self.out.extend(kinds.into_iter().flatten());
    }
}
