"""Owns the questions that dashboards and alerts share: how a runner fares, out of the metrics that the jobs deliver."""

OURS = 'kubiya_type="customers-runners"'
# The runners that a dashboard's variables choose.
CHOSEN = 'organization=~"$organization", runner=~"$runner", namespace=~"$namespace"'
COMPONENT = "label_app_kubernetes_io_kubiya_runner_component"
RUNNER = "organization, runner"
POD = "organization, runner, namespace, pod"


def pods(who, more=""):
    """The pods of components, each with the value 1: not those of Jobs, which end."""
    return f'kube_pod_labels{{{COMPONENT}!="", label_job_name="", {who}{more}}}'


def success(good, total):
    """Requests that succeeded, in percent; nothing while there are none."""
    return f"100 * {good} / ({total} > 0)"


def agent_manager(who, by, window="5m"):
    def rate(more):
        return f"sum by ({by}) (rate(agent_manager_http_requests_total{{{more}{who}}}[{window}]))"

    return success(rate('status=~"2..", '), rate(""))


def tool_manager(who, by, window="5m"):
    good = f'sum by ({by}) (rate(response_status{{status=~"2..", app="tool-manager", {who}}}[{window}]))'
    return success(good, f'sum by ({by}) (rate(http_requests_total{{app="tool-manager", {who}}}[{window}]))')


def ready(who, by):
    """Pods that are ready, in percent."""
    return (
        f'100 * avg by ({by}) (avg_over_time(kube_pod_status_ready{{condition="true", {who}}}[5m])'
        f" * on ({POD}) group_left ({COMPONENT}) {pods(who)})"
    )


def restarts(who, by, window="5m"):
    """Restarts of containers."""
    return (
        f"sum by ({by}) (increase(kube_pod_container_status_restarts_total{{{who}}}[{window}])"
        f" * on ({POD}) group_left ({COMPONENT}) {pods(who)})"
    )


def stability(who, by):
    """100 without a restart in five minutes, 0 with one or more."""
    return f"100 * (1 - clamp_max({restarts(who, by)}, 1))"


def probes(who, by):
    """Probes that succeeded, in percent."""
    return f'100 * avg by ({by}) (avg_over_time(probe_success{{exporter="blackbox-exporter", {who}}}[5m]))'


SIGNALS = [
    ("Requests to the agent manager", 0.15, agent_manager),
    ("Requests to the tool manager", 0.15, tool_manager),
    ("Pods ready", 0.20, ready),
    ("No restarts", 0.25, stability),
    ("Probes", 0.25, probes),
]


def score(who):
    """Mean of the signals by weight. A signal that is not there, as requests at night, does not count at all."""

    def union(each):
        named = [f'label_replace({each(weight, signal(who, RUNNER))}, "signal", "{name}", "", "")' for name, weight, signal in SIGNALS]
        return f"sum by ({RUNNER}) (" + " or ".join(named) + ")"

    return union(lambda weight, value: f"{weight} * ({value})") + " / " + union(lambda weight, value: f"{weight} * ({value} >= bool 0)")
