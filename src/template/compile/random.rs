//! Compiles random templates and renders both forms with random values: the texts must be the same.

use super::compile;
use crate::capabilities::Capabilities;
use crate::chart::{Chart, Template};
use crate::release::Release;
use crate::source::Source;
use crate::template::{self, Options};
use crate::yaml;
use std::fmt::Write as _;

/// What the values are; a `values.schema.json` for every second chart.
const SCHEMA: &str = r#"{"type": "object", "properties": {
  "t": {"type": "string"}, "u": {"type": "string"}, "num": {"type": "integer"}, "k": {"type": "integer", "minimum": 0},
  "f": {"type": "number"}, "b": {"type": "boolean"}, "z": {"type": ["string", "null"]},
  "l": {"type": "array", "items": {"type": "string"}}, "i": {"type": "array", "items": {"type": "integer"}},
  "m": {"type": "object", "additionalProperties": {"type": ["string", "integer"]}},
  "d": {"type": "object", "properties": {"t": {"type": "string"}, "num": {"type": "integer"}}},
  "r": {"type": "array", "items": {"type": "object", "properties": {"t": {"type": "string"}, "num": {"type": "integer"}}}}}}"#;

/// Kinds by which the defaults tell a list from a map where there is no schema.
const DEFAULTS: &str = "{l: [], i: [], m: {}, d: {}, r: []}";

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        // The high bits of a linear congruence are random enough here.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }

    fn one<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    fn values(&mut self) -> String {
        let text = |random: &mut Self| {
            random.one(&["", "web", "a b", "80", "true", "grün", "x-y", "{{ z }}", "1e3"])
        };
        let number =
            |random: &mut Self| random.one(&["0", "1", "-7", "3", "80", "8080", "1234567", "123456789012"]);
        let mut out = String::new();
        for key in ["t", "u"] {
            writeln!(out, "{key}: '{}'", text(self)).expect("a String takes any text");
        }
        writeln!(
            out,
            "num: {}\nk: {}",
            number(self),
            self.one(&["0", "1", "5", "1000000"])
        )
        .expect("text");
        writeln!(
            out,
            "f: {}\nb: {}",
            self.one(&["0.5", "2", "-1.25", "1000000.5"]),
            self.one(&["true", "false"])
        )
        .expect("text");
        writeln!(out, "z: {}", self.one(&["null", "'text'", "''"])).expect("text");
        let texts: Vec<String> = (0..self.below(4)).map(|_| format!("'{}'", text(self))).collect();
        let numbers: Vec<&str> = (0..self.below(4)).map(|_| number(self)).collect();
        writeln!(out, "l: [{}]\ni: [{}]", texts.join(", "), numbers.join(", ")).expect("text");
        let keys = &["a", "b", "key", "z"][..self.below(5)];
        let pairs: Vec<String> = keys
            .iter()
            .map(|key| {
                if self.below(2) == 0 {
                    format!("{key}: {}", number(self))
                } else {
                    format!("{key}: '{}'", text(self))
                }
            })
            .collect();
        writeln!(
            out,
            "m: {{{}}}\nd: {{t: '{}', num: {}}}",
            pairs.join(", "),
            text(self),
            number(self)
        )
        .expect("text");
        let rows: Vec<String> = (0..self.below(3))
            .map(|_| format!("{{t: '{}', num: {}}}", text(self), number(self)))
            .collect();
        writeln!(out, "r: [{}]", rows.join(", ")).expect("text");
        out
    }
}

/// Writes a template whose names are set.
struct Author {
    random: Random,
    texts: Vec<String>,
    numbers: Vec<String>,
    loops: usize,
    macros: bool,
    fresh: usize,
}

