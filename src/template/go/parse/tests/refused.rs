//! Texts that are refused, and what is said to them.

use super::errors;

/// Checks messages with the line, column and length of their underlines: `1:3+4 message`.
#[track_caller]
fn check(cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        let told: Vec<String> = errors(text)
            .iter()
            .map(|error| {
                let label = &error.labels[0];
                let place = format!("{}:{}+{}", label.place.line, label.place.column, label.length);
                format!("{place} {}", error.message)
            })
            .collect();
        assert_eq!(told, *expected, "of {text:?}");
    }
}

#[test]
fn actions_that_do_not_end() {
    check(&[
        ("{{", &["1:1+2 the action is not closed"]),
        ("hello{{range", &["1:6+2 the action is not closed"]),
        ("line1\n{{", &["2:1+2 the action is not closed"]),
        ("{{\"x\"\n\"y\"\n", &["1:1+2 the action is not closed"]),
        ("{{.X", &["1:1+2 the action is not closed"]),
        ("{{(.X 1 2", &["1:1+2 the action is not closed"]),
        ("{{range .X}}{{", &["1:13+2 the action is not closed"]),
        ("{{ .X }", &["1:7+1 unexpected `}` in an operand"]),
        ("{{.X}", &["1:5+1 unexpected `}` behind a name"]),
        ("{{.X} }", &["1:5+1 unexpected `}` behind a name"]),
    ]);
}

#[test]
fn comments_that_do_not_end_in_their_action() {
    check(&[
        ("{{/*}}", &["1:1+2 the comment is not closed"]),
        ("{{/*/}}", &["1:1+2 the comment is not closed"]),
        ("a{{/*\nhello\n}}", &["1:2+2 the comment is not closed"]),
        (
            "{{/* */ }}",
            &["1:8+1 a comment must be all that stands in its action"],
        ),
        (
            "{{/* */x}}",
            &["1:8+1 a comment must be all that stands in its action"],
        ),
        ("{{- /* */", &["1:1+9 the comment is not closed"]),
        (
            "{{/* a */ b */}}",
            &["1:10+1 a comment must be all that stands in its action"],
        ),
    ]);
}

