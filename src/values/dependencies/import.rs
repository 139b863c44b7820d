//! Owns `import-values`: values of subcharts that become defaults of the chart above them.
//!
//! It follows Helm's `processImportValues`, which replaces the defaults of every chart that has dependencies by
//! those of the chart and its subcharts together, whether anything is imported or not. It shows: a `global` that an
//! override deletes stays in subcharts.

use super::super::coalesce::{Nulls, Pass, Weaker};
use super::table_at;
use super::tree::{NodeId, RequirementId, Tree};
use crate::diagnostic::Diagnostic;
use crate::yaml::{Entries, Map, MapKind, MapNode, Slot, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Imports at all levels, the deepest first.
pub(super) fn import_values(tree: &mut Tree<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    import_below(tree, Tree::ROOT, &mut findings);
    findings
}

fn import_below(tree: &mut Tree<'_>, node: NodeId, findings: &mut Vec<Diagnostic>) {
    for subchart in tree.subcharts(node) {
        import_below(tree, subchart, findings);
    }
    if let Some(requirements) = tree.requirements(node) {
        import(tree, node, requirements, findings);
    }
}

/// One value of a subchart and where it goes.
struct Import {
    /// The path of a map in the values of the subchart.
    child: String,
    /// The path that it gets in those of the chart above; `.` is their top.
    parent: String,
}

fn import(
    tree: &mut Tree<'_>,
    node: NodeId,
    requirements: Vec<RequirementId>,
    findings: &mut Vec<Diagnostic>,
) {
    let merged = merged(tree, node, findings);
    let imported = Map::new();
    let mut pass = Pass::default();
    for id in requirements {
        let (imports, errors) = imports(tree, id);
        findings.extend(errors);
        let requirement = tree.requirement_mut(id);
        requirement.import_values = imports.iter().map(Import::to_value).collect();
        for Import { child, parent } in imports {
            let table = match table_at(&merged, &format!("{}.{child}", requirement.name)) {
                // Helm shares no table that is empty.
                Ok(table) if table.is_empty() => Map::new(),
                Ok(table) => table,
                Err(step) => {
                    let name = &requirement.name;
                    let message = format!(
                        "import-values missing table from chart `{name}`: {}",
                        missing(&child, step)
                    );
                    findings.push(
                        Diagnostic::warning("import-values", message).at_maybe(requirement.place.clone()),
                    );
                    continue;
                }
            };
            // Tables are shared with the merged values here, as in Helm: a later import into a table that came from
            // a subchart changes the subchart's values too.
            pass.tables(&imported, &below(&parent, table), "", Nulls::Keep, Weaker::Result);
            if contains_itself(&imported) {
                let message = format!("importing `{child}` to `{parent}` makes a table that contains itself");
                findings
                    .push(Diagnostic::error("import-values", message).at_maybe(requirement.place.clone()));
                return;
            }
        }
    }
    let values = if imported.is_empty() {
        merged
    } else {
        let values = merged.deep_copy();
        pass.tables(&values, &imported, "", Nulls::Keep, Weaker::Result);
        values
    };
    tree.set_values(node, values);
    findings.extend(pass.findings);
}

/// The defaults of a chart and of its subcharts together. Conflicts in them are told when values are coalesced.
fn merged(tree: &Tree<'_>, node: NodeId, findings: &mut Vec<Diagnostic>) -> Map {
    let mut pass = Pass::default();
    let merged = Map::new();
    pass.chart(&tree.defaults(node), &merged, "", Nulls::Keep);
    findings.extend(pass.findings.into_iter().filter(Diagnostic::is_error));
    merged
}

fn missing(child: &str, step: &str) -> String {
    if child == step {
        format!("`{child}` is not a table")
    } else {
        format!("`{step}` of `{child}` is not a table")
    }
}

/// What a dependency says under `import-values`. Helm leaves out what is neither text nor a map.
fn imports(tree: &Tree<'_>, id: RequirementId) -> (Vec<Import>, Vec<Diagnostic>) {
    let requirement = tree.requirement(id);
    let mut imports = Vec::new();
    let mut errors = Vec::new();
    for item in &requirement.import_values {
        match item {
            Value::String(name) => imports.push(Import {
                child: format!("exports.{name}"),
                parent: ".".to_owned(),
            }),
            // What an earlier run over the same requirement left behind is of another type.
            Value::Map(map) if map.kind() == MapKind::Any => {
                if let (Some(Value::String(child)), Some(Value::String(parent))) =
                    (map.get("child"), map.get("parent"))
                {
                    imports.push(Import {
                        child: child.to_string(),
                        parent: parent.to_string(),
                    });
                } else {
                    let message = format!(
                        "`import-values` of the dependency `{}` needs a path as `child` and one as `parent`",
                        requirement.name
                    );
                    errors.push(
                        Diagnostic::error("import-values", message).at_maybe(requirement.place.clone()),
                    );
                }
            }
            _ => {}
        }
    }
    (imports, errors)
}

impl Import {
    /// What templates see in `.Chart.Dependencies`.
    fn to_value(&self) -> Value {
        let slot = |text: &str| Slot {
            value: text.into(),
            origin: None,
        };
        let entries = Entries::from([
            ("child".into(), slot(&self.child)),
            ("parent".into(), slot(&self.parent)),
        ]);
        Value::Map(Map::of_kind(MapKind::Strings, entries))
    }
}

/// Helm's `pathToMap`: the table below as many maps as the path has steps.
fn below(path: &str, table: Map) -> Map {
    if path == "." {
        return table;
    }
    path.rsplit('.').fold(table, |inner, step| {
        let outer = Map::new();
        outer.insert(step, inner);
        outer
    })
}

/// Whether a map can be reached from within itself.
fn contains_itself(map: &Map) -> bool {
    fn visit(map: &Map, above: &mut BTreeSet<*const MapNode>, done: &mut BTreeSet<*const MapNode>) -> bool {
        let node = Arc::as_ptr(map.node());
        if done.contains(&node) {
            return false;
        }
        if !above.insert(node) {
            return true;
        }
        let inner: Vec<Map> = map
            .read()
            .values()
            .filter_map(|slot| slot.value.as_map().cloned())
            .collect();
        let found = inner.iter().any(|inner| visit(inner, above, done));
        above.remove(&node);
        done.insert(node);
        found
    }
    visit(map, &mut BTreeSet::new(), &mut BTreeSet::new())
}
