//! Owns parsing the files of a tree of charts; many of them are parsed by two threads.
//!
//! The grammar is in `parse.rs`. Which of two templates with one name counts is not decided here.

use super::ast::Tree;
use super::parse::{Template, Workspace, parse};
use crate::diagnostic::Diagnostic;
use crate::source::Source;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, ScopedJoinHandle};

/// A template's name and text.
pub(super) type File<'t> = (&'t str, &'t Arc<Source>);

/// What a file defines, or what is wrong with it.
pub(super) type Parsed = Result<Vec<Tree>, Vec<Diagnostic>>;

/// How many bytes of templates a second thread is worth: it starts in the time in which these are parsed.
const LONG: usize = 64 << 10;

/// The parser recurses as deeply as expressions nest, up to its own limit.
const STACK: usize = 8 << 20;

/// What each of the files was parsed into, in their order.
pub(super) fn parse_all(files: &[File<'_>]) -> Vec<Parsed> {
    let length: usize = files.iter().map(|(_, source)| source.text.len()).sum();
    let next = AtomicUsize::new(0);
    let mut all = thread::scope(|scope| {
        let builder = thread::Builder::new().stack_size(STACK);
        let share = || parse_share(files, &next, length);
        let other = (length > LONG).then(|| builder.spawn_scoped(scope, share));
        let mut all = share();
        // Without another thread, this one has done everything.
        match other.and_then(Result::ok).map(ScopedJoinHandle::join) {
            Some(Ok(share)) => all.extend(share),
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            None => {}
        }
        all
    });
    all.sort_unstable_by_key(|(index, _)| *index);
    all.into_iter().map(|(_, parsed)| parsed).collect()
}

/// Parses whichever file comes next until there is none; gives their places and what they were parsed into.
fn parse_share(files: &[File<'_>], next: &AtomicUsize, length: usize) -> Vec<(usize, Parsed)> {
    let mut workspace = Workspace::with_room(length);
    let mut share: Vec<(usize, Result<Vec<Template>, _>)> = Vec::new();
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some((name, source)) = files.get(index) else {
            break;
        };
        share.push((index, parse(source, name, &mut workspace)));
    }
    let code = workspace.into_code();
    let trees = |(index, parsed): (usize, Result<Vec<Template>, _>)| {
        let (_, source) = files[index];
        let tree = |template: Template| template.tree(source, &code);
        let parsed = parsed.map(|templates| templates.into_iter().map(tree).collect());
        (index, parsed)
    };
    share.into_iter().map(trees).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_threads_give_what_one_gives_in_the_same_order() {
        let text = |number: usize| {
            let padding = "text ".repeat(1000);
            let end = if number.is_multiple_of(3) { "" } else { "{{ end }}" };
            format!("{padding}{{{{ define \"d{number}\" }}}}{{{{ .x }}}}{end}")
        };
        let sources: Vec<_> = (0..40).map(|number| Source::new("t", text(number))).collect();
        let names: Vec<String> = (0..40).map(|number| format!("t{number}")).collect();
        let files: Vec<File<'_>> = names.iter().map(String::as_str).zip(&sources).collect();
        assert!(sources.iter().map(|source| source.text.len()).sum::<usize>() > LONG);
        let shown = |parsed: &Parsed| match parsed {
            Ok(trees) => trees.iter().map(|tree| tree.name.to_string()).collect(),
            Err(errors) => errors.iter().map(ToString::to_string).collect::<Vec<_>>(),
        };
        let at_once: Vec<_> = parse_all(&files).iter().map(shown).collect();
        let one_by_one = files.iter().flat_map(|file| parse_all(&[*file]));
        let one_by_one: Vec<_> = one_by_one.map(|parsed| shown(&parsed)).collect();
        assert_eq!(at_once, one_by_one);
        assert_eq!(at_once[1], ["d1", "t1"]);
        assert!(
            at_once[3][0].contains("`define` is not closed"),
            "{:?}",
            at_once[3]
        );
    }
}
