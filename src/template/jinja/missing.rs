//! Owns finding what is not set: the exact key of an expression, the map that lacks it, and its neighbours.
//!
//! It walks the names in the failing expression through the values; for local variables it asks the session
//! which look-ups missed.

use super::errors::Frame;
use super::names::{self, Chain, Part, Role};
use super::session::Session;
use crate::source::Place;
use crate::suggest::nearest;
use crate::template::functions::FUNCTIONS;
use crate::yaml::{Map, Value};
use minijinja::ErrorKind;
use std::ops::Range;
use std::sync::Arc;

/// What is missing, in words and places.
pub(super) struct Finding {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) label: String,
    /// The missing name in the user's text.
    pub(super) range: Range<usize>,
    /// Where the nearest key is set.
    pub(super) sibling: Option<(Place, String)>,
    pub(super) sibling_length: u32,
    pub(super) help: Vec<String>,
}

/// The first name in the failing expression that leads nowhere; `refused` by one of our functions or not.
pub(super) fn find(frame: &Frame<'_>, refused: bool, session: &Arc<Session>) -> Option<Finding> {
    let chains = frame.chains();
    let candidates = || {
        chains
            .iter()
            .filter(|chain| chain.role == Role::Value && !chain.guarded)
    };
    if let Some(found) = candidates().find_map(|chain| in_values(chain, session)) {
        return Some(found);
    }
    // An operation can fail for other reasons as well; minijinja tells only in words.
    let undefined = match frame.error.kind() {
        ErrorKind::UndefinedError | ErrorKind::UnknownFunction => true,
        _ => {
            refused
                || frame
                    .error
                    .detail()
                    .is_some_and(|detail| detail.contains("undefined"))
        }
    };
    if !undefined {
        return None;
    }
    candidates()
        .find_map(|chain| in_locals(chain, session))
        .or_else(|| candidates().find_map(|chain| unknown_name(chain, frame, session)))
        .or_else(|| candidates().find_map(|chain| below_local(chain, session)))
}

fn range(part: &Part) -> Range<usize> {
    part.offset..part.offset + part.name.len()
}

/// A chain that starts at `Values` or another name that every template sees.
fn in_values(chain: &Chain, session: &Arc<Session>) -> Option<Finding> {
    let mut path = chain.root.name.clone();
    let mut current = session.names.get(&path)?;
    for key in &chain.keys {
        let Value::Map(map) = &current else {
            return Some(no_map(&path, &current, key));
        };
        match map.get(&key.name) {
            Some(found) => current = found,
            None => return Some(not_in(&path, map, key)),
        }
        path = format!("{path}.{}", key.name);
    }
    None
}

/// A chain that starts at a variable: the session knows the map of the last miss.
fn in_locals(chain: &Chain, session: &Arc<Session>) -> Option<Finding> {
    let (key, map) = chain
        .keys
        .iter()
        .find_map(|key| Some((key, session.last_miss(&key.name)?)))?;
    let before = chain.keys.iter().take_while(|other| *other != key);
    let written = before.fold(chain.root.name.clone(), |path, key| {
        format!("{path}.{}", key.name)
    });
    let path = path_of(&map, session).unwrap_or(written);
    Some(not_in(&path, &map, key))
}

/// How deep and how wide the search for a map's path goes.
const SEARCH: usize = 100_000;

/// The path under which the values hold this very map.
fn path_of(map: &Map, session: &Arc<Session>) -> Option<String> {
    let mut queue: Vec<(String, Value)> = session
        .names
        .entries()
        .into_iter()
        .map(|(name, slot)| (name.to_string(), slot.value))
        .collect();
    let mut seen = 0;
    while let Some((path, value)) = queue.pop() {
        seen += 1;
        if seen > SEARCH {
            return None;
        }
        match value {
            Value::Map(found) if found.same(map) => return Some(path),
            Value::Map(found) => {
                let inside = found.entries().into_iter();
                queue.extend(inside.map(|(key, slot)| (format!("{path}.{key}"), slot.value)));
            }
            Value::List(list) => {
                let inside = list.values().into_iter().enumerate();
                queue.extend(inside.map(|(index, value)| (format!("{path}[{index}]"), value)));
            }
            _ => {}
        }
    }
    None
}

fn no_map(path: &str, value: &Value, key: &Part) -> Finding {
    let message = match value {
        Value::Null => format!("`{}` cannot be read: `{path}` is null", key.name),
        other => format!(
            "`{}` cannot be read: `{path}` is a {}, not a map",
            key.name,
            other.kind()
        ),
    };
    Finding {
        code: "undefined",
        message,
        label: "not there".to_owned(),
        range: range(key),
        sibling: None,
        sibling_length: 0,
        help: Vec::new(),
    }
}

/// How a template says that a value may be missing.
const OPTIONAL: &str = "`is defined` and `default` accept what is not set";

/// At most this many keys are listed.
const LISTED: usize = 8;

