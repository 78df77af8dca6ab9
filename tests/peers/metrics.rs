//! `metrics` beside what reads them: promtool, a real Prometheus, and the strict parser of OpenMetrics.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use sockdoc::report::metrics::alerts::{ALERTS, Alert};
use sockdoc::report::metrics::panels::PANELS;

use super::program::{file, folder, need};
use crate::lab::actor::{Actor, stay};
use crate::lab::makers::{self, Unread};
use crate::lab::process::Process;
use crate::lab::program::{command, controlled, finish, run, without_system_call};
use crate::lab::sockets::Family;
use crate::lab::traffic::only_ports;

/// The tests, by name.
pub(crate) const TESTS: [(&str, fn()); 5] = [
    ("Prometheus: promtool takes figures and alert rules", promtool_takes_all),
    ("Prometheus: each alert fires on its fault and is silent on its twin", alerts_fire),
    ("Prometheus: the strict parser takes OpenMetrics", openmetrics_is_strict),
    (
        "Prometheus: a real one scrapes a host with every fault: every panel answers, every alert fires",
        a_real_one_scrapes,
    ),
    ("node_exporter: it takes the file, and counts the same sockets", node_exporter_counts_the_same),
];

fn printed(arguments: &[&str]) -> String {
    let said = run(arguments);
    assert_eq!(said.code, Some(0), "{said:?}");
    said.stdout
}

/// Network namespaces with names that end a label, a line or a text, where they are not escaped.
fn hostile_names() {
    need(&["ip"]);
    let long = "é".repeat(120);
    let names = ["a\"b\\c", "new\nline", "{x=\"1\"} 5", "\\", &long];
    for name in names {
        let said = finish(controlled("ip", &["netns", "add", name]));
        assert_eq!(said.code, Some(0), "{said:?}");
    }
    let labels = printed(&["metrics", "--netns", "all"]);
    let named =
        labels.lines().filter(|line| line.starts_with("sockdoc_tcp_sockets{") && line.contains("\"listen\"")).count();
    assert_eq!(named, names.len() + 1, "{labels}");
}

fn promtool_takes_all() {
    need(&["promtool"]);
    hostile_names();
    let figures = file("figures", &printed(&["metrics", "--with", "peers", "--deep", "--netns", "all"]));
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
    hostile_names();
    let options = ["--format", "openmetrics", "--with", "peers", "--deep", "--netns", "all"];
    let text = file("open", &printed(&[&["metrics"][..], &options].concat()));
    let script = format!(
        "from prometheus_client.openmetrics import parser\n\
         print(sum(len(f.samples) for f in parser.text_string_to_metric_families(open({text:?}).read())))"
    );
    let said = finish(controlled("python3", &["-c", &script]));
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.stdout.trim().parse::<u32>().expect("a number") > 100, "{said:?}");
}

/// Prometheus's answer to a query.
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

/// The values of a text in Prometheus' format, by name and labels; node_exporter sorts these.
fn values(text: &str) -> BTreeMap<String, f64> {
    let sorted = |series: &str| match series.split_once('{') {
        Some((name, labels)) => {
            let mut labels: Vec<&str> = labels.trim_end_matches('}').split_inclusive("\",").collect();
            labels.iter_mut().for_each(|label| *label = label.trim_end_matches(','));
            labels.sort_unstable();
            format!("{name}{{{}}}", labels.join(","))
        }
        None => series.to_owned(),
    };
    let samples = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.rsplit_once(' '));
    samples.map(|(name, value)| (sorted(name), value.parse().expect(name))).collect()
}

/// The response of a server on this host; `None` without one.
fn get(port: u16, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    let mut answer = String::new();
    write!(stream, "GET {path} HTTP/1.0\r\n\r\n").and_then(|()| stream.read_to_string(&mut answer)).ok()?;
    Some(answer.split_once("\r\n\r\n")?.1.to_owned())
}

/// An endpoint at a port, in words of a configuration that takes any leak for one.
fn endpoint(options: &[&str]) -> Process {
    let mut endpoint = command(&[&["metrics"], options].concat());
    endpoint.env("XDG_CONFIG_HOME", folder().join("config")).stderr(Stdio::null());
    Process::start(endpoint)
}

/// An endpoint at port 9978 that can read no sockets: netlink is refused to it, and `/proc` is not there.
fn blind_endpoint() -> Process {
    let listener = TcpListener::bind("127.0.0.1:9978").expect("a port");
    let line = format!(
        "export LISTEN_PID=$$ LISTEN_FDS=1; exec {} metrics --systemd 3<&0 0</dev/null",
        env!("CARGO_BIN_EXE_sockdoc")
    );
    let mut shell = without_system_call(controlled("sh", &["-c", &line]), libc::SYS_socket, libc::EPERM);
    shell.stdin(Stdio::from(OwnedFd::from(listener))).stderr(Stdio::null()).env("PROC_ROOT", "/nonexistent");
    Process::start(shell)
}

/// A program that opens files and closes none, up to its limit.
fn opener() -> Actor {
    Actor::start("opener", Some(100), |ready| {
        let open = || std::fs::File::open("/dev/null").expect("a file");
        let mut files: Vec<_> = (0..55).map(|_| open()).collect();
        ready.now();
        while files.len() < 95 {
            std::thread::sleep(Duration::from_millis(500));
            files.push(open());
        }
        stay();
    })
}

/// The rules with their waits cut short, for a day is not at hand.
fn hasty(rules: &str) -> String {
    let hold = |line: &str| if line.starts_with("        for: ") { "        for: 1s" } else { line }.to_owned();
    let rules = rules.lines().map(hold).collect::<Vec<_>>().join("\n");
    rules
        .replace("_oldest_seconds > 3600", "_oldest_seconds > 1")
        .replace("timestamp_seconds > 300", "timestamp_seconds > 5")
}

