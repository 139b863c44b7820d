//! Owns reading `Chart.yaml` as Helm does, and its checks.
//!
//! It does not know which files a chart has besides.

use super::super::version;
use super::{Dependency, Lock, Maintainer, Metadata};
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};
use crate::yaml;
use crate::yaml::typed::{self, Mismatch};
use crate::yaml::{List, Map, Slot, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

impl Metadata {
    /// Reads and checks `Chart.yaml`, and `requirements.yaml` if there is one: charts of `apiVersion: v1` declare
    /// their dependencies there. Every error found is reported.
    pub fn read(source: &Arc<Source>, requirements: Option<&Arc<Source>>) -> Result<Self, Vec<Diagnostic>> {
        let mut reader = Reader::new(source);
        let mut map = reader.root()?;
        if let Some(requirements) = requirements {
            // Helm reads this file into the same struct, so it may set any field.
            map = overlaid(&map, &Reader::new(requirements).root()?);
        }
        let metadata = reader.metadata(&map);
        reader.check(&metadata, &map);
        reader.finish(metadata)
    }
}

/// Go's zero time, which a lock without one has.
const NO_TIME: &str = "0001-01-01T00:00:00Z";

impl Lock {
    /// Reads and checks `Chart.lock` or `requirements.lock`; an empty one is none.
    pub fn read(source: &Arc<Source>) -> Result<Option<Self>, Vec<Diagnostic>> {
        if yaml::read(source)?.is_null() {
            return Ok(None);
        }
        let mut reader = Reader::new(source);
        let map = reader.root()?;
        let digest = reader.plain_text(&map, "digest");
        let dependencies = reader.dependencies(&map);
        let generated = reader.read(&map, "generated", |value| {
            let time = match value {
                Value::String(text) => OffsetDateTime::parse(text, &Rfc3339).ok(),
                _ => None,
            };
            let written = time.and_then(|time| time.format(&Rfc3339).ok());
            written.ok_or(Mismatch("a time such as `2026-01-31T12:00:00Z`"))
        });
        let generated = if generated.is_empty() {
            NO_TIME.to_owned()
        } else {
            generated
        };
        reader.finish(Some(Self {
            generated,
            digest,
            dependencies,
        }))
    }
}

/// Lists and maps of `Chart.yaml`, which a null empties; a null for text changes nothing.
const NULLABLE: &[&str] = &[
    "annotations",
    "dependencies",
    "keywords",
    "maintainers",
    "sources",
];

/// The fields of both maps as Go has them after it read `under` and then `over` into one struct: fields that only
/// one of them sets stay, also in the items of a list.
fn overlaid(under: &Map, over: &Map) -> Map {
    let merged = under.read().clone();
    let merged = Map::from(merged);
    for (key, slot) in over.entries() {
        let field = NULLABLE.iter().find(|field| key.eq_ignore_ascii_case(field));
        if slot.value.is_null() && field.is_none() {
            continue;
        }
        let old = typed::field(under, &key).map(|slot| slot.value);
        merged
            .write()
            .retain(|other, _| !other.eq_ignore_ascii_case(&key));
        let value = match (old, slot.value) {
            (Some(Value::List(old)), Value::List(new)) => Value::List(overlaid_items(&old, &new)),
            (Some(Value::Map(old)), Value::Map(new)) => Value::Map(overlaid(&old, &new)),
            (_, new) => new,
        };
        let origin = slot.origin;
        merged.write().insert(key, Slot { value, origin });
    }
    merged
}

fn overlaid_items(under: &List, over: &List) -> List {
    let old = under.read();
    let mut items = over.read().clone();
    for (item, old) in items.iter_mut().zip(old.iter()) {
        if let (Value::Map(old), Value::Map(new)) = (&old.value, &item.value) {
            item.value = Value::Map(overlaid(old, new));
        }
    }
    items.into()
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

    fn finish<T>(mut self, value: T) -> Result<T, Vec<Diagnostic>> {
        if self.errors.is_empty() {
            return Ok(value);
        }
        self.errors
            .sort_by_key(|error| error.labels.first().map(|label| label.place.line));
        Err(self.errors)
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
            dependencies: self.dependencies(map),
        }
    }

    fn maintainers(&mut self, map: &Map) -> Vec<Maintainer> {
        let mut maintainers = Vec::new();
        for (item, _) in self.maps(map, "maintainers") {
            maintainers.push(Maintainer {
                name: self.text(&item, "name"),
                email: self.text(&item, "email"),
                url: self.text(&item, "url"),
            });
        }
        maintainers
    }

    fn dependencies(&mut self, map: &Map) -> Option<Vec<Dependency>> {
        typed::field(map, "dependencies")?;
        let mut dependencies = Vec::new();
        for (item, place) in self.maps(map, "dependencies") {
            dependencies.push(Dependency {
                name: self.text(&item, "name"),
                version: self.text(&item, "version"),
                repository: self.text(&item, "repository"),
                condition: self.text(&item, "condition"),
                tags: self.texts(&item, "tags"),
                import_values: self.import_values(&item),
                enabled: self.boolean(&item, "enabled"),
                alias: self.plain_text(&item, "alias"),
                place,
            });
        }
        Some(dependencies)
    }

    /// Helm's `Validate`, except that it stops at the first error.
    fn check(&mut self, metadata: &Metadata, map: &Map) {
        let name = &metadata.name;
        if name.is_empty() {
            self.missing(map, "name");
        } else if name.contains('/') || name == "." || name == ".." {
            self.invalid(
                map,
                "name",
                format!("chart name `{name}` is invalid: it names a path"),
            );
        }
        if metadata.version.is_empty() {
            self.missing(map, "version");
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
        for (index, dependency) in metadata.declared().iter().enumerate() {
            self.check_dependency(dependency, &metadata.declared()[..index]);
        }
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

    fn missing(&mut self, map: &Map, field: &str) {
        // A field of another type was reported when it was read.
        if typed::field(map, field).is_none_or(|slot| typed::text(&slot.value).is_ok()) {
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
            Some(slot) => self.converted(&slot, &format!("`{name}`"), convert),
        }
    }

    fn converted<T: Default>(
        &mut self,
        slot: &Slot,
        subject: &str,
        convert: impl FnOnce(&Value) -> Result<T, Mismatch>,
    ) -> T {
        convert(&slot.value).unwrap_or_else(|Mismatch(wanted)| {
            let message = format!("{subject} must be {wanted}, found a {}", slot.value.kind());
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
            .map(|slot| sanitize(&self.converted(slot, &item_of(name), typed::text)))
            .collect()
    }

    fn boolean(&mut self, map: &Map, name: &str) -> bool {
        self.read(map, name, typed::boolean)
    }

    fn annotations(&mut self, map: &Map) -> BTreeMap<String, String> {
        let annotations = self.read(map, "annotations", typed::map);
        let mut texts = BTreeMap::new();
        for (key, slot) in annotations.entries() {
            texts.insert(
                key.to_string(),
                self.converted(&slot, &format!("annotation `{key}`"), typed::text),
            );
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
            let item = self.converted(&slot, &item_of(name), typed::map);
            maps.push((item, slot.origin));
        }
        maps
    }
}

fn item_of(list: &str) -> String {
    format!("each item of `{list}`")
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
