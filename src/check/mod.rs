//! Owns checks of a customer's configuration before it is rendered: the minimum required configuration.
//!
//! The rules stand in the chart's schema (`x-required`); here is only how each kind of item is checked. It
//! reads no files and no clock, and no credential reaches a message.

pub mod demo;
mod encoding;
mod explain;
mod images;
pub mod kubernetes;
mod minimum;
mod nats;
mod problem;
mod rules;
mod setting;
#[cfg(test)]
mod tests;
mod text;
mod tls;

pub use minimum::minimum;
