//! Owns rendering Jinja templates with minijinja: the environment, its names and its limits.
//!
//! Errors become diagnostics in `errors.rs`; functions are called in `calls.rs`.

use super::OUTPUT_LIMIT;
use super::files::ChartFiles;
use super::functions::{self, Context};
use crate::chart::Template;
use crate::diagnostic::Diagnostic;
use crate::yaml::{Map, Value};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Object, Rest, Value as Jinja, ValueOrKwargs};
use minijinja::{Environment, Error, ErrorKind, State, UndefinedBehavior, tests};
use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, OnceLock};

mod calls;
mod errors;
mod files;
mod limits;
mod missing;
mod names;
mod objects;
mod parsed;
mod session;
mod syntax;
mod traced;
mod values;

use parsed::Parsed;
pub(super) use session::Evaluate;
use session::Session;
use traced::Prepared;

/// The Jinja templates of a chart.
#[derive(Debug)]
pub(super) struct Engine {
    plain: Parsed,
    /// The same with traces of macro calls, made when the first template fails: they cost a third of a
    /// rendering, and only an error shows them.
    traced: OnceLock<Parsed>,
}

impl Engine {
    /// Takes the templates, which are still to be parsed; reports every one that is beyond a limit.
    pub(super) fn new<'t>(templates: impl Iterator<Item = &'t Template>) -> Result<Self, Vec<Diagnostic>> {
        let sources = templates.map(|template| (template.name.clone(), Arc::clone(&template.source)));
        let sources: Vec<_> = sources.collect();
        let beyond: Vec<_> = sources
            .iter()
            .filter_map(|(_, source)| limits::check(source))
            .collect();
        if !beyond.is_empty() {
            return Err(beyond);
        }
        Ok(Self {
            plain: Parsed::new(sources.into_iter(), Prepared::plain),
            traced: OnceLock::new(),
        })
    }

    /// The templates' names, and how long each is.
    pub(super) fn templates(&self) -> impl Iterator<Item = (&str, usize)> {
        let sources = self.plain.sources.iter();
        sources.map(|(name, text)| (name.as_str(), text.compiled().len()))
    }

    /// Parses a template.
    pub(super) fn parse(&self, name: &str) -> Result<(), Diagnostic> {
        let parsed = self.plain.parse(name);
        parsed.map_err(|error| errors::diagnose(&self.plain, None, &error))
    }

    fn traced(&self) -> &Parsed {
        self.traced.get_or_init(|| {
            let sources = self.plain.sources.iter();
            let sources = sources.map(|(name, text)| (name.clone(), Arc::clone(&text.source)));
            // What parses without traces parses with them.
            Parsed::new(sources, Prepared::traced)
        })
    }
}

/// How templates are read: lines that hold nothing but a tag leave nothing.
pub(super) fn syntax_config() -> SyntaxConfig {
    SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()
        .expect("the default delimiters are valid")
}

/// What all templates share; `filters` are the names that stand where those of filters do.
fn environment(filters: &BTreeSet<&str>) -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_syntax(syntax_config());
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_debug(true);
    environment.set_fuel(Some(session::FUEL));
    environment.set_path_join_callback(|name, parent| join(name, parent).into());
    environment.set_formatter(|out, _, value| {
        match value.as_str() {
            Some(text) => out.write_str(text)?,
            None => out.write_str(&calls::print(value)?)?,
        }
        Ok(())
    });
    add_filters(&mut environment, filters);
    environment.add_function("range", minijinja::functions::range);
    environment.add_global(traced::WRAP, Jinja::from_object(traced::Wrap));
    add_tests(&mut environment);
    environment
}

/// Adds the named functions as filters: some thirty are used of hundreds.
fn add_filters(environment: &mut Environment<'static>, names: &BTreeSet<&str>) {
    for function in names.iter().filter_map(|name| functions::find(name)) {
        let filter = move |state: &mut State<'_, '_>, args: Rest<ValueOrKwargs>| {
            calls::filter(function, state, args.0)
        };
        environment.add_filter(function.name, filter);
    }
    environment.add_filter("items", calls::items);
}

fn add_tests(environment: &mut Environment<'static>) {
    environment.add_test("defined", tests::is_defined);
    environment.add_test("undefined", tests::is_undefined);
    environment.add_test("none", tests::is_none);
    environment.add_test("boolean", tests::is_boolean);
    environment.add_test("true", tests::is_true);
    environment.add_test("false", tests::is_false);
    environment.add_test("number", tests::is_number);
    environment.add_test("integer", tests::is_integer);
    environment.add_test("float", tests::is_float);
    environment.add_test("string", tests::is_string);
    environment.add_test("mapping", tests::is_mapping);
    environment.add_test("sequence", tests::is_sequence);
    environment.add_test("in", tests::is_in);
    for name in ["eq", "==", "equalto"] {
        environment.add_test(name, tests::is_eq);
    }
    environment.add_test("ne", tests::is_ne);
    environment.add_test("lt", tests::is_lt);
    environment.add_test("le", tests::is_le);
    environment.add_test("gt", tests::is_gt);
    environment.add_test("ge", tests::is_ge);
}

