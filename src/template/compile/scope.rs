//! Owns names: which variables exist where, and how often a name is used.
//!
//! It does not translate expressions.

use super::code::Code;
use super::kinds::Type;
use super::syntax::{CallArg, Expr, Stmt};
use std::collections::{BTreeMap, BTreeSet};

/// Variables of a block of the Go template, or of a scope of Jinja.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    /// Whether it is a scope to Jinja: a loop, `with` or a macro, not an `if`.
    pub(super) is_scope: bool,
    /// Whether it is a block to Go, which forgets its variables: not a `with`.
    pub(super) is_block: bool,
    pub(super) variables: BTreeMap<String, Variable>,
    /// What a loop says of itself.
    pub(super) loop_names: Option<Loop>,
}

impl Frame {
    /// A frame that is a scope to Jinja and a block to Go.
    pub(super) fn scope() -> Self {
        Self {
            is_scope: true,
            is_block: true,
            ..Self::default()
        }
    }

    /// A block that only Go takes for a scope.
    pub(super) fn block() -> Self {
        Self {
            is_block: true,
            ..Self::default()
        }
    }
}

/// A variable of Jinja.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    /// What it is in Go: `$name`, or another name if that one is taken.
    pub(super) go: String,
    pub(super) ty: Type,
}

impl Variable {
    /// The variable `$name`.
    pub(super) fn named(name: &str, ty: Type) -> Self {
        Self {
            go: format!("${name}"),
            ty,
        }
    }
}

/// How a loop's position is known.
#[derive(Clone, Debug)]
pub(super) struct Loop {
    /// The variable that counts from 0.
    pub(super) index: Option<Code>,
    /// What is looped over, as the loop's body sees it.
    pub(super) items: Code,
    /// What calls the loop itself, if it is recursive.
    pub(super) recursion: Option<Recursion>,
}

/// The definition of a recursive loop.
#[derive(Clone, Debug)]
pub(super) struct Recursion {
    pub(super) definition: String,
    /// The parameters that stay as they are.
    pub(super) kept: Vec<String>,
}

/// Names and how often they occur.
pub(super) type Counts = BTreeMap<String, usize>;

/// Counts the names that statements read and set.
pub(super) fn count(statements: &[Stmt<'_>], counts: &mut Counts) {
    for statement in statements {
        walk(statement, &mut |name| {
            *counts.entry(name.to_owned()).or_default() += 1;
        });
    }
}

/// Counts the names that an expression reads.
pub(super) fn count_in(expr: &Expr<'_>, counts: &mut Counts) {
    expression(expr, &mut |name| {
        *counts.entry(name.to_owned()).or_default() += 1;
    });
}

/// Visits the statements and all that they hold.
pub(super) fn each<'s, 'a>(statements: &'s [Stmt<'a>], visit: &mut dyn FnMut(&'s Stmt<'a>)) {
    for statement in statements {
        visit(statement);
        for body in bodies(statement) {
            each(body, visit);
        }
    }
}

fn bodies<'s, 'a>(statement: &'s Stmt<'a>) -> Vec<&'s [Stmt<'a>]> {
    match statement {
        Stmt::Template(template) => vec![&template.children],
        Stmt::ForLoop(for_loop) => vec![&for_loop.body, &for_loop.else_body],
        Stmt::IfCond(branches) => vec![&branches.true_body, &branches.false_body],
        Stmt::WithBlock(with) => vec![&with.body],
        Stmt::SetBlock(set) => vec![&set.body],
        Stmt::FilterBlock(filter) => vec![&filter.body],
        Stmt::CallBlock(block) => vec![&block.macro_decl.body],
        Stmt::Macro(macro_) => vec![&macro_.body],
        Stmt::AutoEscape(escape) => vec![&escape.body],
        Stmt::Block(block) => vec![&block.body],
        Stmt::EmitExpr(_)
        | Stmt::EmitRaw(_)
        | Stmt::Set(_)
        | Stmt::Do(_)
        | Stmt::Import(_)
        | Stmt::FromImport(_)
        | Stmt::Extends(_)
        | Stmt::Include(_) => Vec::new(),
    }
}

