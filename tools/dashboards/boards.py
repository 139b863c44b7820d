"""Owns what each dashboard shows."""

from model import GREEN, ORANGE, RED, YELLOW, dashboard, graph, heatmap, panel, query, row, stat, steps, table, timeline, variable
from queries import CHOSEN, COMPONENT, OURS, POD, RUNNER, SIGNALS, agent_manager, pods, probes, ready, restarts, score, tool_manager

ORGANIZATION = variable("organization", "Organization", f"label_values(up{{{OURS}}}, organization)")


def whose(multi=False):
    """Variables that choose runners: one, or several of an organization."""
    runner = f'label_values(up{{{OURS}, organization=~"$organization"}}, runner)'
    namespace = f'label_values(up{{{OURS}, organization=~"$organization", runner=~"$runner"}}, namespace)'
    return [
        ORGANIZATION,
        variable("runner", "Runner", runner, multi=multi, every=multi),
        variable("namespace", "Namespace", namespace, multi=True, every=True),
    ]


OVERVIEW = "/d/kubiya-runner-overview?var-organization=${__field.labels.organization}&var-runner=${__field.labels.runner}"
LINK = [{"title": "This runner", "url": OVERVIEW}]
BACK = [{"type": "dashboards", "title": "Kubiya Runners", "tags": ["kubiya"], "asDropdown": True, "includeVars": True, "keepTime": True}]
UP = [{"type": "value", "options": {"0": {"text": "Down", "color": RED}, "1": {"text": "Up", "color": GREEN}}}]


def linked(made):
    made["fieldConfig"]["defaults"]["links"] = LINK
    return made


def all_runners():
    name = "{{organization}} / {{runner}}"
    detail = [timeline(title, [query(signal(OURS, RUNNER), name)], width=24, height=6) for title, _, signal in SIGNALS]
    versions = f'count by (organization, runner, namespace, label_helm_sh_chart, label_app_kubernetes_io_version) (kube_pod_labels{{{OURS}, {COMPONENT}!=""}})'
    return dashboard(
        "kubiya-runners-all",
        "All runners",
        [],
        [
            linked(stat("Health", [query(score(OURS), name)], unit="percent", width=24, height=7, decimals=1,
                        thresholds=steps(RED, 80, ORANGE, 90, YELLOW, 99, GREEN),
                        description="Weighted mean of what is known of a runner: requests that succeed (30 %), probes (25 %), no restarts (25 %), pods that are ready (20 %). What is not known does not count.")),
            linked(panel("status-history", "Health over time", [query(score(OURS), name)], unit="percent", width=24, min=0, max=100,
                         thresholds=steps(RED, 80, ORANGE, 90, YELLOW, 99, GREEN))),
            row("Signals"),
            *detail,
            row("Versions"),
            table("Charts installed", [query(versions, instant=True, table=True)],
                  names={"label_helm_sh_chart": "chart", "label_app_kubernetes_io_version": "version", "Value": "pods"}),
        ],
        "How all runners fare, with a link to each.",
        refresh="5m",
    )


def overview():
    images = f'count by (pod, container, image) (kube_pod_container_info{{{CHOSEN}}})'
    labels = f"count by (pod, {COMPONENT}, label_app_kubernetes_io_version, label_helm_sh_chart) ({pods(CHOSEN)})"
    return dashboard(
        "kubiya-runner-overview",
        "Runner",
        whose(),
        [
            stat("Health", [query(score(CHOSEN), "{{runner}}")], unit="percent", decimals=1, thresholds=steps(RED, 80, ORANGE, 90, YELLOW, 99, GREEN)),
            stat("Pods not ready", [query(f'count(kube_pod_status_ready{{condition="true", {CHOSEN}}} * on ({POD}) group_left () {pods(CHOSEN)} == 0) or vector(0)', "pods")], thresholds=steps(GREEN, 1, RED)),
            stat("Restarts in an hour", [query(f"sum({restarts(CHOSEN, COMPONENT, '1h')})", "restarts")], decimals=0, thresholds=steps(GREEN, 1, YELLOW, 5, RED)),
            stat("Targets down", [query(f"count(up{{{CHOSEN}}} == 0) or vector(0)", "targets")], thresholds=steps(GREEN, 1, RED)),
            timeline("Pods ready", [query(ready(CHOSEN, COMPONENT), f"{{{{{COMPONENT}}}}}")], width=12),
            timeline("Probes", [query(probes(CHOSEN, "app"), "{{app}}")], width=12),
            graph("Restarts in five minutes", [query(restarts(CHOSEN, COMPONENT), f"{{{{{COMPONENT}}}}}")], width=12, thresholds=steps(GREEN, 1, YELLOW, 5, ORANGE, 15, RED), min=0),
            timeline("Requests that succeed", [query(agent_manager(CHOSEN, "app", "$__rate_interval"), "agent-manager"), query(tool_manager(CHOSEN, "app", "$__rate_interval"), "tool-manager")], width=12),
            table("Components", [query(labels, instant=True, table=True)], hidden=("Value",),
                  names={COMPONENT: "component", "label_app_kubernetes_io_version": "version", "label_helm_sh_chart": "chart"}),
            table("Images", [query(images, instant=True, table=True)], hidden=("Value",)),
        ],
        "How one runner fares.",
        since="now-24h",
        refresh="5m",
        links=BACK,
    )


