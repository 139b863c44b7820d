//! Tests of masking: what is hidden, and what is not.

use super::Masked;
use super::line;
use crate::source::Source;

/// The last line of `text`, masked.
fn masked(text: &str) -> Masked {
    let number = u32::try_from(text.split('\n').count()).unwrap();
    line(&Source::sensitive("o.yaml", text), number).unwrap()
}

#[track_caller]
fn assert_hidden(text: &str, expected: &str) {
    assert_eq!(masked(text).text, expected);
}

#[track_caller]
fn assert_shown(text: &str) {
    assert_eq!(masked(text).text, text.rsplit('\n').next().unwrap());
}

#[test]
fn values_of_secret_keys_are_hidden() {
    assert_hidden("password: hunter2", "password: <hidden>");
    assert_hidden("nats.jwt=abc", "nats.jwt=<hidden>");
    assert_hidden("  dbPassword: \"hunter 2\" # comment", "  dbPassword: <hidden>");
    assert_hidden("- apiKey: x", "- apiKey: <hidden>");
    assert_hidden("API_TOKEN: 12345", "API_TOKEN: <hidden>");
    assert_hidden("tls.key: abc", "tls.key: <hidden>");
    assert_hidden("  \"clientSecret\": \"x\",", "  \"clientSecret\": <hidden>");
    assert_hidden("password : hunter2", "password : <hidden>");
    assert_hidden("# password: hunter2", "# password: <hidden>");
    assert_hidden("Authorization: Bearer abc", "Authorization: <hidden>");
}

#[test]
fn secrets_in_flow_collections_are_hidden_and_their_neighbours_shown() {
    assert_hidden(
        "nats: {jwt: abc, subject: a.b}",
        "nats: {jwt: <hidden>, subject: a.b}",
    );
    assert_hidden(
        "{\"password\":\"a,}b\",\"b\":1}",
        "{\"password\":<hidden>,\"b\":1}",
    );
    assert_hidden("tokens: [a, b]", "tokens: <hidden>");
    assert_hidden("a: [{password: x}, {b: c}]", "a: [{password: <hidden>}, {b: c}]");
}

#[test]
fn texts_below_a_secret_key_are_hidden() {
    assert_hidden("password: |\n  hunter2", "  <hidden>");
    assert_hidden("jwt: |-\n  -----BEGIN X-----\n\n  deep: er", "  <hidden>");
    assert_hidden("a:\n  password: >\n    one\n     two", "     <hidden>");
    assert_hidden("password: \"one\n  two\"", "  <hidden>");
    assert_hidden("password: one\n  two", "  <hidden>");
    assert_hidden("password: |\nhunter2", "<hidden>");
    assert_hidden("passwords:\n- hunter2", "<hidden>");
    assert_hidden("a:\n  tokens:\n    - hunter2", "    <hidden>");
    assert_hidden("secrets:\n  database: hunter2", "  database: <hidden>");
    assert_hidden("stringData:\n  config: hunter2", "  config: <hidden>");
    assert_hidden("registryTls:\n  key: hunter2", "  key: <hidden>");
}

#[test]
fn variables_are_judged_by_their_name() {
    assert_hidden(
        "env:\n  - name: DB_PASSWORD\n    value: hunter2",
        "    value: <hidden>",
    );
    assert_shown("env:\n  - name: LOG_LEVEL\n    value: debug");
    assert_shown("env:\n  - name: DB_PASSWORD\n    value: x\n  - name: A\n    value: debug");
    let source = Source::sensitive(
        "o.yaml",
        "- value: hunter2\n  name: API_TOKEN\n- value: shown\n  name: A\n",
    );
    assert_eq!(line(&source, 1).unwrap().text, "- value: <hidden>");
    assert_eq!(line(&source, 3).unwrap().text, "- value: shown");
}

#[test]
fn what_looks_like_a_credential_is_hidden_under_any_key() {
    assert_hidden("  MIIBszCCAVmgAwIBAgIUQ2xpZW50", "  <hidden>");
    assert_hidden(
        // Put together here, because scanners of repositories know these shapes too.
        &format!("a: SUA{}", "KYITNSE4NZ5".repeat(5)),
        "a: <hidden>",
    );
    assert_hidden(
        "a: eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5In0.eyJuYW1lIjoiYSJ9.c2ln",
        "a: <hidden>.<hidden>.c2ln",
    );
    assert_hidden("a: 0123456789abcdef0123456789abcdef", "a: <hidden>");
    assert_hidden(
        &format!("a: x ghp_{} y", "16C7e42F29".repeat(4)),
        "a: x <hidden> y",
    );
    assert_hidden(
        "url: nats://user:pass@host:4222",
        "url: nats://<hidden>@host:4222",
    );
    assert_hidden(
        "url: \"tls://token@host,user:pw@other\"",
        "url: \"tls://<hidden>@host,<hidden>@other\"",
    );
    assert_hidden(&format!("a: {}", "A".repeat(100_000)), "a: <hidden>");
    assert_hidden("url: https://a/b?token=abc", "url: https://a/b?token=<hidden>");
}

