//! Owns the translation of comparisons: `==`, `<` and their kin, `in`, `is`, and what a condition says about a variable.
//!
//! Where Go's functions are stricter than Jinja's operators, the kinds of the operands decide.

use super::code::{Code, Constant};
use super::dispatch::Helper;
use super::kinds::{Kinds, Type};
use super::syntax::{BinOpKind, CallArg, Compare, CompareOpKind, Expr, Span, Spanned, Test, UnaryOpKind};
use super::unit::Unit;

impl Unit<'_, '_> {
    pub(super) fn comparison(&mut self, compare: &Spanned<Compare<'_>>) -> Code {
        let mut codes = Vec::new();
        let mut left = &compare.expr;
        let may_hoist = self.may_hoist;
        for (index, operation) in compare.ops.iter().enumerate() {
            // What stands to the right of a comparison that fails is not evaluated.
            self.may_hoist = may_hoist && index == 0;
            codes.push(self.compare_pair(operation.op, left, &operation.expr));
            left = &operation.expr;
        }
        self.may_hoist = may_hoist;
        if codes.len() == 1 {
            return codes.remove(0);
        }
        let safe = codes.iter().all(|code| code.safe);
        Code::call("and", &codes, Type::bool()).safe(safe)
    }

    pub(super) fn compare_pair(
        &mut self,
        operator: CompareOpKind,
        left: &Expr<'_>,
        right: &Expr<'_>,
    ) -> Code {
        let (a, b) = (self.expression(left), self.expression(right));
        let span = left.span();
        match operator {
            CompareOpKind::Eq => self.compared("eq", &a, &b, span),
            CompareOpKind::Ne => self.compared("ne", &a, &b, span),
            CompareOpKind::Lt => self.compared("lt", &a, &b, span),
            CompareOpKind::Lte => self.compared("le", &a, &b, span),
            CompareOpKind::Gt => self.compared("gt", &a, &b, span),
            CompareOpKind::Gte => self.compared("ge", &a, &b, span),
            CompareOpKind::In => self.contained(&a, &b, span),
            CompareOpKind::NotIn => negation(self.contained(&a, &b, span)),
        }
    }

    /// A comparison by Go's function `name`.
    pub(super) fn compared(&mut self, name: &str, left: &Code, right: &Code, span: Span) -> Code {
        if let "eq" | "ne" = name {
            return equal(name, left, right);
        }
        self.ordered(name, left, right, span)
    }

