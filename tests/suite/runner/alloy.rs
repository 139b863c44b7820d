//! Owns reading Alloy's configuration syntax, as far as it takes to know that a configuration is well-formed: blocks,
//! attributes, values, and references to components.
//!
//! It does not know which attributes a component has, nor types.

use std::collections::BTreeSet;

/// Components that the generated configurations are made of, with what they export.
const COMPONENTS: &[(&str, &[&str])] = &[
    ("discovery.kubernetes", &["targets"]),
    ("discovery.relabel", &["output", "rules"]),
    ("local.file", &["content"]),
    ("prometheus.exporter.blackbox", &["targets"]),
    ("prometheus.exporter.self", &["targets"]),
    ("prometheus.relabel", &["receiver", "rules"]),
    ("prometheus.remote_write", &["receiver"]),
    ("prometheus.scrape", &[]),
];

/// Blocks at the top that are no components: they have no label.
const SETTINGS: &[&str] = &["livedebugging", "logging"];

/// What expressions may name besides components.
const STANDARD_LIBRARY: &[&str] = &["constants.hostname", "false", "null", "string.trim_space", "true"];

/// What a configuration consists of, in source order.
#[derive(Default, Debug)]
pub(super) struct Config {
    /// Components, as `name.label`.
    pub(super) components: BTreeSet<String>,
    /// Settings blocks.
    pub(super) settings: BTreeSet<String>,
    references: BTreeSet<String>,
}

#[derive(Clone, PartialEq, Debug)]
enum Token {
    Word(String),
    Text(String),
    Number,
    Mark(char),
}

/// Reads a configuration; the error says what is wrong with it.
pub(super) fn read(source: &str) -> Result<Config, String> {
    let mut reader = Reader {
        tokens: tokens(source)?,
        next: 0,
        config: Config::default(),
    };
    while reader.peek().is_some() {
        reader.top_block()?;
    }
    resolve(&reader.config)?;
    Ok(reader.config)
}

/// Every reference must be to an export of a component that is there.
fn resolve(config: &Config) -> Result<(), String> {
    for reference in &config.references {
        if STANDARD_LIBRARY.contains(&reference.as_str()) {
            continue;
        }
        let exported = COMPONENTS.iter().any(|(name, exports)| {
            let rest = reference
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('.'));
            let Some((label, export)) = rest.and_then(|rest| rest.split_once('.')) else {
                return false;
            };
            config.components.contains(&format!("{name}.{label}")) && exports.contains(&export)
        });
        if !exported {
            return Err(format!("`{reference}` is not exported by a component"));
        }
    }
    Ok(())
}

fn tokens(source: &str) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = if first.is_whitespace() {
            first.len_utf8()
        } else if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if first == '`' {
            let end = rest[1..].find('`').ok_or("a raw text never ends")?;
            found.push(Token::Text(rest[1..=end].to_owned()));
            end + 2
        } else if first == '"' {
            let (text, length) = quoted(rest)?;
            found.push(Token::Text(text));
            length
        } else if first.is_ascii_alphabetic() || first == '_' {
            let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
            let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            found.push(Token::Word(rest[..length].to_owned()));
            length
        } else if first.is_ascii_digit() {
            found.push(Token::Number);
            rest.find(|c: char| !c.is_ascii_digit() && c != '.')
                .unwrap_or(rest.len())
        } else if "{}[](),=".contains(first) {
            found.push(Token::Mark(first));
            1
        } else {
            return Err(format!("`{first}` begins nothing"));
        };
        rest = &rest[length..];
    }
    Ok(found)
}

/// The text of a quoted token at the start, and the length of the token.
fn quoted(source: &str) -> Result<(String, usize), String> {
    let mut text = String::new();
    let mut chars = source.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((text, at + 1)),
            '\n' => break,
            '\\' => {
                let (_, escaped) = chars.next().ok_or("a text never ends")?;
                if !"\\\"nrtabfvxuU".contains(escaped) {
                    return Err(format!("`\\{escaped}` is no escape"));
                }
                text.extend(['\\', escaped]);
            }
            _ => text.push(c),
        }
    }
    Err("a text never ends".to_owned())
}

