//! Tests of values that are no credentials.

use super::Customer;
use super::assert_messages;

#[test]
fn placeholders_are_refused() {
    for text in [
        "<organization>",
        "changeme",
        "CHANGE-ME",
        "my_organization",
        "xxxx",
        "XXX",
        "your-org",
        "${ORG}",
        "{{ org }}",
        "TODO",
        "...",
    ] {
        assert_messages(
            &Customer::complete().set("organization", text),
            &["error[placeholder-value]: `organization` still holds a placeholder"],
        );
    }
}

#[test]
fn names_that_resemble_placeholders_are_accepted() {
    for text in [
        "acme",
        "customer-org",
        "todoist",
        "xx",
        "testOrg",
        "Max Power",
        "a<b>",
        "42",
        "Ünïcode GmbH",
    ] {
        assert_messages(&Customer::complete().set("organization", text), &[]);
    }
}

#[test]
fn text_with_line_breaks_or_outer_blanks_is_refused() {
    for text in ["acme\n", " acme", "a\nb", "a\u{0}b"] {
        assert_messages(
            &Customer::complete().set("organization", text),
            &["error[invalid-value]: `organization` has blanks around it or line breaks in it"],
        );
    }
}

#[test]
fn only_canonical_uuids_are_accepted() {
    for text in [
        "123exxxx7-e89b-12d3-a456-xxxxxx",
        "6f1c1a529d6b4a578f0e0d6f2c1b7a90",
        "{6f1c1a52-9d6b-4a57-8f0e-0d6f2c1b7a90}",
        "6f1c1a52-9d6b-4a57-8f0e-0d6f2c1b7a9g",
        "6f1c1a52-9d6b-4a57-8f0e",
        "ä",
    ] {
        assert_messages(
            &Customer::complete().set("uuid", text),
            &["error[invalid-value]: `uuid` is not a UUID"],
        );
    }
    assert_messages(
        &Customer::complete().set("uuid", "00000000-0000-0000-0000-000000000000"),
        &["error[placeholder-value]: `uuid` is the nil UUID, which stands for no runner"],
    );
}

#[test]
fn subjects_are_words_joined_by_dots() {
    for text in [
        "runners.acme",
        "customer-specific-subject",
        "a",
        "$SYS.acme",
        "a.b*c",
    ] {
        assert_messages(&Customer::complete().set("nats.subject", text), &[]);
    }
    for (text, why) in [
        ("a..b", "nothing stands before, after or between its dots"),
        (".a", "nothing stands before, after or between its dots"),
        ("a.", "nothing stands before, after or between its dots"),
        ("a b", "it has blanks in it"),
        ("a.>.b", "`>` stands before its end"),
    ] {
        assert_messages(
            &Customer::complete().set("nats.subject", text),
            &[&format!(
                "error[invalid-value]: `nats.subject` is not a NATS subject: {why}"
            )],
        );
    }
    for text in ["runners.*", "runners.>", ">"] {
        assert_messages(
            &Customer::complete().set("nats.subject", text),
            &[
                "warning[invalid-value]: `nats.subject` has a wildcard, so it also matches subjects of other runners",
            ],
        );
    }
}

#[test]
fn server_urls_are_what_nats_clients_read() {
    for text in [
        "tls://connect.ngs.global",
        "nats://10.0.0.1:4222",
        "nats.nats.svc.cluster.local:4222",
        "localhost",
        "NATS://host",
        "nats://[::1]:4222, nats://[::2]",
        "wss://nats.example.com:443/path,ws://other",
        "a:4222,,b:4222,",
        "nats_server:4222",
    ] {
        assert_messages(&Customer::complete().set("nats.serverUrl", text), &[]);
    }
    for (text, why) in [
        ("http://a", "does not start with a scheme that NATS clients know"),
        (
            "a:4222,ftp://b",
            "does not start with a scheme that NATS clients know (server 2 of 2)",
        ),
        ("nats://", "is not a URL of a server: it names no host"),
        (
            "nats://a:70000",
            "is not a URL of a server: its port is no number up to 65535",
        ),
        ("nats://a b", "is not a URL: it has blanks in it"),
        ("nats://a:0", "names port 0"),
        (",", "names no server"),
        (
            "nats://-a-",
            "is not a URL of a server: its host is no name or address",
        ),
        (
            "nats://a^b",
            "is not a URL of a server: its host is no name or address",
        ),
        (
            "nats://a,ws://b",
            "mixes WebSocket servers (`ws`, `wss`) with others",
        ),
    ] {
        assert_messages(
            &Customer::complete().set("nats.serverUrl", text),
            &[&format!("error[invalid-value]: `nats.serverUrl` {why}")],
        );
    }
}

#[test]
fn http_is_answered_with_what_nats_speaks() {
    let report = Customer::complete()
        .set("nats.serverUrl", "https://nats.acme.com")
        .report();
    assert!(
        report.contains("use `tls://`, or `wss://` for WebSocket"),
        "{report}"
    );
}

#[test]
fn credentials_in_urls_are_warned_of() {
    for text in ["nats://user:pass@a", "nats://token@a", "user:pass@a:4222"] {
        assert_messages(
            &Customer::complete().set("nats.serverUrl", text),
            &["warning[credential-in-url]: `nats.serverUrl` holds a user or a token"],
        );
    }
}
