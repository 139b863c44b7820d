//! Owns the translation of loops.
//!
//! What `loop.index` and its siblings become is in `expressions`.

use super::code::Code;
use super::kinds::{Kinds, Type};
use super::layout::{Block, BlockKind, Item};
use super::scope::{self, Counts, Frame, Loop};
use super::syntax::{CallArg, Expr, ForLoop, Spanned};
use super::unit::Unit;

/// What a loop goes over.
struct Range {
    /// The collection.
    over: Code,
    /// The variables of Go's `range`: key or index, and value.
    key: Option<(String, Type)>,
    value: Option<(String, Type)>,
    /// Whether the key is a position.
    is_list: bool,
}

impl Unit<'_, '_> {
    pub(super) fn for_loop(&mut self, for_loop: &Spanned<ForLoop<'_>>, out: &mut Vec<Item>) {
        let indent = self.indent(for_loop.span());
        if for_loop.recursive {
            self.refuse(
                for_loop.span(),
                "a recursive loop cannot be compiled",
                "make its body a macro that calls itself",
            );
            return;
        }
        if for_loop.filter_expr.is_some() && !for_loop.else_body.is_empty() {
            let message = "`else` of a loop with `if` cannot be compiled";
            self.refuse(for_loop.span(), message, "make a list of the chosen items before");
            return;
        }
        let Some(mut range) = self.range(for_loop) else {
            return;
        };
        out.append(&mut self.before);
        let uses_loop = scope::mentions(&for_loop.body, "loop");
        let is_fixed = range.over.text.starts_with('.') || range.over.text.starts_with("$.");
        if uses_loop && !(range.over.is_operand() && is_fixed) {
            let name = self.fresh("items");
            let code = format!("${name} := {}", range.over.text);
            out.push(Item::Silent {
                code,
                indent: indent.clone(),
            });
            range.over = Code::operand(format!("${name}"), range.over.ty.clone()).safe(true);
        }
        let mut position = None;
        if uses_loop && range.is_list && for_loop.filter_expr.is_none() {
            let index = self.fresh("index");
            range.key = Some((index.clone(), Type::of(Kinds::INT)));
            position = Some(index);
        }
        let frame = Frame {
            is_scope: true,
            variables: range.key.iter().chain(&range.value).cloned().collect(),
            loop_names: Some(Loop {
                index: position,
                items: outside(&range.over.argument()),
            }),
        };
        let header = header(&range);
        let mut branches = vec![(header, self.loop_body(for_loop, frame))];
        if !for_loop.else_body.is_empty() {
            let frame = Frame {
                is_scope: true,
                ..Frame::default()
            };
            let mut items = Vec::new();
            self.scoped(frame, &for_loop.else_body, &mut items);
            branches.push(("else".to_owned(), items));
        }
        out.push(Item::Block(Block {
            kind: BlockKind::Range,
            branches,
            indent,
        }));
    }

