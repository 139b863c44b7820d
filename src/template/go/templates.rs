//! Owns the set of named templates: whole files and what they define, and which of two with one name counts.
//!
//! It neither parses nor executes.

use super::ast::Tree;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The templates of all charts of a tree, by the names that `include` and `template` use.
#[derive(Debug, Default)]
pub(super) struct Templates {
    named: BTreeMap<Arc<str>, Arc<Tree>>,
}

impl Templates {
    /// Adds a template that was parsed after those that are in: it replaces one of its name unless it is empty.
    pub(super) fn add(&mut self, tree: Arc<Tree>) {
        associate(&mut self.named, tree);
    }

    /// The template of this name.
    pub(super) fn get(&self, name: &str) -> Option<&Arc<Tree>> {
        self.named.get(name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.named.keys().map(|name| &**name)
    }
}

/// What the text of a `tpl` holds.
#[derive(Debug)]
pub(super) struct TextTemplates {
    main: Arc<Tree>,
    named: BTreeMap<Arc<str>, Arc<Tree>>,
}

impl TextTemplates {
    /// The templates that a text called `name` was parsed into; it is one of them.
    pub(super) fn new(trees: Vec<Tree>, name: &str) -> Self {
        let mut named = BTreeMap::new();
        for tree in trees {
            associate(&mut named, Arc::new(tree));
        }
        let main = named
            .get(name)
            .cloned()
            .expect("the parser gives the text itself too");
        Self { main, named }
    }

    /// The text itself.
    pub(super) fn main(&self) -> &Tree {
        &self.main
    }
}

/// The templates of the texts being evaluated, innermost first; they go before those of the charts.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope(Option<Arc<Layer>>);

#[derive(Debug)]
struct Layer {
    text: Arc<TextTemplates>,
    outer: Scope,
}

impl Scope {
    /// This scope with the templates of one more text.
    pub(super) fn with(&self, text: &Arc<TextTemplates>) -> Self {
        Self(Some(Arc::new(Layer {
            text: Arc::clone(text),
            outer: self.clone(),
        })))
    }

    fn layers(&self) -> impl Iterator<Item = &Layer> {
        std::iter::successors(self.0.as_deref(), |layer| layer.outer.0.as_deref())
    }

    /// The template of this name, here or in the charts. An empty one replaces none that is further out.
    pub(super) fn find<'s>(&'s self, name: &str, charts: &'s Templates) -> Option<&'s Arc<Tree>> {
        let mut empty = None;
        for layer in self.layers() {
            match layer.text.named.get(name) {
                Some(tree) if tree.is_blank => empty = empty.or(Some(tree)),
                Some(tree) => return Some(tree),
                None => {}
            }
        }
        charts.named.get(name).or(empty)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.layers()
            .flat_map(|layer| layer.text.named.keys().map(|name| &**name))
    }
}

fn associate(named: &mut BTreeMap<Arc<str>, Arc<Tree>>, tree: Arc<Tree>) {
    if tree.is_blank && named.contains_key(&tree.name) {
        return;
    }
    named.insert(Arc::clone(&tree.name), tree);
}
