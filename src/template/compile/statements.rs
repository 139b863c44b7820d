//! Owns the translation of statements: texts, prints, `set`, `if`, and which are lifted into definitions of their own.
//!
//! Loops are in `loops`, expressions in `expressions`.

use super::code::{Code, Constant};
use super::expressions::{condition, value};
use super::kinds::{Kinds, Type};
use super::layout::{Block, BlockKind, Indent, Item};
use super::scope::{self, Counts, Frame, Variable};
use super::syntax::{self, Expr, IfCond, IfExpr, Set, SetBlock, Span, Spanned, Stmt, WithBlock};
use super::texts::IGNORED;
use super::unit::Unit;
use std::collections::BTreeSet;

impl Unit<'_, '_> {
    pub(super) fn statements(&mut self, statements: &[Stmt<'_>], out: &mut Vec<Item>) {
        for statement in statements {
            self.comments(statement, out);
            let fresh = self.fresh.len();
            self.statement(statement, out);
            // What the statement alone needed may be named so again.
            for name in self.fresh.drain(fresh.min(self.fresh.len())..) {
                self.taken.remove(&name);
            }
        }
    }

    /// What is said about the statement.
    fn comments(&mut self, statement: &Stmt<'_>, out: &mut Vec<Item>) {
        let source = self.source();
        if matches!(statement, Stmt::Macro(_)) || syntax::is_elif(source, statement) {
            return;
        }
        for comment in syntax::comments_before(source, statement) {
            let lines: Vec<&str> = comment.lines().map(str::trim).collect();
            out.push(Item::Remark(lines.join("\n")));
        }
    }

    pub(super) fn statement(&mut self, statement: &Stmt<'_>, out: &mut Vec<Item>) {
        match statement {
            Stmt::Template(template) => self.statements(&template.children, out),
            Stmt::EmitRaw(raw) => out.push(Item::Text(raw.raw.to_owned())),
            Stmt::EmitExpr(emit) => self.emit(&emit.expr, emit.span(), out),
            Stmt::Set(set) => self.set(set, out),
            Stmt::SetBlock(set) => self.set_block(set, out),
            Stmt::FilterBlock(block) => {
                let code = self.lifted(&block.body, "filtered", block.span());
                let code = self.filtered(&block.filter, code);
                self.print(&code, block.span(), out);
            }
            Stmt::IfCond(branches) => self.branches(branches, out),
            Stmt::ForLoop(for_loop) => self.for_loop(for_loop, out),
            Stmt::WithBlock(with) => self.with(with, out),
            Stmt::Do(call) => {
                let code = self.call(&call.call);
                out.append(&mut self.before);
                let indent = self.indent(call.span());
                out.push(Item::silent(format!("$_ := {}", value(&code)), indent));
            }
            // Macros and what is imported were found before.
            Stmt::Import(_) | Stmt::FromImport(_) | Stmt::Macro(_) => {}
            Stmt::Include(include) => self.include_statement(include, out),
            Stmt::CallBlock(block) => self.call_block(block, out),
            // Nothing is escaped in YAML, whatever it says.
            Stmt::AutoEscape(escape) => self.statements(&escape.body, out),
            Stmt::Block(block) => self.block(block.name, 0, block.span(), out),
            Stmt::Extends(extends) => {
                let help = "begin the file with `{% extends \"file\" %}`";
                self.refuse(extends.span(), "`extends` cannot stand here", help);
            }
        }
    }

    fn set_block(&mut self, set: &Spanned<SetBlock<'_>>, out: &mut Vec<Item>) {
        let Expr::Var(name) = &set.target else {
            self.refuse(set.span(), "a `set` block sets one variable", "name it");
            return;
        };
        let mut code = self.lifted(&set.body, name.id, set.span());
        if let Some(filter) = &set.filter {
            code = self.filtered(filter, code);
        }
        let indent = self.indent(set.span());
        self.assign(name.id, &code, indent, out);
    }

    pub(super) fn indent(&self, span: Span) -> Indent {
        syntax::indentation(self.source(), span).map(str::to_owned)
    }

    fn emit(&mut self, expr: &Expr<'_>, span: Span, out: &mut Vec<Item>) {
        if let Some(()) = self.emit_block(expr, span, out) {
            return;
        }
        if let Expr::IfExpr(choice) = expr {
            return self.emit_choice(choice, span, out);
        }
        let code = self.expression(expr);
        self.print(&code, span, out);
    }

    pub(super) fn print(&mut self, code: &Code, span: Span, out: &mut Vec<Item>) {
        let code = self.printed(code);
        out.append(&mut self.before);
        let text = match &code.constant {
            Some(Constant::Text(text)) => Some(text.clone()),
            Some(Constant::Int(value)) => Some(value.to_string()),
            Some(Constant::Bool(value)) => Some(value.to_string()),
            _ => None,
        };
        if let Some(text) = text {
            out.push(Item::Text(text));
            return;
        }
        let own_line = syntax::trims_left(self.source(), span)
            .then(|| syntax::indentation(self.source(), span).map(str::to_owned))
            .flatten();
        out.push(Item::Print {
            code: code.text,
            own_line,
        });
    }

    /// An inline `if` that is printed: one value if Go may evaluate both sides, a block if not.
    fn emit_choice(&mut self, choice: &Spanned<IfExpr<'_>>, span: Span, out: &mut Vec<Item>) {
        let trial = self.trial();
        let may_hoist = std::mem::replace(&mut self.may_hoist, false);
        let header = self.expression(&choice.test_expr);
        if let Some(Constant::Bool(is_met)) = header.constant {
            self.may_hoist = may_hoist;
            let side = if is_met {
                Some(&choice.true_expr)
            } else {
                choice.false_expr.as_ref()
            };
            return side.map_or((), |side| self.emit(side, span, out));
        }
        let code = self.choice(choice);
        self.may_hoist = may_hoist;
        let is_empty = |expr: &Expr<'_>| matches!(expr, Expr::Const(text) if text.value.as_str() == Some(""));
        let false_expr = choice.false_expr.as_ref().filter(|expr| !is_empty(expr));
        let is_short = header.is(Kinds::BOOL) && false_expr.is_some();
        if is_short && !self.has_failed(&trial) {
            return self.print(&code, span, out);
        }
        self.back_to(trial);
        let header = self.expression(&choice.test_expr);
        out.append(&mut self.before);
        let mut branches = Vec::new();
        let sides = [(true, Some(&choice.true_expr)), (false, false_expr)];
        for (is_met, side) in sides {
            let Some(side) = side else { continue };
            let narrowed = self.narrowed.len();
            self.narrow(&choice.test_expr, is_met);
            self.frames.push(Frame::block());
            let mut items = Vec::new();
            self.emit(side, span, &mut items);
            self.frames.pop();
            self.narrowed.truncate(narrowed);
            let opening = if is_met {
                format!("if {}", condition(&header))
            } else {
                "else".to_owned()
            };
            branches.push((opening, items));
        }
        let indent = self.indent(span);
        out.push(Item::Block(Block {
            kind: BlockKind::If,
            branches,
            indent,
        }));
    }

    fn set(&mut self, set: &Spanned<Set<'_>>, out: &mut Vec<Item>) {
        let indent = self.indent(set.span());
        match &set.target {
            Expr::Var(name) => self.set_one(name.id, &set.expr, indent, out),
            target => self.set_parts(target, &set.expr, &indent, set.span(), out),
        }
    }

    fn set_one(&mut self, name: &str, expr: &Expr<'_>, indent: Indent, out: &mut Vec<Item>) {
        let Expr::IfExpr(choice) = expr else {
            let code = self.expression(expr);
            return self.assign(name, &code, indent, out);
        };
        let trial = self.trial();
        let may_hoist = std::mem::replace(&mut self.may_hoist, false);
        let code = self.choice(choice);
        self.may_hoist = may_hoist;
        if !self.has_failed(&trial) {
            return self.assign(name, &code, indent, out);
        }
        self.back_to(trial);
        // The value may be made of the variable that it replaces.
        if scope::reads(expr, name) {
            let fresh = self.fresh("value");
            let (items, ty) = self.assign_choice(&format!("${fresh}"), choice, ":=", &indent);
            out.extend(items);
            let code = Code::operand(format!("${fresh}"), ty);
            return self.assign(name, &code, indent, out);
        }
        let (go, operator) = self.declare(name, &Type::default());
        let (items, ty) = self.assign_choice(&go, choice, operator, &indent);
        out.extend(items);
        self.declare(name, &ty);
    }

    /// Several variables from the parts of one value.
    fn set_parts(
        &mut self,
        target: &Expr<'_>,
        expr: &Expr<'_>,
        indent: &Indent,
        span: Span,
        out: &mut Vec<Item>,
    ) {
        let items = |expr: &Expr<'_>| match expr {
            Expr::Tuple(tuple) => Some(tuple.items.len()),
            Expr::List(list) => Some(list.items.len()),
            _ => None,
        };
        let parts: &[Expr<'_>] = match target {
            Expr::Tuple(tuple) => &tuple.items,
            Expr::List(list) => &list.items,
            _ => {
                self.refuse(
                    span,
                    "this cannot be set",
                    "set variables: `{% set name = value %}`",
                );
                return;
            }
        };
        if items(expr).is_some_and(|count| count != parts.len()) {
            let help = "give each variable one value";
            self.refuse(span, "there are not as many values as variables", help);
            return;
        }
        let whole = self.expression(expr);
        let whole = self.named(whole, "parts");
        out.append(&mut self.before);
        let ty = self.program.schema.item(&whole.ty);
        for (index, part) in parts.iter().enumerate() {
            let Expr::Var(name) = part else {
                self.refuse(
                    span,
                    "this cannot be set",
                    "set variables: `{% set a, b = pair %}`",
                );
                continue;
            };
            let index = Code::int(i64::try_from(index).unwrap_or(i64::MAX));
            let code = Code::call("index", &[whole.clone(), index], ty.clone());
            self.assign(name.id, &code, indent.clone(), out);
        }
    }

