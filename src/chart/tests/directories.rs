//! Directories: both layouts, what belongs to a chart, and what is refused.

use super::{METADATA, Scratch, file_names, template_names};
use crate::chart;
use crate::chart::load_named;
use crate::yaml::Number;
use std::fmt::Write as _;
use std::fs;

#[test]
fn helms_layout_loads() {
    let chart = Scratch::with_chart()
        .file("c/values.yaml", "\u{feff}a: 1\n")
        .file("c/values.schema.json", "{}")
        .file("c/templates/b.yaml.j2", "x")
        .file("c/templates/a/z.yaml", "y")
        .file("c/templates/a.yaml", "z")
        .file("c/README.md", [0xff])
        .file("c/crds/a/x.yaml", "")
        .file("c/crds/a.yaml", "")
        .file("c/Chart.lock", "")
        .file("c/charts/child/Chart.yaml", "name: child\nversion: 2\n")
        .file("c/charts/child/templates/t.yaml", "")
        .file("c/charts/_old/x", "")
        .file("c/charts/.hidden/x", "")
        .file("c/charts/child-1.tgz.prov", "")
        .load("c");
    assert_eq!(
        template_names(&chart),
        ["templates/a.yaml", "templates/a/z.yaml", "templates/b.yaml.j2"]
    );
    assert_eq!(
        file_names(&chart),
        [
            "README.md",
            "charts/child-1.tgz.prov",
            "crds/a/x.yaml",
            "crds/a.yaml"
        ]
    );
    assert!(chart.schema.is_some() && chart.is_jinja());
    assert_eq!(chart.values.get("a"), Some(Number::Whole(1).into()));
    assert_eq!(chart.values.origin("a").map(|place| place.line), Some(1));
    assert_eq!(chart.dependencies.len(), 1);
    assert_eq!(chart.dependencies[0].metadata.api_version, "v1");
    assert!(!chart.dependencies[0].is_jinja());
}

fn three_folders() -> Scratch {
    Scratch::new()
        .file("chart/c/Chart.yaml", METADATA)
        .file("chart/c/files/x.json", "{}")
        .file("chart/c/.helmignore", "*.bak\n")
        .file("templates/c/_helpers.j2", "")
        .file("templates/c/components/a/deployment.yaml.j2", "a")
        .file("templates/c/old.bak", "")
        .file("values/c/values.yaml", "a: 1\n")
        .file("values/c/minimal.yaml", "[")
        .file("values/c/examples/overrides.yaml", "[")
}

#[test]
fn the_three_folder_layout_loads_from_any_of_its_paths() {
    let scratch = three_folders();
    let named = load_named(&scratch.path(""), "c").expect("the chart is well-formed");
    for chart in [
        scratch.load("chart/c"),
        scratch.load("chart/c/"),
        scratch.load(""),
        named,
    ] {
        assert_eq!(
            template_names(&chart),
            [
                "templates/_helpers.j2",
                "templates/components/a/deployment.yaml.j2"
            ]
        );
        assert_eq!(file_names(&chart), [".helmignore", "files/x.json"]);
        assert_eq!(chart.values.get("a"), Some(Number::Whole(1).into()));
        let shown = &chart.templates[1].source.name;
        assert_eq!(
            *shown,
            scratch
                .path("templates/c/components/a/deployment.yaml.j2")
                .display()
                .to_string()
        );
    }
}

#[test]
fn a_dependency_without_a_repository_is_found_beside_its_chart() {
    let scratch = Scratch::new()
        .file(
            "chart/c/Chart.yaml",
            format!(
                "{METADATA}dependencies: [{{name: d, alias: x}}, {{name: d, alias: y}}, {{name: absent}}]\n"
            ),
        )
        .file("values/c/values.yaml", "a: 1\n")
        .file(
            "chart/d/Chart.yaml",
            "apiVersion: v2\nname: d\nversion: 1.0.0\ndependencies: [{name: e}]\n",
        )
        .file("templates/d/x.yaml.j2", "x")
        .file("chart/e/Chart.yaml", "apiVersion: v2\nname: e\nversion: 1.0.0\n");
    let chart = scratch.load("chart/c");
    let [d] = chart.dependencies.as_slice() else {
        panic!("{:?}", chart.dependencies);
    };
    assert_eq!(d.full_path(), "c/charts/d");
    assert_eq!(d.templates[0].name, "templates/x.yaml.j2");
    assert_eq!(d.dependencies[0].full_path(), "c/charts/d/charts/e");
}