fn not_in(path: &str, map: &Map, key: &Part) -> Finding {
    let keys = map.keys();
    let mut help = Vec::new();
    let mut sibling = None;
    let mut sibling_length = 0;
    if let Some(near) = nearest(&key.name, keys.iter().map(|key| &**key)) {
        help.push(format!("did you mean `{near}`?"));
        sibling = map
            .origin(near)
            .map(|place| (place, format!("`{near}` is set here")));
        sibling_length = u32::try_from(near.chars().count()).unwrap_or(1);
    } else if keys.is_empty() {
        help.push(format!("`{path}` is empty"));
        help.push(OPTIONAL.to_owned());
    } else {
        let mut listed: Vec<String> = keys.iter().take(LISTED).map(|key| format!("`{key}`")).collect();
        if keys.len() > LISTED {
            listed.push("…".to_owned());
        }
        help.push(format!("`{path}` has {}", listed.join(", ")));
        let first = keys.iter().find_map(|key| Some((map.origin(key)?, key)));
        sibling = first.map(|(place, key)| (place, format!("`{key}` beside it is set here")));
        sibling_length = 1;
        help.push(OPTIONAL.to_owned());
    }
    Finding {
        code: "undefined",
        message: format!("`{}` is not set in `{path}`", key.name),
        label: "not set".to_owned(),
        range: range(key),
        sibling,
        sibling_length,
        help,
    }
}

/// Words that are names without being values of ours.
const BUILT_IN: [&str; 2] = ["range", "caller"];

/// A variable or function that nothing defines.
fn unknown_name(chain: &Chain, frame: &Frame<'_>, session: &Arc<Session>) -> Option<Finding> {
    let name = chain.root.name.as_str();
    let functions = || FUNCTIONS.iter().map(|function| function.name);
    let known = session.names.get(name).is_some() || functions().any(|known| known == name);
    let locals = frame
        .text
        .map(|text| local_names(&text.source.text))
        .unwrap_or_default();
    let is_local = locals.iter().any(|local| local == name);
    if known
        || is_local && !chain.keys.is_empty()
        || BUILT_IN.contains(&name)
        || matches!(name, "Template" | "Files")
    {
        return None;
    }
    let globals = session.names.keys();
    let mut help = Vec::new();
    let message = if name == "loop" {
        "`loop` exists only inside a `for`".to_owned()
    } else if is_local {
        let near = nearest(name, frame.macros()).filter(|_| chain.called);
        help.extend(near.map(|near| format!("did you mean `{near}`?")));
        format!("`{name}` is not set here")
    } else {
        let candidates = globals.iter().map(|name| &**name).chain(["Template", "Files"]);
        let candidates = candidates.chain(locals.iter().map(String::as_str));
        let near = if chain.called {
            nearest(
                name,
                candidates
                    .chain(functions())
                    .chain(BUILT_IN)
                    .chain(frame.macros()),
            )
        } else {
            nearest(name, candidates)
        };
        help.extend(near.map(|near| format!("did you mean `{near}`?")));
        if session.names.get("Values")?.as_map()?.get(name).is_some() {
            help.push(format!("values are read as `Values.{name}`"));
        }
        if chain.called {
            format!("there is no function `{name}`")
        } else {
            format!("`{name}` is not defined")
        }
    };
    Some(Finding {
        code: if chain.called {
            "unknown-function"
        } else {
            "undefined"
        },
        message,
        label: "not set".to_owned(),
        range: range(&chain.root),
        sibling: None,
        sibling_length: 0,
        help,
    })
}

/// A chain below a variable that holds no value of the chart, such as a literal.
fn below_local(chain: &Chain, session: &Arc<Session>) -> Option<Finding> {
    let last = chain
        .keys
        .last()
        .filter(|_| session.names.get(&chain.root.name).is_none())?;
    let written = chain.keys.iter().fold(chain.root.name.clone(), |path, key| {
        format!("{path}.{}", key.name)
    });
    Some(Finding {
        code: "undefined",
        message: format!("`{written}` is not set"),
        label: "not set".to_owned(),
        range: chain.root.offset..last.offset + last.name.len(),
        sibling: None,
        sibling_length: 0,
        help: vec![OPTIONAL.to_owned()],
    })
}

/// The names that a template itself defines: `set`, `for`, `macro` and its arguments, `import`.
fn local_names(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for tag in super::traced::tags(source) {
        let body = tag.body.trim_matches(['-', '+']).trim();
        let Some((word, rest)) = body.split_once(char::is_whitespace) else {
            continue;
        };
        let defined = match word {
            "set" => rest.split('=').next().unwrap_or_default(),
            "for" => rest.split(" in ").next().unwrap_or_default(),
            "macro" | "with" => rest,
            "import" | "from" => rest.rsplit_once("import").map_or(rest, |(_, names)| names),
            _ => continue,
        };
        found.extend(names::chains(defined, 0).into_iter().map(|chain| chain.root.name));
        let defaults = defined
            .split([',', '(', ')'])
            .filter_map(|part| part.split('=').next());
        found.extend(defaults.map(|name| name.trim().to_owned()));
    }
    found.retain(|name| !name.is_empty());
    found
}
