//! Tests of keys and certificates: read back with x509-parser, signatures verified by ring.

use super::keys::PrivateKey;
use super::{Certificate, pem};
use crate::template::format::Integers;
use crate::template::functions::{Body, Context, Random, find};
use crate::yaml::{List, Number, Value};
use ring::signature as verify;
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};

fn context(seed: u64) -> Context {
    Context {
        clock: time::OffsetDateTime::from_unix_timestamp(1_700_000_000).unwrap(),
        random: Random::new(Some(seed)),
        integers: Integers::Exact,
        swallows: false,
        cluster: crate::template::Cluster::default(),
    }
}

fn call(context: &Context, name: &str, args: &[Value]) -> Value {
    let Body::Plain(body) = find(name).unwrap().body else {
        panic!("{name} needs an engine");
    };
    body(context, args).unwrap_or_else(|error| panic!("{name}: {}", error.message))
}

fn days(count: i64) -> Value {
    Number::Int(count).into()
}

fn list(texts: &[&str]) -> Value {
    Value::List(texts.iter().map(|text| Value::from(*text)).collect::<List>())
}

fn der(pair: &Value) -> Vec<u8> {
    let pair: &Certificate = pair.as_object().unwrap();
    pem::decode(&pair.cert).unwrap().bytes
}

/// A new authority with a key of this kind; an empty one is the kind that `genCA` makes.
fn authority(context: &Context, kind: &str) -> Value {
    if kind.is_empty() {
        return call(context, "genCA", &["ca".into(), days(10)]);
    }
    let key = call(context, "genPrivateKey", &[kind.into()]);
    call(context, "genCAWithKey", &["ca".into(), days(10), key])
}

#[track_caller]
fn assert_signed_by(certificate: &X509Certificate<'_>, authority: &X509Certificate<'_>) {
    let key = &authority.public_key().subject_public_key.data;
    let algorithm: &dyn verify::VerificationAlgorithm = match key.len() {
        32 => &verify::ED25519,
        65 => &verify::ECDSA_P256_SHA256_ASN1,
        _ => &verify::RSA_PKCS1_2048_8192_SHA256,
    };
    verify::UnparsedPublicKey::new(algorithm, key)
        .verify(
            certificate.tbs_certificate.as_ref(),
            &certificate.signature_value.data,
        )
        .expect("the signature is the authority's");
    assert_eq!(certificate.issuer().as_raw(), authority.subject().as_raw());
}

#[test]
fn an_authority_signs_for_keys_of_every_kind() {
    for (seed, kind) in [(1, ""), (2, "ecdsa"), (3, "ed25519")] {
        let context = context(seed);
        let ca = authority(&context, kind);
        let other = authority(&context, "ecdsa");
        let key = call(&context, "genPrivateKey", &["ed25519".into()]);
        let arguments = ["a".into(), Value::Null, Value::Null, days(5), ca.clone(), key];
        let signed = der(&call(&context, "genSignedCertWithKey", &arguments));
        let (authority, unrelated) = (der(&ca), der(&other));
        let (_, signed) = X509Certificate::from_der(&signed).unwrap();
        let (_, authority) = X509Certificate::from_der(&authority).unwrap();
        let (_, unrelated) = X509Certificate::from_der(&unrelated).unwrap();
        assert_signed_by(&authority, &authority);
        assert_signed_by(&signed, &authority);
        assert!(authority.is_ca() && !signed.is_ca());
        assert!(authority.key_usage().unwrap().unwrap().value.key_cert_sign());
        assert!(!signed.key_usage().unwrap().unwrap().value.key_cert_sign());
        assert_ne!(authority.raw_serial(), unrelated.raw_serial());
    }
}

