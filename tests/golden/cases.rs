//! Owns finding the cases of an area that keeps each in a folder `testdata/<area>/<verdict>/<name>`.
//!
//! It does not know what a case holds.

use crate::process::root;
use crate::snapshot;
use libtest_mimic::{Failed, Trial};
use std::collections::BTreeSet;

/// One trial of each case, and one that looks for forgotten snapshots.
pub(crate) fn trials(area: &'static str, check: fn(&str) -> Result<(), Failed>) -> Vec<Trial> {
    let mut trials = Vec::new();
    let mut cases = BTreeSet::new();
    let folder = root().join("testdata").join(area);
    for verdict in snapshot::names_in(&folder).unwrap_or_default() {
        for name in snapshot::names_in(&folder.join(&verdict)).unwrap_or_default() {
            let case = format!("{area}/{verdict}/{name}");
            cases.insert(case.clone());
            trials.push(Trial::test(case.clone(), move || check(&case)));
        }
    }
    trials.push(Trial::test(
        format!("{area}: every snapshot has a case"),
        move || Ok(snapshot::nothing_forgotten(area, &cases)?),
    ));
    trials
}
