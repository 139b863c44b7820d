//! Owns names: which variables exist where, and how often a name is used.
//!
//! It does not translate expressions.

use super::kinds::Type;
use super::syntax::{CallArg, Expr, Stmt};
use std::collections::{BTreeMap, BTreeSet};

/// Variables of a block of the Go template.
#[derive(Debug, Default)]
pub(super) struct Frame {
    /// Whether it is a scope to Jinja too: a loop or a macro, not an `if`.
    pub(super) is_scope: bool,
    pub(super) variables: BTreeMap<String, Type>,
    /// Names that stand for Go code: what a loop says of itself.
    pub(super) loop_names: Option<Loop>,
}

/// How a loop's position is known.
#[derive(Clone, Debug)]
pub(super) struct Loop {
    /// The variable that counts from 0.
    pub(super) index: Option<String>,
    /// What is looped over, as an argument.
    pub(super) items: String,
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

/// Names that are set in the statements and their `if`s, in the scope that the statements are in.
pub(super) fn set_in(statements: &[Stmt<'_>], names: &mut BTreeSet<String>) {
    for statement in statements {
        match statement {
            Stmt::Set(set) => targets(&set.target, names),
            Stmt::SetBlock(set) => targets(&set.target, names),
            Stmt::IfCond(branches) => {
                set_in(&branches.true_body, names);
                set_in(&branches.false_body, names);
            }
            _ => {}
        }
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

/// Whether `loop` is used in the statements.
pub(super) fn mentions(statements: &[Stmt<'_>], name: &str) -> bool {
    let mut counts = Counts::new();
    count(statements, &mut counts);
    counts.contains_key(name)
}

fn walk(statement: &Stmt<'_>, seen: &mut dyn FnMut(&str)) {
    let mut bodies: Vec<&[Stmt<'_>]> = Vec::new();
    match statement {
        Stmt::Template(template) => bodies.push(&template.children),
        Stmt::EmitExpr(emit) => expression(&emit.expr, seen),
        Stmt::ForLoop(for_loop) => {
            expression(&for_loop.target, seen);
            expression(&for_loop.iter, seen);
            for_loop
                .filter_expr
                .iter()
                .for_each(|filter| expression(filter, seen));
            bodies.extend([&*for_loop.body, &*for_loop.else_body]);
        }
        Stmt::IfCond(branches) => {
            expression(&branches.expr, seen);
            bodies.extend([&*branches.true_body, &*branches.false_body]);
        }
        Stmt::WithBlock(with) => {
            for (target, value) in &with.assignments {
                expression(target, seen);
                expression(value, seen);
            }
            bodies.push(&with.body);
        }
        Stmt::Set(set) => {
            expression(&set.target, seen);
            expression(&set.expr, seen);
        }
        Stmt::SetBlock(set) => {
            expression(&set.target, seen);
            set.filter.iter().for_each(|filter| expression(filter, seen));
            bodies.push(&set.body);
        }
        Stmt::FilterBlock(filter) => {
            expression(&filter.filter, seen);
            bodies.push(&filter.body);
        }
        Stmt::CallBlock(block) => {
            expression(&block.call.expr, seen);
            arguments(&block.call.args, seen);
            bodies.push(&block.macro_decl.body);
        }
        Stmt::Macro(macro_) => bodies.push(&macro_.body),
        Stmt::AutoEscape(escape) => bodies.push(&escape.body),
        Stmt::Block(block) => bodies.push(&block.body),
        Stmt::Do(call) => {
            expression(&call.call.expr, seen);
            arguments(&call.call.args, seen);
        }
        Stmt::EmitRaw(_) | Stmt::Import(_) | Stmt::FromImport(_) | Stmt::Extends(_) | Stmt::Include(_) => {}
    }
    for body in bodies {
        for statement in body {
            walk(statement, seen);
        }
    }
}

fn arguments(args: &[CallArg<'_>], seen: &mut dyn FnMut(&str)) {
    for arg in args {
        match arg {
            CallArg::Pos(value)
            | CallArg::Kwarg(_, value)
            | CallArg::PosSplat(value)
            | CallArg::KwargSplat(value) => expression(value, seen),
        }
    }
}

fn expression(expr: &Expr<'_>, seen: &mut dyn FnMut(&str)) {
    let mut parts: Vec<&Expr<'_>> = Vec::new();
    match expr {
        Expr::Var(name) => seen(name.id),
        Expr::Const(_) => {}
        Expr::Slice(slice) => {
            parts.push(&slice.expr);
            parts.extend([&slice.start, &slice.stop, &slice.step].into_iter().flatten());
        }
        Expr::UnaryOp(operation) => parts.push(&operation.expr),
        Expr::BinOp(operation) => parts.extend([&operation.left, &operation.right]),
        Expr::Compare(compare) => {
            parts.push(&compare.expr);
            parts.extend(compare.ops.iter().map(|operation| &operation.expr));
        }
        Expr::IfExpr(choice) => {
            parts.extend([&choice.test_expr, &choice.true_expr]);
            parts.extend(&choice.false_expr);
        }
        Expr::Filter(filter) => {
            parts.extend(&filter.expr);
            arguments(&filter.args, seen);
        }
        Expr::Test(test) => {
            parts.push(&test.expr);
            arguments(&test.args, seen);
        }
        Expr::GetAttr(attribute) => parts.push(&attribute.expr),
        Expr::GetItem(item) => parts.extend([&item.expr, &item.subscript_expr]),
        Expr::Call(call) => {
            parts.push(&call.expr);
            arguments(&call.args, seen);
        }
        Expr::List(list) => parts.extend(&list.items),
        Expr::Tuple(tuple) => parts.extend(&tuple.items),
        Expr::Map(map) => parts.extend(map.keys.iter().chain(&map.values)),
    }
    for part in parts {
        expression(part, seen);
    }
}
