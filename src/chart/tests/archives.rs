//! Archives, most of them made to do harm.

use super::{METADATA, Scratch, file_names, template_names};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;
use tar::{EntryType, Header};

/// A tar archive whose entries need not be ones that any tool would write.
struct Tar(Vec<u8>);

impl Tar {
    fn new() -> Self {
        Self(Vec::new())
    }

    fn chart() -> Self {
        Self::new().file("c/Chart.yaml", METADATA)
    }

    fn file(self, path: &str, data: impl AsRef<[u8]>) -> Self {
        self.entry(EntryType::Regular, path, data.as_ref())
    }

    fn entry(mut self, kind: EntryType, path: &str, data: &[u8]) -> Self {
        let header = header(kind, path, data.len() as u64);
        self.0.extend_from_slice(header.as_bytes());
        self.0.extend_from_slice(data);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    fn finish(mut self) -> Vec<u8> {
        self.0.extend_from_slice(&[0; 1024]);
        gzip(&self.0)
    }
}

/// Sets the path byte by byte: the library refuses those that are of interest here.
fn header(kind: EntryType, path: &str, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(0o644);
    if kind == EntryType::Symlink || kind == EntryType::Link {
        header.as_old_mut().linkname[..11].copy_from_slice(b"/etc/passwd");
    }
    header.set_cksum();
    header
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).expect("memory can be written to");
    encoder.finish().expect("memory can be written to")
}

#[track_caller]
fn refused(archive: Vec<u8>, expected: &str) {
    let printed = Scratch::new().file("c.tgz", archive).errors("c.tgz");
    assert!(printed.contains(expected), "{expected}\nis not in\n{printed}");
}

#[test]
fn an_archive_loads_with_its_subcharts_and_their_archives() {
    let inner = Tar::new()
        .file("inner/Chart.yaml", "name: inner\nversion: 1\n")
        .finish();
    let middle = Tar::new()
        .file("middle/Chart.yaml", "name: middle\nversion: 1\n")
        .file("middle/charts/inner-1.tgz", inner);
    let archive = Tar::new()
        .entry(EntryType::Directory, "c/", b"")
        .entry(EntryType::XGlobalHeader, "pax_global_header", b"")
        .file("c/templates/b.yaml", "b")
        .file("c/./templates//a.yaml", "a")
        .file("c/charts/middle-1.tgz", middle.finish())
        .file("c\\files\\x.txt", "x")
        .file("c/Chart.yaml", format!("\u{feff}{METADATA}"))
        .finish();
    let scratch = Scratch::new().file("c.tgz", archive);
    let chart = scratch.load("c.tgz");
    assert_eq!(template_names(&chart), ["templates/a.yaml", "templates/b.yaml"]);
    assert_eq!(file_names(&chart), ["files/x.txt"]);
    assert_eq!(chart.dependencies[0].dependencies[0].metadata.name, "inner");
    assert!(
        chart.templates[0]
            .source
            .name
            .ends_with("/c.tgz:templates/a.yaml"),
        "{}",
        chart.templates[0].source.name
    );
}

#[test]
fn paths_that_lead_anywhere_else_are_refused() {
    for path in [
        "c/../../etc/passwd",
        "../c/x",
        "c/..",
        "c/a/../../../x",
        "c\\..\\..\\x",
    ] {
        refused(
            Tar::chart().file(path, "x").finish(),
            "a path that leads out of the chart",
        );
    }
    for path in ["/etc/passwd", "c//etc/passwd", "\\\\server\\share"] {
        refused(Tar::chart().file(path, "x").finish(), "an absolute path");
    }
    for path in ["c/C:/x", "c\\c:\\x"] {
        refused(
            Tar::chart().file(path, "x").finish(),
            "a path with a drive letter",
        );
    }
    for path in ["Chart.yaml", "x", "c/.", "c/"] {
        refused(
            Tar::chart().file(path, "x").finish(),
            "outside the chart's folder",
        );
    }
    refused(
        Tar::chart().file("c/a\u{1b}[2J", "x").finish(),
        "holds `c/a\\u{1b}[2J`, a name with control characters",
    );
}

#[test]
fn links_and_devices_are_refused() {
    for kind in [
        EntryType::Symlink,
        EntryType::Link,
        EntryType::Fifo,
        EntryType::Char,
        EntryType::Block,
    ] {
        refused(
            Tar::chart().entry(kind, "c/values.yaml", b"").finish(),
            "`c.tgz:values.yaml` is not a regular file",
        );
    }
}

