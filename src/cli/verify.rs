//! Owns `runnerctl verify`: whether a package is what its signer published.

use super::signing::KeyringArgs;
use super::ui::{self, Stop};
use crate::package::provenance;
use std::path::PathBuf;
use time::OffsetDateTime;

/// Flags of `verify`.
#[derive(clap::Args, Debug)]
pub(super) struct VerifyArgs {
    /// The package, a `.tgz`; its provenance lies beside it as `PATH.prov`
    #[arg(value_name = "PATH")]
    path: PathBuf,

    #[command(flatten)]
    keyring: KeyringArgs,
}

/// Checks the package and says who signed it.
pub(super) fn run(args: &VerifyArgs, now: OffsetDateTime) -> Result<(), Stop> {
    let verification = provenance::verify(&args.path, &args.keyring.path(), now)?;
    ui::print(&verification.to_string())
}
