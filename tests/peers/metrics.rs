//! `metrics` beside what reads them: promtool, a real Prometheus, and the strict parser of OpenMetrics.

use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use sockdoc::report::metrics::{alerts::ALERTS, panels::PANELS};

use super::program::{file, folder, need};
use crate::lab::makers::{self, Unread};
use crate::lab::process::Process;
use crate::lab::program::{command, controlled, finish, run};
use crate::lab::sockets::Family;

/// What is shown, by name.
pub(crate) const TESTS: [(&str, fn()); 4] = [
    ("Prometheus: promtool takes figures and alert rules", promtool_takes_all),
    ("Prometheus: each alert fires on its fault and is silent on its twin", alerts_fire),
    ("Prometheus: the strict parser takes OpenMetrics", openmetrics_is_strict),
    ("Prometheus: a real one scrapes a leak: every panel answers, the alert fires", a_real_one_scrapes),
];

fn printed(arguments: &[&str]) -> String {
    let said = run(arguments);
    assert_eq!(said.code, Some(0), "{said:?}");
    said.stdout
}

fn promtool_takes_all() {
    need(&["promtool"]);
    let figures = file("figures", &printed(&["metrics", "--with", "peers", "--deep"]));
    let mut check = controlled("promtool", &["check", "metrics"]);
    check.stdin(std::fs::File::open(figures).expect("the figures"));
    let said = finish(check);
    assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""), "{said:?}");
    let rules = file("rules.yml", &printed(&["metrics", "--rules"]));
    let said = finish(controlled("promtool", &["check", "rules", &rules]));
    assert_eq!(said.code, Some(0), "{said:?}");
    let chinese = file("rules-zh.yml", &printed(&["--lang", "zh", "metrics", "--rules"]));
    assert_eq!(finish(controlled("promtool", &["check", "rules", &chinese])).code, Some(0));
}

/// Series, each with its values in the fault and in the twin.
type AlertSeries = &'static [(&'static str, &'static str, &'static str)];

/// For each alert the series of its fault and of its healthy twin, minute by minute.
const CASES: [(&str, AlertSeries); 11] = [
    (
        "SockdocCriticalIncident",
        &[("sockdoc_incidents{rule=\"listen-drops\",severity=\"critical\"}", "1x130", "0x130")],
    ),
    ("SockdocWarningIncident", &[("sockdoc_incidents{rule=\"listen-drops\",severity=\"warning\"}", "1x130", "0x130")]),
    (
        "SockdocCloseWaitLeak",
        &[
            ("sockdoc_unit_tcp_sockets{unit=\"a\",state=\"close_wait\"}", "40x130", "40x130"),
            ("sockdoc_unit_close_wait_oldest_seconds{unit=\"a\"}", "4000x130", "30x130"),
        ],
    ),
    (
        "SockdocAcceptQueueNearlyFull",
        &[
            ("sockdoc_listener_accept_queue{listen=\"*:80\",unit=\"a\"}", "120x130", "12x130"),
            ("sockdoc_listener_accept_queue_limit{listen=\"*:80\",unit=\"a\"}", "128x130", "128x130"),
        ],
    ),
    ("SockdocListenerDrops", &[("sockdoc_listener_drops_total{listen=\"*:80\",unit=\"a\"}", "0+10x130", "7x130")]),
    ("SockdocPortsRunOut", &[("sockdoc_destination_ports_used_ratio", "0.9x130", "0.5x130")]),
    ("SockdocFilesRunOut", &[("sockdoc_unit_files_used_ratio{unit=\"a\"}", "0.3+0.005x130", "0.6x130")]),
    ("SockdocRuleNotChecked", &[("sockdoc_rule_checked{rule=\"listen-drops\"}", "1x20 0x110", "0x130")]),
    ("SockdocStale", &[("sockdoc_last_collect_timestamp_seconds", "0x130", "0+60x130")]),
    ("SockdocCollectFailed", &[("sockdoc_collect_success", "0x130", "1x130")]),
    ("SockdocSeriesDropped", &[("sockdoc_series_dropped{family=\"x\"}", "5x130", "0x130")]),
];

