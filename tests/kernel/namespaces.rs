//! Hidden processes, containers, named namespaces, and processes that come and go.

use std::ffi::OsString;
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;

use serde_json::Value;

use crate::lab::container::{self, MOUNTS, NETWORK, PROCESSES};
use crate::lab::counts::Counts;
use crate::lab::holder::{Holder, Holding};
use crate::lab::namespace;
use crate::lab::process::Process;
use crate::lab::program::{run, run_unprivileged};

/// Listeners of the lab itself and of the other namespace; each namespace has all ports for itself.
const HERE: u16 = 7001;
const THERE: u16 = 7002;

fn listener(port: u16) -> OwnedFd {
    TcpListener::bind(("127.0.0.1", port)).expect("a listener").into()
}

/// A holder in its own namespaces with one listener at [`THERE`].
pub(crate) fn elsewhere(namespaces: libc::c_int) -> Holder {
    let mut holder = Holder::start_in(namespaces | NETWORK, || {
        namespace::bring_loopback_up().expect("lo");
        Holding { sockets: vec![listener(THERE)], made: Counts::default() }
    });
    holder.ready();
    holder
}

/// The sockets of a listing, by local port, each with what it says of its namespace.
fn ports(listed: &Value) -> Vec<(u64, Option<&str>)> {
    let sockets = listed["sockets"].as_array().expect("sockets").iter();
    sockets.map(|one| (one["local"]["port"].as_u64().expect("a port"), one["netns"].as_str())).collect()
}

/// The gaps about one thing.
fn gaps<'a>(document: &'a Value, what: &str) -> Vec<&'a Value> {
    document["gaps"].as_array().expect("gaps").iter().filter(|gap| gap["what"] == what).collect()
}

pub(crate) fn processes_that_are_hidden_are_a_gap_and_no_error() {
    for (options, hides_process_1) in [(c"hidepid=2", false), (c"hidepid=4", true)] {
        container::inside(PROCESSES, || {
            container::mount_proc(options).expect("a /proc that hides processes");
            let _held = [listener(HERE), listener(THERE)];
            let seen = run(&["list", "-tanp", "--json"]).json();
            assert_eq!(gaps(&seen, "owners"), [&Value::Null; 0], "whoever may trace sees all: {seen}");
            for socket in seen["sockets"].as_array().expect("sockets") {
                assert_eq!(socket["owners"][0]["pid"], 1, "this process is the first here: {socket}");
            }

            // A process in another user namespace may not trace processes here.
            let seen = run_unprivileged(&["list", "-tanp", "--json"]).json();
            assert_eq!(ports(&seen).len(), 2, "{seen}");
            assert!(!gaps(&seen, "owners").is_empty(), "{options:?}: {seen}");
            for socket in seen["sockets"].as_array().expect("sockets") {
                assert_eq!(
                    (&socket["owners"], &socket["owner_unknown"]),
                    (&Value::Array(vec![]), &"not-permitted".into())
                );
            }
            let table = run_unprivileged(&["list", "-Htanp"]);
            assert_eq!((table.code, table.stdout.lines().count()), (Some(0), 2), "{table:?}");

            for filter in ["proc = x", "pid = 1", "user = root and proc = x"] {
                let said = run_unprivileged(&["count", "--json", filter]);
                let count = said.json();
                assert_eq!(count["sockets"], 0, "{filter}: {count}");
                let why: Vec<_> = gaps(&count, "owners").iter().map(|gap| gap["why"].to_string()).collect();
                assert!(!why.is_empty() && !said.stderr.is_empty(), "{filter}: {said:?}");
                assert!(why.iter().any(|why| why.contains("hidepid")), "{filter}: {why:?}");
                // Each thing is said once.
                let lines: std::collections::BTreeSet<&str> = said.stderr.lines().collect();
                assert_eq!(lines.len(), said.stderr.lines().count(), "{said:?}");
            }
            let grouped = run_unprivileged(&["group", "--by", "proc", "--json"]).json();
            assert_eq!(grouped["groups"][0]["proc"], Value::Null, "{grouped}");
            assert!(!gaps(&grouped, "owners").is_empty(), "{grouped}");
            if hides_process_1 {
                let listed = crate::lab::program::output_unprivileged("ls", &["/proc"]);
                assert!(!listed.stdout.lines().any(|name| name == "1"), "{listed:?}");
            }
        });
    }
}

