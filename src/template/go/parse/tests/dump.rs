//! Owns a text form of parsed trees, so that tests can say what a tree is.
//!
//! Lists in parentheses: `(if (pipe (.A)) "text" (else …))`. Bytes that are not printable are `\xNN`.

use crate::bytes;
use crate::template::go::ast::{Arg, ArgKind, Branch, Ident, List, Node, Number, Pipe, Quoted, Span, Tree};
use crate::template::go::code::{Id, Ids};
use crate::template::go::literal;
use std::fmt::Write as _;

/// A tree without its spans.
pub(super) fn dump(tree: &Tree) -> String {
    let mut dump = Dump {
        tree,
        out: String::new(),
    };
    dump.out.push_str("(tree ");
    dump.quoted(&tree.name);
    dump.list(tree.root);
    dump.out.push(')');
    dump.out
}

struct Dump<'t> {
    tree: &'t Tree,
    out: String,
}

impl<'t> Dump<'t> {
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

    fn written(&self, span: Span) -> &'t str {
        span.text(&self.tree.source)
    }

    fn list(&mut self, list: List) {
        for node in &self.tree.code[list] {
            self.out.push(' ');
            self.node(node);
        }
    }

    fn node(&mut self, node: &Node) {
        let code = &*self.tree.code;
        match node {
            Node::Text(span) => self.quoted(self.written(*span)),
            Node::Quoted(span) => {
                self.out.push_str("(pipe (");
                self.quoted(self.written(span.within(1, 1)));
                self.out.push_str("))");
            }
            Node::Action(pipe) => self.pipe(*pipe),
            Node::If(branch) => self.branch("if", &code[*branch]),
            Node::With(branch) => self.branch("with", &code[*branch]),
            Node::Range(branch) => self.branch("range", &code[*branch]),
            Node::Template(call) => {
                let call = &code[*call];
                self.out.push_str("(template ");
                self.quoted(call.name.text(&self.tree.source, code));
                if let Some(pipe) = call.pipe {
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
        self.pipe(branch.pipe);
        self.list(branch.list);
        if let Some(otherwise) = branch.otherwise {
            self.out.push_str(" (else");
            self.list(otherwise);
            self.out.push(')');
        }
        self.out.push(')');
    }

    fn pipe(&mut self, pipe: Id<Pipe>) {
        let code = &*self.tree.code;
        let pipe = &code[pipe];
        self.out.push_str("(pipe");
        for variable in &code[pipe.variables] {
            self.out.push(' ');
            self.out.push_str(self.written(variable.span));
        }
        if let Some(last) = code[pipe.variables].last() {
            let behind = &self.tree.source.text[last.span.end as usize..];
            let is_assign = behind.trim_start().starts_with('=');
            self.out.push_str(if is_assign { " =" } else { " :=" });
        }
        for command in &code[pipe.commands] {
            self.out.push_str(" (");
            for (index, arg) in code[command.args].iter().enumerate() {
                self.out.push_str(if index == 0 { "" } else { " " });
                self.arg(arg);
            }
            self.out.push(')');
        }
        self.out.push(')');
    }

    fn arg(&mut self, arg: &Arg) {
        let code = &*self.tree.code;
        let written = self.written(arg.span);
        match arg.kind {
            ArgKind::Dot => self.out.push('.'),
            ArgKind::Nil => self.out.push_str("nil"),
            ArgKind::Bool(value) => write!(self.out, "{value}").expect("a String takes all"),
            ArgKind::Int(value) => self.number(written, literal::of_int(value)),
            ArgKind::Number(number) => self.number(written, code[number]),
            ArgKind::String(text) => {
                let quoted = Quoted { span: arg.span, text };
                self.quoted(quoted.text(&self.tree.source, code));
            }
            ArgKind::Field(fields) => self.fields(fields),
            ArgKind::Variable(_) | ArgKind::Identifier(_) => self.out.push_str(written),
            ArgKind::Chain(term, fields) if matches!(code[term].kind, ArgKind::Variable(_)) => {
                self.arg(&code[term]);
                self.fields(fields);
            }
            ArgKind::Chain(term, fields) => {
                self.out.push_str("(chain ");
                self.arg(&code[term]);
                self.out.push(' ');
                self.fields(fields);
                self.out.push(')');
            }
            ArgKind::Pipe(pipe) => self.pipe(pipe),
        }
    }

    fn fields(&mut self, fields: Ids<Ident>) {
        for field in &self.tree.code[fields] {
            self.out.push('.');
            self.out.push_str(field.name(&self.tree.source));
        }
    }

    /// `#1 int=1 uint=1 float=…` with the bits of floats.
    fn number(&mut self, written: &str, number: Number) {
        self.out.push('#');
        self.out.push_str(written);
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
