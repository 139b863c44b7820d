//! Owns keys and certificates: Sprig's functions that make them, and the pair of texts that they give.
//!
//! The files below it write and read keys and certificates. Checksums and passwords are in `crypto.rs`.

use super::arguments::{at, describe, int, list, string, text};
use super::encoding::decode64;
use super::{Context, FnError, FnResult, Function, example};
use crate::yaml::{ListKind, Map, Object, Value};
use keys::PrivateKey;
use std::net::IpAddr;
use std::sync::Arc;
use x509::{Issuer, Subject};
use x509_parser::prelude::{FromDer as _, ParsedExtension, X509Certificate};

mod der;
mod dsa;
mod ec;
mod keys;
mod pem;
mod primes;
mod rsa;
mod x509;

#[cfg(test)]
mod tests;

/// Bits of the RSA keys that certificates get.
const RSA_BITS: usize = 2048;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain(
        "genPrivateKey",
        "KIND",
        "A new private key in PEM: `rsa` (4096 bits), `dsa`, `ecdsa` (P-256) or `ed25519`.",
        gen_private_key,
    )
    .examples(&[
        example(
            r#"genPrivateKey "ed25519" | trunc 27 | replace "-----" """#,
            r#""ed25519" | genPrivateKey | trunc(27) | replace("-----", "")"#,
            "BEGIN PRIVATE KEY",
        ),
        example(
            r#"genPrivateKey "x""#,
            r#"genPrivateKey("x")"#,
            "Unknown type x",
        ),
    ]),
    Function::plain(
        "genCA",
        "NAME DAYS",
        "A new certificate authority: `.Cert` and `.Key` in PEM, valid for so many days.",
        |context, args| {
            let key = PrivateKey::rsa(&context.random, RSA_BITS)?;
            self_signed(context, &authority(args)?, &key)
        },
    )
    .subject(0)
    .examples(&[example(
        r#"(genCA "demo" 365).Cert | trunc 27"#,
        r#"genCA("demo", 365).Cert | trunc(27)"#,
        "-----BEGIN CERTIFICATE-----",
    )]),
    Function::plain(
        "genCAWithKey",
        "NAME DAYS KEY",
        "As `genCA`, for a key that exists.",
        |context, args| self_signed(context, &authority(args)?, &key(args, 2)?),
    )
    .examples(&[example(
        r#"(genCAWithKey "demo" 365 (genPrivateKey "ecdsa")).Key | trunc 30 | replace "-----" """#,
        r#"genCAWithKey("demo", 365, genPrivateKey("ecdsa")).Key | trunc(30) | replace("-----", "")"#,
        "BEGIN EC PRIVATE KEY",
    )]),
    Function::plain(
        "genSelfSignedCert",
        "NAME IPS DNS DAYS",
        "A new certificate that its own key signs: `.Cert` and `.Key` in PEM.",
        |context, args| {
            let subject = subject(args)?;
            self_signed(context, &subject, &PrivateKey::rsa(&context.random, RSA_BITS)?)
        },
    )
    .subject(0)
    .examples(&[example(
        r#"(genSelfSignedCert "demo" nil (list "demo.example") 365).Key | trunc 31 | replace "-----" """#,
        r#"genSelfSignedCert("demo", none, ["demo.example"], 365).Key | trunc(31) | replace("-----", "")"#,
        "BEGIN RSA PRIVATE KEY",
    )]),
    Function::plain(
        "genSelfSignedCertWithKey",
        "NAME IPS DNS DAYS KEY",
        "As `genSelfSignedCert`, for a key that exists.",
        |context, args| self_signed(context, &subject(args)?, &key(args, 4)?),
    )
    .examples(&[example(
        r#"(genSelfSignedCertWithKey "demo" nil nil 365 (genPrivateKey "ed25519")).Cert | trunc 27"#,
        r#"genSelfSignedCertWithKey("demo", none, none, 365, genPrivateKey("ed25519")).Cert | trunc(27)"#,
        "-----BEGIN CERTIFICATE-----",
    )]),
    Function::plain(
        "genSignedCert",
        "NAME IPS DNS DAYS CA",
        "A new certificate that an authority signs: `.Cert` and `.Key` in PEM.",
        |context, args| {
            let subject = subject(args)?;
            let ca = certificate(args, 4)?;
            signed(context, &subject, &PrivateKey::rsa(&context.random, RSA_BITS)?, ca)
        },
    )
    .examples(&[example(
        r#"(genSignedCert "demo" (list "10.0.0.1") nil 365 (genCA "ca" 365)).Cert | trunc 27"#,
        r#"genSignedCert("demo", ["10.0.0.1"], none, 365, genCA("ca", 365)).Cert | trunc(27)"#,
        "-----BEGIN CERTIFICATE-----",
    )]),
    Function::plain(
        "genSignedCertWithKey",
        "NAME IPS DNS DAYS CA KEY",
        "As `genSignedCert`, for a key that exists.",
        |context, args| signed(context, &subject(args)?, &key(args, 5)?, certificate(args, 4)?),
    )
    .examples(&[example(
        r#"(genSignedCertWithKey "demo" nil nil 365 (genCA "ca" 365) (genPrivateKey "ecdsa")).Key | trunc 30 | replace "-----" """#,
        r#"genSignedCertWithKey("demo", none, none, 365, genCA("ca", 365), genPrivateKey("ecdsa")).Key | trunc(30) | replace("-----", "")"#,
        "BEGIN EC PRIVATE KEY",
    )]),
    Function::plain(
        "buildCustomCert",
        "CERT KEY",
        "A certificate and its key that exist, from PEM in base64, as `genSignedCert` takes them.",
        build_custom_cert,
    )
    .examples(&[example(
        r#"(buildCustomCert (b64enc (genCA "ca" 365).Cert) (b64enc (genPrivateKey "ecdsa"))).Cert | trunc 27"#,
        r#"buildCustomCert(genCA("ca", 365).Cert | b64enc, genPrivateKey("ecdsa") | b64enc).Cert | trunc(27)"#,
        "-----BEGIN CERTIFICATE-----",
    )]),
];

