//! Owns the translation of operators and tests: arithmetic, concatenation, comparison, `in`, `is`, slices.
//!
//! Where Go's operators are stricter than Jinja's, the kinds of the operands decide; what they do not decide is refused.

use super::code::{Code, Constant, flat, quoted};
use super::expressions::digits;
use super::kinds::{Kinds, Type};
use super::syntax::{
    BinOp, BinOpKind, CallArg, Compare, CompareOpKind, Expr, Span, Spanned, Test, UnaryOpKind, UnaryOperation,
};
use super::unit::Unit;
use std::mem;

impl Unit<'_, '_> {
    pub(super) fn unary(&mut self, operation: &Spanned<UnaryOperation<'_>>) -> Code {
        let inner = self.expression(&operation.expr);
        match (&operation.op, &inner.constant) {
            (UnaryOpKind::Not, _) => negation(inner),
            (UnaryOpKind::Neg, Some(Constant::Int(value))) => Code::int(-value),
            (UnaryOpKind::Neg, _) if inner.is(Kinds::INTEGER) => {
                Code::call("sub", &[Code::int(0), inner], Type::of(Kinds::INT64))
            }
            (UnaryOpKind::Neg, _) => {
                let message = "the sign of what may not be an integer is turned";
                self.refuse(operation.span(), message, "write `sub(0, x)` or `mulf(-1, x)`")
            }
        }
    }

    pub(super) fn binary(&mut self, operation: &Spanned<BinOp<'_>>) -> Code {
        match operation.op {
            BinOpKind::ScAnd | BinOpKind::ScOr => self.logic(operation),
            BinOpKind::Concat => self.concatenation(operation),
            BinOpKind::Eq => self.compare_pair(CompareOpKind::Eq, &operation.left, &operation.right),
            BinOpKind::Ne => self.compare_pair(CompareOpKind::Ne, &operation.left, &operation.right),
            BinOpKind::Lt => self.compare_pair(CompareOpKind::Lt, &operation.left, &operation.right),
            BinOpKind::Lte => self.compare_pair(CompareOpKind::Lte, &operation.left, &operation.right),
            BinOpKind::Gt => self.compare_pair(CompareOpKind::Gt, &operation.left, &operation.right),
            BinOpKind::Gte => self.compare_pair(CompareOpKind::Gte, &operation.left, &operation.right),
            BinOpKind::In => self.compare_pair(CompareOpKind::In, &operation.left, &operation.right),
            BinOpKind::Add | BinOpKind::Sub | BinOpKind::Mul => self.arithmetic(operation),
            BinOpKind::Div => self.refuse(
                operation.span(),
                "`/` cannot be compiled",
                "write `divf(a, b)` or `div(a, b)`",
            ),
            BinOpKind::FloorDiv => {
                self.refuse(operation.span(), "`//` cannot be compiled", "write `div(a, b)`")
            }
            BinOpKind::Rem => self.refuse(operation.span(), "`%` cannot be compiled", "write `mod(a, b)`"),
            BinOpKind::Pow => self.refuse(operation.span(), "`**` cannot be compiled", "multiply with `mul`"),
        }
    }

