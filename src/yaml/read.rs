//! Owns reading: the parser's events become values with places, within limits.
//!
//! It resolves no scalar and words no syntax error: `scalar` and `syntax` do.

use super::anchor::{Anchors, Known};
use super::gather::Gathered;
use super::number::Number;
use super::parser::{Event, EventKind, Events, Mark, ScalarEvent};
use super::scalar;
use super::syntax;
use super::texts::Texts;
use super::value::{Entries, List, Map, Slot, Value};
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};
use std::sync::Arc;

/// The longest text that is read. A cluster stores no object of a fiftieth of it.
pub const MAX_BYTES: usize = 32 << 20;
/// The deepest nesting that is read, so that no walk over a value can exhaust the stack.
pub const MAX_DEPTH: usize = 500;
/// The most keys, items and scalars in one text, copies by aliases included; it bounds memory.
const MAX_NODES: u64 = 5_000_000;
/// More findings than this in one file help no one.
const MAX_FINDINGS: usize = 20;

/// One document of a text.
#[derive(Clone, Debug)]
pub struct Document {
    /// What it holds; null if it is empty.
    pub value: Value,
    /// Where its content starts.
    pub place: Place,
    /// Keys that are written twice in one map. Helm takes the last one in silence.
    pub warnings: Vec<Diagnostic>,
}

/// Reads the first document as Helm reads values files: later documents are not even parsed.
pub fn read(source: &Arc<Source>) -> Result<Value, Vec<Diagnostic>> {
    read_document(source).map(|document| document.value)
}

/// Reads the first document, and tells of duplicate keys.
pub fn read_document(source: &Arc<Source>) -> Result<Document, Vec<Diagnostic>> {
    let mut reader = Reader::new(source)?;
    let document = reader.document()?;
    Ok(document.unwrap_or_else(|| Document {
        value: Value::Null,
        place: Place::whole(source),
        warnings: Vec::new(),
    }))
}

/// Reads all documents; a document without content is null.
pub fn read_all(source: &Arc<Source>) -> Result<Vec<Document>, Vec<Diagnostic>> {
    let mut reader = Reader::new(source)?;
    let mut documents = Vec::new();
    while let Some(document) = reader.document()? {
        documents.push(document);
    }
    Ok(documents)
}

/// A node that is complete.
struct Node {
    value: Value,
    at: Mark,
    /// Whether an alias stands for it.
    alias: bool,
    /// How many levels of lists and maps it has.
    height: usize,
}

/// A list or map that is still open.
enum Frame {
    List(Vec<Slot>),
    Map {
        entries: Gathered,
        pending: Pending,
        /// Whether it has a `<<`, so that a key may be set again on purpose.
        merged: bool,
    },
}

/// What an open map waits for.
enum Pending {
    Key,
    Value(Arc<str>, Mark),
    /// The value of `<<`.
    Merge,
}

struct Open {
    frame: Frame,
    at: Mark,
    anchor: Option<usize>,
    /// The height of the highest child so far.
    height: usize,
}

struct Reader<'a> {
    events: Events<'a>,
    source: &'a Arc<Source>,
    anchors: Anchors,
    open: Vec<Open>,
    texts: Texts,
    /// The document's root once it is complete.
    root: Option<Node>,
    findings: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
    most_nodes: u64,
}

impl<'a> Reader<'a> {
    fn new(source: &'a Arc<Source>) -> Result<Self, Vec<Diagnostic>> {
        if source.text.len() > MAX_BYTES {
            let message = format!(
                "`{}` is too large: {} MiB, at most {} MiB are read",
                source.name,
                source.text.len() >> 20,
                MAX_BYTES >> 20
            );
            return Err(vec![
                Diagnostic::error("yaml-too-large", message)
                    .at(Place::whole(source))
                    .help(
                        "keep large data out of values: put it into a file of the chart or an object store",
                    ),
            ]);
        }
        Ok(Self {
            events: Events::new(&source.text),
            source,
            anchors: Anchors::default(),
            open: Vec::new(),
            texts: Texts::new(),
            root: None,
            findings: Vec::new(),
            warnings: Vec::new(),
            most_nodes: MAX_NODES,
        })
    }

    fn place(&self, at: Mark) -> Place {
        at.place(self.source)
    }

    /// The next document, if there is one.
    fn document(&mut self) -> Result<Option<Document>, Vec<Diagnostic>> {
        match self.next()?.kind {
            EventKind::DocumentStart => {}
            _ => return Ok(None),
        }
        self.anchors.clear();
        self.anchors.step();
        let node = loop {
            let event = self.next()?;
            if let Err(fatal) = self.event(event) {
                return Err(self.give_up(*fatal));
            }
            if let Some(node) = self.root.take() {
                break node;
            }
        };
        // The end of the document.
        self.next()?;
        let findings = std::mem::take(&mut self.findings);
        if !findings.is_empty() {
            return Err(findings);
        }
        Ok(Some(Document {
            value: node.value,
            place: self.place(node.at),
            warnings: std::mem::take(&mut self.warnings),
        }))
    }

