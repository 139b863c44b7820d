//! Owns compiling Jinja templates into Go templates that render to the same bytes, so that plain Helm installs the chart.
//!
//! Each file of this folder has one part: `syntax` the trees, `scope` names, `kinds` what is known about values, `code`
//! Go expressions, `expressions`, `operators`, `calls`, `statements` and `loops` the translation, `layout` how the result
//! looks. Rendering is the engines' business: nothing here evaluates a template.
//!
//! The templates are translated in rounds: what macros are called with is only known when every call has been seen, and
//! decides how their parameters are printed and compared. What is known only grows, so the rounds end; the last one counts.

use super::jinja;
use crate::chart::{Chart, JINJA_SUFFIX, Template};
use crate::diagnostic::Diagnostic;
use crate::source::Source;
use kinds::{Schema, Type};
use layout::{Block, BlockKind, Item};
use scope::{Counts, Frame};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use syntax::{Expr, Macro, Spanned, Stmt};
use unit::{Facts, File, Program, Unit};

mod calls;
mod code;
mod expressions;
mod kinds;
mod layout;
mod loops;
mod operators;
mod results;
mod scope;
mod statements;
mod syntax;

mod unit;

/// How often the templates are translated until nothing new is learnt; what is still unknown then may be anything.
const ROUNDS: usize = 16;

/// The same chart with Go templates in the place of its Jinja templates; the charts in it are compiled too.
///
/// Everything that cannot be compiled is reported at once.
pub fn compile(chart: &Chart) -> Result<Chart, Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let mut dependencies = Vec::new();
    for child in &chart.dependencies {
        match compile(child) {
            Ok(child) => dependencies.push(Arc::new(child)),
            Err(broken) => errors.extend(broken),
        }
    }
    let templates = on_large_stack(|| templates(chart)).unwrap_or_else(|broken| {
        errors.extend(broken);
        Vec::new()
    });
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(Chart {
        templates,
        dependencies,
        ..chart.clone()
    })
}

/// Runs the work where trees may nest deeply.
fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(super::STACK)
            .spawn_scoped(scope, work)
            .expect("the machine has room for one more thread");
        match thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn templates(chart: &Chart) -> Result<Vec<Template>, Vec<Diagnostic>> {
    let sources: Vec<&Template> = chart
        .templates
        .iter()
        .filter(|template| template.is_jinja())
        .collect();
    jinja::Engine::new(sources.iter().copied())?;
    let trees: Vec<Vec<Stmt<'_>>> = sources
        .iter()
        .map(|template| syntax::parse(&template.source))
        .collect();
    let mut errors = Vec::new();
    let program = program(chart, &sources, &trees, &mut errors);
    let mut facts = Facts::default();
    let mut texts = Vec::new();
    let imports = errors.len();
    for round in 0..=ROUNDS {
        // What is not known yet is printed by the definition for any value.
        facts.prints_any = false;
        let known = facts.clone();
        errors.truncate(imports);
        texts = (0..program.files.len())
            .map(|file| translate(&program, file, &mut facts, &mut errors))
            .collect();
        if facts.parameters == known.parameters && facts.rooted == known.rooted {
            break;
        }
        if round + 1 == ROUNDS {
            facts.parameters.values_mut().for_each(|ty| *ty = Type::any());
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut compiled: Vec<Template> = chart
        .templates
        .iter()
        .filter(|template| !template.is_jinja())
        .cloned()
        .collect();
    for (file, text) in program.files.iter().zip(texts) {
        compiled.push(template(go_name(file.name), text));
    }
    if facts.prints_any {
        compiled.push(printer(program.chart, &compiled));
    }
    compiled.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(compiled)
}

fn template(name: String, text: String) -> Template {
    Template {
        source: Source::new(name.clone(), text),
        name,
    }
}

/// Whether a template renders nothing itself.
fn is_partial(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|base| base.starts_with('_'))
}

/// What the compiled template is called: `_x.tpl` where only definitions are in it.
fn go_name(name: &str) -> String {
    let name = name.strip_suffix(JINJA_SUFFIX).unwrap_or(name);
    let base = name.rsplit('/').next().unwrap_or(name);
    if base.starts_with('_') && !base.contains('.') {
        format!("{name}.tpl")
    } else {
        name.to_owned()
    }
}

/// The definition that prints any value as Jinja does.
fn printer(chart: &str, templates: &[Template]) -> Template {
    let text = format!(
        "{{{{- /*\nPrints any value: null as nothing, integers with all of their digits.\n*/}}}}\n\
         {{{{- define \"{chart}.text\" }}}}\n\
         {{{{- if kindIs \"float64\" . }}}}\n  {{{{- ternary (int64 .) . (eq (floor .) .) }}}}\n\
         {{{{- else if not (kindIs \"invalid\" .) }}}}\n  {{{{- . }}}}\n\
         {{{{- end }}}}\n{{{{- end }}}}\n"
    );
    let mut name = "templates/_text.tpl".to_owned();
    while templates.iter().any(|template| template.name == name) {
        name = name.replace("_text", "_text_");
    }
    template(name, text)
}

/// Finds out what every file defines and imports.
fn program<'p>(
    chart: &'p Chart,
    sources: &[&'p Template],
    trees: &'p [Vec<Stmt<'p>>],
    errors: &mut Vec<Diagnostic>,
) -> Program<'p> {
    let prefixes = prefixes(&chart.metadata.name, sources);
    let mut files = Vec::new();
    for ((template, tree), prefix) in sources.iter().zip(trees).zip(prefixes) {
        let body: &[Stmt<'p>] = match tree.first() {
            Some(Stmt::Template(template)) => &template.children,
            _ => &[],
        };
        let macros = body.iter().filter_map(|statement| match statement {
            Stmt::Macro(macro_) => Some((macro_.name, macro_)),
            _ => None,
        });
        files.push(File {
            name: &template.name,
            source: &template.source,
            body,
            prefix,
            macros: macros.collect(),
            modules: BTreeMap::new(),
            imported: BTreeMap::new(),
        });
    }
    let names: BTreeMap<&str, usize> = sources
        .iter()
        .enumerate()
        .map(|(index, file)| (&*file.name, index))
        .collect();
    for file in &mut files {
        imports(file, &names, errors);
    }
    let schema = Schema::new(chart.schema.as_ref().map(|schema| &*schema.text));
    Program {
        chart: &chart.metadata.name,
        schema,
        files,
    }
}

