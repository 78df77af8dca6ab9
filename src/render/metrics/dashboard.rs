//! The dashboard as Grafana imports it.

use serde_json::{Value, json};

use crate::{
    render::{json::to_writer, prelude::*},
    report::metrics::panels::PANELS,
};

/// Columns of Grafana's grid; two panels are side by side.
const COLUMNS: usize = 24;
const HEIGHT: usize = 8;

/// Writes the dashboard.
pub fn write(out: &mut dyn Write, catalogue: &Catalogue) -> io::Result<()> {
    let source = json!({"type": "prometheus", "uid": "${source}"});
    let panels: Vec<Value> = PANELS
        .iter()
        .enumerate()
        .map(|(number, panel)| {
            let targets: Vec<Value> = panel
                .expressions()
                .zip("ABCDEFGH".chars())
                .map(|((expression, legend), id)| {
                    json!({"refId": id, "datasource": source, "expr": expression, "legendFormat": legend})
                })
                .collect();
            json!({
                "id": number + 1,
                "type": "timeseries",
                "title": catalogue.text(panel.title),
                "datasource": source,
                "gridPos": {"h": HEIGHT, "w": COLUMNS / 2, "x": number % 2 * (COLUMNS / 2), "y": number / 2 * HEIGHT},
                "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
                "targets": targets,
            })
        })
        .collect();
    let hosts = json!({
        "name": "host",
        "type": "query",
        "datasource": source,
        "query": "label_values(sockdoc_build_info, instance)",
        "refresh": 2,
        "multi": true,
        "includeAll": true,
        "allValue": ".*",
        "current": {"text": ["All"], "value": ["$__all"]},
    });
    let dashboard = json!({
        "title": "sockdoc",
        "uid": "sockdoc",
        "tags": ["sockdoc", "sockets"],
        "schemaVersion": 39,
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "templating": {"list": [{"name": "source", "type": "datasource", "query": "prometheus"}, hosts]},
        "panels": panels,
    });
    to_writer(out, &dashboard)?;
    writeln!(out)
}
