//! Owns the typed form of `Chart.yaml`: reading it as Helm does, its checks, and the form that is written.
//!
//! It does not know where the file came from.

use super::version;
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};
use crate::yaml;
use crate::yaml::typed::{self, Mismatch};
use crate::yaml::{List, Map, Slot, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

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
    /// The charts it depends on.
    pub dependencies: Vec<Dependency>,
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
    /// Values taken over from it: texts or maps of `child` and `parent`.
    pub import_values: Vec<Value>,
    /// The name it goes by instead of its own.
    pub alias: String,
    /// Where it is declared.
    pub place: Option<Place>,
}

impl Metadata {
    /// Reads and checks `Chart.yaml`; every error found is reported.
    pub fn read(source: &Arc<Source>) -> Result<Self, Vec<Diagnostic>> {
        let mut reader = Reader::new(source);
        let map = reader.root()?;
        let mut metadata = reader.metadata(&map);
        metadata.dependencies = reader.dependencies(&map);
        reader.check(&metadata, &map);
        reader.finish(metadata)
    }

    /// Takes the dependencies from `requirements.yaml`, where charts of `apiVersion: v1` declare them.
    pub(super) fn read_requirements(&mut self, source: &Arc<Source>) -> Result<(), Vec<Diagnostic>> {
        let mut reader = Reader::new(source);
        let map = reader.root()?;
        let dependencies = reader.dependencies(&map);
        self.dependencies = reader.finish(dependencies)?;
        Ok(())
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
            self.dependencies.iter().map(Dependency::to_value).collect(),
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

/// Reads one file and gathers what is wrong with it.
struct Reader<'a> {
    source: &'a Arc<Source>,
    errors: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn new(source: &'a Arc<Source>) -> Self {
        Self {
            source,
            errors: Vec::new(),
        }
    }

    fn finish<T>(self, value: T) -> Result<T, Vec<Diagnostic>> {
        if self.errors.is_empty() {
            Ok(value)
        } else {
            Err(self.errors)
        }
    }

    fn root(&mut self) -> Result<Map, Vec<Diagnostic>> {
        let value = yaml::read(self.source)?;
        typed::map(&value).map_err(|_| {
            let message = format!("expected a map of fields, found a {}", value.kind());
            vec![Diagnostic::error("chart-metadata", message).at(Place::new(self.source, 1, 1))]
        })
    }

    fn metadata(&mut self, map: &Map) -> Metadata {
        let api_version = self.plain_text(map, "apiVersion");
        Metadata {
            // Helm 2 knew no other version and did not ask for the field.
            api_version: if api_version.is_empty() {
                "v1".to_owned()
            } else {
                api_version
            },
            name: self.text(map, "name"),
            version: self.plain_text(map, "version"),
            app_version: self.text(map, "appVersion"),
            kube_version: self.text(map, "kubeVersion"),
            description: self.text(map, "description"),
            chart_type: self.plain_text(map, "type"),
            keywords: self.texts(map, "keywords"),
            home: self.text(map, "home"),
            sources: self.texts(map, "sources"),
            maintainers: self.maintainers(map),
            icon: self.text(map, "icon"),
            condition: self.text(map, "condition"),
            tags: self.text(map, "tags"),
            deprecated: self.boolean(map, "deprecated"),
            annotations: self.annotations(map),
            dependencies: Vec::new(),
        }
    }

    fn maintainers(&mut self, map: &Map) -> Vec<Maintainer> {
        let items = self.maps(map, "maintainers");
        let mut maintainers = Vec::new();
        for (item, _) in items {
            maintainers.push(Maintainer {
                name: self.text(&item, "name"),
                email: self.text(&item, "email"),
                url: self.text(&item, "url"),
            });
        }
        maintainers
    }

    fn dependencies(&mut self, map: &Map) -> Vec<Dependency> {
        let items = self.maps(map, "dependencies");
        let mut dependencies: Vec<Dependency> = Vec::new();
        for (item, place) in items {
            let dependency = Dependency {
                name: self.text(&item, "name"),
                version: self.text(&item, "version"),
                repository: self.text(&item, "repository"),
                condition: self.text(&item, "condition"),
                tags: self.texts(&item, "tags"),
                import_values: self.import_values(&item),
                alias: self.plain_text(&item, "alias"),
                place,
            };
            self.check_dependency(&dependency, &dependencies);
            dependencies.push(dependency);
        }
        dependencies
    }

    fn check_dependency(&mut self, dependency: &Dependency, earlier: &[Dependency]) {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if !dependency.alias.bytes().all(allowed) {
            let message = format!(
                "dependency `{}` has disallowed characters in its alias",
                dependency.name
            );
            let finding = Diagnostic::error("chart-metadata", message).at_maybe(dependency.place.clone());
            self.errors
                .push(finding.help("an alias holds letters, digits, `_` and `-`"));
        }
        let key = dependency.name_or_alias();
        if let Some(first) = earlier.iter().find(|other| other.name_or_alias() == key) {
            let mut finding = Diagnostic::error(
                "chart-metadata",
                format!("more than one dependency with name or alias `{key}`"),
            )
            .at_maybe(dependency.place.clone());
            if let Some(place) = &first.place {
                finding = finding.label(place.clone(), 1, "the first one");
            }
            self.errors.push(finding.help("give one of them an `alias`"));
        }
    }

    /// Helm's `Validate`, except that it stops at the first error.
    fn check(&mut self, metadata: &Metadata, map: &Map) {
        let name = &metadata.name;
        if name.is_empty() {
            self.missing("name");
        } else if name.contains('/') || name == "." || name == ".." {
            self.invalid(
                map,
                "name",
                format!("chart name `{name}` is invalid: it names a path"),
            );
        }
        if metadata.version.is_empty() {
            self.missing("version");
        } else if !version::is_valid(&metadata.version) {
            let message = format!("chart version `{}` is invalid", metadata.version);
            self.invalid(map, "version", message);
        }
        if !matches!(metadata.chart_type.as_str(), "" | "application" | "library") {
            let message = format!(
                "chart type `{}` is neither `application` nor `library`",
                metadata.chart_type
            );
            self.invalid(map, "type", message);
        }
    }

    fn missing(&mut self, field: &str) {
        // A field that is there but of the wrong type was reported already.
        if self.errors.is_empty() {
            let finding = Diagnostic::error("chart-metadata", format!("`{field}` is required"));
            self.errors.push(finding.at(Place::whole(self.source)));
        }
    }

    fn invalid(&mut self, map: &Map, field: &str, message: String) {
        let place = typed::field(map, field).and_then(|slot| slot.origin);
        self.errors
            .push(Diagnostic::error("chart-metadata", message).at_maybe(place));
    }

    fn read<T: Default>(
        &mut self,
        map: &Map,
        name: &str,
        convert: impl FnOnce(&Value) -> Result<T, Mismatch>,
    ) -> T {
        match typed::field(map, name) {
            None => T::default(),
            Some(slot) => self.converted(&slot, name, convert),
        }
    }

    fn converted<T: Default>(
        &mut self,
        slot: &Slot,
        name: &str,
        convert: impl FnOnce(&Value) -> Result<T, Mismatch>,
    ) -> T {
        convert(&slot.value).unwrap_or_else(|Mismatch(wanted)| {
            let message = format!("`{name}` must be {wanted}, found a {}", slot.value.kind());
            let place = slot.origin.clone().unwrap_or_else(|| Place::whole(self.source));
            self.errors
                .push(Diagnostic::error("chart-metadata", message).at(place));
            T::default()
        })
    }

    /// A text as it stands.
    fn plain_text(&mut self, map: &Map, name: &str) -> String {
        self.read(map, name, typed::text)
    }

    /// A text that Helm sanitizes.
    fn text(&mut self, map: &Map, name: &str) -> String {
        sanitize(&self.plain_text(map, name))
    }

    fn texts(&mut self, map: &Map, name: &str) -> Vec<String> {
        let items = self.read(map, name, typed::list);
        items
            .iter()
            .map(|slot| sanitize(&self.converted(slot, name, typed::text)))
            .collect()
    }

    fn boolean(&mut self, map: &Map, name: &str) -> bool {
        self.read(map, name, typed::boolean)
    }

    fn annotations(&mut self, map: &Map) -> BTreeMap<String, String> {
        let annotations = self.read(map, "annotations", typed::map);
        let mut texts = BTreeMap::new();
        for (key, slot) in annotations.entries() {
            texts.insert(key.to_string(), self.converted(&slot, &key, typed::text));
        }
        texts
    }

    fn import_values(&mut self, map: &Map) -> Vec<Value> {
        let items = self.read(map, "import-values", typed::list);
        items.into_iter().map(|slot| slot.value).collect()
    }

    /// A list of maps, each with its place; Helm refuses null items.
    fn maps(&mut self, map: &Map, name: &str) -> Vec<(Map, Option<Place>)> {
        let items = self.read(map, name, typed::list);
        let mut maps = Vec::new();
        for slot in items {
            if slot.value.is_null() {
                let message = format!("`{name}` must not contain empty or null items");
                self.errors
                    .push(Diagnostic::error("chart-metadata", message).at_maybe(slot.origin));
                continue;
            }
            let item = self.converted(&slot, name, typed::map);
            maps.push((item, slot.origin));
        }
        maps
    }
}

/// Helm's `sanitizeString`: white space becomes blanks, what cannot be printed goes.
fn sanitize(text: &str) -> String {
    let keep = |character: char| {
        if character.is_whitespace() {
            Some(' ')
        } else {
            (!is_unprintable(character)).then_some(character)
        }
    };
    text.chars().filter_map(keep).collect()
}

/// Controls, and the invisible format characters that hide text from a reader.
fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{10ffff}')
}