fn alerts_fire() {
    need(&["promtool"]);
    assert_eq!(ALERTS.each_ref().map(|alert| alert.name), {
        let mut names = CASES.map(|(name, _)| name);
        let place = |name: &str| ALERTS.iter().position(|alert| alert.name == name);
        names.sort_by_key(|name| place(name));
        names
    });
    let rules = file("rules.yml", &printed(&["metrics", "--rules"]));
    let mut text = format!("rule_files: ['{rules}']\nevaluation_interval: 1m\ntests:\n");
    for (name, series) in CASES {
        for fires in [true, false] {
            text.push_str("  - interval: 1m\n    input_series:\n");
            for (series, fault, twin) in series {
                let values = if fires { fault } else { twin };
                writeln!(text, "      - {{series: '{series}', values: '{values}'}}").expect("a string");
            }
            let samples = if fires { "[{labels: '{}', value: 1}]" } else { "[]" };
            let firing = format!("count(ALERTS{{alertname=\"{name}\",alertstate=\"firing\"}})");
            writeln!(text, "    promql_expr_test:\n      - expr: '{firing}'\n        eval_time: 100m")
                .expect("a string");
            writeln!(text, "        exp_samples: {samples}").expect("a string");
        }
    }
    let said = finish(controlled("promtool", &["test", "rules", &file("test.yml", &text)]));
    assert_eq!(said.code, Some(0), "{}\n{}", said.stdout, said.stderr);
}

fn openmetrics_is_strict() {
    need(&["python3"]);
    let has = finish(controlled("python3", &["-c", "import prometheus_client"]));
    if has.code != Some(0) {
        crate::lab::peer::lacks_server("prometheus_client (pip)");
    }
    let _leak = makers::close_wait(Family::V4, 3, Unread::Nothing);
    let text = file("open", &printed(&["metrics", "--format", "openmetrics", "--with", "peers", "--deep"]));
    let script = format!(
        "from prometheus_client.openmetrics import parser\n\
         print(sum(len(f.samples) for f in parser.text_string_to_metric_families(open({text:?}).read())))"
    );
    let said = finish(controlled("python3", &["-c", &script]));
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.stdout.trim().parse::<u32>().expect("a number") > 100, "{said:?}");
}

/// What Prometheus answers to a query.
fn query(expression: &str) -> Value {
    let encoded: String = expression.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let mut stream = TcpStream::connect("127.0.0.1:9090").expect("Prometheus");
    write!(stream, "GET /api/v1/query?query={encoded} HTTP/1.0\r\n\r\n").expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let body = answer.split_once("\r\n\r\n").expect("a head").1;
    // It listens before it is ready.
    if answer.split(' ').nth(1) == Some("503") {
        return Value::Null;
    }
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"))
}

fn is_answered(expression: &str) -> bool {
    query(expression)["data"]["result"].as_array().is_some_and(|result| !result.is_empty())
}

fn until(what: &str, holds: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(300));
    }
}

fn a_real_one_scrapes() {
    need(&["prometheus"]);
    let _leak = makers::close_wait(Family::V4, 40, Unread::Nothing);
    let config = folder().join("config/sockdoc");
    std::fs::create_dir_all(&config).expect("a folder");
    std::fs::write(config.join("config.toml"), "[close-wait-leak]\nage = \"1s\"\nshare = \"0.001%\"\n")
        .expect("a configuration");
    let mut endpoint = command(&["metrics", "--listen", "--deep", "--min-interval", "0s"]);
    endpoint.env("XDG_CONFIG_HOME", folder().join("config")).stderr(Stdio::null());
    let _endpoint = Process::start(endpoint);
    let rules = printed(&["metrics", "--rules"]);
    let short: Vec<&str> =
        rules.lines().map(|line| if line.starts_with("        for: ") { "        for: 1s" } else { line }).collect();
    let rules = file("rules.yml", &short.join("\n"));
    let scrape = "scrape_configs: [{job_name: sockdoc, static_configs: [{targets: ['127.0.0.1:9977']}]}]";
    let global = "global: {scrape_interval: 1s, evaluation_interval: 1s}";
    let config = file("prometheus.yml", &format!("{global}\nrule_files: ['{rules}']\n{scrape}\n"));
    let data = folder().join("data").display().to_string();
    let options = [
        format!("--config.file={config}"),
        format!("--storage.tsdb.path={data}"),
        "--web.listen-address=127.0.0.1:9090".to_owned(),
    ];
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let mut prometheus = controlled("prometheus", &options);
    prometheus.stdout(Stdio::null()).stderr(Stdio::null());
    let _prometheus = Process::start(prometheus);
    until("Prometheus listens", || TcpStream::connect("127.0.0.1:9090").is_ok());
    until("a scrape goes well", || is_answered("up{job=\"sockdoc\"} == 1"));
    let panels = PANELS.iter().flat_map(|panel| panel.expressions());
    for (expression, _) in panels {
        let expression = expression.replace("$host", ".*").replace("$__rate_interval", "10s");
        until(&expression, || is_answered(&expression));
    }
    let firing =
        "ALERTS{alertname=~\"Sockdoc(Critical|Warning)Incident\",alertstate=\"firing\",rule=~\"close-wait.*\"}";
    until(firing, || is_answered(firing));
}
