//! Owns for which hosts a certificate is valid.
//!
//! As Go's `crypto/x509` does, it reads the subject's alternative names alone, never the common name.

use super::CODE;
use super::certificate::Certificate;
use crate::check::problem::Problem;
use std::net::IpAddr;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::GeneralName;

/// The hosts that a certificate names.
pub(super) fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(extension)) = certificate.subject_alternative_name() else {
        return Vec::new();
    };
    let names = extension.value.general_names.iter();
    names.filter_map(name).collect()
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => {
            let address = <[u8; 4]>::try_from(*bytes)
                .map(IpAddr::from)
                .or_else(|_| <[u8; 16]>::try_from(*bytes).map(IpAddr::from));
            address.ok().map(|address| address.to_string())
        }
        _ => None,
    }
}

/// The most names of a certificate that help lists.
const LISTED: usize = 5;

/// The problem of a certificate that is not valid for `host`, the value at `key`; a port in it does not count.
pub(in crate::check) fn wrong_host(certificate: &Certificate, host: &str, key: &str) -> Option<Problem> {
    if certificate.public_keys.first().is_none_or(Vec::is_empty) {
        return None;
    }
    let host = without_port(host);
    if certificate.hosts.iter().any(|name| matches(name, host)) {
        return None;
    }
    let message = format!("holds a certificate that is not valid for the host in `{key}`");
    let listed: Vec<String> = certificate
        .hosts
        .iter()
        .take(LISTED)
        .map(|name| format!("`{}`", name.escape_debug()))
        .collect();
    let help = if listed.is_empty() {
        "it names no host among its alternative names, and clients do not read its common name".to_owned()
    } else {
        format!("it is valid for {}", listed.join(", "))
    };
    Some(Problem::warning(CODE, message).help(help))
}

fn without_port(host: &str) -> &str {
    if host.parse::<IpAddr>().is_ok() {
        return host;
    }
    let host = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    host.trim_matches(['[', ']'])
}

/// Whether `name` is `host`; `*` stands for its first label.
fn matches(name: &str, host: &str) -> bool {
    if name.eq_ignore_ascii_case(host) {
        return true;
    }
    match (name.strip_prefix("*."), host.split_once('.')) {
        (Some(name), Some((label, rest))) => !label.is_empty() && name.eq_ignore_ascii_case(rest),
        _ => false,
    }
}
