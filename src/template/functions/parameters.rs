//! Owns the types that Go gives the parameters of each function: Go templates check them before a call.
//!
//! It checks nothing itself. Jinja has no such types; there the functions say what they cannot take.

use super::sorted::compare;
use std::cmp::Ordering;

/// What Go allows as an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// `interface {}` or `reflect.Value`: everything, or what the function itself judges.
    Any,
    /// `string`.
    Text,
    /// `bool`.
    Bool,
    /// `int`.
    Int,
    /// `uint32`: only a constant is one.
    Uint32,
    /// `float64`.
    Float,
    /// `map[string]interface {}`.
    Map,
    /// `[]interface {}`.
    List,
}

impl Parameter {
    /// What Go calls it.
    pub fn go_type(self) -> &'static str {
        match self {
            Self::Any => "interface {}",
            Self::Text => "string",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Uint32 => "uint32",
            Self::Float => "float64",
            Self::Map => "map[string]interface {}",
            Self::List => "[]interface {}",
        }
    }

    const fn of(letter: u8) -> Self {
        match letter {
            b's' => Self::Text,
            b'b' => Self::Bool,
            b'i' => Self::Int,
            b'u' => Self::Uint32,
            b'f' => Self::Float,
            b'm' => Self::Map,
            b'l' => Self::List,
            _ => Self::Any,
        }
    }
}

/// The parameters of a function, a letter each; the last one stands for all that follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parameters(&'static str);

impl Parameters {
    /// Anything.
    pub(super) const ANY: Self = Self("");

    /// Those of the function `name`.
    pub(super) const fn of(name: &str) -> Self {
        let (mut start, mut end) = (0, TABLE.len());
        while start < end {
            let middle = usize::midpoint(start, end);
            match compare(TABLE[middle].0, name) {
                Ordering::Equal => return Self(TABLE[middle].1),
                Ordering::Less => start = middle + 1,
                Ordering::Greater => end = middle,
            }
        }
        Self::ANY
    }

    /// The type of the parameter at `index`.
    pub(super) fn at(self, index: usize) -> Parameter {
        let letters = self.0.as_bytes();
        let letter = letters.get(index).or(letters.last());
        Parameter::of(*letter.unwrap_or(&b'a'))
    }
}

