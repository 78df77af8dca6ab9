//! `metrics`: refusals, and output other than figures.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::program::{good, refused, sockdoc};

pub(crate) fn a_wrong_command_for_metrics_is_refused_by_name() {
    for (arguments, named) in [
        (&["metrics", "--max-series", "10"][..], "200"),
        (&["metrics", "--top", "0"], "--top"),
        (&["metrics", "--with", "pids"], "pids"),
        (&["metrics", "--format", "json"], "json"),
        (&["metrics", "--rules", "--dashboard"], "--dashboard"),
        (&["metrics", "-o", ""], ""),
    ] {
        let line = refused(&mut sockdoc(arguments));
        assert!(line.contains(named) && line.is_ascii(), "{arguments:?}: {line}");
        refused(sockdoc(["--lang", "zh"]).args(arguments));
    }
}

pub(crate) fn figures_are_the_same_in_every_language_and_alerts_are_not() {
    let names =
        |text: &str| -> Vec<String> { text.lines().filter(|line| line.starts_with('#')).map(str::to_owned).collect() };
    assert_eq!(names(&good(["metrics"])), names(&good(["--lang", "zh", "metrics"])));
    let rules = good(["--lang", "zh", "metrics", "--rules"]);
    assert!(rules.contains("全连接队列") && rules.contains("sockdoc explain {{ $labels.rule }}"), "{rules}");
}

pub(crate) fn the_dashboard_is_what_grafana_imports() {
    let [english, chinese] = ["en", "zh"].map(|lang| {
        let text = good(["--lang", lang, "metrics", "--dashboard"]);
        serde_json::from_str::<Value>(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    });
    let variables: Vec<&str> =
        english["templating"]["list"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(variables, ["source", "host"]);
    assert_eq!(english["templating"]["list"][0]["type"], "datasource");
    let panels = |dashboard: &Value| dashboard["panels"].as_array().unwrap().clone();
    let (mut ids, mut places, mut titles) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (panel, translated) in panels(&english).iter().zip(panels(&chinese)) {
        let place = &panel["gridPos"];
        let [x, y, width, height] = ["x", "y", "w", "h"].map(|key| place[key].as_u64().unwrap());
        assert!(width > 0 && height > 0 && x + width <= 24, "{panel:#}");
        let title = panel["title"].as_str().unwrap().to_owned();
        assert_ne!(translated["title"], panel["title"], "{title}");
        assert!(
            ids.insert(panel["id"].as_u64().unwrap()) && places.insert((x, y)) && titles.insert(title),
            "{panel:#}"
        );
        let targets = panel["targets"].as_array().unwrap();
        let names: BTreeSet<&str> = targets.iter().map(|target| target["refId"].as_str().unwrap()).collect();
        assert!(!targets.is_empty() && names.len() == targets.len(), "{panel:#}");
        for one in targets.iter().chain([panel]) {
            assert_eq!(one["datasource"], json!({"type": "prometheus", "uid": "${source}"}), "{panel:#}");
        }
        for target in targets {
            let expression = target["expr"].as_str().unwrap();
            assert!(expression.contains("instance=~\"$host\"") && !expression.contains('@'), "{expression}");
            assert!(!target["legendFormat"].as_str().unwrap().is_empty(), "{panel:#}");
        }
    }
    assert!(ids.len() >= 15, "{ids:?}");
}