def components():
    component = variable("component", "Component", f"label_values(kube_pod_labels{{{OURS}, organization=~\"$organization\", runner=~\"$runner\"}}, {COMPONENT})", multi=True, every=True)
    mine = f'{CHOSEN}, app=~"$component"'
    of_pods = f'{COMPONENT}=~"$component"'

    def only(expr):
        return expr.replace(f'{COMPONENT}!=""', of_pods)

    return dashboard(
        "kubiya-runner-components",
        "Runner, by component",
        [*whose(multi=True), component],
        [
            row("$runner", repeat="runner"),
            timeline("Pods ready", [query(only(ready(CHOSEN, COMPONENT)), f"{{{{{COMPONENT}}}}}")], width=12, thresholds=steps(RED, 70, ORANGE, 90, YELLOW, 100, GREEN)),
            timeline("Probes", [query(probes(mine, "app"), "{{app}}")], width=12, thresholds=steps(RED, 80, ORANGE, 95, YELLOW, 100, GREEN)),
            timeline("Requests that succeed", [query(agent_manager(mine, "app"), "agent-manager"), query(tool_manager(mine, "app"), "tool-manager")], width=12, thresholds=steps(RED, 80, ORANGE, 95, YELLOW, 100, GREEN)),
            graph("Restarts in five minutes", [query(only(restarts(CHOSEN, COMPONENT)), f"{{{{{COMPONENT}}}}}")], width=12, thresholds=steps(GREEN, 1, YELLOW, 2, ORANGE, 4, RED), min=0),
            table("Images", [query(f"count by (runner, pod, container, image) (kube_pod_container_info{{{CHOSEN}}} * on ({POD}) group_left ({COMPONENT}) {only(pods(CHOSEN))})", instant=True, table=True)], hidden=("Value",)),
        ],
        "The components of one runner or several.",
        since="now-1h",
        links=BACK,
    )


def agent_manager_board():
    requests = f"agent_manager_http_requests_total{{{CHOSEN}}}"
    seconds = "agent_manager_http_request_duration_seconds"
    runs = "agent_manager_tool_run"

    def share(status):
        return f'100 * sum by (handler) (rate(agent_manager_http_requests_total{{status=~"{status}", {CHOSEN}}}[$__rate_interval])) / (sum by (handler) (rate({requests}[$__rate_interval])) > 0)'

    def quantile(share, metric, by=""):
        return f"histogram_quantile({share}, sum by ({by}le) (rate({metric}_bucket{{{CHOSEN}}}[$__rate_interval])))"

    average = f"sum by (handler) (rate({seconds}_sum{{{CHOSEN}}}[$__rate_interval])) / (sum by (handler) (rate({seconds}_count{{{CHOSEN}}}[$__rate_interval])) > 0)"
    return dashboard(
        "kubiya-runner-agent-manager",
        "Agent manager",
        whose(),
        [
            stat("Requests in the range", [query(f"sum(increase({requests}[$__range]))", "requests", instant=True)], decimals=0),
            stat("Tool runs in the range", [query(f"sum(increase({runs}_counter_total{{{CHOSEN}}}[$__range]))", "runs", instant=True)], decimals=0),
            stat("Failed tool runs in the range", [query(f"sum(increase({runs}_failure_counter_total{{{CHOSEN}}}[$__range]))", "failures", instant=True)], decimals=0, thresholds=steps(GREEN, 1, RED)),
            stat("Targets up", [query(f'sum(up{{app="agent-manager", {CHOSEN}}})', "up")]),
            graph("Requests per second", [query(f"sum by (method, handler) (rate({requests}[$__rate_interval]))", "{{method}} {{handler}}")], unit="reqps", width=12),
            graph("Average duration of requests", [query(average, "{{handler}}")], unit="s", width=12),
            graph("Requests with a status of 2xx", [query(share("2.."), "{{handler}}")], unit="percent", width=8, min=0, max=100),
            graph("Requests with a status of 5xx", [query(share("5.."), "{{handler}}")], unit="percent", width=8, min=0, max=100, thresholds=steps(GREEN, 1, RED)),
            graph("Duration of 99 % of requests", [query(quantile(0.99, seconds, "handler, "), "{{handler}}")], unit="s", width=8),
            graph("Duration of requests", [query(quantile(share, "agent_manager_http_request_duration_highr_seconds"), name) for share, name in ((0.5, "50 %"), (0.95, "95 %"))], unit="s"),
            graph("Tool runs per second", [query(f"sum(rate({runs}_{kind}counter_total{{{CHOSEN}}}[$__rate_interval]))", name) for kind, name in (("", "all"), ("success_", "succeeded"), ("failure_", "failed"))], unit="ops"),
            graph("Duration of tool runs", [query(quantile(share, f"{runs}_duration"), name) for share, name in ((0.5, "50 %"), (0.95, "95 %"))], unit="s"),
            graph("Failed tool runs in a day", [query(f"sum by (runner) (increase({runs}_failure_counter_total{{{CHOSEN}}}[24h]))", "{{runner}}")], width=24, min=0),
        ],
        "Requests to the agent manager and the tools that it ran.",
        since="now-1h",
        links=BACK,
    )


