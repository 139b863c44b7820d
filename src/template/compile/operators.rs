//! Owns the translation of operators: which is which, `and`, `or`, and texts that are put together.
//!
//! Arithmetic, comparisons and slices are in files of their own.

use super::code::{Code, Constant, flat, quoted};
use super::comparisons::{negation, not};
use super::dispatch::Helper;
use super::expressions::{condition, digits, value};
use super::kinds::{Kinds, Type};
use super::layout::{Block, BlockKind, Item};
use super::syntax::{BinOp, BinOpKind, CompareOpKind, Expr, Span, Spanned, UnaryOpKind, UnaryOperation};
use super::unit::Unit;
use std::mem;

impl Unit<'_, '_> {
    pub(super) fn unary(&mut self, operation: &Spanned<UnaryOperation<'_>>) -> Code {
        let inner = self.expression(&operation.expr);
        match operation.op {
            // A call of `eq` by the template's author may have more operands than two.
            UnaryOpKind::Not if matches!(operation.expr, Expr::Call(_) | Expr::Filter(_)) => not(inner),
            UnaryOpKind::Not => negation(inner),
            UnaryOpKind::Neg => self.negative(&inner, operation.span()),
        }
    }

    pub(super) fn binary(&mut self, operation: &Spanned<BinOp<'_>>) -> Code {
        let compared = match operation.op {
            BinOpKind::ScAnd | BinOpKind::ScOr => return self.logic(operation),
            BinOpKind::Concat => return self.concatenation(operation),
            BinOpKind::Eq => CompareOpKind::Eq,
            BinOpKind::Ne => CompareOpKind::Ne,
            BinOpKind::Lt => CompareOpKind::Lt,
            BinOpKind::Lte => CompareOpKind::Lte,
            BinOpKind::Gt => CompareOpKind::Gt,
            BinOpKind::Gte => CompareOpKind::Gte,
            BinOpKind::In => CompareOpKind::In,
            _ => return self.arithmetic(operation),
        };
        self.compare_pair(compared, &operation.left, &operation.right)
    }

    /// `and` and `or` give one of their operands in both languages; a chain becomes one call.
    fn logic(&mut self, operation: &Spanned<BinOp<'_>>) -> Code {
        let is_and = matches!(operation.op, BinOpKind::ScAnd);
        let mut operands = Vec::new();
        flatten(&operation.left, is_and, &mut operands);
        flatten(&operation.right, is_and, &mut operands);
        let mut codes: Vec<Code> = Vec::new();
        let narrowed = self.narrowed.len();
        let errors = self.errors.len();
        let (may_hoist, before) = (self.may_hoist, self.before.len());
        for (index, operand) in operands.iter().enumerate() {
            // What stands before the statement is always evaluated, the right side is not.
            self.may_hoist = may_hoist && index == 0;
            codes.push(self.expression(operand));
            self.narrow(operand, is_and);
        }
        self.may_hoist = may_hoist;
        self.narrowed.truncate(narrowed);
        if self.errors.len() > errors && may_hoist {
            self.errors.truncate(errors);
            self.before.truncate(before);
            return self.hoisted_logic(&operands, is_and);
        }
        let ty = type_of(&codes, is_and);
        let safe = codes.iter().all(|code| code.safe);
        Code::call(if is_and { "and" } else { "or" }, &codes, ty).safe(safe)
    }

