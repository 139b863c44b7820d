//! Owns the translation of one template or macro: its names, what is known so far, and what is wrong with it.
//!
//! Expressions and statements are in files of their own.

use super::blocks::Blocks;
use super::code::Code;
use super::kinds::{Kinds, Schema, Type};
use super::layout::Item;
use super::scope::{Frame, Variable};
use super::syntax::{Macro, Span, Spanned, Stmt, place};
use crate::diagnostic::Diagnostic;
use crate::source::Source;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A Jinja template of the chart.
pub(super) struct File<'p> {
    /// Its path in the chart.
    pub(super) name: &'p str,
    pub(super) source: &'p Arc<Source>,
    pub(super) body: &'p [Stmt<'p>],
    /// What the names of its definitions start with.
    pub(super) prefix: String,
    /// Its macros by name.
    pub(super) macros: BTreeMap<&'p str, &'p Spanned<Macro<'p>>>,
    /// Files by the names under which they are imported.
    pub(super) modules: BTreeMap<&'p str, usize>,
    /// Macros and variables by the names under which they are imported: the file and their own names.
    pub(super) imported: BTreeMap<&'p str, (usize, &'p str)>,
    /// The names that the file uses and does not set: what an including file may give it.
    pub(super) free: BTreeSet<String>,
}

impl File<'_> {
    /// Whether the file sets a variable at its top.
    pub(super) fn sets(&self, name: &str) -> bool {
        let mut names = BTreeSet::new();
        super::scope::set_in(self.body, &mut names);
        names.contains(name)
    }

    /// What the macro is called in Go.
    pub(super) fn definition(&self, name: &str) -> String {
        format!("{}.{name}", self.prefix)
    }
}

/// Everything that does not change while templates are translated.
pub(super) struct Program<'p> {
    pub(super) chart: &'p str,
    pub(super) schema: Schema,
    pub(super) files: Vec<File<'p>>,
}

impl Program<'_> {
    /// The file that a name means in another one.
    pub(super) fn find(&self, from: usize, name: &str) -> Option<usize> {
        let name = crate::template::jinja::join(name, self.files[from].name);
        self.files.iter().position(|file| file.name == name)
    }
}

/// What is learnt while templates are translated, and grows until nothing is new.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Facts {
    /// The types of parameters by definition and name, over all calls.
    pub(super) parameters: BTreeMap<(String, String), Type>,
    /// Definitions that need the chart's names.
    pub(super) rooted: BTreeSet<String>,
    /// Macros that give arguments to the block they are called with.
    pub(super) callers: BTreeSet<String>,
    /// Files that are included.
    pub(super) included: BTreeSet<usize>,
}

impl Facts {
    /// Parameters of which nothing is known may be anything.
    pub(super) fn open(&mut self, program: &Program<'_>) {
        for file in &program.files {
            for macro_ in file.macros.values() {
                for parameter in super::calls::parameters(macro_) {
                    self.parameters
                        .entry((file.definition(macro_.name), parameter))
                        .or_default();
                }
            }
            for name in &file.free {
                self.parameters
                    .entry((file.prefix.clone(), name.clone()))
                    .or_default();
            }
        }
        let unknown = self.parameters.values_mut().filter(|ty| ty.kinds == Kinds::NONE);
        unknown.for_each(|ty| *ty = Type::any());
    }
}

/// One translation under way.
pub(super) struct Unit<'u, 'p> {
    pub(super) program: &'u Program<'p>,
    pub(super) facts: &'u mut Facts,
    pub(super) errors: &'u mut Vec<Diagnostic>,
    pub(super) file: usize,
    /// The definition and its parameters; None in the body of a file.
    pub(super) macro_: Option<(String, BTreeSet<String>)>,
    pub(super) frames: Vec<Frame>,
    /// How often each name occurs in the scopes around, innermost last.
    pub(super) counts: Vec<super::scope::Counts>,
    /// Statements at the start of the definition.
    pub(super) prelude: Vec<Item>,
    /// Whether what is translated stands outside of the definition, at the top of a file.
    pub(super) is_outside: bool,
    /// The blocks of the files that this one extends, by name, the outermost override first.
    pub(super) blocks: Blocks<'p>,
    /// The block that is translated, and how many overrides of it are above.
    pub(super) block: Option<(String, usize)>,
    /// How many `range`s have moved the dot.
    pub(super) moved: usize,
    /// What conditions say about the kinds of variables.
    pub(super) narrowed: Vec<(String, Kinds)>,
    /// Statements that must stand before the one that is translated.
    pub(super) before: Vec<Item>,
    /// Whether such statements may be added.
    pub(super) may_hoist: bool,
    /// Names of variables in use.
    pub(super) taken: BTreeSet<String>,
    /// Those among them that the statement under translation uses alone.
    pub(super) fresh: Vec<String>,
    /// Definitions made of blocks of text.
    pub(super) lifted: Vec<Item>,
    /// What a filter without a subject is applied to.
    pub(super) subject: Option<Code>,
}