#[test]
fn a_repository_or_a_chart_inside_comes_before_what_stands_beside() {
    let metadata = "apiVersion: v2\nname: d\nversion: 1.0.0\ndescription: beside\n";
    let dependencies = "dependencies: [{name: d}, {name: f, repository: https://example.com}]";
    let scratch = Scratch::new()
        .file("chart/c/Chart.yaml", format!("{METADATA}{dependencies}\n"))
        .file(
            "chart/c/charts/d/Chart.yaml",
            "apiVersion: v2\nname: d\nversion: 2.0.0\n",
        )
        .file("values/c/values.yaml", "a: 1\n")
        .file("chart/d/Chart.yaml", metadata)
        .file("chart/f/Chart.yaml", metadata.replace("name: d", "name: f"));
    let chart = scratch.load("chart/c");
    assert_eq!(chart.dependencies.len(), 1);
    assert_eq!(chart.dependencies[0].metadata.version, "2.0.0");
}

#[test]
fn charts_beside_each_other_may_not_depend_on_themselves_and_names_are_no_paths() {
    let depend = |name: &str, on: &str| {
        format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\ndependencies: [{{name: {on}}}]\n")
    };
    let scratch = Scratch::new()
        .file("chart/c/Chart.yaml", depend("c", "d"))
        .file("values/c/values.yaml", "")
        .file("chart/d/Chart.yaml", depend("d", "c"))
        .file("chart/p/Chart.yaml", depend("p", "../c"))
        .file("values/p/values.yaml", "");
    let errors = scratch.errors("chart/c");
    assert!(
        errors.contains("chart `c` depends on itself, as `c/charts/d/charts/c`"),
        "{errors}"
    );
    assert_eq!(scratch.load("chart/p").dependencies.len(), 0);
}

#[test]
fn a_chart_in_a_folder_called_chart_is_helms_layout_unless_its_parts_lie_beside() {
    let scratch = Scratch::new()
        .file("chart/c/Chart.yaml", METADATA)
        .file("chart/c/values.yaml", "a: 1\n");
    assert_eq!(scratch.load("chart/c").values.len(), 1);
}

#[test]
fn what_is_no_chart_is_told_apart() {
    let scratch = three_folders()
        .file("chart/d/Chart.yaml", METADATA)
        .file("empty/x/y", "")
        .file("deep/one/Chart.yaml", METADATA)
        .file("notes.txt", "x")
        .file("values.yaml", "x");
    fs::remove_file(scratch.path("empty/x/y")).expect("the file exists");
    let cases = [
        ("nowhere", "chart `nowhere` does not exist"),
        ("notes.txt/x", "failed to read `notes.txt/x`: not a directory"),
        (
            "notes.txt",
            "`notes.txt` is a file, not a chart\n = help: a chart is a directory or a `.tgz` archive",
        ),
        ("values.yaml", "for values write `-f values.yaml`"),
        ("deep/one/Chart.yaml", "name its directory: `deep/one`"),
        (
            "empty/x",
            "directory `empty/x` has no `Chart.yaml`\n = help: the directory is empty",
        ),
        ("empty", "help: it holds `x`"),
        ("deep", "help: charts below it: `deep/one`"),
        ("", "help: charts below it: `chart/c`, `chart/d`"),
    ];
    for (path, expected) in cases {
        let printed = scratch.errors(path);
        assert!(printed.contains(expected), "{path}:\n{printed}");
    }
}

#[test]
fn every_broken_file_is_reported_with_its_place() {
    let printed = Scratch::new()
        .file("c/Chart.yaml", "name: [x]\nversion: nope\n")
        .file("c/values.yaml", "a: [\n")
        .file("c/templates/a.yaml.j2", b"ok\nb\xe9: 1\n")
        .file("c/templates/b.yaml", "")
        .file("c/templates/b.yaml.j2", "")
        .file("c/charts/README.md", "")
        .file("c/charts/child/values.yaml", "")
        .errors("c");
    for expected in [
        "c/Chart.yaml:1:1",
        "chart version `nope` is invalid\n --> c/Chart.yaml:2:1",
        "error[yaml-syntax]",
        "--> c/values.yaml:",
        "the file is not UTF-8 text\n --> c/templates/a.yaml.j2:2:2",
        "two templates render to `templates/b.yaml`\n --> c/templates/b.yaml.j2\n ::: c/templates/b.yaml",
        "`c/charts/README.md` is not a chart",
        "chart `c/charts/child` has no `Chart.yaml`",
    ] {
        assert!(printed.contains(expected), "{expected}\nis not in\n{printed}");
    }
}

#[test]
fn values_that_are_no_map_are_refused_and_absent_ones_are_empty() {
    for (values, kind) in [("[1]", "list"), ("text", "string"), ("1", "number")] {
        let printed = Scratch::with_chart().file("c/values.yaml", values).errors("c");
        assert!(
            printed.contains(&format!("values must be a map, found a {kind}")),
            "{printed}"
        );
    }
    for values in ["", "# comment\n", "null\n", "---\n"] {
        assert!(
            Scratch::with_chart()
                .file("c/values.yaml", values)
                .load("c")
                .values
                .is_empty()
        );
    }
}

