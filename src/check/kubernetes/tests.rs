//! Tests of the whole check, on manifests that break one rule each.

use super::*;

fn target(minor: u32) -> Target {
    Target {
        minor,
        namespace: "default".to_owned(),
        external: vec!["Secret/elsewhere".to_owned()],
        existing: Vec::new(),
    }
}

/// Every finding, as `code: message`, of documents between `---`.
fn found(text: &str) -> Vec<String> {
    let documents: Vec<_> = text
        .split("---\n")
        .map(|text| Source::new("x.yaml", text))
        .collect();
    let findings = check(&documents, &target(32));
    findings
        .iter()
        .flatten()
        .map(|finding| format!("{}: {}", finding.code, finding.message))
        .collect()
}

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: d}
spec:
  replicas: 2
  selector: {matchLabels: {app: d}}
  template:
    metadata: {labels: {app: d, tier: x}}
    spec:
      containers:
        - name: c
          image: example.com/c:1
          ports: [{containerPort: 80, name: http}]
          resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: 1, memory: 1Gi}}
          livenessProbe: {httpGet: {path: /, port: http}}
          volumeMounts: [{name: v, mountPath: /v}]
      volumes: [{name: v, secret: {secretName: elsewhere}}]
";

#[test]
fn a_sound_deployment_gives_no_findings() {
    assert_eq!(found(DEPLOYMENT), Vec::<String>::new());
}

/// A text of the deployment, what stands there instead, and what that is told of.
const FAULTS: &[(&str, &str, &str)] = &[
    (
        "replicas: 2",
        "replicaz: 2",
        "k8s-unknown-field: Deployment `d`: `spec.replicaz` is not a field of `DeploymentSpec`",
    ),
    (
        "replicas: 2",
        "replicas: '2'",
        "k8s-type: Deployment `d`: `spec.replicas` must be a whole number, found a string",
    ),
    (
        "replicas: 2",
        "replicas: 1.5",
        "k8s-type: Deployment `d`: `spec.replicas` must be a whole number",
    ),
    (
        "replicas: 2",
        "replicas: -1",
        "k8s-value: Deployment `d`: `spec.replicas` must be at least 0",
    ),
    (
        "replicas: 2",
        "replicas: 99999999999",
        "k8s-value: Deployment `d`: `spec.replicas` must lie between -2147483648 and 2147483647",
    ),
    ("replicas: 2", "replicas: 2\n  replicas: 3", "yaml-duplicate-key"),
    (
        "app: d, tier",
        "app: e, tier",
        "k8s-selector: Deployment `d`: `spec.selector` does not match the labels of the pod template",
    ),
    (
        "{matchLabels: {app: d}}",
        "{}",
        "k8s-selector: Deployment `d`: `spec.selector` is empty",
    ),
    (
        "  selector: {matchLabels: {app: d}}\n",
        "",
        "k8s-required: Deployment `d`: `spec` needs `selector`",
    ),
    (
        "tier: x",
        "tier: true",
        "k8s-type: Deployment `d`: `spec.template.metadata.labels.tier` must be a string",
    ),
    ("tier: x", "tier: a b", "k8s-label"),
    ("containerPort: 80", "containerPort: 70000", "k8s-port"),
    ("name: http}", "name: too-long-for-a-port}", "k8s-port"),
    ("memory: 64Mi", "memory: 64MB", "k8s-quantity"),
    (
        "memory: 64Mi",
        "memory: 2Gi",
        "k8s-value: Deployment `d`: `spec.template.spec.containers[0].resources` requests more `memory`",
    ),
    (
        "httpGet: {path: /, port: http}",
        "periodSeconds: 1",
        "k8s-required: Deployment `d`: `spec.template.spec.containers[0].livenessProbe` needs one of",
    ),
    (
        "mountPath: /v}",
        "mountPath: /v}, {name: w, mountPath: /w}",
        "k8s-volume: Deployment `d`: `spec.template.spec.containers[0].volumeMounts[1]` names the volume `w`",
    ),
    (
        "secretName: elsewhere",
        "secretName: nowhere",
        "k8s-reference: Deployment `d`: `spec.template.spec.volumes[0].secret.secretName` names a Secret that nothing renders",
    ),
    (
        "image: example.com/c:1\n",
        "image: example.com/c:1\n          imagePullPolicy: ifnotpresent\n",
        "k8s-value: Deployment `d`: `spec.template.spec.containers[0].imagePullPolicy` must be one of",
    ),
    (
        "apps/v1",
        "extensions/v1beta1",
        "k8s-api: Deployment `d`: `extensions/v1beta1` is gone since Kubernetes 1.16",
    ),
    (
        "metadata: {name: d}",
        "metadata: {name: D_1}",
        "k8s-name: Deployment `D_1`: `metadata.name` is no name of a Deployment: `D_1`",
    ),
    (
        "metadata: {name: d}",
        "metadata: {}",
        "k8s-name: Deployment: `metadata` needs a `name`",
    ),
    (
        "kind: Deployment",
        "kind: Deploymint",
        "k8s-api: Deploymint `d`: `apps/v1` has no kind `Deploymint`",
    ),
];