#[test]
fn empty_actions() {
    check(&[
        ("{{}}", &["1:1+4 an action lacks a value"]),
        ("{{ }}", &["1:1+5 an action lacks a value"]),
        ("{{\n}}", &["1:1+2 an action lacks a value"]),
        ("{{- -}}", &["1:5+1 `-` is not a number"]),
        ("{{if}}{{end}}", &["1:1+6 `if` lacks a value"]),
        ("{{with }}{{end}}", &["1:1+9 `with` lacks a value"]),
        ("{{range}}{{end}}", &["1:1+9 `range` lacks a value"]),
        ("{{ ( ) }}", &["1:4+3 the parentheses are empty"]),
        (r#"{{printf "%d" ( ) }}"#, &["1:15+3 the parentheses are empty"]),
        ("{{$x := }}", &["1:1+10 an action lacks a value"]),
        ("{{range $k,}}{{end}}", &["1:1+13 `range` lacks a value"]),
        ("{{range $k, $v := }}{{end}}", &["1:1+20 `range` lacks a value"]),
        (
            r#"{{block "foo"}}hello{{end}}"#,
            &["1:1+15 `block` lacks a value"],
        ),
        (
            "{{range $k}}{{end}}",
            &["1:9+2 the variable `$k` is not declared"],
        ),
    ]);
}

#[test]
fn blocks_that_do_not_close() {
    check(&[
        ("{{if .X}}", &["1:3+5 `if` is not closed"]),
        ("hello{{range .x}}\n", &["1:8+8 `range` is not closed"]),
        ("{{with .x}}{{else}}", &["1:3+7 `with` is not closed"]),
        ("{{if .A}}{{else if .B}}", &["1:17+5 `if` is not closed"]),
        (
            "{{define \"a\"}}\n{{if .X}}\n{{end}}",
            &["1:3+10 `define` is not closed"],
        ),
        (r#"{{block "a" .}}"#, &["1:3+11 `block` is not closed"]),
    ]);
}

#[test]
fn end_and_else_where_nothing_is_open() {
    check(&[
        ("{{end}}", &["1:3+3 unexpected `end`: no block is open"]),
        ("a{{else}}", &["1:4+4 unexpected `else`: no block is open"]),
        (
            "{{if .X}}hello{{end}}{{else}}",
            &["1:24+4 unexpected `else`: no block is open"],
        ),
        (
            "{{if .X}}1{{else}}2{{else}}3{{end}}",
            &["1:22+4 a second `else` in the same `if`"],
        ),
        (
            "{{if .X}}a{{else if .Y}}b{{end}}{{end}}",
            &["1:35+3 unexpected `end`: no block is open"],
        ),
        (
            r#"{{define "a"}}{{else}}{{end}}"#,
            &["1:17+4 unexpected `else` in `define`"],
        ),
        (
            r#"{{block "a" .}}{{else}}{{end}}"#,
            &["1:18+4 unexpected `else` in `block`"],
        ),
        (
            "{{if .X}}1{{else}}2{{else if .Y}}3{{end}}",
            &["1:22+4 a second `else` in the same `if`"],
        ),
        ("{{else if .X}}", &["1:3+4 unexpected `else`: no block is open"]),
    ]);
}

#[test]
fn else_that_does_not_fit_its_block() {
    check(&[
        (
            "{{with .X}}{{else if .Y}}{{end}}",
            &["1:14+7 `else if` does not belong to `with`"],
        ),
        (
            "{{if .X}}{{else with .Y}}{{end}}",
            &["1:12+9 `else with` does not belong to `if`"],
        ),
        (
            "{{range .X}}{{else if .Y}}{{end}}",
            &["1:15+7 `else if` does not belong to `range`"],
        ),
        (
            "{{range .X}}{{else range .Y}}{{end}}",
            &["1:20+5 unexpected `range` in `else`"],
        ),
        (
            "{{if .X}}{{else .Y}}{{end}}",
            &["1:17+2 unexpected `.Y` in `else`"],
        ),
        ("{{if .X}}{{end .Y}}", &["1:16+2 unexpected `.Y` in `end`"]),
        (
            "{{if .X}}{{elseif .Y}}{{end}}",
            &["1:12+6 there is no function `elseif`"],
        ),
    ]);
}

#[test]
fn break_and_continue_outside_of_range() {
    check(&[
        ("{{break}}", &["1:3+5 `break` stands outside of `range`"]),
        (
            "{{range .}}{{end}} {{continue}}",
            &["1:22+8 `continue` stands outside of `range`"],
        ),
        (
            "{{range .}}{{else}}{{break}}{{end}}",
            &["1:22+5 `break` stands outside of `range`"],
        ),
        (
            r#"{{range .}}{{block "a" .}}{{break}}{{end}}{{end}}"#,
            &["1:29+5 `break` stands outside of `range`"],
        ),
        (
            "{{range .}}{{break 20}}{{end}}",
            &["1:20+2 unexpected `20` in `break`"],
        ),
        (
            "{{range .}}{{continue | quote}}{{end}}",
            &["1:23+1 unexpected `|` in `continue`"],
        ),
    ]);
}

#[test]
fn define_only_at_the_top() {
    check(&[
        (
            r#"{{if .X}}{{define "a"}}{{end}}{{end}}"#,
            &["1:12+6 unexpected `define` in an action"],
        ),
        (
            r#"{{define "a"}}{{define "b"}}{{end}}{{end}}"#,
            &["1:17+6 unexpected `define` in an action"],
        ),
        (
            r#"{{block "a" .}}{{define "b"}}{{end}}{{end}}"#,
            &["1:18+6 unexpected `define` in an action"],
        ),
        ("{{define a}}{{end}}", &["1:10+1 unexpected `a` in `define`"]),
        (
            r#"{{define "a" .}}{{end}}"#,
            &["1:14+1 unexpected `.` in `define`"],
        ),
        ("{{define}}{{end}}", &["1:9+2 `define` ends too early"]),
        (
            r#"{{ (define "a") }}"#,
            &["1:5+6 unexpected `define` in parentheses"],
        ),
    ]);
}

#[test]
fn names_of_templates_that_are_no_strings() {
    check(&[
        ("{{template .X}}", &["1:12+2 unexpected `.X` in `template`"]),
        ("{{template $v}}", &["1:12+2 unexpected `$v` in `template`"]),
        ("{{template foo}}", &["1:12+3 unexpected `foo` in `template`"]),
        ("{{template}}", &["1:11+2 `template` ends too early"]),
        ("{{block foo .}}{{end}}", &["1:9+3 unexpected `foo` in `block`"]),
        ("{{template 'a'}}", &["1:12+3 unexpected `'a'` in `template`"]),
        (
            r#"{{template "a\q"}}"#,
            &["1:12+5 the string holds an escape that Go does not know"],
        ),
    ]);
}

#[test]
fn templates_that_are_defined_twice() {
    check(&[
        (
            "{{define `a`}}a{{end}}{{define `a`}}b{{end}}",
            &["1:25+10 the template `a` is defined twice in this file"],
        ),
        (
            r#"{{block "a" .}}x{{end}}{{block "a" .}}y{{end}}"#,
            &["1:26+11 the template `a` is defined twice in this file"],
        ),
        (
            r#"{{define "t"}}a{{end}}b"#,
            &["1:3+10 the template `t` is defined twice in this file"],
        ),
    ]);
}

#[test]
fn functions_and_variables_that_are_not_known() {
    check(&[
        ("hello{{undefined}}", &["1:8+9 there is no function `undefined`"]),
        ("{{ .X | tpYaml }}", &["1:9+6 there is no function `tpYaml`"]),
        ("line1\n{{\nx\n}}", &["3:1+1 there is no function `x`"]),
        ("{{$x}}", &["1:3+2 the variable `$x` is not declared"]),
        (
            "{{with $x := 4}}{{end}}{{$x}}",
            &["1:26+2 the variable `$x` is not declared"],
        ),
        (
            r#"{{template "a" $v}}"#,
            &["1:16+2 the variable `$v` is not declared"],
        ),
        (
            "{{range $k, $v}}{{end}}",
            &["1:13+2 the variable `$v` is not declared"],
        ),
        (
            "{{$image := 1}}{{$imgae}}",
            &["1:18+6 the variable `$imgae` is not declared"],
        ),
        (
            r#"{{define "a"}}{{$x := 1}}{{end}}{{$x}}"#,
            &["1:35+2 the variable `$x` is not declared"],
        ),
        (
            r#"{{$x := 1}}{{define "a"}}{{$x}}{{end}}"#,
            &["1:28+2 the variable `$x` is not declared"],
        ),
        (
            r#"{{block "a" $x := 1}}{{$x}}{{end}}"#,
            &["1:24+2 the variable `$x` is not declared"],
        ),
        (
            "{{ len2 (foo .X) | foo | bar }}{{$a}}{{$a}}",
            &[
                "1:4+4 there is no function `len2`",
                "1:10+3 there is no function `foo`",
                "1:26+3 there is no function `bar`",
                "1:34+2 the variable `$a` is not declared",
            ],
        ),
    ]);
}

#[test]
fn declarations_that_do_not_fit() {
    check(&[
        (
            "{{with $x.Y := 4}}{{end}}",
            &[
                "1:8+2 the variable `$x` is not declared",
                "1:13+2 unexpected `:=` in an operand",
            ],
        ),
        (
            "{{with $v, $u := 3}}{{end}}",
            &["1:8+3 too many variables are declared in `with`"],
        ),
        (
            "{{range $u, $v, $w := 3}}{{end}}",
            &["1:13+3 too many variables are declared in `range`"],
        ),
        (
            "{{range $x := $y := 3}}{{end}}",
            &[
                "1:15+2 the variable `$y` is not declared",
                "1:18+2 unexpected `:=` in an operand",
            ],
        ),
        (
            "{{$x := $y := 3}}",
            &[
                "1:9+2 the variable `$y` is not declared",
                "1:12+2 unexpected `:=` in an operand",
            ],
        ),
        (
            "{{$a,$b,$c := 23}}",
            &["1:3+3 too many variables are declared in an action"],
        ),
        (
            "{{range $k, .}}{{end}}",
            &["1:13+1 `range` can declare variables only"],
        ),
        (
            "{{range $k, 123 := .}}{{end}}",
            &["1:13+3 `range` can declare variables only"],
        ),
        (
            "{{$x := 0}}{{$x += 1}}",
            &[
                "1:17+1 `+` is not a number",
                "1:18+1 unexpected `=` in an operand",
            ],
        ),
        ("{{$x := 0}}{{$x=1}}", &["1:16+1 unexpected `=` behind a name"]),
        ("{{$x:=.}}{{$x+2}}", &["1:14+1 unexpected `+` behind a name"]),
        ("{{$x:=.}}{{$x!2}}", &["1:14+1 unexpected `!` behind a name"]),
        (
            "{{x := 1}}",
            &[
                "1:3+1 there is no function `x`",
                "1:5+2 unexpected `:=` in an operand",
            ],
        ),
        (
            "{{$x : 1}}",
            &[
                "1:3+2 the variable `$x` is not declared",
                "1:6+1 unexpected `:` in an action",
            ],
        ),
        ("{{1 := 2}}", &["1:5+2 unexpected `:=` in an operand"]),
        (
            "{{$x, y := 1}}",
            &["1:3+3 too many variables are declared in an action"],
        ),
        ("{{.X = 1}}", &["1:6+1 unexpected `=` in an operand"]),
    ]);
}

#[test]
fn operands_that_touch() {
    check(&[
        ("{{printf 3, 4}}", &["1:11+1 unexpected `,` in an operand"]),
        ("{{printf 3`x`}}", &["1:11+3 unexpected `'x'` in an operand"]),
        ("{{printf `x`.}}", &["1:13+1 unexpected `.` in an operand"]),
        ("{{`x`3}}", &["1:6+1 unexpected `3` in an operand"]),
        ("{{printf(1)}}", &["1:9+1 unexpected `(` in an operand"]),
        (r#"{{"a""b"}}"#, &[r#"1:6+3 unexpected `"b"` in an operand"#]),
        ("{{(1)(2)}}", &["1:6+1 unexpected `(` in an operand"]),
        ("{{printf (printf .).}}", &["1:20+1 unexpected `.` in an operand"]),
        ("{{.X$y}}", &["1:5+1 unexpected `$` behind a name"]),
    ]);
}

#[test]
fn fields_of_plain_values() {
    check(&[
        ("{{1.E}}", &["1:3+3 `1.E` is not a number"]),
        ("{{0.1.E}}", &["1:6+2 unexpected `.` behind `0.1`"]),
        ("{{true.E}}", &["1:7+2 unexpected `.` behind `true`"]),
        ("{{'a'.any}}", &["1:6+4 unexpected `.` behind `'a'`"]),
        (
            r#"{{"hello".guys}}"#,
            &[r#"1:10+5 unexpected `.` behind `"hello"`"#],
        ),
        ("{{..E}}", &["1:4+2 unexpected `.` behind `.`"]),
        ("{{nil.E}}", &["1:6+2 unexpected `.` behind `nil`"]),
        ("{{..}}", &["1:4+1 unexpected `.` in an operand"]),
    ]);
}

#[test]
fn stages_that_are_no_functions() {
    check(&[
        ("{{12|.}}", &["1:6+1 stage 2 of the pipeline is no function"]),
        (
            "{{.|12|printf}}",
            &["1:5+2 stage 2 of the pipeline is no function"],
        ),
        (
            r#"{{.|printf|"error"}}"#,
            &["1:12+7 stage 3 of the pipeline is no function"],
        ),
        (
            "{{12|printf|'e'}}",
            &["1:13+3 stage 3 of the pipeline is no function"],
        ),
        ("{{.|true}}", &["1:5+4 stage 2 of the pipeline is no function"]),
        ("{{'c'|nil}}", &["1:7+3 stage 2 of the pipeline is no function"]),
        ("{{|||||}}", &["1:3+1 unexpected `|` in an action"]),
        ("{{ | quote}}", &["1:4+1 unexpected `|` in an action"]),
        ("{{.X||.Y}}", &["1:6+1 unexpected `|` in an action"]),
    ]);
}

#[test]
fn parentheses_that_do_not_match() {
    check(&[
        ("{{.X (1 2 3}}", &["1:6+1 the parenthesis is not closed"]),
        (
            "{{.X 1 2 3 ) }}",
            &["1:12+1 nothing is open that `)` could close"],
        ),
        ("{{(.X 1 2 3", &["1:1+2 the action is not closed"]),
        ("{{((1)}}", &["1:3+1 the parenthesis is not closed"]),
        ("{{)}}", &["1:3+1 nothing is open that `)` could close"]),
        ("{{(1 -}}", &["1:3+1 the parenthesis is not closed"]),
        ("{{(  -}}", &["1:3+1 the parenthesis is not closed"]),
        ("{{(1))}}", &["1:6+1 nothing is open that `)` could close"]),
    ]);
}

#[test]
fn strings_that_do_not_end_or_hold_wrong_escapes() {
    check(&[
        (r#"{{"a}}"#, &["1:3+4 the string is not closed on its line"]),
        ("{{\"\n\"}}", &["1:3+1 the string is not closed on its line"]),
        ("{{\"a\\\n\"}}", &["1:3+3 the string is not closed on its line"]),
        ("{{`a}}", &["1:3+4 the raw string is not closed"]),
        (
            r#"{{"\q"}}"#,
            &["1:3+4 the string holds an escape that Go does not know"],
        ),
        (
            r#"{{"\'"}}"#,
            &["1:3+4 the string holds an escape that Go does not know"],
        ),
        (
            r#"{{"\x4"}}"#,
            &["1:3+5 the string holds an escape that Go does not know"],
        ),
        (
            r#"{{"\400"}}"#,
            &["1:3+6 the string holds an escape that Go does not know"],
        ),
        (
            r#"{{"\ud800"}}"#,
            &["1:3+8 the string holds an escape that Go does not know"],
        ),
        (
            r#"{{"\U00110000"}}"#,
            &["1:3+12 the string holds an escape that Go does not know"],
        ),
        (r#"{{"a\"#, &["1:3+3 the string is not closed on its line"]),
    ]);
}

#[test]
fn character_constants_of_more_or_less_than_one() {
    check(&[
        (
            "{{'a}}",
            &["1:3+4 the character constant is not closed on its line"],
        ),
        (
            "{{'\n}}",
            &["1:3+1 the character constant is not closed on its line"],
        ),
        ("{{'xx'}}", &["1:3+4 single quotes hold exactly one character"]),
        ("{{''}}", &["1:3+2 single quotes hold exactly one character"]),
        (r#"{{'\"'}}"#, &["1:3+4 single quotes hold exactly one character"]),
        (
            "{{'433937734937734969526500969526500'}}",
            &["1:3+35 single quotes hold exactly one character"],
        ),
        (
            r"{{'\",
            &["1:3+2 the character constant is not closed on its line"],
        ),
    ]);
}

#[test]
fn numbers_that_are_none() {
    check(&[
        ("{{3k}}", &["1:3+2 `3k` is not a number"]),
        ("{{0xi}}", &["1:3+3 `0xi` is not a number"]),
        ("{{1_}}", &["1:3+2 `1_` is not a number"]),
        ("{{1__0}}", &["1:3+4 `1__0` is not a number"]),
        ("{{08}}", &["1:3+2 `08` is not a number"]),
        ("{{0x}}", &["1:3+2 `0x` is not a number"]),
        ("{{-}}", &["1:3+1 `-` is not a number"]),
        ("{{+-2}}", &["1:3+3 `+-2` is not a number"]),
        ("{{0x123.}}", &["1:3+6 `0x123.` is not a number"]),
        (
            "{{1e.}}",
            &["1:3+2 `1e` is not a number", "1:5+1 unexpected `.` in an operand"],
        ),
        ("{{1+2.}}", &["1:3+4 `1+2.` is not a number"]),
        ("{{1+2}}", &["1:3+3 `1+2` is not a number"]),
        ("{{1i+2i}}", &["1:3+5 `1i+2i` is not a number"]),
        ("{{0b12}}", &["1:3+4 `0b12` is not a number"]),
        ("{{0o8}}", &["1:3+3 `0o8` is not a number"]),
        ("{{.}}{{.1.2}}", &["1:10+2 unexpected `.2` in an operand"]),
        ("{{1e400}}", &["1:3+5 `1e400` is not a number"]),
        (
            "{{18446744073709551616}}",
            &["1:3+20 the integer `18446744073709551616` does not fit into 64 bits"],
        ),
        (
            "{{-9223372036854775809}}",
            &["1:3+20 the integer `-9223372036854775809` does not fit into 64 bits"],
        ),
        (
            "{{0xfffffffffffffffff}}",
            &["1:3+19 `0xfffffffffffffffff` is not a number"],
        ),
        ("{{0x1p5000}}", &["1:3+8 `0x1p5000` is not a number"]),
        ("{{1.5_}}", &["1:3+4 `1.5_` is not a number"]),
        ("{{_1}}", &["1:3+2 there is no function `_1`"]),
    ]);
}

#[test]
fn characters_that_have_no_place() {
    check(&[
        ("#{{\u{1}}}", &["1:4+1 unexpected character U+0001 in an action"]),
        ("{{@}}", &["1:3+1 unexpected `@` in an action"]),
        ("{{a#}}", &["1:4+1 unexpected `#` behind a name"]),
        ("{{.a-b}}", &["1:5+1 unexpected `-` behind a name"]),
        ("{{.Values.a-b.c}}", &["1:12+1 unexpected `-` behind a name"]),
        ("{{😀}}", &["1:3+1 unexpected `😀` (U+1F600) in an action"]),
        (
            "{{.a\u{a0}}}",
            &["1:5+1 unexpected character U+00A0 behind a name"],
        ),
        ("{{\u{a0}.}}", &["1:3+1 unexpected character U+00A0 in an action"]),
        ("{{.X;}}", &["1:5+1 unexpected `;` behind a name"]),
        ("{{=}}", &["1:3+1 unexpected `=` in an action"]),
        ("{{.X = }}", &["1:6+1 unexpected `=` in an operand"]),
        ("{{&}}", &["1:3+1 unexpected `&` in an action"]),
        ("{{!.X}}", &["1:3+1 unexpected `!` in an action"]),
        ("{{.X }  }}", &["1:6+1 unexpected `}` in an operand"]),
        ("{{.X == 1}}", &["1:6+1 unexpected `=` in an operand"]),
        ("{{[1]}}", &["1:3+1 unexpected `[` in an action"]),
        ("{{ .X[0] }}", &["1:6+1 unexpected `[` behind a name"]),
        ("{{ // }}", &["1:4+1 unexpected `/` in an action"]),
        ("{{ - }}", &["1:4+1 `-` is not a number"]),
        ("{{$$x}}", &["1:4+1 unexpected `$` behind a name"]),
        ("{{.$x}}", &["1:4+1 unexpected `$` behind a name"]),
    ]);
}
