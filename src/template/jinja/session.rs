//! Owns what one rendering of a chart shares: the functions' context, the budget and the missed look-ups.
//!
//! It does not evaluate anything.

use crate::diagnostic::Diagnostic;
use crate::template::functions::Context;
use crate::yaml::{Map, Value};
use minijinja::value::Object;
use minijinja::{Error, ErrorKind, State};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Instructions that one template, with all it includes, may execute: about a second of work.
pub(super) const FUEL: u64 = 10_000_000;

/// What starting an included template costs besides its instructions.
const INCLUDE: u64 = 200;

/// How many bytes of a function's text cost as much as one instruction.
const BYTES: usize = 8;

/// The name under which templates' root holds the session; no template can write it.
pub(super) const NAME: &str = "\u{0}session";

/// How many missed look-ups are remembered for the next error.
const MISSES: usize = 64;

/// How deeply `include` may nest.
const DEPTH: usize = 60;

/// Evaluates the text of a `tpl` with a context and a number of steps; gives how many of them are left.
pub(in crate::template) type Evaluate =
    Arc<dyn Fn(&Arc<str>, Value, u64) -> Result<(Value, u64), Diagnostic> + Send + Sync>;

/// The shared state of one rendering.
pub(super) struct Session {
    /// For the functions.
    pub(super) context: Context,
    /// For `tpl`: its texts are Go templates in either language.
    pub(super) evaluate: Evaluate,
    /// The names every template sees, for messages.
    pub(super) names: Map,
    state: Mutex<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    misses: Vec<(Map, String)>,
    /// Fuel of included templates that have ended.
    ended: u64,
    /// Fuel that each template had used when it included the next.
    waiting: Vec<u64>,
}

impl fmt::Debug for Session {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Session").finish_non_exhaustive()
    }
}

impl Object for Session {}

impl Session {
    pub(super) fn new(context: Context, names: Map, evaluate: Evaluate) -> Arc<Self> {
        let state = Mutex::default();
        Arc::new(Self {
            context,
            evaluate,
            names,
            state,
        })
    }

    fn state(&self) -> MutexGuard<'_, Shared> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The session of the running template.
    pub(super) fn of(state: &mut State<'_, '_>) -> Result<Arc<Self>, Error> {
        // Functions ask for it at every call; a look-up through all scopes is made once.
        if let Some(session) = state
            .get_temp(NAME)
            .and_then(|value| value.downcast_object::<Self>())
        {
            return Ok(session);
        }
        let found = state.lookup(NAME).unwrap_or_default();
        let session = found.downcast_object::<Self>();
        state.set_temp(NAME, found);
        session.ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "no rendering is under way"))
    }

    /// Notes that `key` was looked up in `map` and not found.
    pub(super) fn missed(&self, map: &Map, key: &str) {
        let mut state = self.state();
        if state.misses.len() == MISSES {
            state.misses.remove(0);
        }
        state.misses.push((map.clone(), key.to_owned()));
    }

    /// The map in which `key` was last missed.
    pub(super) fn last_miss(&self, key: &str) -> Option<Map> {
        let state = self.state();
        let found = state.misses.iter().rev().find(|(_, missed)| missed == key);
        found.map(|(map, _)| map.clone())
    }

    /// Starts an included template; refused when the nesting or the fuel of all is used up.
    pub(super) fn enter(&self, used: u64) -> Result<(), Error> {
        let mut state = self.state();
        if state.waiting.len() >= DEPTH {
            return Err(Error::new(ErrorKind::InvalidOperation, RECURSION));
        }
        let before: u64 = state.waiting.iter().sum();
        if before + state.ended + used > FUEL {
            return Err(Error::from(ErrorKind::OutOfFuel));
        }
        state.waiting.push(used);
        Ok(())
    }

    /// Ends an included template that used this much fuel.
    pub(super) fn leave(&self, used: u64) {
        let mut state = self.state();
        state.waiting.pop();
        state.ended += used + INCLUDE;
    }

    /// How many steps a text may take.
    pub(super) fn left(&self) -> u64 {
        FUEL.saturating_sub(self.state().ended)
    }

    /// Ends a text that took so many steps.
    pub(super) fn took(&self, steps: u64) {
        self.state().ended += steps + INCLUDE;
    }

    /// Charges a function for the text that it made.
    pub(super) fn spend(&self, bytes: usize) -> Result<(), Error> {
        let mut state = self.state();
        state.ended += u64::try_from(bytes / BYTES).unwrap_or(u64::MAX);
        if state.ended > FUEL {
            Err(Error::from(ErrorKind::OutOfFuel))
        } else {
            Ok(())
        }
    }

    /// Forgets what the last template did.
    pub(super) fn reset(&self) {
        *self.state() = Shared::default();
    }
}

/// minijinja's own words, so that both kinds of endless recursion are one.
pub(super) const RECURSION: &str = "recursion limit exceeded";
