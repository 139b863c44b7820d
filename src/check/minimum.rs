//! Owns the minimum required configuration: applies a chart's rules to a release's values, all at once.
//!
//! How a kind of value is checked stands in `text`, `nats` and `tls`.

use super::explain::example;
use super::explain::explained;
use super::images;
use super::nats;
use super::problem::Problem;
use super::rules;
use super::rules::Kind;
use super::rules::Rule;
use super::setting::Setting;
use super::setting::Settings;
use super::setting::placed;
use super::text;
use super::tls;
use crate::chart::Chart;
use crate::diagnostic::Diagnostic;
use crate::release::Release;
use crate::yaml::Map;
use crate::yaml::Value;
use std::collections::BTreeSet;
use time::OffsetDateTime;

/// Everything that is missing or wrong in the values that the chart's schema requires (`x-required`), and images
/// that stand in each other's place (`x-images`).
///
/// `values` are the coalesced ones. A chart without rules has no minimum.
pub fn minimum(chart: &Chart, values: &Map, release: &Release, now: OffsetDateTime) -> Vec<Diagnostic> {
    let rules = rules::read(chart);
    let settings = Settings::new(chart, values);
    let images = images::misplaced(&rules.images, chart, &settings);
    let mut check = Check {
        runner: settings
            .given(RUNNER_NAME)
            .and_then(|setting| Some(setting.value.as_str()?.to_owned())),
        release: &release.name,
        settings,
        now,
        diagnostics: rules.diagnostics,
        secrets: BTreeSet::new(),
    };
    if !rules.required.is_empty() {
        check.runner_name();
    }
    check.all(&rules.required);
    check.diagnostics.extend(images);
    check.diagnostics
}

/// The value that names the runner; without it the runner has the release's name.
const RUNNER_NAME: &str = "runnerNameOverride";

struct Check<'a> {
    settings: Settings<'a>,
    runner: Option<String>,
    release: &'a str,
    now: OffsetDateTime,
    diagnostics: Vec<Diagnostic>,
    /// Keys of existing Secrets' names that have been checked: rules share them.
    secrets: BTreeSet<String>,
}

/// Whether an item must be there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    No,
    Advised,
    Yes,
}

