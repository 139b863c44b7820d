//! Owns executing templates: nodes, variables, `include`, `template` and `tpl`, and the limits of all that.
//!
//! Pipelines and operands are evaluated in `eval.rs`, calls in `call.rs`; what went wrong is worded in `failure.rs`.

use super::ast::{Branch, List, Node, Pipe, Span, TemplateCall, Tree};
use super::code::{Code, Id};
use super::failure::{self, At, Failure, Outcome};
use super::rounded::Rounded;
use super::templates::{Scope, Templates};
use super::texts::Texts;
use crate::source::TextMap;
use crate::template::functions::{self, Context};
use crate::template::{OUTPUT_LIMIT, STACK, format};
use crate::yaml::{self, List as Items, Value};
use memchr::memmem;
use std::sync::Arc;

/// What Go's reflect.Value holds: `None` is no value at all, `Some(Null)` a nil that stands in a map or list.
///
/// Reading a field of the former gives no value again; of the latter it is an error. A pipeline turns the latter
/// into the former.
pub(super) type Operand = Option<Value>;

/// What a template prints where there is no value. Helm takes it away from what it renders.
pub(super) const NO_VALUE: &str = "<no value>";

/// How often one name may be included within itself, as in Helm.
const INCLUDES: usize = 1000;

/// How deeply `template` may nest, as in Go.
const TEMPLATES: usize = 100_000;

/// How deeply `tpl` may nest; Helm dies of its stack a good deal later.
const TEXTS: usize = 1000;

/// How many iterations and calls one rendering of a chart may take: minutes of work for Helm.
const STEPS: u64 = 50_000_000;

/// How many bytes that a function made cost as much as one step.
const BYTES: usize = 256;

/// How many bytes an item of a list counts as.
const ITEM: usize = 16;

/// What is kept free of the stack for functions and messages.
const STACK_RESERVE: usize = 24 << 20;

/// Where a list of nodes leaves to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Next,
    Break,
    Continue,
}

/// A template being executed: its tree, and where its variables begin.
#[derive(Clone, Copy)]
pub(super) struct Frame<'t> {
    pub(super) tree: &'t Tree,
    base: usize,
}

impl<'t> Frame<'t> {
    /// The nodes of the template's text.
    pub(super) fn code(self) -> &'t Code {
        &self.tree.code
    }

    /// What stands somewhere in the template.
    pub(super) fn written(self, span: Span) -> &'t str {
        span.text(&self.tree.source)
    }

    /// A place in the template.
    pub(super) fn at(self, span: Span) -> At<'t> {
        At {
            source: &self.tree.source,
            span,
        }
    }
}

/// Executes the templates of one rendering of a chart, one after the other.
pub(super) struct Executor<'r> {
    pub(super) templates: &'r Templates,
    pub(super) context: &'r Context,
    /// The templates that the texts of the running `tpl`s define.
    pub(super) scope: Scope,
    /// The texts that `tpl` has parsed.
    pub(super) texts: Texts,
    /// Strings of templates that became values before.
    pub(super) shared: yaml::Texts,
    out: String,
    variables: Vec<Operand>,
    /// Arguments of the calls under way.
    pub(super) stack: Vec<Value>,
    /// The names being included.
    includes: Vec<Arc<str>>,
    /// How many `tpl`s are under way.
    evaluations: usize,
    /// How deep `template` has nested since the last `include`.
    depth: usize,
    steps: u64,
    /// The lowest address that the stack may reach.
    floor: usize,
    map: TextMap,
    pub(super) rounded: Rounded,
}

impl<'r> Executor<'r> {
    /// An executor for the thread that it is made on, whose stack has the size that rendering asks for.
    pub(super) fn new(templates: &'r Templates, context: &'r Context) -> Self {
        Self {
            templates,
            context,
            scope: Scope::default(),
            texts: Texts::default(),
            shared: yaml::Texts::new(),
            out: String::new(),
            variables: Vec::new(),
            stack: Vec::new(),
            includes: Vec::new(),
            evaluations: 0,
            depth: 0,
            steps: 0,
            floor: stack_pointer().saturating_sub(STACK - STACK_RESERVE),
            map: TextMap::default(),
            rounded: Rounded::default(),
        }
    }

    /// An executor for a text within a template of another language, which has used a part of the stack and leaves
    /// as many steps.
    pub(super) fn within(templates: &'r Templates, context: &'r Context, steps: u64) -> Self {
        let whole = Self::new(templates, context);
        Self {
            steps: STEPS.saturating_sub(steps),
            floor: stack_pointer().saturating_sub(STACK / 2),
            ..whole
        }
    }

