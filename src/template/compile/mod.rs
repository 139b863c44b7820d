//! Owns compiling Jinja templates into Go templates that render to the same bytes, so that plain Helm installs the chart.
//!
//! Each file of this folder has one part: `syntax` the trees, `scope` names, `kinds` what is known about values, `code`
//! Go expressions, `expressions`, `operators`, `arithmetic`, `comparisons`, `slices`, `calls`, `statements`, `loops` and
//! `blocks` the translation, `texts` what becomes a definition, `dispatch` what is decided at run time, `layout` how the
//! result looks. Rendering is the engines' business: nothing here evaluates a template.
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

mod arithmetic;
mod blocks;
mod calls;
mod code;
mod comparisons;
mod dispatch;
mod expressions;
mod kinds;
mod layout;
mod loop_names;
mod loops;
mod operators;
mod results;
mod scope;
mod slices;
mod statements;
mod syntax;
mod texts;
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
    let mut is_settled = false;
    for round in 0..=ROUNDS {
        let known = facts.clone();
        errors.truncate(imports);
        texts = (0..program.files.len())
            .map(|file| translate(&program, file, &mut facts, &mut errors))
            .collect();
        if facts == known {
            if is_settled {
                break;
            }
            // Macros that are never called may be given anything.
            is_settled = true;
            facts.open(&program);
        }
        if round + 1 == ROUNDS {
            facts.parameters.values_mut().for_each(|ty| *ty = Type::any());
            is_settled = true;
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
    let texts: Vec<&str> = compiled.iter().map(|template| &*template.source.text).collect();
    if let Some(text) = dispatch::template(program.chart, &texts) {
        let mut name = "templates/_any.tpl".to_owned();
        while compiled.iter().any(|template| template.name == name) {
            name = name.replace("_any", "_any_");
        }
        compiled.push(template(name, text));
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
        let mut macros = BTreeMap::new();
        scope::each(body, &mut |statement| {
            let Stmt::Macro(found) = statement else { return };
            if macros.insert(found.name, found).is_some() {
                let place = syntax::place(&template.source, found.span());
                let message = format!("there are two macros `{}`", found.name);
                let help = "give one of them another name";
                errors.push(Diagnostic::error("cannot-compile", message).at(place).help(help));
            }
        });
        files.push(File {
            name: &template.name,
            source: &template.source,
            body,
            prefix,
            macros,
            free: BTreeSet::new(),
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
        file.free = free(file);
    }
    let schema = Schema::new(chart.schema.as_ref().map(|schema| &*schema.text), &chart.values);
    Program {
        chart: &chart.metadata.name,
        schema,
        files,
    }
}

/// The names that a file uses and neither sets nor finds.
fn free(file: &File<'_>) -> BTreeSet<String> {
    let mut counts = Counts::new();
    scope::count(file.body, &mut counts);
    let mut bound = BTreeSet::new();
    scope::each(file.body, &mut |statement| scope::bound_by(statement, &mut bound));
    let is_free = |name: &String| {
        let name = name.as_str();
        !bound.contains(name)
            && !expressions::ROOTS.contains(&name)
            && !["loop", "range", "caller", "super", "self"].contains(&name)
            && !file.macros.contains_key(name)
            && !file.modules.contains_key(name)
            && !file.imported.contains_key(name)
            && crate::template::functions::find(name).is_none()
    };
    counts.into_keys().filter(is_free).collect()
}

/// Reads the imports of a file.
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
    let body = file.body;
    let (mut modules, mut imported) = (BTreeMap::new(), BTreeMap::new());
    scope::each(body, &mut |statement| match statement {
        Stmt::Import(import) => match (find(&import.expr), &import.name) {
            (Some(target), Expr::Var(name)) => {
                if *modules.entry(name.id).or_insert(target) != target {
                    refuse(
                        import.span(),
                        format!("`{}` stands for two files", name.id),
                        "give one another name",
                    );
                }
            }
            _ => refuse(import.span(), unknown.to_owned(), literal),
        },
        Stmt::FromImport(import) => {
            let Some(target) = find(&import.expr) else {
                refuse(import.span(), unknown.to_owned(), literal);
                return;
            };
            for (name, alias) in &import.names {
                if let (Expr::Var(name), Expr::Var(alias)) = (name, alias.as_ref().unwrap_or(name)) {
                    let own = (target, name.id);
                    if *imported.entry(alias.id).or_insert(own) != own {
                        let message = format!("`{}` is imported twice", alias.id);
                        refuse(import.span(), message, "give one another name with `as`");
                    }
                }
            }
        }
        _ => {}
    });
    (file.modules, file.imported) = (modules, imported);
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
    scope::each(this.body, &mut |statement| {
        let Stmt::Macro(macro_) = statement else { return };
        let definition = define(program, file, macro_, facts, errors, &mut lifted);
        for comment in syntax::comments_before(this.source, statement) {
            let lines: Vec<&str> = comment.lines().map(str::trim).collect();
            items.push(Item::Comment(lines.join("\n")));
        }
        items.push(definition);
    });
    let is_partial = is_partial(this.name);
    let is_included = facts.included.contains(&file);
    let mut body = Vec::new();
    if is_included || !is_partial {
        let macro_ = is_included.then(|| (this.prefix.clone(), this.free.clone()));
        let mut unit = Unit::new(program, file, macro_, facts, errors);
        unit.file_body(&mut body);
        lifted.append(&mut unit.lifted);
        let mut prelude = unit.prelude;
        body.splice(0..0, prelude.drain(..));
    }
    if is_included {
        items.push(definition(&this.prefix, body));
        body = Vec::new();
        if !is_partial {
            let dot = if this.free.is_empty() {
                "."
            } else {
                "(dict \"root\" $)"
            };
            body.push(Item::Print {
                code: format!("include {} {dot}", code::quoted(&this.prefix)),
                own_line: None,
            });
        }
    }
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
    let parameters = calls::parameters(macro_);
    let mut unit = Unit::new(program, file, Some((name.clone(), parameters)), facts, errors);
    unit.enter(&macro_.body);
    let mut items = Vec::new();
    unit.defaults(macro_, &mut items);
    unit.statements(&macro_.body, &mut items);
    lifted.append(&mut unit.lifted);
    let mut all = unit.prelude;
    all.append(&mut items);
    definition(&name, all)
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
            prelude: Vec::new(),
            is_outside: false,
            blocks: BTreeMap::new(),
            block: None,
            moved: 0,
            narrowed: Vec::new(),
            before: Vec::new(),
            may_hoist: true,
            taken: BTreeSet::new(),
            fresh: Vec::new(),
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
        self.frames.push(Frame::scope());
    }

    /// Defaults of parameters that are no literals: calculated where the argument is missing.
    fn defaults(&mut self, macro_: &Macro<'_>, out: &mut Vec<Item>) {
        let without = macro_.args.len() - macro_.defaults.len();
        for (parameter, default) in macro_.args[without..].iter().zip(&macro_.defaults) {
            let Some(name) = calls::parameter_name(parameter) else {
                continue;
            };
            let Some(given) = self.parameter(name).filter(|_| default.as_const().is_none()) else {
                continue;
            };
            let code = self.expression(default);
            let mut items = std::mem::take(&mut self.before);
            let (go, operator) = self.declare(name, &given.ty.union(&code.ty));
            out.push(Item::silent(format!("{go} {operator} {}", given.text), None));
            items.push(Item::silent(
                format!("{go} = {}", expressions::value(&code)),
                None,
            ));
            out.push(Item::Block(Block {
                kind: BlockKind::If,
                branches: vec![(format!("if not (hasKey . {})", code::quoted(name)), items)],
                indent: None,
            }));
        }
    }
}

#[cfg(test)]
mod random;

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