    fn next(&mut self) -> Result<Event<'a>, Vec<Diagnostic>> {
        match self.events.next() {
            Ok(event) => Ok(event),
            Err(error) => Err(self.give_up(syntax::explain(self.source, &error))),
        }
    }

    /// What was found so far and the error that ends reading.
    fn give_up(&mut self, fatal: Diagnostic) -> Vec<Diagnostic> {
        let mut findings = std::mem::take(&mut self.findings);
        findings.push(fatal);
        findings
    }

    /// Takes one event; the last one of a document completes its root.
    fn event(&mut self, event: Event<'a>) -> Result<(), Box<Diagnostic>> {
        let at = event.at;
        match event.kind {
            EventKind::Scalar(scalar) => self.scalar(&scalar, at),
            EventKind::Alias(name) => self.alias(name, at),
            EventKind::SequenceStart(anchor) => self.start(Frame::List(Vec::new()), anchor, at),
            EventKind::MappingStart(anchor) => {
                let frame = Frame::Map {
                    entries: Gathered::default(),
                    pending: Pending::Key,
                    merged: false,
                };
                self.start(frame, anchor, at)
            }
            EventKind::SequenceEnd | EventKind::MappingEnd => self.end(),
            EventKind::StreamEnd | EventKind::DocumentStart | EventKind::DocumentEnd => {
                unreachable!("the parser closes every node before the document ends")
            }
        }
    }

    fn count(&mut self, at: Mark) -> Result<(), Box<Diagnostic>> {
        self.anchors.step();
        if self.anchors.steps() > self.most_nodes {
            let message = format!("more than {} keys and values", self.most_nodes);
            let diagnostic = Diagnostic::error("yaml-too-large", message).at(self.place(at));
            return Err(diagnostic.into());
        }
        Ok(())
    }

    fn scalar(&mut self, event: &ScalarEvent<'a>, at: Mark) -> Result<(), Box<Diagnostic>> {
        self.count(at)?;
        if let Some(pending) = self.pending_key()
            && scalar::is_merge(event)
        {
            *pending = Pending::Merge;
            // An anchor on the merge key itself names the text.
            if let Some(name) = event.anchor {
                self.anchors.define(name, Value::from("<<"));
            }
            return Ok(());
        }
        let value = scalar::value(event, &mut self.texts).unwrap_or_else(|message| {
            let help = "change the tag or the value";
            self.find(
                Diagnostic::error("yaml-type", message)
                    .at(self.place(at))
                    .help(help),
            );
            Value::Null
        });
        if let Some(name) = event.anchor {
            self.anchors.define(name, value.clone());
        }
        self.complete(Node {
            value,
            at,
            alias: false,
            height: 0,
        })
    }

    fn alias(&mut self, name: &str, at: Mark) -> Result<(), Box<Diagnostic>> {
        self.count(at)?;
        let (value, height) = match self.anchors.find(name) {
            Known::Value(value, height) => (value, height),
            Known::Open => {
                let message = format!("the anchor `{name}` contains itself");
                return Err(Diagnostic::error("yaml-alias", message).at(self.place(at)).into());
            }
            Known::Unknown(nearest) => {
                // The name is not repeated: it may be a password that starts with `*`.
                let diagnostic = Diagnostic::error("yaml-alias", "an alias without its anchor above")
                    .at(self.place(at))
                    .help("quote the text if it is not an alias");
                return Err(match nearest {
                    Some(nearest) => diagnostic.help(format!("did you mean `*{nearest}`?")).into(),
                    None => diagnostic.into(),
                });
            }
            Known::Excessive => {
                let diagnostic = Diagnostic::error("yaml-alias", "the document contains excessive aliasing")
                    .label(self.place(at), 1, "this alias expands to too many copies")
                    .help("write the repeated part once and let templates repeat it");
                return Err(diagnostic.into());
            }
        };
        if self.open.len() + height > MAX_DEPTH {
            return Err(self.too_deep(at).into());
        }
        self.complete(Node {
            value,
            at,
            alias: true,
            height,
        })
    }

    fn start(&mut self, frame: Frame, anchor: Option<&str>, at: Mark) -> Result<(), Box<Diagnostic>> {
        self.count(at)?;
        if self.open.len() >= MAX_DEPTH {
            return Err(self.too_deep(at).into());
        }
        let anchor = anchor.map(|name| self.anchors.open(name));
        self.open.push(Open {
            frame,
            at,
            anchor,
            height: 0,
        });
        Ok(())
    }

    fn too_deep(&self, at: Mark) -> Diagnostic {
        Diagnostic::error("yaml-too-deep", format!("nested deeper than {MAX_DEPTH} levels"))
            .at(self.place(at))
    }

    fn end(&mut self) -> Result<(), Box<Diagnostic>> {
        let open = self.open.pop().expect("the parser closes only what it opened");
        let value = match open.frame {
            Frame::List(items) => Value::List(List::from(items)),
            Frame::Map { entries, .. } => Value::Map(Map::from(entries.finish())),
        };
        if let Some(anchor) = open.anchor {
            self.anchors.close(anchor, &value, open.height + 1);
        }
        self.complete(Node {
            value,
            at: open.at,
            alias: false,
            height: open.height + 1,
        })
    }

    /// Where the innermost open map keeps what it waits for, if that is a key.
    fn pending_key(&mut self) -> Option<&mut Pending> {
        match self.open.last_mut() {
            Some(Open {
                frame: Frame::Map { pending, .. },
                ..
            }) if matches!(pending, Pending::Key) => Some(pending),
            _ => None,
        }
    }

    /// Puts a complete node where it belongs.
    fn complete(&mut self, node: Node) -> Result<(), Box<Diagnostic>> {
        if self.pending_key().is_some() {
            self.key(&node);
            return Ok(());
        }
        if let Value::Number(Number::Float(float)) = &node.value
            && !float.is_finite()
        {
            let message = "JSON, and so Helm, has no infinity and no NaN";
            self.find(
                Diagnostic::error("yaml-type", message)
                    .at(self.place(node.at))
                    .help("quote it if it is text"),
            );
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        open.height = open.height.max(node.height);
        let origin = Some(node.at.place(self.source));
        match &mut open.frame {
            Frame::List(items) => items.push(Slot {
                value: node.value,
                origin,
            }),
            Frame::Map {
                entries,
                pending,
                merged,
            } => match std::mem::replace(pending, Pending::Key) {
                Pending::Value(key, at) => {
                    let slot = Slot {
                        value: node.value,
                        origin: Some(at.place(self.source)),
                    };
                    let before = entries.insert(Arc::clone(&key), slot);
                    if let Some(before) = before
                        && !*merged
                    {
                        self.duplicate(&key, at, before.origin);
                    }
                }
                Pending::Merge => {
                    *merged = true;
                    if !merge(entries.entries(), node.value, node.alias) {
                        return Err(Diagnostic::error(
                            "yaml-merge",
                            "the value of `<<` must be a map, an alias of a map, or a list of those",
                        )
                        .at_maybe(origin)
                        .into());
                    }
                }
                Pending::Key => unreachable!("keys were dealt with above"),
            },
        }
        Ok(())
    }

    fn key(&mut self, node: &Node) {
        let key = match scalar::key(&node.value) {
            Ok(key) => key,
            Err(message) => {
                let mut diagnostic = Diagnostic::error("yaml-key", message).at(self.place(node.at));
                if matches!(node.value, Value::Map(_)) {
                    diagnostic = diagnostic.help("quote a value that starts with `{{`: '{{ … }}'");
                } else {
                    diagnostic = diagnostic.help("quote the key");
                }
                self.find(diagnostic);
                "".into()
            }
        };
        let pending = self.pending_key().expect("the caller saw that a key is due");
        *pending = Pending::Value(key, node.at);
    }

    fn duplicate(&mut self, key: &str, at: Mark, before: Option<Place>) {
        if self.warnings.len() >= MAX_FINDINGS {
            return;
        }
        let length = u32::try_from(key.chars().count()).unwrap_or(1);
        let mut warning = Diagnostic::warning(
            "yaml-duplicate-key",
            format!("`{key}` is set twice in one map"),
        )
        .label(self.place(at), length, "this one counts");
        if let Some(before) = before {
            warning = warning.label(before, length, "this one is ignored");
        }
        self.warnings.push(warning.help("remove one of them"));
    }

    fn find(&mut self, diagnostic: Diagnostic) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(diagnostic);
        }
    }
}

/// Merges the value of `<<` into the map so far. As Helm's parser decodes in the order of the text, merged
/// entries replace entries above, and entries below replace them. Within a list, earlier maps win.
fn merge(entries: &mut Entries, value: Value, alias: bool) -> bool {
    match value {
        Value::Map(map) => {
            entries.append(&mut map.write());
            true
        }
        Value::List(list) if !alias => {
            let items = std::mem::take(&mut *list.write());
            items
                .into_iter()
                .rev()
                .all(|item| matches!(item.value, Value::Map(_)) && merge(entries, item.value, true))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