impl Check<'_> {
    /// All items; a certificate's private key is checked along with it.
    fn all(&mut self, rules: &[Rule]) {
        let partner = |rule: &Rule| {
            let key = rule.pair.as_ref().filter(|_| rule.kind == Kind::Certificate)?;
            rules
                .iter()
                .find(|other| other.kind == Kind::PrivateKey && other.key == *key)
        };
        let partners: BTreeSet<&str> = rules
            .iter()
            .filter_map(partner)
            .map(|partner| partner.key.as_str())
            .collect();
        for rule in rules {
            match partner(rule) {
                Some(partner) => self.pair(rule, partner),
                None if partners.contains(rule.key.as_str()) => {}
                None => self.single(rule),
            }
        }
    }

    /// The name the runner asks for, valid or not.
    fn runner(&self) -> &str {
        self.runner.as_deref().unwrap_or(self.release)
    }

    /// The runner's name as a message may show it: what is no name could be a credential in the wrong place.
    fn valid_runner(&self) -> Option<&str> {
        Some(self.runner()).filter(|name| text::is_subdomain(name))
    }

    fn runner_name(&mut self) {
        let subject = match &self.runner {
            Some(_) => format!("`{RUNNER_NAME}`"),
            None => "the release's name".to_owned(),
        };
        let diagnostic = if text::is_release_name(self.runner()) {
            return;
        } else if self.runner.is_some() && self.valid_runner().is_some() {
            // Charts cut the names of objects, so it works; but two such runners may get the same names.
            let message = format!("{subject} has more than 53 characters, so names made from it are cut");
            Diagnostic::warning("runner-name", message)
        } else {
            Diagnostic::error("runner-name", format!("{subject} cannot be the name of a runner"))
                .help(text::RELEASE_NAME_HELP)
        };
        let place = self.settings.given(RUNNER_NAME).and_then(|setting| setting.place);
        self.diagnostics.push(placed(diagnostic, place));
    }

    /// An item that stands alone.
    fn single(&mut self, rule: &Rule) {
        let need = self.need(rule);
        if need == Need::No {
            return;
        }
        let found = self.find(rule);
        if self.existing_secret(rule, &[found.as_ref()]) {
            return;
        }
        match found {
            Some(setting) => self.value(rule, &setting),
            None => self.missing(rule, need),
        }
    }

    /// A certificate and its private key.
    fn pair(&mut self, rule: &Rule, partner: &Rule) {
        let need = self.need(rule);
        if need == Need::No {
            return;
        }
        let (first, second) = (self.find(rule), self.find(partner));
        if self.existing_secret(rule, &[first.as_ref(), second.as_ref()]) {
            return;
        }
        match (first, second) {
            (Some(first), Some(second)) => self.halves(rule, &first, partner, &second),
            (Some(first), None) => {
                self.value(rule, &first);
                self.missing(partner, Need::Yes);
            }
            (None, Some(second)) => {
                self.missing(rule, Need::Yes);
                self.value(partner, &second);
            }
            (None, None) if need == Need::Yes => {
                self.missing(rule, need);
                self.missing(partner, need);
            }
            (None, None) => self.advise(rule, Some(partner)),
        }
    }

    fn need(&self, rule: &Rule) -> Need {
        match &rule.enabled_by {
            None => Need::Yes,
            Some(key) => match self.settings.switch(key) {
                Some(true) => Need::Yes,
                Some(false) => Need::No,
                None => Need::Advised,
            },
        }
    }

    /// The value under the rule's key or an older name of it; two that differ are reported.
    fn find(&mut self, rule: &Rule) -> Option<Setting> {
        let mut found: Option<Setting> = None;
        for key in std::iter::once(&rule.key).chain(&rule.aliases) {
            let Some(setting) = self.settings.given(key) else {
                continue;
            };
            match &found {
                None => found = Some(setting),
                Some(first) if same(rule.kind, &first.value, &setting.value) => {}
                Some(first) => {
                    let message = format!(
                        "`{}` and `{}` are two names of one value and differ",
                        first.key, setting.key
                    );
                    let diagnostic = Diagnostic::error("conflicting-values", message)
                        .help(format!("remove `{}`, the older name", setting.key));
                    let diagnostic = placed(diagnostic, first.place.clone());
                    self.diagnostics.push(placed(diagnostic, setting.place));
                }
            }
        }
        found
    }

    /// Whether an existing Secret serves instead of inline values; its name is checked.
    fn existing_secret(&mut self, rule: &Rule, inline: &[Option<&Setting>]) -> bool {
        let Some(secret) = rule.unless.iter().find_map(|key| self.settings.given(key)) else {
            return false;
        };
        if self.secrets.insert(secret.key.clone()) {
            let problems = match secret.value.as_str() {
                Some(name) => text::secret_name(name),
                None => vec![not_text(&secret)],
            };
            for problem in problems {
                self.report(problem, &secret, None);
            }
        }
        for setting in inline.iter().copied().flatten() {
            let problem = Problem::warning(
                "ignored-value",
                format!("is not used: the Secret named by `{}` is", secret.key),
            );
            self.report(problem.help("remove one of the two"), setting, None);
        }
        true
    }

    fn value(&mut self, rule: &Rule, setting: &Setting) {
        let Some(value) = self.text_of(rule, setting) else {
            return;
        };
        let problems = match rule.kind {
            Kind::Text => text::text(&value),
            Kind::Uuid => text::uuid(&value),
            Kind::NatsCredentials => nats::credentials(&value, self.valid_runner(), self.now),
            Kind::NatsSubject => nats::subject(&value),
            Kind::NatsUrl => nats::urls(&value),
            Kind::Certificate => {
                let mut certificate = tls::certificate(&value, self.now);
                certificate.problems.extend(self.wrong_host(rule, &certificate));
                certificate.problems
            }
            Kind::PrivateKey => tls::private_key(&value).problems,
        };
        for problem in problems {
            self.report(problem, setting, Some(rule));
        }
    }

    fn halves(&mut self, rule: &Rule, first: &Setting, partner: &Rule, second: &Setting) {
        let (Some(first_text), Some(second_text)) =
            (self.text_of(rule, first), self.text_of(partner, second))
        else {
            return;
        };
        let mut certificate = tls::certificate(&first_text, self.now);
        let private_key = tls::private_key(&second_text);
        certificate.problems.extend(self.wrong_host(rule, &certificate));
        let together = tls::pair(&certificate, &private_key, &second.key);
        if !tls::swapped(&certificate, &private_key) {
            for problem in certificate.problems {
                self.report(problem, first, Some(rule));
            }
            for problem in private_key.problems {
                self.report(problem, second, Some(partner));
            }
        }
        if let Some(problem) = together {
            let diagnostic = placed(problem.about(&first.key), first.place.clone());
            self.diagnostics.push(placed(diagnostic, second.place.clone()));
        }
    }

    fn wrong_host(&self, rule: &Rule, certificate: &tls::Certificate) -> Option<Problem> {
        let host = self.settings.given(rule.host.as_ref()?)?;
        tls::wrong_host(certificate, host.value.as_str()?, &host.key)
    }

    fn text_of(&mut self, rule: &Rule, setting: &Setting) -> Option<String> {
        let text = setting.value.as_str().map(str::to_owned);
        if text.is_none() {
            self.report(not_text(setting), setting, Some(rule));
        }
        text
    }

    fn missing(&mut self, rule: &Rule, need: Need) {
        if need == Need::Advised {
            self.advise(rule, None);
            return;
        }
        let diagnostic = Diagnostic::error(
            "required-value",
            format!("`{}` is required and not set", rule.key),
        );
        let mut diagnostic = explained(diagnostic, rule);
        if let Some(secret) = rule.unless.first() {
            diagnostic = diagnostic.help(format!("or name an existing Secret with it in `{secret}`"));
        }
        let place = self.settings.nearest_place(&rule.key);
        self.diagnostics.push(placed(diagnostic, place));
    }

    /// A warning that an item may be needed, with the ways to answer it.
    fn advise(&mut self, rule: &Rule, partner: Option<&Rule>) {
        let message = match partner {
            Some(partner) => format!("neither `{}` nor `{}` is set", rule.key, partner.key),
            None => format!("`{}` is not set", rule.key),
        };
        let rules: Vec<&Rule> = std::iter::once(rule).chain(partner).collect();
        let mut diagnostic = Diagnostic::warning("required-value", message)
            .help(format!("why: {}", rule.reason))
            .help(format!("for example:\n{}", example(&rules)));
        if let Some(secret) = rule.unless.first() {
            diagnostic = diagnostic.help(format!("or name an existing Secret with it in `{secret}`"));
        }
        if let Some(switch) = &rule.enabled_by {
            diagnostic = diagnostic.help(format!("set `{switch}` to false to do without it"));
        }
        let place = self.settings.nearest_place(&rule.key);
        self.diagnostics.push(placed(diagnostic, place));
    }

    /// Reports a problem of a setting; an error is explained by its rule.
    fn report(&mut self, problem: Problem, setting: &Setting, rule: Option<&Rule>) {
        let error = problem.is_error();
        let mut diagnostic = problem.about(&setting.key);
        if let Some(rule) = rule.filter(|_| error) {
            diagnostic = explained(diagnostic, rule);
        }
        self.diagnostics.push(placed(diagnostic, setting.place.clone()));
    }
}

/// Whether two values of one kind mean the same: a UUID's letters have no case.
fn same(kind: Kind, first: &Value, second: &Value) -> bool {
    match (kind, first.as_str(), second.as_str()) {
        (Kind::Uuid, Some(first), Some(second)) => first.eq_ignore_ascii_case(second),
        _ => first == second,
    }
}

fn not_text(setting: &Setting) -> Problem {
    let kind = setting.value.kind();
    let problem = Problem::error("invalid-value", format!("must be text, not a {kind}"));
    match setting.value {
        Value::Map(_) | Value::List(_) => problem,
        _ => problem.help("put it in quotes"),
    }
}