def tool_manager_board():
    mine = f'{CHOSEN}, app="tool-manager"'
    return dashboard(
        "kubiya-runner-tool-manager",
        "Tool manager",
        whose(),
        [
            graph("CPU use by core", [query(f"cpu_usage{{{mine}}}", "{{pod}} {{core}}")], unit="percent", width=12, thresholds=steps(GREEN, 70, YELLOW, 85, RED), min=0),
            graph("Memory use", [query(f"memory_usage{{{mine}}}", "{{pod}} {{type}}")], unit="percent", width=12, thresholds=steps(GREEN, 60, YELLOW, 80, RED), min=0),
            graph("Requests per second", [query(f"sum by (handler) (rate(http_requests_total{{{mine}}}[$__rate_interval]))", "{{handler}}")], unit="reqps"),
            graph("Answers per second", [query(f"sum by (status) (rate(response_status{{{mine}}}[$__rate_interval]))", "{{status}}")], unit="reqps"),
            timeline("Requests that succeed", [query(tool_manager(CHOSEN, "pod", "$__rate_interval"), "{{pod}}")]),
            heatmap("Duration of requests", f"sum by (le) (increase(http_request_duration_highr_seconds_bucket{{{mine}}}[$__rate_interval]))", width=12),
            graph("Network", [
                query(f'sum by (pod) (rate(network_received_bytes{{interface="eth0", {mine}}}[$__rate_interval]))', "{{pod}} received"),
                query(f'-sum by (pod) (rate(network_sent_bytes{{interface="eth0", {mine}}}[$__rate_interval]))', "{{pod}} sent"),
            ], unit="Bps", width=12),
            graph("Goroutines and threads", [query(f"go_goroutines{{{mine}}}", "{{pod}} goroutines"), query(f"go_threads{{{mine}}}", "{{pod}} threads")], width=12),
            graph("Time of garbage collection", [query(f"rate(go_gc_duration_seconds_sum{{{mine}}}[$__rate_interval])", "{{pod}}")], unit="percentunit", width=12),
        ],
        "Requests to the tool manager and what it uses.",
        since="now-1h",
        links=BACK,
    )