impl Author {
    fn text(&mut self, depth: usize) -> String {
        let known = self.random.below(3) == 0 && !self.texts.is_empty();
        if known {
            let index = self.random.below(self.texts.len());
            return self.texts[index].clone();
        }
        if depth == 0 {
            return self
                .random
                .one(&[
                    "Values.t",
                    "Values.u",
                    "Values.d.t",
                    "\"lit\"",
                    "'a-b'",
                    "Release.Name",
                    "Chart.Name",
                ])
                .to_owned();
        }
        let inner = depth - 1;
        match self.random.below(14) {
            0 => format!("({} ~ {})", self.text(inner), self.number(inner)),
            1 => {
                let joined = self
                    .random
                    .one(&["Values.z", "Values.f", "Values.b", "Values.m.a"]);
                format!("({joined} ~ \"-\" ~ {})", self.text(inner))
            }
            2 => format!("({} + {})", self.text(inner), self.text(inner)),
            3 => format!("({} | upper | quote)", self.text(inner)),
            4 => format!("({} | trunc(3) | trimSuffix(\"-\"))", self.text(inner)),
            5 => format!(
                "({} if {} else {})",
                self.text(inner),
                self.bool(inner),
                self.text(inner)
            ),
            6 => format!(
                "({})[{}]",
                self.text(inner),
                self.random.one(&[":2", "1:", "-2:", ":-1", "1:-1", "1:2"])
            ),
            7 => format!("({} or {})", self.text(inner), self.text(inner)),
            8 => format!("({} | quote)", self.number(inner)),
            9 => format!("({} | join(\",\"))", self.list(inner)),
            10 => format!("(Values.z | default({}))", self.text(inner)),
            11 => format!(
                "replace({}, \"_\", {})",
                self.random.one(&["\"a\"", "\"-\""]),
                self.text(inner)
            ),
            12 if self.macros => format!("shared({}, {})", self.text(inner), self.number(inner)),
            13 if self.macros => format!("shared(b={}, a={})", self.number(inner), self.text(inner)),
            _ => format!("({} | toJson)", self.any(inner)),
        }
    }

    fn number(&mut self, depth: usize) -> String {
        if self.random.below(3) == 0 && !self.numbers.is_empty() {
            let index = self.random.below(self.numbers.len());
            return self.numbers[index].clone();
        }
        if depth == 0 {
            return self
                .random
                .one(&[
                    "Values.num",
                    "Values.k",
                    "Values.d.num",
                    "3",
                    "0",
                    "(-2)",
                    "1000000",
                ])
                .to_owned();
        }
        let inner = depth - 1;
        match self.random.below(10) {
            0 => format!("({} + {})", self.number(inner), self.number(inner)),
            1 => format!("({} - {})", self.number(inner), self.number(inner)),
            2 => format!(
                "({} * {})",
                self.random.one(&["2", "3", "Values.k"]),
                self.random.one(&["Values.k", "7", "Values.d.num"])
            ),
            3 => format!(
                "({} // {})",
                self.number(inner),
                self.random.one(&["3", "-2", "7"])
            ),
            4 => format!(
                "({} % {})",
                self.number(inner),
                self.random.one(&["3", "-5", "2"])
            ),
            5 => format!("(-{})", self.number(inner)),
            6 => format!("len({})", self.list(inner)),
            7 => format!(
                "({} if {} else {})",
                self.number(inner),
                self.bool(inner),
                self.number(inner)
            ),
            8 => format!(
                "(({} / {}) | int64)",
                self.number(inner),
                self.random.one(&["2", "7"])
            ),
            _ => format!("({} or {})", self.number(inner), self.number(inner)),
        }
    }

