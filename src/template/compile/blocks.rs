//! Owns what templates take from other files: blocks of the template that is extended, variables of files.
//!
//! Macros of other files are in `calls`, included files in `texts`.

use super::code::Code;
use super::expressions::value;
use super::kinds::Type;
use super::layout::Item;
use super::scope::{self, Counts, Frame, Variable};
use super::syntax::{Expr, Span, Stmt};
use super::unit::{OUTSIDE, Unit};
use std::collections::{BTreeMap, BTreeSet};
use std::mem;

/// Functions whose results differ from call to call.
const IMPURE: [&str; 17] = [
    "bcrypt",
    "encryptAES",
    "genCA",
    "genCAWithKey",
    "genPrivateKey",
    "genSelfSignedCert",
    "genSelfSignedCertWithKey",
    "genSignedCert",
    "genSignedCertWithKey",
    "htpasswd",
    "now",
    "randAlpha",
    "randAlphaNum",
    "randAscii",
    "randBytes",
    "randNumeric",
    "uuidv4",
];

/// Files that extend each other make no longer chain.
const PARENTS: usize = 16;

/// The file that a template extends, if it says so at its top.
pub(super) fn parent<'s>(body: &'s [Stmt<'_>]) -> Option<(&'s str, Span)> {
    body.iter().find_map(|statement| match statement {
        Stmt::Extends(extends) => match &extends.name {
            Expr::Const(name) => Some((name.value.as_str()?, extends.span())),
            _ => None,
        },
        _ => None,
    })
}

impl Unit<'_, '_> {
    /// The body of a file, or of the file that it extends.
    pub(super) fn file_body(&mut self, items: &mut Vec<Item>) {
        let own = self.file;
        let mut file = own;
        let mut chain = vec![file];
        while let Some((name, span)) = parent(self.program.files[file].body) {
            let found = self.program.find(file, name);
            let Some(next) = found.filter(|next| !chain.contains(next) && chain.len() < PARENTS) else {
                let message = format!("the template `{name}` cannot be extended");
                self.refuse(
                    span,
                    message,
                    "extend a template of this chart that does not extend this one",
                );
                return;
            };
            file = next;
            chain.push(file);
        }
        for file in &chain {
            let program = self.program;
            scope::each(program.files[*file].body, &mut |statement| {
                if let Stmt::Block(block) = statement {
                    self.blocks
                        .entry(block.name.to_owned())
                        .or_default()
                        .push((*file, &block.body));
                }
            });
        }
        let mut counts = Counts::new();
        for file in &chain {
            scope::count(self.program.files[*file].body, &mut counts);
        }
        self.taken.extend(counts.keys().cloned());
        self.counts.push(counts);
        self.frames.push(Frame::scope());
        for file in &chain {
            self.file = *file;
            let body = self.program.files[*file].body;
            if parent(body).is_none() {
                self.statements(body, items);
                continue;
            }
            // What a file that extends another prints outside of blocks is lost, what it sets is not.
            let mut ignored = Vec::new();
            let body = body
                .iter()
                .filter(|statement| !matches!(statement, Stmt::Extends(_) | Stmt::Block(_)));
            for statement in body {
                self.statement(statement, &mut ignored);
            }
            items.extend(ignored.into_iter().filter_map(silenced));
        }
        self.file = own;
    }

    /// A block, as the outermost override below `level` has it.
    pub(super) fn block(&mut self, name: &str, level: usize, span: Span, out: &mut Vec<Item>) {
        let found = self
            .blocks
            .get(name)
            .and_then(|overrides| overrides.get(level))
            .copied();
        let Some((file, body)) = found else {
            let message = format!("there is no block `{name}` above this one");
            self.refuse(span, message, "override a block of the template that is extended");
            return;
        };
        if level > PARENTS || self.frames.len() > 200 {
            self.refuse(
                span,
                format!("the block `{name}` holds itself"),
                "make it a macro that calls itself",
            );
            return;
        }
        let (outer_file, outer_block) = (self.file, self.block.take());
        self.file = file;
        self.block = Some((name.to_owned(), level));
        let mut counts = Counts::new();
        scope::count(body, &mut counts);
        self.counts.push(counts);
        self.frames.push(Frame {
            is_scope: true,
            ..Frame::default()
        });
        self.statements(body, out);
        self.frames.pop();
        self.counts.pop();
        self.file = outer_file;
        self.block = outer_block;
    }

