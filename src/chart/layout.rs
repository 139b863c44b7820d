//! Owns the three-folder layout: which tree holds which part of a chart.
//!
//! It reads nothing.

/// One of the folders over which the sources of bundled charts are split, each with a folder for each chart.
#[derive(Debug)]
pub(super) struct Tree {
    /// `chart`, `templates` or `values`.
    pub(super) folder: &'static str,
    /// What its files' names inside the chart begin with.
    pub(super) prefix: &'static str,
    /// The only file of it that belongs to the chart; the others are for users to pick from.
    pub(super) only: Option<&'static str>,
}

/// The three-folder layout.
pub(super) const TREES: [Tree; 3] = [
    Tree {
        folder: "chart",
        prefix: "",
        only: None,
    },
    Tree {
        folder: "templates",
        prefix: "templates/",
        only: None,
    },
    Tree {
        folder: "values",
        prefix: "",
        only: Some("values.yaml"),
    },
];

impl Tree {
    /// The name inside the chart of the file at `path` below the chart's folder in this tree.
    pub(super) fn name_in_chart(&self, path: &str) -> Option<String> {
        self.only
            .is_none_or(|only| only == path)
            .then(|| format!("{}{path}", self.prefix))
    }
}
