//! Tests of the reader: places, copies, limits, documents. What scalars mean is in the golden cases.

use super::*;

fn origins(value: &Value, path: &str, out: &mut Vec<String>) {
    let mut slot = |key: &str, slot: &Slot| {
        let path = format!("{path}/{key}");
        let place = slot.origin.as_ref().expect("every entry has an origin");
        out.push(format!("{path} {}:{}", place.line, place.column));
        origins(&slot.value, &path, out);
    };
    match value {
        Value::Map(map) => map.read().iter().for_each(|(key, entry)| slot(key, entry)),
        Value::List(list) => {
            for (index, item) in list.read().iter().enumerate() {
                slot(&index.to_string(), item);
            }
        }
        _ => {}
    }
}

fn origins_of(text: &str) -> Vec<String> {
    let value = read(&Source::new("v", text)).expect("valid");
    let mut out = Vec::new();
    origins(&value, "", &mut out);
    out
}

fn first_error(text: &str) -> Diagnostic {
    read(&Source::new("v", text)).expect_err("invalid").remove(0)
}

#[test]
fn entries_keep_the_place_of_their_key_and_items_their_own() {
    let text = "a:\n  b: 1\n  c:\n  - x\n  - d: 2\n    'e f': [y,\n      z]\n? g\n: h\n";
    let expected = [
        "/a 1:1",
        "/a/b 2:3",
        "/a/c 3:3",
        "/a/c/0 4:5",
        "/a/c/1 5:5",
        "/a/c/1/d 5:5",
        "/a/c/1/e f 6:5",
        "/a/c/1/e f/0 6:13",
        "/a/c/1/e f/1 7:7",
        "/g 8:3",
    ];
    assert_eq!(origins_of(text), expected);
}

#[test]
fn columns_count_characters_whatever_the_line_breaks_and_the_byte_order_mark() {
    assert_eq!(
        origins_of("{é: 1, ü: 2}\r\nz: 1\r\n".split_at(15).0),
        ["/é 1:2", "/ü 1:8"]
    );
    assert_eq!(origins_of("a: 1\r\nb: 2\r\n"), ["/a 1:1", "/b 2:1"]);
    assert_eq!(origins_of("\u{feff}a: 1\n"), ["/a 1:1"]);
    // Editors do not count these as line breaks, YAML does.
    assert_eq!(
        origins_of("a: 1\u{2028}b: 2\nc: 3\n"),
        ["/a 1:1", "/b 1:6", "/c 2:1"]
    );
}

#[test]
fn copies_keep_the_place_where_they_were_written() {
    let text = "a: &x\n  k: 1\nb: *x\nc:\n  <<: *x\n";
    assert_eq!(
        origins_of(text),
        ["/a 1:1", "/a/k 2:3", "/b 3:1", "/b/k 2:3", "/c 4:1", "/c/k 2:3"]
    );
}

#[test]
fn copies_share_no_node() {
    let value = read(&Source::new("v", "a: &x {k: 1}\nb: *x\n")).expect("valid");
    value
        .lookup("a")
        .and_then(|a| a.as_map().cloned())
        .expect("a map")
        .insert("k", "changed");
    assert_eq!(value.lookup("b.k"), Some(Number::Whole(1).into()));
}

#[test]
fn nesting_has_a_limit_in_every_form() {
    let deep = |open: &str, count: usize| open.repeat(count);
    let blocks: Vec<String> = (0..700)
        .map(|level| format!("{}k:\n", " ".repeat(level)))
        .collect();
    let chain: Vec<String> = (0..10)
        .map(|n| {
            let inner = if n == 0 {
                "1".to_owned()
            } else {
                format!("*a{}", n - 1)
            };
            format!("k{n}: &a{n} {}{inner}{}\n", deep("[", 100), deep("]", 100))
        })
        .collect();
    for text in [
        deep("[", 10_000),
        deep("{a: ", 10_000),
        format!("a: {}", deep("[", 100_000)),
        deep("- ", 10_000),
        deep("? ", 10_000),
        blocks.concat(),
        chain.concat(),
    ] {
        let error = first_error(&text);
        assert_eq!(error.code, "yaml-too-deep", "{error}");
    }
    let fits = format!("{}{}", deep("[", MAX_DEPTH), deep("]", MAX_DEPTH));
    let value = read(&Source::new("v", fits)).expect("within the limit");
    assert_eq!(value, value.deep_copy());
    assert!(super::super::write(&value).is_ok());
}

#[test]
fn an_alias_bomb_is_refused_before_it_is_built() {
    let mut lines = vec!["a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned()];
    for level in 1..60 {
        let aliases = format!("*a{}, ", level - 1).repeat(10);
        lines.push(format!("a{level}: &a{level} [{aliases}]\n"));
    }
    assert_eq!(first_error(&lines.concat()).code, "yaml-alias");
}

#[test]
fn size_has_a_limit() {
    assert_eq!(first_error(&" ".repeat(MAX_BYTES + 1)).code, "yaml-too-large");
    let source = Source::new("v", "[a, b, c, d]");
    let mut reader = Reader::new(&source).expect("short enough");
    reader.most_nodes = 4;
    assert_eq!(
        reader.document().expect_err("one too many")[0].code,
        "yaml-too-large"
    );
}

#[test]
fn independent_errors_are_reported_at_once() {
    let errors = read(&Source::new("v", "a: .nan\nb: !!int x\n~: 1\nc: [\n")).expect_err("invalid");
    let codes: Vec<&str> = errors.iter().map(|error| error.code).collect();
    assert_eq!(codes, ["yaml-type", "yaml-type", "yaml-key", "yaml-syntax"]);
}

#[test]
fn duplicate_keys_warn_with_both_places_and_merged_ones_do_not() {
    let text = "a: 1\nb: &x {c: 1}\na: 2\nd:\n  <<: *x\n  c: 2\n";
    let document = read_document(&Source::new("v", text)).expect("valid");
    let [warning] = document.warnings.as_slice() else {
        panic!("one warning was expected: {:?}", document.warnings);
    };
    let lines: Vec<u32> = warning.labels.iter().map(|label| label.place.line).collect();
    assert_eq!(lines, [3, 1]);
}

#[test]
fn all_documents_are_read_with_their_places() {
    let documents =
        read_all(&Source::new("v", "# x\n\na: 1\n---\n---\nb: 2\n...\n---\n- c\n")).expect("valid");
    let seen: Vec<(u32, &str)> = documents
        .iter()
        .map(|document| (document.place.line, document.value.kind()))
        .collect();
    assert_eq!(seen, [(3, "map"), (5, "null"), (6, "map"), (9, "list")]);
    assert!(read_all(&Source::new("v", "a: 1\n---\n}\n")).is_err());
}