    /// `{{ super() }}` and `{{ self.block() }}`.
    pub(super) fn emit_block(&mut self, expr: &Expr<'_>, span: Span, out: &mut Vec<Item>) -> Option<()> {
        let Expr::Call(call) = expr else { return None };
        match &call.expr {
            Expr::Var(name) if name.id == "super" => {
                let (name, level) = self.block.clone()?;
                self.block(&name, level + 1, span, out);
                Some(())
            }
            Expr::GetAttr(block) if matches!(&block.expr, Expr::Var(this) if this.id == "self") => {
                self.block(block.name, 0, span, out);
                Some(())
            }
            _ => None,
        }
    }

    /// `super()` as a value.
    pub(super) fn super_call(&mut self, span: Span) -> Code {
        let help = "print it alone: `{{ super() }}`";
        self.refuse(span, "`super()` cannot be part of an expression", help)
    }

    /// The file that a name stands for.
    pub(super) fn module(&self, expr: &Expr<'_>) -> Option<usize> {
        let Expr::Var(name) = expr else { return None };
        if self.variable(name.id).is_some() {
            return None;
        }
        self.program.files[self.file].modules.get(name.id).copied()
    }

    /// What a file sets at its top, for definitions and other files, which do not see it: calculated once more.
    pub(super) fn value_of_file(&mut self, file: usize, name: &str, span: Span) -> Code {
        let key = format!("{OUTSIDE}{file} {name}");
        if let Some(known) = self.frames.first().and_then(|frame| frame.variables.get(&key)) {
            return Code::operand(known.go.clone(), known.ty.clone()).safe(true);
        }
        let program = self.program;
        let Some(expr) = only_value(program.files[file].body, name) else {
            let message = format!(
                "`{name}` is not set exactly once at the top of `{}`",
                program.files[file].name
            );
            let help = "pass it to the macro as an argument, or make it a macro: Go's definitions see only what they are given";
            return self.refuse(span, message, help);
        };
        let mut calls = Counts::new();
        scope::count_in(expr, &mut calls);
        if IMPURE.iter().any(|function| calls.contains_key(*function)) {
            let message = format!("`{name}` differs each time it is calculated");
            return self.refuse(span, message, "pass it to the macro as an argument");
        }
        // A value that needs itself ends here.
        let placeholder = Variable::named(name, Type::default());
        if let Some(frame) = self.frames.first_mut() {
            frame.variables.insert(key.clone(), placeholder);
        }
        let outer = (self.file, self.moved, self.is_outside, self.may_hoist);
        let before = mem::take(&mut self.before);
        (self.file, self.moved, self.is_outside, self.may_hoist) = (file, 0, true, true);
        let code = self.expression(expr);
        let mut items = mem::replace(&mut self.before, before);
        (self.file, self.moved, self.is_outside, self.may_hoist) = outer;
        self.prelude.append(&mut items);
        let go = if file == self.file {
            format!("${name}")
        } else {
            format!("${}", self.lasting(name))
        };
        self.prelude
            .push(Item::silent(format!("{go} := {}", value(&code)), None));
        let variable = Variable {
            go: go.clone(),
            ty: code.ty.clone(),
        };
        if let Some(frame) = self.frames.first_mut() {
            frame.variables.insert(key, variable);
        }
        Code::operand(go, code.ty).safe(true)
    }
}

/// What the name is set to, if that is done once and in any case.
fn only_value<'s, 'a>(body: &'s [Stmt<'a>], name: &str) -> Option<&'s Expr<'a>> {
    let mut found = None;
    for statement in body {
        let mut names = BTreeSet::new();
        scope::set_in(std::slice::from_ref(statement), &mut names);
        if !names.contains(name) {
            continue;
        }
        match statement {
            Stmt::Set(set) if matches!(set.target, Expr::Var(_)) && found.is_none() => {
                found = Some(&set.expr);
            }
            _ => return None,
        }
    }
    found
}

/// The item without what it prints.
fn silenced(item: Item) -> Option<Item> {
    match item {
        Item::Text(_) | Item::Print { .. } => None,
        Item::Block(mut block) => {
            for (_, items) in &mut block.branches {
                *items = mem::take(items).into_iter().filter_map(silenced).collect();
            }
            block
                .branches
                .iter()
                .any(|(_, items)| !items.is_empty())
                .then_some(Item::Block(block))
        }
        other => Some(other),
    }
}

/// Blocks and the files that have them.
pub(super) type Blocks<'p> = BTreeMap<String, Vec<(usize, &'p [Stmt<'p>])>>;
