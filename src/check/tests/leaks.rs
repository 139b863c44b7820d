//! Tests that no credential reaches what is printed, whatever is wrong with it.

use super::Customer;
use super::NOW;
use super::base64;
use super::wrapped;
use crate::check::demo::Account;
use crate::check::demo::certificate;
use crate::diagnostic::Diagnostic;
use crate::source::Place;
use crate::source::Source;

/// Pieces of a credential that are half as long again hold a window of this length, and must not be printed.
const PIECE: usize = 10;

/// What is secret in a text: its lines but for the markers of blocks, and the base64 of the whole.
fn secret_lines(text: &str) -> Vec<String> {
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('-'));
    lines.map(str::to_owned).chain([base64(text)]).collect()
}

#[track_caller]
fn assert_no_piece(report: &str, secrets: &[String]) {
    for secret in secrets.iter().filter(|secret| secret.len() >= PIECE) {
        let characters: Vec<char> = secret.chars().collect();
        for piece in characters.windows(PIECE).step_by(PIECE / 2) {
            let piece: String = piece.iter().collect();
            assert!(!report.contains(&piece), "`{piece}` in\n{report}");
        }
    }
}

/// Ways to get a credential wrong; most of what it holds stays.
fn damaged(text: &str) -> Vec<String> {
    let half = text.len() / 2;
    vec![
        text.to_owned(),
        text[..half].to_owned(),
        text[half..].to_owned(),
        text.replace('\n', " "),
        text.replace("BEGIN", "BEGUN"),
        text.replace("-----", ""),
        text.replace('e', "f"),
        text.lines()
            .filter(|line| !line.starts_with('-'))
            .collect::<Vec<_>>()
            .join("\n"),
        base64(text),
        base64(text)[1..].to_owned(),
        base64(&base64(text)),
        wrapped(&base64(text)),
        base64(&text[..half]),
        format!("<{text}>"),
        format!("{}@", base64(text)),
    ]
}

#[test]
fn no_failing_credential_is_printed() {
    let account = Account::new();
    let pair = certificate("kubiya", NOW).unwrap();
    let credentials = [
        account.credentials("other", NOW),
        account.credentials("acme", NOW - time::Duration::days(400)),
        pair.private_key,
        pair.certificate,
    ];
    let keys = [
        "organization",
        "uuid",
        "nats.jwt",
        "nats.secondJwt",
        "nats.subject",
        "nats.serverUrl",
        "registryTls.crt",
        "registryTls.key",
        "nats.existingSecrets.runner",
        "registryTls.existingSecret",
        "runnerNameOverride",
    ];
    let mut findings = 0;
    let complete = Customer::complete();
    for credential in &credentials {
        let mut secrets = secret_lines(credential);
        secrets.extend(secret_lines(&base64(credential)));
        for value in damaged(credential) {
            for key in keys {
                let report = complete.clone().set(key, value.as_str()).report();
                findings += usize::from(!report.is_empty());
                assert_no_piece(&report, &secrets);
                assert_no_piece(&report, &secret_lines(&value));
            }
        }
    }
    assert!(findings > 500, "only {findings} of the wrong values were found");
}

#[test]
fn no_line_of_an_overrides_file_prints_a_credential() {
    let text = crate::check::demo::overrides("acme", "kubiya", "acme", NOW).unwrap();
    let source = Source::sensitive("overrides.yaml", text.clone());
    let mut report = String::new();
    for number in (1..).take(text.lines().count()) {
        report.push_str(
            &Diagnostic::error("x", "y")
                .at(Place::new(&source, number, 5))
                .to_string(),
        );
    }
    let secrets: Vec<String> = text
        .lines()
        .filter(|line| {
            line.len() > 40 && !line.contains([' ']) || line.starts_with("    ") && !line.contains("---")
        })
        .map(|line| line.trim().to_owned())
        .collect();
    assert!(secrets.len() > 10);
    assert_no_piece(&report, &secrets);
    assert!(
        report.contains("runners.acme") && report.contains("organization: \"acme\""),
        "{report}"
    );
}

#[test]
fn passwords_in_urls_are_not_printed() {
    let report = Customer::complete()
        .set("nats.serverUrl", "http://somebody:hunter2@host")
        .report();
    assert!(
        !report.contains("hunter2") && report.contains("@host"),
        "{report}"
    );
}
