//! Owns the one table of template functions: names, signatures, documentation, examples and bodies.
//!
//! It knows no engine. A function gets values and gives a value or an [`FnError`]; the engines attach places
//! and traces. Functions that need an engine (`include`, `tpl`) are listed here and evaluated there.

pub use crate::template::format::Integers;
use crate::template::lookup::Cluster;
use crate::yaml::Value;

mod arguments;
mod cases;
mod certs;
mod crypto;
mod dates;
mod defaults;
mod dicts;
mod encoding;
mod float_verbs;
mod flow;
mod lists;
mod logic;
mod math;
mod numbers;
mod parameters;
mod passwords;
mod paths;
mod printf;
mod quoting;
mod randomness;
mod randoms;
mod reflection;
mod regex;
mod regex_syntax;
mod semver;
mod slices;
mod sorted;
mod strings;
mod toml;
mod urls;
mod verbs;
mod words;
mod wrapping;
mod yaml_json;

pub use arguments::LIMIT;
pub use parameters::Parameter;
pub use randomness::Random;
pub use semver::satisfies;

/// What functions may know besides their arguments.
#[derive(Clone, Debug)]
pub struct Context {
    /// What `now` says.
    pub clock: time::OffsetDateTime,
    /// Where random functions get their bytes.
    pub random: Random,
    /// How integers from values are printed inside texts.
    pub integers: Integers,
    /// What `lookup` finds.
    pub cluster: Cluster,
    /// Whether errors that Helm swallows are none, as in Go templates. Jinja is strict.
    pub swallows: bool,
}

/// Why a function refused; the engine adds the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FnError {
    /// One phrase, without the function's name unless it needs it.
    pub message: String,
    /// What to do about it.
    pub help: Vec<String>,
    /// Whether the chart's author wrote the message (`fail`, `required`), so that it is shown as it is.
    pub by_author: bool,
}

impl FnError {
    /// A refusal in our words.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: Vec::new(),
            by_author: false,
        }
    }

    /// A refusal in the words of the chart's author.
    pub fn by_author(message: impl Into<String>) -> Self {
        Self {
            by_author: true,
            ..Self::new(message)
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }
}

/// What every function returns.
pub type FnResult = Result<Value, FnError>;

/// One call, shown in the reference and run by the tests.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The call in Go's spelling, without braces.
    pub go: &'static str,
    /// The same as a Jinja expression, without braces.
    pub jinja: &'static str,
    /// What both print.
    pub output: &'static str,
}

/// How a function is evaluated.
#[derive(Clone, Copy, Debug)]
pub enum Body {
    /// By its arguments alone.
    Plain(fn(&Context, &[Value]) -> FnResult),
    /// By the engine.
    Engine(EngineCall),
}

/// The functions that only an engine can evaluate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineCall {
    /// Renders a named template.
    Include,
    /// Renders a text as a Go template.
    Tpl,
}

/// One function of the template languages.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// Helm's name.
    pub name: &'static str,
    /// The group it is documented in, as Sprig groups them.
    pub group: &'static str,
    /// Its arguments in Helm's order: `[X]` is optional, `X...` any number.
    pub arguments: &'static str,
    /// One sentence.
    pub doc: &'static str,
    /// Which argument takes the left side of a Jinja filter; `None` is the last one.
    pub subject: Option<usize>,
    /// Calls with what they print.
    pub examples: &'static [Example],
    /// How it is evaluated.
    pub body: Body,
    /// The least and the greatest number of arguments, read from `arguments`.
    arity: (usize, Option<usize>),
    /// What Go templates may pass.
    parameters: parameters::Parameters,
}

impl Function {
    const fn plain(
        name: &'static str,
        arguments: &'static str,
        doc: &'static str,
        body: fn(&Context, &[Value]) -> FnResult,
    ) -> Self {
        Self::new(name, arguments, doc, Body::Plain(body))
    }

    const fn engine(
        name: &'static str,
        arguments: &'static str,
        doc: &'static str,
        call: EngineCall,
    ) -> Self {
        Self::new(name, arguments, doc, Body::Engine(call))
    }

    const fn new(name: &'static str, arguments: &'static str, doc: &'static str, body: Body) -> Self {
        Self {
            name,
            group: "",
            arguments,
            doc,
            subject: None,
            examples: &[],
            body,
            arity: arity(arguments),
            parameters: parameters::Parameters::ANY,
        }
    }

    /// The filter's left side is argument `position`.
    const fn subject(mut self, position: usize) -> Self {
        self.subject = Some(position);
        self
    }