/// Names that are set in the statements and their `if`s, in the scope that the statements are in.
pub(super) fn set_in(statements: &[Stmt<'_>], names: &mut BTreeSet<String>) {
    for statement in statements {
        match statement {
            Stmt::Set(set) => targets(&set.target, names),
            Stmt::SetBlock(set) => {
                targets(&set.target, names);
                set_in(&set.body, names);
            }
            Stmt::FilterBlock(filter) => set_in(&filter.body, names),
            Stmt::AutoEscape(escape) => set_in(&escape.body, names),
            Stmt::IfCond(branches) => {
                set_in(&branches.true_body, names);
                set_in(&branches.false_body, names);
            }
            Stmt::ForLoop(for_loop) => set_in(&for_loop.else_body, names),
            _ => {}
        }
    }
}

/// The names that a statement sets wherever.
pub(super) fn bound_by(statement: &Stmt<'_>, names: &mut BTreeSet<String>) {
    match statement {
        Stmt::Set(set) => targets(&set.target, names),
        Stmt::SetBlock(set) => targets(&set.target, names),
        Stmt::ForLoop(for_loop) => targets(&for_loop.target, names),
        Stmt::WithBlock(with) => with
            .assignments
            .iter()
            .for_each(|(target, _)| targets(target, names)),
        Stmt::Macro(macro_) => macro_.args.iter().for_each(|arg| targets(arg, names)),
        Stmt::CallBlock(block) => block.macro_decl.args.iter().for_each(|arg| targets(arg, names)),
        _ => {}
    }
}

/// The names that an assignment or a loop sets.
pub(super) fn targets(target: &Expr<'_>, names: &mut BTreeSet<String>) {
    match target {
        Expr::Var(name) => {
            names.insert(name.id.to_owned());
        }
        Expr::List(list) => list.items.iter().for_each(|item| targets(item, names)),
        Expr::Tuple(tuple) => tuple.items.iter().for_each(|item| targets(item, names)),
        _ => {}
    }
}

/// Whether the name is used in the statements.
pub(super) fn mentions(statements: &[Stmt<'_>], name: &str) -> bool {
    let mut counts = Counts::new();
    count(statements, &mut counts);
    counts.contains_key(name)
}

/// Whether the expression uses the name.
pub(super) fn reads(expr: &Expr<'_>, name: &str) -> bool {
    let mut found = false;
    expression(expr, &mut |other| found |= other == name);
    found
}

/// Whether a field or item of the variable is read in the statements.
pub(super) fn reads_field(statements: &[Stmt<'_>], name: &str) -> bool {
    let mut found = false;
    let is_name = |expr: &Expr<'_>| matches!(expr, Expr::Var(variable) if variable.id == name);
    for statement in statements {
        walk_expressions(statement, &mut |expr| {
            found |= match expr {
                Expr::GetAttr(attribute) => is_name(&attribute.expr),
                Expr::GetItem(item) => is_name(&item.expr),
                _ => false,
            };
        });
    }
    found
}

/// Whether `loop` of the loop that has this body is used; inner loops have one of their own.
pub(super) fn uses_loop(statements: &[Stmt<'_>]) -> bool {
    statements.iter().any(|statement| match statement {
        Stmt::ForLoop(inner) => reads(&inner.iter, "loop") || uses_loop(&inner.else_body),
        Stmt::IfCond(branches) => {
            reads(&branches.expr, "loop") || uses_loop(&branches.true_body) || uses_loop(&branches.false_body)
        }
        Stmt::SetBlock(set) => uses_loop(&set.body),
        Stmt::FilterBlock(filter) => uses_loop(&filter.body) || reads(&filter.filter, "loop"),
        Stmt::WithBlock(with) => {
            with.assignments.iter().any(|(_, value)| reads(value, "loop")) || uses_loop(&with.body)
        }
        Stmt::AutoEscape(escape) => uses_loop(&escape.body),
        other => mentions(std::slice::from_ref(other), "loop"),
    })
}

fn walk(statement: &Stmt<'_>, seen: &mut dyn FnMut(&str)) {
    walk_expressions(statement, &mut |expr| {
        if let Expr::Var(name) = expr {
            seen(name.id);
        }
    });
}

/// Visits every expression of a statement and of all that it holds.
fn walk_expressions(statement: &Stmt<'_>, seen: &mut dyn FnMut(&Expr<'_>)) {
    match statement {
        Stmt::EmitExpr(emit) => parts(&emit.expr, seen),
        Stmt::ForLoop(for_loop) => {
            parts(&for_loop.target, seen);
            parts(&for_loop.iter, seen);
            for_loop.filter_expr.iter().for_each(|filter| parts(filter, seen));
        }
        Stmt::IfCond(branches) => parts(&branches.expr, seen),
        Stmt::WithBlock(with) => {
            for (target, value) in &with.assignments {
                parts(target, seen);
                parts(value, seen);
            }
        }
        Stmt::Set(set) => {
            parts(&set.target, seen);
            parts(&set.expr, seen);
        }
        Stmt::SetBlock(set) => {
            parts(&set.target, seen);
            set.filter.iter().for_each(|filter| parts(filter, seen));
        }
        Stmt::FilterBlock(filter) => parts(&filter.filter, seen),
        Stmt::CallBlock(block) => {
            parts(&block.call.expr, seen);
            arguments(&block.call.args, seen);
        }
        Stmt::AutoEscape(escape) => parts(&escape.enabled, seen),
        Stmt::Do(call) => {
            parts(&call.call.expr, seen);
            arguments(&call.call.args, seen);
        }
        _ => {}
    }
    for body in bodies(statement) {
        for statement in body {
            walk_expressions(statement, seen);
        }
    }
}

fn arguments(args: &[CallArg<'_>], seen: &mut dyn FnMut(&Expr<'_>)) {
    for arg in args {
        match arg {
            CallArg::Pos(value)
            | CallArg::Kwarg(_, value)
            | CallArg::PosSplat(value)
            | CallArg::KwargSplat(value) => parts(value, seen),
        }
    }
}

fn expression(expr: &Expr<'_>, seen: &mut dyn FnMut(&str)) {
    parts(expr, &mut |expr| {
        if let Expr::Var(name) = expr {
            seen(name.id);
        }
    });
}

/// Visits an expression and its parts.
fn parts(expr: &Expr<'_>, seen: &mut dyn FnMut(&Expr<'_>)) {
    seen(expr);
    let mut inner: Vec<&Expr<'_>> = Vec::new();
    match expr {
        Expr::Var(_) | Expr::Const(_) => {}
        Expr::Slice(slice) => {
            inner.push(&slice.expr);
            inner.extend([&slice.start, &slice.stop, &slice.step].into_iter().flatten());
        }
        Expr::UnaryOp(operation) => inner.push(&operation.expr),
        Expr::BinOp(operation) => inner.extend([&operation.left, &operation.right]),
        Expr::Compare(compare) => {
            inner.push(&compare.expr);
            inner.extend(compare.ops.iter().map(|operation| &operation.expr));
        }
        Expr::IfExpr(choice) => {
            inner.extend([&choice.test_expr, &choice.true_expr]);
            inner.extend(&choice.false_expr);
        }
        Expr::Filter(filter) => {
            inner.extend(&filter.expr);
            arguments(&filter.args, seen);
        }
        Expr::Test(test) => {
            inner.push(&test.expr);
            arguments(&test.args, seen);
        }
        Expr::GetAttr(attribute) => inner.push(&attribute.expr),
        Expr::GetItem(item) => inner.extend([&item.expr, &item.subscript_expr]),
        Expr::Call(call) => {
            inner.push(&call.expr);
            arguments(&call.args, seen);
        }
        Expr::List(list) => inner.extend(&list.items),
        Expr::Tuple(tuple) => inner.extend(&tuple.items),
        Expr::Map(map) => inner.extend(map.keys.iter().chain(&map.values)),
    }
    for part in inner {
        parts(part, seen);
    }
}