#[test]
fn pem_blocks_are_hidden_under_any_key() {
    assert_hidden(
        "a: -----BEGIN X----- short -----END X----- b",
        "a: -----BEGIN X-----<hidden>-----END X----- b",
    );
    assert_hidden(
        "a: \"-----BEGIN X-----\\nshort\\n",
        "a: \"-----BEGIN X-----<hidden>",
    );
    assert_hidden("a: |\n  -----BEGIN X-----\n  short", "  <hidden>");
    assert_shown("a: |\n  -----BEGIN X-----");
    assert_shown("a: |\n  -----BEGIN X-----\n  short\n  -----END X-----\nb: short");
}

#[test]
fn harmless_lines_are_shown() {
    for text in [
        "  name: kubiya-runner-workflow-engine-long-name",
        "image: ghcr.io/kubiyabot/tool-manager:v1.20.0",
        "image: ghcr.io/kubiyabot/tool-manager@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "digest: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "tag: 0123456789abcdef0123456789abcdef01234567",
        "uuid: 6f1c1a52-9d6b-4a57-8f0e-0d6f2c1b7a90",
        "serverUrl: tls://connect.ngs.global:4222",
        "mail: someone@example.com",
        "path: /var/run/secrets/kubernetes.io/serviceaccount",
        "livenessProbeInitialDelaySecondsForAgentManager: 3",
        "nodeSelector: {kubernetes.io/hostname: ip-10-0-12-34.eu-west-1.compute.internal}",
        "existingSecret: registry-tls",
        "secretName: nats-creds-customer-of-the-runner",
        "tokenUrl: https://login.example.com/oauth2/v2.0",
        "crt: |",
        "jwt: >- # folded",
        "password: \"\"",
        "tls: true",
        "secret:",
        "- key: node-role.kubernetes.io/control-plane",
        "topologyKey: topology.kubernetes.io/zone",
        "publicKey: none",
        "automountServiceAccountToken: false",
        "imagePullSecrets:\n  - name: regcred",
        "imagePullSecrets: [regcred]",
        "tokens: []\n# Labels of pods",
        "tokens:\n  - x\nplain:\n  - shown",
        "nats:\n  existingSecrets:\n    runner: nats-runner",
        "secret:\n  secretName: a\n  optional: true",
        "jwt: |\n  text\nother: shown",
        "description: The tool manager runs tools, and its registry caches images.",
        "schedule: \"0 * * * *\"",
        "",
    ] {
        assert_shown(text);
    }
}

#[test]
fn columns_follow_what_is_left() {
    let short = masked("{jwt: a, b: c}");
    assert_eq!(short.text, "{jwt: <hidden>, b: c}");
    assert_eq!([1, 7, 8, 10].map(|column| short.column(column)), [1, 7, 15, 17]);
    let long = masked("{jwt: abcdefghijklm, b: c}");
    assert_eq!(long.text, "{jwt: <hidden>, b: c}");
    assert_eq!([7, 12, 20, 22].map(|column| long.column(column)), [7, 7, 15, 17]);
}

#[test]
fn lines_that_are_not_there_are_none() {
    let source = Source::sensitive("o.yaml", "a: b");
    assert_eq!(line(&source, 0), None);
    assert_eq!(line(&source, 2), None);
}

#[test]
fn any_line_can_be_masked() {
    const ALPHABET: [&str; 24] = [
        " ", "  ", "-", "- ", ":", ": ", "#", "'", "\"", "{", "}", "[", "]", ",", "|", "=", "@", "://", "\n",
        "\t", "é", "\\", "key", "password",
    ];
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        ALPHABET[usize::try_from(state % 24).unwrap()]
    };
    for _ in 0..20_000 {
        let text: String = (0..30).map(|_| next()).collect();
        let source = Source::sensitive("o.yaml", text.as_str());
        for number in (1..).take(text.split('\n').count()) {
            let masked = line(&source, number).unwrap();
            let shown = masked.text.chars().count();
            let columns = 1..=source.line(number).unwrap().chars().count();
            let placed: Vec<usize> = columns.map(|column| masked.column(column)).collect();
            assert!(
                placed.is_sorted() && placed.iter().all(|column| (1..=shown).contains(column)),
                "{text:?}"
            );
        }
    }
}
