//! Owns Go's layouts: which parts of a text such as `2006-01-02` stand for parts of a time.
//!
//! Writing and reading by them is in `format.rs` and `parse.rs`.

/// How an offset from UTC is written.
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OffsetStyle {
    /// `Z` stands for UTC.
    pub(super) letter: bool,
    pub(super) colons: bool,
    pub(super) minutes: bool,
    pub(super) seconds: bool,
}

/// A part of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// `January`.
    LongMonth,
    /// `Jan`.
    ShortMonth,
    /// `1`.
    Month,
    /// `01`.
    Month2,
    /// `Monday`.
    LongWeekday,
    /// `Mon`.
    ShortWeekday,
    /// `2`.
    Day,
    /// `_2`.
    DayPadded,
    /// `02`.
    Day2,
    /// `__2`.
    DayOfYearPadded,
    /// `002`.
    DayOfYear,
    /// `15`.
    Hour24,
    /// `3`.
    Hour,
    /// `03`.
    Hour2,
    /// `4`.
    Minute,
    /// `04`.
    Minute2,
    /// `5`.
    Second,
    /// `05`.
    Second2,
    /// `2006`.
    Year,
    /// `06`.
    Year2,
    /// `PM`.
    HalfUpper,
    /// `pm`.
    HalfLower,
    /// `MST`.
    Abbreviation,
    /// `-0700`, `Z07:00` and their kin.
    Offset(OffsetStyle),
    /// `.000`, or with `trimmed` `.999`: separator and number of digits.
    Fraction {
        separator: char,
        digits: usize,
        trimmed: bool,
    },
}

/// Parts by their spelling; a longer spelling stands before one that it starts with.
const PARTS: &[(&str, Part)] = &[
    ("January", Part::LongMonth),
    ("Jan", Part::ShortMonth),
    ("Monday", Part::LongWeekday),
    ("Mon", Part::ShortWeekday),
    ("MST", Part::Abbreviation),
    ("01", Part::Month2),
    ("02", Part::Day2),
    ("03", Part::Hour2),
    ("04", Part::Minute2),
    ("05", Part::Second2),
    ("06", Part::Year2),
    ("002", Part::DayOfYear),
    ("15", Part::Hour24),
    ("1", Part::Month),
    ("2006", Part::Year),
    ("2", Part::Day),
    ("__2", Part::DayOfYearPadded),
    ("_2", Part::DayPadded),
    ("3", Part::Hour),
    ("4", Part::Minute),
    ("5", Part::Second),
    ("PM", Part::HalfUpper),
    ("pm", Part::HalfLower),
    ("-070000", Part::Offset(offset(false, false, true, true))),
    ("-07:00:00", Part::Offset(offset(false, true, true, true))),
    ("-0700", Part::Offset(offset(false, false, true, false))),
    ("-07:00", Part::Offset(offset(false, true, true, false))),
    ("-07", Part::Offset(offset(false, false, false, false))),
    ("Z070000", Part::Offset(offset(true, false, true, true))),
    ("Z07:00:00", Part::Offset(offset(true, true, true, true))),
    ("Z0700", Part::Offset(offset(true, false, true, false))),
    ("Z07:00", Part::Offset(offset(true, true, true, false))),
    ("Z07", Part::Offset(offset(true, false, false, false))),
];

#[expect(clippy::fn_params_excessive_bools, reason = "a row of the table above")]
const fn offset(letter: bool, colons: bool, minutes: bool, seconds: bool) -> OffsetStyle {
    OffsetStyle {
        letter,
        colons,
        minutes,
        seconds,
    }
}

/// The text before the first part, the part with its spelling, and the layout behind it.
pub(super) fn next_part(layout: &str) -> (&str, Option<(Part, &str)>, &str) {
    for (start, _) in layout.char_indices() {
        let rest = &layout[start..];
        // `_2006` is an underscore before the year.
        if rest.starts_with("_2006") {
            continue;
        }
        let found = fraction(rest).or_else(|| {
            let named = PARTS.iter().find(|(spelling, part)| {
                let behind = rest.strip_prefix(spelling);
                let goes_on = |behind: &str| behind.starts_with(|next: char| next.is_ascii_lowercase());
                let is_word = matches!(part, Part::ShortMonth | Part::ShortWeekday);
                behind.is_some_and(|behind| !(is_word && goes_on(behind)))
            });
            named.map(|(spelling, part)| (*part, spelling.len()))
        });
        if let Some((part, length)) = found {
            return (&layout[..start], Some((part, &rest[..length])), &rest[length..]);
        }
    }
    (layout, None, "")
}

/// `.000` or `,999`: a separator and a run of one digit that ends the number.
fn fraction(rest: &str) -> Option<(Part, usize)> {
    let separator = rest.chars().next().filter(|first| matches!(first, '.' | ','))?;
    let body = &rest[1..];
    let digit = body.chars().next().filter(|first| matches!(first, '0' | '9'))?;
    let digits = body.find(|next| next != digit).unwrap_or(body.len());
    if body[digits..].starts_with(|next: char| next.is_ascii_digit()) {
        return None;
    }
    let part = Part::Fraction {
        separator,
        digits,
        trimmed: digit == '9',
    };
    Some((part, digits + 1))
}
