//! Owns what functions give: the type of a call's result by the function's name and its arguments.
//!
//! Functions that are not named here may give anything.

use super::code::Code;
use super::kinds::{Kinds, Schema, Type};

/// Functions that give a text.
const TEXTS: &[&str] = &[
    "abbrev",
    "adler32sum",
    "b32dec",
    "b32enc",
    "b64dec",
    "b64enc",
    "base",
    "basename",
    "camelcase",
    "cat",
    "clean",
    "date",
    "dir",
    "ext",
    "indent",
    "initials",
    "join",
    "kebabcase",
    "kindOf",
    "lower",
    "nindent",
    "nospace",
    "osBase",
    "plural",
    "print",
    "printf",
    "println",
    "quote",
    "regexFind",
    "regexQuoteMeta",
    "regexReplaceAll",
    "regexReplaceAllLiteral",
    "repeat",
    "replace",
    "sha1sum",
    "sha256sum",
    "sha512sum",
    "snakecase",
    "squote",
    "substr",
    "swapcase",
    "title",
    "toJson",
    "toPrettyJson",
    "toRawJson",
    "toString",
    "toToml",
    "toYaml",
    "trim",
    "trimAll",
    "trimPrefix",
    "trimSuffix",
    "trimall",
    "trunc",
    "typeOf",
    "untitle",
    "upper",
    "urlJoin",
    "urlquery",
    "wrap",
    "wrapWith",
];

/// Functions that give a boolean.
const BOOLS: &[&str] = &[
    "all",
    "any",
    "contains",
    "deepEqual",
    "empty",
    "eq",
    "ge",
    "gt",
    "has",
    "hasKey",
    "hasPrefix",
    "hasSuffix",
    "isAbs",
    "kindIs",
    "le",
    "lt",
    "ne",
    "not",
    "regexMatch",
    "semverCompare",
    "typeIs",
    "typeIsLike",
];

/// Functions that give Go's `int64`.
const INTEGERS: &[&str] = &[
    "add", "add1", "biggest", "ceil64", "div", "int64", "max", "min", "mod", "mul", "sub",
];

/// Functions that give Go's `float64`.
const FLOATS: &[&str] = &[
    "addf", "ceil", "divf", "float64", "floor", "maxf", "minf", "mulf", "round", "subf",
];

/// Functions that cannot fail, whatever they are given.
const TOTAL: &[&str] = &[
    "coalesce", "default", "dict", "empty", "int", "int64", "kindIs", "kindOf", "list", "not", "quote",
    "squote", "toJson", "toString", "toYaml",
];

/// Whether a call cannot fail when its arguments cannot.
pub(super) fn is_total(name: &str) -> bool {
    TOTAL.contains(&name)
}

/// Functions that print what they are given, so that an integer must be given with its digits.
pub(super) const PRINTERS: &[&str] = &[
    "cat",
    "join",
    "print",
    "printf",
    "println",
    "quote",
    "squote",
    "toString",
    "toStrings",
];

/// Functions that compare what they are given: Go refuses a float beside an integer.
pub(super) const COMPARERS: &[&str] = &["eq", "ge", "gt", "le", "lt", "ne"];

/// Functions that keep what they are given.
pub(super) const KEEPERS: &[&str] = &["append", "dict", "list", "prepend", "set"];

/// Functions that change the map that is their first argument.
pub(super) const CHANGERS: &[&str] = &[
    "merge",
    "mergeOverwrite",
    "mustMerge",
    "mustMergeOverwrite",
    "set",
    "unset",
];

/// The type of what the function gives for the arguments.
pub(super) fn of(name: &str, arguments: &[Code], schema: &Schema) -> Type {
    let ty = |index: usize| {
        arguments
            .get(index)
            .map_or_else(Type::any, |code| code.ty.clone())
    };
    let all = || {
        arguments
            .iter()
            .fold(Type::default(), |all, code| all.union(&code.ty))
    };
    if TEXTS.contains(&name) {
        return Type::text();
    }
    if BOOLS.contains(&name) {
        return Type::bool();
    }
    if INTEGERS.contains(&name) {
        return Type::of(Kinds::INT64);
    }
    if FLOATS.contains(&name) {
        return Type::of(Kinds::FLOAT);
    }
    match name {
        "len" | "int" | "atoi" => Type::of(Kinds::INT),
        "default" => {
            let (fallback, given) = (ty(0), ty(1));
            if given.kinds == Kinds::NONE {
                return Type::default();
            }
            given.with(given.kinds.without(Kinds::FALSE)).union(&fallback)
        }
        "get" => {
            let key = arguments.get(1).and_then(|code| match &code.constant {
                Some(super::code::Constant::Text(key)) => Some(key.as_str()),
                _ => None,
            });
            let field = match key {
                Some(key) => schema.field(&ty(0), key),
                None => schema.item(&ty(0)),
            };
            // A key that is not there gives an empty text.
            if field.kinds == Kinds::NONE {
                field
            } else {
                field.union(&Type::of(Kinds::EMPTY))
            }
        }
        "required" => ty(1),
        "ternary" => ty(0).union(&ty(1)),
        "deepCopy" | "omit" | "pick" | "uniq" | "compact" | "rest" | "initial" | "reverse" | "without"
        | "sortAlpha" | "slice" => ty(0),
        "merge" | "mergeOverwrite" | "mustMerge" | "mustMergeOverwrite" => {
            let all = all();
            all.with(Kinds::MAP)
        }
        "concat" => all().with(Kinds::LIST),
        "first" | "last" => schema.item(&ty(0)).union(&Type::of(Kinds::NULL)),
        "keys" | "splitList" | "regexFindAll" | "regexSplit" | "sortedKeys" | "toStrings" => {
            Type::each(Kinds::LIST, Type::text())
        }
        "split" | "splitn" => Type::each(Kinds::TEXTS_BY_NAME, Type::text()),
        "until" | "untilStep" => Type::each(Kinds::LIST, Type::of(Kinds::INT)),
        "list" if arguments.is_empty() => Type::of(Kinds::LIST),
        "list" => Type::each(Kinds::LIST, all()),
        "dict" | "set" | "unset" | "fromYaml" | "fromJson" | "fromToml" => Type::of(Kinds::MAP),
        "fromYamlArray" | "fromJsonArray" | "append" | "prepend" => Type::of(Kinds::LIST),
        "fail" => Type::text(),
        _ => Type::any(),
    }
}

/// The kinds of a field of one of the chart's names.
pub(super) fn builtin(root: &str, field: &str) -> Option<Kinds> {
    Some(match (root, field) {
        (
            "Chart",
            "Name" | "Version" | "AppVersion" | "Description" | "Home" | "Icon" | "KubeVersion" | "Type"
            | "APIVersion",
        )
        | ("Release", "Name" | "Namespace" | "Service")
        | ("Template", "Name" | "BasePath") => Kinds::TEXT,
        ("Release", "IsInstall" | "IsUpgrade") => Kinds::BOOL,
        ("Release", "Revision") => Kinds::INT,
        ("Capabilities", "KubeVersion") => Kinds::OTHER,
        _ => return None,
    })
}
