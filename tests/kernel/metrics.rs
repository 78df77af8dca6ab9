//! `metrics` on a real kernel: the figures are those of the sockets that are there, and a file is whole or the old one.

use std::{collections::BTreeMap, fs, os::unix::fs::PermissionsExt};

use super::{namespaces::elsewhere, states::sum};
use crate::lab::{
    counts::{Inet, State},
    makers::{self, Hangup, Unread},
    mass, peer,
    program::{controlled, finish, run},
    sockets::Family,
    traffic::{First, in_a_row, loopback, server},
};

/// The samples of an exposition, by name and labels.
pub(crate) fn samples(text: &str) -> BTreeMap<String, f64> {
    let samples = text.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let (series, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line}"));
        (series.to_owned(), value.parse().unwrap_or_else(|_| panic!("{line}")))
    });
    let samples: Vec<(String, f64)> = samples.collect();
    let by_name: BTreeMap<String, f64> = samples.iter().cloned().collect();
    assert_eq!(by_name.len(), samples.len(), "no series is there twice\n{text}");
    by_name
}

fn metrics(arguments: &[&str]) -> BTreeMap<String, f64> {
    let said = run(&[&["metrics"], arguments].concat());
    assert_eq!((said.code, said.stderr.contains("error")), (Some(0), false), "{said:?}");
    samples(&said.stdout)
}

pub(crate) fn states_and_queues_are_those_of_the_sockets() {
    let mut held = vec![
        makers::established(Family::V4, 4),
        makers::close_wait(Family::V6, 9, Unread::Bytes(10)),
        makers::fin_wait2(Family::V4, 6, Hangup::Held),
        makers::syn_sent(Family::V4, 2),
    ];
    held.push(makers::time_wait(Family::V4, 8));
    let made = sum(&held);
    let told = metrics(&[]);
    for state in State::ALL {
        let name = format!("sockdoc_tcp_sockets{{state=\"{}\"}}", state.name().to_ascii_lowercase());
        assert_eq!(told.get(&name), Some(&(made.state(state) as f64)), "{name}");
    }
    let of_units = |state: &str| -> f64 {
        let of =
            |name: &&String| name.starts_with("sockdoc_unit_tcp_sockets") && name.contains(&format!("\"{state}\""));
        told.keys().filter(of).map(|name| told[name]).sum()
    };
    assert_eq!(of_units("close_wait"), made.state(State::CloseWait) as f64, "{told:#?}");
    assert_eq!(of_units("established"), made.state(State::Established) as f64);
    assert!(told["sockdoc_receive_queue_bytes"] >= 99.0, "{told:#?}");
    assert!(told.keys().any(|name| name.starts_with("sockdoc_unit_close_wait_oldest_seconds")), "{told:#?}");
    assert_eq!(told["sockdoc_collect_success"], 1.0);
}

pub(crate) fn rates_and_ports_are_those_of_the_connections() {
    let listener = server(8080);
    assert_eq!(in_a_row(&listener, loopback(1, 8080), First::Client, 50).0, 50);
    let told = metrics(&["--with", "peers"]);
    let rate = told["sockdoc_time_wait_rate{direction=\"outbound\"}"];
    assert!((1.0..=5.0).contains(&rate), "50 in the last 10 s: {rate}");
    assert!(told["sockdoc_kernel_events_total{counter=\"TcpActiveOpens\"}"] >= 50.0);
    assert!(told.keys().any(|name| name.starts_with("sockdoc_listener_accept_queue{listen=\"*:8080\"")), "{told:#?}");
    assert!(!told.keys().any(|name| name.contains("destination=")), "too few to be worth a series: {told:#?}");
    assert!(metrics(&[])["sockdoc_destination_ports_used_ratio"] > 0.0);
}

pub(crate) fn what_was_not_checked_is_reported_and_never_0() {
    let told = metrics(&[]);
    let unchecked: Vec<&str> = told
        .iter()
        .filter(|(_, value)| **value == 0.0)
        .filter_map(|(name, _)| name.strip_prefix("sockdoc_rule_checked{rule=\"")?.strip_suffix("\"}"))
        .collect();
    assert!(unchecked.contains(&"reset-unread"), "it takes two samples: {unchecked:?}");
    for rule in unchecked {
        let of = |name: &&String| name.starts_with("sockdoc_findings") && name.contains(&format!("\"{rule}\""));
        assert_eq!(told.keys().find(of), None);
    }
    let checked = metrics(&["--for", "300ms"]);
    assert_eq!(checked["sockdoc_rule_checked{rule=\"reset-unread\"}"], 1.0);
}

pub(crate) fn a_leak_is_an_incident_and_a_finding() {
    let _held = makers::close_wait(Family::V4, 40, Unread::Nothing);
    std::thread::sleep(std::time::Duration::from_millis(1200));
    let config = std::env::temp_dir().join("config.toml");
    fs::write(&config, "[close-wait-leak]\nage = \"1s\"\n").unwrap();
    let folder = config.parent().unwrap().join("sockdoc");
    fs::create_dir_all(&folder).unwrap();
    fs::rename(&config, folder.join("config.toml")).unwrap();
    let said = crate::lab::program::run_with(
        &["metrics"],
        &[("XDG_CONFIG_HOME", &std::env::temp_dir().display().to_string())],
    );
    assert_eq!(said.code, Some(0), "{said:?}");
    let told = samples(&said.stdout);
    for name in ["sockdoc_findings", "sockdoc_incidents"] {
        let of = told.iter().filter(|(series, _)| series.starts_with(&format!("{name}{{rule=\"close-wait-leak\"")));
        assert!(of.map(|(_, value)| *value).sum::<f64>() >= 1.0, "{name}: {told:#?}");
    }
}

