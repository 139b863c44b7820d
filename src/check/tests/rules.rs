//! Tests of what is required, of existing Secrets, switches and places.

use super::Customer;
use super::assert_messages;
use super::base64;

#[test]
fn nothing_is_said_of_complete_values() {
    assert_messages(&Customer::complete(), &[]);
}

#[test]
fn everything_missing_is_reported_at_once() {
    assert_messages(
        &Customer::empty(),
        &[
            "error[required-value]: `organization` is required and not set",
            "error[required-value]: `uuid` is required and not set",
            "error[required-value]: `nats.jwt` is required and not set",
            "error[required-value]: `nats.secondJwt` is required and not set",
            "error[required-value]: `nats.subject` is required and not set",
            "error[required-value]: `nats.serverUrl` is required and not set",
            "warning[required-value]: neither `registryTls.crt` nor `registryTls.key` is set",
        ],
    );
}

#[test]
fn a_missing_value_comes_with_reason_example_and_place() {
    let customer = Customer::complete().set("nats.subject", "  ");
    let expected = "error[required-value]: `nats.subject` is required and not set
  --> overrides.yaml:24:1
   |
24 | nats.subject:
   | ^^^^^^^^^^^^
   = help: why: it listens there
   = help: for example:
             nats:
               subject: runners.acme
";
    let report = customer.report();
    let without_line = |text: &str| text.replace(|character: char| character.is_ascii_digit(), "");
    assert_eq!(
        without_line(&report).replace(' ', ""),
        without_line(expected).replace(' ', ""),
        "{report}"
    );
}

#[test]
fn null_counts_as_missing() {
    let customer = Customer::complete().set("organization", crate::yaml::Value::Null);
    assert_messages(
        &customer,
        &["error[required-value]: `organization` is required and not set"],
    );
}

#[test]
fn existing_secrets_replace_inline_values() {
    let customer = Customer::complete()
        .without("nats.jwt")
        .without("nats.secondJwt")
        .without("registryTls.crt")
        .without("registryTls.key")
        .set("nats.existingSecrets.runner", "nats-runner")
        .set("nats.existingSecrets.customer", "nats-customer")
        .set("registryTls.existingSecret", "registry.tls");
    assert_messages(&customer, &[]);
}

#[test]
fn a_wrong_name_of_an_existing_secret_is_reported_once() {
    let customer = Customer::complete()
        .without("registryTls.crt")
        .without("registryTls.key")
        .set("registryTls.existingSecret", "Registry_TLS");
    assert_messages(
        &customer,
        &["error[invalid-value]: `registryTls.existingSecret` is not the name of a Secret"],
    );
}

#[test]
fn inline_values_beside_an_existing_secret_are_said_to_be_unused() {
    let customer = Customer::complete()
        .set("nats.jwt", "anything")
        .set("nats.existingSecrets.runner", "nats-runner")
        .set("registryTls.existingSecret", "registry-tls");
    assert_messages(
        &customer,
        &[
            "warning[ignored-value]: `nats.jwt` is not used: the Secret named by `nats.existingSecrets.runner` is",
            "warning[ignored-value]: `registryTls.crt` is not used: the Secret named by `registryTls.existingSecret` is",
            "warning[ignored-value]: `registryTls.key` is not used: the Secret named by `registryTls.existingSecret` is",
        ],
    );
}

#[test]
fn the_switch_decides_whether_a_certificate_is_needed() {
    let without = Customer::complete()
        .without("registryTls.crt")
        .without("registryTls.key");
    assert_messages(&without.clone().set("registryTls.enabled", false), &[]);
    assert_messages(
        &without.clone().set("registryTls.enabled", true),
        &[
            "error[required-value]: `registryTls.crt` is required and not set",
            "error[required-value]: `registryTls.key` is required and not set",
        ],
    );
    assert_messages(
        &without.set("registryTls.enabled", crate::yaml::Value::Null),
        &["warning[required-value]: neither `registryTls.crt` nor `registryTls.key` is set"],
    );
}

#[test]
fn half_a_pair_is_an_error_without_a_switch() {
    let customer = Customer::complete();
    assert_messages(
        &customer.clone().without("registryTls.crt"),
        &["error[required-value]: `registryTls.crt` is required and not set"],
    );
    assert_messages(
        &customer.without("registryTls.key"),
        &["error[required-value]: `registryTls.key` is required and not set"],
    );
}