#[test]
fn each_fault_is_found_once_and_named() {
    for (before, after, wanted) in FAULTS {
        assert!(DEPLOYMENT.contains(before), "{before}");
        let found = found(&DEPLOYMENT.replacen(before, after, 1));
        assert_eq!(found.len(), 1, "{after}: {found:#?}");
        assert!(found[0].starts_with(wanted), "{after}: {found:#?}");
    }
}

#[test]
fn objects_within_lists_and_two_of_one_name_are_seen() {
    let list = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, dataz: {}}\n";
    assert!(found(list)[0].contains("`dataz` is not a field of `ConfigMap`"));
    let twice = format!("{DEPLOYMENT}---\n{DEPLOYMENT}");
    assert_eq!(found(&twice), ["k8s-duplicate: Deployment `d` is rendered twice"]);
}

#[test]
fn findings_point_at_their_field() {
    let source = Source::new("x.yaml", DEPLOYMENT.replace("replicas: 2", "replicas: two"));
    let findings = check(&[source], &target(32));
    assert_eq!(findings[0][0].labels[0].place.to_string(), "x.yaml:5:13");
}

#[test]
fn other_kinds_have_rules_of_their_own() {
    let cases: &[(&str, &str)] = &[
        (
            "{apiVersion: batch/v1, kind: Job, metadata: {name: j}, spec: {template: {spec: {containers: [{name: c, image: i}]}}}}",
            "restartPolicy",
        ),
        (
            "{apiVersion: v1, kind: Service, metadata: {name: 1s}, spec: {ports: [{port: 80}]}}",
            "is no name of a Service",
        ),
        (
            "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{port: 80, name: a}, {port: 81}]}}",
            "needs a `name`",
        ),
        (
            "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {type: clusterIP, ports: [{port: 80}]}}",
            "must be one of",
        ),
        (
            "{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {a: '!'}}",
            "is not base64",
        ),
        (
            "{apiVersion: v1, kind: Secret, metadata: {name: s}, type: kubernetes.io/tls, data: {tls.crt: YQ==}}",
            "needs the key `tls.key`",
        ),
        (
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: s}, data: {a: 1}}",
            "must be a string, found a",
        ),
        (
            "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: s}, spec: {}}",
            "needs `rules`",
        ),
        (
            "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: s}, spec: {podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0}}]}]}}",
            "is no network",
        ),
        (
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r}, rules: [{apiGroups: [''], resources: [pods], verbs: []}]}",
            "at least one verb",
        ),
        (
            "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: p}, spec: {minAvailable: 1, maxUnavailable: 1}}",
            "takes one of",
        ),
        (
            "{apiVersion: batch/v1, kind: CronJob, metadata: {name: c}, spec: {schedule: hourly, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}}}}",
            "is no schedule",
        ),
        ("{apiVersion: v1, kind: Pod}", "needs `metadata`"),
        ("{kind: Pod, metadata: {name: p}}", "needs `apiVersion`"),
    ];
    for (text, wanted) in cases {
        let found = found(text);
        assert_eq!(found.len(), 1, "{text}: {found:#?}");
        assert!(found[0].contains(wanted), "{text}: {found:#?}");
    }
}

#[test]
fn a_field_that_changed_its_type_is_known_in_both() {
    let claim = "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c}, \
                 spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}";
    for minor in [25, 28, 29, 37] {
        let findings = check(&[Source::new("x.yaml", claim)], &target(minor));
        assert_eq!(findings, [Vec::new()], "1.{minor}");
    }
}

#[test]
fn custom_resources_are_left_alone() {
    assert_eq!(
        found("{apiVersion: example.com/v1, kind: Thing, metadata: {name: t}, spec: {any: 1}}"),
        Vec::<String>::new()
    );
}