def blackbox():
    app = variable("app", "Target", f'label_values(probe_success{{{OURS}, organization=~"$organization", runner=~"$runner"}}, app)', multi=True, every=True)
    mine = f'{CHOSEN}, app=~"$app"'

    def instant(expr):
        return query(f"sum by (runner, app, target) ({expr})", instant=True, table=True)

    days = f"(probe_ssl_earliest_cert_expiry{{{mine}}} - time()) / 86400"
    return dashboard(
        "kubiya-runner-probes",
        "Probes",
        [*whose(multi=True), app],
        [
            table("Now", [
                instant(f"probe_success{{{mine}}}"),
                instant(f"probe_http_status_code{{{mine}}} > 0"),
                instant(f"avg_over_time(probe_duration_seconds{{{mine}}}[5m])"),
                instant(f"avg_over_time(probe_dns_lookup_time_seconds{{{mine}}}[5m])"),
                instant(f"probe_http_ssl{{{mine}}} > 0"),
                instant(days),
                query(f"max by (runner, app, target, version) (probe_tls_version_info{{{mine}}})", instant=True, table=True),
            ], height=10, names={"Value #A": "up", "Value #B": "status", "Value #C": "seconds", "Value #D": "DNS seconds", "Value #E": "TLS", "Value #F": "days of certificate", "version": "TLS version"}, hidden=("Value #G",)),
            timeline("Probes that succeed", [query(probes(mine, "runner, app"), "{{runner}} {{app}}")], width=24),
            graph("Duration of probes", [query(f"sum by (runner, app) (probe_duration_seconds{{{mine}}})", "{{runner}} {{app}}")], unit="s", width=12, thresholds=steps(GREEN, 0.2, YELLOW, 0.5, RED)),
            graph("Duration of HTTP", [query(f"sum by (runner, app) (probe_http_duration_seconds{{{mine}}})", "{{runner}} {{app}}")], unit="s", width=12),
            row("$app", repeat="app"),
            graph("Phases", [query(f'sum by (runner, phase) (probe_http_duration_seconds{{{CHOSEN}, app="$app"}})', "{{runner}} {{phase}}")], unit="s", width=24),
        ],
        "What the components answer when they are asked from outside.",
        links=BACK,
    )


def blackbox_targets():
    target = variable("target", "Target", f'label_values(probe_success{{{OURS}, organization=~"$organization", runner=~"$runner"}}, target)', multi=True, every=True)
    phase = variable("phase", "Phase", f"label_values(probe_http_duration_seconds{{{OURS}}}, phase)", multi=True, every=True)
    mine = f'{CHOSEN}, target=~"$target"'
    name = "{{runner}} {{target}}"

    def now(title, metric, **more):
        return stat(title, [query(f"{metric}{{{mine}}}", name)], **more)

    return dashboard(
        "kubiya-runner-probe-targets",
        "Probes, by target",
        [*whose(multi=True), target, phase],
        [
            now("State", "probe_success", mappings=UP, thresholds=steps(RED, 1, GREEN)),
            now("Status", "probe_http_status_code", thresholds=steps(GREEN, 400, RED)),
            now("HTTP version", "probe_http_version", decimals=1),
            now("IP version", "probe_ip_protocol"),
            graph("Status over time", [query(f"probe_http_status_code{{{mine}}}", name)], width=12),
            graph("Duration", [query(f"probe_duration_seconds{{{mine}}}", name)], unit="s", width=12, thresholds=steps(GREEN, 0.2, YELLOW, 0.5, RED)),
            stat("Average duration", [query(f"avg_over_time(probe_duration_seconds{{{mine}}}[5m])", name)], unit="s", width=8, thresholds=steps(GREEN, 0.2, YELLOW, 0.5, RED)),
            stat("Average DNS lookup", [query(f"avg_over_time(probe_dns_lookup_time_seconds{{{mine}}}[5m])", name)], unit="s", width=8, thresholds=steps(GREEN, 0.025, YELLOW, 0.05, RED)),
            stat("Certificate ends in", [query(f"probe_ssl_earliest_cert_expiry{{{mine}}} - time()", name)], unit="s", width=8, thresholds=steps(RED, 604800, YELLOW, 1209600, GREEN)),
            graph("HTTP by phase", [query(f'sum by (runner, target, phase) (probe_http_duration_seconds{{{mine}, phase=~"$phase"}})', f"{name} {{{{phase}}}}")], unit="s", width=16),
            now("TLS", "probe_http_ssl", width=8, height=8, mappings=[{"type": "value", "options": {"0": {"text": "No"}, "1": {"text": "Yes"}}}]),
            table("TLS version", [query(f"probe_tls_version_info{{{mine}}}", instant=True, table=True)], hidden=("Value",), height=6),
        ],
        "Every target of the probes, one by one.",
        since="now-1h",
        links=BACK,
    )


