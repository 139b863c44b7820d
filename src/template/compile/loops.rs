//! Owns the translation of loops: what they go over, their variables, filters, and loops that call themselves.
//!
//! What `loop.index` and its siblings become is in `loop_names`.

use super::code::{Code, flat};
use super::expressions::{as_int, condition};
use super::kinds::{Kinds, Type};
use super::layout::{Block, BlockKind, Indent, Item};
use super::scope::{self, Counts, Frame, Loop, Recursion, Variable};
use super::syntax::{CallArg, Expr, ForLoop, Span, Spanned, Stmt};
use super::unit::Unit;
use std::collections::BTreeSet;

/// What a loop goes over.
#[derive(Clone)]
struct Range {
    /// The collection.
    over: Code,
    /// The variables of Go's `range`: key or index, and value.
    key: Option<(String, Variable)>,
    value: Option<(String, Variable)>,
    /// Whether the key is a position.
    is_list: bool,
    /// Variables that are parts of the item, and how they are taken from it.
    parts: Vec<(String, Variable)>,
    parts_code: Vec<String>,
}

impl Unit<'_, '_> {
    pub(super) fn for_loop(&mut self, for_loop: &Spanned<ForLoop<'_>>, out: &mut Vec<Item>) {
        if for_loop.recursive {
            return self.recursive_loop(for_loop, out);
        }
        let indent = self.indent(for_loop.span());
        self.declare_before(&[&for_loop.else_body], &indent, out);
        let Some(range) = self.range(for_loop) else { return };
        self.loop_over(for_loop, range, None, out);
    }

    /// The loop itself.
    fn loop_over(
        &mut self,
        for_loop: &Spanned<ForLoop<'_>>,
        mut range: Range,
        recursion: Option<Recursion>,
        out: &mut Vec<Item>,
    ) {
        let indent = self.indent(for_loop.span());
        let uses_loop = scope::uses_loop(&for_loop.body);
        let mut filter = for_loop.filter_expr.as_ref();
        if !range.is_list && uses_loop {
            self.loop_over_keys(&mut range);
        }
        if let Some(chosen) = filter.filter(|_| uses_loop || !for_loop.else_body.is_empty()) {
            self.choose(chosen, &mut range, &indent, out);
            filter = None;
        }
        out.append(&mut self.before);
        let mut set = BTreeSet::new();
        scope::set_in(&for_loop.body, &mut set);
        let changes = range
            .over
            .text
            .strip_prefix('$')
            .is_some_and(|name| set.contains(name));
        if uses_loop && (!range.over.is_operand() || changes) {
            range.over = self.kept(range.over.clone(), "items", &indent, out);
        }
        let mut index = None;
        if uses_loop && range.is_list {
            let name = self.fresh("index");
            let variable = Variable::named(&name, Type::of(Kinds::INT));
            index = Some(
                Code::operand(variable.go.clone(), variable.ty.clone())
                    .safe(true)
                    .counted(),
            );
            range.key = Some((name, variable));
        }
        let frame = Frame {
            variables: range
                .key
                .iter()
                .chain(&range.value)
                .chain(&range.parts)
                .cloned()
                .collect(),
            loop_names: Some(Loop {
                index,
                items: outside(&range.over),
                recursion,
            }),
            ..Frame::scope()
        };
        let mut counts = Counts::new();
        scope::count(&for_loop.body, &mut counts);
        self.counts.push(counts);
        self.frames.push(frame);
        self.moved += 1;
        let body = self.round(&for_loop.body, &range, filter);
        self.moved -= 1;
        self.frames.pop();
        self.counts.pop();
        let mut branches = vec![(header(&range), body)];
        if !for_loop.else_body.is_empty() {
            self.frames.push(Frame::block());
            let mut items = Vec::new();
            self.statements(&for_loop.else_body, &mut items);
            self.frames.pop();
            branches.push(("else".to_owned(), items));
        }
        out.push(Item::Block(Block {
            kind: BlockKind::Range,
            branches,
            indent,
        }));
    }

