//! Renders one Go pipeline as the only template of a chart.

use runnerctl::capabilities::Capabilities;
use runnerctl::chart::Chart;
use runnerctl::chart::Template;
use runnerctl::release::Release;
use runnerctl::source::Source;
use runnerctl::template;
use runnerctl::yaml::Map;

/// What `{{ text }}` prints, or why it fails.
pub(crate) fn print(text: &str, values: &Map) -> Result<String, String> {
    let mut chart = Chart::default();
    "c".clone_into(&mut chart.metadata.name);
    let name = "templates/all.yaml".to_owned();
    chart.templates.push(Template {
        source: Source::new(name.clone(), format!("{{{{ {text} }}}}")),
        name,
    });
    let release = Release {
        name: "demo".to_owned(),
        namespace: "default".to_owned(),
        revision: 1,
        is_upgrade: false,
    };
    let (capabilities, options) = (Capabilities::default(), template::Options::default());
    template::render(&chart, values, &release, &capabilities, &options)
        .map(|mut files| files.remove(0).text)
        .map_err(|errors| errors[0].message.clone())
}
