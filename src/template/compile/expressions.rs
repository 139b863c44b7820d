//! Owns the translation of expressions: names, literals, fields, items, inline `if`, and how values are printed.
//!
//! Operators and calls are in files of their own.

use super::code::{BREAK, Code, Constant, flat};
use super::comparisons::negation;
use super::dispatch::Helper;
use super::kinds::{Kinds, Type};
use super::layout::{Block, BlockKind, Indent, Item};
use super::operators::join;
use super::results;
use super::syntax::{Expr, GetAttr, IfExpr, Span, Spanned};
use super::unit::Unit;
use minijinja::value::ValueKind;
use std::collections::BTreeMap;
use std::mem;

/// The names that every template sees.
pub(super) const ROOTS: [&str; 7] = [
    "Capabilities",
    "Chart",
    "Files",
    "Release",
    "Subcharts",
    "Template",
    "Values",
];

impl Unit<'_, '_> {
    pub(super) fn expression(&mut self, expr: &Expr<'_>) -> Code {
        if let (Expr::BinOp(_) | Expr::Compare(_) | Expr::UnaryOp(_), Some(value)) = (expr, expr.as_const())
            && matches!(
                value.kind(),
                ValueKind::String | ValueKind::Bool | ValueKind::Number | ValueKind::None
            )
        {
            // Jinja calculates with literals once.
            return self.constant(&value, expr.span());
        }
        match expr {
            Expr::Var(name) => self.name(name.id, name.span()),
            Expr::Const(constant) => self.constant(&constant.value, constant.span()),
            Expr::Slice(slice) => self.slice(slice),
            Expr::UnaryOp(operation) => self.unary(operation),
            Expr::BinOp(operation) => self.binary(operation),
            Expr::Compare(compare) => self.comparison(compare),
            Expr::IfExpr(choice) => self.choice(choice),
            Expr::Filter(filter) => self.filter(filter),
            Expr::Test(test) => self.test(test),
            Expr::GetAttr(attribute) => self.attribute(attribute),
            Expr::GetItem(item) => {
                let base = self.expression(&item.expr);
                let key = self.expression(&item.subscript_expr);
                self.item(&base, &key, item.span())
            }
            Expr::Call(call) => self.call(call),
            Expr::List(list) => self.list(&list.items),
            Expr::Tuple(tuple) => self.list(&tuple.items),
            Expr::Map(map) => self.map(&map.keys, &map.values),
        }
    }

    fn attribute(&mut self, attribute: &Spanned<GetAttr<'_>>) -> Code {
        let span = attribute.span();
        if let Some(code) = self.loop_attribute(&attribute.expr, attribute.name, span) {
            return code;
        }
        if let Some(file) = self.module(&attribute.expr) {
            return self.value_of_file(file, attribute.name, span);
        }
        if let Some(code) = self.builtin(&attribute.expr, attribute.name) {
            return code;
        }
        let base = self.expression(&attribute.expr);
        let ty = self.program.schema.field(&base.ty, attribute.name);
        base.field(attribute.name, ty)
    }

    fn name(&mut self, name: &str, span: Span) -> Code {
        if let Some(variable) = self.variable(name) {
            return variable;
        }
        if ROOTS.contains(&name) {
            let ty = match name {
                "Values" => self.program.schema.root(),
                "Files" => Type::of(Kinds::OTHER),
                _ => Type::of(Kinds::MAP),
            };
            return Code::operand(self.root_name(name), ty).safe(true);
        }
        let file = &self.program.files[self.file];
        if let Some((other, own)) = file.imported.get(name)
            && !self.program.files[*other].macros.contains_key(own)
        {
            return self.value_of_file(*other, own, span);
        }
        if (self.macro_.is_some() || self.is_outside) && file.sets(name) {
            return self.value_of_file(self.file, name, span);
        }
        if file.macros.contains_key(name)
            || file.imported.contains_key(name)
            || file.modules.contains_key(name)
        {
            let message = format!("the macro or file `{name}` is used as a value");
            return self.refuse(
                span,
                message,
                "call the macro, or call it in the macro that takes it",
            );
        }
        let message = format!("`{name}` is not a variable here");
        self.refuse(
            span,
            message,
            "only variables, parameters and the chart's names are values",
        )
    }

    /// Whether a name is set.
    pub(super) fn is_name(&mut self, name: &str) -> Code {
        if self.frames.iter().any(|frame| frame.variables.contains_key(name)) || ROOTS.contains(&name) {
            return Code::bool(true);
        }
        if self.parameter(name).is_some() {
            let dot = if self.moved > 0 { "$" } else { "." };
            let dot = Code::operand(dot, Type::of(Kinds::MAP)).safe(true);
            return Code::call("hasKey", &[dot, Code::text_literal(name)], Type::bool()).safe(true);
        }
        let file = &self.program.files[self.file];
        let is_known = file.macros.contains_key(name)
            || file.imported.contains_key(name)
            || file.modules.contains_key(name)
            || file.sets(name) && self.macro_.is_some()
            || crate::template::functions::find(name).is_some();
        Code::bool(is_known)
    }

