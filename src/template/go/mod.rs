//! Owns Go's template language: reading it, and rendering as Helm does.
//!
//! It reads no disk and knows no Jinja; functions come from the table that both languages share.

use super::functions::Context;
use crate::diagnostic::Diagnostic;
use crate::source::{Source, TextMap};
use crate::yaml::Value;
use std::sync::Arc;

mod absent;
pub(crate) mod ast;
mod call;
pub(crate) mod code;
#[cfg(test)]
mod conformance;
mod eval;
mod exec;
mod failure;
mod letters;
mod lex;
mod literal;
mod methods;
mod parse;
mod parsed;
mod rounded;
mod templates;
mod texts;

#[cfg(test)]
mod tests;

use ast::Span;
use exec::Executor;
use failure::{At, Failure};
pub(super) use methods::table;
use parsed::{File, parse_all};
use templates::Templates;

/// The parsed Go templates of a tree of charts: all see each other by their names.
#[derive(Debug, Default)]
pub(super) struct Engine {
    templates: Templates,
}

impl Engine {
    /// Parses templates in the given order: of two definitions with one name the later counts. Reports every
    /// template that does not parse.
    pub(super) fn new<'t>(
        templates: impl Iterator<Item = (&'t str, &'t Arc<Source>)>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut engine = Self::default();
        let mut errors = Vec::new();
        let files: Vec<File<'_>> = templates.collect();
        for parsed in parse_all(&files) {
            match parsed {
                Ok(trees) => trees
                    .into_iter()
                    .for_each(|tree| engine.templates.add(Arc::new(tree))),
                Err(broken) => errors.extend(broken),
            }
        }
        if errors.is_empty() {
            Ok(engine)
        } else {
            Err(errors)
        }
    }
}

/// What evaluates the texts that templates of another language give to `tpl`.
#[derive(Clone, Debug)]
pub(super) struct Evaluator {
    engine: Arc<Engine>,
    context: Context,
}

impl Evaluator {
    /// Texts see the templates of the engine.
    pub(super) fn new(engine: Arc<Engine>, context: Context) -> Self {
        Self { engine, context }
    }

    /// What a text makes of `dot`, and how many of the `steps` that it may take are left. To be called on the
    /// thread that renders.
    pub(super) fn evaluate(
        &self,
        text: &Arc<str>,
        dot: Value,
        steps: u64,
    ) -> Result<(Value, u64), Diagnostic> {
        let mut executor = Executor::within(&self.engine.templates, &self.context, steps);
        let source = Source::sensitive("<tpl>", &**text);
        let at = At {
            source: &source,
            span: Span::default(),
        };
        let evaluated = executor.evaluate(at, text, &Some(dot));
        let value = evaluated.map_err(Failure::finished)?;
        Ok((value, executor.steps_left()))
    }
}

/// One rendering of a tree of charts: templates run one after the other and see what others changed.
pub(super) struct Run<'e> {
    executor: Executor<'e>,
}

impl<'e> Run<'e> {
    pub(super) fn new(engine: &'e Engine, context: &'e Context) -> Self {
        Self {
            executor: Executor::new(&engine.templates, context),
        }
    }

    /// Renders the template `name`, which sees `dot`.
    pub(super) fn render(&mut self, name: &str, dot: Value) -> Result<(String, TextMap), Diagnostic> {
        let Some(tree) = self.executor.templates.get(name) else {
            let message = format!("there is no template `{name}`");
            return Err(Diagnostic::error("unknown-template", message));
        };
        self.executor.render(tree, dot).map_err(Failure::finished)
    }

    /// What is worth knowing of the renderings since the last call.
    pub(super) fn take_warnings(&mut self) -> Vec<Diagnostic> {
        self.executor.rounded.take()
    }
}
