//! Owns the translation of slices and of items that are counted from the end.
//!
//! Jinja cuts bounds to what is there; Go's functions fail beyond it.

use super::code::{Code, Constant};
use super::kinds::{Kinds, Type};
use super::syntax::{Expr, Slice, Span, Spanned};
use super::unit::Unit;

/// A bound of a slice.
enum Bound {
    /// Not given.
    Open,
    /// Known.
    At(i64),
    /// An integer that is not negative.
    Counted(Code),
}

impl Unit<'_, '_> {
    pub(super) fn slice(&mut self, slice: &Spanned<Slice<'_>>) -> Code {
        let base = self.expression(&slice.expr);
        if base.ty.kinds == Kinds::NONE {
            // It is known in a later round.
            return Code::unknown();
        }
        let errors = self.errors.len();
        let start = self.slice_bound(slice.start.as_ref());
        let stop = self.slice_bound(slice.stop.as_ref());
        let stride = self.slice_bound(slice.step.as_ref());
        let (Some(start), Some(stop), Some(stride)) = (start, stop, stride) else {
            if self.errors.len() == errors {
                let message = "a bound of this slice may be negative";
                let help = "write `substr(start, end, text)` or `slice(list, start, end)`";
                self.refuse(slice.span(), message, help);
            }
            return Code::unknown();
        };
        match stride {
            Bound::Open | Bound::At(1) => {}
            Bound::At(-1) if matches!((&start, &stop), (Bound::Open, Bound::Open)) => {
                return reversed(&base);
            }
            _ => {
                return self.refuse(
                    slice.span(),
                    "a slice with steps cannot be compiled",
                    "loop with `range(start, end, step)` and take the items by their index",
                );
            }
        }
        if base.is(Kinds::LIST | Kinds::NULL) {
            return self.part_of_list(&base, &start, &stop);
        }
        if base.ty.kinds.may_be(Kinds::TEXT) {
            return self.part_of_text(base, &start, &stop, slice.span());
        }
        let message = "what is sliced is neither a text nor a list";
        self.refuse(slice.span(), message, "slice a text or a list")
    }

    fn slice_bound(&mut self, expr: Option<&Expr<'_>>) -> Option<Bound> {
        let Some(expr) = expr else {
            return Some(Bound::Open);
        };
        let code = self.expression(expr);
        match code.constant {
            Some(Constant::Int(value)) => Some(Bound::At(value)),
            Some(Constant::Null) => Some(Bound::Open),
            _ if code.is_counted => Some(Bound::Counted(code)),
            _ => None,
        }
    }

    fn part_of_list(&mut self, base: &Code, start: &Bound, stop: &Bound) -> Code {
        let one = |name: &str| Code::call(name, std::slice::from_ref(base), base.ty.clone());
        match (start, stop) {
            (Bound::Open | Bound::At(0), Bound::Open) => return base.clone(),
            (Bound::At(1), Bound::Open) => return no_null(&one("rest")),
            (Bound::Open | Bound::At(0), Bound::At(-1)) => return no_null(&one("initial")),
            _ => {}
        }
        let ty = base.ty.clone();
        let base = self.named(base.clone(), "items");
        let first = match start {
            Bound::Open | Bound::At(0) => Code::int(0),
            bound => position(&base, bound),
        };
        if matches!(stop, Bound::Open) {
            return no_null(&Code::call("slice", &[base, first], ty));
        }
        let end = position(&base, stop);
        let end = if first.constant == Some(Constant::Int(0)) {
            end
        } else {
            Code::call("max", &[first.clone(), end], Type::of(Kinds::INT64))
        };
        no_null(&Code::call("slice", &[base, first, end], ty))
    }

