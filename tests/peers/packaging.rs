//! `pkg/` beside what reads it: systemd, the schemas of Kubernetes and the Prometheus operator, ssh and Ansible.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;

use super::program::{USER, file, folder, need};
use super::sshd;
use crate::lab::makers;
use crate::lab::proc_net::until;
use crate::lab::process::Process;
use crate::lab::program::{Said, controlled, finish};
use crate::lab::sockets::Family;
use crate::lab::{container, peer};

/// The tests, by name.
pub(crate) const TESTS: [(&str, fn()); 5] = [
    ("systemd: it takes every unit, and none is open wider than it must be", units_are_sound),
    ("systemd: a unit allows every system call that its program makes", units_allow_what_is_needed),
    ("Kubernetes: the DaemonSet is valid, and no word in it is unknown", the_daemon_set_is_valid),
    ("Kubernetes: the PodMonitor is valid, and no word in it is unknown", the_pod_monitor_is_valid),
    ("Ansible, ssh: findings of three hosts are collected, one of which cannot be reached", findings_are_collected),
];

const SOCKDOC: &str = env!("CARGO_BIN_EXE_sockdoc");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn packaged(path: &str) -> String {
    let path = root().join("pkg").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Each unit, and how exposed systemd may find a service: tenths of its points, of 100. The recorder names owners, for which it
/// keeps three capabilities.
const UNITS: [(&str, Option<u32>); 5] = [
    ("sockdoc-metrics.service", Some(20)),
    ("sockdoc-metrics.socket", None),
    ("sockdoc-textfile.service", Some(20)),
    ("sockdoc-textfile.timer", None),
    ("sockdoc-recorder.service", Some(50)),
];

fn units_are_sound() {
    need(&["systemd-analyze"]);
    let known: BTreeSet<&str> = UNITS.iter().map(|(name, _)| *name).collect();
    let there = fs::read_dir(root().join("pkg/systemd")).expect("the units").flatten();
    let there: BTreeSet<String> = there.map(|one| one.file_name().into_string().expect("a plain name")).collect();
    assert!(there.iter().map(String::as_str).eq(known), "{there:?}");
    let analyze = |arguments: &[&str]| finish(controlled("systemd-analyze", arguments));
    // All of them are there before one is read: they name each other.
    let paths = UNITS.map(|(name, _)| {
        file(
            name,
            &packaged(&format!("systemd/{name}"))
                .replace("ExecStart=/usr/bin/sockdoc ", &format!("ExecStart={SOCKDOC} ")),
        )
    });
    for ((name, exposed), path) in UNITS.iter().zip(&paths) {
        let said = analyze(&["verify", "--man=no", path]);
        assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""), "{name}: {said:?}");
        if let Some(most) = exposed {
            let said = analyze(&["security", "--no-pager", "--offline=yes", &format!("--threshold={most}"), path]);
            assert_eq!(said.code, Some(0), "{name}: {}", said.stdout);
            let said = analyze(&["security", "--no-pager", "--offline=yes", "--threshold=5", path]);
            assert_ne!(said.code, Some(0), "{name}: the threshold is no threshold");
        }
    }
}

/// The system calls of a set as systemd knows it: `@system-service`, or one call.
fn calls_of(set: &str) -> BTreeSet<String> {
    if !set.starts_with('@') {
        return BTreeSet::from([set.to_owned()]);
    }
    let said = finish(controlled("systemd-analyze", &["syscall-filter", set]));
    assert_eq!(said.code, Some(0), "{said:?}");
    let members = said.stdout.lines().skip(1).map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    members.flat_map(calls_of).collect()
}

/// The calls that sockdoc made, as strace wrote them down: those after it was started.
fn calls_in(trace: &str) -> BTreeSet<String> {
    let began = trace.lines().position(|line| line.contains("execve(") && line.contains(SOCKDOC)).expect("its start");
    let calls = trace.lines().skip(began).filter_map(|line| {
        let call = line.split_once(' ')?.1.trim_start().split_once('(')?.0;
        call.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_').then(|| call.to_owned())
    });
    calls.collect()
}

