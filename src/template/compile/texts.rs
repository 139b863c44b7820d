//! Owns what becomes a definition of its own: blocks of text, the bodies of `call`, included files.
//!
//! Macros are definitions too; their calls are in `calls`.

use super::code::{Code, Constant};
use super::kinds::{Kinds, Type};
use super::layout::Item;
use super::scope::{self, Counts, Frame, Loop, Variable};
use super::syntax::{CallArg, CallBlock, Expr, Include, Span, Spanned, Stmt};
use super::unit::{Unit, root_key};
use std::collections::{BTreeMap, BTreeSet};

/// What is assigned for its effect alone.
pub(super) const IGNORED: &str = "_";

/// Parameters for what a loop says of itself.
const INDEX: &str = "index";
const ITEMS: &str = "items";

/// The parameter with the name of what `caller(…)` includes.
const TEMPLATE: &str = "template";

/// The parameter with the arguments of `caller(…)`.
const ARGUMENTS: &str = "arguments";

impl Unit<'_, '_> {
    /// The text that statements print, as an `include` of a definition made of them.
    pub(super) fn lifted(&mut self, body: &[Stmt<'_>], name: &str, span: Span) -> Code {
        match self.free(body, span) {
            Some(free) => self.define_text(name, &free, scope::uses_loop(body), &mut |inner, _, items| {
                inner.enter(body);
                inner.statements(body, items);
            }),
            None => Code::unknown(),
        }
    }

    /// The variables that statements use. None if they set one that is used elsewhere.
    fn free(&mut self, body: &[Stmt<'_>], span: Span) -> Option<Vec<(String, Code)>> {
        let mut counts = Counts::new();
        scope::count(body, &mut counts);
        let mut set = BTreeSet::new();
        scope::set_in(body, &mut set);
        let leaks = |name: &String| {
            let all = self.counts.last().and_then(|counts| counts.get(name));
            name != IGNORED && (all != counts.get(name) || self.variable(name).is_some())
        };
        if let Some(name) = set.iter().find(|name| leaks(name)) {
            let message = format!("`{name}` is set in a block of text and used outside of it");
            self.refuse(span, message, "set it before the block");
            return None;
        }
        let free = counts
            .keys()
            .filter_map(|name| self.variable(name).map(|code| (name.clone(), code)));
        Some(free.collect())
    }

    /// A definition made by `body`, whose free variables are its parameters, and the call of it.
    pub(super) fn define_text(
        &mut self,
        name: &str,
        free: &[(String, Code)],
        uses_loop: bool,
        body: &mut dyn FnMut(&mut Unit<'_, '_>, &str, &mut Vec<Item>),
    ) -> Code {
        let definition = self.definition_name(name);
        let pairs = self.captured(&definition, (free, &BTreeSet::new()), uses_loop, body);
        self.include(&definition, &pairs)
    }

    fn definition_name(&mut self, name: &str) -> String {
        let outer = self.macro_.as_ref().map_or_else(
            || self.program.files[self.file].prefix.clone(),
            |(name, _)| name.clone(),
        );
        self.lasting(&format!("{outer}.{name}"))
    }

    /// Writes the definition of which some parameters have values and others get them later; gives the entries of the
    /// dict that it takes.
    fn captured(
        &mut self,
        definition: &str,
        (free, others): (&[(String, Code)], &BTreeSet<String>),
        uses_loop: bool,
        body: &mut dyn FnMut(&mut Unit<'_, '_>, &str, &mut Vec<Item>),
    ) -> Vec<Code> {
        let mut free = free.to_vec();
        let mut frames = self.frames.iter().rev();
        let position = frames
            .find_map(|frame| frame.loop_names.clone())
            .filter(|_| uses_loop);
        let mut inner_position = None;
        if let Some(Loop {
            index: Some(index),
            items,
            ..
        }) = position
        {
            let names: BTreeSet<&String> = free.iter().map(|(name, _)| name).chain(others).collect();
            let unused = |wanted: &str| {
                let mut name = wanted.to_owned();
                while names.contains(&name) {
                    name.push('_');
                }
                name
            };
            inner_position = Some((unused(INDEX), unused(ITEMS), index, items));
        }
        let mut parameters: BTreeSet<String> = free.iter().map(|(name, _)| name.clone()).collect();
        parameters.extend(others.iter().cloned());
        if let Some((index, items, ..)) = &inner_position {
            parameters.extend([index.clone(), items.clone()]);
        }
        for (parameter, code) in &free {
            self.learn(definition, parameter, &code.ty);
        }
        let root_key = root_key(parameters.iter().map(String::as_str));
        let has_parameters = !parameters.is_empty();
        let macro_ = Some((definition.to_owned(), parameters));
        let mut inner = Unit::new(self.program, self.file, macro_, self.facts, self.errors);
        let mut frame = Frame::scope();
        if let Some((index, items, ..)) = &inner_position {
            let of = |name: &str, ty| Code::operand(format!("$.{name}"), ty).safe(true);
            frame.loop_names = Some(Loop {
                index: Some(of(index, Type::of(Kinds::INT)).counted()),
                items: of(items, Type::of(Kinds::LIST)),
                recursion: None,
            });
        }
        inner.frames.push(frame);
        let mut items = Vec::new();
        body(&mut inner, definition, &mut items);
        let mut all = inner.prelude;
        all.append(&mut items);
        let uses = |name: &str| super::layout::mentions(&all, &format!("$.{name}"));
        if let Some((index, list, index_code, items_code)) = &inner_position {
            for (name, code) in [(index, index_code), (list, items_code)] {
                if uses(name) {
                    free.push((name.clone(), code.clone()));
                }
            }
        }
        let mut lifted = inner.lifted;
        self.lifted.append(&mut lifted);
        self.lifted.push(super::definition(definition, all));
        let mut pairs = Vec::new();
        if self.facts.rooted.contains(definition) && has_parameters {
            pairs.extend([Code::text_literal(&root_key), self.dict_root()]);
        }
        for (parameter, code) in &free {
            pairs.extend([Code::text_literal(parameter), code.clone()]);
        }
        pairs
    }

    /// `include` of the definition with the entries of a dict, or with the chart's names.
    pub(super) fn include(&mut self, definition: &str, pairs: &[Code]) -> Code {
        let argument = if pairs.is_empty() {
            Code::operand(self.root(), Type::any())
        } else {
            Code::call("dict", pairs, Type::any())
        };
        Code::call(
            "include",
            &[Code::text_literal(definition), argument],
            Type::text(),
        )
    }

    /// Notes that a parameter is given a value of this type.
    pub(super) fn learn(&mut self, definition: &str, parameter: &str, ty: &Type) {
        let key = (definition.to_owned(), parameter.to_owned());
        let known = self.facts.parameters.entry(key).or_default();
        *known = known.union(ty);
    }

    /// `{% call macro() %}`: the macro gets the text, or the definition that makes it where it gives arguments.
    pub(super) fn call_block(&mut self, block: &Spanned<CallBlock<'_>>, out: &mut Vec<Item>) {
        let span = block.span();
        let Some((file, name)) = self.callee(&block.call.expr) else {
            self.refuse(
                span,
                "what is called is no macro",
                "call a macro of this chart by its name",
            );
            return;
        };
        let definition = self.program.files[file].definition(&name);
        let body = &block.macro_decl;
        if !body.args.is_empty() {
            self.facts.callers.insert(definition.clone());
        }
        let caller = if self.facts.callers.contains(&definition) {
            if !body.defaults.is_empty() {
                let help = "give every argument in `caller(…)`";
                self.refuse(
                    span,
                    "the parameters of a `call` block have no defaults in Go",
                    help,
                );
            }
            self.caller(&definition, &body.args, &body.body, span)
        } else {
            self.lifted(&body.body, "caller", span)
        };
        let code = self.macro_call(file, &name, &block.call.args, Some(caller), span);
        self.print(&code, span, out);
    }

    /// The definition of a `call` block with parameters, and what it needs.
    fn caller(&mut self, macro_: &str, parameters: &[Expr<'_>], body: &[Stmt<'_>], span: Span) -> Code {
        let Some(free) = self.free(body, span) else {
            return Code::unknown();
        };
        let names: Vec<&str> = parameters
            .iter()
            .filter_map(super::calls::parameter_name)
            .collect();
        let free: Vec<(String, Code)> = free
            .into_iter()
            .filter(|(name, _)| !names.contains(&name.as_str()))
            .collect();
        let definition = self.definition_name("caller");
        let others = BTreeSet::from([ARGUMENTS.to_owned()]);
        let types: Vec<Type> = (0..names.len())
            .map(|index| {
                let key = (macro_.to_owned(), argument_of_caller(index));
                self.facts.parameters.get(&key).cloned().unwrap_or_default()
            })
            .collect();
        let uses_loop = scope::uses_loop(body);
        let pairs = self.captured(
            &definition,
            (&free, &others),
            uses_loop,
            &mut |inner, _, items| {
                inner.enter(body);
                let mut variables = BTreeMap::new();
                for (index, (name, ty)) in names.iter().zip(&types).enumerate() {
                    items.push(Item::silent(
                        format!("${name} := index .{ARGUMENTS} {index}"),
                        None,
                    ));
                    variables.insert((*name).to_owned(), Variable::named(name, ty.clone()));
                }
                if let Some(frame) = inner.frames.last_mut() {
                    frame.variables.append(&mut variables);
                }
                inner.statements(body, items);
            },
        );
        let mut all = vec![Code::text_literal(TEMPLATE), Code::text_literal(&definition)];
        all.extend(pairs);
        Code::call("dict", &all, Type::of(Kinds::MAP))
    }

    /// `caller(…)` in a macro.
    pub(super) fn caller_call(&mut self, args: &[CallArg<'_>]) -> Option<Code> {
        let definition = self.macro_.as_ref().map(|(name, _)| name.clone())?;
        let caller = self.parameter(CALLER)?;
        if !self.facts.callers.contains(&definition) {
            return Some(Code::operand(caller.text, Type::text()).safe(true));
        }
        let mut given = Vec::new();
        for (index, arg) in args.iter().enumerate() {
            if let CallArg::Pos(value) = arg {
                let code = self.stored(value);
                self.learn(&definition, &argument_of_caller(index), &code.ty);
                given.push(code);
            }
        }
        let list = Code::call("list", &given, Type::of(Kinds::LIST));
        let dict = Code::call(
            "dict",
            &[Code::text_literal(ARGUMENTS), list],
            Type::of(Kinds::MAP),
        );
        let all = Code::call("merge", &[dict, caller.clone()], Type::of(Kinds::MAP));
        let template = caller.field(TEMPLATE, Type::text());
        Some(Code::call("include", &[template, all], Type::text()))
    }

    /// `{% include "file" %}`: the file's definition, with the variables that it uses.
    pub(super) fn include_statement(&mut self, include: &Spanned<Include<'_>>, out: &mut Vec<Item>) {
        let span = include.span();
        let names = match &include.name {
            Expr::List(list) => &list.items[..],
            Expr::Tuple(tuple) => &tuple.items[..],
            one => std::slice::from_ref(one),
        };
        let mut names = names.iter().map(|name| match name {
            Expr::Const(name) => name.value.as_str(),
            _ => None,
        });
        let Some(names) = names.by_ref().collect::<Option<Vec<&str>>>() else {
            let help =
                "include a template of this chart by its name as a text, one in each branch of an `if`";
            self.refuse(span, "what is included is not known before rendering", help);
            return;
        };
        let Some(target) = names.iter().find_map(|name| self.program.find(self.file, name)) else {
            if !include.ignore_missing {
                self.refuse(
                    span,
                    format!("there is no template `{}`", names.join("`, `")),
                    "name a file below `templates/`",
                );
            }
            return;
        };
        let mut set = BTreeSet::new();
        scope::set_in(self.program.files[target].body, &mut set);
        let seen = |name: &&String| self.counts.iter().any(|counts| counts.contains_key(*name));
        if let Some(name) = set.iter().find(seen) {
            let message = format!("`{name}` is set in the included file and used here");
            self.refuse(span, message, "set it in this file, or make it a macro's result");
            return;
        }
        let free = &self.program.files[target].free;
        let given: Vec<(String, Code)> = free
            .iter()
            .filter_map(|name| self.variable(name).map(|code| (name.clone(), code)))
            .collect();
        let code = self.file_call(target, &given);
        self.print(&code, span, out);
    }

    /// `include("file", {…})`.
    pub(super) fn include_call(&mut self, name: &Expr<'_>, context: Option<&Expr<'_>>, span: Span) -> Code {
        let name = match name {
            Expr::Const(name) => name.value.as_str(),
            _ => None,
        };
        let Some(name) = name else {
            let help = "include a template of this chart by its name as a text";
            return self.refuse(span, "what is included is not known before rendering", help);
        };
        let Some(target) = self.program.find(self.file, name) else {
            let message = format!("there is no template `{name}`");
            return self.refuse(span, message, "name a file below `templates/`");
        };
        let mut given = Vec::new();
        match context {
            None => {}
            Some(Expr::Map(map)) => {
                for (key, value) in map.keys.iter().zip(&map.values) {
                    let key = self.expression(key);
                    let value = self.stored(value);
                    if let Some(Constant::Text(key)) = key.constant
                        && self.program.files[target].free.contains(&key)
                    {
                        given.push((key, value));
                    }
                }
            }
            Some(_) => {
                let help =
                    "write the names that the file sees as a literal: `include(\"file\", {\"name\": value})`";
                return self.refuse(
                    span,
                    "what an included file sees is not known before rendering",
                    help,
                );
            }
        }
        self.file_call(target, &given)
    }

    fn file_call(&mut self, target: usize, given: &[(String, Code)]) -> Code {
        self.facts.included.insert(target);
        let file = &self.program.files[target];
        let definition = file.prefix.clone();
        let mut pairs = Vec::new();
        if !file.free.is_empty() {
            if self.facts.rooted.contains(&definition) || given.is_empty() {
                let key = root_key(file.free.iter().map(String::as_str));
                pairs.extend([Code::text_literal(&key), self.dict_root()]);
            }
            for (name, code) in given {
                self.learn(&definition, name, &code.ty);
                pairs.extend([Code::text_literal(name), code.clone()]);
            }
        }
        self.include(&definition, &pairs)
    }
}

/// The parameter of a macro that holds the block it is called with.
pub(super) const CALLER: &str = "caller";

/// Under which name the types of what is given to `caller(…)` are noted.
fn argument_of_caller(index: usize) -> String {
    format!("caller {index}")
}