    /// How many steps are left.
    pub(super) fn steps_left(&self) -> u64 {
        STEPS.saturating_sub(self.steps)
    }

    /// The text of a template, with where its parts come from.
    pub(super) fn render(&mut self, tree: &Tree, dot: Value) -> Outcome<(String, TextMap)> {
        self.out.clear();
        self.variables.clear();
        self.stack.clear();
        self.includes.clear();
        self.scope = Scope::default();
        self.map.clear();
        (self.evaluations, self.depth) = (0, 0);
        self.execute(tree, &Some(dot))?;
        // Copies have just the size that they need, and the next template is written where this one was.
        Ok(without_no_value(self.out.clone(), self.map.clone()))
    }

    /// Writes what a template makes of `dot`.
    fn execute(&mut self, tree: &Tree, dot: &Operand) -> Outcome<()> {
        let base = self.variables.len();
        self.variables.resize(base + tree.slots.max(1) as usize, None);
        self.variables[base].clone_from(dot);
        let frame = Frame { tree, base };
        self.walk(frame, dot, tree.root)?;
        self.variables.truncate(base);
        Ok(())
    }

    /// Go's `walk`.
    fn walk(&mut self, frame: Frame<'_>, dot: &Operand, list: List) -> Outcome<Flow> {
        let code = frame.code();
        for node in &code[list] {
            let mut flow = Flow::Next;
            match *node {
                Node::Text(span) => {
                    self.out.push_str(frame.written(span));
                    self.mark(frame, span);
                }
                Node::Quoted(span) => {
                    self.out.push_str(frame.written(span.within(1, 1)));
                    self.mark(frame, span);
                }
                Node::Action(pipe) => self.action(frame, dot, pipe)?,
                Node::If(branch) => {
                    let branch = &code[branch];
                    let value = self.pipeline(frame, dot, branch.pipe)?;
                    flow = self.branch(frame, dot, branch, is_true(&value).then_some(dot))?;
                }
                Node::With(branch) => {
                    let branch = &code[branch];
                    let value = self.pipeline(frame, dot, branch.pipe)?;
                    flow = self.branch(frame, dot, branch, is_true(&value).then_some(&value))?;
                }
                Node::Range(branch) => flow = self.range(frame, dot, &code[branch])?,
                Node::Template(call) => self.template(frame, dot, &code[call])?,
                Node::Break => flow = Flow::Break,
                Node::Continue => flow = Flow::Continue,
            }
            if flow != Flow::Next {
                return Ok(flow);
            }
            if self.out.len() > OUTPUT_LIMIT {
                return Err(failure::too_large(frame.tree));
            }
        }
        Ok(Flow::Next)
    }

    /// What an action prints, if it prints.
    fn action(&mut self, frame: Frame<'_>, dot: &Operand, pipe: Id<Pipe>) -> Outcome<()> {
        // An action may be part of what another prints.
        let outer = format::take_rounded();
        let value = self.pipeline(frame, dot, pipe)?;
        let pipe = &frame.code()[pipe];
        if pipe.variables.is_empty() {
            let start = self.out.len();
            self.print(&value);
            self.mark(frame, pipe.span);
            if let Some(number) = format::take_rounded() {
                self.rounded.note(frame.at(pipe.span), number, &self.out[start..]);
            }
        }
        format::put_rounded(outer);
        Ok(())
    }

    /// The list of a branch that is taken, with its dot, or else the other one.
    fn branch(
        &mut self,
        frame: Frame<'_>,
        dot: &Operand,
        branch: &Branch,
        taken: Option<&Operand>,
    ) -> Outcome<Flow> {
        match taken {
            Some(dot) => self.block(frame, dot, branch, branch.list),
            None => self.otherwise(frame, dot, branch),
        }
    }

    fn otherwise(&mut self, frame: Frame<'_>, dot: &Operand, branch: &Branch) -> Outcome<Flow> {
        match branch.otherwise {
            Some(list) => self.block(frame, dot, branch, list),
            None => Ok(Flow::Next),
        }
    }

    /// A list of nodes below others: what can nest, and so needs stack.
    fn block(&mut self, frame: Frame<'_>, dot: &Operand, branch: &Branch, list: List) -> Outcome<Flow> {
        self.check_stack(frame.at(branch.span))?;
        self.walk(frame, dot, list)
    }