fn units_allow_what_is_needed() {
    need(&["systemd-analyze", "systemd-socket-activate", "strace"]);
    let trace = |name: &str| folder().join(name).display().to_string();
    let traced = |to: &str, line: &[&str]| {
        let mut traced = controlled("strace", &[&["-f", "-qq", "-o", to][..], line].concat());
        traced.stdout(Stdio::null()).stderr(Stdio::null());
        traced
    };
    let (once, served) = (trace("once"), trace("served"));
    let prom = folder().join("sockdoc.prom").display().to_string();
    assert_eq!(finish(traced(&once, &[SOCKDOC, "metrics", "-o", &prom])).code, Some(0));
    let activated = ["systemd-socket-activate", "-l", "127.0.0.1:9977", SOCKDOC, "metrics", "--systemd"];
    let _running = Process::start(traced(&served, &activated));
    until("systemd's own program listens, and sockdoc answers on its socket", || {
        let Ok(mut stream) = TcpStream::connect("127.0.0.1:9977") else { return false };
        let mut answer = String::new();
        let asked = stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
        asked.and_then(|()| stream.read_to_string(&mut answer)).is_ok() && answer.contains("\nsockdoc_tcp_sockets")
    });
    for (unit, trace) in [("textfile", once), ("metrics", served)] {
        let text = packaged(&format!("systemd/sockdoc-{unit}.service"));
        let filter = text.lines().find_map(|line| line.strip_prefix("SystemCallFilter=")).expect("a filter");
        let allowed: BTreeSet<String> = filter.split(' ').flat_map(calls_of).collect();
        let made = calls_in(&fs::read_to_string(trace).expect("a trace"));
        assert!(made.contains("socket") && made.len() > 20, "{unit}: {made:?}");
        let denied: Vec<&String> = made.difference(&allowed).collect();
        assert!(denied.is_empty(), "{unit}: the filter kills it at {denied:?}");
    }
}

fn python_has(module: &str, package: &str) {
    need(&["python3"]);
    if finish(controlled("python3", &["-c", &format!("import {module}")])).code != Some(0) {
        peer::lacks_server(package);
    }
}

fn the_daemon_set_is_valid() {
    python_has("kubernetes_validate", "kubernetes-validate (pip)");
    let text = packaged("kubernetes/daemonset.yaml");
    let validate = |text: &str| {
        let path = file("daemonset.yaml", text);
        finish(controlled("python3", &["-m", "kubernetes_validate", "--strict", &path]))
    };
    let said = validate(&text);
    assert!(said.code == Some(0) && said.stdout.contains("passed for resource daemonset/sockdoc"), "{said:?}");
    for (right, wrong) in [("hostNetwork:", "hostNetwrok:"), ("containerPort: 9977", "containerPort: metrics")] {
        assert!(text.contains(right));
        assert_ne!(validate(&text.replace(right, wrong)).code, Some(0), "{wrong}");
    }
}

/// Validates the PodMonitor on stdin; the schemas leave words that they do not know alone, and the lists of words beside them do not.
const VALIDATE: &str = r#"
import fs from "fs";
const folder = process.argv[1] + "/node_modules/@kubernetes-models/prometheus-operator/";
const { PodMonitor } = await import(folder + "monitoring.coreos.com/v1/index.js");
const monitor = JSON.parse(fs.readFileSync(0, "utf8"));
new PodMonitor(monitor).validate();
const known = (kind) => fs.readFileSync(`${folder}monitoring.coreos.com/v1/${kind}.d.ts`, "utf8");
const words = (kind, value) => Object.keys(value).forEach((word) => {
  if (!new RegExp(`"${word}"\\?*:`).test(known(kind))) throw new Error(`${kind} has no ${word}`);
});
words("PodMonitorSpec", monitor.spec);
for (const endpoint of monitor.spec.podMetricsEndpoints) {
  words("PodMetricsEndpoint", endpoint);
  endpoint.relabelings.forEach((one) => words("RelabelConfig", one));
}
console.log("valid");
"#;