struct Reader {
    tokens: Vec<Token>,
    next: usize,
    config: Config,
}

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn take(&mut self) -> Result<Token, String> {
        let token = self
            .tokens
            .get(self.next)
            .cloned()
            .ok_or("the configuration ends too early")?;
        self.next += 1;
        Ok(token)
    }

    fn expect(&mut self, mark: char) -> Result<(), String> {
        match self.take()? {
            Token::Mark(found) if found == mark => Ok(()),
            found => Err(format!("{found:?} where `{mark}` must be")),
        }
    }

    fn accept(&mut self, mark: char) -> bool {
        let here = self.peek() == Some(&Token::Mark(mark));
        self.next += usize::from(here);
        here
    }

    /// A component, or a block of settings.
    fn top_block(&mut self) -> Result<(), String> {
        let Token::Word(name) = self.take()? else {
            return Err("a block must begin with its name".to_owned());
        };
        if let Some(Token::Text(label)) = self.peek().cloned() {
            self.next += 1;
            if !COMPONENTS.iter().any(|(known, _)| *known == name) {
                return Err(format!("`{name}` is no component"));
            }
            let is_identifier = label.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if !is_identifier || !self.config.components.insert(format!("{name}.{label}")) {
                return Err(format!("`{label}` is no label, or not the only one"));
            }
        } else if !SETTINGS.contains(&name.as_str()) || !self.config.settings.insert(name.clone()) {
            return Err(format!("`{name}` is no settings block, or not the only one"));
        }
        self.body()
    }

    /// Attributes and blocks between braces; an attribute may be given once.
    fn body(&mut self) -> Result<(), String> {
        self.expect('{')?;
        let mut attributes = BTreeSet::new();
        while !self.accept('}') {
            let Token::Word(name) = self.take()? else {
                return Err("an attribute or a block must begin with its name".to_owned());
            };
            if self.accept('=') {
                self.value()?;
                if !attributes.insert(name.clone()) {
                    return Err(format!("`{name}` is given twice"));
                }
            } else {
                self.body()?;
            }
        }
        Ok(())
    }

    fn value(&mut self) -> Result<(), String> {
        match self.take()? {
            Token::Text(_) | Token::Number => Ok(()),
            Token::Word(name) => {
                self.config.references.insert(name);
                if self.accept('(') {
                    self.values(')')
                } else {
                    Ok(())
                }
            }
            Token::Mark('[') => self.values(']'),
            Token::Mark('{') => self.object(),
            found @ Token::Mark(_) => Err(format!("{found:?} is no value")),
        }
    }

    fn values(&mut self, end: char) -> Result<(), String> {
        while !self.accept(end) {
            self.value()?;
            if !self.accept(',') {
                return self.expect(end);
            }
        }
        Ok(())
    }

    fn object(&mut self) -> Result<(), String> {
        while !self.accept('}') {
            let (Token::Text(_) | Token::Word(_)) = self.take()? else {
                return Err("an entry must begin with its key".to_owned());
            };
            self.expect('=')?;
            self.value()?;
            if !self.accept(',') {
                return self.expect('}');
            }
        }
        Ok(())
    }
}

#[test]
fn what_is_not_well_formed_is_refused() {
    let receiver = "prometheus.remote_write \"a\" { }\n";
    assert!(read(receiver).is_ok());
    for broken in [
        "logging {",
        "logging { level = }",
        "logging { level = \"a }",
        "logging { level = \"a\" level = \"b\" }",
        "logging { } }",
        "logging { list = [1 2] }",
        "prometheus.scrap \"a\" { }",
        "prometheus.scrape \"a-b\" { }",
        "prometheus.scrape \"a\" { } prometheus.scrape \"a\" { }",
        "prometheus.relabel \"a\" { forward_to = [prometheus.remote_write.b.receiver] }",
        "prometheus.remote_write \"b\" { } prometheus.relabel \"a\" { forward_to = [prometheus.remote_write.b.output] }",
    ] {
        assert!(read(broken).is_err(), "{broken}");
    }
}