/// Sprig's `certificate`: two texts in PEM.
#[derive(Debug)]
struct Certificate {
    cert: String,
    key: String,
}

impl Object for Certificate {
    fn go_type(&self) -> &'static str {
        "sprig.certificate"
    }

    fn go_kind(&self) -> &'static str {
        "struct"
    }

    fn print(&self) -> String {
        format!("{{{} {}}}", self.cert, self.key)
    }

    fn plain(&self) -> Value {
        Value::Map(Map::from_iter([
            ("Cert", self.cert.as_str()),
            ("Key", self.key.as_str()),
        ]))
    }

    fn field(&self, name: &str) -> Option<Value> {
        match name {
            "Cert" => Some(self.cert.as_str().into()),
            "Key" => Some(self.key.as_str().into()),
            _ => None,
        }
    }

    fn names(&self) -> Vec<&str> {
        vec!["Cert", "Key"]
    }
}

fn gen_private_key(context: &Context, args: &[Value]) -> FnResult {
    let kind = text(args, 0)?;
    match PrivateKey::generate(&context.random, kind)? {
        Some(key) => string(key.to_pem()),
        None => string(format!("Unknown type {kind}")),
    }
}

fn build_custom_cert(_: &Context, args: &[Value]) -> FnResult {
    let decoded = |index: usize| {
        let body: Vec<u8> = text(args, index)?
            .bytes()
            .filter(|byte| !matches!(byte, b'\r' | b'\n'))
            .collect();
        let bytes =
            decode64(&body).map_err(|_| FnError::new(format!("argument {} must be base64", index + 1)))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let pair = Certificate {
        cert: decoded(0)?,
        key: decoded(1)?,
    };
    read_certificate(&pair.cert)?;
    read_key(&pair.key, 1)?;
    Ok(Value::Object(Arc::new(pair)))
}

/// The subject of an authority: its name and its days.
fn authority(args: &[Value]) -> Result<Subject, FnError> {
    Ok(Subject {
        common_name: text(args, 0)?.to_owned(),
        ips: Vec::new(),
        names: Vec::new(),
        days: int(args, 1)?,
        is_authority: true,
    })
}

/// The subject of any other certificate: name, addresses, names of hosts, days.
fn subject(args: &[Value]) -> Result<Subject, FnError> {
    let ip = |text: String| {
        let address: Option<IpAddr> = text.parse().ok();
        address.ok_or_else(|| FnError::new(format!("`{text}` in argument 2 is no IP address")))
    };
    let name = |text: String| {
        let name = Some(text.as_str())
            .filter(|text| text.is_ascii())
            .map(str::to_owned);
        name.ok_or_else(|| FnError::new(format!("`{text}` in argument 3 must be ASCII")))
    };
    Ok(Subject {
        common_name: text(args, 0)?.to_owned(),
        ips: texts(args, 1)?.into_iter().map(ip).collect::<Result<_, _>>()?,
        names: texts(args, 2)?.into_iter().map(name).collect::<Result<_, _>>()?,
        days: int(args, 3)?,
        is_authority: false,
    })
}

/// A parameter that Sprig types `[]interface {}` and that must hold texts; nil is an empty one.
fn texts(args: &[Value], index: usize) -> Result<Vec<String>, FnError> {
    if at(args, index).is_null() {
        return Ok(Vec::new());
    }
    let items = list(args, index)?;
    if !matches!(items.kind(), ListKind::Any | ListKind::Nil) {
        return Err(FnError::new(format!(
            "argument {} must be a list of any values, not {}",
            index + 1,
            items.kind().go_type()
        ))
        .help("make one with `list`"));
    }
    let text = |item: Value| {
        let wrong = || {
            let got = describe(&item);
            FnError::new(format!("argument {} must hold strings, not {got}", index + 1))
        };
        item.as_str().map(str::to_owned).ok_or_else(wrong)
    };
    items.values().into_iter().map(text).collect()
}

/// A parameter that holds a private key.
fn key(args: &[Value], index: usize) -> Result<PrivateKey, FnError> {
    read_key(text(args, index)?, index)
}

fn read_key(text: &str, index: usize) -> Result<PrivateKey, FnError> {
    PrivateKey::from_pem(text)
        .map_err(|reason| FnError::new(format!("argument {} must be a private key: {reason}", index + 1)))
}

/// A parameter of Sprig's type `certificate`.
fn certificate(args: &[Value], index: usize) -> Result<&Certificate, FnError> {
    let value = at(args, index);
    value.as_object().ok_or_else(|| {
        let got = describe(value);
        FnError::new(format!(
            "argument {} must be a certificate with its key, not {got}",
            index + 1
        ))
        .help("`genCA` and `buildCustomCert` give one")
    })
}

fn self_signed(context: &Context, subject: &Subject, key: &PrivateKey) -> FnResult {
    let der = x509::certificate(&context.random, context.clock, subject, key, None)?;
    Ok(pair(&der, key))
}

fn signed(context: &Context, subject: &Subject, key: &PrivateKey, ca: &Certificate) -> FnResult {
    let signer = read_key(&ca.key, 4)?;
    let holder = read_certificate(&ca.cert)?;
    if signer.public().is_none_or(|public| public.bytes != holder.public) {
        return Err(FnError::new("the authority's key is not that of its certificate"));
    }
    let issuer = Issuer {
        name: holder.name,
        key_id: holder.key_id,
        key: &signer,
    };
    let der = x509::certificate(&context.random, context.clock, subject, key, Some(issuer))?;
    Ok(pair(&der, key))
}

fn pair(der: &[u8], key: &PrivateKey) -> Value {
    Value::Object(Arc::new(Certificate {
        cert: pem::encode("CERTIFICATE", der),
        key: key.to_pem(),
    }))
}

/// What a certificate says of who it belongs to.
struct Holder {
    /// The name, in DER.
    name: Vec<u8>,
    key_id: Option<Vec<u8>>,
    public: Vec<u8>,
}

fn read_certificate(text: &str) -> Result<Holder, FnError> {
    let block = pem::decode(text).ok_or_else(|| FnError::new("the certificate is no PEM"))?;
    let (_, certificate) = X509Certificate::from_der(&block.bytes)
        .map_err(|_| FnError::new("the certificate cannot be read as X.509"))?;
    let key_id = certificate
        .extensions()
        .iter()
        .find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::SubjectKeyIdentifier(id) => Some(id.0.to_vec()),
            _ => None,
        });
    Ok(Holder {
        name: certificate.subject().as_raw().to_vec(),
        key_id,
        public: certificate.public_key().subject_public_key.data.to_vec(),
    })
}
