//! Owns Go expressions as text: literals, calls, pipelines, and when parentheses are needed.
//!
//! It does not know Jinja.

use super::kinds::{Kinds, Type};
use std::fmt::Write as _;

/// Where a long action may be broken into lines; no Go template text holds it.
pub(super) const BREAK: char = '\u{1}';

/// A Go expression.
#[derive(Clone, Debug)]
pub(super) struct Code {
    pub(super) text: String,
    /// Whether it is one operand: anything else needs parentheses to be an argument.
    is_operand: bool,
    pub(super) ty: Type,
    /// Whether evaluating it cannot fail wherever the statement that holds it is evaluated.
    pub(super) safe: bool,
    /// Whether it is an integer that is not negative.
    pub(super) is_counted: bool,
    /// What it is known to be.
    pub(super) constant: Option<Constant>,
}

/// A literal.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Constant {
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    Null,
}

impl Code {
    /// A variable, a field or a literal.
    pub(super) fn operand(text: impl Into<String>, ty: Type) -> Self {
        Self {
            text: text.into(),
            is_operand: true,
            ty,
            safe: false,
            is_counted: false,
            constant: None,
        }
    }

    /// What stands for an expression that is refused.
    pub(super) fn unknown() -> Self {
        // Nothing follows from it: what is refused for want of knowledge may be known in the next round.
        Self::operand("nil", Type::default()).safe(true)
    }

    /// An integer that is not negative.
    pub(super) fn counted(mut self) -> Self {
        self.is_counted = true;
        self
    }

    pub(super) fn safe(mut self, safe: bool) -> Self {
        self.safe = safe;
        self
    }

    fn literal(text: impl Into<String>, kinds: Kinds, constant: Constant) -> Self {
        Self {
            constant: Some(constant),
            ..Self::operand(text, Type::of(kinds)).safe(true)
        }
    }

    pub(super) fn text_literal(text: &str) -> Self {
        Self::literal(quoted(text), Kinds::TEXT, Constant::Text(text.to_owned()))
    }

    pub(super) fn int(value: i64) -> Self {
        let code = Self::literal(value.to_string(), Kinds::INT, Constant::Int(value));
        if value < 0 { code } else { code.counted() }
    }

    pub(super) fn float(value: f64) -> Self {
        Self::literal(format!("{value:?}"), Kinds::FLOAT, Constant::Float(value))
    }

    pub(super) fn bool(value: bool) -> Self {
        Self::literal(value.to_string(), Kinds::BOOL, Constant::Bool(value))
    }

    pub(super) fn null() -> Self {
        Self::literal("nil", Kinds::NULL, Constant::Null)
    }

    /// `name a b`; without arguments it is an operand.
    pub(super) fn call(name: &str, arguments: &[Self], ty: Type) -> Self {
        let mut text = name.to_owned();
        for argument in arguments {
            write!(text, " {}", argument.argument()).expect("writing to a string succeeds");
        }
        Self {
            is_operand: arguments.is_empty(),
            ..Self::operand(text, ty)
        }
    }

    /// `self | name a b`.
    pub(super) fn pipe(&self, name: &str, arguments: &[Self], ty: Type) -> Self {
        if self.constant == Some(Constant::Null) {
            // `nil` cannot begin a pipeline.
            let all: Vec<Self> = arguments.iter().cloned().chain([self.clone()]).collect();
            return Self::call(name, &all, ty);
        }
        let call = Self::call(name, arguments, Type::default());
        Self {
            is_operand: false,
            ..Self::operand(format!("{} | {}", flat(&self.text), call.text), ty)
        }
    }

    /// The expression as an argument of a call.
    pub(super) fn argument(&self) -> String {
        let text = flat(&self.text);
        if self.is_operand {
            text
        } else {
            format!("({text})")
        }
    }

    /// Whether it is a variable, a field or a literal.
    pub(super) fn is_operand(&self) -> bool {
        self.is_operand
    }

    pub(super) fn is(&self, kinds: Kinds) -> bool {
        self.ty.kinds.within(kinds)
    }

    /// The field `name`.
    pub(super) fn field(&self, name: &str, ty: Type) -> Self {
        let is_identifier = !name.starts_with(|first: char| first.is_ascii_digit())
            && name
                .chars()
                .all(|letter| letter == '_' || letter.is_alphanumeric());
        let safe = self.safe && self.is(Kinds::MAP);
        if is_identifier && !name.is_empty() {
            return Self::operand(format!("{}.{name}", self.argument()), ty).safe(safe);
        }
        Self::call("index", &[self.clone(), Self::text_literal(name)], ty).safe(safe)
    }
}

/// The text without places for line breaks.
pub(super) fn flat(text: &str) -> String {
    text.replace(BREAK, " ")
}

/// The text as a Go string literal.
pub(super) fn quoted(text: &str) -> String {
    let mut literal = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\t' => literal.push_str("\\t"),
            '\r' => literal.push_str("\\r"),
            control if control.is_control() => {
                write!(literal, "\\u{:04x}", u32::from(control)).expect("writing to a string succeeds");
            }
            plain => literal.push(plain),
        }
    }
    literal.push('"');
    literal
}
