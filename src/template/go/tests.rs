//! Tests of the limits of execution and of what golden cases cannot reach.

use super::{Engine, Run};
use crate::diagnostic::Diagnostic;
use crate::source::Source;
use crate::template::STACK;
use crate::template::functions::{Context, Integers, Random};
use crate::template::lookup::Cluster;
use crate::yaml::{Map, MapKind, Value};
use std::thread;

mod random;

/// Renders templates, given in the order of parsing, on a stack of the size that rendering has; the last one is
/// rendered.
#[track_caller]
fn render(files: &[(&str, &str)], dot: impl Into<Value>) -> Result<String, Diagnostic> {
    let dot = dot.into();
    let sources: Vec<_> = files
        .iter()
        .map(|(name, text)| Source::new(*name, *text))
        .collect();
    let work = || {
        let named = sources.iter().map(|source| (&*source.name, source));
        let engine = Engine::new(named).map_err(|errors| errors[0].clone())?;
        let context = Context {
            clock: time::OffsetDateTime::UNIX_EPOCH,
            random: Random::new(Some(1)),
            integers: Integers::AsFloats,
            cluster: Cluster::default(),
            swallows: true,
        };
        let mut run = Run::new(&engine, &context);
        let (name, _) = files.last().expect("a template to render");
        run.render(name, dot).map(|(text, _)| text)
    };
    thread::scope(|scope| {
        let builder = thread::Builder::new().stack_size(STACK);
        let thread = builder.spawn_scoped(scope, work).expect("a thread");
        thread.join().expect("no panic")
    })
}

#[track_caller]
fn code_of(text: &str, dot: impl Into<Value>) -> &'static str {
    render(&[("t", text)], dot).expect_err("must fail").code
}

#[test]
fn templates_that_reach_themselves_end_with_an_error() {
    let direct = r#"{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}"#;
    assert_eq!(code_of(direct, Value::Null), "template-recursion");
    let nested = r#"{{ define "a" }}{{ if true }}{{ range list 1 }}{{ with 1 }}{{ template "a" . }}{{ end }}{{ end }}{{ end }}{{ end }}{{ template "a" . }}"#;
    assert_eq!(code_of(nested, Value::Null), "template-recursion");
    let included = r#"{{ define "a" }}{{ include "b" . | upper }}{{ end }}{{ define "b" }}{{ (include "a" (dict)) | len }}{{ end }}{{ include "a" . }}"#;
    assert_eq!(code_of(included, Value::Null), "template-recursion");
}

#[test]
fn a_text_that_evaluates_itself_ends_with_an_error() {
    let dot: Map = [("text", "{{ tpl .text . }}")].into_iter().collect();
    assert_eq!(code_of("{{ tpl .text . }}", dot), "template-recursion");
    let through_templates =
        r#"{{ define "a" }}{{ tpl "{{ template \"a\" . }}" . }}{{ end }}{{ template "a" . }}"#;
    assert_eq!(code_of(through_templates, Value::Null), "template-recursion");
}

#[test]
fn loops_of_loops_end_with_an_error() {
    let nine = "{{ range until 1000 }}".repeat(9) + &"{{ end }}".repeat(9);
    assert_eq!(code_of(&nine, Value::Null), "template-loops");
}

#[test]
fn output_is_limited() {
    let text = r#"{{ $big := repeat 1000000 "x" }}{{ range until 1000 }}{{ $big }}{{ end }}"#;
    assert_eq!(code_of(text, Value::Null), "too-large");
}

#[test]
fn a_text_that_grows_in_a_loop_is_limited() {
    let text = r#"{{ $x := "x" }}{{ range until 100 }}{{ $x = print $x $x }}{{ end }}{{ len $x }}"#;
    assert_eq!(code_of(text, Value::Null), "too-large");
}

#[test]
fn long_traces_are_cut_in_the_middle() {
    let text = r#"{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}"#;
    let error = render(&[("t", text)], Value::Null).expect_err("must fail");
    assert_eq!(error.trace.len(), 9);
    assert!(error.trace[4].starts_with("… "), "{:?}", error.trace);
}

#[test]
fn deep_parentheses_fit_the_stack() {
    let text = format!("{{{{ {}1{} }}}}", "(".repeat(190), ")".repeat(190));
    assert_eq!(render(&[("t", &text)], Value::Null), Ok("1".to_owned()));
}

#[test]
fn of_two_definitions_the_later_counts_unless_it_is_blank() {
    let files = [
        (
            "a",
            r#"{{ define "x" }}first{{ end }}{{ define "y" }}stays{{ end }}"#,
        ),
        (
            "b",
            r#"{{ define "x" }}second{{ end }}{{ define "y" }} {{/* nothing */}} {{ end }}"#,
        ),
        ("c", r#"{{ template "x" }} {{ template "y" }}"#),
    ];
    assert_eq!(render(&files, Value::Null).as_deref(), Ok("second stays"));
}

#[test]
fn a_blank_definition_in_a_text_replaces_none() {
    let files = [
        ("a", r#"{{ define "x" }}chart's{{ end }}"#),
        (
            "b",
            r#"{{ tpl "{{ define \"x\" }} {{ end }}{{ include \"x\" . }}" . }} {{ tpl "{{ define \"x\" }}text's{{ end }}{{ include \"x\" . }}" . }}"#,
        ),
    ];
    assert_eq!(render(&files, Value::Null).as_deref(), Ok("chart's text's"));
}

#[test]
fn the_mark_of_no_value_is_taken_out_but_not_of_what_is_included() {
    let text = r#"{{ define "x" }}{{ .a }}{{ end }}[{{ .a }}][{{ include "x" . }}]{{ len (include "x" .) }}[{{ upper (include "x" .) }}]"#;
    assert_eq!(
        render(&[("t", text)], Map::new()).as_deref(),
        Ok("[][]10[<NO VALUE>]")
    );
}

#[test]
fn methods_of_values_hide_keys_of_their_name() {
    let values: Map = [("AsMap", "hidden"), ("other", "seen")].into_iter().collect();
    let dot = || {
        [("Values", values.as_kind(MapKind::Values))]
            .into_iter()
            .collect::<Map>()
    };
    assert_eq!(
        render(&[("t", "{{ .Values.AsMap.other }} {{ .Values.other }}")], dot()).as_deref(),
        Ok("seen seen")
    );
    let plain: Map = [("Values", values.clone())].into_iter().collect();
    assert_eq!(
        render(&[("t", "{{ .Values.AsMap }}")], plain).as_deref(),
        Ok("hidden")
    );
}

#[test]
fn a_change_while_ranging_is_not_seen_by_the_range() {
    let text = "{{ $m := dict \"a\" 1 \"b\" 2 }}{{ range $k, $v := $m }}{{ $_ := unset $m \"b\" }}{{ $k }}{{ $v }}{{ end }}{{ $m }}";
    assert_eq!(render(&[("t", text)], Value::Null).as_deref(), Ok("a1b2map[a:1]"));
}
