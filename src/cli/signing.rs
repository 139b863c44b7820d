//! Owns the flags that name keys and passphrases, and asking for what they leave open.
//!
//! It does not sign. A passphrase goes from where it is read to the key that it opens and nowhere else.

use super::ui::{self, Stop};
use crate::diagnostic::{Diagnostic, io_reason};
use crate::package::Package;
use crate::package::provenance::{Keyring, Signer};
use std::fs::File;
use std::io::{self, IsTerminal as _, Read};
use std::path::{Path, PathBuf};
use time::OffsetDateTime;

/// Where keys are.
#[derive(clap::Args, Debug)]
pub(super) struct KeyringArgs {
    /// File with OpenPGP keys, binary or armoured [default: pubring.gpg in $GNUPGHOME or ~/.gnupg]
    #[arg(long, value_name = "FILE")]
    keyring: Option<PathBuf>,
}

impl KeyringArgs {
    /// The keyring that is named, or GnuPG's.
    pub(super) fn path(&self) -> PathBuf {
        keyring_path(self.keyring.as_deref())
    }
}

/// The keyring that is given, or the one that GnuPG exports to.
#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where the environment counts"
)]
pub(super) fn keyring_path(given: Option<&Path>) -> PathBuf {
    if let Some(keyring) = given {
        return keyring.to_owned();
    }
    let folder = std::env::var_os("GNUPGHOME").map(PathBuf::from);
    let home = || std::env::home_dir().unwrap_or_default().join(".gnupg");
    folder.unwrap_or_else(home).join("pubring.gpg")
}

/// Whether and how a package is signed.
#[derive(clap::Args, Debug)]
#[command(next_help_heading = "Provenance")]
pub(super) struct SigningArgs {
    /// Sign the package: write its provenance beside it
    #[arg(long, requires = "key")]
    sign: bool,

    /// The key to sign with: its user id, or a part that no other key's has
    #[arg(long, value_name = "NAME")]
    key: Option<String>,

    #[command(flatten)]
    keyring: KeyringArgs,

    /// File with the key's passphrase in its first line, `-` for standard input
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

/// A key that was chosen, with what opens it.
pub(super) struct Signing {
    keyring: Keyring,
    key: String,
    passphrase: Option<Vec<u8>>,
    now: OffsetDateTime,
}

impl SigningArgs {
    /// What is needed for signing, if that is asked for. It comes before any work, so that nobody waits for a
    /// package only to be told that the key has expired.
    pub(super) fn prepare(&self, now: OffsetDateTime) -> Result<Option<Signing>, Stop> {
        let Some(key) = self.key.as_deref().filter(|_| self.sign) else {
            return Ok(None);
        };
        let keyring = Keyring::load(&self.keyring.path())?;
        let signer = Signer::choose(&keyring, key, now)?;
        ui::report(signer.warning().as_slice());
        let passphrase = match &self.passphrase_file {
            Some(path) => Some(read_passphrase(path)?),
            None if signer.is_locked() => Some(ask(signer.name())?),
            None => None,
        };
        Ok(Some(Signing {
            key: key.to_owned(),
            keyring,
            passphrase,
            now,
        }))
    }
}

impl Signing {
    /// The provenance of a package.
    pub(super) fn provenance(&self, package: &Package) -> Result<String, Vec<Diagnostic>> {
        let signer = Signer::choose(&self.keyring, &self.key, self.now).map_err(|error| vec![error])?;
        signer.sign(package, self.passphrase.as_deref())
    }
}

/// The longest passphrase with the rest of its file.
const MAX_BYTES: u64 = 64 * 1024;

/// The first line of a file, or of standard input.
fn read_passphrase(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    if path.as_os_str() != "-" {
        let file = File::open(path).map_err(|error| unreadable(path, &error))?;
        return first_line(file).map_err(|error| unreadable(path, &error));
    }
    let stdin = io::stdin();
    if stdin.is_terminal() {
        let message = "`--passphrase-file -` reads standard input, but nothing is piped into it";
        return Err(Diagnostic::error("passphrase", message)
            .help("pipe the passphrase in, or leave the flag out to be asked for it"));
    }
    first_line(stdin.lock()).map_err(|error| unreadable(Path::new("<stdin>"), &error))
}

fn first_line(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut data = Vec::new();
    reader.take(MAX_BYTES).read_to_end(&mut data)?;
    if data.is_empty() {
        return Err(io::Error::other("it is empty"));
    }
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    data.truncate(end);
    if data.last() == Some(&b'\r') {
        data.pop();
    }
    Ok(data)
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let message = format!(
        "failed to read the passphrase from `{}`: {}",
        path.display(),
        io_reason(error)
    );
    Diagnostic::error("passphrase", message)
}

/// Asks at the terminal, if somebody sits there.
fn ask(name: &str) -> Result<Vec<u8>, Diagnostic> {
    if !io::stdin().is_terminal() {
        let message = format!("key `{name}` needs a passphrase, and there is no terminal to ask at");
        return Err(Diagnostic::error("passphrase", message).help("give it by `--passphrase-file`"));
    }
    // Helm's words, for those who answer by script.
    rpassword::prompt_password(format!("Password for key \"{name}\" >  "))
        .map(String::into_bytes)
        .map_err(|error| unreadable(Path::new("<terminal>"), &error))
}

#[cfg(test)]
mod tests {
    use super::first_line;

    #[test]
    fn a_passphrase_is_the_first_line_without_its_end() {
        for (file, expected) in [
            ("secret", "secret"),
            ("two words \n", "two words "),
            ("one\r\ntwo\r\n", "one"),
            ("\n", ""),
        ] {
            assert_eq!(
                first_line(file.as_bytes()).unwrap(),
                expected.as_bytes(),
                "{file:?}"
            );
        }
        assert!(first_line(&b""[..]).is_err());
    }
}
