"""Owns Grafana's model as far as our dashboards use it: panels, variables, layout. Knows no metric."""

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
GREEN, YELLOW, ORANGE, RED = "green", "yellow", "orange", "red"


def steps(base, *rest):
    """Thresholds: a colour, then pairs of a value and the colour from there on."""
    pairs = [(None, base), *zip(rest[::2], rest[1::2])]
    return {"mode": "absolute", "steps": [{"color": colour, "value": value} for value, colour in pairs]}


# A percentage that should be 100.
HEALTH = steps(RED, 80, ORANGE, 90, YELLOW, 99, GREEN)
NEUTRAL = steps(GREEN)


def query(expr, legend="", instant=False, table=False, heatmap=False):
    kind = "table" if table else "heatmap" if heatmap else "time_series"
    found = {"datasource": DATASOURCE, "editorMode": "code", "expr": expr, "format": kind, "legendFormat": legend or "__auto"}
    found["instant" if instant else "range"] = True
    return found


def panel(kind, title, queries, unit="short", width=8, height=8, thresholds=NEUTRAL, description="", **more):
    """A panel without place and id, which the dashboard gives it. `more` has defaults of fields and options."""
    targets = [{**found, "refId": chr(ord("A") + index)} for index, found in enumerate(queries)]
    defaults = {"unit": unit, "thresholds": thresholds, "mappings": more.pop("mappings", [])}
    for key in ("min", "max", "decimals"):
        if key in more:
            defaults[key] = more.pop(key)
    if kind == "state-timeline":
        defaults["color"] = {"mode": "thresholds"}
    made = {
        "type": kind,
        "title": title,
        "description": description,
        "datasource": DATASOURCE,
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": more.pop("options", {}),
        "targets": targets,
        "gridPos": {"w": width, "h": height},
    }
    return {**{key: value for key, value in made.items() if value != ""}, **more}


def graph(title, queries, **more):
    return panel("timeseries", title, queries, **more)


def stat(title, queries, **more):
    more.setdefault("options", {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}, "textMode": "auto"})
    return panel("stat", title, [{**found} for found in queries], **{"width": 6, "height": 4, **more})


def timeline(title, queries, **more):
    return panel("state-timeline", title, queries, **{"unit": "percent", "min": 0, "max": 100, "thresholds": HEALTH, **more})


def table(title, queries, hidden=(), names=None, **more):
    """A table of instant queries, joined by their labels."""
    excluded = {name: True for name in ("Time", "__name__", "job", "instance", "exporter", "kubiya_type", "cluster", *hidden)}
    organize = {"id": "organize", "options": {"excludeByName": excluded, "renameByName": names or {}, "indexByName": {}}}
    merge = [{"id": "merge", "options": {}}] if len(queries) > 1 else []
    return panel("table", title, queries, **{"width": 24, "transformations": [*merge, organize], **more})


def heatmap(title, expr, **more):
    options = {"calculate": False, "yAxis": {"unit": "s"}, "color": {"mode": "scheme", "scheme": "Oranges"}}
    return panel("heatmap", title, [query(expr, "{{le}}", heatmap=True)], options=options, **more)


def row(title, repeat=None):
    made = {"type": "row", "title": title, "collapsed": False, "panels": [], "gridPos": {"w": 24, "h": 1}}
    return {**made, "repeat": repeat} if repeat else made


def datasource():
    return {"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus", "refresh": 1}


def variable(name, label, expr, multi=False, every=False):
    made = {
        "name": name,
        "label": label,
        "type": "query",
        "datasource": DATASOURCE,
        "definition": expr,
        "query": {"query": expr, "refId": name},
        "refresh": 2,
        "sort": 1,
        "multi": multi,
        "includeAll": every,
    }
    if every:
        made["allValue"] = ".+"
        made["current"] = {"selected": True, "text": "All", "value": "$__all"}
    return made


def place(panels):
    """Gives every panel its id and its place: from left to right, in lines as high as their highest panel."""
    placed, x, y, line = [], 0, 0, 0
    for number, made in enumerate(panels, start=1):
        width, height = made["gridPos"]["w"], made["gridPos"]["h"]
        if x + width > 24:
            x, y, line = 0, y + line, 0
        placed.append({**made, "id": number, "gridPos": {"x": x, "y": y, "w": width, "h": height}})
        x, line = x + width, max(line, height)
    return placed


def dashboard(uid, title, variables, panels, description, since="now-6h", refresh="1m", links=()):
    return {
        "uid": uid,
        "title": f"Kubiya Runners / {title}",
        "description": description,
        "tags": ["kubiya", "runner"],
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "graphTooltip": 1,
        "timezone": "browser",
        "time": {"from": since, "to": "now"},
        "refresh": refresh,
        "annotations": {"list": []},
        "links": list(links),
        "templating": {"list": [datasource(), *variables]},
        "panels": place(panels),
    }
