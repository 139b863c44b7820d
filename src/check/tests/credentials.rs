//! Tests of NATS credentials.

use super::Customer;
use super::NOW;
use super::assert_messages;
use super::base64;
use crate::check::demo::Account;
use crate::check::demo::encode;
use crate::check::demo::file;
use nkeys::KeyPair;
use serde_json::Value;
use serde_json::json;
use time::Duration;

/// Credentials whose claims `change` has changed before they were signed.
fn changed(change: impl FnOnce(&mut Value)) -> String {
    let (account, user) = (Account::new(), KeyPair::new_user());
    let mut claims = account.claims(&user, "acme", NOW);
    change(&mut claims);
    file(&account.sign(&claims), &user)
}

#[track_caller]
fn assert_said(credentials: &str, expected: &[&str]) {
    for value in [credentials.to_owned(), base64(credentials)] {
        let messages: Vec<String> = Customer::complete()
            .set("nats.jwt", value)
            .messages()
            .iter()
            .map(|message| message.replace(": `nats.jwt` ", ": "))
            .collect();
        assert_eq!(messages, expected);
    }
}

/// The lines with the JWT and the seed.
fn parts(credentials: &str) -> (String, String) {
    let lines: Vec<&str> = credentials
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('-'))
        .collect();
    (lines[0].to_owned(), lines[1].to_owned())
}

#[test]
fn expiry_is_an_error_when_passed_and_a_warning_before() {
    let with =
        |days: i64| changed(|claims| claims["exp"] = json!((NOW + Duration::days(days)).unix_timestamp()));
    assert_said(
        &with(-1),
        &["error[credentials-expiry]: holds a JWT that expired on 2026-02-28"],
    );
    assert_said(
        &with(0),
        &["error[credentials-expiry]: holds a JWT that expired on 2026-03-01"],
    );
    assert_said(
        &with(13),
        &["warning[credentials-expiry]: holds a JWT that expires on 2026-03-14"],
    );
    assert_said(&with(15), &[]);
    assert_said(&changed(|claims| claims["exp"] = json!(0)), &[]);
}

#[test]
fn a_jwt_of_the_future_is_refused() {
    let future = changed(|claims| claims["nbf"] = json!((NOW + Duration::days(2)).unix_timestamp()));
    assert_said(
        &future,
        &["error[credentials-expiry]: holds a JWT that is not valid before 2026-03-03"],
    );
}

#[test]
fn the_name_must_be_the_runners() {
    let other = changed(|claims| claims["name"] = json!("other"));
    assert_said(
        &other,
        &[
            "error[runner-name]: holds a JWT for `other`, but the runner is called `acme`: NATS would reject it",
        ],
    );
    let customer = Customer::complete()
        .set("nats.jwt", other.clone())
        .set("nats.secondJwt", other);
    assert!(
        customer
            .report()
            .contains("set `runnerNameOverride: other`, or ask for new credentials")
    );
    assert_messages(&customer.clone().set("runnerNameOverride", "other"), &[]);
    assert_messages(&customer.release("other"), &[]);
}

#[test]
fn a_name_that_no_runner_can_have_is_not_proposed() {
    let odd = changed(|claims| claims["name"] = json!("My Runner\u{1b}[31m"));
    let report = Customer::complete().set("nats.jwt", odd).report();
    assert!(
        report.contains("a runner cannot be called `My Runner\\u{1b}[31m`"),
        "{report}"
    );
    assert!(!report.contains("runnerNameOverride:"), "{report}");
}

#[test]
fn a_jwt_without_a_name_is_refused() {
    let message = "error[runner-name]: holds a JWT without a name, but the runner is called `acme`: NATS would reject it";
    assert_said(&changed(|claims| claims["name"] = Value::Null), &[message]);
    assert_said(&changed(|claims| claims["name"] = json!("")), &[message]);
}

