//! A small evaluator of Go pipelines, just enough to call the function table as Helm's templates do.
//!
//! It knows literals, calls, parentheses, `|` and chains that start at `.Values`; no statements or variables.

use runnerctl::template::functions::Body;
use runnerctl::template::functions::Context;
use runnerctl::template::functions::Integers;
use runnerctl::template::functions::Random;
use runnerctl::template::functions::find;
use runnerctl::yaml::Number;
use runnerctl::yaml::Value;

/// What `{{ text }}` prints, or why it fails.
pub(crate) fn print(text: &str, values: &Value) -> Result<String, String> {
    let tokens = tokens(text)?;
    let mut parser = Parser {
        tokens,
        at: 0,
        values,
    };
    let value = parser.pipeline()?;
    if parser.at != parser.tokens.len() {
        return Err(format!("unread: {:?}", &parser.tokens[parser.at..]));
    }
    if value.is_null() {
        return Ok(String::new());
    }
    let printed = call("print", &[value])?;
    Ok(printed.as_str().unwrap_or_default().to_owned())
}

fn call(name: &str, args: &[Value]) -> Result<Value, String> {
    let function = find(name).ok_or_else(|| format!("no function {name}"))?;
    function.check_count(args.len()).map_err(|error| error.message)?;
    let Body::Plain(body) = function.body else {
        return Err(format!("{name} needs an engine"));
    };
    let context = Context {
        clock: time::OffsetDateTime::UNIX_EPOCH,
        random: Random::new(None),
        integers: Integers::AsFloats,
    };
    body(&context, args).map_err(|error| error.message)
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Literal(Value),
    Name(String),
    Field(Vec<String>),
    Open,
    Close,
    Pipe,
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let word = rest.find([' ', '(', ')', '|']).unwrap_or(rest.len());
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '|' => (Token::Pipe, 1),
            '"' => quoted(rest)?,
            '`' => {
                let end = rest[1..].find('`').ok_or("an open raw string")?;
                (Token::Literal(rest[1..=end].into()), end + 2)
            }
            '.' => (
                Token::Field(rest[1..word].split('.').map(str::to_owned).collect()),
                word,
            ),
            '0'..='9' | '-' | '+' => (Token::Literal(number(&rest[..word])?), word),
            _ => (name(&rest[..word]), word),
        };
        found.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(found)
}

fn name(word: &str) -> Token {
    match word {
        "true" => Token::Literal(true.into()),
        "false" => Token::Literal(false.into()),
        "nil" => Token::Literal(Value::Null),
        name => Token::Name(name.to_owned()),
    }
}

fn quoted(rest: &str) -> Result<(Token, usize), String> {
    let mut text = String::new();
    let mut characters = rest.char_indices().skip(1);
    while let Some((offset, character)) = characters.next() {
        match character {
            '"' => return Ok((Token::Literal(text.into()), offset + 1)),
            '\\' => match characters.next().map(|(_, escaped)| escaped) {
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some('r') => text.push('\r'),
                Some(escaped @ ('x' | 'u')) => {
                    let count = if escaped == 'x' { 2 } else { 4 };
                    let digits: String = characters.by_ref().take(count).map(|(_, digit)| digit).collect();
                    let code = u32::from_str_radix(&digits, 16).map_err(|error| error.to_string())?;
                    text.push(char::from_u32(code).ok_or("a wrong escape")?);
                }
                Some(escaped) => text.push(escaped),
                None => break,
            },
            other => text.push(other),
        }
    }
    Err("an open string".to_owned())
}

fn number(word: &str) -> Result<Value, String> {
    if let Ok(integer) = word.parse() {
        return Ok(Number::Int(integer).into());
    }
    word.parse()
        .map(|float| Number::Float(float).into())
        .map_err(|_| format!("{word} is no number"))
}

struct Parser<'v> {
    tokens: Vec<Token>,
    at: usize,
    values: &'v Value,
}

impl Parser<'_> {
    fn pipeline(&mut self) -> Result<Value, String> {
        let mut value = self.command(None)?;
        while self.tokens.get(self.at) == Some(&Token::Pipe) {
            self.at += 1;
            value = self.command(Some(value))?;
        }
        Ok(value)
    }

    fn command(&mut self, piped: Option<Value>) -> Result<Value, String> {
        if let Some(Token::Name(name)) = self.tokens.get(self.at).cloned() {
            self.at += 1;
            let mut args = Vec::new();
            while let Some(argument) = self.operand()? {
                args.push(argument);
            }
            args.extend(piped);
            return call(&name, &args);
        }
        self.operand()?.ok_or_else(|| "nothing to evaluate".to_owned())
    }

    fn operand(&mut self) -> Result<Option<Value>, String> {
        let token = self.tokens.get(self.at).cloned();
        let value = match token {
            Some(Token::Literal(value)) => value,
            Some(Token::Name(name)) => {
                self.at += 1;
                return call(&name, &[]).map(Some);
            }
            Some(Token::Field(path)) => Self::field(self.values, path.get(1..).unwrap_or_default())?,
            Some(Token::Open) => {
                self.at += 1;
                let value = self.pipeline()?;
                if self.tokens.get(self.at) != Some(&Token::Close) {
                    return Err("an open parenthesis".to_owned());
                }
                if let Some(Token::Field(path)) = self.tokens.get(self.at + 1).cloned() {
                    self.at += 1;
                    Self::field(&value, &path)?
                } else {
                    value
                }
            }
            Some(Token::Close | Token::Pipe) | None => return Ok(None),
        };
        self.at += 1;
        Ok(Some(value))
    }

    fn field(start: &Value, path: &[String]) -> Result<Value, String> {
        path.iter().try_fold(start.clone(), |value, key| match value {
            Value::Map(map) => Ok(map.get(key).unwrap_or_default()),
            Value::Object(object) => object.field(key).ok_or_else(|| format!("no field {key}")),
            other => Err(format!("{key} of {}", other.kind())),
        })
    }
}