pub(crate) fn a_container_is_listed_from_outside() {
    let _here = listener(HERE);
    let there = elsewhere(PROCESSES);
    let netns = format!("pid:{}", there.pid());
    let listed = run(&["list", "-tanp", "--json", "--netns", &netns]).json();
    assert_eq!(ports(&listed), [(u64::from(THERE), None)], "one namespace needs no name: {listed}");
    assert_eq!(listed["sockets"][0]["owners"][0]["pid"], there.pid(), "its number out here: {listed}");
    assert_eq!(run(&["count", "--json", "--netns", &netns]).json()["sockets"], 1);

    let all = run(&["list", "-tanp", "--json", "--netns", "all"]).json();
    let seen = ports(&all);
    let of = |port: u16| -> Vec<Option<&str>> {
        seen.iter().filter(|(seen, _)| *seen == u64::from(port)).map(|(_, netns)| *netns).collect()
    };
    assert_eq!((of(HERE).len(), of(THERE).len()), (1, 1), "{all}");
    assert!(of(HERE)[0].is_some() && of(THERE)[0].is_some() && of(HERE) != of(THERE), "each says where it is: {all}");
}

pub(crate) fn a_container_lists_itself() {
    let _here = listener(HERE);
    container::inside(PROCESSES | NETWORK, || {
        container::mount_proc(c"").expect("a /proc of its own");
        let _there = listener(THERE);
        for netns in [&[][..], &["--netns", "all"], &["--netns", "pid:1"]] {
            let listed = run(&[&["list", "-tanp", "--json"], netns].concat()).json();
            assert_eq!(
                ports(&listed).iter().map(|(port, _)| *port).collect::<Vec<_>>(),
                [u64::from(THERE)],
                "{listed}"
            );
            assert_eq!(listed["sockets"][0]["owners"][0]["pid"], 1, "{listed}");
            assert_eq!(listed["gaps"], Value::Array(vec![]), "{netns:?}");
            assert_eq!(run(&[&["count", "pid = 1", "--json"], netns].concat()).json()["sockets"], 1);
        }
    });
}

/// Runs in a mount namespace where `blue` is another network namespace and `home` this one.
fn with_names(body: impl FnOnce()) {
    container::inside(MOUNTS, || {
        container::empty_run_netns().expect("/run/netns");
        let _here = listener(HERE);
        let there = elsewhere(0);
        container::name_network(&there.pid().to_string(), "blue").expect("a name");
        container::name_network("self", "home").expect("a name");
        body();
    });
}

pub(crate) fn namespaces_are_called_by_their_names() {
    with_names(|| {
        let listed = run(&["list", "-tan", "--json", "--netns", "blue"]).json();
        assert_eq!(ports(&listed).iter().map(|(port, _)| *port).collect::<Vec<_>>(), [u64::from(THERE)], "{listed}");
        assert_eq!(run(&["count", "--json", "--netns", "blue"]).json()["sockets"], 1);
        assert_eq!(run(&["count", "--json", "netns = blue", "--netns", "all"]).json()["sockets"], 1);
        for (scope, expected) in [(&["--netns", "blue"][..], vec!["blue"]), (&[], vec!["home"])] {
            let grouped = run(&[&["group", "--by", "netns", "--json"], scope].concat()).json();
            let names: Vec<_> = grouped["groups"].as_array().expect("groups").iter().map(|one| &one["netns"]).collect();
            assert_eq!(names, expected, "{grouped}");
        }

        // A filter that names this namespace resolves its name.
        for (filter, sockets) in [("netns = home", 1), ("not NETNS = home", 0), ("netns = home or :1", 1)] {
            assert_eq!(run(&["count", "--json", filter]).json()["sockets"], sockets, "{filter}");
        }

        let all = run(&["list", "-tan", "--json", "--netns", "all"]).json();
        assert_eq!(ports(&all), [(u64::from(HERE), Some("home")), (u64::from(THERE), Some("blue"))], "{all}");
        let overview = run(&["--json", "--netns", "all"]).json();
        let labels: Vec<_> = overview["netns"].as_array().expect("netns").iter().map(|one| &one["label"]).collect();
        assert_eq!(labels, ["home", "blue"], "{overview}");
    });
}

