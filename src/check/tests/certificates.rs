//! Tests of certificates and their private keys.

use super::Customer;
use super::NOW;
use super::assert_messages;
use super::base64;
use super::wrapped;
use crate::check::demo::Pair;
use crate::check::demo::certificate;
use rcgen::CertificateParams;
use rcgen::KeyPair;
use rcgen::SignatureAlgorithm;
use time::Duration;

fn pair() -> Pair {
    certificate("kubiya", NOW).unwrap()
}

/// A pair of this algorithm, valid from and to so many days from now.
fn made(algorithm: &'static SignatureAlgorithm, from: i64, to: i64) -> Pair {
    let key = KeyPair::generate_for(algorithm).unwrap();
    let mut parameters = CertificateParams::new(vec!["registry".to_owned()]).unwrap();
    parameters.not_before = NOW + Duration::days(from);
    parameters.not_after = NOW + Duration::days(to);
    Pair {
        certificate: parameters.self_signed(&key).unwrap().pem(),
        private_key: key.serialize_pem(),
    }
}

#[track_caller]
fn assert_said(certificate: &str, private_key: &str, expected: &[&str]) {
    let customer = Customer::complete()
        .set("registryTls.crt", certificate)
        .set("registryTls.key", private_key);
    assert_messages(&customer, expected);
    let customer = customer
        .set("registryTls.crt", base64(certificate))
        .set("registryTls.key", base64(private_key));
    assert_messages(&customer, expected);
}

/// PEM of `contents`.
fn pem(label: &str, contents: &[u8]) -> String {
    use base64::Engine as _;
    let body = wrapped(&base64::engine::general_purpose::STANDARD.encode(contents));
    format!("-----BEGIN {label}-----\n{body}-----END {label}-----\n")
}

/// One DER element.
fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = u16::try_from(contents.len()).unwrap().to_be_bytes();
    [&[tag, 0x82, length[0], length[1]][..], contents].concat()
}

#[test]
fn pairs_of_all_common_algorithms_are_accepted() {
    for algorithm in [
        &rcgen::PKCS_ECDSA_P256_SHA256,
        &rcgen::PKCS_ECDSA_P384_SHA384,
        &rcgen::PKCS_ED25519,
    ] {
        let pair = made(algorithm, -1, 365);
        assert_said(&pair.certificate, &pair.private_key, &[]);
    }
}

#[test]
fn a_foreign_key_is_refused() {
    let expected = &[
        "error[invalid-certificate]: `registryTls.crt` does not belong to the private key in `registryTls.key`",
    ];
    assert_said(&pair().certificate, &pair().private_key, expected);
    assert_said(
        &pair().certificate,
        &made(&rcgen::PKCS_ED25519, -1, 365).private_key,
        expected,
    );
}

#[test]
fn swapped_halves_are_said_to_be_swapped() {
    let pair = pair();
    assert_said(
        &pair.private_key,
        &pair.certificate,
        &[
            "error[invalid-certificate]: `registryTls.crt` and `registryTls.key` are swapped: the first holds the private key",
        ],
    );
}

#[test]
fn the_same_half_twice_is_named() {
    let pair = pair();
    assert_said(
        &pair.certificate,
        &pair.certificate,
        &["error[invalid-certificate]: `registryTls.key` holds a certificate where the private key belongs"],
    );
    assert_said(
        &pair.private_key,
        &pair.private_key,
        &["error[invalid-certificate]: `registryTls.crt` holds a private key where the certificate belongs"],
    );
}

#[test]
fn expiry_is_warned_of() {
    let algorithm = &rcgen::PKCS_ED25519;
    for (from, to, what) in [
        (-30, -1, "holds a certificate that expired on 2026-02-28"),
        (-30, 29, "holds a certificate that expires on 2026-03-30"),
        (2, 365, "holds a certificate that is not valid before 2026-03-03"),
    ] {
        let pair = made(algorithm, from, to);
        let expected = format!("warning[certificate-expiry]: `registryTls.crt` {what}");
        assert_said(&pair.certificate, &pair.private_key, &[&expected]);
    }
    let pair = made(algorithm, -1, 31);
    assert_said(&pair.certificate, &pair.private_key, &[]);
}