#[test]
fn a_certificate_says_what_the_function_was_told() {
    let context = context(4);
    let names = list(&["a.example", "*.b.example"]);
    let ips = list(&["10.0.0.1", "::1", "::ffff:10.0.0.2"]);
    let made = call(
        &context,
        "genSelfSignedCert",
        &["häns".into(), ips, names, days(3)],
    );
    let bytes = der(&made);
    let (rest, read) = X509Certificate::from_der(&bytes).unwrap();
    assert!(rest.is_empty());
    assert_eq!(read.subject().to_string(), "CN=häns");
    assert_eq!(read.validity().not_before.timestamp(), 1_700_000_000);
    assert_eq!(read.validity().not_after.timestamp(), 1_700_000_000 + 3 * 86_400);
    let usage = read.extended_key_usage().unwrap().unwrap().value;
    assert!(usage.server_auth && usage.client_auth);
    let alternatives = &read
        .subject_alternative_name()
        .unwrap()
        .unwrap()
        .value
        .general_names;
    let shown: Vec<Vec<u8>> = alternatives
        .iter()
        .map(|name| match name {
            GeneralName::DNSName(name) => name.as_bytes().to_vec(),
            GeneralName::IPAddress(bytes) => bytes.to_vec(),
            other => panic!("{other:?}"),
        })
        .collect();
    let one = [[0; 15].as_slice(), &[1]].concat();
    let expected: [&[u8]; 5] = [b"a.example", b"*.b.example", &[10, 0, 0, 1], &one, &[10, 0, 0, 2]];
    assert_eq!(shown, expected);
}

#[test]
fn keys_are_read_as_they_were_written() {
    let random = Random::new(Some(5));
    for kind in ["dsa", "ecdsa", "ed25519"] {
        let key = PrivateKey::generate(&random, kind).unwrap().unwrap();
        let text = key.to_pem();
        let read = PrivateKey::from_pem(&text).unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert_eq!(read.to_pem(), text);
        assert!(read.public() == key.public(), "{kind}");
    }
    let key = PrivateKey::rsa(&random, 2048).unwrap();
    let text = key.to_pem();
    let block = pem::decode(&text).unwrap();
    ring::rsa::KeyPair::from_der(&block.bytes).expect("ring takes the key");
    assert_eq!(
        PrivateKey::from_pem(&text).map(|key| key.to_pem()).ok(),
        Some(text)
    );
}

#[test]
fn a_broken_key_is_refused_without_being_quoted() {
    let key = PrivateKey::rsa(&Random::new(Some(6)), 1024).unwrap().to_pem();
    let body = pem::decode(&key).unwrap().bytes;
    let (start, end) = (body.len() / 2, body.len() - 1);
    for cut in [0, 1, 4, start, end] {
        let text = pem::encode("RSA PRIVATE KEY", &body[..cut]);
        let error = PrivateKey::from_pem(&text).err().expect("it is cut off");
        assert!(!error.contains(&text[40..44]), "{error}");
    }
    let mut changed = body.clone();
    changed[start] ^= 1;
    assert!(PrivateKey::from_pem(&pem::encode("RSA PRIVATE KEY", &changed)).is_err());
    assert!(PrivateKey::from_pem(&pem::encode("EC PRIVATE KEY", &body)).is_err());
    assert!(PrivateKey::from_pem(&pem::encode("PRIVATE KEY", &body)).is_err());
    assert!(PrivateKey::from_pem(&pem::encode("CERTIFICATE", &body)).is_err());
}

#[test]
fn a_seed_gives_the_same_bytes_again() {
    let make = |seed| {
        let context = context(seed);
        let ca = authority(&context, "");
        let arguments = ["a".into(), Value::Null, Value::Null, days(5), ca];
        let signed = call(&context, "genSignedCert", &arguments);
        let password = call(&context, "htpasswd", &["user".into(), "password".into()]);
        let text = call(&context, "encryptAES", &["key".into(), "text".into()]);
        let key = call(&context, "genPrivateKey", &["ecdsa".into()]);
        let certificate: &Certificate = signed.as_object().unwrap();
        [
            certificate.cert.clone().into(),
            certificate.key.clone().into(),
            password,
            text,
            key,
        ]
    };
    let first: [Value; 5] = make(1);
    assert_eq!(first, make(1));
    for (one, other) in first.iter().zip(make(2)) {
        assert_ne!(*one, other);
    }
}

#[test]
fn a_hash_is_that_of_its_password() {
    let made = call(&context(7), "bcrypt", &["secret".into()]);
    let hash = made.as_str().unwrap();
    assert!(bcrypt::verify("secret", hash).unwrap());
    assert!(!bcrypt::verify("Secret", hash).unwrap());
}
