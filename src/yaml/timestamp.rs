//! Owns the question whether text is a date or time as Helm's YAML parser recognises it.
//!
//! The value itself is never needed: such text stays text.

/// `2001-12-14`, `2001-12-14T21:59:43.1Z`, `2001-12-14t21:59:43+01:00`, `2001-12-14 21:59:43`; month, day,
/// hour, minute and second may have one digit.
pub(super) fn is_timestamp(text: &str) -> bool {
    parse(text).is_some()
}

fn parse(text: &str) -> Option<()> {
    let bytes = text.as_bytes();
    let year_length = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if year_length != 4 || bytes.get(4) != Some(&b'-') {
        return None;
    }
    let year: u32 = text[..4].parse().ok()?;
    let mut cursor = Cursor(&bytes[5..]);
    let month = cursor.number(1, 12)?;
    cursor.literal(b'-')?;
    cursor.number(1, days(year, month))?;
    let zoned = match cursor.0.split_first() {
        None => return Some(()),
        Some((b'T' | b't', rest)) => {
            cursor.0 = rest;
            true
        }
        Some((b' ', _)) => {
            cursor.0 = cursor.0.trim_ascii_start();
            false
        }
        Some(_) => return None,
    };
    cursor.number(0, 23)?;
    cursor.literal(b':')?;
    cursor.number(0, 59)?;
    cursor.literal(b':')?;
    cursor.number(0, 59)?;
    cursor.fraction();
    if zoned {
        cursor.zone()?;
    }
    cursor.0.is_empty().then_some(())
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    /// One or two digits within the range.
    fn number(&mut self, least: u32, most: u32) -> Option<u32> {
        let length = self
            .0
            .iter()
            .take(2)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let (digits, rest) = self.0.split_at(length);
        let number = digits
            .iter()
            .fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
        self.0 = rest;
        (length > 0 && (least..=most).contains(&number)).then_some(number)
    }

    fn literal(&mut self, expected: u8) -> Option<()> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        (*first == expected).then_some(())
    }

    /// An optional fraction; Go takes a comma as well as a dot.
    fn fraction(&mut self) {
        if let [b'.' | b',', rest @ ..] = self.0 {
            let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if length > 0 {
                self.0 = &rest[length..];
            }
        }
    }

    /// `Z` or `+hh:mm`; Go allows 24 hours and 60 minutes here.
    fn zone(&mut self) -> Option<()> {
        let two = |tens: u8, ones: u8, most: u8| {
            tens.is_ascii_digit() && ones.is_ascii_digit() && (tens - b'0') * 10 + (ones - b'0') <= most
        };
        match *self.0 {
            [b'Z', ref rest @ ..] => self.0 = rest,
            [b'+' | b'-', h1, h2, b':', m1, m2, ref rest @ ..] if two(h1, h2, 24) && two(m1, m2, 60) => {
                self.0 = rest;
            }
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_recognised() {
        for text in [
            "2001-12-14",
            "2001-1-4",
            "2001-12-14T21:59:43Z",
            "2001-12-14t1:5:3.123+01:00",
            "2001-12-14   21:59:43,5",
            "2000-02-29",
        ] {
            assert!(is_timestamp(text), "{text}");
        }
        for text in [
            "2001-13-14",
            "2001-02-29",
            "2001-12-14T21:59:43",
            "2001-12-14 21:59:43Z",
            "201-12-14",
            "2001-12",
            "2001-12-14 ",
            "2001-12-14T24:00:00Z",
        ] {
            assert!(!is_timestamp(text), "{text}");
        }
    }
}
