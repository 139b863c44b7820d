//! Tests of demo overrides.

use super::Customer;
use super::NOW;
use super::assert_messages;
use crate::chart;
use crate::check::demo::certificate;
use crate::check::demo::overrides;
use crate::check::minimum;
use crate::diagnostic::Diagnostic;
use crate::release::Release;
use crate::source::Source;
use crate::values;
use crate::values::Input;
use std::sync::Arc;
use x509_parser::certificate::X509Certificate;
use x509_parser::pem::Pem;
use x509_parser::prelude::FromDer as _;
use x509_parser::prelude::GeneralName;

/// The scalars of an overrides file, as any YAML reader finds them.
fn customer(text: &str, release: &str) -> Customer {
    let values: serde_yaml::Value = serde_yaml::from_str(text).unwrap();
    let mut customer = Customer::empty().release(release);
    for key in [
        "organization",
        "runnerNameOverride",
        "uuid",
        "nats.jwt",
        "nats.secondJwt",
        "nats.subject",
        "nats.serverUrl",
        "registryTls.crt",
        "registryTls.key",
    ] {
        let found = key.split('.').fold(&values, |value, step| &value[step]);
        customer = customer.set(key, found.as_str().unwrap());
    }
    customer
}

#[test]
fn demo_overrides_pass_every_check_for_any_release() {
    let text = overrides("demo-runner", "kubiya", "Acme \"& Sons\": #1", NOW).unwrap();
    assert_messages(&customer(&text, "another-release"), &[]);
    let values: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
    assert_eq!(values["organization"].as_str(), Some("Acme \"& Sons\": #1"));
    assert_eq!(values["runnerNameOverride"].as_str(), Some("demo-runner"));
}

/// All that is said of overrides for the bundled runner chart.
fn said_of(overrides: &str, name: &str) -> Vec<Diagnostic> {
    let chart = chart::bundled("kubiya-runner").unwrap().unwrap();
    let merged = values::merge(&[Input::File(Source::sensitive(name, overrides))]).unwrap();
    let processed = values::process_dependencies(&Arc::new(chart), &merged.values, |_, _| true);
    let chart = processed.chart;
    let coalesced = values::coalesce(&chart, &merged.values);
    let release = Release {
        name: "another-release".to_owned(),
        namespace: "kubiya".to_owned(),
        revision: 1,
        is_upgrade: false,
    };
    let mut said = values::check_schema(&chart, &coalesced.values, &values::SchemaOptions::default());
    said.extend(minimum(&chart, &coalesced.values, &release, NOW));
    said
}

#[test]
fn the_bundled_runner_chart_takes_demo_overrides_and_its_own_example() {
    assert_eq!(
        said_of(&overrides("demo", "elsewhere", "acme", NOW).unwrap(), "demo.yaml"),
        []
    );
    let example = include_str!("../../../values/kubiya-runner/examples/overrides.yaml");
    assert_eq!(said_of(example, "overrides.yaml"), []);
}

#[test]
fn an_image_of_another_component_is_warned_of() {
    let said = |repository: &str| -> Vec<&'static str> {
        let overrides = format!(
            "{}agentManager: {{image: {{repository: {repository}}}}}\n",
            overrides("demo", "kubiya", "acme", NOW).unwrap()
        );
        said_of(&overrides, "o.yaml")
            .iter()
            .map(|diagnostic| diagnostic.code)
            .collect()
    };
    assert_eq!(said("ghcr.io/kubiyabot/tool-manager"), ["misplaced-image"]);
    assert_eq!(said("registry.acme.com:5000/mirror/agent-manager"), [""; 0]);
    assert_eq!(said("acme/our-own-agent"), [""; 0]);
}

#[test]
fn names_that_yaml_would_read_as_something_else_stay_text() {
    for name in ["123", "1e3", "true", "null", "0x1f", "1.5"] {
        assert_messages(
            &customer(
                &overrides(name, name, "no", NOW)
                    .unwrap_or_else(|_| overrides(name, "kubiya", "no", NOW).unwrap()),
                "x",
            ),
            &[],
        );
    }
}

#[test]
fn no_two_files_share_a_credential() {
    let lines = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|line| line.len() > 40 && !line.contains([' ', '#']) || line.contains("uuid:"))
            .map(str::to_owned)
            .collect()
    };
    let (first, second) = (
        overrides("a", "b", "c", NOW).unwrap(),
        overrides("a", "b", "c", NOW).unwrap(),
    );
    assert!(lines(&first).iter().all(|line| !lines(&second).contains(line)));
}

#[test]
fn what_cannot_be_configured_is_refused() {
    let codes = |name: &str, namespace: &str, organization: &str| -> Vec<&'static str> {
        overrides(name, namespace, organization, NOW)
            .unwrap_err()
            .iter()
            .map(|diagnostic| diagnostic.code)
            .collect()
    };
    assert_eq!(
        codes("My Runner", "Bad.Namespace", "<organization>"),
        ["runner-name", "invalid-value", "placeholder-value"]
    );
    assert_eq!(codes("a", "ä", "b"), ["invalid-value"]);
}

#[test]
fn the_certificate_stands_for_the_registry_of_the_namespace() {
    for (namespace, common_name) in [
        ("kubiya", "cache-registry-svc.kubiya"),
        (&*"n".repeat(63), "cache-registry-svc"),
    ] {
        let pair = certificate(namespace, NOW).unwrap();
        let (pem, _) = Pem::read(std::io::Cursor::new(pair.certificate)).unwrap();
        let (_, parsed) = X509Certificate::from_der(&pem.contents).unwrap();
        assert_eq!(parsed.subject().to_string(), format!("CN={common_name}"));
        let names = parsed
            .subject_alternative_name()
            .unwrap()
            .unwrap()
            .value
            .general_names
            .clone();
        let host = format!("cache-registry-svc.{namespace}");
        assert_eq!(
            names,
            [
                GeneralName::DNSName(&host),
                GeneralName::DNSName("cache-registry-svc")
            ]
        );
        assert_eq!(
            parsed.validity().not_after.to_datetime() - parsed.validity().not_before.to_datetime(),
            time::Duration::days(365)
        );
    }
}
