"""Owns the alert rules, and how Prometheus and Grafana want them written."""

from queries import COMPONENT, OURS, POD, RUNNER, pods, restarts, score

GROUP = "kubiya-runners"
# Alert, expression, how long it must hold, severity, what it says.
RULES = [
    ("RunnerUnhealthy", f"{score(OURS)} < 90", "5m", "critical",
     "The health of runner {{ $labels.runner }} of {{ $labels.organization }} is below 90 percent."),
    ("RunnerProbeDown", f'max by ({RUNNER}, app) (probe_success{{exporter="blackbox-exporter", {OURS}}}) == 0', "5m", "critical",
     "{{ $labels.app }} of runner {{ $labels.runner }} does not answer."),
    ("RunnerPodNotReady",
     f'max by ({POD}, {COMPONENT}) (kube_pod_status_ready{{condition=~"false|unknown", {OURS}}} * on ({POD}) group_left ({COMPONENT}) {pods(OURS)}) == 1',
     "5m", "warning", "Pod {{ $labels.pod }} of runner {{ $labels.runner }} is not ready."),
    ("RunnerRestarts", f"{restarts(OURS, f'{RUNNER}, {COMPONENT}', '15m')} > 3", "0s", "warning",
     "A component of runner {{ $labels.runner }} restarted more than three times in 15 minutes."),
    ("RunnerTargetDown", f"max by ({RUNNER}, job) (up{{{OURS}}}) == 0", "10m", "warning",
     "No target of job {{ $labels.job }} of runner {{ $labels.runner }} can be scraped."),
    ("RunnerRemoteWriteFails",
     f"sum by ({RUNNER}, url) (rate(prometheus_remote_storage_samples_failed_total{{{OURS}}}[5m])) > 0", "15m", "warning",
     "Runner {{ $labels.runner }} cannot write its metrics to {{ $labels.url }}."),
    ("RunnerRemoteWriteBehind",
     f"max by ({RUNNER}, url) (prometheus_remote_storage_highest_timestamp_in_seconds{{{OURS}}}"
     f" - ignoring (url, remote_name) group_right () prometheus_remote_storage_queue_highest_sent_timestamp_seconds{{{OURS}}}) > 300",
     "15m", "warning", "Runner {{ $labels.runner }} writes metrics that are more than five minutes old."),
    ("RunnerMetricVolume",
     f"sum by ({RUNNER}) (scrape_samples_post_metric_relabeling{{{OURS}}})"
     f" > 2 * sum by ({RUNNER}) (avg_over_time(scrape_samples_post_metric_relabeling{{{OURS}}}[1d] offset 1h))",
     "30m", "warning", "Runner {{ $labels.runner }} sends more than twice as many samples as the day before."),
    ("RunnerCertificateExpires",
     f"min by ({RUNNER}, app) (probe_ssl_earliest_cert_expiry{{{OURS}}} - time()) < 14 * 86400", "1h", "warning",
     "The certificate of {{ $labels.app }} of runner {{ $labels.runner }} ends within two weeks."),
    ("RunnerImageUpdaterFailed",
     f'max by ({RUNNER}, job_name) (kube_job_status_failed{{job_name=~".*-image-updater-[0-9]+", {OURS}}}) > 0', "0s", "warning",
     "The image updater of runner {{ $labels.runner }} failed."),
    ("RunnerVolumeNearlyFull",
     f"max by ({RUNNER}, persistentvolumeclaim) (kubelet_volume_stats_used_bytes{{{OURS}}} / kubelet_volume_stats_capacity_bytes{{{OURS}}}) > 0.9",
     "15m", "warning", "Volume {{ $labels.persistentvolumeclaim }} of runner {{ $labels.runner }} is more than 90 percent full."),
]


def prometheus():
    """Groups as in a rule file of Prometheus and in a PrometheusRule."""
    rules = [
        {"alert": name, "expr": expr, "for": held, "labels": {"severity": severity, "component": "runner"}, "annotations": {"summary": says}}
        for name, expr, held, severity, says in RULES
    ]
    return {"groups": [{"name": GROUP, "interval": "1m", "rules": rules}]}


def grafana():
    """Groups as in a provisioning file of Grafana, which replaces `$name` by the environment's and `$$` by `$`."""

    def rule(name, expr, held, severity, says):
        query = {
            "refId": "A",
            "relativeTimeRange": {"from": 900, "to": 0},
            "datasourceUid": "$PROMETHEUS_DATASOURCE_UID",
            "model": {"refId": "A", "expr": expr.replace("$", "$$"), "instant": True, "intervalMs": 60000, "maxDataPoints": 43200},
        }
        # The expression holds a series for each alert: any value fires.
        condition = {
            "refId": "B",
            "relativeTimeRange": {"from": 0, "to": 0},
            "datasourceUid": "__expr__",
            "model": {"refId": "B", "type": "math", "expression": "is_number($$A) || is_inf($$A)"},
        }
        return {
            "uid": "kubiya-" + name.lower(),
            "title": name,
            "condition": "B",
            "data": [query, condition],
            "for": held,
            "noDataState": "OK",
            "execErrState": "Error",
            "labels": {"severity": severity, "component": "runner"},
            "annotations": {"summary": says.replace("$", "$$")},
        }

    group = {"orgId": 1, "name": GROUP, "folder": "Kubiya Runners", "interval": "1m", "rules": [rule(*each) for each in RULES]}
    return {"apiVersion": 1, "groups": [group]}