/// Where the templates are; names in `import` and `include` start below it.
const FOLDER: &str = "templates/";

/// The full name of a template: as it is, below `templates/`, or beside the importing file for `./` and `../`.
pub(super) fn join(name: &str, parent: &str) -> String {
    if name.starts_with(FOLDER) {
        return name.to_owned();
    }
    if !name.starts_with("./") && !name.starts_with("../") {
        return format!("{FOLDER}{name}");
    }
    let mut steps: Vec<&str> = parent.split('/').collect();
    steps.pop();
    for step in name.split('/') {
        match step {
            "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// What a template sees: the names of the chart, its own `Template`, what `include` passed, and the functions.
#[derive(Debug)]
pub(super) struct Root {
    session: Arc<Session>,
    own: Map,
    passed: Map,
    files: Jinja,
}

impl Root {
    fn of(state: &State<'_, '_>) -> Result<Arc<Self>, Error> {
        let found = state
            .lookup(ROOT)
            .and_then(|value| value.downcast_object::<Self>());
        found.ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "no rendering is under way"))
    }

    fn with_context(&self, passed: Map) -> Self {
        Self {
            session: Arc::clone(&self.session),
            own: self.own.clone(),
            passed,
            files: self.files.clone(),
        }
    }

    fn find(&self, name: &str) -> Option<Value> {
        let own = || (name == "Template").then(|| Value::Map(self.own.clone()));
        self.passed
            .get(name)
            .or_else(own)
            .or_else(|| self.session.names.get(name))
    }
}

/// The name under which a template's root holds itself; no template can write it.
const ROOT: &str = "\u{0}root";

impl Object for Root {
    fn get_value(self: &Arc<Self>, key: &Jinja) -> Option<Jinja> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, name: &str) -> Option<Jinja> {
        match name {
            session::NAME => Some(Jinja::from_dyn_object(Arc::clone(&self.session))),
            ROOT => Some(Jinja::from_dyn_object(Arc::clone(self))),
            "Files" => Some(self.files.clone()),
            name => {
                let function =
                    || functions::find(name).map(|function| Jinja::from_object(calls::Call(function)));
                let value = self.find(name);
                value.map_or_else(function, |value| Some(values::to_jinja(&value, &self.session)))
            }
        }
    }
}

/// One rendering of a chart: the names are fixed, the templates run one after the other.
pub(super) struct Run<'e> {
    engine: &'e Engine,
    session: Arc<Session>,
    files: Jinja,
}

impl<'e> Run<'e> {
    pub(super) fn new(
        engine: &'e Engine,
        names: Map,
        files: ChartFiles,
        context: Context,
        evaluate: Evaluate,
    ) -> Self {
        let files = Jinja::from_object(files::Files(files));
        Self {
            engine,
            session: Session::new(context, names, evaluate),
            files,
        }
    }

    /// Renders the template `name`, which sees `own` as `Template`.
    pub(super) fn render(&self, name: &str, own: &Map) -> Result<String, Diagnostic> {
        let plain = &self.engine.plain;
        let untraced = match self.render_with(plain, name, own) {
            Ok(text) => return Ok(text),
            Err(Failure::TooLarge) => return Err(self.too_large(name)),
            Err(Failure::Error(error)) => error,
        };
        // Once more for the trace: the same inputs fail in the same way.
        let traced = self.engine.traced();
        match self.render_with(traced, name, own) {
            Err(Failure::Error(error)) => Err(errors::diagnose(traced, Some(&self.session), &error)),
            Err(Failure::TooLarge) => Err(self.too_large(name)),
            Ok(_) => Err(errors::diagnose(plain, Some(&self.session), &untraced)),
        }
    }

    fn render_with(&self, parsed: &Parsed, name: &str, own: &Map) -> Result<String, Failure> {
        self.session.reset();
        let root = Jinja::from_object(Root {
            session: Arc::clone(&self.session),
            own: own.clone(),
            passed: Map::new(),
            files: self.files.clone(),
        });
        let mut out = Bounded::default();
        let template = parsed.environment.get_template(name);
        let result = template.and_then(|template| template.render_captured_to(root, &mut out).map(|_| ()));
        match result {
            Ok(()) => Ok(String::from_utf8(out.bytes)
                .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())),
            Err(_) if out.full => Err(Failure::TooLarge),
            Err(error) => Err(Failure::Error(error)),
        }
    }

    fn too_large(&self, name: &str) -> Diagnostic {
        let source = &self.engine.plain.sources[name].source;
        let message = format!("the template renders more than {} MiB", OUTPUT_LIMIT >> 20);
        Diagnostic::error("too-large", message).at(crate::source::Place::whole(source))
    }
}

/// Why a template was not rendered.
enum Failure {
    Error(Error),
    TooLarge,
}

/// Output that ends when it becomes too large.
#[derive(Default)]
struct Bounded {
    bytes: Vec<u8>,
    full: bool,
}

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > OUTPUT_LIMIT {
            self.full = true;
            return Err(io::Error::other("too large"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