/// Reads the imports at the top of a file.
fn imports(file: &mut File<'_>, names: &BTreeMap<&str, usize>, errors: &mut Vec<Diagnostic>) {
    let mut refuse = |span, message: String, help: &str| {
        let place = syntax::place(file.source, span);
        errors.push(Diagnostic::error("cannot-compile", message).at(place).help(help));
    };
    let find = |expr: &Expr<'_>| match expr {
        Expr::Const(name) => {
            let name = jinja::join(name.value.as_str().unwrap_or_default(), file.name);
            names.get(&*name).copied()
        }
        _ => None,
    };
    let unknown = "what is imported is not known before rendering";
    let literal = "import a template of this chart by its name as a text";
    for statement in file.body {
        match statement {
            Stmt::Import(import) => match (find(&import.expr), &import.name) {
                (Some(target), Expr::Var(name)) => {
                    file.modules.insert(name.id, target);
                }
                _ => refuse(import.span(), unknown.to_owned(), literal),
            },
            Stmt::FromImport(import) => {
                let Some(target) = find(&import.expr) else {
                    refuse(import.span(), unknown.to_owned(), literal);
                    continue;
                };
                for (name, alias) in &import.names {
                    if let (Expr::Var(name), Expr::Var(alias)) = (name, alias.as_ref().unwrap_or(name)) {
                        file.imported.insert(alias.id, (target, name.id));
                    }
                }
            }
            _ => {}
        }
    }
}

/// What the definitions of each file start with: chart and file, with as many folders as tell the files apart.
fn prefixes(chart: &str, sources: &[&Template]) -> Vec<String> {
    let steps: Vec<Vec<&str>> = sources
        .iter()
        .map(|template| {
            let name = template.name.strip_prefix("templates/").unwrap_or(&template.name);
            let name = name.strip_suffix(JINJA_SUFFIX).unwrap_or(name);
            let mut steps: Vec<&str> = name.split('/').collect();
            if let Some(base) = steps.last_mut() {
                let plain = base.trim_start_matches('_');
                *base = plain.split('.').next().unwrap_or(plain);
            }
            steps
        })
        .collect();
    let tail = |steps: &[&str], length: usize| steps[steps.len().saturating_sub(length)..].join(".");
    steps
        .iter()
        .enumerate()
        .map(|(index, own)| {
            let is_unique = |length: &usize| {
                let name = tail(own, *length);
                let mut others = steps.iter().enumerate().filter(|(other, _)| *other != index);
                others.all(|(_, other)| tail(other, *length) != name)
            };
            let length = (1..=own.len()).find(is_unique).unwrap_or(own.len());
            format!("{chart}.{}", tail(own, length))
        })
        .collect()
}

