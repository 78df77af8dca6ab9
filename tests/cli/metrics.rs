//! `metrics`: what it refuses, and what it prints besides figures.

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
    let dashboard: serde_json::Value = serde_json::from_str(&good(["metrics", "--dashboard"])).unwrap();
    assert!(dashboard["panels"].as_array().unwrap().len() >= 15);
}
