//! Owns choosing among the alternatives of `anyOf` and `oneOf` the one that the user meant.
//!
//! It words nothing but a list of alternatives.

use super::words;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use jsonschema::paths::Location;

/// The violations of the alternative that the value at `at` comes closest to; None if several are equally
/// close.
pub(super) fn likeliest<'a>(
    at: &Location,
    alternatives: &'a [Vec<ValidationError<'static>>],
) -> Option<&'a [ValidationError<'static>]> {
    let costs: Vec<usize> = alternatives.iter().map(|errors| cost(at, errors)).collect();
    let least = costs.iter().min()?;
    let mut closest = alternatives.iter().zip(&costs).filter(|(_, cost)| *cost == least);
    let (errors, _) = closest.next()?;
    // A lone alternative of the wrong kind is no better than the others.
    (closest.next().is_none() && *least < WRONG_KIND).then_some(errors.as_slice())
}

/// What each alternative demands, if all demand something simple of the value at `at` itself.
pub(super) fn forms(at: &Location, alternatives: &[Vec<ValidationError<'static>>]) -> Vec<String> {
    let mut forms: Vec<String> = Vec::new();
    for errors in alternatives {
        if errors.iter().any(|error| error.instance_path() != at) {
            return Vec::new();
        }
        let demands: Option<Vec<String>> = errors.iter().map(|error| words::demand(error.kind())).collect();
        let Some(demands) = demands else { return Vec::new() };
        let demands: Vec<&str> = demands.iter().map(String::as_str).collect();
        let form = words::list(&demands, "and");
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    for lead in ["must be ", "must have "] {
        if forms.iter().all(|form| form.starts_with(lead)) {
            forms
                .iter_mut()
                .skip(1)
                .for_each(|form| drop(form.drain(..lead.len())));
        }
    }
    forms
}

/// More than any number of other faults that a person would still call close.
const WRONG_KIND: usize = 1_000;

/// The cost of a fixed value, such as a `type` that tells alternatives apart, being another one.
const WRONG_TAG: usize = 50;

/// How far a value is from an alternative.
fn cost(at: &Location, errors: &[ValidationError<'static>]) -> usize {
    let one = |error: &ValidationError<'static>| match error.kind() {
        ValidationErrorKind::Type { .. }
        | ValidationErrorKind::Enum { .. }
        | ValidationErrorKind::Constant { .. }
        | ValidationErrorKind::FalseSchema
            if error.instance_path() == at =>
        {
            WRONG_KIND
        }
        ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. } => WRONG_TAG,
        _ => 1,
    };
    errors.iter().map(one).sum()
}
