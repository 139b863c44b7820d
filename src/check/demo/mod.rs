//! Owns demo configuration: fresh credentials that pass every check, and an overrides file made of them.
//!
//! No server knows these credentials; they serve to try out rendering. Nothing is written to disk here.

mod credentials;
mod overrides;

pub use credentials::Account;
pub use credentials::Pair;
pub use credentials::certificate;
#[cfg(test)]
pub(super) use credentials::encode;
#[cfg(test)]
pub(super) use credentials::file;
pub use overrides::overrides;
