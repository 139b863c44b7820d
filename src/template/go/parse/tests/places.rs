//! The bytes that nodes say they were written with, and messages as a whole.

use super::{errors, trees};
use crate::template::go::ast::{Arg, ArgKind, Node, Pipe};

fn args(pipe: &Pipe) -> impl Iterator<Item = &Arg> {
    pipe.commands.iter().flat_map(|command| &command.args)
}

#[test]
fn every_node_knows_how_it_was_written() {
    let text = "é {{- $x := (.A.b | printf \"%d\" 1).c.d }} {{ if $x.y }}t{{ end }}{{ template `n` .Z }}";
    let tree = trees(text).remove(0);
    let written = |span: crate::template::go::ast::Span| span.text(&tree.source);
    let [
        Node::Text(lead),
        Node::Action(pipe),
        Node::Text(_),
        Node::If(branch),
        Node::Template(call),
    ] = &tree.root.nodes[..]
    else {
        panic!("five nodes: {tree:?}");
    };
    assert_eq!(written(*lead), "é");
    assert_eq!(written(pipe.span), "$x := (.A.b | printf \"%d\" 1).c.d");
    assert_eq!(written(pipe.variables[0].span), "$x");
    let chain = args(pipe).next().expect("an operand");
    assert_eq!(written(chain.span), "(.A.b | printf \"%d\" 1).c.d");
    let ArgKind::Chain(inner, fields) = &chain.kind else {
        panic!("a chain: {chain:?}");
    };
    assert_eq!(written(inner.span), "(.A.b | printf \"%d\" 1)");
    assert_eq!(
        fields.iter().map(|field| written(field.span)).collect::<Vec<_>>(),
        [".c", ".d"]
    );
    let ArgKind::Pipe(inner) = &inner.kind else {
        panic!("a pipeline: {inner:?}");
    };
    assert_eq!(
        args(inner).map(|arg| written(arg.span)).collect::<Vec<_>>(),
        [".A.b", "printf", "\"%d\"", "1"]
    );
    assert_eq!(
        inner
            .commands
            .iter()
            .map(|command| written(command.span))
            .collect::<Vec<_>>(),
        [".A.b", "printf \"%d\" 1"]
    );
    assert_eq!(written(branch.span), "if $x.y");
    assert_eq!(
        args(&branch.pipe)
            .map(|arg| written(arg.span))
            .collect::<Vec<_>>(),
        ["$x.y"]
    );
    assert_eq!(written(call.span), "`n`");
    assert_eq!(call.pipe.as_ref().map(|pipe| written(pipe.span)), Some(".Z"));
    let (place, length) = chain.span.underline(&tree.source);
    assert_eq!((place.to_string(), length), ("t:1:13".to_owned(), 26));
}

#[track_caller]
fn says(text: &str, expected: &str) {
    let all: Vec<String> = errors(text).iter().map(ToString::to_string).collect();
    assert_eq!(all.join("\n"), expected, "of {text:?}");
}

#[test]
fn messages_show_the_line_and_what_to_do() {
    says(
        "a: {{ .Values.a | quot }}\nb: {{ $imag }}\n{{ if .X }}\n",
        "error[unknown-function]: there is no function `quot`\n --> t:1:19\n  |\n1 | a: {{ .Values.a | quot }}\n  |                   ^^^^ not known\n  = help: did you mean `quote`?\n\n\
         error[unknown-variable]: the variable `$imag` is not declared\n --> t:2:7\n  |\n2 | b: {{ $imag }}\n  |       ^^^^^\n  = help: a variable is known up to the `end` or `else` of the block that declares it\n\n\
         error[template-syntax]: `if` is not closed\n --> t:3:4\n  |\n3 | {{ if .X }}\n  |    ^^^^^\n  = help: a block ends with `{{ end }}`\n",
    );
}
