//! Owns the translation of arithmetic: `+`, `-`, `*`, `/`, `//`, `%`, `**` and the sign.
//!
//! Integers are exact in both languages. Helm's functions calculate fractions in decimal and Jinja in binary, so what
//! would come out differently in the last digit is refused.

use super::code::{Code, Constant};
use super::dispatch::Helper;
use super::kinds::{Kinds, Type};
use super::operators::join;
use super::slices::no_null;
use super::syntax::{BinOp, BinOpKind, Span, Spanned};
use super::unit::Unit;

/// Powers are written as products up to this exponent.
const FACTORS: i64 = 8;

impl Unit<'_, '_> {
    pub(super) fn arithmetic(&mut self, operation: &Spanned<BinOp<'_>>) -> Code {
        let left = self.expression(&operation.left);
        let right = self.expression(&operation.right);
        let span = operation.span();
        let safe = left.safe && right.safe;
        if left.ty.kinds == Kinds::NONE || right.ty.kinds == Kinds::NONE {
            // It is known in a later round.
            return Code::unknown();
        }
        let code = match operation.op {
            BinOpKind::Add => self.sum(&left, &right, span),
            BinOpKind::Sub => self.calculated(["sub", "subf"], &left, &right, span),
            BinOpKind::Mul => self.product(&left, &right, span),
            BinOpKind::Div => self.division(&left, &right, span),
            BinOpKind::FloorDiv => self.floor_division(&left, &right, span),
            BinOpKind::Rem => self.remainder(&left, &right, span),
            _ => self.power(&left, &right, span),
        };
        code.safe(safe)
    }

    /// Integers by one function, what may be a fraction by the other.
    fn calculated(&mut self, names: [&str; 2], left: &Code, right: &Code, span: Span) -> Code {
        let operands = [left.clone(), right.clone()];
        if left.is(Kinds::INTEGER) && right.is(Kinds::INTEGER) {
            return Code::call(names[0], &operands, Type::of(Kinds::INT64));
        }
        if !self.are_numbers(left, right, span) {
            return Code::unknown();
        }
        if left.is(Kinds::FLOAT) || right.is(Kinds::FLOAT) {
            let help = format!(
                "write `{}(a, b)`, which gives the same in Jinja and in Go",
                names[1]
            );
            return self.refuse(span, "this result may differ in its last digit in Go", &help);
        }
        Code::call(names[1], &operands, Type::of(Kinds::WHOLE | Kinds::FLOAT))
    }

    /// Whether both may be numbers; reports it if not.
    fn are_numbers(&mut self, left: &Code, right: &Code, span: Span) -> bool {
        let are = left.ty.kinds.may_be(Kinds::NUMBER) && right.ty.kinds.may_be(Kinds::NUMBER);
        if !are {
            self.refuse(
                span,
                "the operands of arithmetic are no numbers",
                "convert them with `int64(x)` or `float64(x)`; texts are joined with `~`",
            );
        }
        are
    }

    fn sum(&mut self, left: &Code, right: &Code, span: Span) -> Code {
        let either = |kinds| left.is(kinds) || right.is(kinds);
        if either(Kinds::TEXT) {
            return join(&[left.clone(), right.clone()]);
        }
        if either(Kinds::LIST) {
            let ty = left.ty.union(&right.ty).with(Kinds::LIST);
            let sum = Code::call("concat", &[left.clone(), right.clone()], ty);
            let has_items = [left, right].iter().any(|list| list.text.starts_with("list "));
            return if has_items { sum } else { no_null(&sum) };
        }
        if either(Kinds::NUMBER) {
            return self.calculated(["add", "addf"], left, right, span);
        }
        let list = Code::call("list", &[left.clone(), right.clone()], Type::of(Kinds::LIST));
        let json = self
            .help(Helper::Sum, list)
            .pipe("fromJson", &[], Type::of(Kinds::MAP));
        let ty = left.ty.union(&right.ty);
        let kinds = Kinds::TEXT | Kinds::LIST | Kinds::WHOLE | Kinds::FLOAT;
        json.field("value", ty.with(kinds))
    }

    fn product(&mut self, left: &Code, right: &Code, span: Span) -> Code {
        for (text, count) in [(left, right), (right, left)] {
            if text.is(Kinds::TEXT) && count.ty.kinds.may_be(Kinds::INTEGER) {
                let count = super::expressions::as_int(count);
                return Code::call("repeat", &[count, text.clone()], Type::text());
            }
        }
        let halves =
            |code: &Code| matches!(code.constant, Some(Constant::Float(value)) if is_power_of_two(value));
        if (halves(left) || halves(right)) && self.are_numbers(left, right, span) {
            return Code::call("mulf", &[left.clone(), right.clone()], Type::of(Kinds::FLOAT));
        }
        self.calculated(["mul", "mulf"], left, right, span)
    }

    /// A quotient is a fraction; it is the same in decimal if its digits end.
    fn division(&mut self, left: &Code, right: &Code, span: Span) -> Code {
        if !self.are_numbers(left, right, span) {
            return Code::unknown();
        }
        let ends = match right.constant {
            Some(Constant::Int(divisor)) => {
                let is_exact = !left.is(Kinds::FLOAT);
                has_short_quotients(divisor) && is_exact || is_power_of_two(divisor_as_float(divisor))
            }
            Some(Constant::Float(divisor)) => is_power_of_two(divisor),
            _ => false,
        };
        if ends {
            return Code::call("divf", &[left.clone(), right.clone()], Type::of(Kinds::FLOAT));
        }
        self.refuse(
            span,
            "this quotient may differ in its last digit in Go",
            "write `divf(a, b)`, which gives the same in Jinja and in Go, or `(a / b) | int` or `a // b` for whole numbers",
        )
    }