    /// A field of one of the chart's names, where its type is known.
    fn builtin(&mut self, base: &Expr<'_>, field: &str) -> Option<Code> {
        let kinds = match base {
            Expr::Var(root) if self.variable(root.id).is_none() => results::builtin(root.id, field)?,
            Expr::GetAttr(inner) if inner.name == "KubeVersion" => match &inner.expr {
                Expr::Var(root) if root.id == "Capabilities" => Kinds::TEXT,
                _ => return None,
            },
            _ => return None,
        };
        let base = self.expression(base);
        Some(base.field(field, Type::of(kinds)).safe(true))
    }

    fn constant(&mut self, value: &minijinja::Value, span: Span) -> Code {
        match value.kind() {
            ValueKind::String => Code::text_literal(value.as_str().unwrap_or_default()),
            ValueKind::Bool => Code::bool(value.is_true()),
            ValueKind::None | ValueKind::Undefined => Code::null(),
            ValueKind::Number => match value.as_i64() {
                Some(integer) if value.is_integer() => Code::int(integer),
                _ => match f64::try_from(value.clone()) {
                    Ok(float) if !value.is_integer() => Code::float(float),
                    _ => self.refuse(
                        span,
                        "the number is beyond the range of integers",
                        "write it as a text",
                    ),
                },
            },
            _ => self.refuse(
                span,
                "this literal has no counterpart in Go",
                "write it with `list` or `dict`",
            ),
        }
    }

    fn item(&mut self, base: &Code, key: &Code, span: Span) -> Code {
        if let Some(Constant::Text(name)) = &key.constant {
            let ty = self.program.schema.field(&base.ty, name);
            return base.field(name, ty);
        }
        let ty = self.program.schema.item(&base.ty);
        if base.is(Kinds::TEXT) {
            let help = "write `substr(start, end, text)`";
            return self.refuse(span, "a letter of a text cannot be compiled", help);
        }
        if let Some(Constant::Int(index)) = key.constant
            && index < 0
        {
            return self.counted_back(base, index.wrapping_neg(), ty);
        }
        let key = if key.is(Kinds::INTEGER) {
            as_int(key)
        } else {
            key.clone()
        };
        Code::call("index", &[base.clone(), key], ty)
    }

