//! Owns the translation of calls: functions and filters of the table, macros, methods.
//!
//! What functions give is in `results`.

use super::code::{Code, Constant};
use super::dispatch::Helper;
use super::expressions::{as_int, digits};
use super::kinds::{Kinds, Type};
use super::results;
use super::scope;
use super::syntax::{BinOpKind, Call, CallArg, Expr, Filter, Macro, Span, Spanned};
use super::texts::CALLER;
use super::unit::{Unit, root_key};
use crate::template::functions::{self, Function, Parameter};
use std::collections::BTreeSet;

impl Unit<'_, '_> {
    pub(super) fn filter(&mut self, filter: &Spanned<Filter<'_>>) -> Code {
        if filter.name == "items" {
            return self.refuse(
                filter.span(),
                "`items` outside of a loop cannot be compiled",
                "write `for key, value in map | items`",
            );
        }
        if let ("include", Some(name)) = (filter.name, &filter.expr) {
            let context = filter.args.iter().find_map(positional);
            return self.include_call(name, context, filter.span());
        }
        if let Some(code) = self.whole(filter) {
            return code;
        }
        let Some(function) = functions::find(filter.name) else {
            let message = format!("there is no filter `{}`", filter.name);
            return self.refuse(filter.span(), message, "use a function of Helm");
        };
        let subject = match (&filter.expr, self.subject.take()) {
            (Some(subject), given) => {
                // The innermost filter of a block has no subject of its own.
                self.subject = given;
                self.expression(subject)
            }
            (None, Some(text)) => text,
            (None, None) => {
                return self.refuse(filter.span(), "a filter has no subject", "apply it to a value");
            }
        };
        let Some(mut arguments) = self.arguments(&filter.args, filter.span()) else {
            return Code::null();
        };
        let place = function.subject.unwrap_or(arguments.len()).min(arguments.len());
        arguments.insert(place, subject);
        self.function(function, arguments, Some(place), filter.span())
    }

    /// A quotient that is cut to a whole number.
    fn whole(&mut self, filter: &Filter<'_>) -> Option<Code> {
        let (Some(Expr::BinOp(operation)), "int" | "int64") = (&filter.expr, filter.name) else {
            return None;
        };
        let code = match operation.op {
            BinOpKind::Div if operation.left.as_const().is_none() || operation.right.as_const().is_none() => {
                self.whole_quotient(operation)?
            }
            _ => return None,
        };
        Some(if filter.name == "int" { as_int(&code) } else { code })
    }

