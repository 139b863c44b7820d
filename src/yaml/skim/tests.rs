//! Proof that what is skimmed is what is read: every text that is skimmed can be read, and the wanted entries are the
//! same.

use super::excerpt;
use crate::source::Source;
use crate::yaml::{self, Value};

fn is_wanted(key: &str) -> bool {
    key.eq_ignore_ascii_case("kind") || key.eq_ignore_ascii_case("metadata")
}

fn read(text: &str) -> Result<Value, String> {
    yaml::read(&Source::new("t", text)).map_err(|errors| errors[0].message.clone())
}

/// Whether the text is skimmed; if so it must be what reading it gives.
#[track_caller]
fn is_skimmed(text: &str) -> bool {
    let Some(excerpt) = excerpt(text, is_wanted) else {
        return false;
    };
    let whole = read(text).unwrap_or_else(|error| panic!("{error}: {text:?}"));
    let part = read(&excerpt).unwrap_or_else(|error| panic!("{error}: {excerpt:?} of {text:?}"));
    let whole = whole
        .as_map()
        .unwrap_or_else(|| panic!("no map: {text:?}"))
        .clone();
    for key in whole.keys() {
        if !is_wanted(&key) {
            whole.remove(&key);
        }
    }
    let part = if part.is_null() { Value::empty_map() } else { part };
    assert_eq!(part, Value::Map(whole), "{text:?}");
    true
}

const MANIFEST: &str = r#"# c
kind: "R" # c
metadata:
  name: a:b
metadata:
  'na me': x-y

  labels: {}
  text: >-

    a
      # b

    -
spec:
- a:
  - - b
       c
  -
    d: e
     f # g
- "h\"
    i"
- [j, 'k', 1]
-
l :
    |
    m"#;

#[test]
fn plain_manifests_are_skimmed() {
    for text in [
        "kind: A\nmetadata:\n  name: b\n  labels:\n    c: 'd''e'\nspec:\n  f: [g, \"h\"]\n  i:\n  - j: k\n    l: |\n      m: n\n\n       o\n  - p\n",
        "metadata:\n  annotations:\n    a: \"{\\\"b\\\": 1}\"\n    c: >-\n      d\nkind: e f\n  g\n# h\ndata: {}\n",
        "a:\n- b\n-\n  c\n- - d\n  - e: f\ng: -1\nh: .5\ni: --j\nk: l:m#n\nkind:\n",
        "  kind: a\n  b:\n\n    # c\n    d: é\n",
        "a: |+\n  b\n\nkind: |\n\n   c\n  \n   d",
        MANIFEST,
    ] {
        assert!(is_skimmed(text), "{text}");
    }
}

#[test]
fn what_has_another_shape_is_left_to_the_reader() {
    for text in [
        "",
        "# a",
        "a",
        "- a",
        "a: &b c",
        "a: *b",
        "a: !c d",
        "<<: {}",
        "? a",
        "a: b: c",
        "a:\tb",
        "a: b\tc",
        "---\na: b",
        "a: b\n...",
        "a: b\n--- c",
        "%a: b",
        "null: a",
        "99999999999999999999: a",
        "a: .inf",
        "a: -.Inf",
        "a: |1\n  b",
        "a: |\n   \n  b",
        "a: |\n\t b",
        "a: \"\\u0041\"",
        "a: \"b",
        "a: \"b\n---\n\"",
        "a: 'b' c",
        "a: [b",
        "a: [b: c]",
        "a: {b: c}",
        "a: b\r\n",
        "a: b\n c: d",
        "a:\n  b: c\n d: e",
        "a:\n  - b\n - c",
        "a:\n  b\nc",
        "- a: b\n-",
        "a: @b",
        "a: `b",
        "a: ,b",
        "a: b\u{85}",
        "\u{feff}a: b",
        "a: \u{1}",
        "a:\n- b\n  c: d",
        "a: b\n  # c\n  d",
    ] {
        assert!(!is_skimmed(text), "{text}");
    }
}

/// Whatever one more or one less character makes of a text.
#[test]
fn no_change_makes_a_text_skimmed_that_is_not_read_so() {
    const LETTERS: &str = "\n -:#'\"|>[]{}*&!%@?,\t\\~<.0an";
    let mut skimmed = 0;
    let mut count = |text: &str| skimmed += usize::from(is_skimmed(text));
    for at in 0..=MANIFEST.len() {
        let (before, after) = MANIFEST.split_at(at);
        for letter in LETTERS.chars() {
            count(&format!("{before}{letter}{after}"));
            count(&format!("{before}\n{letter}{after}"));
            count(&format!("{before}  {letter}{after}"));
        }
        for less in 1..=after.len().min(4) {
            count(&format!("{before}{}", &after[less..]));
        }
    }
    assert!(skimmed > 1000, "{skimmed} texts are skimmed");
}