/// Functions with a parameter that does not take everything, by name.
const TABLE: &[(&str, &str)] = &[
    ("abbrev", "is"),
    ("abbrevboth", "iis"),
    ("adler32sum", "s"),
    ("atoi", "s"),
    ("b32dec", "s"),
    ("b32enc", "s"),
    ("b64dec", "s"),
    ("b64enc", "s"),
    ("base", "s"),
    ("bcrypt", "s"),
    ("buildCustomCert", "ss"),
    ("camelcase", "s"),
    ("chunk", "ia"),
    ("clean", "s"),
    ("contains", "ss"),
    ("date", "sa"),
    ("dateInZone", "sas"),
    ("dateModify", "sa"),
    ("date_in_zone", "sas"),
    ("date_modify", "sa"),
    ("decryptAES", "ss"),
    ("derivePassword", "ussss"),
    ("dir", "s"),
    ("encryptAES", "ss"),
    ("ext", "s"),
    ("fail", "s"),
    ("fromJson", "s"),
    ("fromJsonArray", "s"),
    ("fromToml", "s"),
    ("fromYaml", "s"),
    ("fromYamlArray", "s"),
    ("genCA", "si"),
    ("genCAWithKey", "sis"),
    ("genPrivateKey", "s"),
    ("genSelfSignedCert", "slli"),
    ("genSelfSignedCertWithKey", "sllis"),
    ("genSignedCert", "sllia"),
    ("genSignedCertWithKey", "sllias"),
    ("get", "ms"),
    ("getHostByName", "s"),
    ("hasKey", "ms"),
    ("hasPrefix", "ss"),
    ("hasSuffix", "ss"),
    ("htmlDateInZone", "as"),
    ("htpasswd", "ss"),
    ("include", "sa"),
    ("indent", "is"),
    ("initials", "s"),
    ("isAbs", "s"),
    ("join", "sa"),
    ("kebabcase", "s"),
    ("keys", "m"),
    ("kindIs", "sa"),
    ("lookup", "ssss"),
    ("lower", "s"),
    ("merge", "m"),
    ("mergeOverwrite", "m"),
    ("mustChunk", "ia"),
    ("mustDateModify", "sa"),
    ("mustFromJson", "s"),
    ("mustMerge", "m"),
    ("mustMergeOverwrite", "m"),
    ("mustRegexFind", "ss"),
    ("mustRegexFindAll", "ssi"),
    ("mustRegexMatch", "ss"),
    ("mustRegexReplaceAll", "sss"),
    ("mustRegexReplaceAllLiteral", "sss"),
    ("mustRegexSplit", "ssi"),
    ("mustToDate", "ss"),
    ("must_date_modify", "sa"),
    ("nindent", "is"),
    ("nospace", "s"),
    ("omit", "ms"),
    ("osBase", "s"),
    ("osClean", "s"),
    ("osDir", "s"),
    ("osExt", "s"),
    ("osIsAbs", "s"),
    ("pick", "ms"),
    ("pluck", "sm"),
    ("plural", "ssi"),
    ("printf", "sa"),
    ("randAlpha", "i"),
    ("randAlphaNum", "i"),
    ("randAscii", "i"),
    ("randBytes", "i"),
    ("randInt", "ii"),
    ("randNumeric", "i"),
    ("regexFind", "ss"),
    ("regexFindAll", "ssi"),
    ("regexMatch", "ss"),
    ("regexQuoteMeta", "s"),
    ("regexReplaceAll", "sss"),
    ("regexReplaceAllLiteral", "sss"),
    ("regexSplit", "ssi"),
    ("repeat", "is"),
    ("replace", "sss"),
    ("required", "sa"),
    ("round", "aif"),
    ("semver", "s"),
    ("semverCompare", "ss"),
    ("seq", "i"),
    ("set", "msa"),
    ("sha1sum", "s"),
    ("sha256sum", "s"),
    ("sha512sum", "s"),
    ("shuffle", "s"),
    ("snakecase", "s"),
    ("split", "ss"),
    ("splitList", "ss"),
    ("splitn", "sis"),
    ("substr", "iis"),
    ("swapcase", "s"),
    ("ternary", "aab"),
    ("title", "s"),
    ("toDate", "ss"),
    ("tpl", "sa"),
    ("trim", "s"),
    ("trimAll", "ss"),
    ("trimPrefix", "ss"),
    ("trimSuffix", "ss"),
    ("trimall", "ss"),
    ("trunc", "is"),
    ("typeIs", "sa"),
    ("typeIsLike", "sa"),
    ("unset", "ms"),
    ("until", "i"),
    ("untilStep", "iii"),
    ("untitle", "s"),
    ("upper", "s"),
    ("urlJoin", "m"),
    ("urlParse", "s"),
    ("values", "m"),
    ("wrap", "is"),
    ("wrapWith", "iss"),
];

#[cfg(test)]
mod tests {
    use super::super::{FUNCTIONS, find};
    use super::*;

    #[test]
    fn the_table_is_sorted_and_its_functions_take_as_many_arguments() {
        for pair in TABLE.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} and {}", pair[0].0, pair[1].0);
        }
        for (name, letters) in TABLE {
            let Some(function) = find(name) else { continue };
            let (least, most) = function.arity();
            assert!(least <= letters.len(), "{name} has too few types");
            assert!(
                most.is_none_or(|most| letters.len() <= most),
                "{name} has too many types"
            );
        }
        assert!(
            FUNCTIONS
                .iter()
                .any(|function| function.parameter(0) == Parameter::Map)
        );
    }
}
