//! Owns putting the groups of functions into one table while the program is built, so that no run sorts them.
//!
//! What the groups are stands beside them.

use super::{Function, parameters};
use std::cmp::Ordering;

/// The functions of a group, with its name.
pub(super) type Group = (&'static str, &'static [Function]);

/// How many functions the groups have.
pub(super) const fn count(groups: &[Group]) -> usize {
    let mut count = 0;
    let mut at = 0;
    while at < groups.len() {
        count += groups[at].1.len();
        at += 1;
    }
    count
}

/// The `N` functions of the groups, sorted by name, each with its group and the types of its parameters.
pub(super) const fn sorted<const N: usize>(groups: &[Group]) -> [Function; N] {
    let mut all = [groups[0].1[0]; N];
    let mut length = 0;
    let mut at = 0;
    while at < groups.len() {
        let (group, functions) = groups[at];
        let mut index = 0;
        while index < functions.len() {
            let mut function = functions[index];
            function.group = group;
            function.parameters = parameters::Parameters::of(function.name);
            insert(&mut all, length, function);
            length += 1;
            index += 1;
        }
        at += 1;
    }
    all
}

/// Puts a function among the first `length`, which are sorted.
const fn insert(all: &mut [Function], length: usize, function: Function) {
    let mut at = length;
    while at > 0 && compare(function.name, all[at - 1].name).is_lt() {
        all[at] = all[at - 1];
        at -= 1;
    }
    all[at] = function;
}

/// The order of texts by their bytes.
pub(super) const fn compare(left: &str, right: &str) -> Ordering {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let mut at = 0;
    while at < left.len() && at < right.len() {
        if left[at] != right[at] {
            return if left[at] < right[at] {
                Ordering::Less
            } else {
                Ordering::Greater
            };
        }
        at += 1;
    }
    if left.len() == right.len() {
        Ordering::Equal
    } else if left.len() < right.len() {
        Ordering::Less
    } else {
        Ordering::Greater
    }
}
