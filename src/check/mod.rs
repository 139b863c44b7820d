//! Owns checks of a customer's configuration before it is rendered: the minimum required configuration.
//!
//! The rules stand in the chart's schema (`x-required`); here is only how each kind of item is checked.
