//! Owns Go's `fmt`: `print`, `println` and `printf` with its verbs, flags and marks of misuse.
//!
//! How a value prints under a verb is in `verbs.rs`.

use super::arguments::{LIMIT, check_size, string, text};
use super::verbs::{Printer, Verb};
use super::{Context, FnResult, Function, example};
use crate::bytes;
use crate::template::format;
use crate::yaml::{Number, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain("printf", "FORMAT VALUE...", "Go's formatted printing.", printf)
        .subject(0)
        .examples(&[
            example(r#"printf "%s-%d" "a" 5"#, r#""%s-%d" | printf("a", 5)"#, "a-5"),
            example(
                r#"printf "%05d|%-4s|%q" 42 "ab" "c""#,
                r#"printf("%05d|%-4s|%q", 42, "ab", "c")"#,
                r#"00042|ab  |"c""#,
            ),
            example(r#"printf "%d" "x""#, r#"printf("%d", "x")"#, "%!d(string=x)"),
        ]),
    Function::plain(
        "print",
        "VALUE...",
        "The values as texts, with spaces between neighbours that are no texts.",
        |context, args| string(print(context, args)),
    )
    .examples(&[example(r#"print "a" 1 2"#, r#"print("a", 1, 2)"#, "a1 2")]),
    Function::plain(
        "println",
        "VALUE...",
        "The values with spaces between and a line break.",
        |context, args| {
            let texts: Vec<String> = args
                .iter()
                .map(|value| format::value(value, context.integers))
                .collect();
            string(format!("{}\n", texts.join(" ")))
        },
    )
    .examples(&[example(r#"println "a" 1"#, r#"println("a", 1)"#, "a 1\n")]),
];

pub(super) fn print(context: &Context, args: &[Value]) -> String {
    let mut out = String::new();
    let mut last_was_text = true;
    for (index, value) in args.iter().enumerate() {
        let is_text = value.as_str().is_some();
        if index > 0 && !is_text && !last_was_text {
            out.push(' ');
        }
        out.push_str(&format::value(value, context.integers));
        last_was_text = is_text;
    }
    out
}

/// Widths and precisions beyond this are refused by Go as well.
const WIDEST: i64 = 1_000_000;

fn printf(context: &Context, args: &[Value]) -> FnResult {
    let mut format = Format {
        rest: text(args, 0)?,
        values: args.get(1..).unwrap_or_default(),
        next: 0,
        after_index: false,
        reordered: false,
        good_index: true,
        printer: Printer {
            out: String::new(),
            integers: context.integers,
            limit: LIMIT,
        },
    };
    while let Some(percent) = format.rest.find('%') {
        format.printer.out.push_str(&format.rest[..percent]);
        format.rest = &format.rest[percent + 1..];
        format.directive();
        check_size(format.printer.out.len())?;
    }
    format.printer.out.push_str(format.rest);
    if !format.reordered && format.next < format.values.len() {
        format.printer.extra(&format.values[format.next..]);
    }
    string(bytes::joined(format.printer.out))
}

/// A format that is being printed: what is left of it, and the next value.
struct Format<'a> {
    rest: &'a str,
    values: &'a [Value],
    next: usize,
    /// Whether a `[n]` was read last.
    after_index: bool,
    /// Whether some directive picked its value, so that left-over ones are no mistake.
    reordered: bool,
    /// Whether the index of the directive, if any, is one of a value.
    good_index: bool,
    printer: Printer,
}

impl Format<'_> {
    /// Prints the directive whose `%` was read.
    fn directive(&mut self) {
        let mut verb = Verb::default();
        self.good_index = true;
        self.flags(&mut verb);
        self.index();
        self.width(&mut verb);
        self.precision(&mut verb);
        if !self.after_index {
            self.index();
        }
        let Some(letter) = self.rest.chars().next() else {
            self.printer.out.push_str("%!(NOVERB)");
            return;
        };
        self.rest = &self.rest[letter.len_utf8()..];
        verb.letter = letter;
        if letter == 'v' {
            (verb.go_syntax, verb.sharp, verb.plus) = (verb.sharp, false, false);
        }
        let mut marked = |mark| {
            let out = &mut self.printer.out;
            out.extend(["%!", letter.encode_utf8(&mut [0; 4]), mark]);
        };
        if letter == '%' {
            self.printer.out.push('%');
        } else if !self.good_index {
            marked("(BADINDEX)");
        } else if let Some(value) = self.values.get(self.next) {
            self.printer.argument(&verb, value);
            self.next += 1;
        } else {
            marked("(MISSING)");
        }
    }

    fn flags(&mut self, verb: &mut Verb) {
        while let Some(flag) = self.rest.chars().next() {
            match flag {
                '#' => verb.sharp = true,
                // Zeros are filled in at the left alone.
                '0' => verb.zero = !verb.minus,
                '+' => verb.plus = true,
                '-' => (verb.minus, verb.zero) = (true, false),
                ' ' => verb.space = true,
                _ => return,
            }
            self.rest = &self.rest[1..];
        }
    }

    /// `[3]` before a verb or a star picks the value.
    fn index(&mut self) {
        self.after_index = false;
        let Some(body) = self.rest.strip_prefix('[') else {
            return;
        };
        self.reordered = true;
        let Some((number, behind)) = body.split_once(']') else {
            self.good_index = false;
            self.rest = body;
            return;
        };
        self.rest = behind;
        let number = Some(number).filter(|number| number.bytes().all(|digit| digit.is_ascii_digit()));
        let index = number.and_then(|number| number.parse::<usize>().ok());
        self.after_index = index.is_some();
        match index.and_then(|index| index.checked_sub(1)) {
            Some(index) if index < self.values.len() => self.next = index,
            _ => self.good_index = false,
        }
    }

    fn width(&mut self, verb: &mut Verb) {
        if let Some(behind) = self.rest.strip_prefix('*') {
            self.rest = behind;
            match self.star() {
                None => self.printer.out.push_str("%!(BADWIDTH)"),
                Some(width) => {
                    if width < 0 {
                        (verb.minus, verb.zero) = (true, false);
                    }
                    verb.width = usize::try_from(width.unsigned_abs()).ok();
                }
            }
            self.after_index = false;
        } else {
            verb.width = self.number();
            if self.after_index && verb.width.is_some() {
                self.good_index = false;
            }
        }
    }

    fn precision(&mut self, verb: &mut Verb) {
        let Some(behind) = self.rest.strip_prefix('.').filter(|behind| !behind.is_empty()) else {
            return;
        };
        self.rest = behind;
        if self.after_index {
            self.good_index = false;
        }
        self.index();
        if let Some(behind) = self.rest.strip_prefix('*') {
            self.rest = behind;
            verb.precision = self.star().and_then(|precision| usize::try_from(precision).ok());
            if verb.precision.is_none() {
                self.printer.out.push_str("%!(BADPREC)");
            }
            self.after_index = false;
        } else {
            verb.precision = Some(self.number().unwrap_or(0));
        }
    }

    /// The value that a `*` takes; None if it is no integer or too large.
    fn star(&mut self) -> Option<i64> {
        let value = self.values.get(self.next)?;
        self.next += 1;
        match value {
            Value::Number(Number::Int(size) | Number::Int64(size)) => {
                Some(*size).filter(|size| size.abs() <= WIDEST)
            }
            _ => None,
        }
    }

    /// A number in the format. Of one that is too large Go forgets the rest of the format, too.
    fn number(&mut self) -> Option<usize> {
        let end = self
            .rest
            .find(|character: char| !character.is_ascii_digit())
            .unwrap_or(self.rest.len());
        let (digits, behind) = self.rest.split_at(end);
        let number: Option<i64> = digits.parse().ok();
        if !digits.is_empty() && number.is_none_or(|number| number > 10 * WIDEST + 9) {
            self.rest = "";
            return None;
        }
        self.rest = behind;
        usize::try_from(number?).ok()
    }
}