pub(crate) fn a_file_is_replaced_whole_and_kept_when_the_run_fails() {
    let folder = std::env::temp_dir();
    let file = folder.join("sockdoc.prom");
    let path = file.display().to_string();
    fs::write(&file, "old").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let failed = run(&["metrics", "-o", &path, "--netns", "no-such-namespace"]);
    assert_eq!((failed.code, fs::read_to_string(&file).unwrap().as_str()), (Some(2), "old"), "{failed:?}");
    let done = run(&["metrics", "-o", &path]);
    assert_eq!((done.code, done.stdout.as_str()), (Some(0), ""), "{done:?}");
    assert!(samples(&fs::read_to_string(&file).unwrap()).contains_key("sockdoc_collect_success"));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o644);
    let nowhere = run(&["metrics", "-o", "/nonexistent/sockdoc.prom"]);
    assert!(nowhere.code == Some(2) && nowhere.stderr.contains("/nonexistent/sockdoc.prom"), "{nowhere:?}");
    let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().ends_with(".part")), "{left:?}");
    // While it is written again and again, a reader sees nothing but whole files.
    let writer = crate::lab::process::Process::fork({
        let path = path.clone();
        move || (0..20).map(|_| i32::from(run(&["metrics", "-o", &path]).code != Some(0))).sum()
    });
    for _ in 0..500 {
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.ends_with('\n') && text.contains("sockdoc_series_dropped"), "{text}");
    }
    assert_eq!(writer.wait_and_bury(), Some(0));
}

pub(crate) fn namespaces_are_distinguished_by_a_label() {
    peer::needs("ip");
    assert_eq!(finish(controlled("ip", &["netns", "add", "blue"])).code, Some(0));
    let _held = makers::listen(Family::V4, 3);
    let told = metrics(&["--netns", "all"]);
    let blue = "sockdoc_tcp_sockets{netns=\"blue\",state=\"listen\"}";
    assert_eq!(told.get(blue), Some(&0.0), "{told:#?}");
    assert_eq!(told.get("sockdoc_tcp_sockets{state=\"listen\"}"), Some(&3.0), "one's own has the series it always has");
    // Without a name, a container or a unit they are called by their programs, and told apart.
    let nameless = [elsewhere(0), elsewhere(0)];
    let told = metrics(&["--netns", "all"]);
    let listening: BTreeMap<&String, &f64> = told
        .iter()
        .filter(|(name, _)| name.starts_with("sockdoc_tcp_sockets{") && name.contains("\"listen\""))
        .collect();
    assert_eq!((listening.len(), listening.values().copied().sum::<f64>()), (4, 5.0), "{listening:?}");
    assert!(listening.keys().any(|name| name.contains("#2\"")), "{listening:?}");
    for number in nameless.iter().map(|one| one.pid().to_string()).chain(["pid:".to_owned(), "net:[".to_owned()]) {
        assert!(!told.keys().any(|name| name.contains(&format!("netns=\"{number}"))), "{number}: {told:#?}");
    }
    assert!(told.contains_key("sockdoc_collect_success"), "of the run there is one figure: {told:#?}");
}

pub(crate) fn ten_thousand_listeners_make_no_more_series_than_fifty() {
    let few = metrics(&[]).len();
    let held = mass::listening(Inet::V4, 10_000);
    let series = |of: &BTreeMap<String, f64>, begin: &str| of.keys().filter(|name| name.starts_with(begin)).count();
    let told = metrics(&[]);
    assert_eq!(told["sockdoc_tcp_sockets{state=\"listen\"}"], 10_000.0);
    assert_eq!(series(&told, "sockdoc_listener_accept_queue{"), 50);
    assert_eq!(told["sockdoc_series_dropped{family=\"sockdoc_listener_accept_queue\"}"], 9_950.0);
    assert!(told.len() <= few + 3 * 50 + 20, "{few}, then {}", told.len());
    let many = metrics(&["--top", "1000", "--max-series", "400"]);
    assert!(many.len() <= 400 && many.contains_key("sockdoc_tcp_sockets{state=\"listen\"}"), "{}", many.len());
    assert_eq!(series(&metrics(&["--top", "3"]), "sockdoc_listener_accept_queue{"), 3);
    // The next sample has the same ones: a choice that changes makes new series forever.
    let names = |of: &BTreeMap<String, f64>| -> Vec<String> {
        of.keys().filter(|name| name.starts_with("sockdoc_listener")).cloned().collect()
    };
    assert_eq!(names(&told), names(&metrics(&[])));
    drop(held);
}

pub(crate) fn a_recording_gives_the_figures_of_its_host() {
    let held = [makers::close_wait(Family::V4, 7, Unread::Nothing)];
    let file = std::env::temp_dir().join("a.sockdoc").display().to_string();
    assert_eq!(run(&["record", "-o", &file]).code, Some(0));
    drop(held);
    let told = metrics(&["--from", &file]);
    assert_eq!(told["sockdoc_tcp_sockets{state=\"close_wait\"}"], 7.0);
    assert_eq!(
        told,
        metrics(&["--from", &file])
            .into_iter()
            .map(|(name, value)| {
                let is_cost = name == "sockdoc_collect_duration_seconds";
                let value = if is_cost { told[&name] } else { value };
                (name, value)
            })
            .collect()
    );
}