#[test]
fn every_certificate_of_a_chain_is_read() {
    let (leaf, other) = (pair(), made(&rcgen::PKCS_ED25519, -30, -1));
    let chain = format!("{}{}", leaf.certificate, other.certificate);
    let expired =
        "warning[certificate-expiry]: `registryTls.crt` holds certificate 2 of 2 that expired on 2026-02-28";
    assert_said(&chain, &leaf.private_key, &[expired]);
    assert_said(
        &chain,
        &other.private_key,
        &[
            expired,
            "error[invalid-certificate]: `registryTls.crt` has its certificates in the wrong order for `registryTls.key`",
        ],
    );
    let damaged = format!("{}{}", leaf.certificate, pem("CERTIFICATE", &[0x30, 3, 2, 1, 1]));
    assert_said(
        &damaged,
        &leaf.private_key,
        &[
            "error[invalid-certificate]: `registryTls.crt` holds certificate 2 of 2 that cannot be read as X.509",
        ],
    );
}

#[test]
fn encrypted_keys_are_explained() {
    let pair = pair();
    let expected = &["error[invalid-certificate]: `registryTls.key` is an encrypted private key"];
    assert_said(
        &pair.certificate,
        &pem("ENCRYPTED PRIVATE KEY", &[0x30, 0]),
        expected,
    );
    // The form that OpenSSL wrote before PKCS#8, put together here so that no file looks like it holds a key.
    let label = "RSA PRIVATE KEY";
    let headers = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00";
    let old = &format!("-----BEGIN {label}-----\n{headers}\n\nAAAA\n-----END {label}-----\n");
    assert_said(&pair.certificate, old, expected);
}

#[test]
fn what_is_no_pem_file_is_named() {
    let pair = pair();
    for (value, what) in [
        (
            "my-certificate",
            "is neither a PEM certificate nor its base64".to_owned(),
        ),
        (
            &*pem("CERTIFICATE REQUEST", &[0x30, 0]),
            "holds a certificate request, not a certificate".to_owned(),
        ),
        (
            &*pem("X509 CRL", &[0x30, 0]),
            "holds PEM text without a certificate".to_owned(),
        ),
        (
            &*pair.certificate.replace('\n', " "),
            "holds a PEM certificate without its line breaks".to_owned(),
        ),
        (
            &pair.certificate[..200],
            "holds a certificate that cannot be read as X.509".to_owned(),
        ),
        (
            "MIIBszCCAVmgAw==",
            "is base64 of DER, not of a PEM certificate".to_owned(),
        ),
    ] {
        let customer = Customer::complete()
            .set("registryTls.crt", value)
            .set("registryTls.key", pair.private_key.clone());
        assert_messages(
            &customer,
            &[&format!("error[invalid-certificate]: `registryTls.crt` {what}")],
        );
    }
    assert_said(
        &pair.certificate,
        &pem("PUBLIC KEY", &[0x30, 0]),
        &["error[invalid-certificate]: `registryTls.key` holds a public key, not the private one"],
    );
}

#[test]
fn a_key_besides_the_certificate_is_warned_of() {
    let pair = pair();
    assert_said(
        &format!("{}{}", pair.certificate, pair.private_key),
        &pair.private_key,
        &["warning[invalid-certificate]: `registryTls.crt` holds a private key besides the certificate"],
    );
}