#[test]
fn an_entry_may_not_replace_an_earlier_one() {
    for path in ["c/Chart.yaml", "c/./Chart.yaml", "other/Chart.yaml"] {
        refused(
            Tar::chart().file(path, METADATA).finish(),
            "holds `Chart.yaml` twice",
        );
    }
}

/// As much as a file may hold, which is compressed no better than files are.
fn filler() -> Vec<u8> {
    let mut state: u32 = 1;
    let mut next = |place: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        if place.is_multiple_of(64) {
            (state >> 24) as u8
        } else {
            b' '
        }
    };
    (0..5 * 1024 * 1024).map(&mut next).collect()
}

#[test]
fn bombs_are_refused_before_they_fill_memory() {
    let zeros = vec![0; 6 * 1024 * 1024];
    let filler = filler();
    refused(
        Tar::chart().file("c/x", &zeros).finish(),
        "`c.tgz:x` is larger than 5 MiB",
    );
    let mut many = Tar::chart();
    for number in 0..21 {
        many = many.file(&format!("c/{number}"), &filler);
    }
    refused(many.finish(), "the chart's files exceed 100 MiB");
    let mut thin = Tar::chart();
    for number in 0..4 {
        thin = thin.file(&format!("c/{number}"), &zeros[..5 * 1024 * 1024]);
    }
    refused(thin.finish(), "it expands to far more than a chart holds");
    let mut count = Tar::chart();
    for number in 0..25_001 {
        count = count.file(&format!("c/{number}"), "");
    }
    refused(count.finish(), "the chart has more than 25000 files and folders");
    // A long name is read before anyone can look at its size.
    let mut long = Tar::chart().0;
    long.extend_from_slice(header(EntryType::GNULongName, "././@LongLink", 1 << 40).as_bytes());
    long.extend_from_slice(&zeros);
    refused(gzip(&long), "`c.tgz` is not a chart archive");
    refused(
        Tar::chart()
            .entry(EntryType::GNULongName, "x", &[b'a'; 5000])
            .file("x", "")
            .finish(),
        "a name that is too long",
    );
}

#[test]
fn archives_may_not_nest_without_end() {
    let mut archive = Tar::chart().finish();
    for _ in 0..20 {
        archive = Tar::chart().file("c/charts/c.tgz", archive).finish();
    }
    refused(archive, "subcharts nest deeper than 16 levels");
}

#[test]
fn a_bomb_in_a_subchart_counts_for_the_whole_chart() {
    let filler = filler();
    let mut inner = Tar::chart();
    for number in 0..15 {
        inner = inner.file(&format!("c/{number}"), &filler);
    }
    let inner = inner.finish();
    let archive = Tar::chart()
        .file("c/charts/a.tgz", &inner)
        .file("c/charts/b.tgz", &inner)
        .finish();
    refused(archive, "the chart's files exceed 100 MiB");
}

#[test]
fn damaged_archives_are_refused() {
    let whole = Tar::chart().file("c/values.yaml", "a: 1\n".repeat(500)).finish();
    for length in [0, 1, 2, 3, 10, 20, whole.len() / 2] {
        let printed = Scratch::new().file("c.tgz", &whole[..length]).errors("c.tgz");
        assert!(printed.contains("error"), "{length}: {printed}");
    }
    for length in [whole.len() - 9, whole.len() - 8, whole.len() - 1] {
        refused(whole[..length].to_vec(), "is not a chart archive: ");
    }
    // The checksum of the content, and its length.
    for offset in [8, 1] {
        let mut wrong = whole.clone();
        let at = wrong.len() - offset;
        wrong[at] ^= 1;
        refused(wrong, "is not a chart archive: corrupt gzip stream");
    }
    refused(gzip(b""), "it holds no files");
    refused(gzip(b"no tar at all"), "is not a chart archive");
    refused(gzip(&[0xff; 1024]), "is not a chart archive");
    let mut wrong = Tar::chart().0;
    wrong[150] ^= 1;
    refused(gzip(&wrong), "is not a chart archive");
    refused(
        Tar::new().file("c/values.yaml", "").finish(),
        "has no `Chart.yaml`",
    );
    refused(b"PK\x03\x04".to_vec(), "`c.tgz` is a file, not a chart");
}

