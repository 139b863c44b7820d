//! Templates made at random of every function and of values of every kind: whatever they do, they end.
//!
//! What they give is not asked; that is compared with Helm elsewhere.

use super::render;
use crate::template::functions::FUNCTIONS;
use crate::yaml::{List, Map, MapKind, Number, Value};
use std::fmt::Write as _;

/// How many templates are made.
const TEMPLATES: u32 = 1_000;

/// Functions that take seconds by design; their own tests hold their limits.
const SLOW: &[&str] = &[
    "bcrypt",
    "buildCustomCert",
    "derivePassword",
    "genCA",
    "genCAWithKey",
    "genPrivateKey",
    "genSelfSignedCert",
    "genSelfSignedCertWithKey",
    "genSignedCert",
    "genSignedCertWithKey",
    "htpasswd",
];

/// Operands of every kind, among them those at the ends of their ranges.
const OPERANDS: &[&str] = &[
    ".",
    "$",
    ".Values",
    ".Values.map",
    ".Values.list",
    ".Values.text",
    ".Values.number",
    ".Values.null",
    ".Values.missing",
    ".Values.map.a.b",
    ".Values.AsMap",
    "(.Values.missing)",
    "$x",
    "nil",
    "true",
    "0",
    "-1",
    "3",
    "9223372036854775807",
    "-9223372036854775808",
    "1.5",
    "1e308",
    "'a'",
    "\"\"",
    "\"a b/c-d.e\"",
    "\"{{ .Values.text }}\"",
    "\"%s %d %v %999999d\"",
    "\"((\"",
    "\"1.2.3\"",
    "\"2006-01-02\"",
    "\"h\"",
    "now",
    "(list)",
    "(dict)",
    "(dict \"a\" (list 1 nil))",
    "(list 3 1 2)",
    "(list \"b\" \"a\" nil)",
    "(semver \"1.2.3-a+b\")",
];

/// A small generator of numbers, the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.below(from.len())]
    }

    fn function(&mut self) -> &'static str {
        loop {
            let function = &FUNCTIONS[self.below(FUNCTIONS.len())];
            if !SLOW.contains(&function.name) {
                return function.name;
            }
        }
    }

    fn expression(&mut self, depth: usize) -> String {
        if depth == 0 || self.below(4) == 0 {
            return self.pick(OPERANDS).to_owned();
        }
        let mut text = format!("({}", self.function());
        for _ in 0..self.below(4) {
            let _ = write!(text, " {}", self.expression(depth - 1));
        }
        if self.below(3) == 0 {
            let _ = write!(text, " | {}", self.function());
        }
        text + ")"
    }

    fn template(&mut self, depth: usize) -> String {
        let mut text = String::new();
        for _ in 0..=self.below(3) {
            let value = self.expression(3);
            let _ = match self.below(if depth == 0 { 2 } else { 6 }) {
                0 => write!(text, "{{{{ {value} }}}}"),
                1 => write!(text, "{{{{ $x = {value} }}}}"),
                2 => write!(
                    text,
                    "{{{{ if {value} }}}}{}{{{{ end }}}}",
                    self.template(depth - 1)
                ),
                3 => write!(
                    text,
                    "{{{{ with {value} }}}}{}{{{{ end }}}}",
                    self.template(depth - 1)
                ),
                4 => write!(
                    text,
                    "{{{{ range $k, $v := {value} }}}}{}{{{{ break }}}}{{{{ end }}}}",
                    self.template(depth - 1)
                ),
                _ => write!(text, "{{{{ template \"t\" {value} }}}}"),
            };
        }
        text
    }
}

fn dot() -> Map {
    let inner: Map = [("b", Value::from(2.5_f64.to_string()))].into_iter().collect();
    let map: Map = [("a", Value::from(inner)), ("z", Value::Null)]
        .into_iter()
        .collect();
    let list: List = [Value::from("x"), Value::Null, Value::from(map.clone())]
        .into_iter()
        .collect();
    let values: Map = [
        ("map", Value::from(map)),
        ("list", Value::from(list)),
        ("text", Value::from("text {{ .Values.number }}")),
        ("number", Value::Number(Number::Whole(i64::MAX))),
        ("null", Value::Null),
    ]
    .into_iter()
    .collect();
    [("Values", Value::from(values.as_kind(MapKind::Values)))]
        .into_iter()
        .collect()
}

#[test]
fn templates_made_at_random_end_without_a_panic() {
    let mut dice = Dice(7);
    let mut rendered = 0;
    for _ in 0..TEMPLATES {
        let body = dice.template(2);
        let text = format!("{{{{ define \"t\" }}}}{{{{ . }}}}{{{{ end }}}}{{{{ $x := 1 }}}}{body}");
        rendered += u32::from(render(&[("t.yaml", &text)], dot()).is_ok());
    }
    // Most are refused for their types; if all were, nothing would be tried.
    assert!(rendered > TEMPLATES / 20, "{rendered}");
}