#[test]
fn large_charts_are_refused_within_bounded_memory() {
    let large = vec![b'#'; 50 * 1024 * 1024];
    let printed = Scratch::with_chart().file("c/values.yaml", &large).errors("c");
    assert!(
        printed.contains("`c/values.yaml` is larger than 5 MiB"),
        "{printed}"
    );
    let mut scratch = Scratch::with_chart();
    for number in 0..21 {
        scratch = scratch.file(&format!("c/files/{number}"), &large[..5 * 1024 * 1024]);
    }
    let printed = scratch.errors("c");
    assert!(
        printed.contains("the chart's files exceed 100 MiB at `c/files/"),
        "{printed}"
    );
    assert_eq!(printed.matches("error").count(), 1, "{printed}");
}

#[test]
fn folders_may_not_nest_without_end() {
    let path = "d/".repeat(70);
    let printed = Scratch::with_chart().file(&format!("c/{path}x"), "").errors("c");
    assert!(
        printed.contains("folders nest deeper than 64 levels"),
        "{printed}"
    );
    let mut chart = "c/".to_owned();
    let mut scratch = Scratch::with_chart();
    for _ in 0..20 {
        write!(chart, "charts/c/").expect("a string can be written to");
        scratch = scratch.file(&format!("{chart}Chart.yaml"), METADATA);
    }
    let printed = scratch.errors("c");
    assert!(
        printed.contains("subcharts nest deeper than 16 levels"),
        "{printed}"
    );
}

#[test]
fn requirements_count_for_charts_of_version_one() {
    let requirements = "dependencies:\n  - name: a\n    version: 1\n    repository: ''\n";
    let scratch = Scratch::new()
        .file("c/Chart.yaml", "name: c\nversion: 1\n")
        .file("c/requirements.yaml", requirements)
        .file("d/Chart.yaml", METADATA)
        .file("d/requirements.yaml", requirements);
    let first = scratch.load("c");
    assert_eq!(first.metadata.declared()[0].name, "a");
    assert_eq!(
        (file_names(&first), first.warnings.len()),
        (vec!["requirements.yaml"], 0)
    );
    let second = scratch.load("d");
    assert_eq!(second.metadata.declared()[0].version, "1");
    assert_eq!((file_names(&second), second.warnings.len()), (Vec::new(), 1));
}

#[test]
fn helmignore_leaves_files_out_and_must_be_well_formed() {
    let scratch = Scratch::with_chart()
        .file("c/.helmignore", "*.md\nsecret/\n")
        .file("c/README.md", "")
        .file("c/secret/key", [0xff; 8])
        .file("c/templates/.hidden", [0xff])
        .file("c/x", "");
    assert_eq!(file_names(&scratch.load("c")), [".helmignore", "x"]);
    let printed = scratch.file("c/.helmignore", "a\n**/b\n").errors("c");
    assert!(printed.contains("c/.helmignore:2:1"), "{printed}");
}

#[test]
fn names_are_checked_when_they_become_paths() {
    for name in ["a/b", "..", "."] {
        let printed = Scratch::new()
            .file("c/Chart.yaml", format!("name: {name}\nversion: 1\n"))
            .errors("c");
        assert!(printed.contains("names a path"), "{printed}");
    }
}

#[test]
fn crds_name_their_charts_and_must_be_text() {
    let scratch = Scratch::with_chart()
        .file("c/crds/a.yaml", "a")
        .file("c/crds/README.md", [0xff])
        .file("c/charts/dir/Chart.yaml", "name: child\nversion: 1\n")
        .file("c/charts/dir/crds/b.JSON", "b");
    let crds = scratch.load("c").crds().expect("both are text");
    let paths: Vec<&str> = crds.iter().map(|crd| crd.path.as_str()).collect();
    assert_eq!(paths, ["c/crds/a.yaml", "c/charts/child/crds/b.JSON"]);
    assert!(
        crds[1].source.name.ends_with("/c/charts/dir/crds/b.JSON"),
        "{}",
        crds[1].source.name
    );
    let errors = scratch
        .file("c/crds/a.yaml", [0xff])
        .load("c")
        .crds()
        .expect_err("one is no text");
    assert_eq!(errors[0].code, "not-utf8");
}

#[test]
fn a_root_is_never_taken_for_a_chart_of_another_name() {
    let scratch = three_folders();
    let errors = chart::load_named(&scratch.path(""), "other").expect_err("there is no such chart");
    assert!(
        scratch
            .shown(&errors)
            .contains("chart `chart/other` does not exist"),
        "{}",
        scratch.shown(&errors)
    );
}