pub(crate) fn a_namespace_whose_name_is_no_text_is_reported_as_not_read() {
    container::inside(MOUNTS, || {
        container::empty_run_netns().expect("/run/netns");
        let there = elsewhere(0);
        let name = std::path::PathBuf::from(OsString::from_vec(b"/run/netns/b\xffd".to_vec()));
        std::fs::write(&name, "").expect("a file to mount over");
        rustix::mount::mount_bind(format!("/proc/{}/ns/net", there.pid()), &name).expect("a name");
        let said = run(&["list", "-tan", "--json", "--netns", "all"]);
        let all = said.json();
        let reasons: Vec<_> = gaps(&all, "netns").iter().map(|gap| gap["why"].to_string()).collect();
        assert!(reasons.iter().any(|why| why.contains("/run/netns/b\u{fffd}d: not UTF-8")), "{all}");
        assert!(said.stderr.contains("not UTF-8"), "{said:?}");
        assert!(ports(&all).iter().any(|(port, _)| *port == u64::from(THERE)), "its process shows it: {all}");
    });
}

pub(crate) fn an_unknown_namespace_is_named() {
    with_names(|| {
        for command in [&["list", "-tan"][..], &["count"], &["group", "--by", "state"], &[]] {
            for (word, valid) in [("red", "blue"), ("pid:4194305", "blue"), ("/run/netns/red", "blue")] {
                let said = run(&[command, &["--netns", word]].concat());
                assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""), "{said:?}");
                assert!(said.stderr.contains(word) && said.stderr.contains(valid), "{said:?}");
            }
        }
    });
}

pub(crate) fn an_ordinary_user_is_reported_which_namespaces_were_left_out() {
    with_names(|| {
        let listed = run_unprivileged(&["list", "-tan", "--json", "--netns", "all"]);
        let document = listed.json();
        assert_eq!(ports(&document).iter().map(|(port, _)| *port).collect::<Vec<_>>(), [u64::from(HERE)], "{document}");
        let said = gaps(&document, "netns");
        assert!(said.iter().any(|gap| gap["why"].to_string().contains("blue")), "{document}");
        assert!(listed.stderr.contains("blue"), "{listed:?}");

        let counted = run_unprivileged(&["count", "--json", "--netns", "all"]);
        assert_eq!(counted.json()["sockets"], 1);
        assert!(
            gaps(&counted.json(), "netns").iter().any(|gap| gap["why"].to_string().contains("blue")),
            "{counted:?}"
        );
        assert!(counted.stderr.contains("blue"), "{counted:?}");

        for command in [&["list", "-tan"][..], &["count"], &["group", "--by", "state"]] {
            let alone = run_unprivileged(&[command, &["--netns", "blue"]].concat());
            assert_eq!((alone.code, alone.stdout.as_str()), (Some(2), ""), "the only one asked for: {alone:?}");
            assert!(alone.stderr.contains("blue"), "{alone:?}");
        }
    });
}

/// Forks holders of a listener each that end at once, a few at a time, until it is killed.
fn short_lived_holders() -> Process {
    Process::fork(|| {
        for round in 0_u16.. {
            let holders: Vec<Process> = (0..6)
                .map(|one| {
                    Process::fork(move || {
                        // Some of the ports may still be taken: this is disorder on purpose.
                        let _held = TcpListener::bind(("127.0.0.1", 8000 + (round % 100) * 6 + one));
                        std::thread::sleep(std::time::Duration::from_millis(u64::from(one)));
                        0
                    })
                })
                .collect();
            std::thread::sleep(std::time::Duration::from_millis(2));
            drop(holders);
        }
        0
    })
}

pub(crate) fn holders_that_come_and_go_disturb_no_listing() {
    let _here = listener(HERE);
    let _passing = short_lived_holders();
    let mut met = 0;
    for _ in 0..20 {
        let said = run(&["list", "-tanp", "--json"]);
        let listed = said.json();
        assert!(!said.stderr.contains("(os error"), "{said:?}");
        let stays = listed["sockets"].as_array().expect("sockets").iter().filter(|one| one["local"]["port"] == HERE);
        let own = |one: &Value| {
            one["owners"].as_array().is_some_and(|all| all.iter().any(|one| one["pid"] == std::process::id()))
        };
        assert!(stays.clone().count() == 1 && stays.clone().all(own), "{listed}");
        met += listed["sockets"].as_array().map_or(0, Vec::len) - 1;
        let counted = run(&["count", "--json", &format!("pid = {}", std::process::id())]).json();
        assert_eq!(counted["sockets"], 1, "{counted}");
    }
    assert!(met > 0, "no holder came and went");
}