#[test]
fn the_warning_names_every_way_to_answer_it() {
    let report = Customer::complete()
        .without("registryTls.crt")
        .without("registryTls.key")
        .report();
    for part in [
        "the registry answers with it",
        "registryTls:",
        "crt: <contents",
        "key: <contents",
        "`registryTls.existingSecret`",
        "`registryTls.enabled`",
    ] {
        assert!(report.contains(part), "{part}\n{report}");
    }
}

#[test]
fn the_older_name_of_a_value_is_accepted() {
    let uuid = "6F1C1A52-9d6b-4a57-8f0e-0d6f2c1b7a90";
    assert_messages(
        &Customer::complete().without("uuid").set("kubiyaAgentUUID", uuid),
        &[],
    );
    assert_messages(
        &Customer::complete()
            .set("uuid", uuid)
            .set("kubiyaAgentUUID", uuid),
        &[],
    );
}

#[test]
fn two_names_with_different_values_are_an_error_with_both_places() {
    let customer = Customer::complete().set("kubiyaAgentUUID", "6f1c1a52-9d6b-4a57-8f0e-0d6f2c1b7a91");
    assert_messages(
        &customer,
        &["error[conflicting-values]: `uuid` and `kubiyaAgentUUID` are two names of one value and differ"],
    );
    let report = customer.report();
    assert!(
        report.contains("--> overrides.yaml:2:1") && report.contains("::: overrides.yaml:"),
        "{report}"
    );
}

#[test]
fn values_that_are_no_text_are_refused() {
    let customer = Customer::complete()
        .set("organization", true)
        .set("nats.jwt", crate::yaml::Value::empty_map())
        .set("registryTls.crt", false);
    assert_messages(
        &customer,
        &[
            "error[invalid-value]: `organization` must be text, not a bool",
            "error[invalid-value]: `nats.jwt` must be text, not a map",
            "error[invalid-value]: `registryTls.crt` must be text, not a bool",
        ],
    );
}

#[test]
fn a_schema_without_rules_requires_nothing() {
    for schema in [
        "",
        "{",
        "[]",
        "{}",
        r#"{"x-required": true}"#,
        r#"{"x-required": ["a"]}"#,
        r#"{"x-required": [{"key": 1}]}"#,
    ] {
        assert_messages(&Customer::empty().schema(schema), &[]);
    }
}

#[test]
fn a_rule_that_cannot_be_read_is_named_and_the_others_hold() {
    let schema = r#"{"x-required": [
        {"key": "a", "kind": "colour", "reason": "r", "example": "e"},
        {"key": "b", "kind": "text", "reason": "r", "example": "e"}]}"#;
    let messages = Customer::empty().schema(schema).messages();
    assert!(messages[0].starts_with("error[required-rule]: item 1 of `x-required` in the chart's schema cannot be read: unknown variant `colour`"), "{messages:?}");
    assert_eq!(messages[1], "error[required-value]: `b` is required and not set");
    assert_eq!(messages.len(), 2);
}

#[test]
fn names_of_releases_and_runners_are_checked() {
    let customer = Customer::complete();
    let long = "a".repeat(54);
    assert_eq!(
        customer.clone().release(&long).messages()[0],
        "error[runner-name]: the release's name cannot be the name of a runner"
    );
    assert_eq!(
        customer.clone().set("runnerNameOverride", "My_Runner").messages()[0],
        "error[runner-name]: `runnerNameOverride` cannot be the name of a runner"
    );
    assert_eq!(
        customer.set("runnerNameOverride", long.as_str()).messages()[0],
        "warning[runner-name]: `runnerNameOverride` has more than 53 characters, so names made from it are cut"
    );
}

#[test]
fn base64_of_whole_files_is_accepted_also_over_several_lines() {
    let mut customer = Customer::complete();
    for key in ["nats.jwt", "nats.secondJwt", "registryTls.crt", "registryTls.key"] {
        let (_, value) = customer
            .values
            .iter()
            .find(|(other, _)| other == key)
            .cloned()
            .unwrap();
        let encoded = base64(value.as_str().unwrap());
        assert_messages(&customer.clone().set(key, super::wrapped(&encoded)), &[]);
        customer = customer.set(key, encoded);
    }
    assert_messages(&customer, &[]);
}