#[test]
fn a_changed_jwt_is_refused() {
    let (token, seed) = parts(&changed(|_| {}));
    let pieces: Vec<&str> = token.split('.').collect();
    let (other, _) = parts(&changed(|_| {}));
    let foreign = other.split('.').nth(2).unwrap();
    let credentials = |token: &str| file_of(token, &seed);
    assert_said(
        &credentials(&format!("{}.{}.{foreign}", pieces[0], pieces[1])),
        &["error[invalid-credentials]: holds a JWT whose signature is not its issuer's"],
    );
    assert_said(
        &credentials(&format!("{}.{}", pieces[0], pieces[1])),
        &["error[invalid-credentials]: holds a JWT that is damaged: it does not have three parts"],
    );
    assert_said(
        &credentials(&format!("{}.{}.{}", &pieces[0][1..], pieces[1], pieces[2])),
        &["error[invalid-credentials]: holds a JWT that is damaged: its header is not base64"],
    );
    assert_said(
        &credentials(&format!("{}.{}.{}", pieces[0], encode(&json!([1])), pieces[2])),
        &["error[invalid-credentials]: holds a JWT that is damaged: its claims are not readable"],
    );
}

fn file_of(token: &str, seed: &str) -> String {
    format!(
        "-----BEGIN NATS USER JWT-----\n{token}\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
    )
}

#[test]
fn the_header_must_be_nats_own() {
    let (account, user) = (Account::new(), KeyPair::new_user());
    let claims = encode(&account.claims(&user, "acme", NOW));
    let with = |header: Value| {
        let signed = format!("{}.{claims}", encode(&header));
        file(&format!("{signed}.{}", account.signature(&signed)), &user)
    };
    assert_said(&with(json!({"typ": "jwt", "alg": "ed25519"})), &[]);
    assert_said(
        &with(json!({"typ": "JWT", "alg": "HS256"})),
        &["error[invalid-credentials]: holds a JWT that is not signed in NATS' way (`ed25519-nkey`)"],
    );
    assert_said(
        &with(json!({"alg": "ed25519-nkey"})),
        &["error[invalid-credentials]: holds a JWT whose header does not have the type `JWT`"],
    );
}

#[test]
fn version_1_signs_the_claims_alone() {
    let (account, user) = (Account::new(), KeyPair::new_user());
    let mut claims = account.claims(&user, "acme", NOW);
    claims["type"] = json!("user");
    claims["nats"] = json!({});
    let claims = encode(&claims);
    let token = |signed: &str| {
        format!(
            "{}.{claims}.{}",
            encode(&json!({"typ": "jwt", "alg": "ed25519"})),
            account.signature(signed)
        )
    };
    assert_said(&file(&token(&claims), &user), &[]);
    let whole = format!("{}.{claims}", encode(&json!({"typ": "jwt", "alg": "ed25519"})));
    assert_said(
        &file(&token(&whole), &user),
        &["error[invalid-credentials]: holds a JWT whose signature is not its issuer's"],
    );
}

#[test]
fn only_users_of_accounts_sign_in() {
    for (kind, what) in [
        ("account", "of an account"),
        ("operator", "of an operator"),
        ("", "without a type"),
    ] {
        assert_said(
            &changed(|claims| claims["nats"]["type"] = json!(kind)),
            &[&format!(
                "error[invalid-credentials]: holds a JWT {what}, not of a user"
            )],
        );
    }
    assert_said(
        &changed(|claims| claims["nats"]["issuer_account"] = json!("UABC")),
        &[
            "error[invalid-credentials]: holds a JWT whose `issuer_account` is not the public key of an account",
        ],
    );
    assert_said(
        &changed(|claims| claims["nats"]["issuer_account"] = json!(KeyPair::new_account().public_key())),
        &[],
    );
}

#[test]
fn seed_and_jwt_belong_together() {
    let (token, seed) = parts(&changed(|_| {}));
    let message = "error[invalid-credentials]: holds a seed that does not belong to its JWT";
    assert_said(&file(&token, &KeyPair::new_user()), &[message]);
    assert_said(
        &file_of(&token, &KeyPair::new_account().seed().unwrap()),
        &["error[invalid-credentials]: holds a seed that is not a user's"],
    );
    assert_said(
        &file_of(&token, &seed[..57]),
        &["error[invalid-credentials]: holds a seed that is damaged"],
    );
    assert_said(
        &file_of(&seed, &token),
        &["error[invalid-credentials]: holds a NATS credentials file that is damaged"],
    );
}

