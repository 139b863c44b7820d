//! Owns the check of NATS server URLs, as NATS clients read them: a list with commas, scheme and port optional.

use crate::check::problem::Problem;
use crate::check::text;
use url::Host;
use url::Url;

const CODE: &str = "invalid-value";

/// The schemes NATS clients know; `tcp` is the oldest name of `nats`.
const SCHEMES: &[&str] = &["nats", "tls", "ws", "wss", "tcp"];

/// Problems of a list of server URLs.
pub(in crate::check) fn urls(list: &str) -> Vec<Problem> {
    if let Some(problem) = text::placeholder(list) {
        return vec![problem];
    }
    // Clients skip empty entries.
    let entries: Vec<&str> = list
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
        .collect();
    if entries.is_empty() {
        return vec![Problem::error(CODE, "names no server")];
    }
    let mut problems = Vec::new();
    let mut web = Vec::new();
    for (number, entry) in (1..).zip(&entries) {
        let which = if entries.len() == 1 {
            String::new()
        } else {
            format!(" (server {number} of {})", entries.len())
        };
        match server(entry) {
            Ok(server) => {
                web.push(server.web_socket);
                problems.extend(server.credential.then(|| credential(&which)));
            }
            Err(problem) => problems.push(problem.within(&which)),
        }
    }
    if web.contains(&true) && web.contains(&false) {
        let problem = Problem::error(CODE, "mixes WebSocket servers (`ws`, `wss`) with others");
        problems.push(problem.help("NATS clients refuse such a list: keep one kind"));
    }
    problems
}

struct Server {
    web_socket: bool,
    credential: bool,
}

fn server(entry: &str) -> Result<Server, Problem> {
    let with_scheme = if entry.contains("://") {
        entry.to_owned()
    } else {
        format!("nats://{entry}")
    };
    let (scheme, rest) = with_scheme.split_once("://").unwrap_or(("", &with_scheme));
    let scheme = scheme.to_ascii_lowercase();
    if !SCHEMES.contains(&scheme.as_str()) {
        return Err(unknown_scheme(&scheme));
    }
    if rest
        .chars()
        .any(|character| character.is_whitespace() || character.is_control())
    {
        return Err(Problem::error(CODE, "is not a URL: it has blanks in it"));
    }
    let url = Url::parse(&format!("{scheme}://{rest}")).map_err(not_a_url)?;
    let host = url.host_str().unwrap_or_default();
    if host.is_empty() {
        return Err(not_a_url(url::ParseError::EmptyHost));
    }
    if !is_host(host) {
        return Err(not_a_url(url::ParseError::InvalidDomainCharacter));
    }
    if url.port() == Some(0) {
        return Err(Problem::error(CODE, "names port 0"));
    }
    Ok(Server {
        web_socket: matches!(scheme.as_str(), "ws" | "wss"),
        credential: !url.username().is_empty() || url.password().is_some(),
    })
}

fn unknown_scheme(scheme: &str) -> Problem {
    let problem = Problem::error(CODE, "does not start with a scheme that NATS clients know");
    problem.help(match scheme {
        "http" => "NATS does not speak HTTP: use `nats://`, or `ws://` for WebSocket".to_owned(),
        "https" => "NATS does not speak HTTP: use `tls://`, or `wss://` for WebSocket".to_owned(),
        _ => "use `tls://`, `nats://`, `wss://` or `ws://`".to_owned(),
    })
}

fn not_a_url(error: url::ParseError) -> Problem {
    let reason = match error {
        url::ParseError::EmptyHost => "it names no host",
        url::ParseError::InvalidPort => "its port is no number up to 65535",
        _ => "its host is no name or address",
    };
    Problem::error(CODE, format!("is not a URL of a server: {reason}"))
}

fn is_host(host: &str) -> bool {
    if Host::parse(host).is_ok_and(|host| !matches!(host, Host::Domain(_))) {
        return true;
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    name.len() <= 253 && name.split('.').all(is_host_label)
}

/// Letters, digits, inner dashes; underscores too, since names inside clusters and networks have them.
fn is_host_label(label: &str) -> bool {
    let plain = label
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    plain && (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
}

fn credential(which: &str) -> Problem {
    let problem = Problem::warning("credential-in-url", "holds a user or a token").within(which);
    problem
        .help("the runner signs in with its NATS credentials; a URL ends up in logs, so take them out of it")
}
