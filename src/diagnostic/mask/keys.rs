//! Owns which names of keys mean a credential, and which values are none whatever the key.

/// Words that make a key secret wherever they stand in it.
const SECRET_WORDS: &[&str] = &[
    "accesskey",
    "apikey",
    "authorization",
    "bearer",
    "credential",
    "creds",
    "crt",
    "htpasswd",
    "jwt",
    "passphrase",
    "passwd",
    "password",
    "pem",
    "privatekey",
    "pwd",
    "secret",
    "seed",
    "signingkey",
    "token",
];

/// Last words of keys that name or configure a credential without being one: `secretName`, `tokenUrl`.
const REFERENCES: &[&str] = &[
    "annotations",
    "create",
    "dir",
    "enabled",
    "expiration",
    "file",
    "filename",
    "id",
    "items",
    "keys",
    "labels",
    "mode",
    "mount",
    "name",
    "names",
    "namespace",
    "optional",
    "path",
    "ref",
    "refs",
    "seconds",
    "selector",
    "ttl",
    "type",
    "uri",
    "url",
    "version",
];

/// Whether values of `key` are hidden. Only the last step of a dotted path counts.
pub(super) fn is_secret(key: &str) -> bool {
    let words = words(last_step(key));
    if is_reference(&words) {
        return false;
    }
    let joined = words.concat();
    SECRET_WORDS.iter().any(|word| joined.contains(word)) || is_key_or_certificate(&words)
}

/// Whether a key says something about a credential that lies elsewhere.
pub(super) fn is_reference_name(key: &str) -> bool {
    let words = words(last_step(key));
    is_reference(&words) || words.last().is_some_and(|word| word == "key")
}

/// Whether everything below a key of this name is secret, whatever the inner names.
pub(super) fn holds_secrets(key: &str) -> bool {
    let words = words(last_step(key));
    let plural = words
        .last()
        .is_some_and(|word| matches!(word.as_str(), "secrets" | "passwords" | "tokens" | "credentials"));
    (plural && !is_reference(&words)) || words == ["string", "data"]
}

/// `tls`, `registryTls`: below such a name, `key` is a private key.
pub(super) fn is_tls(key: &str) -> bool {
    words(key)
        .iter()
        .any(|word| matches!(word.as_str(), "tls" | "ssl" | "mtls" | "cert" | "certificate"))
}

fn is_reference(words: &[String]) -> bool {
    // `imagePullSecrets` lists names.
    words
        .iter()
        .any(|word| matches!(word.as_str(), "existing" | "pull"))
        || words
            .last()
            .is_some_and(|word| REFERENCES.contains(&word.as_str()))
}

fn is_key_or_certificate(words: &[String]) -> bool {
    match words {
        [.., qualifier, last] if last == "key" => !matches!(
            qualifier.as_str(),
            "public"
                | "topology"
                | "config"
                | "map"
                | "label"
                | "annotation"
                | "sort"
                | "primary"
                | "foreign"
        ),
        [.., last] => matches!(last.as_str(), "cert" | "certificate" | "pkcs12" | "keystore"),
        [] => false,
    }
}

fn last_step(key: &str) -> &str {
    let key = key.trim_matches(['"', '\'', ' ']);
    // `tls.key` is one name: without its first step it would be an ordinary `key`.
    match key.rsplit_once('.') {
        Some((before, "key")) => &key[before.rfind('.').map_or(0, |dot| dot + 1)..],
        Some((_, last)) => last,
        None => key,
    }
}

/// The words of `camelCase`, `snake_case`, `kebab-case` and `dotted.names`, in lower case.
fn words(key: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut previous = ' ';
    for character in key.chars() {
        let begins = character.is_uppercase() && !previous.is_uppercase();
        let joins = character.is_alphanumeric() && previous.is_alphanumeric() && !begins;
        if joins {
            if let Some(word) = words.last_mut() {
                word.extend(character.to_lowercase());
            }
        } else if character.is_alphanumeric() {
            words.push(character.to_lowercase().collect());
        }
        previous = character;
    }
    words
}

/// Text after a key that cannot be a credential: nothing, a block header, an alias, a switch, a comment.
pub(super) fn is_harmless(value: &str) -> bool {
    let value = value.split(" #").next().unwrap_or_default().trim();
    let word = value.trim_matches(['"', '\'']);
    value.starts_with(['#', '*'])
        || is_block_header(value)
        || matches!(
            word.to_lowercase().as_str(),
            "" | "{" | "[" | "{}" | "[]" | "true" | "false" | "null" | "~"
        )
}

/// `|`, `>-`, `|2+` and the like: the text stands on the next lines.
pub(super) fn is_block_header(value: &str) -> bool {
    let value = value.split(" #").next().unwrap_or_default().trim();
    value
        .strip_prefix(['|', '>'])
        .is_some_and(|rest| rest.bytes().all(|byte| matches!(byte, b'+' | b'-' | b'0'..=b'9')))
}
