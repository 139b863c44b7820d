//! Owns the translation of statements: texts, prints, `set`, `if`, and which are lifted into definitions of their own.
//!
//! Loops are in `loops`, expressions in `expressions`.

use super::code::{Code, Constant};
use super::expressions::{condition, value};
use super::kinds::Type;
use super::layout::{Block, BlockKind, Indent, Item};
use super::scope::{self, Counts, Frame};
use super::syntax::{self, Expr, IfCond, IfExpr, Set, Span, Spanned, Stmt};
use super::unit::{Unit, root_key};
use std::collections::BTreeSet;

/// What is assigned for its effect alone.
const IGNORED: &str = "_";

impl Unit<'_, '_> {
    pub(super) fn statements(&mut self, statements: &[Stmt<'_>], out: &mut Vec<Item>) {
        for statement in statements {
            self.statement(statement, out);
        }
    }

    fn statement(&mut self, statement: &Stmt<'_>, out: &mut Vec<Item>) {
        match statement {
            Stmt::Template(template) => self.statements(&template.children, out),
            Stmt::EmitRaw(raw) => out.push(Item::Text(raw.raw.to_owned())),
            Stmt::EmitExpr(emit) => self.emit(&emit.expr, emit.span(), out),
            Stmt::Set(set) => self.set(set, out),
            Stmt::SetBlock(set) => {
                let Expr::Var(name) = &set.target else {
                    self.refuse(set.span(), "a `set` block sets one variable", "name it");
                    return;
                };
                let mut code = self.lifted(&set.body, name.id, set.span());
                if let Some(filter) = &set.filter {
                    code = self.filtered(filter, code);
                }
                out.append(&mut self.before);
                let indent = self.indent(set.span());
                let operator = self.declare(name.id, &code.ty);
                out.push(Item::Silent {
                    code: format!("${} {operator} {}", name.id, value(&code)),
                    indent,
                });
            }
            Stmt::FilterBlock(block) => {
                let code = self.lifted(&block.body, "filtered", block.span());
                let code = self.filtered(&block.filter, code);
                self.print(&code, block.span(), out);
            }
            Stmt::IfCond(branches) => self.branches(branches, out),
            Stmt::ForLoop(for_loop) => self.for_loop(for_loop, out),
            Stmt::WithBlock(with) => self.with(&with.assignments, &with.body, with.span(), out),
            Stmt::Do(call) => {
                let code = self.call(&call.call);
                out.append(&mut self.before);
                let indent = self.indent(call.span());
                out.push(Item::Silent {
                    code: format!("$_ := {}", value(&code)),
                    indent,
                });
            }
            // Where they stand at the top they were taken before.
            Stmt::Import(_) | Stmt::FromImport(_) | Stmt::Macro(_) if self.is_top() => {}
            Stmt::Import(import) => self.misplaced(import.span()),
            Stmt::FromImport(import) => self.misplaced(import.span()),
            Stmt::Macro(macro_) => self.misplaced(macro_.span()),
            Stmt::Include(include) => {
                self.no_statement("include", include.span(), "make it a macro and call it");
            }
            Stmt::CallBlock(block) => {
                self.no_statement("call", block.span(), "pass the text to the macro as an argument");
            }
            Stmt::AutoEscape(escape) => {
                self.no_statement("autoescape", escape.span(), "use `quote` or `toYaml`");
            }
            Stmt::Block(block) => self.no_statement("block", block.span(), "make it a macro and call it"),
            Stmt::Extends(extends) => self.no_statement("extends", extends.span(), "call macros instead"),
        }
    }

    fn misplaced(&mut self, span: Span) {
        self.refuse(
            span,
            "imports and macros inside of a block cannot be compiled",
            "move it to the top of the file",
        );
    }

    fn no_statement(&mut self, name: &str, span: Span, help: &str) {
        self.refuse(span, format!("`{name}` cannot be compiled"), help);
    }

    fn is_top(&self) -> bool {
        self.macro_.is_none() && self.frames.len() == 1
    }

    pub(super) fn indent(&self, span: Span) -> Indent {
        syntax::indentation(self.source(), span).map(str::to_owned)
    }

    fn emit(&mut self, expr: &Expr<'_>, span: Span, out: &mut Vec<Item>) {
        if let Expr::IfExpr(choice) = expr {
            return self.emit_choice(choice, span, out);
        }
        let code = self.expression(expr);
        self.print(&code, span, out);
    }

    fn print(&mut self, code: &Code, span: Span, out: &mut Vec<Item>) {
        let code = self.printed(code, span);
        out.append(&mut self.before);
        if let Some(Constant::Text(text)) = code.constant {
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
        let errors = self.errors.len();
        let may_hoist = std::mem::replace(&mut self.may_hoist, false);
        let code = self.choice(choice);
        self.may_hoist = may_hoist;
        if self.errors.len() == errors {
            return self.print(&code, span, out);
        }
        self.errors.truncate(errors);
        let header = self.expression(&choice.test_expr);
        out.append(&mut self.before);
        let mut branches = Vec::new();
        let mut items = Vec::new();
        self.emit(&choice.true_expr, span, &mut items);
        branches.push((format!("if {}", condition(&header)), items));
        if let Some(expr) = &choice.false_expr {
            let mut items = Vec::new();
            self.emit(expr, span, &mut items);
            branches.push(("else".to_owned(), items));
        }
        let indent = self.indent(span);
        out.push(Item::Block(Block {
            kind: BlockKind::If,
            branches,
            indent,
        }));
    }

    fn set(&mut self, set: &Spanned<Set<'_>>, out: &mut Vec<Item>) {
        let Expr::Var(name) = &set.target else {
            self.refuse(
                set.span(),
                "several variables are set at once",
                "set them one after the other",
            );
            return;
        };
        let name = name.id;
        let indent = self.indent(set.span());
        if let Expr::IfExpr(choice) = &set.expr {
            let errors = self.errors.len();
            let may_hoist = std::mem::replace(&mut self.may_hoist, false);
            let code = self.choice(choice);
            self.may_hoist = may_hoist;
            if self.errors.len() > errors {
                self.errors.truncate(errors);
                // The value may be made of the variable that it replaces.
                let declared = self.declared_here(name).is_some();
                let operator = if declared { "=" } else { ":=" };
                if !declared && self.variable(name).is_some() {
                    let fresh = self.fresh("value");
                    let (items, ty) = self.assign_choice(&fresh, choice, ":=", &indent);
                    out.extend(items);
                    self.declare(name, &ty);
                    out.push(Item::Silent {
                        code: format!("${name} := ${fresh}"),
                        indent,
                    });
                    return;
                }
                let (items, ty) = self.assign_choice(name, choice, operator, &indent);
                out.extend(items);
                self.declare(name, &ty);
                return;
            }
            self.assign(name, &code, indent, out);
            return;
        }
        let code = self.expression(&set.expr);
        self.assign(name, &code, indent, out);
    }

    fn assign(&mut self, name: &str, code: &Code, indent: Indent, out: &mut Vec<Item>) {
        out.append(&mut self.before);
        let operator = self.declare(name, &code.ty);
        let code = format!("${name} {operator} {}", value(code));
        out.push(Item::Silent { code, indent });
    }

    /// Declares the variable if it is not, and gives the operator that assigns to it.
    pub(super) fn declare(&mut self, name: &str, ty: &Type) -> &'static str {
        for (narrowed, kinds) in &mut self.narrowed {
            if narrowed == name {
                *kinds = Type::any().kinds;
            }
        }
        if let Some(known) = self.declared_here(name) {
            *known = known.union(ty);
            return if name == IGNORED { ":=" } else { "=" };
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.variables.insert(name.to_owned(), ty.clone());
        }
        ":="
    }

    fn branches(&mut self, branches: &Spanned<IfCond<'_>>, out: &mut Vec<Item>) {
        let indent = self.indent(branches.span());
        self.declare_before(branches, &indent, out);
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
        self.frames.push(Frame::default());
        let mut items = Vec::new();
        self.statements(body, &mut items);
        self.frames.pop();
        self.narrowed.truncate(narrowed);
        items
    }

    /// Jinja's `if` opens no scope, Go's does: variables that are used outside of the branch that sets them are declared
    /// before.
    fn declare_before(&mut self, branches: &IfCond<'_>, indent: &Indent, out: &mut Vec<Item>) {
        let mut names = BTreeSet::new();
        scope::set_in(&branches.true_body, &mut names);
        scope::set_in(&branches.false_body, &mut names);
        names.remove(IGNORED);
        names.retain(|name| self.declared_here(name).is_none());
        if names.is_empty() {
            return;
        }
        let (mut yes, mut no) = (Counts::new(), Counts::new());
        scope::count(&branches.true_body, &mut yes);
        scope::count(&branches.false_body, &mut no);
        for name in names {
            let all = self.counts.last().and_then(|counts| counts.get(&name)).copied();
            let is_local = all == yes.get(&name).copied() || all == no.get(&name).copied();
            if is_local {
                continue;
            }
            let (start, ty) = match self.variable(&name) {
                Some(outer) => (outer.text, outer.ty),
                None => ("\"\"".to_owned(), Type::default()),
            };
            self.declare(&name, &ty);
            out.push(Item::Silent {
                code: format!("${name} := {start}"),
                indent: indent.clone(),
            });
        }
    }

    fn with(
        &mut self,
        assignments: &[(Expr<'_>, Expr<'_>)],
        body: &[Stmt<'_>],
        span: Span,
        out: &mut Vec<Item>,
    ) {
        let indent = self.indent(span);
        let mut counts = Counts::new();
        scope::count(body, &mut counts);
        for (target, _) in assignments {
            let mut names = BTreeSet::new();
            scope::targets(target, &mut names);
            for name in names {
                *counts.entry(name).or_default() += 1;
            }
        }
        self.counts.push(counts);
        self.frames.push(Frame {
            is_scope: true,
            ..Frame::default()
        });
        let mut items = Vec::new();
        for (target, value) in assignments {
            let Expr::Var(name) = target else {
                self.refuse(
                    span,
                    "several variables are set at once",
                    "set them one after the other",
                );
                continue;
            };
            let code = self.expression(value);
            self.assign(name.id, &code, indent.clone(), &mut items);
        }
        self.statements(body, &mut items);
        self.frames.pop();
        self.counts.pop();
        // A block of its own: its variables end with it.
        let branches = vec![("if true".to_owned(), items)];
        out.push(Item::Block(Block {
            kind: BlockKind::If,
            branches,
            indent,
        }));
    }

    /// The text that statements print, as an `include` of a definition made of them.
    fn lifted(&mut self, body: &[Stmt<'_>], name: &str, span: Span) -> Code {
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
            return self.refuse(span, message, "set it before the block");
        }
        if counts.contains_key("loop") {
            return self.refuse(
                span,
                "`loop` cannot be used in a block of text",
                "set a variable before the block",
            );
        }
        let free: Vec<(String, Code)> = counts
            .keys()
            .filter_map(|name| self.variable(name).map(|code| (name.clone(), code)))
            .collect();
        self.define_text(body, name, &free)
    }

    /// A definition made of statements, whose free variables are its parameters, and the call of it.
    fn define_text(&mut self, body: &[Stmt<'_>], name: &str, free: &[(String, Code)]) -> Code {
        let outer = self.macro_.as_ref().map_or_else(
            || self.program.files[self.file].prefix.clone(),
            |(name, _)| name.clone(),
        );
        let definition = self.fresh(&format!("{outer}.{name}"));
        for (parameter, code) in free {
            let key = (definition.clone(), parameter.clone());
            let known = self.facts.parameters.entry(key).or_default();
            *known = known.union(&code.ty);
        }
        let parameters: BTreeSet<String> = free.iter().map(|(name, _)| name.clone()).collect();
        let root_key = root_key(free.iter().map(|(name, _)| name.as_str()));
        let mut inner = Unit::new(
            self.program,
            self.file,
            Some((definition.clone(), parameters)),
            self.facts,
            self.errors,
        );
        inner.enter(body);
        let mut items = Vec::new();
        inner.statements(body, &mut items);
        let mut lifted = inner.lifted;
        self.lifted.append(&mut lifted);
        self.lifted.push(super::definition(&definition, items));
        let is_rooted = self.facts.rooted.contains(&definition);
        let argument = if free.is_empty() {
            Code::operand(self.root(), Type::any())
        } else {
            let mut pairs = Vec::new();
            if is_rooted {
                let root = self.dict_root();
                pairs.extend([Code::text_literal(&root_key), root]);
            }
            for (parameter, code) in free {
                pairs.extend([Code::text_literal(parameter), code.clone()]);
            }
            Code::call("dict", &pairs, Type::any())
        };
        Code::call(
            "include",
            &[Code::text_literal(&definition), argument],
            Type::text(),
        )
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