/// The Go template that a file becomes.
fn translate(program: &Program<'_>, file: usize, facts: &mut Facts, errors: &mut Vec<Diagnostic>) -> String {
    let this = &program.files[file];
    let header = format!("Compiled by runnerctl from {}: change it there.", this.name);
    let mut items = vec![Item::Comment(header)];
    let mut lifted = Vec::new();
    for statement in this.body {
        let Stmt::Macro(macro_) = statement else { continue };
        let definition = define(program, file, macro_, facts, errors, &mut lifted);
        if let Some(comment) = syntax::comment_before(this.source, macro_.span()) {
            let lines: Vec<&str> = comment.lines().map(str::trim).collect();
            items.push(Item::Comment(lines.join("\n")));
        }
        items.push(definition);
    }
    let mut unit = Unit::new(program, file, None, facts, errors);
    unit.enter(this.body);
    let mut body = Vec::new();
    let is_partial = is_partial(this.name);
    if !is_partial {
        unit.statements(this.body, &mut body);
    }
    lifted.append(&mut unit.lifted);
    items.append(&mut lifted);
    items.append(&mut body);
    layout::write(&items, is_partial)
}

/// The definition that a macro becomes.
fn define(
    program: &Program<'_>,
    file: usize,
    macro_: &Spanned<Macro<'_>>,
    facts: &mut Facts,
    errors: &mut Vec<Diagnostic>,
    lifted: &mut Vec<Item>,
) -> Item {
    let name = program.files[file].definition(macro_.name);
    let parameters: BTreeSet<String> = macro_
        .args
        .iter()
        .filter_map(calls::parameter_name)
        .map(str::to_owned)
        .collect();
    let mut unit = Unit::new(program, file, Some((name.clone(), parameters)), facts, errors);
    unit.enter(&macro_.body);
    let mut items = Vec::new();
    unit.statements(&macro_.body, &mut items);
    lifted.append(&mut unit.lifted);
    definition(&name, items)
}

fn definition(name: &str, items: Vec<Item>) -> Item {
    Item::Block(Block {
        kind: BlockKind::Define,
        branches: vec![(format!("define {}", code::quoted(name)), items)],
        indent: None,
    })
}

impl<'u, 'p> Unit<'u, 'p> {
    fn new(
        program: &'u Program<'p>,
        file: usize,
        macro_: Option<(String, BTreeSet<String>)>,
        facts: &'u mut Facts,
        errors: &'u mut Vec<Diagnostic>,
    ) -> Self {
        Self {
            program,
            facts,
            errors,
            file,
            macro_,
            frames: Vec::new(),
            counts: Vec::new(),
            moved: 0,
            narrowed: Vec::new(),
            before: Vec::new(),
            may_hoist: true,
            taken: BTreeSet::new(),
            lifted: Vec::new(),
            subject: None,
        }
    }

    /// Opens the outermost scope.
    fn enter(&mut self, body: &[Stmt<'_>]) {
        let mut counts = Counts::new();
        scope::count(body, &mut counts);
        self.taken.extend(counts.keys().cloned());
        self.counts.push(counts);
        self.frames.push(Frame {
            is_scope: true,
            ..Frame::default()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compiled(text: &str) -> Result<Chart, Vec<Diagnostic>> {
        let mut chart = Chart::default();
        "case".clone_into(&mut chart.metadata.name);
        chart
            .templates
            .push(template("templates/case.yaml.j2".to_owned(), text.to_owned()));
        compile(&chart)
    }

    #[test]
    fn long_expressions_are_compiled_and_endless_ones_refused() {
        let sum = |terms: usize| format!("{{{{ {} }}}}", vec!["1"; terms].join(" + "));
        assert!(compiled(&sum(4_000)).is_ok());
        let errors = compiled(&sum(100_000)).expect_err("a tag of 200 000 tokens is no expression");
        assert_eq!(errors[0].message, "the tag is too long");
    }

    #[test]
    fn blocks_nest_as_deep_as_jinja_allows() {
        let nested = |depth: usize| {
            let (open, close) = ("{% if Values.a %}\n".repeat(depth), "{% endif %}\n".repeat(depth));
            format!("{open}x\n{close}")
        };
        assert!(compiled(&nested(60)).is_ok());
    }
}