    const fn examples(mut self, examples: &'static [Example]) -> Self {
        self.examples = examples;
        self
    }

    /// The name and arguments, as the reference shows them.
    pub fn signature(&self) -> String {
        [self.name, self.arguments].join(" ").trim_end().to_owned()
    }

    /// The least and the greatest number of arguments.
    pub const fn arity(&self) -> (usize, Option<usize>) {
        self.arity
    }

    /// What Go allows as the argument at `index`.
    pub fn parameter(&self, index: usize) -> Parameter {
        self.parameters.at(index)
    }

    /// Checks the number of arguments.
    pub fn check_count(&self, count: usize) -> Result<(), FnError> {
        let (least, most) = self.arity();
        if count >= least && most.is_none_or(|most| count <= most) {
            return Ok(());
        }
        let wanted = match most {
            None => format!("at least {least}"),
            Some(most) if most == least => least.to_string(),
            Some(most) => format!("{least} to {most}"),
        };
        let plural = if wanted == "1" || wanted == "at least 1" {
            ""
        } else {
            "s"
        };
        Err(FnError::new(format!(
            "`{}` takes {wanted} argument{plural}, not {count}",
            self.name
        ))
        .help(format!("its arguments are `{}`", self.signature())))
    }
}

/// The least and the greatest number of words in `arguments`: `[X]` is optional, `X...` any number.
const fn arity(arguments: &str) -> (usize, Option<usize>) {
    let bytes = arguments.as_bytes();
    let (mut least, mut most) = (0, 0);
    let mut unbounded = false;
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        while at < bytes.len() && bytes[at] != b' ' {
            at += 1;
        }
        if at - start > 3 && bytes[at - 1] == b'.' && bytes[at - 2] == b'.' && bytes[at - 3] == b'.' {
            unbounded = true;
        } else if at > start {
            least += (bytes[start] != b'[') as usize;
            most += 1;
        }
        at += 1;
    }
    (least, if unbounded { None } else { Some(most) })
}

/// A call in both spellings and what it prints.
const fn example(go: &'static str, jinja: &'static str, output: &'static str) -> Example {
    Example { go, jinja, output }
}

const GROUPS: &[sorted::Group] = &[
    ("crypto", certs::FUNCTIONS),
    ("crypto", crypto::FUNCTIONS),
    ("crypto", passwords::FUNCTIONS),
    ("dates", dates::FUNCTIONS),
    ("defaults", defaults::FUNCTIONS),
    ("dicts", dicts::FUNCTIONS),
    ("encoding", encoding::FUNCTIONS),
    ("flow", flow::FUNCTIONS),
    ("lists", lists::FUNCTIONS),
    ("lists", slices::FUNCTIONS),
    ("logic", logic::FUNCTIONS),
    ("math", math::FUNCTIONS),
    ("paths", paths::FUNCTIONS),
    ("printing", printf::FUNCTIONS),
    ("random", randoms::FUNCTIONS),
    ("regular expressions", regex::FUNCTIONS),
    ("semantic versions", semver::FUNCTIONS),
    ("strings", cases::FUNCTIONS),
    ("strings", strings::FUNCTIONS),
    ("strings", words::FUNCTIONS),
    ("strings", wrapping::FUNCTIONS),
    ("toml", toml::FUNCTIONS),
    ("types", reflection::FUNCTIONS),
    ("urls", urls::FUNCTIONS),
    ("yaml and json", yaml_json::FUNCTIONS),
];

/// Every function, sorted by name.
pub static FUNCTIONS: [Function; sorted::count(GROUPS)] = sorted::sorted(GROUPS);

/// The function called `name`.
pub fn find(name: &str) -> Option<&'static Function> {
    let index = FUNCTIONS
        .binary_search_by(|function| function.name.cmp(name))
        .ok()?;
    FUNCTIONS.get(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_functions_that_give_a_value_have_an_example() {
        for pair in FUNCTIONS.windows(2) {
            assert!(pair[0].name < pair[1].name, "{} stands twice", pair[0].name);
        }
        for function in &FUNCTIONS {
            let shown = matches!(function.name, "call" | "fail" | "lookup")
                || matches!(function.body, Body::Engine(_));
            assert!(
                shown || !function.examples.is_empty(),
                "{} has no example",
                function.name
            );
            assert!(
                function.doc.ends_with('.'),
                "{}: the doc is a sentence",
                function.name
            );
            if let Some(position) = function.subject {
                let words = function.arguments.split_whitespace().count();
                assert!(position < words, "{} has no argument {position}", function.name);
            }
        }
    }
}