    fn bool(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self
                .random
                .one(&["Values.b", "true", "false", "not Values.b"])
                .to_owned();
        }
        let inner = depth - 1;
        match self.random.below(14) {
            0 => format!("({} == {})", self.text(inner), self.text(inner)),
            1 => format!("({} != {})", self.number(inner), self.number(inner)),
            2 => format!("({} < {})", self.number(inner), self.number(inner)),
            3 => format!("({} >= {})", self.text(inner), self.text(inner)),
            4 => format!("({} and {})", self.bool(inner), self.bool(inner)),
            5 => format!("({} or not {})", self.bool(inner), self.bool(inner)),
            6 => format!(
                "({} in {})",
                self.text(inner),
                self.random
                    .one(&["Values.l", "Values.m", "Values.t", "[\"web\", \"x\"]"])
            ),
            7 => format!("({} not in Values.i)", self.number(inner)),
            8 => format!(
                "({} <= {} < {})",
                self.number(inner),
                self.number(inner),
                self.number(inner)
            ),
            9 => {
                // A list that operators make is no sequence to Jinja.
                let tests = ["string", "number", "mapping", "boolean", "none"];
                format!("({} is {})", self.any(inner), self.random.one(&tests))
            }
            10 => "(Values.m.a is defined)".to_owned(),
            11 => format!("({} == {})", self.any(inner), self.any(inner)),
            12 => "(Values.z is none)".to_owned(),
            _ => format!("(not {})", self.any(inner)),
        }
    }

    fn list(&mut self, depth: usize) -> String {
        let plain = [
            "Values.l",
            "Values.i",
            "[\"p\", \"q\"]",
            "[1, 2, 3]",
            "keys(Values.m) | sortAlpha",
        ];
        if depth == 0 {
            return format!("({})", self.random.one(&plain));
        }
        match self.random.below(5) {
            0 => format!(
                "({})[{}]",
                self.list(0),
                self.random.one(&["1:", ":1", "-1:", ":-1", "1:2", "-2:5"])
            ),
            1 => format!("({} + {})", self.list(0), self.list(0)),
            2 => format!("[{}, {}]", self.text(depth - 1), self.number(depth - 1)),
            _ => self.list(0),
        }
    }

    fn any(&mut self, depth: usize) -> String {
        match self.random.below(8) {
            0 => "Values.z".to_owned(),
            1 => "Values.f".to_owned(),
            2 => self.list(depth),
            3 => self
                .random
                .one(&["Values.m", "Values.d", "{\"a\": 1, \"b\": Values.t}"])
                .to_owned(),
            4 => self.bool(depth),
            5 => self.number(depth),
            _ => self.text(depth),
        }
    }

    fn name(&mut self) -> String {
        self.fresh += 1;
        self.random.one(&["x", "y", "value", "item"]).to_owned() + &(self.fresh % 4).to_string()
    }

    /// An opening tag's delimiters.
    fn tag(&mut self, inside: &str) -> String {
        let (left, right) = (
            self.random.one(&["{%", "{%", "{%", "{%-"]),
            self.random.one(&["%}", "%}", "%}", "-%}"]),
        );
        format!(
            "{left} {inside} {right}{}",
            self.random.one(&["\n", "\n", "", " "])
        )
    }

    fn raw(&mut self) -> &'static str {
        self.random.one(&[
            "a: ",
            "text\n",
            "\n",
            "  - ",
            "{ x }\n",
            " ",
            "b",
            "\n\n",
            "# c\n",
            "{% raw %}{{ r }}{% endraw %}",
            "{# note #}\n",
            "} ",
        ])
    }

    fn body(&mut self, depth: usize, out: &mut String) {
        let (texts, numbers) = (self.texts.len(), self.numbers.len());
        for _ in 0..=self.random.below(4) {
            self.statement(depth, out);
        }
        self.texts.truncate(texts);
        self.numbers.truncate(numbers);
    }

    fn statement(&mut self, depth: usize, out: &mut String) {
        let raw = self.raw();
        out.push_str(raw);
        let expression_depth = self.random.below(3);
        match self.random.below(if depth == 0 { 4 } else { 13 }) {
            0 | 1 => {
                let value = self.any(expression_depth);
                let (left, right) = (
                    self.random.one(&["{{", "{{", "{{-"]),
                    self.random.one(&["}}", "}}", "-}}"]),
                );
                write!(out, "{left} {value} {right}").expect("a String takes any text");
            }
            2 => {
                let (name, value) = (self.name(), self.text(expression_depth));
                *out += &self.tag(&format!("set {name} = {value}"));
                self.numbers.retain(|known| *known != name);
                self.texts.push(name);
            }
            3 => {
                let (name, value) = (self.name(), self.number(expression_depth));
                *out += &self.tag(&format!("set {name} = {value}"));
                self.texts.retain(|known| *known != name);
                self.numbers.push(name);
            }
            4 | 5 => self.branches(depth, expression_depth, out),
            6 | 7 => self.range(depth, expression_depth, out),
            8 => {
                let (name, value) = (self.name(), self.text(expression_depth));
                *out += &self.tag(&format!("with {name} = {value}"));
                let (texts, numbers) = (self.texts.clone(), self.numbers.clone());
                self.numbers.retain(|known| *known != name);
                self.texts.push(name);
                self.body(depth - 1, out);
                (self.texts, self.numbers) = (texts, numbers);
                *out += &self.tag("endwith");
            }
            9 => {
                let known = (self.texts.clone(), self.numbers.clone());
                let filter = self.random.one(&["upper", "indent(2)", "trim | quote"]);
                *out += &self.tag(&format!("filter {filter}"));
                // What is set inside would be seen outside.
                let (text, value) = (self.raw(), self.any(1));
                write!(out, "{text}{{{{ {value} }}}}").expect("a String takes any text");
                (self.texts, self.numbers) = known;
                *out += &self.tag("endfilter");
            }
            10 => {
                let (name, value, raw) = (self.name(), self.text(1), self.raw());
                *out += &self.tag(&format!("set {name}"));
                write!(out, "{raw}{{{{ {value} }}}}").expect("a String takes any text");
                *out += &self.tag("endset");
                self.numbers.retain(|known| *known != name);
                self.texts.push(name);
            }
            11 if self.macros => {
                let (text, value) = (self.text(1), self.any(1));
                *out += &self.tag(&format!("call boxed({text})"));
                write!(out, "{{{{ {value} }}}}").expect("a String takes any text");
                *out += &self.tag("endcall");
            }
            12 if self.macros => *out += &self.tag("include \"_part.j2\""),
            _ => {}
        }
    }

    fn branches(&mut self, depth: usize, expression_depth: usize, out: &mut String) {
        let condition = self.bool(expression_depth);
        *out += &self.tag(&format!("if {condition}"));
        let known = (self.texts.clone(), self.numbers.clone());
        self.body(depth - 1, out);
        if self.random.below(2) == 0 {
            let condition = self.any(expression_depth);
            *out += &self.tag(&format!("elif {condition}"));
            self.body(depth - 1, out);
        }
        if self.random.below(2) == 0 {
            *out += &self.tag("else");
            self.body(depth - 1, out);
        }
        (self.texts, self.numbers) = known;
        *out += &self.tag("endif");
    }

    fn range(&mut self, depth: usize, expression_depth: usize, out: &mut String) {
        let (name, key) = (self.name(), self.name());
        let known = (self.texts.clone(), self.numbers.clone());
        self.numbers.retain(|known| *known != name && *known != key);
        self.texts.retain(|known| *known != name && *known != key);
        let filter = match self.random.below(3) {
            0 => format!(" if {}", self.bool(expression_depth)),
            _ => String::new(),
        };
        let outer = (self.texts.clone(), self.numbers.clone());
        let kind = self.random.below(5);
        let header = match kind {
            0 => format!("for {key}, {name} in Values.m | items"),
            1 => format!(
                "for {name} in {}",
                self.random.one(&["Values.l", "Values.m", "[\"p\", \"q\"]"])
            ),
            2 => format!(
                "for {name} in {}",
                self.random
                    .one(&["Values.i", "range(3)", "range(1, 4)", "[1, 2]"])
            ),
            3 => format!("for {name} in Values.r"),
            _ => format!("for {name} in {}", self.list(0)),
        };
        *out += &self.tag(&(header + &filter));
        match kind {
            0 if name != key => self.texts.push(key),
            1 => self.texts.push(name.clone()),
            2 => self.numbers.push(name.clone()),
            3 => {
                self.texts.push(format!("{name}.t"));
                self.numbers.push(format!("{name}.num"));
            }
            _ => {}
        }
        if self.random.below(2) == 0 {
            self.numbers.push(
                self.random
                    .one(&["loop.index", "loop.index0", "loop.length", "loop.revindex"])
                    .to_owned(),
            );
            let sign = self.random.one(&[
                "{{ \",\" if not loop.last }}",
                "{{ loop.first }}",
                "{{ loop.cycle(1, \"b\") }}",
            ]);
            out.push_str(sign);
        }
        if kind == 0 || kind == 4 {
            write!(out, "{{{{ {name} }}}}").expect("a String takes any text");
        }
        self.loops += 1;
        self.body(depth - 1, out);
        self.loops -= 1;
        (self.texts, self.numbers) = outer;
        if self.random.below(3) == 0 {
            *out += &self.tag("else");
            self.body(depth - 1, out);
        }
        (self.texts, self.numbers) = known;
        *out += &self.tag("endfor");
    }
}

