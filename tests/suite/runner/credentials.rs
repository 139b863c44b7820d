//! Owns the tests of the runner chart with credentials in the values: what the Secrets hold, and which pods a
//! changed credential rolls.
//!
//! Credentials are made by `runnerctl init`; none is kept.

use super::manifests::Manifests;
use super::manifests::render;
use super::manifests::strings;
use super::manifests::text;
use crate::process;
use crate::process::Invocation;
use crate::process::root;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;

/// Writes fresh demo credentials and gives the overrides.
fn demo(folder: &tempfile::TempDir) -> String {
    let path = folder.path().join("overrides.yaml");
    let path = path.to_str().expect("the temporary folder is UTF-8");
    let args = ["init", path, "--name", "acme-runner"]
        .map(str::to_owned)
        .to_vec();
    let outcome = process::run(&Invocation {
        args,
        ..Invocation::default()
    })
    .expect("init ends in time");
    assert_eq!(outcome.code, 0, "{}", String::from_utf8_lossy(&outcome.stderr));
    fs::read_to_string(path).expect("init wrote the file")
}

/// Renders overrides with inline credentials.
#[track_caller]
fn render_values(values: &Json) -> Manifests {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("values.json");
    fs::write(&path, values.to_string()).expect("the folder is writable");
    render(
        "acme-runner",
        &["-f", path.to_str().expect("the temporary folder is UTF-8")],
    )
}

/// The files in the Secrets, by name of the Secret and key.
fn secret_files(manifests: &Manifests) -> BTreeMap<(String, String), String> {
    let mut files = BTreeMap::new();
    for secret in manifests.of_kind("Secret") {
        for (key, data) in strings(secret, "/data") {
            let file = String::from_utf8(STANDARD.decode(data).expect("it is base64")).expect("it is text");
            files.insert((text(secret, "/metadata/name").to_owned(), key.to_owned()), file);
        }
    }
    files
}

/// Annotations of every workload's pods that follow a Secret.
fn checksums(manifests: &Manifests) -> BTreeMap<(String, String), String> {
    let mut checksums = BTreeMap::new();
    for workload in manifests.workloads() {
        for (key, value) in strings(workload.pod_metadata, "/annotations") {
            if key.starts_with("checksum/") {
                checksums.insert((workload.name.to_owned(), key.to_owned()), value.to_owned());
            }
        }
    }
    checksums
}

const CREDENTIALS: [&str; 4] = [
    "/nats/jwt",
    "/nats/secondJwt",
    "/registryTls/crt",
    "/registryTls/key",
];

#[test]
fn secrets_hold_the_files_whether_given_as_they_are_or_as_base64() {
    let folder = tempfile::tempdir().unwrap();
    let plain: Json = serde_yaml::from_str(&demo(&folder)).unwrap();
    let mut encoded = plain.clone();
    let mut wrapped = plain.clone();
    for pointer in CREDENTIALS {
        let file = text(&plain, pointer).to_owned();
        assert!(file.starts_with("-----BEGIN"), "{pointer}");
        let base64 = STANDARD.encode(&file);
        let lines: Vec<&str> = base64
            .as_bytes()
            .chunks(76)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        *wrapped.pointer_mut(pointer).unwrap() = Json::from(format!("{}\n", lines.join("\n")));
        *encoded.pointer_mut(pointer).unwrap() = Json::from(base64);
    }

    let manifests = render_values(&plain);
    let files = secret_files(&manifests);
    let given: BTreeSet<&str> = CREDENTIALS.iter().map(|pointer| text(&plain, pointer)).collect();
    assert_eq!(files.values().map(String::as_str).collect::<BTreeSet<_>>(), given);
    for form in [encoded, wrapped] {
        let other = render_values(&form);
        assert_eq!(secret_files(&other), files);
        assert_eq!(
            checksums(&other),
            checksums(&manifests),
            "the same credentials roll no pods"
        );
    }
}

#[test]
fn a_changed_credential_rolls_the_pods_that_read_it_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let values: Json = serde_yaml::from_str(&demo(&folder)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let fresh: Json = serde_yaml::from_str(&demo(&folder)).unwrap();
    let before = checksums(&render_values(&values));

    let changed = |pointers: &[&str]| -> BTreeSet<String> {
        let mut values = values.clone();
        for pointer in pointers {
            *values.pointer_mut(pointer).unwrap() = fresh.pointer(pointer).unwrap().clone();
        }
        let after = checksums(&render_values(&values));
        assert_eq!(after.len(), before.len());
        let rolled = after.iter().filter(|(key, value)| before[*key] != **value);
        rolled
            .map(|((workload, _), _)| workload.trim_start_matches("acme-runner-").to_owned())
            .collect()
    };
    let set = |names: &[&str]| -> BTreeSet<String> { names.iter().map(|name| (*name).to_owned()).collect() };
    assert_eq!(changed(&["/nats/jwt"]), set(&["kubiya-operator"]));
    assert_eq!(
        changed(&["/nats/secondJwt"]),
        set(&["agent-manager", "tool-manager", "workflow-engine"])
    );
    assert_eq!(
        changed(&["/registryTls/crt", "/registryTls/key"]),
        set(&["tool-manager", "workflow-engine"])
    );
}

#[test]
fn overrides_in_the_older_style_render_as_they_stand_once_their_credentials_are_real() {
    let folder = tempfile::tempdir().unwrap();
    let demo: Json = serde_yaml::from_str(&demo(&folder)).unwrap();
    let path = root().join("testdata/render/ok/customer-overrides/overrides.yaml");
    let mut values: Json = serde_yaml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let nats = values["nats"].as_object_mut().unwrap();
    nats.remove("existingSecrets").unwrap();
    for key in ["jwt", "secondJwt"] {
        let file = text(&demo["nats"], &format!("/{key}")).to_owned();
        nats.insert(key.to_owned(), Json::from(STANDARD.encode(file)));
    }

    let manifests = render_values(&values);
    let deployment = manifests.get("Deployment", "acme-runner-kubiya-runner-agent-manager");
    let variables = deployment
        .pointer("/spec/template/spec/containers/0/env")
        .unwrap();
    let own = serde_json::json!({"name": "CUSTOM_ENV_VAR", "value": "custom-value"});
    assert!(variables.as_array().unwrap().contains(&own), "{variables}");
    assert_eq!(secret_files(&manifests).len(), 2);
}
