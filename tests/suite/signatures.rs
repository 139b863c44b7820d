//! Signing and verifying on the command line, with keys made here: files, exit codes, what is shown and what is not.
//!
//! What signatures mean is tested beside their code, and with real Helm by `.ci/provenance`.

use crate::process;
use crate::process::Invocation;
use pgp::composed::KeyType;
use pgp::composed::SecretKeyParamsBuilder;
use pgp::crypto::ecc_curve::ECCCurve;
use pgp::ser::Serialize as _;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const PASSPHRASE: &str = "open sesame";

/// A folder with a chart and with a key's halves as `secring.gpg` and `pubring.gpg`.
fn folder(kind: KeyType, passphrase: Option<&str>) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be created");
    let write = |name: &str, data: &[u8]| {
        fs::write(folder.path().join(name), data).expect("the folder is writable");
    };
    fs::create_dir(folder.path().join("demo")).expect("the folder is writable");
    write("demo/Chart.yaml", b"apiVersion: v2\nname: demo\nversion: 1.2.3\n");
    let key = SecretKeyParamsBuilder::default()
        .key_type(kind)
        .can_certify(true)
        .can_sign(true)
        .primary_user_id("Ada <ada@example.com>".to_owned())
        .passphrase(passphrase.map(str::to_owned))
        .build()
        .expect("nothing is missing")
        .generate(StdRng::seed_from_u64(5))
        .expect("a key can be made");
    let public = key.to_public_key();
    write("secring.gpg", &key.to_bytes().expect("a key has bytes"));
    write("pubring.gpg", &public.to_bytes().expect("a key has bytes"));
    folder
}

/// The exit code and both streams.
fn run(folder: &Path, args: &str, stdin: &str) -> (i32, String, String) {
    let outcome = process::run(&Invocation {
        directory: folder.to_owned(),
        args: args.split_whitespace().map(str::to_owned).collect(),
        stdin: stdin.as_bytes().to_vec(),
        ..Invocation::default()
    })
    .expect("it ends soon");
    let text = |bytes| String::from_utf8(bytes).expect("it is text");
    (outcome.code, text(outcome.stdout), text(outcome.stderr))
}

const SIGN: &str = "package demo --sign --key ada@ --keyring secring.gpg";
const VERIFY: &str = "verify demo-1.2.3.tgz --keyring pubring.gpg";

#[test]
fn a_signed_package_verifies_until_a_byte_changes() {
    let folder = folder(KeyType::ECDSA(ECCCurve::P256), None);
    let (code, _, stderr) = run(folder.path(), SIGN, "");
    assert_eq!((code, stderr.as_str()), (0, ""));
    let (code, stdout, stderr) = run(folder.path(), VERIFY, "");
    assert_eq!((code, stderr.as_str()), (0, ""));
    let lines: Vec<&str> = stdout.lines().collect();
    assert_eq!(lines[0], "Signed by: Ada <ada@example.com>");
    assert!(
        lines[1].starts_with("Using Key With Fingerprint: ")
            && lines[2].starts_with("Chart Hash Verified: sha256:")
    );
    let archive = folder.path().join("demo-1.2.3.tgz");
    let mut data = fs::read(&archive).unwrap();
    data[12] ^= 1;
    fs::write(&archive, data).unwrap();
    let (code, stdout, stderr) = run(folder.path(), VERIFY, "");
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.starts_with("error[provenance-hash]: "), "{stderr}");
}

#[test]
fn a_provenance_is_not_overwritten_unless_that_is_asked_for() {
    let folder = folder(KeyType::ECDSA(ECCCurve::P256), None);
    let provenance = folder.path().join("demo-1.2.3.tgz.prov");
    fs::write(&provenance, "mine").unwrap();
    let (code, _, stderr) = run(folder.path(), SIGN, "");
    assert_eq!(code, 1);
    assert!(
        stderr.contains("`./demo-1.2.3.tgz.prov` exists with other content"),
        "{stderr}"
    );
    assert!(
        !folder.path().join("demo-1.2.3.tgz").exists(),
        "both are written, or neither"
    );
    assert_eq!(fs::read_to_string(&provenance).unwrap(), "mine");
    assert_eq!(run(folder.path(), &format!("{SIGN} --force"), "").0, 0);
    assert_eq!(run(folder.path(), VERIFY, "").0, 0);
}

#[test]
fn a_passphrase_opens_the_key_and_is_never_shown() {
    let folder = folder(KeyType::ECDSA(ECCCurve::P256), Some(PASSPHRASE));
    let (code, stdout, stderr) = run(folder.path(), SIGN, "");
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.contains("there is no terminal to ask at"), "{stderr}");
    fs::write(folder.path().join("wrong"), "open barley\n").unwrap();
    fs::write(folder.path().join("empty"), "").unwrap();
    for (file, expected) in [
        (
            "wrong",
            "the passphrase does not open key `Ada <ada@example.com>`",
        ),
        ("empty", "failed to read the passphrase from `empty`: it is empty"),
        (
            "missing",
            "failed to read the passphrase from `missing`: no such file or directory",
        ),
    ] {
        let (code, stdout, stderr) = run(folder.path(), &format!("{SIGN} --passphrase-file {file}"), "");
        assert_eq!((code, stdout.as_str()), (1, ""));
        assert!(
            stderr.starts_with(&format!("error[passphrase]: {expected}")),
            "{stderr}"
        );
        assert!(!stderr.contains("barley"), "{stderr}");
    }
    assert!(!folder.path().join("demo-1.2.3.tgz").exists());
    let input = format!("{PASSPHRASE}\r\nnext line\n");
    let (code, stdout, stderr) = run(folder.path(), &format!("{SIGN} --passphrase-file -"), &input);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(!stdout.contains("sesame"));
    assert_eq!(run(folder.path(), VERIFY, "").0, 0);
}

#[test]
fn a_key_that_helm_does_not_know_signs_with_a_warning() {
    let folder = folder(KeyType::Ed25519Legacy, None);
    let (code, _, stderr) = run(folder.path(), SIGN, "");
    assert_eq!(code, 0);
    assert!(
        stderr.starts_with("warning[signing-key]: Helm 3 cannot check signatures of key"),
        "{stderr}"
    );
    assert_eq!(run(folder.path(), VERIFY, "").0, 0);
}