def alloy():
    pod = variable("pod", "Pod", f'label_values(alloy_component_controller_running_components{{{OURS}, organization=~"$organization", runner=~"$runner"}}, pod)', multi=True, every=True)
    component = variable("component", "Alloy component", f"label_values(prometheus_remote_write_wal_samples_appended_total{{{OURS}}}, component_id)", multi=True, every=True)
    url = variable("url", "Endpoint", f"label_values(prometheus_remote_storage_sent_batch_duration_seconds_sum{{{OURS}}}, url)", multi=True, every=True)
    mine = f'{CHOSEN}, pod=~"$pod"'
    part = f'{mine}, component_id=~"$component"'
    sent = f'{part}, url=~"$url"'
    batch = "prometheus_remote_storage_sent_batch_duration_seconds"
    name = "{{runner}} {{url}}"

    def rate(metric, by="runner, url"):
        return f"sum by ({by}) (rate(prometheus_remote_storage_{metric}{{{sent}}}[$__rate_interval]))"

    def latency(share):
        return f"histogram_quantile({share}, sum by (le) (rate({batch}_bucket{{{sent}}}[$__rate_interval])))"

    failed = f"100 * (1 - {rate('samples_failed_total')} / ({rate('samples_total')} > 0))"
    delay = f"max by (runner, url) (prometheus_remote_storage_highest_timestamp_in_seconds{{{part}}} - ignoring (url, remote_name) group_right () prometheus_remote_storage_queue_highest_sent_timestamp_seconds{{{sent}}})"
    volume = f"sum by (organization, runner, job) (scrape_samples_post_metric_relabeling{{{CHOSEN}}})"
    return dashboard(
        "kubiya-runner-alloy",
        "Alloy",
        [*whose(multi=True), pod, component, url],
        [
            stat("Components running", [query(f'sum by (runner) (alloy_component_controller_running_components{{health_type="healthy", {mine}}})', "{{runner}}")]),
            stat("Components unhealthy", [query(f'sum by (runner) (alloy_component_controller_running_components{{health_type!="healthy", {mine}}})', "{{runner}}")], thresholds=steps(GREEN, 1, RED)),
            stat("Targets up", [query(f"100 * sum by (runner) (up{{{CHOSEN}}}) / count by (runner) (up{{{CHOSEN}}})", "{{runner}}")], unit="percent", thresholds=steps(RED, 80, ORANGE, 90, YELLOW, 100, GREEN)),
            stat("Samples written", [query(failed, name)], unit="percent", thresholds=steps(RED, 95, YELLOW, 99, GREEN)),
            graph("Duration of scrapes", [query(f"quantile({share}, scrape_duration_seconds{{{CHOSEN}}})", title) for share, title in ((0.5, "50 %"), (0.95, "95 %"), (0.99, "99 %"))], unit="s"),
            graph("Duration of writes", [query(latency(0.5), "50 %"), query(latency(0.99), "99 %"), query(f"sum(rate({batch}_sum{{{sent}}}[$__rate_interval])) / (sum(rate({batch}_count{{{sent}}}[$__rate_interval])) > 0)", "mean")], unit="s"),
            graph("Behind", [query(delay, name)], unit="s", thresholds=steps(GREEN, 60, YELLOW, 300, RED), description="Age of what was sent last."),
            graph("Bytes written", [query(f"{rate('bytes_total')} + {rate('metadata_bytes_total')}", name)], unit="Bps"),
            graph("Samples per second", [query(rate("samples_total"), f"{name} sent"), query(rate("samples_failed_total"), f"{name} failed"), query(rate("samples_retried_total"), f"{name} tried again")], unit="ops"),
            graph("Shards", [query(f"sum by (runner, url) (prometheus_remote_storage_shards{end}{{{sent}}})", f"{name} {title}") for end, title in (("", "now"), ("_min", "least"), ("_max", "most"))]),
            graph("Active series", [query(f"sum(prometheus_remote_write_wal_storage_active_series{{{part}}})", "all")]),
            graph("Active series by pod", [query(f"sum by (runner, pod) (prometheus_remote_write_wal_storage_active_series{{{part}}})", "{{runner}} {{pod}}")]),
            graph("Active series by Alloy component", [query(f"sum by (runner, component_id) (prometheus_remote_write_wal_storage_active_series{{{part}}})", "{{runner}} {{component_id}}")]),
            row("Volume"),
            graph("Samples of a scrape by job", [query(volume, "{{runner}} {{job}}")], width=12),
            stat("Samples in 30 days at this rate", [query(f"sum by (runner) (rate(prometheus_remote_write_wal_samples_appended_total{{{part}}}[1h])) * 86400 * 30", "{{runner}}")], width=12, height=8, decimals=0, description="What a server that charges by sample counts."),
        ],
        "How Alloy scrapes and writes, and how much.",
        since="now-1h",
        links=BACK,
    )