    /// A variable that holds the value.
    fn kept(&mut self, code: Code, wanted: &str, indent: &Indent, out: &mut Vec<Item>) -> Code {
        let name = self.fresh(wanted);
        out.push(Item::silent(format!("${name} := {}", code.text), indent.clone()));
        Code::operand(format!("${name}"), code.ty).safe(true)
    }

    /// What one round renders.
    fn round(&mut self, body: &[Stmt<'_>], range: &Range, filter: Option<&Expr<'_>>) -> Vec<Item> {
        let mut items = parts(range);
        let Some(filter) = filter else {
            self.statements(body, &mut items);
            return items;
        };
        let header = self.expression(filter);
        items.append(&mut self.before);
        let mut chosen = Vec::new();
        let narrowed = self.narrowed.len();
        self.narrow(filter, true);
        self.frames.push(Frame::block());
        self.statements(body, &mut chosen);
        self.frames.pop();
        self.narrowed.truncate(narrowed);
        items.push(Item::Block(Block {
            kind: BlockKind::If,
            branches: vec![(format!("if {}", condition(&header)), chosen)],
            indent: None,
        }));
        items
    }

    /// Goes over the sorted keys, so that there is a position.
    fn loop_over_keys(&mut self, range: &mut Range) {
        let map = self.named(range.over.clone(), "map");
        let keys = Code::call("keys", std::slice::from_ref(&map), Type::of(Kinds::LIST));
        let ty = Type::each(Kinds::LIST, Type::text());
        let value = range.value.take();
        range.value = range.key.take().map(|(name, variable)| {
            if let Some((inner, found)) = value {
                let field = format!("index {} {}", outside(&map).text, variable.go);
                range.parts.push((
                    inner,
                    Variable {
                        go: found.go.clone(),
                        ty: found.ty,
                    },
                ));
                range.parts_code.push(format!("{} := {field}", found.go));
            }
            (name, variable)
        });
        range.over = keys.pipe("sortAlpha", &[], ty);
        range.is_list = true;
    }

    /// Makes a list of the items that the filter lets through, and goes over that.
    fn choose(&mut self, filter: &Expr<'_>, range: &mut Range, indent: &Indent, out: &mut Vec<Item>) {
        if !range.is_list {
            self.loop_over_keys(range);
        }
        out.append(&mut self.before);
        let chosen = self.fresh("chosen");
        out.push(Item::silent(format!("${chosen} := list"), indent.clone()));
        self.frames.push(Frame {
            variables: range.value.iter().chain(&range.parts).cloned().collect(),
            ..Frame::scope()
        });
        self.moved += 1;
        let mut items = parts(range);
        let code = self.expression(filter);
        items.append(&mut self.before);
        self.moved -= 1;
        self.frames.pop();
        let inner = Some(format!("{}  ", indent.as_deref().unwrap_or_default()));
        let item = range
            .value
            .as_ref()
            .map_or(".", |(_, variable)| variable.go.as_str());
        let append = format!("${chosen} = append ${chosen} {item}");
        items.push(Item::Block(Block {
            kind: BlockKind::If,
            branches: vec![(
                format!("if {}", condition(&code)),
                vec![Item::silent(append, inner.clone())],
            )],
            indent: inner,
        }));
        out.push(Item::Block(Block {
            kind: BlockKind::Range,
            branches: vec![(header(range), items)],
            indent: indent.clone(),
        }));
        range.over = Code::operand(format!("${chosen}"), range.over.ty.clone()).safe(true);
    }

    fn range(&mut self, for_loop: &Spanned<ForLoop<'_>>) -> Option<Range> {
        let span = for_loop.span();
        let names = names(&for_loop.target);
        match (names.as_slice(), &for_loop.iter) {
            ([key, value], Expr::Filter(filter)) if filter.name == "items" => {
                let over = self.expression(filter.expr.as_ref()?);
                let item = self.program.schema.item(&over.ty);
                Some(Range {
                    over,
                    key: Some((key.clone(), Variable::named(key, Type::text()))),
                    value: Some((value.clone(), Variable::named(value, item))),
                    is_list: false,
                    parts: Vec::new(),
                    parts_code: Vec::new(),
                })
            }
            ([], _) => {
                let help = "loop with plain names: `for a, b in pairs`";
                self.refuse(span, "the variables of this loop cannot be compiled", help);
                None
            }
            (names, iter) => {
                // Keys of a map have neither fields nor parts.
                let is_list =
                    names.len() > 1 || names.iter().any(|name| scope::reads_field(&for_loop.body, name));
                let over = self.iterated(iter, is_list)?;
                Some(self.range_over(names, over))
            }
        }
    }

    /// What a loop goes over: a list, or the keys of a map.
    fn iterated(&mut self, iter: &Expr<'_>, is_list: bool) -> Option<Code> {
        let over = self.expression(iter);
        let kinds = over.ty.kinds;
        if !kinds.may_be(Kinds::LIST | Kinds::MAP | Kinds::NULL) {
            self.refuse(
                iter.span(),
                "what is looped over is neither a list nor a map",
                "loop over a list; the lines of a text are `splitList(\"\\n\", text)`",
            );
            return None;
        }
        let is_known = kinds == Kinds::NONE || !kinds.may_be(Kinds::LIST) || !kinds.may_be(Kinds::MAP);
        if is_known || is_list {
            return Some(over);
        }
        let name = self.fresh("items");
        self.before
            .push(Item::silent(format!("${name} := {}", over.text), None));
        let keys = Item::silent(format!("${name} = keys ${name} | sortAlpha"), None);
        self.before.push(Item::Block(Block {
            kind: BlockKind::If,
            branches: vec![(format!("if kindIs \"map\" ${name}"), vec![keys])],
            indent: Some(String::new()),
        }));
        let item = self.program.schema.item(&over.ty).union(&Type::text());
        Some(Code::operand(format!("${name}"), Type::each(Kinds::LIST, item)).safe(true))
    }

    fn range_over(&mut self, names: &[String], over: Code) -> Range {
        let kinds = over.ty.kinds;
        let is_map = kinds != Kinds::NONE && kinds.may_be(Kinds::MAP) && !kinds.may_be(Kinds::LIST);
        let mut range = Range {
            over,
            key: None,
            value: None,
            is_list: !is_map,
            parts: Vec::new(),
            parts_code: Vec::new(),
        };
        let item = self.program.schema.item(&range.over.ty);
        match names {
            [name] if is_map => range.key = Some((name.clone(), Variable::named(name, Type::text()))),
            [name] => range.value = Some((name.clone(), Variable::named(name, item))),
            names => {
                let whole = self.fresh("item");
                let part = self.program.schema.item(&item);
                for (index, name) in names.iter().enumerate() {
                    range
                        .parts_code
                        .push(format!("${name} := index ${whole} {index}"));
                    range
                        .parts
                        .push((name.clone(), Variable::named(name, part.clone())));
                }
                range.value = Some((whole.clone(), Variable::named(&whole, item)));
            }
        }
        range
    }

    /// `range(n)` as a list.
    pub(super) fn numbers(&mut self, args: &[CallArg<'_>], span: Span) -> Code {
        let mut bounds = Vec::new();
        for arg in args {
            let CallArg::Pos(value) = arg else { break };
            let bound = self.expression(value);
            bounds.push(as_int(&bound));
        }
        let ty = Type::each(Kinds::LIST, Type::of(Kinds::INT));
        match bounds.len() {
            // `until` counts down to what is negative.
            1 if bounds[0].is_counted => Code::call("until", &bounds, ty),
            1 => Code::call("untilStep", &[Code::int(0), bounds.remove(0), Code::int(1)], ty),
            2 => {
                bounds.push(Code::int(1));
                Code::call("untilStep", &bounds, ty)
            }
            3 => Code::call("untilStep", &bounds, ty),
            _ => self.refuse(
                span,
                "`range` takes one to three numbers",
                "write `range(start, end, step)`",
            ),
        }
    }

    /// A loop that calls itself: a definition that includes itself.
    fn recursive_loop(&mut self, for_loop: &Spanned<ForLoop<'_>>, out: &mut Vec<Item>) {
        let indent = self.indent(for_loop.span());
        self.declare_before(&[&for_loop.else_body], &indent, out);
        let Some(over) = self.iterated(&for_loop.iter, true) else {
            return;
        };
        let mut counts = Counts::new();
        scope::count(&for_loop.body, &mut counts);
        scope::count(&for_loop.else_body, &mut counts);
        if let Some(filter) = &for_loop.filter_expr {
            scope::count_in(filter, &mut counts);
        }
        let free: Vec<(String, Code)> = counts
            .keys()
            .filter_map(|name| self.variable(name).map(|code| (name.clone(), code)))
            .collect();
        let kept: Vec<String> = free.iter().map(|(name, _)| name.clone()).collect();
        let mut parameters = free;
        parameters.push((ITEMS.to_owned(), over));
        let code = self.define_text("loop", &parameters, false, &mut |inner, definition, items| {
            let recursion = Recursion {
                definition: definition.to_owned(),
                kept: kept.clone(),
            };
            let Some(over) = inner.parameter(ITEMS) else {
                return;
            };
            let range = inner.range_over(&names(&for_loop.target), over);
            inner.loop_over(for_loop, range, Some(recursion), items);
        });
        out.append(&mut self.before);
        out.push(Item::Print {
            code: code.text,
            own_line: None,
        });
    }

    /// `loop(items)`: the same loop over other items.
    pub(super) fn recursion(&mut self, args: &[CallArg<'_>], span: Span) -> Option<Code> {
        let loops = self.frames.iter().rev();
        let recursion = loops
            .filter_map(|frame| frame.loop_names.as_ref())
            .find_map(|names| names.recursion.clone())?;
        let [CallArg::Pos(items)] = args else {
            return Some(self.refuse(
                span,
                "`loop` takes the items of the next level",
                "write `loop(items)`",
            ));
        };
        let over = self.expression(items);
        let key = (recursion.definition.clone(), ITEMS.to_owned());
        let known = self.facts.parameters.entry(key).or_default();
        *known = known.union(&over.ty);
        let mut pairs = Vec::new();
        if self.facts.rooted.contains(&recursion.definition) {
            pairs.extend([Code::text_literal(&self.root_key()), self.dict_root()]);
        }
        for name in &recursion.kept {
            if let Some(code) = self.parameter(name) {
                pairs.extend([Code::text_literal(name), code]);
            }
        }
        pairs.extend([Code::text_literal(ITEMS), over]);
        let dict = Code::call("dict", &pairs, Type::of(Kinds::MAP));
        let name = Code::text_literal(&recursion.definition);
        Some(Code::call("include", &[name, dict], Type::text()))
    }
}

/// The parameter of a recursive loop that holds its items.
const ITEMS: &str = "items";

/// The names that a loop sets: one, or the parts of each item. None if there are others.
fn names(target: &Expr<'_>) -> Vec<String> {
    let items = match target {
        Expr::Var(name) => return vec![name.id.to_owned()],
        Expr::Tuple(tuple) => &tuple.items,
        Expr::List(list) => &list.items,
        _ => return Vec::new(),
    };
    let name = |item: &Expr<'_>| match item {
        Expr::Var(name) => Some(name.id.to_owned()),
        _ => None,
    };
    items.iter().map(name).collect::<Option<_>>().unwrap_or_default()
}

/// The variables that are parts of the item.
fn parts(range: &Range) -> Vec<Item> {
    let code = |text: &String| Item::silent(text.clone(), None);
    range.parts_code.iter().map(code).collect()
}

/// What is looped over as the loop's body sees it, where the dot is an item.
fn outside(items: &Code) -> Code {
    let mut code = items.clone();
    if code.text.starts_with('.') {
        code.text.insert(0, '$');
    }
    code
}

fn header(range: &Range) -> String {
    let over = flat(&range.over.text);
    match (&range.key, &range.value) {
        (Some((_, key)), Some((_, value))) => format!("range {}, {} := {over}", key.go, value.go),
        (Some((_, key)), None) => format!("range {}, $_ := {over}", key.go),
        (None, Some((_, value))) => format!("range {} := {over}", value.go),
        (None, None) => format!("range {over}"),
    }
}
