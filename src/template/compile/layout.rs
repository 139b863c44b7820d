//! Owns how compiled templates look: which actions stand on lines of their own, where white space is trimmed, how long
//! actions are broken.
//!
//! The rendered bytes never depend on it. An action on a line of its own trims the line break before it (`{{-`), which is
//! then written behind it: this is done where every way through the template meets the line break exactly once, which
//! [`Writer::exit`] decides.

use super::code::{BREAK, flat};
use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;
use std::mem;

/// The indentation of an action that stands first on a line of the source; None for others.
pub(super) type Indent = Option<String>;

/// A part of a compiled template.
#[derive(Debug)]
pub(super) enum Item {
    /// A text to be printed as it is.
    Text(String),
    /// An action that prints.
    Print {
        code: String,
        /// The indentation if the source has it first on a line, with the white space before it trimmed.
        own_line: Indent,
    },
    /// An action that prints nothing.
    Silent { code: String, indent: Indent },
    /// A comment on lines of its own, before a definition or a file.
    Comment(String),
    /// A comment among statements.
    Remark(String),
    /// `if`, `range`, `with` or `define` up to its `end`.
    Block(Block),
}

impl Item {
    /// An action that prints nothing.
    pub(super) fn silent(code: String, indent: Indent) -> Self {
        Self::Silent { code, indent }
    }
}

/// Whether an action among the items uses the operand.
pub(super) fn mentions(items: &[Item], operand: &str) -> bool {
    let uses = |code: &str| {
        code.match_indices(operand).any(|(at, _)| {
            let behind = code[at + operand.len()..].chars().next();
            !behind.is_some_and(|next| next == '_' || next.is_alphanumeric())
        })
    };
    items.iter().any(|item| match item {
        Item::Text(_) | Item::Comment(_) | Item::Remark(_) => false,
        Item::Print { code, .. } | Item::Silent { code, .. } => uses(code),
        Item::Block(block) => {
            let mut branches = block.branches.iter();
            branches.any(|(header, items)| uses(header) || mentions(items, operand))
        }
    })
}

/// An action with an `end`.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) kind: BlockKind,
    /// The opening action, then each `else`, with what they hold.
    pub(super) branches: Vec<(String, Vec<Item>)>,
    pub(super) indent: Indent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlockKind {
    If,
    Range,
    Define,
}

impl Block {
    /// Whether one of the branches is always taken.
    fn is_total(&self) -> bool {
        self.branches.last().is_some_and(|(header, _)| header == "else")
    }
}

/// The template's text. What a partial renders itself does not matter.
pub(super) fn write(items: &[Item], is_partial: bool) -> String {
    let mut writer = Writer {
        at_start: true,
        ..Writer::default()
    };
    writer.items(items);
    let rest = mem::take(&mut writer.pending);
    writer.text(&rest);
    writer.close();
    if !writer.out.ends_with('\n') && writer.ends_with_action {
        // Nothing is printed after the last action: its line ends without being rendered.
        match writer.out.strip_suffix(" }}") {
            Some(open) if !is_partial => writer.out = format!("{open} -}}}}\n"),
            _ if is_partial => writer.out.push('\n'),
            _ => {}
        }
    }
    writer.out
}

/// What decides about the layout of a block and may be asked more than once.
type Question = (usize, String);

/// What is written but for its closing delimiter, which depends on what follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Open {
    #[default]
    Nothing,
    Action,
    Comment,
}

#[derive(Default)]
struct Writer {
    out: String,
    /// White space that is to be printed next: it stood before an action that trims it.
    pending: String,
    /// Whether the last action stands on a line of its own and is not closed yet.
    open: Open,
    after_comment: bool,
    /// Whether nothing has been written.
    at_start: bool,
    ends_with_action: bool,
    answers: BTreeMap<Question, Option<String>>,
}

impl Writer {
    fn items(&mut self, items: &[Item]) {
        let mut items = items.iter().peekable();
        let mut text = String::new();
        loop {
            while let Some(Item::Text(more)) = items.peek() {
                text.push_str(more);
                items.next();
            }
            text.insert_str(0, &mem::take(&mut self.pending));
            let Some(item) = items.next() else { break };
            let text = mem::take(&mut text);
            match item {
                Item::Text(_) => {}
                Item::Print { code, own_line } => self.print(&text, code, own_line.as_deref()),
                Item::Silent { code, indent } => self.silent(&text, code, indent.as_deref()),
                Item::Comment(comment) => self.comment(comment),
                Item::Remark(remark) => self.remark(&text, remark),
                Item::Block(block) => self.block(&text, block),
            }
        }
        // What the block's end does with white space is its own decision.
        let (printed, blank) = split(&text);
        self.text(printed);
        blank.clone_into(&mut self.pending);
    }

