//! Owns the flags that decide what functions of templates give: digits, the cluster, randomness, the clock.
//!
//! The functions themselves are `template`'s.

use super::fixtures;
use super::ui::Stop;
use crate::template::Options;
use clap::Args;
use std::path::PathBuf;
use time::OffsetDateTime;

/// The last second of the year 9999, the latest that times are written for.
const LATEST: u64 = 253_402_300_799;

/// What functions of templates give.
#[derive(Args, Debug)]
#[command(next_help_heading = "Functions")]
pub(super) struct EvaluationArgs {
    /// Let Go templates see every digit of integers in values; Helm makes them floats: 1000000 is 1e+06
    #[arg(long)]
    exact_integers: bool,

    /// Let `lookup` find the objects in the manifests below DIR; without it, as in Helm, it finds nothing
    #[arg(long, value_name = "DIR")]
    lookup_fixtures: Option<PathBuf>,

    /// Make random functions give the same in every run
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// What `now` says, and the time of files in archives, in seconds since 1970
    #[arg(
        long,
        value_name = "SECONDS",
        env = "SOURCE_DATE_EPOCH",
        hide = true,
        value_parser = clap::value_parser!(u64).range(..=LATEST)
    )]
    pub(super) source_date_epoch: Option<u64>,
}

impl EvaluationArgs {
    /// What rendering may know; without another time the clock is at `now`.
    pub(super) fn options(&self, now: OffsetDateTime) -> Result<Options, Stop> {
        let fixed = self
            .source_date_epoch
            .and_then(|seconds| i64::try_from(seconds).ok());
        let fixed = fixed.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
        let cluster = self.lookup_fixtures.as_deref().map(fixtures::read).transpose()?;
        Ok(Options {
            clock: fixed.unwrap_or(now),
            seed: self.seed,
            exact_integers: self.exact_integers,
            cluster: cluster.unwrap_or_default(),
        })
    }
}