    /// `and` and `or` give one of their operands in both languages; a chain becomes one call.
    fn logic(&mut self, operation: &Spanned<BinOp<'_>>) -> Code {
        let is_and = matches!(operation.op, BinOpKind::ScAnd);
        let mut operands = Vec::new();
        flatten(&operation.left, is_and, &mut operands);
        flatten(&operation.right, is_and, &mut operands);
        let mut codes: Vec<Code> = Vec::new();
        let narrowed = self.narrowed.len();
        let may_hoist = self.may_hoist;
        for (index, operand) in operands.iter().enumerate() {
            // What stands before the statement is always evaluated, the right side is not.
            self.may_hoist = may_hoist && index == 0;
            codes.push(self.expression(operand));
            if is_and {
                self.narrow(operand, true);
            }
        }
        self.may_hoist = may_hoist;
        self.narrowed.truncate(narrowed);
        let last = codes.len() - 1;
        let mut ty = Type::default();
        for (index, code) in codes.iter().enumerate() {
            let given = if index < last && !is_and {
                code.ty.with(code.ty.kinds.without(Kinds::FALSE))
            } else {
                code.ty.clone()
            };
            ty = ty.union(&given);
        }
        if codes.iter().any(|code| code.ty.kinds == Kinds::NONE) {
            ty = Type::default();
        }
        let safe = codes.iter().all(|code| code.safe);
        Code::call(if is_and { "and" } else { "or" }, &codes, ty).safe(safe)
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
                self.printed(&code, operand.span())
            })
            .collect();
        join(&codes)
    }

    fn arithmetic(&mut self, operation: &Spanned<BinOp<'_>>) -> Code {
        let left = self.expression(&operation.left);
        let right = self.expression(&operation.right);
        let both = |kinds| left.is(kinds) && right.is(kinds);
        let safe = left.safe && right.safe;
        if both(Kinds::INTEGER) {
            let name = match operation.op {
                BinOpKind::Add => "add",
                BinOpKind::Sub => "sub",
                _ => "mul",
            };
            return Code::call(name, &[left, right], Type::of(Kinds::INT64)).safe(safe);
        }
        let is_sum = matches!(operation.op, BinOpKind::Add);
        if is_sum && both(Kinds::TEXT) {
            return join(&[left, right]);
        }
        if is_sum && both(Kinds::LIST) {
            let ty = left.ty.union(&right.ty);
            return Code::call("concat", &[left, right], ty).safe(safe);
        }
        self.refuse(
            operation.span(),
            "the operands of arithmetic are not known to be integers",
            "convert them with `int64(x)`, or write `addf`, `subf` or `mulf`; texts are joined with `~`",
        )
    }

    pub(super) fn comparison(&mut self, compare: &Spanned<Compare<'_>>) -> Code {
        let mut codes = Vec::new();
        let mut left = &compare.expr;
        for operation in &compare.ops {
            codes.push(self.compare_pair(operation.op, left, &operation.expr));
            left = &operation.expr;
        }
        if codes.len() == 1 {
            return codes.remove(0);
        }
        let safe = codes.iter().all(|code| code.safe);
        Code::call("and", &codes, Type::bool()).safe(safe)
    }

    fn compare_pair(&mut self, operator: CompareOpKind, left: &Expr<'_>, right: &Expr<'_>) -> Code {
        let (a, b) = (self.expression(left), self.expression(right));
        let span = left.span();
        match operator {
            CompareOpKind::Eq => equal("eq", &a, &b),
            CompareOpKind::Ne => equal("ne", &a, &b),
            CompareOpKind::Lt => self.ordered("lt", &a, &b, span),
            CompareOpKind::Lte => self.ordered("le", &a, &b, span),
            CompareOpKind::Gt => self.ordered("gt", &a, &b, span),
            CompareOpKind::Gte => self.ordered("ge", &a, &b, span),
            CompareOpKind::In => self.contained(&a, &b, span),
            CompareOpKind::NotIn => {
                let contained = self.contained(&a, &b, span);
                negation(contained)
            }
        }
    }

    fn ordered(&mut self, name: &str, left: &Code, right: &Code, span: Span) -> Code {
        let both = |kinds| left.is(kinds) && right.is(kinds);
        let operands = if both(Kinds::TEXT) {
            [left.clone(), right.clone()]
        } else if both(Kinds::INTEGER) {
            [integer(left), integer(right)]
        } else if both(Kinds::NUMBER) {
            let float =
                |code: &Code| Code::call("float64", std::slice::from_ref(code), Type::of(Kinds::FLOAT));
            [float(left), float(right)]
        } else {
            return self.refuse(
                span,
                "what is compared is not known to be numbers or texts",
                "convert both sides with `int64(x)`, `float64(x)` or `toString(x)`, or describe the value in `values.schema.json`",
            );
        };
        Code::call(name, &operands, Type::bool()).safe(left.safe && right.safe)
    }

    fn contained(&mut self, item: &Code, collection: &Code, span: Span) -> Code {
        let safe = item.safe && collection.safe;
        let names = item.is(Kinds::TEXT);
        let name = if names && collection.is(Kinds::TEXT) {
            "contains"
        } else if item.is(Kinds::TEXT | Kinds::BOOL | Kinds::NULL) && collection.is(Kinds::LIST) {
            "has"
        } else if names && collection.is(Kinds::MAP) {
            return Code::call("hasKey", &[collection.clone(), item.clone()], Type::bool()).safe(safe);
        } else {
            return self.refuse(
                span,
                "what `in` looks into is not known to be a text, a list of texts or a map",
                "write `contains(part, text)`, `has(item, list)` or `hasKey(map, key)`",
            );
        };
        Code::call(name, &[item.clone(), collection.clone()], Type::bool()).safe(safe)
    }

    pub(super) fn test(&mut self, test: &Spanned<Test<'_>>) -> Code {
        if let "defined" | "undefined" = test.name {
            let defined = self.defined(&test.expr);
            return if test.name == "defined" {
                defined
            } else {
                negation(defined)
            };
        }
        let argument = match test.args.first() {
            Some(CallArg::Pos(argument)) => Some(argument),
            _ => None,
        };
        let operator = match test.name {
            "eq" | "==" | "equalto" => Some(CompareOpKind::Eq),
            "ne" => Some(CompareOpKind::Ne),
            "lt" => Some(CompareOpKind::Lt),
            "le" => Some(CompareOpKind::Lte),
            "gt" => Some(CompareOpKind::Gt),
            "ge" => Some(CompareOpKind::Gte),
            "in" => Some(CompareOpKind::In),
            _ => None,
        };
        if let (Some(operator), Some(argument)) = (operator, argument) {
            return self.compare_pair(operator, &test.expr, argument);
        }
        let code = self.expression(&test.expr);
        match test.name {
            "none" => is_kind("invalid", &code),
            "boolean" => is_kind("bool", &code),
            "string" => is_kind("string", &code),
            "mapping" => is_kind("map", &code),
            "sequence" => is_kind("slice", &code),
            "true" => equal("eq", &code, &Code::bool(true)),
            "false" => equal("eq", &code, &Code::bool(false)),
            "number" => {
                let kind = Code::call("kindOf", std::slice::from_ref(&code), Type::text());
                let kinds = ["float64", "int64", "int"].map(Code::text_literal);
                let list = Code::call("list", &kinds, Type::of(Kinds::LIST));
                Code::call("has", &[kind, list], Type::bool()).safe(code.safe)
            }
            name => {
                let message = format!("the test `{name}` cannot be compiled");
                self.refuse(
                    test.span(),
                    message,
                    "Go has one kind of number for both: use `is number`",
                )
            }
        }
    }

    /// Whether a field is set.
    fn defined(&mut self, expr: &Expr<'_>) -> Code {
        match expr {
            Expr::GetAttr(attribute) => {
                let base = self.expression(&attribute.expr);
                let name = Code::text_literal(attribute.name);
                Code::call("hasKey", &[base, name], Type::bool())
            }
            Expr::GetItem(item) => {
                let base = self.expression(&item.expr);
                let key = self.expression(&item.subscript_expr);
                Code::call("hasKey", &[base, key], Type::bool())
            }
            _ => self.refuse(
                expr.span(),
                "whether a variable is defined is not known in Go",
                "ask for a key of a map: `Values.key is defined`, or give the parameter a default",
            ),
        }
    }

    /// Narrows the kinds of a variable by a condition that is met, or is not.
    pub(super) fn narrow(&mut self, condition: &Expr<'_>, is_met: bool) {
        match condition {
            Expr::Var(variable) if is_met => {
                let kinds = Type::any().kinds.without(Kinds::FALSE);
                self.narrowed.push((variable.id.to_owned(), kinds));
            }
            Expr::Test(test) => {
                let Expr::Var(variable) = &test.expr else { return };
                let kinds = match test.name {
                    "none" => Kinds::NULL,
                    "boolean" => Kinds::BOOL,
                    "string" => Kinds::TEXT,
                    "mapping" => Kinds::MAP,
                    "sequence" => Kinds::LIST,
                    "number" => Kinds::NUMBER,
                    _ => return,
                };
                let all = Type::any().kinds;
                let kinds = if is_met { kinds } else { all.without(kinds) };
                self.narrowed.push((variable.id.to_owned(), kinds));
            }
            Expr::UnaryOp(operation) if matches!(operation.op, UnaryOpKind::Not) => {
                self.narrow(&operation.expr, !is_met);
            }
            Expr::BinOp(operation) => {
                let splits = match operation.op {
                    BinOpKind::ScAnd => is_met,
                    BinOpKind::ScOr => !is_met,
                    _ => false,
                };
                if splits {
                    self.narrow(&operation.left, is_met);
                    self.narrow(&operation.right, is_met);
                }
            }
            _ => {}
        }
    }

    pub(super) fn slice(&mut self, slice: &Spanned<super::syntax::Slice<'_>>) -> Code {
        let base = self.expression(&slice.expr);
        let mut bound = |expr: &Option<Expr<'_>>| expr.as_ref().map(|expr| self.expression(expr));
        let (start, stop) = (bound(&slice.start), bound(&slice.stop));
        let is_text = base.is(Kinds::TEXT) && slice.step.is_none();
        if let (true, Some(start), Some(stop)) =
            (is_text, letters(start.as_ref(), 0), letters(stop.as_ref(), -1))
        {
            return sliced(base, start, stop);
        }
        if base.is(Kinds::LIST)
            && slice.step.is_none()
            && stop.is_none()
            && letters(start.as_ref(), 0) == Some(1)
        {
            return Code::call("rest", std::slice::from_ref(&base), base.ty.clone());
        }
        self.refuse(
            slice.span(),
            "this slice cannot be compiled",
            "write `trunc(length, text)`, `substr(start, end, text)` or `slice(list, start, end)`",
        )
    }
}