    /// Go's `walkRange`.
    fn range(&mut self, frame: Frame<'_>, dot: &Operand, branch: &Branch) -> Outcome<Flow> {
        let value = self.pipeline(frame, dot, branch.pipe)?;
        let place = frame.at(frame.code()[branch.pipe].span);
        match &value {
            Some(Value::List(list)) if !list.is_empty() => return self.range_list(frame, branch, list),
            Some(Value::Map(map)) if !map.is_empty() => {
                // As in Go, changes that the body makes to the map are not seen.
                let entries: Vec<_> = map
                    .read()
                    .iter()
                    .map(|(key, slot)| (Arc::clone(key), slot.value.clone()))
                    .collect();
                let entries = entries.into_iter();
                return self.range_over(
                    frame,
                    branch,
                    entries.map(|(key, value)| (Value::String(key), value)),
                );
            }
            None | Some(Value::Null | Value::List(_) | Value::Map(_)) => {}
            Some(Value::Object(object)) => match object.entries() {
                Some(entries) if entries.is_empty() => {}
                Some(entries) => return self.range_over(frame, branch, entries.into_iter()),
                None => return Err(failure::no_range(place, value.as_ref())),
            },
            Some(_) => return Err(failure::no_range(place, value.as_ref())),
        }
        self.otherwise(frame, dot, branch)
    }

    fn range_list(&mut self, frame: Frame<'_>, branch: &Branch, list: &Items) -> Outcome<Flow> {
        let mut index = 0;
        let items = std::iter::from_fn(|| {
            let item = list.get(index)?;
            let number = i64::try_from(index).unwrap_or(i64::MAX);
            index += 1;
            Some((Value::Number(crate::yaml::Number::Int(number)), item))
        });
        self.range_over(frame, branch, items.take(list.len()))
    }

    fn range_over(
        &mut self,
        frame: Frame<'_>,
        branch: &Branch,
        entries: impl Iterator<Item = (Value, Value)>,
    ) -> Outcome<Flow> {
        let code = frame.code();
        let variables = &code[code[branch.pipe].variables];
        for (key, value) in entries {
            self.spend(frame.at(branch.span), 1)?;
            let value = Some(value);
            match variables {
                [] => {}
                [item] => self.assign(frame, item, value.clone())?,
                [index, item, ..] => {
                    self.assign(frame, index, Some(key))?;
                    self.assign(frame, item, value.clone())?;
                }
            }
            match self.block(frame, &value, branch, branch.list)? {
                Flow::Break => break,
                Flow::Next | Flow::Continue => {}
            }
        }
        Ok(Flow::Next)
    }

    /// Go's `walkTemplate`: writes where it stands.
    fn template(&mut self, frame: Frame<'_>, dot: &Operand, call: &TemplateCall) -> Outcome<()> {
        let at = frame.at(call.name.span);
        let name = call.name.text(&frame.tree.source, frame.code());
        let Some(tree) = self.find(name) else {
            return Err(self.unknown_template(at, name));
        };
        if self.depth == TEMPLATES {
            return Err(failure::recursion(at, name));
        }
        let dot = match call.pipe {
            Some(pipe) => self.pipeline(frame, dot, pipe)?,
            None => None,
        };
        self.spend(at, 1)?;
        self.check_stack(at)?;
        self.depth += 1;
        let result = self.execute(&tree, &dot);
        self.depth -= 1;
        result.map_err(|error| error.traced("called", at))
    }

    /// Helm's `include`: the text of a template.
    pub(super) fn include(&mut self, at: At<'_>, name: &Arc<str>, dot: &Operand) -> Outcome<Value> {
        let Some(tree) = self.find(name) else {
            return Err(self.unknown_template(at, name));
        };
        // No name can be under way more often than all names together.
        let is_deep = self.includes.len() > INCLUDES;
        if is_deep && self.includes.iter().filter(|other| *other == name).count() > INCLUDES {
            return Err(failure::recursion(at, name));
        }
        self.includes.push(Arc::clone(name));
        let text = self.captured(at, &tree, dot, "included");
        self.includes.pop();
        Ok(Value::String(text?))
    }