    fn assign(&mut self, name: &str, code: &Code, indent: Indent, out: &mut Vec<Item>) {
        out.append(&mut self.before);
        let (go, operator) = self.declare(name, &code.ty);
        out.push(Item::silent(format!("{go} {operator} {}", value(code)), indent));
    }

    /// Declares the variable if it is not, and gives its Go name and the operator that assigns to it.
    pub(super) fn declare(&mut self, name: &str, ty: &Type) -> (String, &'static str) {
        for (narrowed, kinds) in &mut self.narrowed {
            if narrowed == name {
                *kinds = Type::any().kinds;
            }
        }
        if let Some(known) = self.declared_here(name) {
            known.ty = known.ty.union(ty);
            let operator = if name == IGNORED { ":=" } else { "=" };
            return (known.go.clone(), operator);
        }
        let go = self.go_name(name);
        let variable = Variable {
            go: go.clone(),
            ty: ty.clone(),
        };
        if let Some(frame) = self.frames.last_mut() {
            frame.variables.insert(name.to_owned(), variable);
        }
        (go, ":=")
    }

    fn branches(&mut self, branches: &Spanned<IfCond<'_>>, out: &mut Vec<Item>) {
        let indent = self.indent(branches.span());
        self.declare_before(&[&branches.true_body, &branches.false_body], &indent, out);
        let header = self.expression(&branches.expr);
        out.append(&mut self.before);
        let header = format!("if {}", condition(&header));
        let yes = self.branch(&branches.expr, true, &branches.true_body);
        let mut all = vec![(header, yes)];
        if !branches.false_body.is_empty() {
            let no = self.branch(&branches.expr, false, &branches.false_body);
            all.extend(as_else(no));
        }
        out.push(Item::Block(Block {
            kind: BlockKind::If,
            branches: all,
            indent,
        }));
    }