    fn arguments(&mut self, args: &[CallArg<'_>], span: Span) -> Option<Vec<Code>> {
        let mut codes = Vec::new();
        for arg in args {
            let CallArg::Pos(value) = arg else {
                self.refuse(
                    span,
                    "functions take no named arguments",
                    "write the arguments in their order",
                );
                return None;
            };
            codes.push(self.expression(value));
        }
        Some(codes)
    }

    pub(super) fn call(&mut self, call: &Spanned<Call<'_>>) -> Code {
        let span = call.span();
        if let Some((file, macro_)) = self.callee(&call.expr) {
            return self.macro_call(file, &macro_, &call.args, None, span);
        }
        match &call.expr {
            Expr::Var(name) => self.named_call(name.id, &call.args, span),
            Expr::GetAttr(method) => {
                if let Some(code) = self.loop_method(&method.expr, method.name, &call.args, span) {
                    return code;
                }
                self.method(&method.expr, method.name, &call.args, span)
            }
            _ => self.refuse(
                span,
                "only functions, macros and methods are called",
                "name the macro",
            ),
        }
    }

    fn named_call(&mut self, name: &str, args: &[CallArg<'_>], span: Span) -> Code {
        let special = match name {
            "caller" => self.caller_call(args),
            "loop" => self.recursion(args, span),
            "super" => Some(self.super_call(span)),
            "range" => Some(self.numbers(args, span)),
            "include" => args
                .first()
                .and_then(positional)
                .map(|name| self.include_call(name, args.get(1).and_then(positional), span)),
            _ => None,
        };
        if let Some(code) = special {
            return code;
        }
        let Some(function) = functions::find(name) else {
            let message = format!("there is no function or macro `{name}`");
            return self.refuse(span, message, "use a macro or a function of Helm");
        };
        let Some(arguments) = self.arguments(args, span) else {
            return Code::null();
        };
        self.function(function, arguments, None, span)
    }

    /// The macro that is called.
    pub(super) fn callee(&self, expr: &Expr<'_>) -> Option<(usize, String)> {
        let file = &self.program.files[self.file];
        match expr {
            Expr::Var(name) if self.variable(name.id).is_none() => {
                if file.macros.contains_key(name.id) {
                    return Some((self.file, name.id.to_owned()));
                }
                let (file, name) = file.imported.get(name.id)?;
                let is_macro = self.program.files[*file].macros.contains_key(name)
                    || !self.program.files[*file].sets(name);
                is_macro.then(|| (*file, (*name).to_owned()))
            }
            Expr::GetAttr(attribute) => match &attribute.expr {
                Expr::Var(module) if self.variable(module.id).is_none() => {
                    Some((*file.modules.get(module.id)?, attribute.name.to_owned()))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn method(&mut self, object: &Expr<'_>, name: &str, args: &[CallArg<'_>], span: Span) -> Code {
        let is_known = matches!(
            name,
            "Get" | "GetBytes" | "Lines" | "Glob" | "AsConfig" | "AsSecrets" | "Has"
        );
        if !is_known {
            let message = format!("the method `{name}` cannot be compiled");
            return self.refuse(span, message, "write a function of Helm in its place");
        }
        let object = self.expression(object);
        let Some(arguments) = self.arguments(args, span) else {
            return Code::null();
        };
        let ty = match name {
            "Has" => Type::bool(),
            "Lines" => Type::each(Kinds::LIST, Type::text()),
            "Glob" => Type::of(Kinds::OTHER),
            _ => Type::text(),
        };
        Code::call(&object.field(name, Type::default()).text, &arguments, ty)
    }

    /// A call of a function of the table. `piped` is the argument that a filter is applied to.
    fn function(
        &mut self,
        function: &Function,
        mut arguments: Vec<Code>,
        piped: Option<usize>,
        span: Span,
    ) -> Code {
        let name = function.name;
        if let Err(error) = function.check_count(arguments.len()) {
            return self.refuse(span, error.message, error.help.first().map_or("", String::as_str));
        }
        if let Some(code) = self.dispatched(name, &arguments, span) {
            return code;
        }
        for (index, argument) in arguments.iter_mut().enumerate() {
            *argument = adapted(function, index, argument);
        }
        if results::CHANGERS.contains(&name) {
            self.keep_literal(&mut arguments[0]);
        }
        let ty = results::of(name, &arguments, &self.program.schema);
        let safe = results::is_total(name) && arguments.iter().all(|argument| argument.safe);
        let last = arguments.len().wrapping_sub(1);
        let code = match piped {
            Some(place) if place == last => {
                let subject = arguments.remove(place);
                subject.pipe(name, &arguments, ty)
            }
            _ => Code::call(name, &arguments, ty),
        };
        code.safe(safe)
    }

    /// Functions that treat a number of values as Jinja's does not, for values whose kind is not known.
    fn dispatched(&mut self, name: &str, arguments: &[Code], span: Span) -> Option<Code> {
        match (name, arguments) {
            ("typeOf", _) => {
                let help = "write `is string`, `is mapping` and their like";
                Some(self.refuse(span, "the type of a number differs in Helm", help))
            }
            ("quote" | "squote", [value]) if prints_fractions(value) => {
                let quoted = if name == "quote" {
                    Helper::Quote
                } else {
                    Helper::Squote
                };
                if value.ty.kinds.may_be(Kinds::NULL) {
                    return Some(self.help(quoted, value.clone()));
                }
                let text = self.help(Helper::Text, value.clone());
                Some(text.pipe(name, &[], Type::text()))
            }
            ("toString", [value]) if prints_fractions(value) && !value.ty.kinds.may_be(Kinds::NULL) => {
                Some(self.help(Helper::Text, value.clone()))
            }
            ("join", [separator, list]) if self.program.schema.item(&list.ty).kinds.may_be(Kinds::WHOLE) => {
                let texts = self.help(Helper::Texts, list.clone());
                let texts = texts.pipe("fromJsonArray", &[], Type::each(Kinds::LIST, Type::text()));
                Some(texts.pipe("join", std::slice::from_ref(separator), Type::text()))
            }
            ("eq" | "ne" | "lt" | "le" | "gt" | "ge", [left, right]) if is_open(left) || is_open(right) => {
                Some(self.compared(name, left, right, span))
            }
            _ => None,
        }
    }

    /// Jinja's functions change a copy of a map that is written as a literal; Go's would change what the variable holds,
    /// which is seen if the variable is used again.
    fn keep_literal(&self, map: &mut Code) {
        if !map.is(Kinds::LITERAL) || !map.text.starts_with(['$', '.']) {
            return;
        }
        let uses = |name: &str| self.counts.last().and_then(|counts| counts.get(name)).copied();
        let is_last = map
            .text
            .strip_prefix('$')
            .and_then(uses)
            .is_some_and(|uses| uses <= 2);
        if !is_last || self.moved > 0 {
            *map = Code::call("deepCopy", std::slice::from_ref(map), map.ty.clone());
        }
    }

    /// `include` of what the macro has become; `caller` is the block that it is called with.
    pub(super) fn macro_call(
        &mut self,
        file: usize,
        name: &str,
        args: &[CallArg<'_>],
        caller: Option<Code>,
        span: Span,
    ) -> Code {
        let target = &self.program.files[file];
        let Some(macro_) = target.macros.get(name).copied() else {
            let message = format!("`{}` has no macro `{name}`", target.name);
            return self.refuse(span, message, "define it there, or import the file that has it");
        };
        let definition = target.definition(name);
        let Some(mut given) = self.bound(macro_, args, span) else {
            return Code::null();
        };
        given.extend(caller.map(|code| (CALLER, code)));
        for (parameter, code) in &given {
            self.learn(&definition, parameter, &code.ty);
        }
        let parameters = parameters(macro_);
        let mut pairs = Vec::new();
        if !parameters.is_empty() {
            if self.facts.rooted.contains(&definition) {
                let key = root_key(parameters.iter().map(String::as_str));
                pairs.extend([Code::text_literal(&key), self.dict_root()]);
            }
            for (parameter, code) in given {
                pairs.extend([Code::text_literal(parameter), code]);
            }
            if pairs.is_empty() {
                let dict = Code::operand("dict", Type::of(Kinds::MAP));
                return Code::call("include", &[Code::text_literal(&definition), dict], Type::text());
            }
        }
        self.include(&definition, &pairs)
    }

    /// The chart's names as an entry of a dict.
    pub(super) fn dict_root(&mut self) -> Code {
        let root = match self.root().as_str() {
            "." => "$".to_owned(),
            root => root.to_owned(),
        };
        Code::operand(root, Type::any())
    }

    /// The arguments of a macro by its parameters, defaults filled in.
    fn bound<'m>(
        &mut self,
        macro_: &'m Macro<'_>,
        args: &[CallArg<'_>],
        span: Span,
    ) -> Option<Vec<(&'m str, Code)>> {
        let parameters: Vec<&str> = macro_.args.iter().filter_map(parameter_name).collect();
        let mut given: Vec<Option<Code>> = vec![None; parameters.len()];
        let mut next = 0;
        for arg in args {
            let (index, value) = match arg {
                CallArg::Pos(value) => {
                    next += 1;
                    (Some(next - 1), value)
                }
                CallArg::Kwarg(name, value) => (parameters.iter().position(|other| other == name), value),
                CallArg::PosSplat(value) | CallArg::KwargSplat(value) => (None, value),
            };
            let Some(index) = index.filter(|index| *index < parameters.len()) else {
                let message = format!("`{}` has no parameter for this argument", macro_.name);
                self.refuse(span, message, "give the arguments that the macro names");
                return None;
            };
            given[index] = Some(self.stored(value));
        }
        let without_default = parameters.len() - macro_.defaults.len();
        let mut bound = Vec::new();
        for (index, (parameter, code)) in parameters.into_iter().zip(given).enumerate() {
            let default = index
                .checked_sub(without_default)
                .and_then(|index| macro_.defaults.get(index));
            match (code, default) {
                (Some(code), _) => bound.push((parameter, code)),
                (None, Some(default)) if default.as_const().is_some() => {
                    bound.push((parameter, self.stored(default)));
                }
                // The definition itself calculates it.
                (None, _) => {}
            }
        }
        Some(bound)
    }
}

/// The parameters of the definition that a macro becomes.
pub(super) fn parameters(macro_: &Macro<'_>) -> BTreeSet<String> {
    let named = macro_.args.iter().filter_map(parameter_name);
    let caller = scope::mentions(&macro_.body, CALLER).then_some(CALLER);
    named.chain(caller).map(str::to_owned).collect()
}

fn positional<'e, 'a>(arg: &'e CallArg<'a>) -> Option<&'e Expr<'a>> {
    match arg {
        CallArg::Pos(value) => Some(value),
        _ => None,
    }
}

/// Whether it may be an integer that Go holds as a fraction and prints without all of its digits.
fn prints_fractions(code: &Code) -> bool {
    code.ty.kinds.may_be(Kinds::WHOLE) && !code.is(Kinds::INTEGER) && code.constant.is_none()
}

/// Whether Go may refuse to compare it with its like.
fn is_open(code: &Code) -> bool {
    let alike = [
        Kinds::TEXT | Kinds::NULL,
        Kinds::BOOL,
        Kinds::GO_INTEGER,
        Kinds::WHOLE,
        Kinds::FLOAT,
    ];
    !alike.iter().any(|kinds| code.is(*kinds))
}

/// A parameter's name.
pub(super) fn parameter_name<'m>(parameter: &'m Expr<'_>) -> Option<&'m str> {
    match parameter {
        Expr::Var(name) => Some(name.id),
        _ => None,
    }
}

/// The argument as Go's function takes it.
fn adapted(function: &Function, index: usize, argument: &Code) -> Code {
    match function.parameter(index) {
        Parameter::Int if !argument.is(Kinds::INT) => as_int(argument),
        Parameter::Float if argument.constant.is_none() => {
            Code::call("float64", std::slice::from_ref(argument), Type::of(Kinds::FLOAT))
        }
        Parameter::Bool if !argument.is(Kinds::BOOL) => {
            let empty = Code::call("empty", std::slice::from_ref(argument), Type::bool());
            Code::call("not", &[empty], Type::bool()).safe(argument.safe)
        }
        Parameter::Map if argument.is(Kinds::TEXTS_BY_NAME) => {
            let json = argument.pipe("toJson", &[], Type::text());
            json.pipe("fromJson", &[], argument.ty.with(Kinds::MAP))
        }
        Parameter::Any if results::PRINTERS.contains(&function.name) => printable(argument),
        Parameter::Any
            if results::COMPARERS.contains(&function.name) || results::KEEPERS.contains(&function.name) =>
        {
            digits(argument)
        }
        _ => argument.clone(),
    }
}

/// A value as functions print it: integers with all of their digits.
fn printable(code: &Code) -> Code {
    if code.is(Kinds::WHOLE) || code.constant == Some(Constant::Null) || !code.ty.kinds.may_be(Kinds::WHOLE) {
        return digits(code);
    }
    let float = Code::call(
        "kindIs",
        &[Code::text_literal("float64"), code.clone()],
        Type::bool(),
    );
    let is_whole = if code.ty.kinds.may_be(Kinds::FLOAT) {
        let whole = Code::call("int64", std::slice::from_ref(code), Type::of(Kinds::INT64));
        let again = Code::call("float64", &[whole], Type::of(Kinds::FLOAT));
        let same = Code::call("eq", &[again, code.clone()], Type::bool());
        Code::call("and", &[float, same], Type::bool())
    } else {
        float
    };
    let whole = Code::call("int64", std::slice::from_ref(code), Type::of(Kinds::INT64));
    let kinds = code.ty.kinds.without(Kinds::WHOLE) | Kinds::INT64;
    let ty = code.ty.with(kinds);
    Code::call("ternary", &[whole, code.clone(), is_whole], ty).safe(code.safe)
}