fn the_pod_monitor_is_valid() {
    python_has("yaml", "kubernetes-validate (pip)");
    need(&["node"]);
    let npm = root().join("target/npm");
    if !npm.join("node_modules/@kubernetes-models/prometheus-operator").exists() {
        peer::lacks_server("@kubernetes-models/prometheus-operator (npm, in target/npm)");
    }
    let text = packaged("kubernetes/podmonitor.yaml");
    let validate = |text: &str| -> Said {
        let script = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))";
        let json = finish(controlled("python3", &["-c", script, &file("podmonitor.yaml", text)]));
        let mut node = controlled("node", &["--input-type=module", "-e", VALIDATE, &npm.display().to_string()]);
        node.stdin(fs::File::open(file("podmonitor.json", &json.stdout)).expect("a file"));
        finish(node)
    };
    let said = validate(&text);
    assert_eq!((said.code, said.stdout.as_str()), (Some(0), "valid\n"), "{said:?}");
    for (right, wrong) in [
        ("interval: 30s", "interval: often"),
        ("action: replace", "action: replaced"),
        ("podMetricsEndpoints:", "podMetricEndpoints:"),
        ("scrapeTimeout:", "scrapetimeout:"),
        ("sourceLabels:", "source_labels:"),
    ] {
        assert!(text.contains(right));
        assert_ne!(validate(&text.replace(right, wrong)).code, Some(0), "{wrong}");
    }
}

/// The host names of ssh: two are this host, and the third has no listener.
fn hosts() {
    let key = folder().join("key").display().to_string();
    let config = format!(
        "Host gone-1\n  Port 9\nHost *\n  HostName 127.0.0.1\n  Port 2222\n  User {USER}\n  IdentityFile {key}\n  \
         StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  LogLevel ERROR\n"
    );
    container::lay_over(Path::new(&file("ssh_config", &config)), Path::new("/etc/ssh/ssh_config"))
        .expect("a configuration");
}

const HOSTS: [&str; 3] = ["web-1", "db-1", "gone-1"];

fn findings_are_collected() {
    need(&["sshd", "ssh", "ssh-keygen", "jq", "ansible-playbook", "python3"]);
    let bin = Path::new(SOCKDOC).parent().expect("its folder").display();
    let _sshd = sshd::server(&format!("SetEnv PATH={bin}:/usr/bin:/bin\nSubsystem sftp internal-sftp"));
    hosts();
    let _full = makers::full_accept_queue(Family::V4, 4, 2);

    let script = root().join("pkg/fleet/check-hosts.sh").display().to_string();
    let mut every = controlled("sh", &[&[script.as_str()][..], &HOSTS].concat());
    every.env("TMPDIR", folder());
    let said = finish(every);
    let lines: Vec<Vec<&str>> = said.stdout.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(lines.first().map(Vec::as_slice), Some(&["gone-1", "unreachable", "-", "-"][..]), "{said:?}");
    let ranks: Vec<usize> = lines.iter().skip(1).map(|line| rank(line[1])).collect();
    assert!(ranks.is_sorted() && lines.iter().all(|line| line.len() == 4), "worst first: {said:?}");
    for host in &HOSTS[..2] {
        assert!(lines.iter().any(|line| line[0] == *host && line[2] == "accept-queue-full"), "{host}: {said:?}");
    }

    let inventory = file("hosts.ini", &format!("{}\n", HOSTS.join("\n")));
    let playbook = root().join("pkg/fleet/check-hosts.yml").display().to_string();
    // A lab without sudo cannot become root.
    let plainly = ["-e", "ansible_become=false", "-e", "ansible_python_interpreter=/usr/bin/python3"];
    let mut play = controlled("ansible-playbook", &[&["-i", &inventory, &playbook][..], &plainly].concat());
    // The sshd of an ordinary user has no terminals to give.
    play.env("ANSIBLE_SSH_USETTY", "0")
        .env("HOME", folder())
        .env("PWD", folder())
        .env("LC_ALL", "C.UTF-8")
        .current_dir(folder());
    let said = finish(play);
    // 4: a host could not be reached.
    assert_eq!(said.code, Some(4), "{said:?}");
    for host in &HOSTS[..2] {
        let kept: PathBuf = folder().join(format!("findings/{host}.json"));
        let kept = fs::read_to_string(&kept).unwrap_or_else(|error| panic!("{}: {error}: {said:?}", kept.display()));
        let document: Value = serde_json::from_str(&kept).expect("a document");
        let findings = document["findings"].as_array().expect("findings");
        assert!(findings.iter().any(|one| one["rule"] == "accept-queue-full"), "{document:#}");
    }
    assert!(said.stdout.contains("accept-queue-full: ") && said.stdout.contains("gone-1"), "{said:?}");
    assert!(!folder().join("findings/gone-1.json").exists());
}

fn rank(severity: &str) -> usize {
    let known = ["critical", "warning", "notice", "ok"];
    known.iter().position(|one| *one == severity).unwrap_or_else(|| panic!("{severity}"))
}
