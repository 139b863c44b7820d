//! Tests of what golden cases cannot show: warnings, places in templates that are not plain, writing.

use super::{Arranged, Manifest, ManifestFile, Role, Selection, arrange, namespace, write, write_directory};
use crate::diagnostic::Diagnostic;
use crate::source::{Source, TextMap};
use std::fs;

fn file(path: &str, template: &str, text: &str) -> ManifestFile {
    let name = path.replacen("c/", "", 1);
    let template = Source::new(name, template);
    ManifestFile::rendered(path.to_owned(), template, text.to_owned(), TextMap::default())
}

fn arranged(files: &[(&str, &str)]) -> Arranged {
    let files = files.iter().map(|(path, text)| file(path, text, text)).collect();
    arrange(files, Vec::new(), Selection::default()).expect("the manifests are well-formed")
}

#[track_caller]
fn warnings(text: &str) -> Vec<String> {
    let arranged = arranged(&[("c/templates/a.yaml", text)]);
    arranged
        .warnings
        .iter()
        .map(|warning| format!("{}: {}", warning.code, warning.message))
        .collect()
}

#[test]
fn an_object_that_is_rendered_twice_is_told_of() {
    let of = |version: &str, rest: &str| {
        format!("apiVersion: {version}\nkind: Role\nmetadata: {{name: r{rest}}}\n---\n")
    };
    let twice = of("rbac/v1", "") + &of("rbac/v1beta1", "");
    let expected = "duplicate-manifest: Role `r` is rendered twice: by document 1 of `c/templates/a.yaml` and by \
                    document 2 of `c/templates/a.yaml`";
    assert_eq!(warnings(&twice), [expected]);
    assert_eq!(
        warnings(&(of("rbac/v1", "") + &of("rbac/v1", ", namespace: n"))),
        [""; 0]
    );
    assert_eq!(warnings(&(of("rbac/v1", "") + &of("other/v1", ""))), [""; 0]);
    let hooks = twice.replace("{name: r}", "{name: r, annotations: {helm.sh/hook: test}}");
    assert_eq!(warnings(&hooks), [""; 0]);
}

#[test]
fn what_no_cluster_accepts_is_told_of() {
    let expected = [
        "no-kind: document 1 of `c/templates/a.yaml` has neither `apiVersion` nor `kind`; no cluster accepts it",
        "no-kind: document 2 of `c/templates/a.yaml` has no `kind`; no cluster accepts it",
        "no-kind: document 3 of `c/templates/a.yaml` has no `apiVersion`; no cluster accepts it",
    ];
    assert_eq!(
        warnings("{}\n---\napiVersion: v1\n---\nkind: Pod\n---\n# nothing\n---\nnull\n"),
        expected
    );
}

#[test]
fn unknown_hooks_are_left_out_and_told_of() {
    let text =
        "apiVersion: v1\nkind: Job\nmetadata: {annotations: {helm.sh/hook: 'pre-install,crd-install'}}";
    let arranged = arranged(&[("c/templates/a.yaml", text)]);
    assert!(arranged.manifests.is_empty());
    assert_eq!(arranged.warnings[0].code, "unknown-hook");
    assert!(
        arranged.warnings[0]
            .message
            .ends_with("is left out: `pre-install,crd-install` is not a hook")
    );
}

#[test]
fn hooks_keep_weights_and_policies() {
    let text = "kind: Job\nmetadata:\n  annotations:\n    helm.sh/hook: ' Pre-Install,test-success'\n    \
                helm.sh/hook-weight: '-5'\n    helm.sh/hook-delete-policy: Hook-Failed, before-hook-creation\n";
    let arranged = arranged(&[("c/templates/a.yaml", text)]);
    let Role::Hook(hook) = &arranged.manifests[0].role else {
        panic!("it is a hook")
    };
    assert_eq!(hook.events, ["pre-install", "test-success"]);
    assert_eq!((hook.weight, hook.is_test()), (-5, true));
    assert_eq!(hook.delete_policies, ["hook-failed", "before-hook-creation"]);
}

fn broken(template: &str, text: &str) -> Diagnostic {
    let files = vec![file("c/templates/a.yaml", template, text)];
    arrange(files, Vec::new(), Selection::default())
        .expect_err("a document is broken")
        .remove(0)
}

#[test]
fn a_broken_line_is_traced_to_the_nearest_line_of_the_template() {
    let template = "{% for name in names %}\n---\nkind: ConfigMap\nmetadata:\n  name: {{ name }}\ndata:\n  x: {{ x }}\n{% endfor %}\n";
    let text = "---\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: [1\n";
    let error = broken(template, text);
    let places: Vec<String> = error.labels.iter().map(|label| label.place.to_string()).collect();
    assert!(
        places[0].starts_with("c/templates/a.yaml (rendered):6:"),
        "{places:?}"
    );
    let last = error.labels.last().expect("there are labels");
    assert_eq!(last.place.to_string(), "templates/a.yaml:6:1");
    assert_eq!(last.text, "rendered after this line of the template");
    assert!(
        error.message.starts_with("document 1 of `c/templates/a.yaml`: "),
        "{}",
        error.message
    );
}

#[test]
fn a_template_without_a_line_in_common_is_not_guessed_at() {
    let error = broken("{{ toYaml(x) }}\n", "a: [1\n");
    assert!(
        error
            .labels
            .iter()
            .all(|label| label.place.source.name.ends_with("(rendered)")),
        "{error}"
    );
}

#[test]
fn secrets_in_broken_documents_are_not_shown() {
    let error = broken("x", "kind: Secret\nstringData:\n  password: \"correct horse\n");
    assert!(!error.to_string().contains("horse"), "{error}");
}

#[test]
fn two_files_of_one_path_are_refused() {
    let files = vec![
        file("c/templates/a.yaml", "x", "kind: A"),
        file("c/templates/a.yaml", "y", "kind: B"),
    ];
    let errors = arrange(files, Vec::new(), Selection::default()).expect_err("one would replace the other");
    assert_eq!(errors[0].code, "duplicate-template");
}

#[test]
fn a_namespace_quotes_names_that_yaml_reads_as_something_else() {
    let text = |name: &str| write(&[namespace(name).expect("the name can be written")]);
    let expected =
        "---\n# Source: namespace.yaml\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: prod\n";
    assert_eq!(text("prod"), expected);
    assert!(text("123").ends_with("name: \"123\"\n"));
}

#[test]
fn paths_that_lead_out_of_the_output_directory_are_refused() {
    let scratch = tempfile::tempdir().expect("a temporary directory can be made");
    for path in ["../x.yaml", "c/templates/../../../x.yaml", "/x.yaml"] {
        let manifest = Manifest {
            path: path.to_owned(),
            ..namespace("n").expect("the name can be written")
        };
        let errors = write_directory(&[manifest], scratch.path(), None, true).expect_err("it leads out");
        assert!(
            errors[0].message.contains("leads out of the output directory"),
            "{}",
            errors[0]
        );
    }
    assert_eq!(
        fs::read_dir(scratch.path())
            .expect("the directory exists")
            .count(),
        0
    );
}
