//! Owns checks of what a NATS client is configured with: credentials, subject, server URLs.

mod credentials;
mod jwt;
mod subject;
mod url;

pub(super) use credentials::credentials;
pub(super) use subject::subject;
pub(super) use url::urls;
