//! Owns clear-signed text: text that people can read, framed by lines of dashes, with a signature after it.
//!
//! It does not check signatures and does not know what the text says.
//!
//! Signed are the lines without trailing blanks, joined by CR LF, whatever a file on disk makes of its line ends; the
//! end of the last line is not signed. Helm and GnuPG write and read it so.

use pgp::armor;
use pgp::packet::{Packet, PacketParser, Signature};
use std::io::Read as _;

/// The line that starts a block of the kind `$kind`.
macro_rules! begin {
    ($kind:literal) => {
        concat!("-----BEGIN", " PGP ", $kind, "-----")
    };
}

/// What starts the text.
const TEXT: &str = begin!("SIGNED MESSAGE");

/// What ends the text and starts the signature.
const SIGNATURE: &str = begin!("SIGNATURE");

/// What ends the signature.
const END: &str = concat!("-----END", " PGP SIGNATURE-----");

/// What is not signed at the end of a line.
const BLANKS: [char; 2] = [' ', '\t'];

/// More signatures than anyone puts on a chart.
const MAX_SIGNATURES: usize = 64;

/// A text with the signatures that claim to be over it.
#[derive(Debug)]
pub(super) struct Block {
    /// The lines, each ended by a line feed.
    pub(super) text: String,
    /// In the order in which they stand in the file, at least one.
    pub(super) signatures: Vec<Signature>,
}

impl Block {
    /// The first clear-signed text in `data`; like Helm, it ignores what stands around it. The error is the reason.
    pub(super) fn find(data: &str) -> Result<Self, String> {
        let mut lines = Lines(data);
        if !lines.any(|line| line == TEXT) {
            return Err("it holds no clear-signed text".to_owned());
        }
        read_headers(&mut lines)?;
        let mut text = String::new();
        let armored = loop {
            let rest = lines.0;
            match lines.next() {
                None => return Err("the signature after its text is missing".to_owned()),
                Some(line) if line == SIGNATURE => break rest,
                Some(line) => {
                    let line = line.strip_prefix("- ").unwrap_or(line);
                    text.push_str(line.trim_end_matches(BLANKS));
                    text.push('\n');
                }
            }
        };
        let Some(end) = armored.find(END) else {
            return Err("its signature is cut off".to_owned());
        };
        let signatures = read_signatures(&armored[..end + END.len()])?;
        Ok(Self { text, signatures })
    }

    /// The bytes that the signatures are over.
    pub(super) fn signed(&self) -> Vec<u8> {
        signed(&self.text)
    }
}

/// The bytes of `text` that are signed.
pub(super) fn signed(text: &str) -> Vec<u8> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let lines: Vec<&str> = text
        .split('\n')
        .map(|line| line.trim_end_matches(BLANKS))
        .collect();
    lines.join("\r\n").into_bytes()
}

/// The file that holds `text` and its signature, in Helm's layout to the byte. The error is the library's.
pub(super) fn write(text: &str, hash: &str, signature: Signature) -> Result<String, pgp::errors::Error> {
    let mut out = format!("{TEXT}\nHash: {hash}\n\n");
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        // A dash would look like the frame.
        if line.starts_with('-') {
            out.push_str("- ");
        }
        out.push_str(line.trim_end_matches(BLANKS));
        out.push('\n');
    }
    let mut armored = Vec::new();
    armor::write(
        &Packet::from(signature),
        armor::BlockType::Signature,
        &mut armored,
        None,
        true,
    )?;
    // Helm's ends without a line feed.
    out.push_str(String::from_utf8_lossy(&armored).trim_end());
    Ok(out)
}

/// The lines of a text, without what ends them.
struct Lines<'a>(&'a str);

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let (line, rest) = self.0.split_once('\n').unwrap_or((self.0, ""));
        self.0 = rest;
        Some(line.strip_suffix('\r').unwrap_or(line))
    }
}

/// Reads past the headers. Only `Hash` may stand there: other lines would look signed and are not.
fn read_headers(lines: &mut Lines) -> Result<(), String> {
    for line in lines {
        if line.is_empty() {
            return Ok(());
        }
        let name = line.split_once(':').map(|(name, _)| name.trim());
        if name != Some("Hash") || line.chars().any(char::is_control) {
            return Err("a line before its text is no `Hash` header".to_owned());
        }
    }
    Err("its text is missing".to_owned())
}

fn read_signatures(armored: &str) -> Result<Vec<Signature>, String> {
    let unreadable = || "its signature cannot be read".to_owned();
    let mut packets = Vec::new();
    armor::Dearmor::new(armored.as_bytes())
        .read_to_end(&mut packets)
        .map_err(|_| unreadable())?;
    let mut signatures = Vec::new();
    for packet in PacketParser::new(&packets[..]) {
        match packet {
            Ok(Packet::Signature(signature)) if signatures.len() < MAX_SIGNATURES => {
                signatures.push(signature);
            }
            _ => return Err(unreadable()),
        }
    }
    if signatures.is_empty() {
        return Err(unreadable());
    }
    Ok(signatures)
}
