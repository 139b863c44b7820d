//! Texts that nobody would write: the parser must get through them, and through none of them slowly or deeply.

use super::{errors, parsed, trees};
use std::fmt::Write as _;

/// Pieces of the language, and of what almost is.
const PIECES: &[&str] = &[
    "{{",
    "}}",
    "{{- ",
    " -}}",
    "{{/*",
    "*/}}",
    "{{- /* c */ -}}",
    " ",
    "\n",
    "|",
    ":=",
    "=",
    ",",
    "(",
    ")",
    ".",
    "..",
    ".A",
    ".Values.x",
    "$",
    "$x",
    "$x.A",
    "nil",
    "true",
    "if ",
    "else ",
    "{{else}}",
    "end",
    "{{end}}",
    "range $i, $e := ",
    "with ",
    "define \"a\"",
    "{{define \"b\"}}",
    "template \"a\" .",
    "{{block \"c\" .}}",
    "{{break}}",
    "continue",
    "printf",
    "default",
    "nowhere",
    "\"s\"",
    "\"\\u00e9\"",
    "\"\\q\"",
    "`raw`",
    "\"",
    "`",
    "'a'",
    "'",
    "1",
    "-1",
    "1.5",
    "0x1p4",
    "08",
    "1e400",
    "1+2i",
    "-",
    "+",
    "}",
    "{",
    "&",
    "é",
    "日",
    "\u{a0}",
    "\u{feff}",
    "\0",
    "text",
    "\u{10ff80}",
];

/// A small generator of numbers, the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits fit") % sides
    }

    fn piece(&mut self) -> &'static str {
        PIECES[self.roll(PIECES.len())]
    }
}

/// Parses and looks at all that comes of it; gives whether the text was accepted.
fn survive(text: &str) -> bool {
    match parsed(text) {
        Ok(trees) => {
            for tree in &trees {
                super::dump(tree);
            }
            true
        }
        Err(errors) => {
            for error in &errors {
                let shown = error.to_string();
                assert!(shown.contains("--> t"), "no place in {shown} of {text:?}");
            }
            assert!(!errors.is_empty());
            false
        }
    }
}

#[test]
fn any_sequence_of_pieces_is_accepted_or_refused_with_a_place() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut accepted = 0;
    for _ in 0..4000 {
        let count = 1 + dice.roll(12);
        let text: String = (0..count).map(|_| dice.piece()).collect();
        accepted += usize::from(survive(&text));
        let inside = format!("{{{{ {text} }}}}");
        accepted += usize::from(survive(&inside));
    }
    assert!(accepted > 100, "only {accepted} were accepted");
}

#[test]
fn a_template_with_any_part_changed_is_accepted_or_refused_with_a_place() {
    const TEMPLATE: &str = "{{- define \"n\" -}}{{ $x := .A.b | default (list 1 \"é\") -}}{{ range $i, $e := $x }}\
                            {{ if (eq $i 1).c }}{{ continue }}{{ else if $e }}{{ $x = 'a' }}{{ else }}{{ break }}\
                            {{ end }}{{ else }}none{{ end }}{{ end }}\n{{/* c */}}{{ with .B }}{{ template \"n\" . }}\
                            {{- else with $ }}{{ block \"q\" .C }} {{ 0x1p-2 }}{{ end }}{{ end }}\n";
    assert!(survive(TEMPLATE));
    let characters: Vec<char> = TEMPLATE.chars().collect();
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut accepted = 0;
    for _ in 0..6000 {
        let mut text = characters.clone();
        for _ in 0..=dice.roll(3) {
            let from = dice.roll(text.len() + 1);
            let to = text.len().min(from + dice.roll(5));
            let piece = if dice.roll(3) == 0 { "" } else { dice.piece() };
            text.splice(from..to, piece.chars());
        }
        accepted += usize::from(survive(&text.into_iter().collect::<String>()));
    }
    assert!(accepted > 100, "only {accepted} were accepted");
}

#[test]
fn every_beginning_of_a_template_is_accepted_or_refused_with_a_place() {
    let text = "a {{- $x := printf `%d` (len .X.y) -}} {{/* é */}}{{ if and $x 'a' 0x1 }}\"{{ end }}";
    for (end, _) in text.char_indices() {
        survive(&text[..end]);
    }
}

#[test]
fn nesting_is_limited_and_the_limits_fit_a_small_stack() {
    let blocks = |depth: usize| "{{if .}}".repeat(depth) + &"{{end}}".repeat(depth);
    let parens = |depth: usize| format!("{{{{ {}1{} }}}}", "(".repeat(depth), ")".repeat(depth));
    let chain = |depth: usize| format!("{{{{if .}}}}{}{{{{end}}}}", "{{else if .}}".repeat(depth));
    for text in [blocks(1000), parens(200), chain(999)] {
        trees(&text);
    }
    for text in [
        blocks(1001),
        parens(201),
        chain(1000),
        blocks(50_000),
        parens(50_000),
        chain(50_000),
    ] {
        let all = errors(&text);
        assert!(all[0].message.contains("levels deep"), "{}", all[0]);
    }
}

#[test]
fn a_text_full_of_errors_gives_no_more_than_fifty() {
    let mut text = String::new();
    for number in 0..5000 {
        write!(
            text,
            "{{{{ nowhere{number} $nothing{number} }}}}\n{{{{ $x{number} := 1 }}}}"
        )
        .expect("a String takes all");
    }
    assert_eq!(errors(&text).len(), 50);
    assert_eq!(errors(&"{{ nowhere }}".repeat(5000)).len(), 1);
}