    fn ordered(&mut self, name: &str, left: &Code, right: &Code, span: Span) -> Code {
        let both = |kinds| left.is(kinds) && right.is(kinds);
        let either = |kinds| left.is(kinds) || right.is(kinds);
        let possible = |kinds| left.ty.kinds.may_be(kinds) && right.ty.kinds.may_be(kinds);
        let safe = left.safe && right.safe;
        let convert = |by: &'static str, kinds| {
            move |code: &Code| {
                if code.is(kinds) {
                    return code.clone();
                }
                Code::call(by, std::slice::from_ref(code), Type::of(kinds))
            }
        };
        let operands = if both(Kinds::INTEGER) {
            [integer(left), integer(right)]
        } else if both(Kinds::TEXT) {
            [left.clone(), right.clone()]
        } else if either(Kinds::NUMBER) && possible(Kinds::NUMBER) {
            [left, right].map(float)
        } else if either(Kinds::TEXT) && possible(Kinds::TEXT) {
            [left, right].map(convert("toString", Kinds::TEXT))
        } else if possible(Kinds::NUMBER | Kinds::TEXT) {
            let pair = Code::call("list", &[left.clone(), right.clone()], Type::of(Kinds::LIST));
            let order = self
                .help(Helper::Compare, pair)
                .pipe("int", &[], Type::of(Kinds::INT));
            return Code::call(name, &[order, Code::int(0)], Type::bool());
        } else {
            return self.refuse(
                span,
                "what is compared is neither numbers nor texts",
                "convert both sides with `int64(x)`, `float64(x)` or `toString(x)`",
            );
        };
        Code::call(name, &operands, Type::bool()).safe(safe)
    }

    fn contained(&mut self, item: &Code, collection: &Code, span: Span) -> Code {
        let safe = item.safe && collection.safe;
        let names = item.is(Kinds::TEXT);
        let of = |kinds: Kinds| collection.is(kinds | Kinds::NULL);
        let call = |name: &str, first: &Code, second: &Code| {
            Code::call(name, &[first.clone(), second.clone()], Type::bool()).safe(safe)
        };
        if names && collection.is(Kinds::TEXT) {
            return call("contains", item, collection);
        }
        if item.is(Kinds::TEXT | Kinds::BOOL | Kinds::NULL) && of(Kinds::LIST) {
            return call("has", item, collection);
        }
        if names && of(Kinds::MAP) {
            return call("hasKey", collection, item);
        }
        if !collection.ty.kinds.may_be(Kinds::TEXT | Kinds::LIST | Kinds::MAP) {
            return self.refuse(
                span,
                "what `in` looks into is no text, list or map",
                "write `contains(part, text)`, `has(item, list)` or `hasKey(map, key)`",
            );
        }
        let pair = Code::call("list", &[item.clone(), collection.clone()], Type::of(Kinds::LIST));
        let found = self.help(Helper::In, pair);
        Code::call("eq", &[found, Code::text_literal("true")], Type::bool())
    }

    pub(super) fn test(&mut self, test: &Spanned<Test<'_>>) -> Code {
        match test.name {
            "defined" => return self.defined(&test.expr),
            "undefined" => return negation(self.defined(&test.expr)),
            _ => {}
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
            // Booleans are numbers to Jinja.
            "number" => has_kind(&code, &["float64", "int64", "int", "bool"]),
            "integer" => is_whole(&code),
            "float" if code.is(Kinds::FLOAT) => Code::bool(true),
            "float" => {
                let float = is_kind("float64", &code);
                let whole = negation(is_whole(&code));
                Code::call("and", &[float, whole], Type::bool()).safe(code.safe)
            }
            name => {
                let message = format!("the test `{name}` cannot be compiled");
                self.refuse(
                    test.span(),
                    message,
                    "use a comparison or `is mapping` and its like",
                )
            }
        }
    }

    /// Whether a field, an item or a parameter is set.
    fn defined(&mut self, expr: &Expr<'_>) -> Code {
        match expr {
            Expr::GetAttr(attribute) => {
                if let Some(code) = self.neighbour_defined(&attribute.expr, attribute.name) {
                    return code;
                }
                let base = self.expression(&attribute.expr);
                let name = Code::text_literal(attribute.name);
                Code::call("hasKey", &[base, name], Type::bool())
            }
            Expr::GetItem(item) => {
                let base = self.expression(&item.expr);
                let key = self.expression(&item.subscript_expr);
                if key.is(Kinds::INTEGER) && key.is_counted {
                    let length = Code::call("len", &[base], Type::of(Kinds::INT));
                    return Code::call("lt", &[integer(&key), length], Type::bool());
                }
                Code::call("hasKey", &[base, key], Type::bool())
            }
            Expr::Var(name) => self.is_name(name.id),
            _ => self.refuse(
                expr.span(),
                "whether this is defined is not known in Go",
                "ask for a key of a map: `Values.key is defined`, or compare with `none`",
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
                    "number" => Kinds::NUMBER | Kinds::BOOL,
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
}

/// The opposite of a comparison that was made here, and of anything else.
pub(super) fn negation(inner: Code) -> Code {
    let opposite = |text: &str| {
        let (name, operands) = text.split_once(' ')?;
        let opposite = match name {
            "eq" => "ne",
            "ne" => "eq",
            _ => return None,
        };
        Some(format!("{opposite} {operands}"))
    };
    match opposite(&inner.text) {
        Some(text) if !inner.is_operand() && !text.contains('|') => {
            let mut opposite = inner;
            opposite.text = text;
            opposite
        }
        _ => not(inner),
    }
}

/// `not`.
pub(super) fn not(inner: Code) -> Code {
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
    if left.is(Kinds::NUMBER) && right.is(Kinds::NUMBER) {
        return Code::call(name, &[float(left), float(right)], Type::bool()).safe(safe);
    }
    for (value, constant) in [(left, right), (right, left)] {
        if let Some(compared) = with_constant(name, value, constant) {
            return compared.safe(safe);
        }
    }
    let json = |code: &Code| Code::call("toJson", std::slice::from_ref(code), Type::text());
    Code::call(name, &[json(left), json(right)], Type::bool()).safe(safe)
}

/// A value of any kind beside a literal, which only its like equals.
fn with_constant(name: &str, value: &Code, constant: &Code) -> Option<Code> {
    let (by, text) = match &constant.constant {
        Some(Constant::Text(text)) if !is_printed_by_others(text) => ("toString", text.clone()),
        Some(Constant::Int(number)) => ("toJson", number.to_string()),
        Some(Constant::Bool(truth)) => ("toJson", truth.to_string()),
        _ => return None,
    };
    let value = Code::call(by, std::slice::from_ref(value), Type::text());
    Some(Code::call(
        name,
        &[value, Code::text_literal(&text)],
        Type::bool(),
    ))
}

/// Whether something that is no text may be printed so.
fn is_printed_by_others(text: &str) -> bool {
    let begins_number = |first: char| first.is_ascii_digit() || matches!(first, '+' | '-' | '.');
    matches!(text, "true" | "false" | "NaN")
        || text.starts_with(begins_number)
        || text.starts_with('<')
        || text.starts_with('[')
        || text.starts_with('{')
        || text.starts_with("map[")
}

/// Whether a number is an integer; Helm does not know how a number was written.
fn is_whole(code: &Code) -> Code {
    if code.is(Kinds::GO_INTEGER) {
        return Code::bool(true);
    }
    let from_values = {
        let number = is_kind("float64", code);
        let whole = Code::call("int64", std::slice::from_ref(code), Type::of(Kinds::INT64));
        let again = Code::call("float64", &[whole], Type::of(Kinds::FLOAT));
        let same = Code::call("eq", &[again, code.clone()], Type::bool());
        Code::call("and", &[number, same], Type::bool()).safe(code.safe)
    };
    if code.ty.kinds.may_be(Kinds::GO_INTEGER) {
        let own = has_kind(code, &["int64", "int"]);
        return Code::call("or", &[own, from_values], Type::bool()).safe(code.safe);
    }
    from_values
}

/// Whether the value is of one of these kinds.
fn has_kind(code: &Code, kinds: &[&str]) -> Code {
    let kind = Code::call("kindOf", std::slice::from_ref(code), Type::text());
    let kinds: Vec<Code> = kinds.iter().map(|kind| Code::text_literal(kind)).collect();
    let list = Code::call("list", &kinds, Type::of(Kinds::LIST));
    Code::call("has", &[kind, list], Type::bool()).safe(code.safe)
}

/// A number as Go compares it with others.
fn float(code: &Code) -> Code {
    match code.constant {
        Some(Constant::Int(value)) if value.unsigned_abs() < 1 << 52 => {
            Code::operand(format!("{value}.0"), Type::of(Kinds::FLOAT)).safe(true)
        }
        Some(Constant::Float(_)) => code.clone(),
        _ => Code::call("float64", std::slice::from_ref(code), Type::of(Kinds::FLOAT)).safe(code.safe),
    }
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