    pub(super) fn list(&mut self, items: &[Expr<'_>]) -> Code {
        let items: Vec<Code> = items.iter().map(|item| self.stored(item)).collect();
        let item = items
            .iter()
            .fold(Type::default(), |all, item| all.union(&item.ty));
        let ty = if items.is_empty() {
            Type::of(Kinds::LIST)
        } else {
            Type::each(Kinds::LIST, item)
        };
        let safe = items.iter().all(|item| item.safe);
        Code::call("list", &items, ty).safe(safe)
    }

    fn map(&mut self, keys: &[Expr<'_>], values: &[Expr<'_>]) -> Code {
        let mut pairs = Vec::new();
        let mut fields = Some(BTreeMap::new());
        let mut safe = true;
        for (key, value) in keys.iter().zip(values) {
            let key = self.expression(key);
            let value = self.stored(value);
            safe &= value.safe && key.safe;
            if let (Some(Constant::Text(name)), Some(fields)) = (&key.constant, &mut fields) {
                fields.insert(name.clone(), value.ty.clone());
            } else {
                fields = None;
            }
            let key = as_key(key);
            pairs.push(format!("{BREAK}{} {}", key.argument(), value.argument()));
        }
        let ty = match fields {
            Some(fields) if !fields.is_empty() => Type::fields(fields),
            _ => Type::of(Kinds::LITERAL),
        };
        if pairs.is_empty() {
            return Code::operand("dict", ty).safe(true);
        }
        let mut code = Code::call("dict", &[Code::null()], ty).safe(safe);
        code.text = format!("dict{}", pairs.concat());
        code
    }

    /// A value that is put into a map or list: an integer keeps its digits there.
    pub(super) fn stored(&mut self, value: &Expr<'_>) -> Code {
        let code = self.expression(value);
        digits(&code)
    }

    /// An inline `if` inside an expression.
    pub(super) fn choice(&mut self, choice: &IfExpr<'_>) -> Code {
        let may_hoist = mem::replace(&mut self.may_hoist, false);
        let errors = self.errors.len();
        let condition = self.expression(&choice.test_expr);
        if let Some(Constant::Bool(is_met)) = condition.constant {
            self.may_hoist = may_hoist;
            return match (is_met, &choice.false_expr) {
                (true, _) => self.expression(&choice.true_expr),
                (false, Some(expr)) => self.expression(expr),
                (false, None) => Code::text_literal(""),
            };
        }
        let narrowed = self.narrowed.len();
        self.narrow(&choice.test_expr, true);
        let yes = self.expression(&choice.true_expr);
        self.narrowed.truncate(narrowed);
        self.narrow(&choice.test_expr, false);
        let no = match &choice.false_expr {
            Some(expr) => self.expression(expr),
            None => Code::text_literal(""),
        };
        self.narrowed.truncate(narrowed);
        self.may_hoist = may_hoist;
        let ty = yes.ty.union(&no.ty);
        if yes.safe && no.safe && self.errors.len() == errors {
            let safe = condition.safe;
            let code = if condition.is(Kinds::BOOL) {
                Code::call("ternary", &[yes, no, condition], ty)
            } else {
                let empty = Code::call("empty", &[condition], Type::bool());
                Code::call("ternary", &[yes, no, negation(empty)], ty)
            };
            return code.safe(safe);
        }
        if !may_hoist {
            return self.refuse(
                choice.test_expr.span(),
                "an inline `if` cannot stand here: Go would evaluate both of its sides",
                "set a variable with it before, and use the variable",
            );
        }
        self.errors.truncate(errors);
        let name = self.fresh("value");
        let mut items = self.assign_choice(&format!("${name}"), choice, ":=", &None);
        self.before.append(&mut items.0);
        Code::operand(format!("${name}"), items.1).safe(true)
    }

    /// Statements that give the variable `name` the value of an inline `if`, and its type.
    pub(super) fn assign_choice(
        &mut self,
        name: &str,
        choice: &IfExpr<'_>,
        operator: &str,
        indent: &Indent,
    ) -> (Vec<Item>, Type) {
        let indent = indent.clone();
        let mut items = Vec::new();
        let condition = self.expression(&choice.test_expr);
        items.append(&mut self.before);
        let outer = mem::take(&mut self.before);
        let narrowed = self.narrowed.len();
        self.narrow(&choice.test_expr, true);
        let yes = self.expression(&choice.true_expr);
        self.narrowed.truncate(narrowed);
        self.narrow(&choice.test_expr, false);
        let mut yes_items = mem::take(&mut self.before);
        let no = match &choice.false_expr {
            Some(expr) => self.expression(expr),
            None => Code::text_literal(""),
        };
        self.narrowed.truncate(narrowed);
        let mut no_items = mem::replace(&mut self.before, outer);
        let ty = yes.ty.union(&no.ty);
        let silent = |code: String, indent: &Indent| Item::silent(code, indent.clone());
        let inner = Some(format!("{}  ", indent.as_deref().unwrap_or_default()));
        yes_items.push(silent(format!("{name} = {}", value(&yes)), &inner));
        let mut branches = vec![(format!("if {}", self::condition(&condition)), yes_items)];
        if no.safe && no_items.is_empty() {
            items.push(silent(format!("{name} {operator} {}", value(&no)), &indent));
        } else {
            if operator == ":=" {
                items.push(silent(format!("{name} := \"\""), &indent));
            }
            no_items.push(silent(format!("{name} = {}", value(&no)), &inner));
            branches.push(("else".to_owned(), no_items));
        }
        items.push(Item::Block(Block {
            kind: BlockKind::If,
            branches,
            indent,
        }));
        (items, ty)
    }

    /// The value as the text that Jinja prints for it.
    pub(super) fn printed(&mut self, code: &Code) -> Code {
        let plain = Kinds::TEXT | Kinds::BOOL | Kinds::GO_INTEGER | Kinds::FLOAT | Kinds::OTHER;
        if code.constant == Some(Constant::Null) {
            return Code::text_literal("");
        }
        if code.is(plain) {
            return code.clone();
        }
        if code.is(Kinds::INTEGER) {
            return code.pipe("int64", &[], Type::of(Kinds::INT64)).safe(code.safe);
        }
        if code.is(Kinds::TEXT | Kinds::NULL) {
            let empty = Code::text_literal("");
            return code.pipe("default", &[empty], Type::text()).safe(code.safe);
        }
        self.help(Helper::Text, code.clone())
    }
}

/// A key of a map: a text.
fn as_key(key: Code) -> Code {
    if key.is(Kinds::TEXT) {
        return key;
    }
    join(&[key, Code::text_literal("")])
}

/// An integer as Go's `int`, which its functions take.
pub(super) fn as_int(code: &Code) -> Code {
    if code.is(Kinds::INT) {
        return code.clone();
    }
    Code::call("int", std::slice::from_ref(code), Type::of(Kinds::INT)).safe(code.safe)
}

/// An integer from values with all of its digits; anything else as it is.
pub(super) fn digits(code: &Code) -> Code {
    if code.is(Kinds::WHOLE) {
        return Code::call("int64", std::slice::from_ref(code), Type::of(Kinds::INT64)).safe(code.safe);
    }
    code.clone()
}

/// The expression as the value of an assignment, where `nil` alone is not allowed.
pub(super) fn value(code: &Code) -> String {
    if code.constant == Some(Constant::Null) {
        return "first list".to_owned();
    }
    code.text.clone()
}

/// The expression as a condition.
pub(super) fn condition(code: &Code) -> String {
    if code.constant == Some(Constant::Null) {
        return "false".to_owned();
    }
    flat(&code.text)
}