fn negation(inner: Code) -> Code {
    let safe = inner.safe;
    Code::call("not", &[inner], Type::bool()).safe(safe)
}

fn equal(name: &str, left: &Code, right: &Code) -> Code {
    let safe = left.safe && right.safe;
    let null = Some(Constant::Null);
    if left.constant == null || right.constant == null {
        let other = if left.constant == null { right } else { left };
        let is_null = is_kind("invalid", other);
        return if name == "eq" { is_null } else { negation(is_null) };
    }
    let alike = |kinds: Kinds| left.is(kinds | Kinds::NULL) && right.is(kinds | Kinds::NULL);
    if alike(Kinds::TEXT) || alike(Kinds::BOOL) {
        return Code::call(name, &[left.clone(), right.clone()], Type::bool()).safe(safe);
    }
    if left.is(Kinds::INTEGER) && right.is(Kinds::INTEGER) {
        return Code::call(name, &[integer(left), integer(right)], Type::bool()).safe(safe);
    }
    let json = |code: &Code| Code::call("toJson", std::slice::from_ref(code), Type::text());
    Code::call(name, &[json(left), json(right)], Type::bool()).safe(safe)
}

/// RE2 repeats no more often.
const REPETITIONS: i64 = 1000;

/// A bound of a slice that is known, or what stands for one that is not given.
fn letters(bound: Option<&Code>, default: i64) -> Option<i64> {
    match bound.map(|code| &code.constant) {
        None => Some(default),
        Some(Some(Constant::Int(value))) => (0..=REPETITIONS).contains(value).then_some(*value),
        Some(_) => None,
    }
}

/// A part of a text. Jinja counts letters where `trunc` and `substr` count bytes, so it is found by a pattern.
fn sliced(text: Code, start: i64, stop: i64) -> Code {
    let mut part = text;
    let first = |count: i64| Code::text_literal(&format!("(?s)^.{{0,{count}}}"));
    if start > 0 {
        let nothing = Code::text_literal("");
        part = Code::call("regexReplaceAll", &[first(start), part, nothing], Type::text());
    }
    if stop >= 0 {
        let length = (stop - start).max(0);
        part = part.pipe("regexFind", &[first(length)], Type::text());
    }
    part
}

/// `kindIs "kind" code`.
fn is_kind(kind: &str, code: &Code) -> Code {
    let safe = code.safe;
    Code::call("kindIs", &[Code::text_literal(kind), code.clone()], Type::bool()).safe(safe)
}

/// An integer that Go compares with literals.
fn integer(code: &Code) -> Code {
    if code.is(Kinds::GO_INTEGER) {
        return code.clone();
    }
    Code::call("int64", std::slice::from_ref(code), Type::of(Kinds::INT64)).safe(code.safe)
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
