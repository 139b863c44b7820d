//! Owns what a loop says of itself: `loop.index` and its siblings, `loop.cycle`, neighbours.
//!
//! The variables that they are made of are declared in `loops`.

use super::code::Code;
use super::kinds::{Kinds, Type};
use super::scope::Loop;
use super::syntax::{CallArg, Expr, Span};
use super::unit::Unit;

impl Unit<'_, '_> {
    /// The innermost loop, if the expression is its name.
    fn loop_of(&self, expr: &Expr<'_>) -> Option<Loop> {
        let Expr::Var(variable) = expr else { return None };
        if variable.id != "loop" || self.variable("loop").is_some() {
            return None;
        }
        self.frames
            .iter()
            .rev()
            .find_map(|frame| frame.loop_names.clone())
    }

    /// What `loop.index` and its siblings are.
    pub(super) fn loop_attribute(&mut self, base: &Expr<'_>, name: &str, span: Span) -> Option<Code> {
        let Loop {
            index,
            items,
            recursion,
        } = self.loop_of(base)?;
        let (int, int64) = (Type::of(Kinds::INT), Type::of(Kinds::INT64));
        match name {
            "depth" | "depth0" if recursion.is_some() => {
                let help = "make the loop's body a macro that has the depth as a parameter";
                return Some(self.refuse(span, "`loop.depth` cannot be compiled", help));
            }
            "depth" => return Some(Code::int(1)),
            "depth0" => return Some(Code::int(0)),
            _ => {}
        }
        let Some(index) = index else {
            let help = "use it in the loop itself";
            return Some(self.refuse(span, "`loop` is not known here", help));
        };
        let length = Code::call("len", std::slice::from_ref(&items), int)
            .safe(true)
            .counted();
        let next = Code::call("add", &[index.clone(), Code::int(1)], int64.clone())
            .safe(true)
            .counted();
        let difference = |left: &Code, right: &Code| {
            Code::call("sub", &[left.clone(), right.clone()], int64.clone())
                .safe(true)
                .counted()
        };
        let bool = |name: &str, left: &Code, right: &Code| {
            Code::call(name, &[left.clone(), right.clone()], Type::bool()).safe(true)
        };
        let item = |at: Code| {
            let ty = self.program.schema.item(&items.ty);
            Code::call("index", &[items.clone(), at], ty)
        };
        let code = match name {
            "index0" => index,
            "index" => next,
            "first" => bool("eq", &index, &Code::int(0)),
            "last" => bool("eq", &next, &length),
            "length" => length,
            "revindex" => difference(&length, &index),
            "revindex0" => difference(&length, &next),
            "previtem" => item(difference(&index, &Code::int(1))),
            "nextitem" => item(next),
            _ => {
                let message = format!("`loop.{name}` cannot be compiled");
                self.refuse(span, message, "use `loop.index0` and the list")
            }
        };
        Some(code)
    }

    /// Whether there is an item before or after.
    pub(super) fn neighbour_defined(&mut self, base: &Expr<'_>, name: &str) -> Option<Code> {
        let Loop { index, items, .. } = self.loop_of(base)?;
        let index = index?;
        match name {
            "previtem" => Some(Code::call("gt", &[index, Code::int(0)], Type::bool()).safe(true)),
            "nextitem" => {
                let next = Code::call("add", &[index, Code::int(1)], Type::of(Kinds::INT64));
                let length = Code::call("len", &[items], Type::of(Kinds::INT));
                Some(Code::call("lt", &[next, length], Type::bool()).safe(true))
            }
            _ => Some(Code::bool(true)),
        }
    }

    /// `loop.cycle(…)` and `loop.changed(…)`.
    pub(super) fn loop_method(
        &mut self,
        base: &Expr<'_>,
        name: &str,
        args: &[CallArg<'_>],
        span: Span,
    ) -> Option<Code> {
        let Loop { index, .. } = self.loop_of(base)?;
        let (Some(index), "cycle") = (index, name) else {
            let message = format!("`loop.{name}` cannot be compiled");
            let help = "compare with `loop.previtem` where `loop.previtem is defined`";
            return Some(self.refuse(span, message, help));
        };
        let mut choices = Vec::new();
        for arg in args {
            if let CallArg::Pos(value) = arg {
                choices.push(self.stored(value));
            }
        }
        let ty = choices
            .iter()
            .fold(Type::default(), |all, code| all.union(&code.ty));
        let count = i64::try_from(choices.len()).unwrap_or(i64::MAX);
        let at = Code::call("mod", &[index, Code::int(count)], Type::of(Kinds::INT64));
        let list = Code::call("list", &choices, Type::each(Kinds::LIST, ty.clone()));
        Some(Code::call("index", &[list, at], ty))
    }
}