    /// The whole part of a quotient of integers.
    pub(super) fn whole_quotient(&mut self, operation: &BinOp<'_>) -> Option<Code> {
        let errors = self.errors.len();
        let left = self.expression(&operation.left);
        let right = self.expression(&operation.right);
        let is_whole =
            right.is(Kinds::INTEGER) && left.ty.kinds.may_be(Kinds::NUMBER) && !left.is(Kinds::FLOAT);
        if self.errors.len() > errors || !is_whole {
            return None;
        }
        let safe = left.safe && right.safe;
        Some(Code::call("div", &[left, right], Type::of(Kinds::INT64)).safe(safe))
    }

    /// Rounded down, where Go's division cuts off.
    fn floor_division(&mut self, left: &Code, right: &Code, span: Span) -> Code {
        if !self.are_numbers(left, right, span) {
            return Code::unknown();
        }
        let operands = [left.clone(), right.clone()];
        if left.is_counted && right.is_counted {
            return Code::call("div", &operands, Type::of(Kinds::INT64)).counted();
        }
        let quotient = Code::call("divf", &operands, Type::of(Kinds::FLOAT));
        let floor = Code::call("floor", &[quotient], Type::of(Kinds::FLOAT));
        floor.pipe("int64", &[], Type::of(Kinds::INT64))
    }

    /// What is left of a division that is rounded down: it has the divisor's sign.
    fn remainder(&mut self, left: &Code, right: &Code, span: Span) -> Code {
        if !self.are_numbers(left, right, span) {
            return Code::unknown();
        }
        let operands = [left.clone(), right.clone()];
        if left.is_counted && right.is_counted {
            return Code::call("mod", &operands, Type::of(Kinds::INT64)).counted();
        }
        if left.is(Kinds::INTEGER) && right.is(Kinds::INTEGER) {
            let ty = Type::of(Kinds::INT64);
            let once = Code::call("mod", &operands, ty.clone());
            let sum = Code::call("add", &[once, right.clone()], ty.clone());
            return Code::call("mod", &[sum, right.clone()], ty);
        }
        if left.is(Kinds::FLOAT) || right.is(Kinds::FLOAT) {
            return self.refuse(
                span,
                "`%` of a fraction cannot be compiled",
                "convert it with `int64(x)`",
            );
        }
        let ty = Type::of(Kinds::WHOLE | Kinds::FLOAT);
        let quotient = Code::call("divf", &operands, ty.clone());
        let floor = Code::call("floor", &[quotient], ty.clone());
        let multiple = Code::call("mulf", &[right.clone(), floor], ty.clone());
        Code::call("subf", &[left.clone(), multiple], ty)
    }

    fn power(&mut self, left: &Code, right: &Code, span: Span) -> Code {
        let ty = Type::of(Kinds::INT64);
        match right.constant {
            Some(Constant::Int(0)) if left.is(Kinds::INTEGER) => Code::int(1),
            Some(Constant::Int(1)) if left.is(Kinds::INTEGER) => left.clone(),
            Some(Constant::Int(exponent @ 2..=FACTORS)) if left.is(Kinds::INTEGER) => {
                let count = usize::try_from(exponent).unwrap_or_default();
                Code::call("mul", &vec![left.clone(); count], ty)
            }
            _ => self.refuse(
                span,
                "this power cannot be compiled",
                "multiply integers with `*`, for example `x * x`",
            ),
        }
    }

    /// The sign turned.
    pub(super) fn negative(&mut self, inner: &Code, span: Span) -> Code {
        match &inner.constant {
            Some(Constant::Int(value)) => return Code::int(value.wrapping_neg()),
            Some(Constant::Float(value)) => return Code::float(-value),
            _ => {}
        }
        if inner.ty.kinds == Kinds::NONE {
            return Code::unknown();
        }
        if inner.is(Kinds::INTEGER) {
            return Code::call("sub", &[Code::int(0), inner.clone()], Type::of(Kinds::INT64))
                .safe(inner.safe);
        }
        if inner.ty.kinds.may_be(Kinds::NUMBER) {
            let kinds = if inner.is(Kinds::FLOAT) {
                Kinds::FLOAT
            } else {
                Kinds::WHOLE | Kinds::FLOAT
            };
            return Code::call("mulf", &[Code::int(-1), inner.clone()], Type::of(kinds)).safe(inner.safe);
        }
        let message = "the sign of what is no number is turned";
        self.refuse(span, message, "convert it with `int64(x)` or `float64(x)`")
    }
}

/// Whether the quotient of any integer by this one has few digits behind the point.
fn has_short_quotients(divisor: i64) -> bool {
    let mut rest = divisor.unsigned_abs();
    let mut digits = 0;
    for factor in [2, 5] {
        let mut count = 0;
        while rest != 0 && rest.is_multiple_of(factor) {
            rest /= factor;
            count += 1;
        }
        digits = digits.max(count);
    }
    // `divf` keeps 16 digits behind the point.
    rest == 1 && digits <= 16
}

fn divisor_as_float(divisor: i64) -> f64 {
    i32::try_from(divisor).map_or(f64::NAN, f64::from)
}

/// Whether multiplying by it changes no digit of a binary number.
fn is_power_of_two(value: f64) -> bool {
    const FRACTION: u64 = (1 << 52) - 1;
    value.is_normal() && value.to_bits() & FRACTION == 0
}
