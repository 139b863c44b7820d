//! Where the executor finds variables.

use super::trees;
use crate::template::go::ast::{ArgKind, List, Node, Pipe, Slot, Tree};
use crate::template::go::code::Id;

/// Every variable in the order of its text: `$x:1` is declared or assigned, `$x@1` is read; `-` has no slot.
fn slots(tree: &Tree) -> String {
    let mut found = Vec::new();
    in_list(tree, tree.root, &mut found);
    found.sort_by_key(|(at, _)| *at);
    let shown: Vec<String> = found.into_iter().map(|(_, shown)| shown).collect();
    shown.join(" ")
}

fn in_list(tree: &Tree, list: List, found: &mut Vec<(u32, String)>) {
    for node in &tree.code[list] {
        match *node {
            Node::Action(pipe) => in_pipe(tree, pipe, found),
            Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
                let branch = tree.code[branch];
                in_pipe(tree, branch.pipe, found);
                in_list(tree, branch.list, found);
                in_list(tree, branch.otherwise.unwrap_or_default(), found);
            }
            Node::Template(call) => {
                if let Some(pipe) = tree.code[call].pipe {
                    in_pipe(tree, pipe, found);
                }
            }
            Node::Text(_) | Node::Quoted(_) | Node::Break | Node::Continue => {}
        }
    }
}

fn in_pipe(tree: &Tree, pipe: Id<Pipe>, found: &mut Vec<(u32, String)>) {
    let pipe = tree.code[pipe];
    for variable in &tree.code[pipe.variables] {
        let name = variable.span.text(&tree.source);
        found.push((variable.span.start, format!("{name}:{}", shown(variable.slot))));
    }
    let commands = tree.code[pipe.commands].iter();
    for arg in commands.flat_map(|command| &tree.code[command.args]) {
        let arg = match arg.kind {
            ArgKind::Chain(inner, _) => &tree.code[inner],
            _ => arg,
        };
        match arg.kind {
            ArgKind::Variable(slot) => {
                let name = arg.span.text(&tree.source);
                found.push((arg.span.start, format!("{name}@{}", shown(slot))));
            }
            ArgKind::Pipe(pipe) => in_pipe(tree, pipe, found),
            _ => {}
        }
    }
}

fn shown(slot: Slot) -> String {
    slot.map_or("-".to_owned(), |slot| slot.to_string())
}

#[track_caller]
fn check(cases: &[(&str, &str, u32)]) {
    for (text, expected, count) in cases {
        let all = trees(text);
        let tree = all.last().expect("there is a tree for the text");
        assert_eq!(slots(tree), *expected, "of {text:?}");
        assert_eq!(tree.slots, *count, "of {text:?}");
    }
}

#[test]
fn each_declaration_has_a_slot_of_its_own_while_it_lives() {
    check(&[
        ("{{$}}", "$@0", 1),
        (
            "{{$x := 1}}{{$y := $x}}{{$x}}{{$y}}",
            "$x:1 $y:2 $x@1 $x@1 $y@2",
            3,
        ),
        ("{{$x := 1}}{{$x := 2}}{{$x}}", "$x:1 $x:2 $x@2", 3),
        ("{{$x := 1}}{{$x = 2}}{{$x}}", "$x:1 $x:1 $x@1", 2),
        ("{{$ := 1}}{{$}}", "$:1 $@1", 2),
    ]);
}

#[test]
fn a_slot_is_used_again_behind_the_end_of_a_block() {
    check(&[
        (
            "{{if $x := 1}}{{$x}}{{end}}{{with $y := 1}}{{$y}}{{end}}",
            "$x:1 $x@1 $y:1 $y@1",
            2,
        ),
        (
            "{{$x := 1}}{{if $x}}{{$x := 2}}{{$x}}{{end}}{{$x}}",
            "$x:1 $x@1 $x:2 $x@2 $x@1",
            3,
        ),
        (
            "{{range $i, $e := .}}{{$i}}{{$e}}{{else}}{{$e}}{{end}}",
            "$i:1 $e:2 $i@1 $e@2 $e@2",
            3,
        ),
        (
            "{{range $i, $e := .}}{{$x := $i}}{{end}}{{$y := 1}}",
            "$i:1 $e:2 $x:3 $i@1 $y:1",
            4,
        ),
        (
            "{{with $x := 1}}{{else with $y := $x}}{{$y}}{{end}}",
            "$x:1 $y:2 $x@1 $y@2",
            3,
        ),
    ]);
}

#[test]
fn a_pipeline_sees_its_own_variable_only_behind_itself() {
    check(&[
        ("{{$x := 1}}{{$x := $x}}", "$x:1 $x:2 $x@1", 3),
        ("{{$x := $x}}", "$x:1 $x@-", 2),
        ("{{$x := ($y := 1)}}{{$y}}", "$x:2 $y:1 $y@1", 3),
    ]);
}

#[test]
fn what_never_has_a_value_has_no_slot() {
    check(&[
        ("{{$x = 1}}{{$x}}", "$x:- $x@-", 1),
        ("{{range $i, $e = .}}{{$e}}{{end}}", "$i:- $e:- $e@-", 1),
        ("{{if .}}{{$x := 1}}{{else}}{{$x}}{{end}}", "$x:1 $x@-", 2),
        (
            "{{$x := 1}}{{if .}}{{$x := 2}}{{else}}{{$x}}{{end}}",
            "$x:1 $x:2 $x@1",
            3,
        ),
        (
            "{{if .}}{{$x := 1}}{{else if $x}}{{$y := 1}}{{end}}",
            "$x:1 $x@- $y:1",
            2,
        ),
    ]);
}

#[test]
fn a_definition_knows_no_variables_from_around_it() {
    check(&[
        (
            "{{$x := 1}}{{block \"a\" $x}}{{$x := 2}}{{$y := 3}}{{end}}{{$x}}",
            "$x:1 $x@1 $x@1",
            2,
        ),
        (
            "{{$x := 1}}{{define \"a\"}}{{$y := 1}}{{end}}{{$x}}",
            "$x:1 $x@1",
            2,
        ),
    ]);
    let all = trees("{{$x := 1}}{{block \"a\" $x}}{{$x := 2}}{{$y := 3}}{{end}}");
    assert_eq!(slots(&all[0]), "$x:1 $y:2");
    assert_eq!((&*all[0].name, all[0].slots), ("a", 3));
}
