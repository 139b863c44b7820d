//! Owns making demo credentials: NATS accounts and users, and a self-signed certificate of the registry.
//!
//! It does not write YAML.

use crate::diagnostic::Diagnostic;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use nkeys::KeyPair;
use rcgen::CertificateParams;
use rcgen::DnType;
use rcgen::ExtendedKeyUsagePurpose;
use rcgen::KeyUsagePurpose;
use serde_json::Value;
use serde_json::json;
use time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;

/// How long demo credentials last.
const LIFETIME: Duration = Duration::days(365);

/// A NATS account that signs the JWTs of its users.
pub struct Account {
    key: KeyPair,
}

impl Account {
    /// An account with a new key.
    pub fn new() -> Self {
        Self {
            key: KeyPair::new_account(),
        }
    }

    /// The credentials file of a new user called `name`, valid for a year from `now`.
    pub fn credentials(&self, name: &str, now: OffsetDateTime) -> String {
        let user = KeyPair::new_user();
        let token = self.sign(&self.claims(&user, name, now));
        file(&token, &user)
    }

    /// The claims of a user JWT, version 2.
    pub(in crate::check) fn claims(&self, user: &KeyPair, name: &str, now: OffsetDateTime) -> Value {
        json!({
            "jti": Uuid::new_v4().simple().to_string(),
            "iat": now.unix_timestamp(),
            "exp": (now + LIFETIME).unix_timestamp(),
            "iss": self.key.public_key(),
            "name": name,
            "sub": user.public_key(),
            // -1 is "no limit".
            "nats": {"pub": {}, "sub": {}, "subs": -1, "data": -1, "payload": -1, "type": "user", "version": 2},
        })
    }

    /// The JWT with these claims.
    pub(in crate::check) fn sign(&self, claims: &Value) -> String {
        let header = json!({"typ": "JWT", "alg": "ed25519-nkey"});
        let signed = format!("{}.{}", encode(&header), encode(claims));
        format!("{signed}.{}", self.signature(&signed))
    }

    /// The signature of `signed`, as a JWT carries it.
    pub(in crate::check) fn signature(&self, signed: &str) -> String {
        let signature = self
            .key
            .sign(signed.as_bytes())
            .expect("an account made here has its private key");
        URL_SAFE_NO_PAD.encode(signature)
    }
}

impl Default for Account {
    fn default() -> Self {
        Self::new()
    }
}

/// A part of a JWT.
pub(in crate::check) fn encode(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

/// The credentials file of `user` with its JWT.
pub(in crate::check) fn file(token: &str, user: &KeyPair) -> String {
    let seed = user.seed().expect("a user made here has its seed");
    format!(
        "-----BEGIN NATS USER JWT-----\n{token}\n------END NATS USER JWT------\n\n\
         -----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
    )
}

/// A certificate and its private key, both PEM.
pub struct Pair {
    /// The certificate.
    pub certificate: String,
    /// Its private key, PKCS#8.
    pub private_key: String,
}

/// The longest common name of a certificate.
const COMMON_NAME: usize = 64;

/// A self-signed certificate of the registry in `namespace`, valid for a year from `now`.
pub fn certificate(namespace: &str, now: OffsetDateTime) -> Result<Pair, Diagnostic> {
    const SERVICE: &str = "cache-registry-svc";
    let host = format!("{SERVICE}.{namespace}");
    let common_name = if host.len() > COMMON_NAME { SERVICE } else { &host };
    let made = || -> Result<Pair, rcgen::Error> {
        let mut parameters = CertificateParams::new(vec![host.clone(), SERVICE.to_owned()])?;
        parameters.not_before = now.replace_nanosecond(0).unwrap_or(now);
        parameters.not_after = parameters.not_before + LIFETIME;
        parameters
            .distinguished_name
            .push(DnType::CommonName, common_name);
        parameters.key_usages.push(KeyUsagePurpose::DigitalSignature);
        parameters
            .extended_key_usages
            .push(ExtendedKeyUsagePurpose::ServerAuth);
        let key = rcgen::KeyPair::generate()?;
        let certificate = parameters.self_signed(&key)?;
        Ok(Pair {
            certificate: certificate.pem().replace("\r\n", "\n"),
            private_key: key.serialize_pem().replace("\r\n", "\n"),
        })
    };
    made().map_err(|error| {
        Diagnostic::error(
            "demo-certificate",
            format!("failed to make a certificate for `{host}`: {error}"),
        )
    })
}