    /// Writes a text that is printed as it is.
    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if text.starts_with(char::is_whitespace) {
            self.close();
        } else {
            self.close_and_trim();
        }
        self.at_start = false;
        self.ends_with_action = false;
        let mut rest = text;
        while let Some(at) = rest.find("{{") {
            self.out.push_str(&rest[..at]);
            self.out.push_str("{{ \"{{\" }}");
            rest = &rest[at + 2..];
        }
        match rest.strip_suffix('{') {
            // Before an action it would be part of its delimiter.
            Some(before) => {
                self.out.push_str(before);
                self.out.push_str("{{ \"{\" }}");
            }
            None => self.out.push_str(rest),
        }
    }

    fn push(&mut self, text: fmt::Arguments<'_>) {
        self.out.write_fmt(text).expect("writing to a string succeeds");
    }

    /// Ends an action on a line of its own.
    fn close(&mut self) {
        let is_broken = self.out.ends_with(char::is_whitespace);
        self.out.push_str(match mem::take(&mut self.open) {
            Open::Nothing => "",
            Open::Action if !is_broken => " }}",
            Open::Action | Open::Comment => "}}",
        });
    }

    /// The same before something that begins in a new line, which is not rendered.
    fn close_and_trim(&mut self) {
        if mem::take(&mut self.open) != Open::Nothing {
            let is_broken = self.out.ends_with(char::is_whitespace);
            self.out.push_str(if is_broken { "-}}\n" } else { " -}}\n" });
        }
    }

    fn print(&mut self, text: &str, code: &str, own_line: Option<&str>) {
        self.text(text);
        match own_line {
            Some(indent)
                if !self.at_start && !text.ends_with(char::is_whitespace) && !self.out.is_empty() =>
            {
                self.close();
                let action = broken(code, indent);
                self.push(format_args!("\n{indent}{{{{- {action} }}}}"));
            }
            _ => {
                self.close_and_trim();
                self.push(format_args!("{{{{ {} }}}}", flat(code)));
            }
        }
        self.at_start = false;
        self.ends_with_action = true;
    }

    /// Whether an action between `text` and what follows may stand on a line of its own.
    fn has_own_line(&self, text: &str, indent: Option<&str>) -> bool {
        let follows_action = text.is_empty() && (self.open != Open::Nothing || self.at_start);
        let blank = split(text).1;
        blank.contains('\n') || blank.is_empty() && (follows_action || indent.is_some())
    }

    /// Writes an action on a line of its own and keeps the white space that it trims.
    fn own_line(&mut self, text: &str, code: &str, indent: &str) {
        let (printed, blank) = split(text);
        self.text(printed);
        blank.clone_into(&mut self.pending);
        self.close();
        if !self.at_start {
            self.out.push('\n');
        }
        self.at_start = false;
        let action = broken(code, indent);
        self.push(format_args!("{indent}{{{{- {action}"));
        self.open = Open::Action;
        self.after_comment = false;
        self.ends_with_action = true;
    }

    fn inline(&mut self, text: &str, code: &str) {
        self.text(text);
        self.close_and_trim();
        self.at_start = false;
        self.ends_with_action = true;
        self.push(format_args!("{{{{ {} }}}}", flat(code)));
    }

    fn silent(&mut self, text: &str, code: &str, indent: Option<&str>) {
        let follows_text = !text.is_empty() && !text.ends_with(char::is_whitespace);
        if self.has_own_line(text, indent) || follows_text {
            self.own_line(text, code, indent.unwrap_or_default());
        } else {
            self.inline(text, code);
        }
    }

    fn block(&mut self, text: &str, block: &Block) {
        if block.kind == BlockKind::Define {
            return self.define(block);
        }
        let (_, blank) = split(text);
        let indent = block.indent.as_deref();
        let has_own_line = self.has_own_line(text, indent);
        let indent = indent.unwrap_or_default();
        let exit = if has_own_line {
            self.exit(block, blank)
        } else {
            None
        };
        match exit {
            Some(exit) => {
                for (index, (header, items)) in block.branches.iter().enumerate() {
                    if index == 0 {
                        self.own_line(text, header, indent);
                    } else {
                        self.own_line("", header, indent);
                    }
                    blank.clone_into(&mut self.pending);
                    self.items(items);
                }
                self.own_line("", "end", indent);
                self.pending = exit;
            }
            None if has_own_line => self.loose_block(text, block),
            None => self.inline_block(text, block),
        }
    }

    /// Every branch prints all of its white space, and the actions begin lines without trimming them.
    fn loose_block(&mut self, text: &str, block: &Block) {
        let mut before = text.to_owned();
        let indent = block.indent.as_deref().unwrap_or_default();
        for (header, items) in &block.branches {
            self.begin_line(&before, header, indent);
            self.items(items);
            before = mem::take(&mut self.pending);
        }
        self.begin_line(&before, "end", indent);
    }

    fn begin_line(&mut self, text: &str, code: &str, indent: &str) {
        if text.ends_with(char::is_whitespace) {
            self.text(text);
            self.push(format_args!("{{{{ {code}"));
            self.open = Open::Action;
            self.after_comment = false;
            self.ends_with_action = true;
        } else {
            self.own_line(text, code, indent);
        }
    }

    /// Every branch prints all of its white space.
    fn inline_block(&mut self, text: &str, block: &Block) {
        let mut before = text.to_owned();
        for (header, items) in &block.branches {
            self.inline(&before, header);
            self.items(items);
            before = mem::take(&mut self.pending);
        }
        self.inline(&before, "end");
    }

    /// A definition prints nothing, so that nothing stands before it.
    fn define(&mut self, block: &Block) {
        for (header, items) in &block.branches {
            if !self.after_comment {
                self.blank_line();
            }
            self.own_line("", header, "");
            self.items(items);
        }
        let rest = mem::take(&mut self.pending);
        self.begin_line(&rest, "end", "");
    }

    fn blank_line(&mut self) {
        self.close();
        if !self.at_start {
            self.out.push('\n');
        }
    }

    fn comment(&mut self, comment: &str) {
        self.blank_line();
        let comment = comment.replace("*/", "* /");
        self.own_line("", &format!("/*\n{comment}\n*/"), "");
        self.open = Open::Comment;
        self.after_comment = true;
    }

    /// A comment on lines of its own; one inside of a line is left out.
    fn remark(&mut self, text: &str, remark: &str) {
        if !self.has_own_line(text, None) {
            text.clone_into(&mut self.pending);
            return;
        }
        let remark = remark.replace("*/", "* /");
        let code = if remark.contains('\n') {
            format!("/*\n{remark}\n*/")
        } else {
            format!("/* {remark} */")
        };
        self.own_line(text, &code, "");
        self.open = Open::Comment;
    }

    /// The white space that is pending after the block if it is entered with `blank` and its actions stand on lines of
    /// their own; None if that depends on the way through the block.
    fn exit(&mut self, block: &Block, blank: &str) -> Option<String> {
        let question = (std::ptr::from_ref(block).addr(), blank.to_owned());
        if let Some(answer) = self.answers.get(&question) {
            return answer.clone();
        }
        let mut exits = Vec::new();
        for (_, items) in &block.branches {
            let mut trial = Self {
                pending: blank.to_owned(),
                open: Open::Action,
                answers: mem::take(&mut self.answers),
                ..Self::default()
            };
            trial.items(items);
            exits.push(mem::take(&mut trial.pending));
            self.answers = trial.answers;
        }
        if !block.is_total() || block.kind == BlockKind::Range {
            exits.push(blank.to_owned());
        }
        let first = exits.first().cloned();
        let answer = first.filter(|first| exits.iter().all(|exit| exit == first));
        self.answers.insert(question, answer.clone());
        answer
    }
}

/// A text and the white space at its end.
fn split(text: &str) -> (&str, &str) {
    text.split_at(text.trim_end_matches([' ', '\t', '\n', '\r']).len())
}

/// Actions are broken into lines when they are longer.
const WIDTH: usize = 100;

/// The action, over several lines if it is long and can be broken.
fn broken(code: &str, indent: &str) -> String {
    let is_long = indent.len() + code.chars().count() > WIDTH && !code.contains("/*");
    if !is_long || !code.contains(BREAK) {
        return flat(code);
    }
    let separator = format!("\n{indent}  ");
    let lines: Vec<&str> = code.split(BREAK).collect();
    format!("{}\n{indent}", lines.join(&separator))
}