    /// A part of a text. Jinja counts letters where `trunc` and `substr` count bytes, so it is found by a pattern.
    fn part_of_text(&mut self, base: Code, start: &Bound, stop: &Bound, span: Span) -> Code {
        let is_known = |bound: &Bound| match bound {
            Bound::Open => true,
            Bound::At(value) => value.abs() <= REPETITIONS,
            Bound::Counted(_) => false,
        };
        if !(is_known(start) && is_known(stop)) {
            let message = "the bounds of a part of a text must be numbers here, at most 1000";
            return self.refuse(
                span,
                message,
                "write `trunc(length, text)` or `substr(start, end, text)`",
            );
        }
        let at = |bound: &Bound| if let Bound::At(value) = bound { *value } else { 0 };
        let (first, end) = (at(start), at(stop));
        let has_end = !matches!(stop, Bound::Open);
        if first < 0 && has_end && end >= 0 {
            let message = "a part that is counted from the end to a place from the start cannot be compiled";
            return self.refuse(span, message, "write `substr(start, end, text)`");
        }
        let letters = |count: i64| match count {
            0 => String::new(),
            1 => ".?".to_owned(),
            _ => format!(".{{0,{count}}}"),
        };
        let without = |pattern: String, part: &Code| {
            let [pattern, nothing] = [pattern.as_str(), ""].map(Code::text_literal);
            Code::call("regexReplaceAll", &[pattern, part.clone(), nothing], Type::text())
        };
        let find = |pattern: String, part: &Code| {
            part.pipe("regexFind", &[Code::text_literal(&pattern)], Type::text())
        };
        let mut part = base;
        if has_end && end < 0 {
            // From the end first: the start may take letters that the end does not leave.
            let last = format!("(?s){}$", letters(-end));
            return match first {
                1.. => without(format!("(?s)^{}", letters(first)), &without(last, &part)),
                0 => without(last, &part),
                _ => without(last, &find(format!("(?s){}$", letters(-first)), &part)),
            };
        }
        if first < 0 {
            return find(format!("(?s){}$", letters(-first)), &part);
        }
        if first > 0 {
            part = without(format!("(?s)^{}", letters(first)), &part);
        }
        if has_end {
            part = find(format!("(?s)^{}", letters((end - first).max(0))), &part);
        }
        part
    }

    /// The expression as a variable, if it is more than an operand.
    pub(super) fn named(&mut self, code: Code, wanted: &str) -> Code {
        if code.is_operand() || !self.may_hoist {
            return code;
        }
        let name = self.fresh(wanted);
        self.before.push(super::layout::Item::silent(
            format!("${name} := {}", code.text),
            None,
        ));
        Code::operand(format!("${name}"), code.ty).safe(true)
    }

    /// An item of a list that is counted from its end.
    pub(super) fn counted_back(&mut self, base: &Code, back: i64, ty: Type) -> Code {
        if back == 1 {
            return Code::call("last", std::slice::from_ref(base), ty);
        }
        let base = self.named(base.clone(), "items");
        let length = Code::call("len", std::slice::from_ref(&base), Type::of(Kinds::INT));
        let index = Code::call("sub", &[length, Code::int(back)], Type::of(Kinds::INT64));
        Code::call("index", &[base, index], ty)
    }
}

/// A list or text from its end to its start.
fn reversed(base: &Code) -> Code {
    if base.is(Kinds::LIST | Kinds::NULL) {
        return Code::call("reverse", std::slice::from_ref(base), base.ty.clone());
    }
    let letters = Code::call(
        "splitList",
        &[Code::text_literal(""), base.clone()],
        Type::of(Kinds::LIST),
    );
    let turned = letters.pipe("reverse", &[], Type::of(Kinds::LIST));
    turned.pipe("join", &[Code::text_literal("")], Type::text())
}

/// A list that is no null where it is empty, as Go's functions give it.
pub(super) fn no_null(list: &Code) -> Code {
    let empty = Code::operand("list", Type::of(Kinds::LIST));
    let ty = list.ty.with(list.ty.kinds.without(Kinds::NULL) | Kinds::LIST);
    list.pipe("default", &[empty], ty)
}

/// RE2 repeats no more often.
const REPETITIONS: i64 = 1000;

/// Where the bound is in the list.
fn position(list: &Code, bound: &Bound) -> Code {
    let length = Code::call("len", std::slice::from_ref(list), Type::of(Kinds::INT));
    let ty = Type::of(Kinds::INT64);
    match bound {
        Bound::Open => length,
        Bound::At(back) if *back < 0 => {
            let from_end = Code::call("sub", &[length, Code::int(-back)], ty.clone());
            Code::call("max", &[Code::int(0), from_end], ty)
        }
        Bound::At(count) => Code::call("min", &[Code::int(*count), length], ty),
        Bound::Counted(count) => Code::call("min", &[count.clone(), length], ty),
    }
}
