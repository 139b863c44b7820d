//! Texts that are accepted, and their trees.

use super::{dump, trees};

/// Checks the nodes of texts that define nothing.
#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let all: Vec<String> = trees(text).iter().map(dump).collect();
        let [only] = &all[..] else {
            panic!("{text:?} defines something: {all:?}");
        };
        let space = if expected.is_empty() { "" } else { " " };
        assert_eq!(only, &format!("(tree \"t\"{space}{expected})"), "of {text:?}");
    }
}

/// Checks all templates of texts, sorted by their names.
#[track_caller]
fn check_all(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let mut all = trees(text);
        all.sort_by(|left, right| left.name.cmp(&right.name));
        let all: Vec<String> = all.iter().map(dump).collect();
        assert_eq!(&all.join(" "), expected, "of {text:?}");
    }
}

#[test]
fn text_outside_of_actions_stays_as_it_is() {
    check(&[
        ("", ""),
        (" \t\n", r#"" \x09\x0a""#),
        ("some text", r#""some text""#),
        ("a { b } }} c", r#""a { b } }} c""#),
        ("\u{feff}é", r#""\xef\xbb\xbf\xc3\xa9""#),
        ("x{.}}y", r#""x{.}}y""#),
    ]);
}

#[test]
fn the_smallest_operands() {
    check(&[
        ("{{.}}", "(pipe (.))"),
        ("{{$}}", "(pipe ($))"),
        ("{{.X}}", "(pipe (.X))"),
        ("{{.X.y.Z}}", "(pipe (.X.y.Z))"),
        ("{{$.X.y}}", "(pipe ($.X.y))"),
        ("{{true}}", "(pipe (true))"),
        ("{{false}}", "(pipe (false))"),
        ("{{nil}}", "(pipe (nil))"),
        ("{{printf}}", "(pipe (printf))"),
        ("{{ .été.日本 }}", "(pipe (.été.日本))"),
        ("{{._1}}", "(pipe (._1))"),
        ("{{\t.\r\n}}", "(pipe (.))"),
    ]);
}

#[test]
fn strings_in_both_kinds_of_quotes() {
    check(&[
        (r#"{{"abc \n\t\" "}}"#, r#"(pipe ("abc \x0a\x09\x22 "))"#),
        (r#"{{`raw \n "`}}"#, r#"(pipe ("raw \x5cn \x22"))"#),
        ("{{`two\nlines`}}", r#"(pipe ("two\x0alines"))"#),
        ("{{`no\r\nreturn`}}", r#"(pipe ("no\x0areturn"))"#),
        (r#"{{"\a\b\f\r\v\\"}}"#, r#"(pipe ("\x07\x08\x0c\x0d\x0b\x5c"))"#),
        (
            r#"{{"\x41\101\u00e9\U0001F600"}}"#,
            r#"(pipe ("AA\xc3\xa9\xf0\x9f\x98\x80"))"#,
        ),
        (r#"{{"\xe4\xb8\x96"}}"#, r#"(pipe ("\xe4\xb8\x96"))"#),
        (r#"{{"\xff"}}"#, r#"(pipe ("\xff"))"#),
        (r#"{{""}}"#, r#"(pipe (""))"#),
        (r#"{{"a{{b}}c"}}"#, r#"(pipe ("a{{b}}c"))"#),
        ("{{`}}`}}", r#"(pipe ("}}"))"#),
    ]);
}

#[test]
fn character_constants_are_numbers() {
    check(&[
        ("{{'a'}}", "(pipe (#'a' int=97 uint=97 float=4058400000000000))"),
        (
            r"{{'\n'}}",
            r"(pipe (#'\n' int=10 uint=10 float=4024000000000000))",
        ),
        (
            r"{{'\''}}",
            r"(pipe (#'\'' int=39 uint=39 float=4043800000000000))",
        ),
        (
            r#"{{'"'}}"#,
            r#"(pipe (#'"' int=34 uint=34 float=4041000000000000))"#,
        ),
        (
            r"{{'\xff'}}",
            r"(pipe (#'\xff' int=255 uint=255 float=406fe00000000000))",
        ),
        (
            "{{'本'}}",
            "(pipe (#'本' int=26412 uint=26412 float=40d9cb0000000000))",
        ),
        (
            r"{{'\u30d1'}}",
            r"(pipe (#'\u30d1' int=12497 uint=12497 float=40c8688000000000))",
        ),
        (
            r"{{'\U000030d1'}}",
            r"(pipe (#'\U000030d1' int=12497 uint=12497 float=40c8688000000000))",
        ),
        (r"{{'\000'}}", r"(pipe (#'\000' int=0 uint=0 float=0))"),
    ]);
}

#[test]
fn numbers_of_all_bases() {
    check(&[
        ("{{0}}", "(pipe (#0 int=0 uint=0 float=0))"),
        ("{{-0}}", "(pipe (#-0 int=0 uint=0 float=0))"),
        ("{{+73}}", "(pipe (#+73 int=73 float=4052400000000000))"),
        ("{{7_3}}", "(pipe (#7_3 int=73 uint=73 float=4052400000000000))"),
        (
            "{{0b10_01}}",
            "(pipe (#0b10_01 int=9 uint=9 float=4022000000000000))",
        ),
        ("{{0B1}}", "(pipe (#0B1 int=1 uint=1 float=3ff0000000000000))"),
        ("{{073}}", "(pipe (#073 int=59 uint=59 float=404d800000000000))"),
        ("{{0o73}}", "(pipe (#0o73 int=59 uint=59 float=404d800000000000))"),
        ("{{0O7}}", "(pipe (#0O7 int=7 uint=7 float=401c000000000000))"),
        (
            "{{0x7F}}",
            "(pipe (#0x7F int=127 uint=127 float=405fc00000000000))",
        ),
        ("{{0X_f}}", "(pipe (#0X_f int=15 uint=15 float=402e000000000000))"),
        ("{{-0x10}}", "(pipe (#-0x10 int=-16 float=c030000000000000))"),
        (
            "{{9223372036854775807}}",
            "(pipe (#9223372036854775807 int=9223372036854775807 uint=9223372036854775807 float=43e0000000000000))",
        ),
        (
            "{{9223372036854775808}}",
            "(pipe (#9223372036854775808 uint=9223372036854775808 float=43e0000000000000))",
        ),
        (
            "{{18446744073709551615}}",
            "(pipe (#18446744073709551615 uint=18446744073709551615 float=43f0000000000000))",
        ),
        (
            "{{-9223372036854775808}}",
            "(pipe (#-9223372036854775808 int=-9223372036854775808 float=c3e0000000000000))",
        ),
    ]);
}

#[test]
fn numbers_with_fractions_and_exponents() {
    check(&[
        ("{{1.5}}", "(pipe (#1.5 float=3ff8000000000000))"),
        ("{{.5}}", "(pipe (#.5 float=3fe0000000000000))"),
        ("{{1.}}", "(pipe (#1. int=1 uint=1 float=3ff0000000000000))"),
        ("{{-1.2}}", "(pipe (#-1.2 float=bff3333333333333))"),
        (
            "{{1e3}}",
            "(pipe (#1e3 int=1000 uint=1000 float=408f400000000000))",
        ),
        (
            "{{1E+3}}",
            "(pipe (#1E+3 int=1000 uint=1000 float=408f400000000000))",
        ),
        ("{{+1.2e-4}}", "(pipe (#+1.2e-4 float=3f1f75104d551d69))"),
        (
            "{{1e19}}",
            "(pipe (#1e19 uint=10000000000000000000 float=43e158e460913d00))",
        ),
        (
            "{{1e1_9}}",
            "(pipe (#1e1_9 uint=10000000000000000000 float=43e158e460913d00))",
        ),
        ("{{089.5}}", "(pipe (#089.5 float=4056600000000000))"),
        (
            "{{0x1p4}}",
            "(pipe (#0x1p4 int=16 uint=16 float=4030000000000000))",
        ),
        ("{{0x_1.8P-1}}", "(pipe (#0x_1.8P-1 float=3fe8000000000000))"),
        ("{{0x1.e_fp4}}", "(pipe (#0x1.e_fp4 float=403ef00000000000))"),
        ("{{5e-324}}", "(pipe (#5e-324 float=1))"),
        ("{{0x1p-1074}}", "(pipe (#0x1p-1074 float=1))"),
        (
            "{{0x1.fffffffffffff8p-1023}}",
            "(pipe (#0x1.fffffffffffff8p-1023 float=10000000000000))",
        ),
        (
            "{{0x.8p1}}",
            "(pipe (#0x.8p1 int=1 uint=1 float=3ff0000000000000))",
        ),
        ("{{1e-400}}", "(pipe (#1e-400 int=0 uint=0 float=0))"),
        (
            "{{0x123456789abcdef01p0}}",
            "(pipe (#0x123456789abcdef01p0 float=43f23456789abcdf))",
        ),
    ]);
}

#[test]
fn complex_numbers() {
    check(&[
        ("{{4i}}", "(pipe (#4i complex=0,4010000000000000))"),
        ("{{0i}}", "(pipe (#0i int=0 uint=0 float=0 complex=0,0))"),
        ("{{073i}}", "(pipe (#073i complex=0,4052400000000000))"),
        (
            "{{1+2i}}",
            "(pipe (#1+2i complex=3ff0000000000000,4000000000000000))",
        ),
        (
            "{{-1.2+4.2i}}",
            "(pipe (#-1.2+4.2i complex=bff3333333333333,4010cccccccccccd))",
        ),
        (
            "{{13+0i}}",
            "(pipe (#13+0i int=13 uint=13 float=402a000000000000 complex=402a000000000000,0))",
        ),
        (
            "{{1e3-2e-1i}}",
            "(pipe (#1e3-2e-1i complex=408f400000000000,bfc999999999999a))",
        ),
        (
            "{{0x1p4+1i}}",
            "(pipe (#0x1p4+1i complex=4030000000000000,3ff0000000000000))",
        ),
    ]);
}

#[test]
fn arguments_and_pipelines() {
    check(&[
        (
            "{{printf `%d` 23}}",
            r#"(pipe (printf "%d" #23 int=23 uint=23 float=4037000000000000))"#,
        ),
        ("{{.X|.Y}}", "(pipe (.X) (.Y))"),
        (
            r#"{{ .X | printf "%s" .Y | quote }}"#,
            r#"(pipe (.X) (printf "%s" .Y) (quote))"#,
        ),
        (
            "{{.X (.Y .Z) (.A | .B .C) (.E)}}",
            "(pipe (.X (pipe (.Y .Z)) (pipe (.A) (.B .C)) (pipe (.E))))",
        ),
        ("{{\n\"x\"\n|\nprintf\n}}", r#"(pipe ("x") (printf))"#),
        ("{{ . 1 }}", "(pipe (. #1 int=1 uint=1 float=3ff0000000000000))"),
        ("{{nil 1}}", "(pipe (nil #1 int=1 uint=1 float=3ff0000000000000))"),
        ("{{printf | }}", "(pipe (printf))"),
        ("{{ .X |}}", "(pipe (.X))"),
    ]);
}

#[test]
fn fields_behind_parentheses_and_functions() {
    check(&[
        ("{{(.Y .Z).Field}}", "(pipe ((chain (pipe (.Y .Z)) .Field)))"),
        ("{{(dict).a.b}}", "(pipe ((chain (pipe (dict)) .a.b)))"),
        (
            "{{((3))}}",
            "(pipe ((pipe ((pipe (#3 int=3 uint=3 float=4008000000000000))))))",
        ),
        ("{{ list.a }}", "(pipe ((chain list .a)))"),
        (
            "{{ list.a.b 1 }}",
            "(pipe ((chain list .a.b) #1 int=1 uint=1 float=3ff0000000000000))",
        ),
        (
            "{{(1).a}}",
            "(pipe ((chain (pipe (#1 int=1 uint=1 float=3ff0000000000000)) .a)))",
        ),
        ("{{ ( .X ) }}", "(pipe ((pipe (.X))))"),
    ]);
}

#[test]
fn variables() {
    check(&[
        ("{{$x := .X}}", "(pipe $x := (.X))"),
        ("{{$x:=.X|.Y}}", "(pipe $x := (.X) (.Y))"),
        (
            "{{ $x \n := \n 1 \n }}",
            "(pipe $x := (#1 int=1 uint=1 float=3ff0000000000000))",
        ),
        (
            "{{$x := 1}}{{$x}}{{$x.a.b}}{{$x 23}}",
            "(pipe $x := (#1 int=1 uint=1 float=3ff0000000000000)) (pipe ($x)) (pipe ($x.a.b)) (pipe ($x #23 int=23 uint=23 float=4037000000000000))",
        ),
        (
            "{{$x := 1}}{{$x = 2}}",
            "(pipe $x := (#1 int=1 uint=1 float=3ff0000000000000)) (pipe $x = (#2 int=2 uint=2 float=4000000000000000))",
        ),
        (
            "{{$x = 1}}{{$x}}",
            "(pipe $x = (#1 int=1 uint=1 float=3ff0000000000000)) (pipe ($x))",
        ),
        (
            "{{$x:=.}}{{$x +2}}",
            "(pipe $x := (.)) (pipe ($x #+2 int=2 float=4000000000000000))",
        ),
        (
            "{{$1 := 1}}{{$1}}",
            "(pipe $1 := (#1 int=1 uint=1 float=3ff0000000000000)) (pipe ($1))",
        ),
        (
            "{{$ := 1}}",
            "(pipe $ := (#1 int=1 uint=1 float=3ff0000000000000))",
        ),
        (
            "{{($x := 1)}}{{$x}}",
            "(pipe ((pipe $x := (#1 int=1 uint=1 float=3ff0000000000000)))) (pipe ($x))",
        ),
        ("{{$x := $x}}", "(pipe $x := ($x))"),
        (
            "{{$é := 1}}{{$é}}",
            "(pipe $é := (#1 int=1 uint=1 float=3ff0000000000000)) (pipe ($é))",
        ),
        (
            "{{printf ($x := 1) $x}}",
            "(pipe (printf (pipe $x := (#1 int=1 uint=1 float=3ff0000000000000)) $x))",
        ),
    ]);
}

#[test]
fn if_else_and_their_chains() {
    check(&[
        ("{{if .X}}a{{end}}", r#"(if (pipe (.X)) "a")"#),
        ("{{if .X}}a{{else}}b{{end}}", r#"(if (pipe (.X)) "a" (else "b"))"#),
        ("{{if .X}}{{else}}{{end}}", "(if (pipe (.X)) (else))"),
        (
            "+{{if .X}}X{{else if .Y}}Y{{else if .Z}}Z{{else}}-{{end}}+",
            r#""+" (if (pipe (.X)) "X" (else (if (pipe (.Y)) "Y" (else (if (pipe (.Z)) "Z" (else "-")))))) "+""#,
        ),
        (
            "{{if .X}}{{if .Y}}{{else}}a{{end}}{{else  if .Z}}{{end}}",
            r#"(if (pipe (.X)) (if (pipe (.Y)) (else "a")) (else (if (pipe (.Z)))))"#,
        ),
        (
            "{{if $x := .X}}{{$x}}{{else}}{{$x}}{{end}}",
            "(if (pipe $x := (.X)) (pipe ($x)) (else (pipe ($x))))",
        ),
        (
            "{{ if .X }}{{$y := 1}}{{else}}{{$y}}{{end}}",
            "(if (pipe (.X)) (pipe $y := (#1 int=1 uint=1 float=3ff0000000000000)) (else (pipe ($y))))",
        ),
    ]);
}

#[test]
fn with_else_and_their_chains() {
    check(&[
        ("{{with .X}}a{{end}}", r#"(with (pipe (.X)) "a")"#),
        (
            "{{with $x := .X}}{{$x}}{{else}}b{{end}}",
            r#"(with (pipe $x := (.X)) (pipe ($x)) (else "b"))"#,
        ),
        (
            "{{with .X}}X{{else with .Y}}Y{{else with .Z}}Z{{else}}-{{end}}",
            r#"(with (pipe (.X)) "X" (else (with (pipe (.Y)) "Y" (else (with (pipe (.Z)) "Z" (else "-"))))))"#,
        ),
        (
            "{{with .X}}{{else}}{{if .Y}}{{end}}{{end}}",
            "(with (pipe (.X)) (else (if (pipe (.Y)))))",
        ),
    ]);
}

#[test]
fn range_and_its_variables() {
    check(&[
        (
            "{{range .X}}a{{else}}b{{end}}",
            r#"(range (pipe (.X)) "a" (else "b"))"#,
        ),
        (
            "{{range $x := .X}}{{$x}}{{end}}",
            "(range (pipe $x := (.X)) (pipe ($x)))",
        ),
        (
            "{{range $x, $y := .X}}{{$x}}{{$y}}{{end}}",
            "(range (pipe $x $y := (.X)) (pipe ($x)) (pipe ($y)))",
        ),
        (
            "{{range $x,$y:=.X|.Y}}{{end}}",
            "(range (pipe $x $y := (.X) (.Y)))",
        ),
        (
            "{{$x := 1}}{{range $x = .X}}{{end}}",
            "(pipe $x := (#1 int=1 uint=1 float=3ff0000000000000)) (range (pipe $x = (.X)))",
        ),
        ("{{range $x, $y = .X}}{{end}}", "(range (pipe $x $y = (.X)))"),
        (
            "{{$y := .X}}{{range $x, $y}}{{end}}",
            "(pipe $y := (.X)) (range (pipe $x := ($y)))",
        ),
        (
            "{{range 3}}{{end}}",
            "(range (pipe (#3 int=3 uint=3 float=4008000000000000)))",
        ),
        (
            "{{range .X 1 -3.2i true false 'a' nil}}{{end}}",
            "(range (pipe (.X #1 int=1 uint=1 float=3ff0000000000000 #-3.2i complex=0,c00999999999999a true false #'a' int=97 uint=97 float=4058400000000000 nil)))",
        ),
    ]);
}

#[test]
fn break_and_continue() {
    check(&[
        ("{{range .}}{{break}}{{end}}", "(range (pipe (.)) (break))"),
        (
            "{{range .}}{{ continue }}{{end}}",
            "(range (pipe (.)) (continue))",
        ),
        (
            "{{range .}}{{if .}}{{break}}{{else}}{{continue}}{{end}}{{end}}",
            "(range (pipe (.)) (if (pipe (.)) (break) (else (continue))))",
        ),
        (
            "{{range .}}{{range .}}{{else}}{{break}}{{end}}{{end}}",
            "(range (pipe (.)) (range (pipe (.)) (else (break))))",
        ),
    ]);
}

#[test]
fn templates_by_name() {
    check(&[
        ("{{template `x`}}", r#"(template "x")"#),
        (r#"{{template "x" .Y}}"#, r#"(template "x" (pipe (.Y)))"#),
        (r#"{{ template "x".Y }}"#, r#"(template "x" (pipe (.Y)))"#),
        (
            r#"{{template "x" $y := 1}}{{$y}}"#,
            r#"(template "x" (pipe $y := (#1 int=1 uint=1 float=3ff0000000000000))) (pipe ($y))"#,
        ),
        (
            r#"{{template "a\tb" . | quote}}"#,
            r#"(template "a\x09b" (pipe (.) (quote)))"#,
        ),
        (
            r#"{{template "" (dict "a" 1)}}"#,
            r#"(template "" (pipe ((pipe (dict "a" #1 int=1 uint=1 float=3ff0000000000000)))))"#,
        ),
    ]);
}

#[test]
fn trim_markers_take_spaces_tabs_and_line_breaks() {
    check(&[
        (
            "x \r\n\t{{- 3}}",
            r#""x" (pipe (#3 int=3 uint=3 float=4008000000000000))"#,
        ),
        (
            "{{3 -}}\n\n\ty",
            r#"(pipe (#3 int=3 uint=3 float=4008000000000000)) "y""#,
        ),
        (
            "x \r\n\t{{- 3 -}}\n\n\ty",
            r#""x" (pipe (#3 int=3 uint=3 float=4008000000000000)) "y""#,
        ),
        (
            "x\n{{-  3   -}}\ny",
            r#""x" (pipe (#3 int=3 uint=3 float=4008000000000000)) "y""#,
        ),
        (
            "x {{-\n3\n-}} y",
            r#""x" (pipe (#3 int=3 uint=3 float=4008000000000000)) "y""#,
        ),
        (
            "x\u{b}\u{a0} {{- 3 -}} \u{a0}y",
            r#""x\x0b\xc2\xa0" (pipe (#3 int=3 uint=3 float=4008000000000000)) "\xc2\xa0y""#,
        ),
        (
            "{{- 3 -}} {{- 4}}",
            "(pipe (#3 int=3 uint=3 float=4008000000000000)) (pipe (#4 int=4 uint=4 float=4010000000000000))",
        ),
        (
            "a {{-3}} b",
            r#""a " (pipe (#-3 int=-3 float=c008000000000000)) " b""#,
        ),
        (
            "a {{3 -4}} b",
            r#""a " (pipe (#3 int=3 uint=3 float=4008000000000000 #-4 int=-4 float=c010000000000000)) " b""#,
        ),
        (
            "{{3\t-}} b",
            r#"(pipe (#3 int=3 uint=3 float=4008000000000000)) "b""#,
        ),
        (
            "a {{- -1 -}} b",
            r#""a" (pipe (#-1 int=-1 float=bff0000000000000)) "b""#,
        ),
    ]);
}

#[test]
fn comments() {
    check(&[
        ("{{/*\n\n*/}}", ""),
        ("a{{/* c */}}b", r#""a" "b""#),
        ("x \n{{- /* hi */}}", r#""x""#),
        ("{{/* hi */ -}}\n y", r#""y""#),
        ("x \n{{- /* */ -}}\n y", r#""x" "y""#),
        ("{{-\n/* a\nb */\n-}}", ""),
        (r#"{{/* {{ " */}}"#, ""),
        ("{{/***/}}", ""),
        ("{{/* a */ -}} {{- /* b */}}", ""),
        ("{{/**/}}", ""),
    ]);
}

#[test]
fn definitions_and_blocks_are_trees_of_their_own() {
    check_all(&[
        (
            r#"{{define "a"}}x{{end}}{{define `b`}}{{template "a"}}{{end}}"#,
            r#"(tree "a" "x") (tree "b" (template "a")) (tree "t")"#,
        ),
        (
            r#"{{ define "a" -}} x {{- end }} rest"#,
            r#"(tree "a" "x") (tree "t" " rest")"#,
        ),
        (
            r#"a{{block "inner" .}}bar{{.}}{{end}}b"#,
            r#"(tree "inner" "bar" (pipe (.))) (tree "t" "a" (template "inner" (pipe (.))) "b")"#,
        ),
        (
            r#"{{block "a" .X | quote}}{{block "b" $}}{{end}}{{end}}"#,
            r#"(tree "a" (template "b" (pipe ($)))) (tree "b") (tree "t" (template "a" (pipe (.X) (quote))))"#,
        ),
        (
            r#"{{define "a"}}{{$x := 1}}{{$x}}{{end}}{{define "b"}}{{$x := 2}}{{end}}"#,
            r#"(tree "a" (pipe $x := (#1 int=1 uint=1 float=3ff0000000000000)) (pipe ($x))) (tree "b" (pipe $x := (#2 int=2 uint=2 float=4000000000000000))) (tree "t")"#,
        ),
        (
            r#"{{range .}}{{block "a" .}}{{range .}}{{break}}{{end}}{{end}}{{end}}"#,
            r#"(tree "a" (range (pipe (.)) (break))) (tree "t" (range (pipe (.)) (template "a" (pipe (.)))))"#,
        ),
    ]);
}

#[test]
fn a_blank_template_gives_way_to_any_other() {
    check_all(&[
        (
            "{{define \"a\"}} {{/* c */}}\n{{end}}{{define \"a\"}}x{{end}}",
            r#"(tree "a" "x") (tree "t")"#,
        ),
        (
            r#"{{define "a"}}x{{end}}{{define "a"}} {{end}}"#,
            r#"(tree "a" "x") (tree "t")"#,
        ),
        (
            r#"{{define "a"}}{{end}}{{define "a"}} {{end}}"#,
            r#"(tree "a" " ") (tree "t")"#,
        ),
        (r#"{{define "t"}}x{{end}} "#, r#"(tree "t" "x")"#),
        (r#"{{define "t"}} {{end}}x"#, r#"(tree "t" "x")"#),
        (
            "{{define \"a\"}}{{.}}{{end}}{{block \"a\" .}}\n{{end}}",
            r#"(tree "a" (pipe (.))) (tree "t" (template "a" (pipe (.))))"#,
        ),
    ]);
}
