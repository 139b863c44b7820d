//! Owns the typed form of `Chart.yaml` and the form in which it is written.
//!
//! It does not know where the file came from; reading and checking it is `read`'s.

use crate::source::Place;
use crate::yaml::{List, Map, Value};
use std::collections::BTreeMap;

mod read;

/// `Chart.yaml` as Helm defines it.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// `v1` or `v2`; a file without one is `v1`.
    pub api_version: String,
    /// The chart's name.
    pub name: String,
    /// Its version, `SemVer` 2.
    pub version: String,
    /// The version of what it installs; any text.
    pub app_version: String,
    /// The Kubernetes versions it accepts, as a `SemVer` constraint.
    pub kube_version: String,
    /// One sentence.
    pub description: String,
    /// `type`: `application`, `library`, or empty, which means `application`.
    pub chart_type: String,
    /// Search words.
    pub keywords: Vec<String>,
    /// The project's page.
    pub home: String,
    /// Pages of its source code.
    pub sources: Vec<String>,
    /// Who to ask.
    pub maintainers: Vec<Maintainer>,
    /// URL of a picture.
    pub icon: String,
    /// Helm 2's condition of a chart.
    pub condition: String,
    /// Helm 2's tags of a chart.
    pub tags: String,
    /// Whether its authors gave it up.
    pub deprecated: bool,
    /// Whatever other tools keep there.
    pub annotations: BTreeMap<String, String>,
    /// The charts it depends on; None if the field is not there, which Helm tells from an empty list.
    pub dependencies: Option<Vec<Dependency>>,
}

/// A maintainer of a chart.
#[derive(Clone, Debug, Default)]
pub struct Maintainer {
    /// A person or an organisation.
    pub name: String,
    /// Where to write to.
    pub email: String,
    /// Where to look.
    pub url: String,
}

/// A chart upon which another depends.
#[derive(Clone, Debug, Default)]
pub struct Dependency {
    /// The name in the dependency's own `Chart.yaml`.
    pub name: String,
    /// A version or a `SemVer` constraint.
    pub version: String,
    /// Where it is found.
    pub repository: String,
    /// Paths in the values, separated by commas; the first that holds a boolean decides.
    pub condition: String,
    /// Groups that `tags` in the values switches.
    pub tags: Vec<String>,
    /// What templates see as `Enabled`: true once dependencies are processed, unless an alias of the chart shares
    /// the declaration and disables it.
    pub enabled: bool,
    /// Values taken over from it: texts or maps of `child` and `parent`.
    pub import_values: Vec<Value>,
    /// The name it goes by instead of its own.
    pub alias: String,
    /// Where it is declared.
    pub place: Option<Place>,
}

/// `Chart.lock`: what `helm dependency` chose.
#[derive(Clone, Debug, Default)]
pub struct Lock {
    /// When, as RFC 3339 has it.
    pub generated: String,
    /// What it was chosen for.
    pub digest: String,
    /// The charts with their exact versions; None if the field is not there.
    pub dependencies: Option<Vec<Dependency>>,
}

impl Lock {
    /// What the file says, ready to be written; Helm writes empty fields, too.
    pub fn to_map(&self) -> Map {
        let map = Map::new();
        let written = |all: &Vec<Dependency>| all.iter().map(Dependency::to_value).collect::<List>().into();
        map.insert(
            "dependencies",
            self.dependencies.as_ref().map_or(Value::Null, written),
        );
        map.insert("digest", self.digest.as_str());
        map.insert("generated", self.generated.as_str());
        map
    }
}

impl Metadata {
    /// The charts it depends on.
    pub fn declared(&self) -> &[Dependency] {
        self.dependencies.as_deref().unwrap_or_default()
    }

    /// What `Chart.yaml` says, ready to be written; empty fields are left out, as Helm does.
    pub fn to_map(&self) -> Map {
        let map = Map::new();
        let texts = [
            ("apiVersion", &self.api_version),
            ("name", &self.name),
            ("version", &self.version),
            ("appVersion", &self.app_version),
            ("kubeVersion", &self.kube_version),
            ("description", &self.description),
            ("type", &self.chart_type),
            ("home", &self.home),
            ("icon", &self.icon),
            ("condition", &self.condition),
            ("tags", &self.tags),
        ];
        insert_texts(&map, &texts);
        insert_list(&map, "keywords", texts_of(&self.keywords));
        insert_list(&map, "sources", texts_of(&self.sources));
        insert_list(
            &map,
            "maintainers",
            self.maintainers.iter().map(Maintainer::to_value).collect(),
        );
        insert_list(
            &map,
            "dependencies",
            self.declared().iter().map(Dependency::to_value).collect(),
        );
        if self.deprecated {
            map.insert("deprecated", true);
        }
        if !self.annotations.is_empty() {
            let annotations: Map = self
                .annotations
                .iter()
                .map(|(key, value)| (key.as_str(), value.as_str()))
                .collect();
            map.insert("annotations", annotations);
        }
        map
    }
}

impl Maintainer {
    fn to_value(&self) -> Value {
        let map = Map::new();
        insert_texts(
            &map,
            &[("name", &self.name), ("email", &self.email), ("url", &self.url)],
        );
        map.into()
    }
}

impl Dependency {
    /// The name under which the parent's values and paths know it.
    pub fn name_or_alias(&self) -> &str {
        if self.alias.is_empty() {
            &self.name
        } else {
            &self.alias
        }
    }

    fn to_value(&self) -> Value {
        let map = Map::new();
        // Helm writes these two even when they are empty.
        map.insert("name", self.name.as_str());
        map.insert("repository", self.repository.as_str());
        insert_texts(
            &map,
            &[
                ("version", &self.version),
                ("condition", &self.condition),
                ("alias", &self.alias),
            ],
        );
        insert_list(&map, "tags", texts_of(&self.tags));
        if self.enabled {
            map.insert("enabled", true);
        }
        insert_list(&map, "import-values", self.import_values.clone());
        map.into()
    }
}

fn insert_texts(map: &Map, texts: &[(&str, &String)]) {
    for (key, text) in texts.iter().filter(|(_, text)| !text.is_empty()) {
        map.insert(*key, text.as_str());
    }
}

fn insert_list(map: &Map, key: &str, items: Vec<Value>) {
    if !items.is_empty() {
        map.insert(key, items.into_iter().collect::<List>());
    }
}

fn texts_of(texts: &[String]) -> Vec<Value> {
    texts.iter().map(|text| Value::from(text.as_str())).collect()
}