    fn branch(&mut self, condition: &Expr<'_>, is_met: bool, body: &[Stmt<'_>]) -> Vec<Item> {
        let narrowed = self.narrowed.len();
        self.narrow(condition, is_met);
        self.frames.push(Frame::block());
        let mut items = Vec::new();
        self.statements(body, &mut items);
        self.frames.pop();
        self.narrowed.truncate(narrowed);
        items
    }

    /// Jinja's `if` opens no scope, Go's does: variables that are used outside of the branch that sets them are declared
    /// before.
    pub(super) fn declare_before(&mut self, bodies: &[&[Stmt<'_>]], indent: &Indent, out: &mut Vec<Item>) {
        let mut names = BTreeSet::new();
        for body in bodies {
            scope::set_in(body, &mut names);
        }
        names.remove(IGNORED);
        names.retain(|name| self.declared_here(name).is_none());
        if names.is_empty() {
            return;
        }
        let counts: Vec<Counts> = bodies
            .iter()
            .map(|body| {
                let mut counts = Counts::new();
                scope::count(body, &mut counts);
                counts
            })
            .collect();
        for name in names {
            let all = self.counts.last().and_then(|counts| counts.get(&name)).copied();
            if counts.iter().any(|counts| all == counts.get(&name).copied()) {
                continue;
            }
            let (start, ty) = match self.variable(&name) {
                Some(outer) => (outer.text, outer.ty),
                None => ("\"\"".to_owned(), Type::default()),
            };
            let (go, operator) = self.declare(&name, &ty);
            out.push(Item::silent(format!("{go} {operator} {start}"), indent.clone()));
        }
    }

    /// A scope of its own, but no block: its variables get names that no other has.
    fn with(&mut self, with: &Spanned<WithBlock<'_>>, out: &mut Vec<Item>) {
        let indent = self.indent(with.span());
        let mut counts = Counts::new();
        scope::count(&with.body, &mut counts);
        for (target, value) in &with.assignments {
            scope::count_in(target, &mut counts);
            scope::count_in(value, &mut counts);
        }
        self.counts.push(counts);
        self.frames.push(Frame {
            is_scope: true,
            ..Frame::default()
        });
        for (target, value) in &with.assignments {
            match target {
                Expr::Var(name) => self.set_one(name.id, value, indent.clone(), out),
                target => self.set_parts(target, value, &indent, with.span(), out),
            }
        }
        self.statements(&with.body, out);
        self.frames.pop();
        self.counts.pop();
    }

    fn filtered(&mut self, filter: &Expr<'_>, subject: Code) -> Code {
        self.subject = Some(subject);
        let code = self.expression(filter);
        self.subject = None;
        code
    }
}

/// The `else` branch; an `if` that is alone in it becomes an `else if`.
fn as_else(mut items: Vec<Item>) -> Vec<(String, Vec<Item>)> {
    let is_if = matches!(items.as_slice(), [Item::Block(block)] if block.kind == BlockKind::If);
    match items.pop() {
        Some(Item::Block(block)) if is_if => {
            let header = |header: String| match header.as_str() {
                "else" => header,
                other if other.starts_with("else ") => header,
                _ => format!("else {header}"),
            };
            let branches = block.branches.into_iter();
            branches.map(|(text, items)| (header(text), items)).collect()
        }
        last => {
            items.extend(last);
            vec![("else".to_owned(), items)]
        }
    }
}