    fn scoped(&mut self, frame: Frame, body: &[super::syntax::Stmt<'_>], items: &mut Vec<Item>) {
        let mut counts = Counts::new();
        scope::count(body, &mut counts);
        self.counts.push(counts);
        self.frames.push(frame);
        self.statements(body, items);
        self.frames.pop();
        self.counts.pop();
    }

    fn loop_body(&mut self, for_loop: &ForLoop<'_>, frame: Frame) -> Vec<Item> {
        self.moved += 1;
        let mut items = Vec::new();
        if let Some(filter) = &for_loop.filter_expr {
            self.frames.push(frame);
            let header = self.expression(filter);
            items.append(&mut self.before);
            let mut chosen = Vec::new();
            let narrowed = self.narrowed.len();
            self.narrow(filter, true);
            let inner = Frame {
                is_scope: true,
                ..Frame::default()
            };
            self.scoped(inner, &for_loop.body, &mut chosen);
            self.narrowed.truncate(narrowed);
            self.frames.pop();
            let branches = vec![(format!("if {}", super::expressions::condition(&header)), chosen)];
            items.push(Item::Block(Block {
                kind: BlockKind::If,
                branches,
                indent: None,
            }));
        } else {
            self.scoped(frame, &for_loop.body, &mut items);
        }
        self.moved -= 1;
        items
    }

    fn range(&mut self, for_loop: &Spanned<ForLoop<'_>>) -> Option<Range> {
        let span = for_loop.span();
        match (&for_loop.target, &for_loop.iter) {
            (Expr::Tuple(_) | Expr::List(_), Expr::Filter(filter)) if filter.name == "items" => {
                let over = self.expression(filter.expr.as_ref()?);
                let names = pair(&for_loop.target);
                let Some((key, value)) = names else {
                    self.refuse(
                        span,
                        "a loop over `items` has two variables",
                        "write `for key, value in map | items`",
                    );
                    return None;
                };
                let item = self.program.schema.item(&over.ty);
                Some(Range {
                    over,
                    key: Some((key, Type::text())),
                    value: Some((value, item)),
                    is_list: false,
                })
            }
            (Expr::Var(name), Expr::Call(call)) if matches!(&call.expr, Expr::Var(range) if range.id == "range") =>
            {
                let mut bounds = Vec::new();
                for arg in &call.args {
                    let CallArg::Pos(value) = arg else { return None };
                    let bound = self.expression(value);
                    bounds.push(super::expressions::as_int(&bound));
                }
                let ty = Type::each(Kinds::LIST, Type::of(Kinds::INT));
                let over = match bounds.len() {
                    1 => Code::call("until", &bounds, ty),
                    2 => {
                        bounds.push(Code::int(1));
                        Code::call("untilStep", &bounds, ty)
                    }
                    _ => Code::call("untilStep", &bounds, ty),
                };
                let value = Some((name.id.to_owned(), Type::of(Kinds::INT)));
                Some(Range {
                    over,
                    key: None,
                    value,
                    is_list: true,
                })
            }
            (Expr::Var(name), iter) => {
                let over = self.expression(iter);
                let name = name.id.to_owned();
                if over.is(Kinds::MAP | Kinds::NULL) {
                    return Some(Range {
                        over,
                        key: Some((name, Type::text())),
                        value: None,
                        is_list: false,
                    });
                }
                if over.ty.kinds != Kinds::NONE && !over.is(Kinds::LIST | Kinds::NULL) {
                    self.refuse(
                        iter.span(),
                        "what is looped over is not known to be a list",
                        "describe it in `values.schema.json`, or ask `is sequence` or `is mapping` before",
                    );
                    return None;
                }
                let item = self.program.schema.item(&over.ty);
                Some(Range {
                    over,
                    key: None,
                    value: Some((name, item)),
                    is_list: true,
                })
            }
            _ => {
                self.refuse(
                    span,
                    "a loop with several variables cannot be compiled",
                    "loop with one and take its parts by `[0]`",
                );
                None
            }
        }
    }
}

fn pair(target: &Expr<'_>) -> Option<(String, String)> {
    let items = match target {
        Expr::Tuple(tuple) => &tuple.items,
        Expr::List(list) => &list.items,
        _ => return None,
    };
    match items.as_slice() {
        [Expr::Var(key), Expr::Var(value)] => Some((key.id.to_owned(), value.id.to_owned())),
        _ => None,
    }
}

/// What is looped over as the loop's body sees it, where the dot is an item.
fn outside(items: &str) -> String {
    if items.starts_with('.') {
        format!("${items}")
    } else {
        items.to_owned()
    }
}

fn header(range: &Range) -> String {
    let over = super::code::flat(&range.over.text);
    match (&range.key, &range.value) {
        (Some((key, _)), Some((value, _))) => format!("range ${key}, ${value} := {over}"),
        (Some((key, _)), None) => format!("range ${key}, $_ := {over}"),
        (None, Some((value, _))) => format!("range ${value} := {over}"),
        (None, None) => format!("range {over}"),
    }
}
