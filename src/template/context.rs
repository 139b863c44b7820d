//! Owns what templates see, for both languages: `Values`, `Release`, `Chart`, `Capabilities`, `Template`.
//!
//! What Go's structs become for Go templates is in `objects`, `Files` for Jinja in `files.rs`.

use super::objects;
use crate::capabilities::Capabilities;
use crate::chart::{Chart, Maintainer};
use crate::release::Release;
use crate::yaml::{List, Map, MapKind, Number, Value};

/// The names that all templates of a chart see.
pub(super) fn names(chart: &Chart, values: &Map, release: &Release, capabilities: &Capabilities) -> Map {
    let names = Map::new();
    names.insert("Values", values.clone());
    names.insert("Release", release_map(release));
    names.insert("Chart", chart_map(chart));
    names.insert("Capabilities", capabilities_map(capabilities));
    names
}

/// The names that the Go templates of all charts of a tree share.
pub(super) struct GoNames {
    release: Map,
    capabilities: Value,
}

impl GoNames {
    pub(super) fn new(release: &Release, capabilities: &Capabilities) -> Self {
        Self {
            release: release_map(release),
            capabilities: objects::capabilities(capabilities),
        }
    }

    /// What the Go templates of a chart see as `.`, but for `Template` and `Subcharts`.
    pub(super) fn dot(&self, chart: &Chart, values: &Map, is_root: bool) -> Map {
        let dot = Map::new().as_kind(MapKind::Values);
        dot.insert("Chart", objects::chart(chart, is_root));
        dot.insert("Files", objects::files(chart));
        dot.insert("Values", values.clone());
        dot.insert("Release", self.release.clone());
        dot.insert("Capabilities", self.capabilities.clone());
        dot
    }
}

/// `Template`: the path that `# Source:` shows, and the folder of the templates.
pub(super) fn template(chart: &str, path: &str) -> Map {
    [
        ("Name", format!("{chart}/{path}")),
        ("BasePath", format!("{chart}/templates")),
    ]
    .into_iter()
    .collect()
}

fn release_map(release: &Release) -> Map {
    let map = Map::new();
    map.insert("Name", release.name.as_str());
    map.insert("Namespace", release.namespace.as_str());
    map.insert("Service", Release::SERVICE);
    map.insert("IsInstall", !release.is_upgrade);
    map.insert("IsUpgrade", release.is_upgrade);
    map.insert("Revision", Number::Int(i64::from(release.revision)));
    map
}

fn chart_map(chart: &Chart) -> Map {
    let metadata = &chart.metadata;
    let map = Map::new();
    for (name, text) in [
        ("Name", &metadata.name),
        ("Home", &metadata.home),
        ("Version", &metadata.version),
        ("Description", &metadata.description),
        ("Icon", &metadata.icon),
        ("APIVersion", &metadata.api_version),
        ("Condition", &metadata.condition),
        ("Tags", &metadata.tags),
        ("AppVersion", &metadata.app_version),
        ("KubeVersion", &metadata.kube_version),
        ("Type", &metadata.chart_type),
    ] {
        map.insert(name, text.as_str());
    }
    map.insert("Sources", texts(&metadata.sources));
    map.insert("Keywords", texts(&metadata.keywords));
    map.insert(
        "Maintainers",
        metadata
            .maintainers
            .iter()
            .map(maintainer_map)
            .map(Value::from)
            .collect::<List>(),
    );
    map.insert("Deprecated", metadata.deprecated);
    map.insert(
        "Annotations",
        metadata
            .annotations
            .iter()
            .map(|(key, text)| (key.as_str(), text.as_str()))
            .collect::<Map>(),
    );
    map.insert("IsRoot", true);
    map
}

fn texts(texts: &[String]) -> List {
    texts.iter().map(|text| Value::from(text.as_str())).collect()
}

fn maintainer_map(maintainer: &Maintainer) -> Map {
    let parts = [
        ("Name", &maintainer.name),
        ("Email", &maintainer.email),
        ("URL", &maintainer.url),
    ];
    parts
        .into_iter()
        .map(|(name, text)| (name, text.as_str()))
        .collect()
}

fn capabilities_map(capabilities: &Capabilities) -> Map {
    let version = &capabilities.kube_version;
    let kube = Map::new();
    kube.insert("Version", version.version.as_str());
    kube.insert("GitVersion", version.version.as_str());
    kube.insert("Major", version.major.as_str());
    kube.insert("Minor", version.minor.as_str());
    let api: List = capabilities
        .api_versions
        .iter()
        .map(|version| Value::from(version.as_str()))
        .collect();
    let helm = Map::new();
    helm.insert("Version", Capabilities::HELM_VERSION);
    let map = Map::new();
    map.insert("KubeVersion", kube);
    map.insert("APIVersions", api);
    map.insert("HelmVersion", helm);
    map
}
