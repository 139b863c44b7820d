//! Owns where the nodes of a parsed text are kept: those of each kind side by side, in one piece of memory.
//!
//! So a tree takes few allocations, and is dropped without a walk. What the nodes mean is told in `ast.rs`.

use super::ast::{Arg, Branch, Command, Ident, Node, Number, Pipe, Target, TemplateCall, Unescaped};
use std::marker::PhantomData;
use std::ops::Index;

/// All nodes of one text or several.
#[derive(Debug, Default)]
pub(crate) struct Code {
    nodes: Vec<Node>,
    branches: Vec<Branch>,
    calls: Vec<TemplateCall>,
    pipes: Vec<Pipe>,
    targets: Vec<Target>,
    commands: Vec<Command>,
    args: Vec<Arg>,
    idents: Vec<Ident>,
    numbers: Vec<Number>,
    texts: Vec<Unescaped>,
}

/// The place of one node.
#[derive(Debug)]
pub(crate) struct Id<T> {
    index: u32,
    kind: PhantomData<T>,
}

/// The places of nodes that follow each other.
#[derive(Debug)]
pub(crate) struct Ids<T> {
    start: u32,
    count: u32,
    kind: PhantomData<T>,
}

/// What is kept in [`Code`].
pub(crate) trait Kept: Sized {
    /// All of its kind.
    fn all(code: &Code) -> &Vec<Self>;
    /// All of its kind.
    fn all_mut(code: &mut Code) -> &mut Vec<Self>;
}

macro_rules! kept {
    ($($kind:ty: $field:ident),* $(,)?) => {
        $(impl Kept for $kind {
            fn all(code: &Code) -> &Vec<Self> {
                &code.$field
            }

            fn all_mut(code: &mut Code) -> &mut Vec<Self> {
                &mut code.$field
            }
        })*
    };
}

kept! {
    Node: nodes,
    Branch: branches,
    TemplateCall: calls,
    Pipe: pipes,
    Target: targets,
    Command: commands,
    Arg: args,
    Ident: idents,
    Number: numbers,
    Unescaped: texts,
}

impl Code {
    /// Has room for the nodes of texts of so many bytes, as far as that can be told. Memory that stays unused is never
    /// asked of the system.
    pub(crate) fn with_room(bytes: usize) -> Self {
        Self {
            nodes: Vec::with_capacity(bytes / 32),
            branches: Vec::with_capacity(bytes / 256),
            pipes: Vec::with_capacity(bytes / 64),
            commands: Vec::with_capacity(bytes / 64),
            args: Vec::with_capacity(bytes / 32),
            idents: Vec::with_capacity(bytes / 32),
            ..Self::default()
        }
    }

    /// Adds a node.
    pub(crate) fn add<T: Kept>(&mut self, node: T) -> Id<T> {
        let all = T::all_mut(self);
        let index = narrow(all.len());
        all.push(node);
        Id {
            index,
            kind: PhantomData,
        }
    }

    /// Adds nodes side by side.
    pub(crate) fn add_all<T: Kept>(&mut self, nodes: impl IntoIterator<Item = T>) -> Ids<T> {
        let before = self.count::<T>();
        T::all_mut(self).extend(nodes);
        self.since(before)
    }

    /// Adds those that wait from `first` on, side by side.
    pub(crate) fn take_from<T: Kept + Copy>(&mut self, waiting: &mut Vec<T>, first: usize) -> Ids<T> {
        let before = self.count::<T>();
        T::all_mut(self).extend_from_slice(&waiting[first..]);
        waiting.truncate(first);
        self.since(before)
    }

    /// How many there are of a kind.
    pub(crate) fn count<T: Kept>(&self) -> usize {
        T::all(self).len()
    }

    /// What was added of a kind since there were `before`.
    pub(crate) fn since<T: Kept>(&self, before: usize) -> Ids<T> {
        Ids {
            start: narrow(before),
            count: narrow(self.count::<T>() - before),
            kind: PhantomData,
        }
    }
}

impl<T: Kept> Index<Id<T>> for Code {
    type Output = T;

    fn index(&self, id: Id<T>) -> &T {
        &T::all(self)[id.index as usize]
    }
}

impl<T: Kept> Index<Ids<T>> for Code {
    type Output = [T];

    fn index(&self, ids: Ids<T>) -> &[T] {
        &T::all(self)[ids.start as usize..][..ids.count as usize]
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> Clone for Ids<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Ids<T> {}

impl<T> Default for Ids<T> {
    fn default() -> Self {
        Self {
            start: 0,
            count: 0,
            kind: PhantomData,
        }
    }
}

impl<T> Ids<T> {
    /// How many there are.
    pub(crate) fn len(self) -> usize {
        self.count as usize
    }

    /// Whether there are none.
    pub(crate) fn is_empty(self) -> bool {
        self.count == 0
    }
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).expect("a text below 4 GiB has fewer nodes")
}
