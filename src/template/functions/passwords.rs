//! Owns passwords: hashes of them, encryption by them, and those that Sprig derives from a master password.
//!
//! Checksums are in `crypto.rs`.

use super::arguments::{int, string, text};
use super::encoding::decode64;
use super::{Context, FnError, FnResult, Function, example};
use crate::bytes;
use crate::yaml::Value;
use aes::Aes256;
use aes::cipher::block_padding::{NoPadding, Pkcs7};
use aes::cipher::{BlockDecryptMut as _, BlockEncryptMut as _, KeyIvInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain(
        "bcrypt",
        "PASSWORD",
        "The bcrypt hash of a password, of cost 10.",
        |context, args| string(hash(context, text(args, 0)?)?),
    )
    .examples(&[example(r#"bcrypt "secret" | trunc 7"#, r#""secret" | bcrypt | trunc(7)"#, "$2a$10$")]),
    Function::plain(
        "htpasswd",
        "USER PASSWORD",
        "A line of a password file for HTTP servers, with the bcrypt hash.",
        htpasswd,
    )
    .examples(&[
        example(
            r#"htpasswd "anna" "secret" | trunc 12"#,
            r#"htpasswd("anna", "secret") | trunc(12)"#,
            "anna:$2a$10$",
        ),
        example(r#"htpasswd "a:b" "secret""#, r#"htpasswd("a:b", "secret")"#, "invalid username: a:b"),
    ]),
    Function::plain(
        "encryptAES",
        "PASSWORD TEXT",
        "A text in AES-256-CBC and base64; the password, cut or filled with zeros, is the key.",
        encrypt_aes,
    )
    .examples(&[example(
        r#"encryptAES "key" "text" | decryptAES "key""#,
        r#""text" | encryptAES("key") | decryptAES("key")"#,
        "text",
    )]),
    Function::plain("decryptAES", "PASSWORD TEXT", "What `encryptAES` encrypted.", decrypt_aes).examples(&[
        example(
            r#"decryptAES "secretkey" "30tEfhuJSVRhpG97XCuWgz2okj7L8vQ1s6V9zVUPeDQ=""#,
            r#""30tEfhuJSVRhpG97XCuWgz2okj7L8vQ1s6V9zVUPeDQ=" | decryptAES("secretkey")"#,
            "plaintext",
        ),
    ]),
    Function::plain(
        "derivePassword",
        "COUNTER KIND PASSWORD USER SITE",
        "A password of kind `maximum`, `long`, `medium`, `short`, `basic` or `pin`, as Master Password derives it.",
        derive_password,
    )
    .examples(&[example(
        r#"derivePassword 1 "long" "password" "user" "example.com""#,
        r#"derivePassword(1, "long", "password", "user", "example.com")"#,
        "ZedaFaxcZaso9*",
    )]),
];

/// Longer passwords are refused by Go's bcrypt, in a text that is the result.
const LONGEST: usize = 72;
const COST: u32 = 10;

fn hash(context: &Context, password: &str) -> Result<String, FnError> {
    let password = bytes::of_text(password);
    if password.len() > LONGEST {
        return Ok(
            "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes".to_owned(),
        );
    }
    let salt = context.random.bytes()?;
    bcrypt::hash_with_salt(&password, COST, salt)
        .map(|hash| hash.format_for_version(bcrypt::Version::TwoA))
        .map_err(|error| FnError::new(format!("bcrypt failed: {error}")))
}

fn htpasswd(context: &Context, args: &[Value]) -> FnResult {
    let (user, password) = (text(args, 0)?, text(args, 1)?);
    if user.contains(':') {
        return string(format!("invalid username: {user}"));
    }
    string(format!("{user}:{}", hash(context, password)?))
}

const BLOCK: usize = 16;

fn aes_key(password: &str) -> [u8; 32] {
    let password = bytes::of_text(password);
    let mut key = [0; 32];
    let used = password.len().min(key.len());
    key[..used].copy_from_slice(&password[..used]);
    key
}

fn encrypt_aes(context: &Context, args: &[Value]) -> FnResult {
    let (key, plain) = (aes_key(text(args, 0)?), text(args, 1)?);
    if plain.is_empty() {
        return string("");
    }
    let start: [u8; BLOCK] = context.random.bytes()?;
    let encryptor = cbc::Encryptor::<Aes256>::new(&key.into(), &start.into());
    let encrypted = encryptor.encrypt_padded_vec_mut::<Pkcs7>(&bytes::of_text(plain));
    string(STANDARD.encode([&start[..], &encrypted].concat()))
}

fn decrypt_aes(_: &Context, args: &[Value]) -> FnResult {
    let (key, encrypted) = (aes_key(text(args, 0)?), text(args, 1)?);
    if encrypted.is_empty() {
        return string("");
    }
    let body: Vec<u8> = encrypted
        .bytes()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .collect();
    let body = decode64(&body).map_err(|_| FnError::new("argument 2 must be base64"))?;
    let broken = || FnError::new("argument 2 is not what `encryptAES` gives, or the password is another one");
    let (start, blocks) = body.split_first_chunk::<BLOCK>().ok_or_else(broken)?;
    let decryptor = cbc::Decryptor::<Aes256>::new(&key.into(), start.into());
    let decrypted = decryptor
        .decrypt_padded_vec_mut::<NoPadding>(blocks)
        .map_err(|_| broken())?;
    // Sprig believes the last byte, whatever it is.
    let padding = usize::from(*decrypted.last().ok_or_else(broken)?);
    let length = decrypted.len().checked_sub(padding).ok_or_else(broken)?;
    string(bytes::to_text(&decrypted[..length]))
}

/// What every salt of Master Password starts with.
const SCOPE: &str = "com.lyndir.masterpassword";

/// The kinds of passwords; each character of a template stands for a class of characters.
const KINDS: &[(&str, &[&str])] = &[
    ("maximum", &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"]),
    (
        "long",
        &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
    ),
    ("medium", &["CvcnoCvc", "CvcCvcno"]),
    ("short", &["Cvcn"]),
    ("basic", &["aaanaaan", "aannaaan", "aaannaaa"]),
    ("pin", &["nnnn"]),
];

/// The characters that a character of a template stands for.
fn class(character: char) -> &'static [u8] {
    match character {
        'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        'v' => b"aeiou",
        'c' => b"bcdfghjklmnpqrstvwxyz",
        'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        'x' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
        _ => b"0123456789",
    }
}

fn derive_password(_: &Context, args: &[Value]) -> FnResult {
    let counter = int(args, 0)?;
    let [kind, password, user, site] = [text(args, 1)?, text(args, 2)?, text(args, 3)?, text(args, 4)?];
    if counter < 0 {
        return Err(FnError::new("argument 1 must not be negative"));
    }
    let Some((_, templates)) = KINDS.iter().find(|(name, _)| *name == kind) else {
        return string(format!("cannot find password template {kind}"));
    };
    let failed = || FnError::new("the password cannot be derived");
    let cost = scrypt::Params::new(15, 8, 2, 64).map_err(|_| failed())?;
    let mut key = [0; 64];
    let salt = [SCOPE.as_bytes(), &measured(user)].concat();
    scrypt::scrypt(&bytes::of_text(password), &salt, &cost, &mut key).map_err(|_| failed())?;
    // Go keeps the low 32 bits of a counter.
    let counter = counter.to_be_bytes();
    let message = [SCOPE.as_bytes(), &measured(site), &counter[4..]].concat();
    let seed = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), &message);
    let (first, rest) = seed.as_ref().split_first().ok_or_else(failed)?;
    let template = templates[usize::from(*first) % templates.len()];
    let characters = template.chars().zip(rest).map(|(character, byte)| {
        let class = class(character);
        char::from(class[usize::from(*byte) % class.len()])
    });
    string(characters.collect::<String>())
}

/// A text behind the number of its bytes.
fn measured(text: &str) -> Vec<u8> {
    let text = bytes::of_text(text);
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), &*text].concat()
}