    /// Helm's `tpl`: the text that `text` makes as a template.
    pub(super) fn evaluate(&mut self, at: At<'_>, text: &Arc<str>, dot: &Operand) -> Outcome<Value> {
        if !text.contains("{{") {
            if text.contains(NO_VALUE) {
                return Ok(text.replace(NO_VALUE, "").into());
            }
            return Ok(Value::String(Arc::clone(text)));
        }
        if self.evaluations == TEXTS {
            return Err(failure::too_deep(at));
        }
        let parsed = self
            .texts
            .parse(text)
            .map_err(|error| failure::unreadable_text(error, at))?;
        let outer = self.scope.clone();
        self.scope = outer.with(&parsed);
        self.evaluations += 1;
        let rendered = self.captured(at, parsed.main(), dot, "evaluated by `tpl`");
        self.evaluations -= 1;
        self.scope = outer;
        let rendered = rendered?;
        Ok(if rendered.contains(NO_VALUE) {
            rendered.replace(NO_VALUE, "").into()
        } else {
            Value::String(rendered)
        })
    }

    /// What a template writes, taken back from the output.
    fn captured(&mut self, at: At<'_>, tree: &Tree, dot: &Operand, how: &str) -> Outcome<Captured> {
        self.spend(at, 1)?;
        self.check_stack(at)?;
        let start = self.out.len();
        let depth = std::mem::take(&mut self.depth);
        let result = self.execute(tree, dot);
        self.depth = depth;
        result.map_err(|error| error.traced(how, at))?;
        let text = Arc::from(&self.out[start..]);
        self.out.truncate(start);
        Ok(text)
    }

    /// The template of this name: one of the texts being evaluated, or one of the charts.
    fn find(&self, name: &str) -> Option<Arc<Tree>> {
        self.scope.find(name, self.templates).cloned()
    }

    fn unknown_template(&self, at: At<'_>, name: &str) -> Failure {
        failure::unknown_template(at, name, self.scope.names().chain(self.templates.names()))
    }

    /// Prints as Go's `printValue`.
    fn print(&mut self, value: &Operand) {
        match value {
            None => self.out.push_str(NO_VALUE),
            Some(Value::String(text)) => self.out.push_str(text),
            Some(Value::Object(object)) => self.out.push_str(&object.print_alone()),
            Some(value) => format::write(&mut self.out, value, self.context.integers),
        }
    }

    /// Notes where what was just written comes from; texts of includes come from where they are printed.
    fn mark(&mut self, frame: Frame<'_>, span: Span) {
        if self.includes.is_empty() && self.evaluations == 0 {
            self.map
                .push(self.out.len(), &frame.tree.source, span.start..span.end);
        }
    }

    /// The value of a variable.
    pub(super) fn variable(&self, frame: Frame<'_>, slot: u32) -> &Operand {
        &self.variables[frame.base + slot as usize]
    }

    /// Gives a variable its value.
    pub(super) fn set(&mut self, frame: Frame<'_>, slot: u32, value: Operand) {
        self.variables[frame.base + slot as usize] = value;
    }

    /// Accounts for work.
    pub(super) fn spend(&mut self, at: At<'_>, steps: u64) -> Outcome<()> {
        self.steps += steps;
        if self.steps > STEPS {
            return Err(failure::too_long(at));
        }
        Ok(())
    }

    /// Accounts for a call and for what it made, which must not be too large.
    pub(super) fn spend_on(&mut self, at: At<'_>, result: &Value) -> Outcome<()> {
        let bytes = match result {
            Value::String(text) => text.len(),
            Value::List(list) => list.len() * ITEM,
            _ => 0,
        };
        if bytes > functions::LIMIT {
            return Err(failure::too_much(at));
        }
        self.spend(at, 1 + (bytes / BYTES) as u64)
    }

    fn check_stack(&self, at: At<'_>) -> Outcome<()> {
        if stack_pointer() < self.floor {
            return Err(failure::too_deep(at));
        }
        Ok(())
    }
}

/// Text on its way into a value.
type Captured = Arc<str>;

/// Go's truth.
pub(super) fn is_true(value: &Operand) -> bool {
    value.as_ref().is_some_and(Value::is_true)
}

/// About how far down the stack is used.
fn stack_pointer() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(&here) as usize
}

/// Helm's removal of what stands for no value; the map moves with the text.
fn without_no_value(text: String, mut map: TextMap) -> (String, TextMap) {
    if memmem::find(text.as_bytes(), NO_VALUE.as_bytes()).is_none() {
        return (text, map);
    }
    let found: Vec<usize> = text.match_indices(NO_VALUE).map(|(offset, _)| offset).collect();
    map.cut(&found, NO_VALUE.len());
    (text.replace(NO_VALUE, ""), map)
}