fn a_real_one_scrapes() {
    need(&["prometheus"]);
    only_ports(60);
    let _leak = makers::close_wait(Family::V4, 40, Unread::Nothing);
    let _pool = makers::established(Family::V4, 52);
    let _full = makers::full_accept_queue(Family::V4, 4, 2);
    let _opener = opener();
    let config = folder().join("config/sockdoc");
    std::fs::create_dir_all(&config).expect("a folder");
    std::fs::write(config.join("config.toml"), "[close-wait-leak]\nage = \"1s\"\nshare = \"0.001%\"\n")
        .expect("a configuration");
    let seeing = endpoint(&["--listen", "--deep", "--min-interval", "0s", "--top", "1"]);
    let _blind = blind_endpoint();
    let rules = file("rules.yml", &hasty(&printed(&["metrics", "--rules"])));
    let targets = "['127.0.0.1:9977', '127.0.0.1:9978']";
    let scrape = format!("scrape_configs: [{{job_name: sockdoc, static_configs: [{{targets: {targets}}}]}}]");
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
    until("both are scraped", || is_answered("count(up{job=\"sockdoc\"} == 1) == 2"));
    for (expression, _) in PANELS.iter().flat_map(|panel| panel.expressions()) {
        let expression = expression.replace("$host", ".*").replace("$__rate_interval", "10s");
        until(&expression, || is_answered(&expression));
    }
    let fires = |alert: &Alert| {
        let firing = format!("ALERTS{{alertname=\"{}\",alertstate=\"firing\"}}", alert.name);
        assert_eq!(query(alert.expression)["status"], "success", "as it is shipped: {}", alert.expression);
        until(&firing, || is_answered(&firing));
    };
    // Alerts about an endpoint that is no longer sampled, and that lost the data of --deep.
    let (later, now): (Vec<&Alert>, Vec<&Alert>) =
        ALERTS.iter().partition(|alert| ["SockdocRuleNotChecked", "SockdocStale"].contains(&alert.name));
    now.into_iter().for_each(fires);
    drop(seeing);
    until("the port is free", || TcpStream::connect("127.0.0.1:9977").is_err());
    let _lazy = endpoint(&["--listen", "--min-interval", "1h"]);
    later.into_iter().for_each(fires);
}

fn node_exporter_counts_the_same() {
    need(&["prometheus-node-exporter"]);
    let (_held, _) = makers::every_state(&[Family::V4, Family::V6], &[Family::V4]);
    let _waiting = makers::not_accepted(Family::V4, 7);
    let texts = folder().join("textfile");
    std::fs::create_dir(&texts).expect("a folder");
    let mut exporter = controlled(
        "prometheus-node-exporter",
        &[
            "--web.listen-address=127.0.0.1:9100",
            "--collector.disable-defaults",
            "--collector.tcpstat",
            "--collector.textfile",
            &format!("--collector.textfile.directory={}", texts.display()),
        ],
    );
    exporter.stdout(Stdio::null()).stderr(Stdio::null());
    let _exporter = Process::start(exporter);
    until("it listens", || get(9100, "/").is_some());
    let prom = texts.join("sockdoc.prom").display().to_string();
    let (theirs, ours) = (0..20)
        .find_map(|_| {
            // A socket that ends between the two samples would be in only one of the counts.
            let before = values(&printed(&["metrics"]));
            printed(&["metrics", "-o", &prom]);
            let theirs = values(&get(9100, "/metrics").expect("an answer"));
            let after = values(&printed(&["metrics"]));
            let states = |all: &BTreeMap<String, f64>| -> Vec<f64> {
                all.iter()
                    .filter(|(name, _)| name.starts_with("sockdoc_tcp_sockets"))
                    .map(|(_, value)| *value)
                    .collect()
            };
            let ours = values(&std::fs::read_to_string(&prom).expect("the file"));
            // The scrape itself leaves one TIME_WAIT.
            (states(&before) == states(&ours)
                && (states(&after).iter().sum::<f64>() - states(&ours).iter().sum::<f64>()) <= 1.0)
                .then_some((theirs, ours))
        })
        .expect("a moment in which nothing ends");
    assert_eq!(theirs["node_textfile_scrape_error"], 0.0);
    for (name, value) in &ours {
        let shown = theirs.get(name).unwrap_or_else(|| panic!("{name} is not in {theirs:#?}"));
        assert!((shown - value).abs() <= value.abs() * 1e-6, "{name}: {value}, from node_exporter {shown}");
    }
    let sum = |name: &str| {
        ours.iter().filter(|(one, _)| one.split('{').next() == Some(name)).map(|(_, value)| value).sum::<f64>()
    };
    let of = |state: &str| theirs.get(&format!("node_tcp_connection_states{{state=\"{state}\"}}")).copied();
    for (name, count) in ours.iter().filter(|(name, _)| name.starts_with("sockdoc_tcp_sockets")) {
        let state = name.split('"').nth(1).expect("a state");
        // The connection of the scrape has two ends on this host, and a state without sockets no series.
        let expected = count + if state == "established" { 2.0 } else { 0.0 };
        assert_eq!(of(state), (expected > 0.0).then_some(expected), "{state}");
    }
    let (received, sent) = (sum("sockdoc_receive_queue_bytes"), sum("sockdoc_send_queue_bytes"));
    let (queued, limits) = (sum("sockdoc_listener_accept_queue"), sum("sockdoc_listener_accept_queue_limit"));
    assert_eq!(
        (queued > 0.0, of("rx_queued_bytes")),
        (true, Some(received + queued)),
        "with the connections of accept queues"
    );
    assert_eq!(of("tx_queued_bytes"), Some(sent + limits), "with the limits of accept queues");
}