/// A pax header with one record.
fn pax(key: &str, value: &str) -> Vec<u8> {
    let rest = format!(" {key}={value}\n");
    // The length counts its own digits.
    let length = (1..1 << 24).find(|length: &usize| length.to_string().len() + rest.len() == *length);
    let length = length.expect("some number has as many digits as it needs");
    format!("{length}{rest}").into_bytes()
}

#[test]
fn what_tools_write_besides_files_is_read_past() {
    let name = format!("c/templates/{}.yaml", "long".repeat(40));
    let archive = Tar::new()
        .entry(
            EntryType::XGlobalHeader,
            "pax_global_header",
            &pax("comment", "x"),
        )
        .entry(EntryType::Directory, "c/", b"")
        .entry(EntryType::XHeader, "PaxHeaders/Chart.yaml", &pax("mtime", "1.5"))
        .file("c/Chart.yaml", METADATA)
        .entry(EntryType::XHeader, "PaxHeaders/x", &pax("path", &name))
        .file("c/templates/short.yaml", "a")
        .entry(
            EntryType::GNULongName,
            "././@LongLink",
            format!("{name}.2\0").as_bytes(),
        )
        .file("c/templates/short.yaml", "b")
        .file("c/templates/short.yaml", "c");
    let chart = Scratch::new().file("c.tgz", archive.finish()).load("c.tgz");
    let expected = [
        name[2..].to_owned(),
        format!("{}.2", &name[2..]),
        "templates/short.yaml".to_owned(),
    ];
    assert_eq!(template_names(&chart), expected);
}

#[test]
fn descriptions_of_entries_are_bounded_and_cannot_hide_anything() {
    let describe = |key: &str, value: &str| {
        Tar::chart()
            .entry(EntryType::XHeader, "p", &pax(key, value))
            .file("c/x", "x")
            .finish()
    };
    refused(
        describe("path", "c/../../etc/passwd"),
        "a path that leads out of the chart",
    );
    refused(describe("path", "c/Chart.yaml"), "holds `Chart.yaml` twice");
    refused(describe("path", "c/a\u{0}b"), "a name with control characters");
    refused(describe("size", "0"), "a file has two sizes");
    refused(describe("GNU.sparse.major", "1"), "it holds a sparse file");
    refused(
        describe("comment", &"x".repeat(1 << 20)),
        "an entry is described in ",
    );
    let damaged = Tar::chart()
        .entry(EntryType::XHeader, "p", b"99 path=c/y\n")
        .file("c/x", "x");
    refused(damaged.finish(), "a pax header is damaged");
    for kind in [
        EntryType::XGlobalHeader,
        EntryType::GNULongName,
        EntryType::GNULongLink,
    ] {
        let long = Tar::chart()
            .entry(kind, "p", &vec![b'a'; (1 << 20) + 1])
            .file("c/x", "x");
        refused(long.finish(), "an entry is described in 1048577 bytes");
    }
    refused(
        Tar::chart().entry(EntryType::GNUSparse, "c/x", b"").finish(),
        "`c.tgz:x` is not a regular file",
    );
}

#[test]
fn folders_that_lead_elsewhere_are_refused() {
    for path in ["../", "c/../../x/", "/etc/", "c\\..\\x"] {
        refused(
            Tar::chart().entry(EntryType::Directory, path, b"").finish(),
            "which leads out of the chart",
        );
    }
}

#[test]
fn names_that_are_no_text_are_refused() {
    let mut archive = Tar::chart();
    let mut header = header(EntryType::Regular, "c/x", 0);
    header.as_old_mut().name[3] = 0xff;
    header.set_cksum();
    archive.0.extend_from_slice(header.as_bytes());
    refused(archive.finish(), "a name that is not UTF-8");
}

#[test]
fn nothing_may_stand_behind_the_end() {
    let whole = Tar::chart().finish();
    for behind in [b"\0".as_slice(), b"junk", &whole] {
        refused(
            [&whole, behind].concat(),
            "something stands behind the end of its compressed data",
        );
    }
    let hidden = [Tar::chart().0, vec![0; 1024], Tar::new().file("c/hidden", "x").0].concat();
    refused(gzip(&hidden), "something stands behind its last file");
    // As tar pads its blocks.
    let padded = [Tar::chart().0, vec![0; 10 * 1024]].concat();
    Scratch::new().file("c.tgz", gzip(&padded)).load("c.tgz");
    let cut = Tar::chart().file("c/x", "x".repeat(3000)).0;
    refused(gzip(&cut[..cut.len() - 2000]), "it ends within `x`");
}
