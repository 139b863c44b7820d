//! Owns finding names in the text of an expression: chains such as `Values.image.tag`, filters and tests.
//!
//! It reads the user's template, never the text of an error, and evaluates nothing.

/// `root.key.key` or `root["key"]`, with the offset of each part in the template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chain {
    pub(super) root: Part,
    pub(super) keys: Vec<Part>,
    /// Whether what follows makes a missing value fine: `| default(…)`, `is defined`.
    pub(super) guarded: bool,
    /// Whether it is called.
    pub(super) called: bool,
    /// Whether it stands behind `|` or `is`.
    pub(super) role: Role,
}

/// One name with its offset in the template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) offset: usize,
}

/// What a name is used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A value or a function.
    Value,
    /// Behind `|`.
    Filter,
    /// Behind `is` or `is not`.
    Test,
}

const KEYWORDS: [&str; 25] = [
    "and", "block", "call", "do", "elif", "else", "endfor", "endif", "false", "False", "filter", "for",
    "from", "if", "import", "in", "include", "is", "macro", "none", "None", "not", "or", "set", "with",
];

/// The chains in `text`, which starts at `base` in the template.
pub(super) fn chains(text: &str, base: usize) -> Vec<Chain> {
    let mut found: Vec<Chain> = Vec::new();
    let mut role = Role::Value;
    let mut rest = Cursor { text, at: 0 };
    while let Some(character) = rest.peek() {
        if matches!(character, '"' | '\'') {
            rest.skip_quoted(character);
            role = Role::Value;
        } else if character == '_' || character.is_alphabetic() {
            let part = rest.part(base);
            if part.name == "is" {
                role = Role::Test;
            } else if part.name == "not" && role == Role::Test {
                // `is not defined`
            } else if KEYWORDS.contains(&part.name.as_str()) || matches!(&*part.name, "true" | "True") {
                role = Role::Value;
            } else {
                let chain = rest.chain(part, role, base);
                if chain.role != Role::Value {
                    guard(&mut found, &chain);
                }
                found.push(chain);
                role = Role::Value;
            }
        } else if character.is_ascii_digit() {
            rest.skip_word();
        } else {
            if character == '|' {
                role = Role::Filter;
            } else if !character.is_whitespace() {
                role = Role::Value;
            }
            rest.at += character.len_utf8();
        }
    }
    found.retain(|chain| !(chain.role == Role::Value && is_keyword_argument(text, chain, base)));
    found
}

/// `default` and `is defined` accept what is missing on their left.
fn guard(found: &mut [Chain], user: &Chain) {
    let tolerant = match user.role {
        Role::Filter => matches!(user.root.name.as_str(), "default" | "required"),
        Role::Test => matches!(user.root.name.as_str(), "defined" | "undefined"),
        Role::Value => false,
    };
    if let Some(left) = found
        .last_mut()
        .filter(|left| tolerant && left.role == Role::Value)
    {
        left.guarded = true;
    }
}

/// `name=value` in a call.
fn is_keyword_argument(text: &str, chain: &Chain, base: usize) -> bool {
    let behind = text[chain.root.offset - base + chain.root.name.len()..].trim_start();
    chain.keys.is_empty() && behind.starts_with('=') && !behind.starts_with("==")
}

/// Where the chain that `offset` lies in starts: minijinja's ranges may begin at its last name.
pub(super) fn chain_start(text: &str, offset: usize) -> usize {
    let mut start = offset;
    loop {
        let before = text[..start].trim_end_matches(is_word);
        if before.len() < start {
            start = before.len();
        }
        match before
            .strip_suffix('.')
            .filter(|before| before.ends_with(is_word))
        {
            Some(before) => start = before.len(),
            None => return start,
        }
    }
}

/// Where the names behind a failing filter or test start: minijinja's ranges begin at the filter's name, so
/// the whole tag up to it belongs to the expression.
pub(super) fn expression_start(text: &str, start: usize) -> usize {
    let before = text[..start].trim_end();
    let words_before = before.trim_end_matches(is_word);
    let is_test = matches!(&before[words_before.len()..], "is" | "not");
    if !before.ends_with('|') && !is_test {
        return start;
    }
    let tag = before.rfind("{{").max(before.rfind("{%"));
    tag.map_or(start, |tag| tag + 2)
}

struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn skip_quoted(&mut self, quote: char) {
        let mut escaped = false;
        let body = &self.text[self.at + 1..];
        for (offset, character) in body.char_indices() {
            if !escaped && character == quote {
                self.at += offset + 2;
                return;
            }
            escaped = !escaped && character == '\\';
        }
        self.at = self.text.len();
    }

    fn skip_word(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest
            .find(|character: char| !is_word(character))
            .unwrap_or(rest.len());
    }

    fn skip_space(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn part(&mut self, base: usize) -> Part {
        let start = self.at;
        self.skip_word();
        Part {
            name: self.text[start..self.at].to_owned(),
            offset: base + start,
        }
    }

    fn chain(&mut self, root: Part, role: Role, base: usize) -> Chain {
        let mut keys = Vec::new();
        if role == Role::Value {
            while let Some(key) = self.key(base) {
                keys.push(key);
            }
        }
        let called = self.text[self.at..].trim_start().starts_with('(');
        Chain {
            root,
            keys,
            guarded: false,
            called,
            role,
        }
    }

    /// `.name` or `["name"]`, if it comes next.
    fn key(&mut self, base: usize) -> Option<Part> {
        let before = self.at;
        self.skip_space();
        let found = match self.peek() {
            Some('.') => {
                self.at += 1;
                self.skip_space();
                let starts = self
                    .peek()
                    .is_some_and(|first| first == '_' || first.is_alphabetic());
                starts.then(|| self.part(base))
            }
            Some('[') => self.quoted_key(base),
            _ => None,
        };
        if found.is_none() {
            self.at = before;
        }
        found
    }

    fn quoted_key(&mut self, base: usize) -> Option<Part> {
        self.at += 1;
        self.skip_space();
        let quote = self.peek().filter(|quote| matches!(quote, '"' | '\''))?;
        let start = self.at + 1;
        let length = self.text[start..].find(quote)?;
        let behind = self.text[start + length + 1..].trim_start().strip_prefix(']')?;
        self.at = self.text.len() - behind.len();
        Some(Part {
            name: self.text[start..start + length].to_owned(),
            offset: base + start,
        })
    }
}

fn is_word(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let show = |chain: &Chain| {
            let keys: Vec<&str> = chain.keys.iter().map(|key| key.name.as_str()).collect();
            let mark = if chain.guarded { "?" } else { "" };
            format!("{:?} {}.{}{mark}", chain.role, chain.root.name, keys.join("."))
        };
        chains(text, 0).iter().map(show).collect()
    }

    #[test]
    fn chains_know_their_role_and_guard() {
        let text = r#"not Values.a["b c"].d | default(x.y) ~ "no.t" and z is not defined or f(k=Values . q)"#;
        let expected = [
            "Value Values.a.b c.d?",
            "Filter default.",
            "Value x.y",
            "Value z.?",
            "Test defined.",
            "Value f.",
            "Value Values.q",
        ];
        assert_eq!(shown(text), expected);
        assert_eq!(chains("  a.bc", 10)[0].keys[0].offset, 14);
    }
}
