//! Owns the parts of a URL: reading them as Go's net/url does, and putting them together again.
//!
//! Escapes are in `escape.rs`.

use super::escape::{Part, escape, unescape};

/// The parts of a URL, as bytes without escapes where Go keeps them so.
#[derive(Clone, Debug, Default)]
pub(super) struct Url {
    pub(super) scheme: Vec<u8>,
    pub(super) opaque: Vec<u8>,
    pub(super) user: Option<UserInfo>,
    pub(super) host: Vec<u8>,
    pub(super) path: Vec<u8>,
    pub(super) query: Vec<u8>,
    pub(super) fragment: Vec<u8>,
}

/// What stands before `@`.
#[derive(Clone, Debug, Default)]
pub(super) struct UserInfo {
    name: Vec<u8>,
    password: Option<Vec<u8>>,
}

impl UserInfo {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut out = escape(&self.name, Part::UserInfo);
        if let Some(password) = &self.password {
            out.push(b':');
            out.extend(escape(password, Part::UserInfo));
        }
        out
    }

    fn parse(text: &[u8]) -> Result<Self, String> {
        let valid = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(byte);
        if !text.iter().all(valid) {
            return Err("the user holds a character that must be escaped".to_owned());
        }
        let (name, password) = cut(text, b':');
        Ok(Self {
            name: unescape(name, Part::UserInfo)?,
            password: password
                .map(|password| unescape(password, Part::UserInfo))
                .transpose()?,
        })
    }
}

/// The text before and behind the first `mark`.
fn cut(text: &[u8], mark: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|byte| *byte == mark) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

/// The scheme and what follows its colon; no scheme if the text starts with none.
fn scheme(text: &[u8]) -> Result<(&[u8], &[u8]), String> {
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("the scheme is missing".to_owned()),
            b':' => return Ok((&text[..at], &text[at + 1..])),
            _ => break,
        }
    }
    Ok((b"", text))
}

impl Url {
    /// Go's `url.Parse`.
    pub(super) fn parse(text: &[u8]) -> Result<Self, String> {
        let (text, fragment) = cut(text, b'#');
        let mut url = Self::without_fragment(text)?;
        url.fragment = unescape(fragment.unwrap_or_default(), Part::Fragment)?;
        Ok(url)
    }

    fn without_fragment(text: &[u8]) -> Result<Self, String> {
        let mut url = Self::default();
        if text.iter().any(u8::is_ascii_control) {
            return Err("it holds a control character".to_owned());
        }
        if text == b"*" {
            url.path = text.to_vec();
            return Ok(url);
        }
        let (scheme, rest) = scheme(text)?;
        url.scheme = scheme.to_ascii_lowercase();
        let (mut rest, query) = cut(rest, b'?');
        url.query = query.unwrap_or_default().to_vec();
        let has_scheme = !scheme.is_empty();
        if !rest.starts_with(b"/") {
            if has_scheme {
                url.opaque = rest.to_vec();
                return Ok(url);
            }
            if cut(rest, b'/').0.contains(&b':') {
                return Err("its first path segment holds a colon".to_owned());
            }
        }
        if let Some(authority) = rest.strip_prefix(b"//")
            && (has_scheme || !rest.starts_with(b"///"))
        {
            let end = authority.iter().position(|byte| *byte == b'/');
            let (authority, path) = authority.split_at(end.unwrap_or(authority.len()));
            url.authority(authority)?;
            rest = path;
        }
        url.path = unescape(rest, Part::Path)?;
        Ok(url)
    }

    fn authority(&mut self, text: &[u8]) -> Result<(), String> {
        match text.iter().rposition(|byte| *byte == b'@') {
            None => self.host = host(text)?,
            Some(at) => {
                self.host = host(&text[at + 1..])?;
                self.user = Some(UserInfo::parse(&text[..at])?);
            }
        }
        Ok(())
    }

    /// The host without its port and brackets.
    pub(super) fn hostname(&self) -> &[u8] {
        let colon = self.host.iter().rposition(|byte| *byte == b':');
        let port = colon.filter(|colon| is_port(&self.host[*colon..]));
        let host = &self.host[..port.unwrap_or(self.host.len())];
        host.strip_prefix(b"[")
            .and_then(|host| host.strip_suffix(b"]"))
            .unwrap_or(host)
    }

    /// Go's `URL.String`.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.scheme.clone();
        if !out.is_empty() {
            out.push(b':');
        }
        if self.opaque.is_empty() {
            let authority = !self.host.is_empty() || self.user.is_some();
            if authority || !self.scheme.is_empty() && !self.path.is_empty() {
                out.extend(b"//");
            }
            if let Some(user) = &self.user {
                out.extend(user.to_bytes());
                out.push(b'@');
            }
            out.extend(escape(&self.host, Part::Host));
            self.add_path(&mut out);
        } else {
            out.extend(&self.opaque);
        }
        if !self.query.is_empty() {
            out.push(b'?');
            out.extend(&self.query);
        }
        if !self.fragment.is_empty() {
            out.push(b'#');
            out.extend(escape(&self.fragment, Part::Fragment));
        }
        out
    }

    fn add_path(&self, out: &mut Vec<u8>) {
        let path = if self.path == b"*" {
            self.path.clone()
        } else {
            escape(&self.path, Part::Path)
        };
        if !path.is_empty() && !path.starts_with(b"/") && !self.host.is_empty() {
            out.push(b'/');
        }
        // Without it a first segment with a colon would be read as a scheme.
        if out.is_empty() && cut(&path, b'/').0.contains(&b':') {
            out.extend(b"./");
        }
        out.extend(path);
    }
}

/// Nothing, or a colon and digits.
fn is_port(text: &[u8]) -> bool {
    match text.strip_prefix(b":") {
        Some(digits) => digits.iter().all(u8::is_ascii_digit),
        None => text.is_empty(),
    }
}

fn host(text: &[u8]) -> Result<Vec<u8>, String> {
    let port_refusal = || "the port is no number".to_owned();
    if text.starts_with(b"[") {
        let end = text.iter().rposition(|byte| *byte == b']');
        let end = end.ok_or("the host has no closing bracket")?;
        if !is_port(&text[end + 1..]) {
            return Err(port_refusal());
        }
        if let Some(zone) = text[..end].windows(3).position(|part| part == b"%25") {
            let mut out = unescape(&text[..zone], Part::Host)?;
            out.extend(unescape(&text[zone..end], Part::HostZone)?);
            out.extend(unescape(&text[end..], Part::Host)?);
            return Ok(out);
        }
    } else if let Some(colon) = text.iter().rposition(|byte| *byte == b':')
        && !is_port(&text[colon..])
    {
        return Err(port_refusal());
    }
    unescape(text, Part::Host)
}