const MACROS: &str = "{% set start = Chart.Name ~ \"/\" %}
{% macro shared(a, b=2, c=start) -%}
{{ start }}{{ a }}|{{ b }}{% if b is number and b > 2 %}+{% endif %}{{ c }}
{%- endmacro %}
{% macro boxed(title) %}
[{{ title }}: {{ caller() }}]
{% endmacro %}
";

fn chart(seed: u64) -> Chart {
    let mut author = Author {
        random: Random(seed),
        texts: Vec::new(),
        numbers: Vec::new(),
        loops: 0,
        macros: seed.is_multiple_of(3),
        fresh: 0,
    };
    let mut text = String::new();
    if author.macros {
        text.push_str("{% from \"_m.j2\" import shared, boxed %}\n");
    }
    for _ in 0..=author.random.below(5) {
        author.statement(3, &mut text);
    }
    let mut chart = Chart::default();
    "case".clone_into(&mut chart.metadata.name);
    let files = [
        ("templates/_m.j2", MACROS.to_owned()),
        ("templates/_part.j2", "part {{ Values.t }}\n".to_owned()),
        ("templates/case.yaml.j2", text),
    ];
    chart.templates = files
        .into_iter()
        .map(|(name, text)| Template {
            name: name.to_owned(),
            source: Source::new(name, text),
        })
        .collect();
    if seed.is_multiple_of(2) {
        chart.schema = Some(Source::new("values.schema.json", SCHEMA.to_owned()));
    } else {
        chart.values = map(DEFAULTS);
    }
    chart
}