#[cfg(unix)]
mod unix {
    use super::super::{METADATA, Scratch, file_names, template_names};
    use crate::yaml::Value;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    #[test]
    fn links_are_followed_and_told_of_when_they_lead_out() {
        let scratch = Scratch::with_chart()
            .file("shared/a.yaml", "a")
            .file("c/inside/b", "")
            .file("c/templates/x.yaml", "");
        symlink(scratch.path("shared"), scratch.path("c/templates/linked")).expect("links can be made");
        symlink("inside/b", scratch.path("c/alias")).expect("links can be made");
        let chart = scratch.load("c");
        assert_eq!(
            template_names(&chart),
            ["templates/linked/a.yaml", "templates/x.yaml"]
        );
        assert_eq!(file_names(&chart), ["alias", "inside/b"]);
        assert_eq!(chart.warnings.len(), 1);
        assert!(
            chart.warnings[0]
                .message
                .contains("c/templates/linked` leads out of the chart")
        );
    }

    #[test]
    fn links_that_lead_nowhere_or_in_circles_are_refused() {
        let scratch = Scratch::with_chart().file("c/a/b/x", "");
        symlink("missing", scratch.path("c/dangling")).expect("links can be made");
        symlink("../..", scratch.path("c/a/b/up")).expect("links can be made");
        symlink("self", scratch.path("c/self")).expect("links can be made");
        let printed = scratch.errors("c");
        assert!(
            printed.contains("`c/dangling` leads to `missing`, which does not exist"),
            "{printed}"
        );
        assert!(
            printed.contains("`c/a/b/up` leads to a folder that contains it"),
            "{printed}"
        );
        assert!(printed.contains("failed to read `c/self`"), "{printed}");
    }

    #[test]
    fn links_that_multiply_folders_are_bounded() {
        let mut scratch = Scratch::with_chart();
        for level in 0..30 {
            scratch = scratch.file(&format!("c/level{level}/x"), "");
            for link in ["a", "b"] {
                let target = format!("../level{}", level + 1);
                symlink(target, scratch.path(&format!("c/level{level}/{link}"))).expect("links can be made");
            }
        }
        let scratch = scratch.file("c/level30/x", "");
        let printed = scratch.errors("c");
        assert!(
            printed.contains("the chart has more than 25000 files and folders"),
            "{printed}"
        );
        assert_eq!(printed.matches("error").count(), 1, "{printed}");
    }

    #[test]
    fn pipes_and_sockets_are_not_waited_for() {
        let scratch = Scratch::new().file("c/Chart.yaml", METADATA);
        let _listener = UnixListener::bind(scratch.path("c/socket")).expect("a socket can be made");
        let printed = scratch.errors("c");
        assert!(
            printed.contains("`c/socket` is neither a regular file nor a directory"),
            "{printed}"
        );
        let scratch = scratch.file("c/.helmignore", "socket\n");
        assert_eq!(file_names(&scratch.load("c")), [".helmignore"]);
    }

    #[test]
    fn large_files_are_read_when_somebody_asks_even_if_they_are_gone_by_then() {
        let text = "x".repeat(20_000);
        let scratch = Scratch::with_chart()
            .file("c/README.md", ["\u{feff}", &text].concat())
            .file("c/templates/a.yaml", &text)
            .file("c/values.yaml", format!("a: {text}"));
        let chart = scratch.load("c");
        for path in ["c/README.md", "c/templates/a.yaml"] {
            std::fs::remove_file(scratch.path(path)).expect("the folder is writable");
        }
        assert_eq!(&*chart.files[0].data.bytes(), text.as_bytes());
        assert_eq!(chart.files[0].data.copy().expect("it is open"), text.as_bytes());
        assert_eq!(chart.templates[0].source.text, text);
        assert_eq!(
            chart.values.get("a").as_ref().and_then(Value::as_str),
            Some(&*text)
        );
        assert_eq!(chart.failures(), []);
    }

    #[test]
    fn charts_of_many_large_files_do_not_run_out_of_open_ones() {
        let mut scratch = Scratch::with_chart();
        for number in 0..1_100 {
            scratch = scratch.file(&format!("c/files/{number}"), [b'x'; 16 * 1024]);
        }
        assert_eq!(scratch.load("c").files.len(), 1_100);
    }

    #[test]
    fn names_that_are_not_utf8_are_refused() {
        use std::os::unix::ffi::OsStrExt as _;
        let scratch = Scratch::with_chart();
        let name = std::ffi::OsStr::from_bytes(b"caf\xe9");
        std::fs::write(scratch.path("c").join(name), "").expect("the folder is writable");
        let printed = scratch.errors("c");
        assert!(printed.contains("is not UTF-8"), "{printed}");
    }
}
