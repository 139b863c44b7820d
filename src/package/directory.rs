//! Owns which files a chart consists of, in Helm's layout.
//!
//! It writes nothing.

use crate::chart::Chart;
use std::collections::BTreeMap;

/// Every file of the chart and of the charts in it, by its path below the chart's folder.
pub fn files(chart: &Chart) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let sources = [
        ("Chart.yaml", &chart.metadata_source),
        ("values.yaml", &chart.values_source),
        ("values.schema.json", &chart.schema),
    ];
    for (name, source) in sources {
        if let Some(source) = source {
            files.insert(name.to_owned(), source.text.clone().into_bytes());
        }
    }
    for template in &chart.templates {
        files.insert(template.name.clone(), template.source.text.clone().into_bytes());
    }
    for file in &chart.files {
        files.insert(file.name.clone(), file.data.to_vec());
    }
    for child in &chart.dependencies {
        let folder = format!("charts/{}", child.metadata.name);
        let inner = self::files(child).into_iter();
        files.extend(inner.map(|(name, data)| (format!("{folder}/{name}"), data)));
    }
    files
}