#[test]
fn sec1_keys_are_read_also_behind_their_parameters() {
    let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let certificate = CertificateParams::new(vec!["registry".to_owned()])
        .unwrap()
        .self_signed(&key)
        .unwrap()
        .pem();
    // The PKCS#8 form holds the SEC1 form in its last element, which ring writes without the curve.
    let pkcs8 = key.serialize_der();
    let start = pkcs8
        .windows(4)
        .position(|bytes| bytes == [0x30, 0x6b, 0x02, 0x01])
        .unwrap();
    let sec1 = format!(
        "{}{}",
        pem("EC PARAMETERS", &[6, 0]),
        pem("EC PRIVATE KEY", &pkcs8[start..])
    );
    assert_said(&certificate, &sec1, &[]);
    assert_said(
        &pair().certificate,
        &sec1,
        &[
            "error[invalid-certificate]: `registryTls.crt` does not belong to the private key in `registryTls.key`",
        ],
    );
}

#[test]
fn keys_without_a_public_half_cannot_be_compared() {
    let key = element(0x30, &[element(0x02, &[1]), element(0x04, &[7; 32])].concat());
    assert_said(
        &pair().certificate,
        &pem("EC PRIVATE KEY", &key),
        &[
            "warning[invalid-certificate]: `registryTls.crt` could not be compared with `registryTls.key`: its public half cannot be derived here",
        ],
    );
}

#[test]
fn rsa_keys_of_unusual_size_are_compared_by_their_modulus() {
    let integer = |contents: &[u8]| element(0x02, contents);
    let modulus = [&[0x00, 0xc1][..], &[0x5b; 127]].concat();
    let public = [integer(&modulus), integer(&[1, 0, 1])].concat();
    let key = element(
        0x30,
        &[integer(&[0]), public, integer(&[3]), integer(&[5])].concat(),
    );
    // No certificate has this key; what counts is that the two are told apart without a panic.
    assert_said(
        &pair().certificate,
        &pem("RSA PRIVATE KEY", &key),
        &[
            "error[invalid-certificate]: `registryTls.crt` does not belong to the private key in `registryTls.key`",
        ],
    );
}

#[test]
fn damaged_keys_are_refused_wherever_they_are_cut() {
    let pair = pair();
    let key = KeyPair::from_pem(&pair.private_key).unwrap().serialize_der();
    for length in 0..key.len() {
        assert_said(
            &pair.certificate,
            &pem("PRIVATE KEY", &key[..length]),
            &["error[invalid-certificate]: `registryTls.key` holds a private key that cannot be read"],
        );
    }
}

#[test]
fn the_certificate_must_name_the_registrys_host() {
    let with = |host: &str| Customer::complete().set("registryTls.host", host);
    for host in [
        "cache-registry-svc.kubiya",
        "Cache-Registry-Svc:5000",
        "cache-registry-svc",
    ] {
        assert_messages(&with(host), &[]);
    }
    let other = with("cache-registry-svc.other");
    assert_messages(
        &other,
        &[
            "warning[invalid-certificate]: `registryTls.crt` holds a certificate that is not valid for the host in `registryTls.host`",
        ],
    );
    assert!(
        other
            .report()
            .contains("it is valid for `cache-registry-svc.kubiya`, `cache-registry-svc`")
    );
}

#[test]
fn wildcards_and_addresses_are_hosts_too_and_the_common_name_is_none() {
    let said = |names: &[&str], host: &str| {
        let key = KeyPair::generate().unwrap();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut parameters = CertificateParams::new(names).unwrap();
        parameters
            .distinguished_name
            .push(rcgen::DnType::CommonName, "registry");
        let customer = Customer::complete()
            .set("registryTls.crt", parameters.self_signed(&key).unwrap().pem())
            .set("registryTls.key", key.serialize_pem())
            .set("registryTls.host", host);
        customer.messages().len()
    };
    assert_eq!(said(&["*.acme.com"], "registry.acme.com"), 0);
    assert_eq!(said(&["*.acme.com"], "a.registry.acme.com"), 1);
    assert_eq!(said(&["*.acme.com"], "acme.com"), 1);
    assert_eq!(said(&["10.0.0.1", "::1"], "10.0.0.1:5000"), 0);
    assert_eq!(said(&["10.0.0.1", "::1"], "[::1]:5000"), 0);
    assert_eq!(said(&["10.0.0.1", "::1"], "::1"), 0);
    assert_eq!(said(&[], "registry"), 1);
}