    /// The same as statements before, where an operand needs statements of its own.
    fn hoisted_logic(&mut self, operands: &[&Expr<'_>], is_and: bool) -> Code {
        let narrowed = self.narrowed.len();
        let name = self.fresh("value");
        let mut codes = Vec::new();
        for (index, operand) in operands.iter().enumerate() {
            let outer = mem::take(&mut self.before);
            let code = self.expression(operand);
            let mut items = mem::replace(&mut self.before, outer);
            let operator = if index == 0 { ":=" } else { "=" };
            items.push(Item::silent(format!("${name} {operator} {}", value(&code)), None));
            if index == 0 {
                self.before.append(&mut items);
            } else {
                let variable = Code::operand(format!("${name}"), Type::default());
                let met = if is_and { variable } else { negation(variable) };
                self.before.push(Item::Block(Block {
                    kind: BlockKind::If,
                    branches: vec![(format!("if {}", condition(&met)), items)],
                    indent: Some(String::new()),
                }));
            }
            codes.push(code);
            self.narrow(operand, is_and);
        }
        self.narrowed.truncate(narrowed);
        Code::operand(format!("${name}"), type_of(&codes, is_and)).safe(true)
    }

    /// Texts that are put together: one `printf`.
    fn concatenation(&mut self, operation: &Spanned<BinOp<'_>>) -> Code {
        let mut operands = Vec::new();
        concatenated(&operation.left, &mut operands);
        concatenated(&operation.right, &mut operands);
        let codes: Vec<Code> = operands
            .iter()
            .map(|operand| {
                let code = self.expression(operand);
                self.joined(&code, operand.span())
            })
            .collect();
        join(&codes)
    }

    /// The value as `~` writes it, where null and booleans look as in Python.
    fn joined(&mut self, code: &Code, span: Span) -> Code {
        match code.constant {
            Some(Constant::Null) => return Code::text_literal("None"),
            Some(Constant::Bool(value)) => return Code::text_literal(if value { "True" } else { "False" }),
            _ => {}
        }
        if code.is(Kinds::TEXT) || code.is(Kinds::INTEGER) || code.ty.kinds == Kinds::NONE {
            return code.clone();
        }
        if code.is(Kinds::BOOL) {
            let words = ["True", "False"].map(Code::text_literal);
            let [yes, no] = words;
            return Code::call("ternary", &[yes, no, code.clone()], Type::text()).safe(code.safe);
        }
        if code.is(Kinds::LIST | Kinds::MAP) {
            let message = "a list or map is made part of a text, which looks different in Helm";
            return self.refuse(span, message, "write it with `toJson`, `toYaml` or `join`");
        }
        if code.is(Kinds::FLOAT) {
            return self.help(Helper::Decimal, code.clone());
        }
        self.help(Helper::Joined, code.clone())
    }
}

/// What `and` or `or` of these gives.
fn type_of(codes: &[Code], is_and: bool) -> Type {
    let last = codes.len() - 1;
    if codes.iter().any(|code| code.ty.kinds == Kinds::NONE) {
        return Type::default();
    }
    let given = codes.iter().enumerate().map(|(index, code)| {
        if index < last && !is_and {
            code.ty.with(code.ty.kinds.without(Kinds::FALSE))
        } else {
            code.ty.clone()
        }
    });
    given.fold(Type::default(), |all, ty| all.union(&ty))
}

/// Printed values put together.
pub(super) fn join(parts: &[Code]) -> Code {
    let mut format = String::new();
    let mut literal = String::new();
    let mut arguments = Vec::new();
    for part in parts {
        if let Some(Constant::Text(text)) = &part.constant {
            format.push_str(&text.replace('%', "%%"));
            literal.push_str(text);
            continue;
        }
        let part = digits(part);
        format.push_str(if part.is(Kinds::TEXT) {
            "%s"
        } else if part.is(Kinds::GO_INTEGER) {
            "%d"
        } else {
            "%v"
        });
        arguments.push(part);
    }
    if arguments.is_empty() {
        return Code::text_literal(&literal);
    }
    if arguments.len() == 1 && format == "%s" {
        return arguments.remove(0);
    }
    let safe = arguments.iter().all(|argument| argument.safe);
    let all = mem::take(&mut arguments);
    let mut call = Code::call("printf", &all, Type::text()).safe(safe);
    let rest = call.text.strip_prefix("printf").unwrap_or_default().to_owned();
    call.text = flat(&format!("printf {}{rest}", quoted(&format)));
    call
}

fn flatten<'e, 'a>(expr: &'e Expr<'a>, is_and: bool, operands: &mut Vec<&'e Expr<'a>>) {
    match expr {
        Expr::BinOp(operation)
            if matches!(
                (&operation.op, is_and),
                (BinOpKind::ScAnd, true) | (BinOpKind::ScOr, false)
            ) =>
        {
            flatten(&operation.left, is_and, operands);
            flatten(&operation.right, is_and, operands);
        }
        _ => operands.push(expr),
    }
}

fn concatenated<'e, 'a>(expr: &'e Expr<'a>, operands: &mut Vec<&'e Expr<'a>>) {
    match expr {
        Expr::BinOp(operation) if matches!(operation.op, BinOpKind::Concat) => {
            concatenated(&operation.left, operands);
            concatenated(&operation.right, operands);
        }
        _ => operands.push(expr),
    }
}
