//! Owns finding a declared dependency among the charts that stand beside the one that declares it.
//!
//! It does not know how a chart is put together, and never looks for one that a repository is named for.

use super::assemble::Spot;
use super::limits::Budget;
use super::{Chart, bundled, directory};
use crate::diagnostic::Diagnostic;
use std::path::PathBuf;

/// Where the charts are that may serve as dependencies by their name alone.
#[derive(Clone, Debug, Default)]
pub(super) enum Beside {
    /// The chart stands alone, as one in Helm's layout does.
    #[default]
    Nowhere,
    /// In the binary.
    Bundled,
    /// Below `chart/`, `templates/` and `values/` of this folder.
    Trees(PathBuf),
}

impl Beside {
    /// The chart called `name`, if it stands here; `spot` says which chart depends on it.
    pub(super) fn load(
        &self,
        name: &str,
        spot: Spot,
        budget: &mut Budget,
    ) -> Option<Result<Chart, Vec<Diagnostic>>> {
        match self {
            Self::Nowhere => None,
            Self::Bundled => bundled::load(name, spot, budget),
            Self::Trees(root) => directory::load_beside(root, name, spot, budget),
        }
    }
}