def kubernetes():
    def phase(metric, by):
        return f"sum by ({by}) ({metric}{{{CHOSEN}}})"

    return dashboard(
        "kubiya-runner-kubernetes",
        "Kubernetes",
        whose(),
        [
            stat("Pods that run", [query(f'sum(kube_pod_status_phase{{phase="Running", {CHOSEN}}})', "pods")]),
            stat("Pods that wait or failed", [query(f'sum(kube_pod_status_phase{{phase=~"Pending|Failed|Unknown", {CHOSEN}}})', "pods")], thresholds=steps(GREEN, 1, RED)),
            stat("CPU requested", [query(f'sum(kube_pod_container_resource_requests{{resource="cpu", {CHOSEN}}})', "cores")]),
            stat("Memory requested", [query(f'sum(kube_pod_container_resource_requests{{resource="memory", {CHOSEN}}})', "bytes")], unit="bytes"),
            row("Deployments and StatefulSets"),
            graph("Deployments", [query(phase("kube_deployment_spec_replicas", "deployment"), "{{deployment}} wanted"), query(phase("kube_deployment_status_replicas_available", "deployment"), "{{deployment}} available")], width=12),
            graph("StatefulSets", [query(phase("kube_statefulset_replicas", "statefulset"), "{{statefulset}} wanted"), query(phase("kube_statefulset_status_replicas_ready", "statefulset"), "{{statefulset}} ready")], width=12),
            row("Pods and containers"),
            graph("Pods by phase", [query(phase("kube_pod_status_phase", "phase"), "{{phase}}")]),
            graph("Containers that wait", [query(phase("kube_pod_container_status_waiting_reason", "container, reason"), "{{container}} {{reason}}")]),
            graph("Containers that ended", [query(phase("kube_pod_container_status_terminated_reason", "container, reason"), "{{container}} {{reason}}")]),
            graph("Requests and limits of CPU", [query(f'sum by (pod) (kube_pod_container_resource_{kind}{{resource="cpu", {CHOSEN}}})', f"{{{{pod}}}} {kind}") for kind in ("requests", "limits")], width=12),
            graph("Requests and limits of memory", [query(f'sum by (pod) (kube_pod_container_resource_{kind}{{resource="memory", {CHOSEN}}})', f"{{{{pod}}}} {kind}") for kind in ("requests", "limits")], unit="bytes", width=12),
            row("Jobs, autoscalers and claims"),
            graph("Jobs", [query(phase("kube_job_status_active", "job_name"), "{{job_name}} active"), query(phase("kube_job_status_failed", "job_name"), "{{job_name}} failed")]),
            graph("Autoscalers", [query(phase("kube_horizontalpodautoscaler_status_current_replicas", "horizontalpodautoscaler"), "{{horizontalpodautoscaler}} now"), query(phase("kube_horizontalpodautoscaler_spec_max_replicas", "horizontalpodautoscaler"), "{{horizontalpodautoscaler}} most")]),
            graph("Claims", [query(phase("kube_persistentvolumeclaim_resource_requests_storage_bytes", "persistentvolumeclaim"), "{{persistentvolumeclaim}}")], unit="bytes"),
            row("Use, with alloy.extraExporters.cadvisor.enabled"),
            graph("CPU", [query(f'sum by (pod) (rate(container_cpu_usage_seconds_total{{container!="", {CHOSEN}}}[$__rate_interval]))', "{{pod}}")]),
            graph("Memory", [query(f'sum by (pod) (container_memory_working_set_bytes{{container!="", {CHOSEN}}})', "{{pod}}")], unit="bytes"),
            graph("Claims in use", [query(f"100 * kubelet_volume_stats_used_bytes{{{CHOSEN}}} / kubelet_volume_stats_capacity_bytes{{{CHOSEN}}}", "{{persistentvolumeclaim}}")], unit="percent", min=0, max=100, thresholds=steps(GREEN, 80, YELLOW, 90, RED)),
        ],
        "The objects of a runner's namespace as Kubernetes sees them.",
        since="now-24h",
        refresh="5m",
        links=BACK,
    )


ALL = {
    "all-runners": all_runners,
    "runner": overview,
    "components": components,
    "agent-manager": agent_manager_board,
    "tool-manager": tool_manager_board,
    "probes": blackbox,
    "probe-targets": blackbox_targets,
    "alloy": alloy,
    "kubernetes": kubernetes,
}