impl<'p> Unit<'_, 'p> {
    pub(super) fn source(&self) -> &'p Arc<Source> {
        self.program.files[self.file].source
    }

    /// Reports what cannot be translated.
    pub(super) fn refuse(&mut self, span: Span, message: impl Into<String>, help: &str) -> Code {
        let error = Diagnostic::error("cannot-compile", message)
            .at(place(self.source(), span))
            .help(help);
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
        Code::unknown()
    }

    /// The chart's names as an argument.
    pub(super) fn root(&mut self) -> String {
        let (definition, has_parameters) = match &self.macro_ {
            None => (None, false),
            Some((definition, parameters)) => (Some(definition.clone()), !parameters.is_empty()),
        };
        self.facts.rooted.extend(definition);
        match (has_parameters, self.moved > 0) {
            (false, false) => ".".to_owned(),
            (false, true) => "$".to_owned(),
            (true, false) => format!(".{}", self.root_key()),
            (true, true) => format!("$.{}", self.root_key()),
        }
    }

    pub(super) fn root_key(&self) -> String {
        let parameters = self.macro_.as_ref().map(|(_, parameters)| parameters);
        root_key(parameters.into_iter().flatten().map(String::as_str))
    }

    /// One of the chart's names.
    pub(super) fn root_name(&mut self, name: &str) -> String {
        match self.root().as_str() {
            "." => format!(".{name}"),
            root => format!("{root}.{name}"),
        }
    }

    /// The parameter `name` of the macro.
    pub(super) fn parameter(&self, name: &str) -> Option<Code> {
        let (definition, parameters) = self.macro_.as_ref()?;
        if !parameters.contains(name) {
            return None;
        }
        let key = (definition.clone(), name.to_owned());
        let ty = self.facts.parameters.get(&key).cloned().unwrap_or_default();
        let dot = if self.moved > 0 { "$" } else { "" };
        Some(Code::operand(format!("{dot}.{name}"), ty).safe(true))
    }

    /// The variable or parameter `name`.
    pub(super) fn variable(&self, name: &str) -> Option<Code> {
        if self.is_outside {
            return None;
        }
        let frame = self
            .frames
            .iter()
            .rev()
            .find_map(|frame| frame.variables.get(name));
        let mut code = match frame {
            Some(variable) => Code::operand(variable.go.clone(), variable.ty.clone()).safe(true),
            None => self.parameter(name)?,
        };
        for (narrowed, kinds) in &self.narrowed {
            if narrowed == name && code.ty.kinds != Kinds::NONE {
                code.ty.kinds = code.ty.kinds.and(*kinds);
            }
        }
        Some(code)
    }

    /// The variable, if it is declared in the scope that Jinja would set it in.
    pub(super) fn declared_here(&mut self, name: &str) -> Option<&mut Variable> {
        let innermost = self.frames.iter().rposition(|frame| frame.is_scope).unwrap_or(0);
        self.frames[innermost..]
            .iter_mut()
            .rev()
            .find_map(|frame| frame.variables.get_mut(name))
    }

    /// What a new variable of the innermost frame is called in Go.
    pub(super) fn go_name(&mut self, name: &str) -> String {
        let go = format!("${name}");
        let hides = |frame: &Frame| frame.variables.values().any(|variable| variable.go == go);
        let is_clear = match self.frames.split_last() {
            // A `with` is no block in Go: its variables must not hide others behind its end.
            Some((inner, outer)) if !inner.is_block => !outer.iter().any(hides),
            _ => true,
        };
        if is_clear {
            return go;
        }
        let fresh = self.lasting(name);
        format!("${fresh}")
    }

    /// A name like those of `fresh` that is in use beyond the statement.
    pub(super) fn lasting(&mut self, wanted: &str) -> String {
        let name = self.fresh(wanted);
        self.fresh.retain(|fresh| *fresh != name);
        name
    }

    /// A name for a variable that the source does not have; the statement alone uses it.
    pub(super) fn fresh(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 1;
        while !self.taken.insert(name.clone()) {
            number += 1;
            name = format!("{wanted}{number}");
        }
        self.fresh.push(name.clone());
        name
    }
}

/// How far a translation had come.
pub(super) struct Trial {
    errors: usize,
    lifted: usize,
    before: usize,
    prelude: usize,
    taken: BTreeSet<String>,
}

impl Unit<'_, '_> {
    /// Begins what may be done again.
    pub(super) fn trial(&self) -> Trial {
        Trial {
            errors: self.errors.len(),
            lifted: self.lifted.len(),
            before: self.before.len(),
            prelude: self.prelude.len(),
            taken: self.taken.clone(),
        }
    }

    /// Whether something was refused since.
    pub(super) fn has_failed(&self, trial: &Trial) -> bool {
        self.errors.len() > trial.errors
    }

    /// Forgets what has been done since.
    pub(super) fn back_to(&mut self, trial: Trial) {
        self.errors.truncate(trial.errors);
        self.lifted.truncate(trial.lifted);
        self.before.truncate(trial.before);
        self.taken = trial.taken;
        if self.prelude.len() > trial.prelude {
            self.prelude.truncate(trial.prelude);
            if let Some(frame) = self.frames.first_mut() {
                frame.variables.retain(|name, _| !name.starts_with(OUTSIDE));
            }
            self.prelude.clear();
        }
    }
}

/// What the names of values of files begin with, which no variable does.
pub(super) const OUTSIDE: char = ':';

/// Under which key a macro finds the chart's names beside its parameters.
pub(super) fn root_key<'n>(parameters: impl IntoIterator<Item = &'n str>) -> String {
    let parameters: BTreeSet<&str> = parameters.into_iter().collect();
    let mut key = "root".to_owned();
    while parameters.contains(key.as_str()) {
        key.push('_');
    }
    key
}
