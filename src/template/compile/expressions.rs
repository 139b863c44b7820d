//! Owns the translation of expressions: names, literals, fields, items, inline `if`, and how values are printed.
//!
//! Operators and calls are in files of their own.

use super::code::{BREAK, Code, Constant, flat};
use super::kinds::{Kinds, Type};
use super::layout::{Block, BlockKind, Indent, Item};
use super::results;
use super::scope;
use super::syntax::{Expr, IfExpr, Span};
use super::unit::Unit;
use std::collections::BTreeMap;
use std::mem;

/// The names that every template sees.
const ROOTS: [&str; 7] = [
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
            Expr::GetAttr(attribute) => {
                if let Some(code) = self.loop_attribute(&attribute.expr, attribute.name, attribute.span()) {
                    return code;
                }
                if let Some(code) = self.builtin(&attribute.expr, attribute.name) {
                    return code;
                }
                let base = self.expression(&attribute.expr);
                let ty = self.program.schema.field(&base.ty, attribute.name);
                base.field(attribute.name, ty)
            }
            Expr::GetItem(item) => {
                let base = self.expression(&item.expr);
                let key = self.expression(&item.subscript_expr);
                self.item(&base, &key, item.span())
            }
            Expr::Call(call) => self.call(call),
            Expr::List(list) => self.list(&list.items),
            Expr::Tuple(tuple) => self.list(&tuple.items),
            Expr::Map(map) => self.map(&map.keys, &map.values, map.span()),
        }
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
        if self.macro_.is_some() && self.program.files[self.file].sets(name) {
            let message = format!("the macro uses `{name}`, which is set outside of it");
            return self.refuse(
                span,
                message,
                "pass it as an argument: Go's definitions see only what they are given",
            );
        }
        let message = format!("`{name}` is not a variable here");
        self.refuse(
            span,
            message,
            "only variables, parameters and the chart's names are values",
        )
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
        use minijinja::value::ValueKind;
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
        if matches!(key.constant, Some(Constant::Int(index)) if index < 0) {
            return self.refuse(span, "Go has no negative index", "write `last(x)` or `first(x)`");
        }
        let ty = self.program.schema.item(&base.ty);
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

    fn map(&mut self, keys: &[Expr<'_>], values: &[Expr<'_>], span: Span) -> Code {
        let mut pairs = Vec::new();
        let mut fields = BTreeMap::new();
        let mut safe = true;
        for (key, value) in keys.iter().zip(values) {
            let key = self.expression(key);
            let value = self.stored(value);
            let Some(Constant::Text(name)) = &key.constant else {
                return self.refuse(
                    span,
                    "a key of a map must be a text here",
                    "build the map with `dict` and `set`",
                );
            };
            safe &= value.safe;
            fields.insert(name.clone(), value.ty.clone());
            pairs.push(format!("{BREAK}{} {}", key.argument(), value.argument()));
        }
        let ty = if pairs.is_empty() {
            Type::of(Kinds::LITERAL)
        } else {
            Type::fields(fields)
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
        let yes = self.expression(&choice.true_expr);
        let no = match &choice.false_expr {
            Some(expr) => self.expression(expr),
            None => Code::text_literal(""),
        };
        self.may_hoist = may_hoist;
        let ty = yes.ty.union(&no.ty);
        if yes.safe && no.safe && self.errors.len() == errors {
            let safe = condition.safe;
            let code = if condition.is(Kinds::BOOL) {
                Code::call("ternary", &[yes, no, condition], ty)
            } else {
                let empty = Code::call("empty", &[condition], Type::bool());
                Code::call("ternary", &[no, yes, empty], ty)
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
        let mut items = self.assign_choice(&name, choice, ":=", &None);
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
        let yes = self.expression(&choice.true_expr);
        let mut yes_items = mem::take(&mut self.before);
        let no = match &choice.false_expr {
            Some(expr) => self.expression(expr),
            None => Code::text_literal(""),
        };
        let mut no_items = mem::replace(&mut self.before, outer);
        let ty = yes.ty.union(&no.ty);
        let silent = |code: String, indent: &Indent| Item::Silent {
            code,
            indent: indent.clone(),
        };
        let inner = Some(format!("{}  ", indent.as_deref().unwrap_or_default()));
        yes_items.push(silent(format!("${name} = {}", value(&yes)), &inner));
        let mut branches = vec![(format!("if {}", condition.text), yes_items)];
        if no.safe && no_items.is_empty() {
            items.push(silent(format!("${name} {operator} {}", value(&no)), &indent));
        } else {
            if operator == ":=" {
                items.push(silent(format!("${name} := \"\""), &indent));
            }
            no_items.push(silent(format!("${name} = {}", value(&no)), &inner));
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
    pub(super) fn printed(&mut self, code: &Code, span: Span) -> Code {
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
        if code.is(Kinds::LIST | Kinds::MAP) {
            return self.refuse(
                span,
                "a list or map is printed, which looks different in Helm",
                "print it with `toYaml` or `toJson`",
            );
        }
        self.facts.prints_any = true;
        let name = Code::text_literal(&format!("{}.text", self.program.chart));
        Code::call("include", &[name, code.clone()], Type::text())
    }

    /// What `loop.index` and its siblings are.
    fn loop_attribute(&mut self, base: &Expr<'_>, name: &str, span: Span) -> Option<Code> {
        let Expr::Var(variable) = base else { return None };
        if variable.id != "loop" || self.variable("loop").is_some() {
            return None;
        }
        let position = self
            .frames
            .iter()
            .rev()
            .find_map(|frame| frame.loop_names.clone())?;
        let scope::Loop {
            index: Some(index),
            items,
        } = position
        else {
            return Some(self.refuse(
                span,
                "`loop` is not known in a loop over a map or with `if`",
                "loop over a list that is made before",
            ));
        };
        let int = |kinds| Type::of(kinds);
        let index = Code::operand(format!("${index}"), int(Kinds::INT)).safe(true);
        let length = Code::call("len", &[Code::operand(items, Type::any())], int(Kinds::INT)).safe(true);
        let next = Code::call("add", &[index.clone(), Code::int(1)], int(Kinds::INT64)).safe(true);
        let code = match name {
            "index0" => index,
            "index" => next,
            "first" => Code::call("eq", &[index, Code::int(0)], Type::bool()).safe(true),
            "last" => Code::call("eq", &[next, length], Type::bool()).safe(true),
            "length" => length,
            "revindex" => Code::call("sub", &[length, index], int(Kinds::INT64)).safe(true),
            "revindex0" => Code::call("sub", &[length, next], int(Kinds::INT64)).safe(true),
            _ => {
                let message = format!("`loop.{name}` cannot be compiled");
                self.refuse(span, message, "use `loop.index0` and the list")
            }
        };
        Some(code)
    }
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
