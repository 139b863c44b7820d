//! Owns reading a NATS user JWT as the NATS server does: header, claims, and the signature by its issuer.
//!
//! It knows neither the clock nor the runner.

use super::credentials::FILE;
use crate::check::problem::Problem;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use nkeys::KeyPair;
use nkeys::KeyPairType;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;

/// A user JWT that could be read.
#[derive(Debug)]
pub(super) struct Jwt {
    /// The `name` claim.
    pub(super) name: String,
    /// The user's public key.
    pub(super) subject: String,
    /// `exp`.
    pub(super) expires: Option<OffsetDateTime>,
    /// `nbf`.
    pub(super) not_before: Option<OffsetDateTime>,
    /// Why NATS would reject it, whatever the time.
    pub(super) problems: Vec<Problem>,
}

#[derive(Deserialize)]
struct Header {
    #[serde(default)]
    typ: String,
    #[serde(default)]
    alg: String,
}

/// Null is absence, as in Go.
#[derive(Deserialize)]
struct Claims {
    name: Option<String>,
    #[serde(default)]
    iss: String,
    #[serde(default)]
    sub: String,
    exp: Option<i64>,
    nbf: Option<i64>,
    /// Version 1 kept the type here.
    #[serde(default, rename = "type")]
    old_type: String,
    #[serde(default)]
    nats: NatsClaims,
}

#[derive(Default, Deserialize)]
struct NatsClaims {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    version: i64,
    #[serde(default)]
    issuer_account: String,
}

/// Whether `text` has the shape of a JWT: three parts, the first of them the base64 of an object.
pub(super) fn looks_like(text: &str) -> bool {
    text.split('.').count() == 3 && text.starts_with("ey")
}

/// Reads a JWT; the problem is one that leaves nothing else to say about it.
pub(super) fn read(token: &str) -> Result<Jwt, Problem> {
    let parts: Vec<&str> = token.split('.').collect();
    let &[header, claims, signature] = parts.as_slice() else {
        return Err(FILE.error("holds a JWT that is damaged: it does not have three parts"));
    };
    let parsed_header: Header = part(header, "header is")?;
    let parsed: Claims = part(claims, "claims are")?;
    let mut problems = header_problems(&parsed_header);
    if let Some(problem) = type_problem(&parsed) {
        // A JWT of an account has other rules for everything else.
        return Err(problem);
    }
    problems.extend(key_problems(&parsed));
    // Version 1 signed the claims alone.
    let version = if parsed.old_type.is_empty() {
        parsed.nats.version
    } else {
        1
    };
    let signed = if version <= 1 {
        claims
    } else {
        &token[..header.len() + 1 + claims.len()]
    };
    problems.extend(signature_problem(&parsed.iss, signed, signature));
    Ok(Jwt {
        expires: moment(parsed.exp, "exp")?,
        not_before: moment(parsed.nbf, "nbf")?,
        name: parsed.name.unwrap_or_default(),
        subject: parsed.sub,
        problems,
    })
}

fn part<T: DeserializeOwned>(part: &str, what: &str) -> Result<T, Problem> {
    let bytes = URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| FILE.error(format!("holds a JWT that is damaged: its {what} not base64")))?;
    // The parser's own message could quote a piece of the token.
    serde_json::from_slice(&bytes)
        .map_err(|_| FILE.error(format!("holds a JWT that is damaged: its {what} not readable")))
}

fn header_problems(header: &Header) -> Vec<Problem> {
    let mut problems = Vec::new();
    if !header.typ.eq_ignore_ascii_case("JWT") {
        problems.push(FILE.error("holds a JWT whose header does not have the type `JWT`"));
    }
    let algorithm = header.alg.to_ascii_lowercase();
    if !matches!(algorithm.as_str(), "ed25519-nkey" | "ed25519") {
        let problem = FILE.error("holds a JWT that is not signed in NATS' way (`ed25519-nkey`)");
        problems.push(problem.help("a token of another service cannot sign in to NATS"));
    }
    problems
}

fn type_problem(claims: &Claims) -> Option<Problem> {
    let kind = if claims.old_type.is_empty() {
        &claims.nats.kind
    } else {
        &claims.old_type
    };
    let what = match kind.as_str() {
        "user" => return None,
        "" => "without a type",
        "account" => "of an account",
        "operator" => "of an operator",
        "activation" => "of an activation",
        _ => "of another type",
    };
    Some(
        FILE.error(format!("holds a JWT {what}, not of a user"))
            .help("use the credentials file of the runner's user"),
    )
}

fn key_problems(claims: &Claims) -> Vec<Problem> {
    let mut problems = Vec::new();
    if !is_key(&claims.sub, &KeyPairType::User) {
        problems.push(FILE.error("holds a JWT whose subject (`sub`) is not the public key of a user"));
    }
    if !is_key(&claims.iss, &KeyPairType::Account) {
        problems.push(FILE.error("holds a JWT whose issuer (`iss`) is not the public key of an account"));
    }
    let account = &claims.nats.issuer_account;
    if !account.is_empty() && !is_key(account, &KeyPairType::Account) {
        problems.push(FILE.error("holds a JWT whose `issuer_account` is not the public key of an account"));
    }
    problems
}

fn is_key(key: &str, kind: &KeyPairType) -> bool {
    KeyPair::from_public_key(key).is_ok_and(|pair| pair.key_pair_type() == *kind)
}

fn signature_problem(issuer: &str, signed: &str, signature: &str) -> Option<Problem> {
    // An issuer that is no key has been reported.
    let issuer = KeyPair::from_public_key(issuer).ok()?;
    let valid = URL_SAFE_NO_PAD
        .decode(signature)
        .is_ok_and(|signature| issuer.verify(signed.as_bytes(), &signature).is_ok());
    (!valid).then(|| {
        let problem = FILE.error("holds a JWT whose signature is not its issuer's");
        problem.help("it was changed after it was signed, or not copied as a whole")
    })
}

/// The moment of a claim; 0 is absence, as in Go.
fn moment(seconds: Option<i64>, claim: &str) -> Result<Option<OffsetDateTime>, Problem> {
    let Some(seconds) = seconds.filter(|seconds| *seconds != 0) else {
        return Ok(None);
    };
    OffsetDateTime::from_unix_timestamp(seconds)
        .map(Some)
        .map_err(|_| FILE.error(format!("holds a JWT whose `{claim}` is not a time")))
}