#[test]
fn half_a_credentials_file_is_named() {
    let (token, seed) = parts(&changed(|_| {}));
    let block =
        |label: &str, content: &str| format!("-----BEGIN {label}-----\n{content}\n------END {label}------\n");
    let bare = "error[invalid-credentials]: holds a JWT without its seed";
    assert_said(&token, &[bare]);
    assert_said(&block("NATS USER JWT", &token), &[bare]);
    assert_said(
        &block("USER NKEY SEED", &seed),
        &["error[invalid-credentials]: holds a seed without its JWT"],
    );
    let broken = format!(
        "{}{}",
        block("NATS USER JWT", &token.replacen('.', ".\n", 1)),
        block("USER NKEY SEED", &seed)
    );
    assert_said(
        &broken,
        &["error[invalid-credentials]: holds a NATS credentials file that is damaged"],
    );
    let value = Customer::complete().set("nats.jwt", seed);
    assert_messages(
        &value,
        &["error[invalid-credentials]: `nats.jwt` holds a seed without its JWT"],
    );
}

#[test]
fn what_is_no_credentials_file_is_named() {
    for (value, what) in [
        (
            "customer-specific-jwt",
            "is neither a NATS credentials file nor its base64",
        ),
        ("aGVsbG8gd29ybGQ=", "does not hold a NATS credentials file"),
        (
            "customer-specific-second-jwt",
            "is neither a NATS credentials file nor its base64",
        ),
        (
            "aGVsbG8gd29ybGQ",
            "is neither a NATS credentials file nor its base64",
        ),
        (
            "/////w==",
            "is base64 of binary data, not of a NATS credentials file",
        ),
        (
            "-----BEGIN NATS USER JWT----- a -----END",
            "holds a NATS credentials file without its line breaks",
        ),
    ] {
        assert_messages(
            &Customer::complete().set("nats.jwt", value),
            &[&format!("error[invalid-credentials]: `nats.jwt` {what}")],
        );
    }
    let encoded = base64(&(changed(|_| {}) + "?>"));
    for cut in [1, 2, 3, 5] {
        assert_messages(
            &Customer::complete().set(
                "nats.jwt",
                &encoded.trim_end_matches('=')[..encoded.len() / 4 * 4 - 4 - cut],
            ),
            &[
                "error[invalid-credentials]: `nats.jwt` is base64 whose end is missing or whose padding (`=`) is wrong",
            ],
        );
    }
    // A note with these characters is where the two alphabets differ.
    let web = base64(&changed(|_| {}).replace("\n\n", "\n???\n~~~\n>>>\n"))
        .replace('+', "-")
        .replace('/', "_");
    assert!(web.contains(['-', '_']));
    assert_messages(
        &Customer::complete().set("nats.jwt", web),
        &[
            "error[invalid-credentials]: `nats.jwt` is base64 of the alphabet for URLs, which Kubernetes refuses",
        ],
    );
    let twice = base64(&base64(&changed(|_| {})));
    assert_messages(
        &Customer::complete().set("nats.jwt", twice),
        &["error[invalid-credentials]: `nats.jwt` is base64 of base64 of a NATS credentials file"],
    );
    let large = "A".repeat(3 << 20);
    assert_messages(
        &Customer::complete().set("nats.jwt", large),
        &["error[invalid-credentials]: `nats.jwt` is larger than a Secret can be (1 MiB)"],
    );
}

#[test]
fn windows_line_breaks_and_notes_between_the_blocks_are_accepted() {
    let credentials = changed(|_| {});
    assert_said(&credentials.replace('\n', "\r\n"), &[]);
    let (token, seed) = parts(&credentials);
    let loose = format!("-----BEGIN NATS USER JWT-----\n{token}\n------END NATS USER JWT------\n\n{seed}\n");
    assert_said(&loose, &[]);
    assert_said(
        &credentials.replace(&token, &format!("{token} ")),
        &["error[invalid-credentials]: holds a NATS credentials file that is damaged"],
    );
    assert_said(
        &credentials.replace("\n\n", "\n\n*** keep this secret ***\n\n"),
        &[],
    );
}