fn map(text: &str) -> yaml::Map {
    let value = yaml::read(&Source::new("values.yaml", text.to_owned())).expect("the values are YAML");
    value.as_map().cloned().expect("the values are a map")
}

fn rendered(chart: &Chart, values: &str) -> Result<String, String> {
    let release = Release {
        name: "demo".to_owned(),
        namespace: "default".to_owned(),
        revision: 1,
        is_upgrade: false,
    };
    let files = template::render(
        chart,
        &map(values),
        &release,
        &Capabilities::default(),
        &Options::default(),
    );
    let files = files.map_err(|errors| {
        errors
            .iter()
            .map(|error| error.message.clone() + "\n")
            .collect::<String>()
    })?;
    Ok(files.into_iter().map(|file| file.text).collect())
}

/// What is wrong with the chart of a seed; whether it compiles and renders.
fn check(seed: u64) -> Result<bool, String> {
    let chart = chart(seed);
    let Ok(compiled) = compile(&chart) else {
        return Ok(false);
    };
    let mut random = Random(seed ^ 0x5eed);
    let mut works = false;
    for _ in 0..3 {
        let values = random.values();
        let Ok(expected) = rendered(&chart, &values) else {
            continue;
        };
        works = true;
        let found = rendered(&compiled, &values).unwrap_or_else(|error| error);
        if found != expected {
            let source = &chart.templates[2].source.text;
            let compiled: Vec<&str> = compiled
                .templates
                .iter()
                .map(|template| &*template.source.text)
                .collect();
            let compiled = compiled.join("\n---\n");
            return Err(format!(
                "seed {seed}\n{source}\n=== compiled\n{compiled}\n=== values\n{values}\n=== expected\n{expected}\n=== found\n{found}"
            ));
        }
    }
    Ok(works)
}

/// How many of the charts compile and render; shows the shortest one that renders otherwise.
fn check_all(seeds: std::ops::Range<u64>) -> usize {
    let mut count = 0;
    let mut wrong = Vec::new();
    for seed in seeds {
        match check(seed) {
            Ok(works) => count += usize::from(works),
            Err(message) => wrong.push(message),
        }
    }
    let shortest = wrong.iter().min_by_key(|message| message.len());
    assert!(
        wrong.is_empty(),
        "{} are wrong: {}",
        wrong.len(),
        shortest.map_or("", String::as_str)
    );
    count
}

#[test]
fn random_templates_render_alike_in_both_forms() {
    let count = check_all(0..150);
    assert!(count > 90, "only {count} of 150 templates compile and render");
}

/// Many more, for changes of the compiler.
#[test]
#[ignore = "takes minutes"]
fn many_random_templates_render_alike_in_both_forms() {
    check_all(150..5_000);
}
