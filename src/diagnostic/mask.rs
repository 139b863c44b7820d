//! Owns the masking of one source line before it is shown.
//!
//! It knows no schema: it hides by the name of the key and by the look of the text, so that it also serves
//! where YAML could not be read.

/// Parts of key names whose values are never shown.
const SECRET_NAMES: &[&str] = &[
    "jwt",
    "token",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "credential",
    "creds",
    "privatekey",
    "private_key",
    "apikey",
    "api_key",
    "tls",
    "cert",
    "crt",
    "seed",
    "key",
];

/// A run of this many characters of the base64 or token alphabet counts as a credential.
const LONG_RUN: usize = 24;

const HIDDEN: &str = "<hidden>";

/// The line with what may be a credential replaced by `<hidden>`.
pub(super) fn mask(line: &str) -> String {
    let masked = match split_key(line) {
        Some((key, value)) if is_secret_name(key) && !is_harmless(value) => {
            let lead = &line[..line.len() - value.len()];
            format!("{lead}{HIDDEN}")
        }
        _ => line.to_owned(),
    };
    mask_runs(&masked)
}

/// The key and the value of `key: value` or `path.key=value`.
fn split_key(line: &str) -> Option<(&str, &str)> {
    let end = line.find([':', '='])?;
    let value = line[end + 1..].trim_start();
    Some((line[..end].trim(), value))
}

fn is_secret_name(key: &str) -> bool {
    let lower = key.to_lowercase();
    SECRET_NAMES.iter().any(|name| lower.contains(name))
}

/// Text after a key that cannot be a credential: nothing, a block header, a flow or anchor mark, a comment.
fn is_harmless(value: &str) -> bool {
    let value = value.trim();
    value.is_empty()
        || matches!(
            value,
            "|" | ">" | "|-" | ">-" | "|+" | ">+" | "{" | "[" | "{}" | "[]"
        )
        || value.starts_with('#')
}

fn mask_runs(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut run = String::new();
    for character in line.chars().chain(std::iter::once('\n')) {
        if character.is_ascii_alphanumeric() || matches!(character, '+' | '/' | '_' | '=' | '-') {
            run.push(character);
            continue;
        }
        out.push_str(if looks_random(&run) { HIDDEN } else { &run });
        run.clear();
        if character != '\n' {
            out.push(character);
        }
    }
    out
}

/// Long, and not words joined by dashes: a token mixes digits or cases within one piece.
fn looks_random(run: &str) -> bool {
    run.len() >= LONG_RUN
        && run.split(['-', '_', '/']).any(|piece| {
            let has = |test: fn(&char) -> bool| piece.chars().any(|character| test(&character));
            piece.len() >= 16
                && (has(char::is_ascii_digit)
                    || (has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase)))
        })
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn hides_values_of_secret_keys_and_long_tokens() {
        assert_eq!(mask("password: hunter2"), "password: <hidden>");
        assert_eq!(mask("nats.jwt=abc"), "nats.jwt=<hidden>");
        assert_eq!(mask("  MIIBszCCAVmgAwIBAgIUQ2xpZW50"), "  <hidden>");
        assert_eq!(
            mask("  name: kubiya-runner-workflow-engine-long-name"),
            "  name: kubiya-runner-workflow-engine-long-name"
        );
        assert_eq!(mask("crt: |"), "crt: |");
    }
}
