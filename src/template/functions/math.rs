//! Owns Sprig's arithmetic: int64 with the plain names, decimals with the names that end in `f`.
//!
//! Conversions between kinds are in `numbers.rs`.

use super::arguments::{at, float, int64, number};
use super::numbers::{self, to_float, to_int64};
use super::{Context, FnError, FnResult, Function, example};
use crate::yaml::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain("add", "NUMBER...", "The sum as integers.", |context, args| {
        int64(integers(context, args).fold(0, i64::wrapping_add))
    })
    .examples(&[example("add 1 2 3", "add(1, 2, 3)", "6")]),
    Function::plain("add1", "NUMBER", "One more.", |context, args| {
        int64(to_int64(context, at(args, 0)).wrapping_add(1))
    })
    .examples(&[example("add1 3", "3 | add1", "4")]),
    Function::plain(
        "sub",
        "NUMBER NUMBER",
        "The first less the second, as integers.",
        |context, args| int64(to_int64(context, at(args, 0)).wrapping_sub(to_int64(context, at(args, 1)))),
    )
    .subject(0)
    .examples(&[example("sub 5 2", "5 | sub(2)", "3")]),
    Function::plain(
        "mul",
        "NUMBER NUMBER...",
        "The product as integers.",
        |context, args| int64(integers(context, args).fold(1, i64::wrapping_mul)),
    )
    .examples(&[example("mul 2 3 4", "mul(2, 3, 4)", "24")]),
    Function::plain(
        "div",
        "NUMBER NUMBER",
        "The whole part of the quotient.",
        |context, args| {
            let (left, right) = divisible(context, args)?;
            int64(left.wrapping_div(right))
        },
    )
    .subject(0)
    .examples(&[example("div 7 2", "7 | div(2)", "3")]),
    Function::plain(
        "mod",
        "NUMBER NUMBER",
        "The rest of the division.",
        |context, args| {
            let (left, right) = divisible(context, args)?;
            int64(left.wrapping_rem(right))
        },
    )
    .subject(0)
    .examples(&[example("mod 7 2", "7 | mod(2)", "1")]),
    Function::plain("max", "NUMBER NUMBER...", "The greatest integer.", greatest).examples(&[example(
        "max 1 3 2",
        "max(1, 3, 2)",
        "3",
    )]),
    Function::plain(
        "biggest",
        "NUMBER NUMBER...",
        "The older name of `max`.",
        greatest,
    )
    .examples(&[example("biggest 1 3", "biggest(1, 3)", "3")]),
    Function::plain(
        "min",
        "NUMBER NUMBER...",
        "The least integer.",
        |context, args| int64(integers(context, args).min().unwrap_or_default()),
    )
    .examples(&[example("min 1 3 2", "min(1, 3, 2)", "1")]),
    Function::plain("maxf", "NUMBER NUMBER...", "The greatest float.", |_, args| {
        float(args.iter().map(to_float).fold(f64::NEG_INFINITY, f64::max))
    })
    .examples(&[example("maxf 1 2.5", "maxf(1, 2.5)", "2.5")]),
    Function::plain("minf", "NUMBER NUMBER...", "The least float.", |_, args| {
        float(args.iter().map(to_float).fold(f64::INFINITY, f64::min))
    })
    .examples(&[example("minf 1.5 2", "minf(1.5, 2)", "1.5")]),
    Function::plain("ceil", "NUMBER", "The next whole float above.", |_, args| {
        float(to_float(at(args, 0)).ceil())
    })
    .examples(&[example("ceil 1.2", "1.2 | ceil", "2")]),
    Function::plain("floor", "NUMBER", "The next whole float below.", |_, args| {
        float(to_float(at(args, 0)).floor())
    })
    .examples(&[example("floor 1.8", "1.8 | floor", "1")]),
    Function::plain(
        "round",
        "NUMBER PLACES [HALF] IGNORED...",
        "Rounded to a number of places, up from HALF (0.5).",
        round,
    )
    .subject(0)
    .examples(&[example("round 123.5555 3", "123.5555 | round(3)", "123.556")]),
    Function::plain("addf", "NUMBER...", "The sum as decimals.", |_, args| {
        decimals(args, Decimal::add)
    })
    .examples(&[example("addf 0.1 0.2", "addf(0.1, 0.2)", "0.3")]),
    Function::plain("add1f", "NUMBER", "One more, as a decimal.", |_, args| {
        decimals(
            &[at(args, 0).clone(), Value::Number(crate::yaml::Number::Int(1))],
            Decimal::add,
        )
    })
    .examples(&[example("add1f 1.5", "1.5 | add1f", "2.5")]),
    Function::plain(
        "subf",
        "NUMBER NUMBER...",
        "The first less the others, as decimals.",
        |_, args| decimals(args, Decimal::sub),
    )
    .subject(0)
    .examples(&[example("subf 7.5 2 3", "7.5 | subf(2, 3)", "2.5")]),
    Function::plain(
        "mulf",
        "NUMBER NUMBER...",
        "The product as decimals.",
        |_, args| decimals(args, Decimal::mul),
    )
    .examples(&[example("mulf 1.5 2 2", "mulf(1.5, 2, 2)", "6")]),
    Function::plain(
        "divf",
        "NUMBER NUMBER...",
        "The first divided by the others, as decimals.",
        |_, args| {
            if args.iter().skip(1).any(|value| to_float(value) == 0.0) {
                return Err(FnError::new("division by zero"));
            }
            decimals(args, Decimal::div)
        },
    )
    .subject(0)
    .examples(&[example("divf 10 2 4", "10 | divf(2, 4)", "1.25")]),
    Function::plain(
        "int",
        "VALUE",
        "The value as an integer; 0 if it is no number.",
        |context, args| number(to_int64(context, at(args, 0))),
    )
    .examples(&[
        example(r#"int "12""#, r#""12" | int"#, "12"),
        example("int 3.9", "3.9 | int", "3"),
    ]),
    Function::plain(
        "int64",
        "VALUE",
        "The value as an integer; 0 if it is no number.",
        |context, args| int64(to_int64(context, at(args, 0))),
    )
    .examples(&[example("int64 3.9", "3.9 | int64", "3")]),
    Function::plain(
        "float64",
        "VALUE",
        "The value as a float; 0 if it is no number.",
        |_, args| float(to_float(at(args, 0))),
    )
    .examples(&[example(r#"float64 "1.5""#, r#""1.5" | float64"#, "1.5")]),
    Function::plain(
        "atoi",
        "TEXT",
        "The decimal number in the text; 0 if it is none.",
        |_, args| {
            let text = super::arguments::text(args, 0)?;
            number(text.parse().unwrap_or(0))
        },
    )
    .examples(&[example(r#"atoi "12""#, r#""12" | atoi"#, "12")]),
    Function::plain(
        "toDecimal",
        "VALUE",
        "The octal number as an integer; 0 if it is none.",
        |context, args| {
            let text = numbers::text(context, at(args, 0));
            int64(i64::from_str_radix(&text, 8).unwrap_or(0))
        },
    )
    .examples(&[example(r#"toDecimal "0777""#, r#""0777" | toDecimal"#, "511")]),
];

fn integers(context: &Context, args: &[Value]) -> impl Iterator<Item = i64> {
    args.iter().map(|value| to_int64(context, value))
}

fn divisible(context: &Context, args: &[Value]) -> Result<(i64, i64), FnError> {
    match to_int64(context, at(args, 1)) {
        0 => Err(FnError::new("integer divide by zero")),
        right => Ok((to_int64(context, at(args, 0)), right)),
    }
}

fn greatest(context: &Context, args: &[Value]) -> FnResult {
    int64(integers(context, args).max().unwrap_or_default())
}

fn round(_: &Context, args: &[Value]) -> FnResult {
    let places = super::arguments::int(args, 1)?;
    let half = args.get(2).map_or(0.5, to_float);
    let power = 10_f64.powi(i32::try_from(places).unwrap_or(i32::MAX));
    let digit = power * to_float(at(args, 0));
    let rounded = if digit.fract() >= half {
        digit.ceil()
    } else {
        digit.floor()
    };
    float(rounded / power)
}

fn decimals(args: &[Value], operation: fn(Decimal, Decimal) -> Option<Decimal>) -> FnResult {
    let mut numbers = args.iter().map(|value| Decimal::from_float(to_float(value)));
    let overflow = || FnError::new("the numbers are too large for decimal arithmetic");
    let first = numbers.next().unwrap_or(Some(Decimal { digits: 0, scale: 0 }));
    let mut total = first.ok_or_else(overflow)?;
    for other in numbers {
        total = other
            .and_then(|other| operation(total, other))
            .ok_or_else(overflow)?;
    }
    float(total.to_float())
}

/// `digits × 10^-scale`, exact.
#[derive(Clone, Copy)]
struct Decimal {
    digits: i128,
    scale: i32,
}

impl Decimal {
    /// The decimal that the float's shortest text shows.
    fn from_float(value: f64) -> Option<Self> {
        let text = format!("{value:e}");
        let (mantissa, exponent) = text.split_once('e')?;
        let fraction = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let digits = mantissa.replace('.', "").parse().ok()?;
        let exponent: i32 = exponent.parse().ok()?;
        Some(Self {
            digits,
            scale: i32::try_from(fraction).ok()? - exponent,
        })
    }

    fn to_float(self) -> f64 {
        format!("{}e{}", self.digits, -self.scale)
            .parse()
            .unwrap_or(f64::NAN)
    }

    fn aligned(self, other: Self) -> Option<(i128, i128, i32)> {
        let scale = self.scale.max(other.scale);
        let raise = |number: Self| {
            let power = 10_i128.checked_pow(u32::try_from(scale - number.scale).ok()?)?;
            number.digits.checked_mul(power)
        };
        Some((raise(self)?, raise(other)?, scale))
    }

    fn add(self, other: Self) -> Option<Self> {
        let (left, right, scale) = self.aligned(other)?;
        Some(Self {
            digits: left.checked_add(right)?,
            scale,
        })
    }

    fn sub(self, other: Self) -> Option<Self> {
        let (left, right, scale) = self.aligned(other)?;
        Some(Self {
            digits: left.checked_sub(right)?,
            scale,
        })
    }

    fn mul(self, other: Self) -> Option<Self> {
        Some(Self {
            digits: self.digits.checked_mul(other.digits)?,
            scale: self.scale + other.scale,
        })
    }

    /// With 16 decimals, rounded half away from zero.
    fn div(self, other: Self) -> Option<Self> {
        const PLACES: i32 = 16;
        let (left, right, _) = self.aligned(other)?;
        let scaled = left.checked_mul(10_i128.pow(PLACES.unsigned_abs()))?;
        let (quotient, rest) = (scaled.checked_div(right)?, scaled.checked_rem(right)?);
        let away = if (left < 0) == (right < 0) { 1 } else { -1 };
        let round = rest.unsigned_abs() * 2 >= right.unsigned_abs();
        Some(Self {
            digits: quotient + if round { away } else { 0 },
            scale: PLACES,
        })
    }
}
