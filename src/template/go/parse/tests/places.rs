//! The bytes that nodes say they were written with, and messages as a whole.

use super::{errors, trees};
use crate::template::go::ast::{Arg, ArgKind, Node, Pipe, Span, Tree};
use crate::template::go::code::Id;

fn args(tree: &Tree, pipe: Id<Pipe>) -> impl Iterator<Item = &Arg> {
    let commands = tree.code[tree.code[pipe].commands].iter();
    commands.flat_map(|command| &tree.code[command.args])
}

#[test]
fn every_node_knows_how_it_was_written() {
    let text =
        "é {{- $x := (.A.b | printf \"%d\" 1).c.d }} {{ if $x.y }}t{{ end }}{{ template `n` .Z }}{{ `q` -}}";
    let tree = trees(text).remove(0);
    let code = &*tree.code;
    let written = |span: Span| span.text(&tree.source);
    let [
        Node::Text(lead),
        Node::Action(pipe),
        Node::Text(_),
        Node::If(branch),
        Node::Template(call),
        Node::Quoted(quoted),
    ] = code[tree.root]
    else {
        panic!("six nodes: {tree:?}");
    };
    assert_eq!(written(lead), "é");
    assert_eq!(written(code[pipe].span), "$x := (.A.b | printf \"%d\" 1).c.d");
    assert_eq!(written(code[code[pipe].variables][0].span), "$x");
    let chain = args(&tree, pipe).next().expect("an operand");
    assert_eq!(written(chain.span), "(.A.b | printf \"%d\" 1).c.d");
    let ArgKind::Chain(inner, fields) = chain.kind else {
        panic!("a chain: {chain:?}");
    };
    assert_eq!(written(code[inner].span), "(.A.b | printf \"%d\" 1)");
    let fields: Vec<&str> = code[fields].iter().map(|field| written(field.span)).collect();
    assert_eq!(fields, [".c", ".d"]);
    let ArgKind::Pipe(inner) = code[inner].kind else {
        panic!("a pipeline: {inner:?}");
    };
    let inner_args: Vec<&str> = args(&tree, inner).map(|arg| written(arg.span)).collect();
    assert_eq!(inner_args, [".A.b", "printf", "\"%d\"", "1"]);
    let commands = code[code[inner].commands].iter();
    let commands: Vec<&str> = commands.map(|command| written(command.span(code))).collect();
    assert_eq!(commands, [".A.b", "printf \"%d\" 1"]);
    let branch = code[branch];
    assert_eq!(written(branch.span), "if $x.y");
    let branch_args: Vec<&str> = args(&tree, branch.pipe).map(|arg| written(arg.span)).collect();
    assert_eq!(branch_args, ["$x.y"]);
    let call = code[call];
    assert_eq!(written(call.name.span), "`n`");
    assert_eq!(call.pipe.map(|pipe| written(code[pipe].span)), Some(".Z"));
    assert_eq!(written(quoted), "`q`");
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
