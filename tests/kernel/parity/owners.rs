//! Owners: the holder of a socket, compared with `ss`, and the output if holders are invisible.

use std::collections::BTreeSet;
use std::net::TcpListener;

use rustix::net::{AddressFamily, SocketType, socket};
use serde_json::Value;

use super::rows::{Row, both, documents, same_some, still};
use crate::lab::actor::{Actor, stay};
use crate::lab::holder::close_all_but;
use crate::lab::makers;
use crate::lab::process::Process;
use crate::lab::program::{run, run_unprivileged};
use crate::lab::sockets::Family;

/// The processes of a document's owners.
fn pids(document: &Value) -> BTreeSet<u64> {
    let owners = document["owners"].as_array().into_iter().flatten();
    owners.filter_map(|owner| owner["pid"].as_u64()).collect()
}

pub(crate) fn processes_and_threads_are_those_of_ss() {
    let _held = still();
    let rows = same_some(&["-tap"], 10);
    assert!(rows.values().any(|row| row.fields.contains_key("users")), "{rows:?}");
    // The threads that read sockdoc's output hold the sockets too: ss, run without them, sees one.
    let (seen, ours) = both(&["-taT"]);
    for (ends, row) in &seen {
        let threads = |row: &Row| row.fields.get("users").cloned().unwrap_or_default();
        let own = threads(&ours[ends]);
        assert!(threads(row).split_whitespace().all(|thread| own.contains(thread)), "{own} {row:?}");
    }
    assert!(seen.values().any(|row| row.fields.get("users").is_some_and(|users| users.contains("tid="))), "{seen:?}");
}

/// Ends the first thread of a process, whose others live on.
#[allow(unsafe_code, reason = "no safe wrapper ends one thread without its process")]
fn end_first_thread() {
    // SAFETY: other threads use nothing of this thread; borrowed data stays valid, since its stack stays mapped.
    unsafe { libc::syscall(libc::SYS_exit, 0) };
}

/// Gives the calling thread its own descriptor table.
#[allow(unsafe_code, reason = "a descriptor means another file in another thread from then on")]
fn unshare_descriptors() {
    // SAFETY: files that the thread opens afterwards are its own.
    assert_eq!(unsafe { libc::unshare(libc::CLONE_FILES) }, 0, "{}", std::io::Error::last_os_error());
}

pub(crate) fn a_process_whose_first_thread_has_ended_is_found_as_with_threads_of_ss() {
    let odd = Actor::start("dead-leader", Some(200), |ready| {
        let _held = TcpListener::bind("127.0.0.1:0").unwrap();
        let _bare: Vec<_> = (0..40).map(|_| socket(AddressFamily::INET, SocketType::STREAM, None).unwrap()).collect();
        std::thread::spawn(stay);
        std::thread::spawn(|| {
            // The kernel says when the first thread is gone.
            let stat = || std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
            while !stat().contains(") Z ") {
                std::thread::yield_now();
            }
            ready.now();
            stay()
        });
        end_first_thread();
        stay()
    });
    let pid = BTreeSet::from([u64::from(odd.pid())]);
    for options in [["-tlp"], ["-tlpT"]] {
        let listeners = documents(&options);
        assert_eq!(
            listeners.iter().map(pids).collect::<Vec<_>>(),
            std::slice::from_ref(&pid),
            "{options:?} {listeners:?}"
        );
    }
    let (seen, ours) = both(&["-tlpT"]);
    assert_eq!(seen, ours, "ss finds both threads");
    let row = seen.values().next().and_then(|row| row.fields.get("users")).cloned().unwrap_or_default();
    assert_eq!(row.matches("tid=").count(), 2, "{row}");
    assert_eq!(documents(&["-tlp", &format!("pid = {}", odd.pid())]).len(), 1);
    // The rules see its descriptors as well.
    let checked = run(&["check", "--deep", "--only", "closed-fd-leak", "--set", "closed-fd-leak.least=20", "--json"]);
    assert!(checked.stdout.contains("dead-leader"), "{checked:?}");
}

pub(crate) fn the_descriptors_of_a_thread_with_its_own_table_are_found_as_with_threads_of_ss() {
    let odd = Actor::start("thread-table", None, |ready| {
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            unshare_descriptors();
            let _held = TcpListener::bind("127.0.0.1:0").unwrap();
            tell.send(()).unwrap();
            ready.now();
            stay()
        });
        told.recv().unwrap();
        // The pipe that says "ready" is in this table, too.
        close_all_but(2);
        stay()
    });
    let (seen, ours) = both(&["-tlpT"]);
    assert_eq!(seen, ours);
    assert_eq!(pids(&documents(&["-tlT"])[0]), BTreeSet::from([u64::from(odd.pid())]), "{seen:?}");
}

pub(crate) fn a_socket_that_several_processes_share_shows_them_all() {
    let held = makers::listen(Family::V4, 1);
    let sleepers: Vec<Process> = (0..3)
        .map(|_| {
            Process::fork(|| {
                loop {
                    std::thread::sleep(std::time::Duration::from_secs(1));
                }
            })
        })
        .collect();
    let mut expected: BTreeSet<u64> = sleepers.iter().map(|sleeper| u64::from(sleeper.pid())).collect();
    expected.insert(u64::from(std::process::id()));
    let listeners = documents(&["-tlp"]);
    assert_eq!(listeners.len(), held.made.total());
    assert_eq!(pids(&listeners[0]), expected, "{listeners:?}");
    same_some(&["-tlp"], 1);
    // Each descriptor of each process is found by pid, too.
    for pid in expected {
        assert_eq!(documents(&["-tlp", &format!("pid = {pid}")]).len(), 1, "{pid}");
    }
}

pub(crate) fn a_socket_nobody_holds_says_why() {
    let _held = [makers::time_wait(Family::V4, 1), makers::not_accepted(Family::V4, 1)];
    let all = documents(&["-tap"]);
    let why = |state: &str| -> BTreeSet<String> {
        let of_state = all.iter().filter(|one| one["state"] == state && pids(one).is_empty());
        of_state.map(|one| one["owner_unknown"].as_str().unwrap_or("nothing").to_owned()).collect()
    };
    assert_eq!(why("TIME_WAIT").len(), 1, "{all:?}");
    assert_eq!(why("ESTABLISHED").len(), 1, "{all:?}");
    assert_ne!(why("TIME_WAIT"), why("ESTABLISHED"), "{all:?}");
    for one in all.iter().filter(|one| one["state"] == "TIME_WAIT") {
        assert_eq!((&one["uid"], &one["user"]), (&Value::Null, &Value::Null), "nobody, not root: {one}");
    }
}

pub(crate) fn groups_by_owner_count_every_socket() {
    let held = still();
    let total: usize = held.iter().map(|held| held.made.total()).sum();
    for key in ["proc", "pid", "user", "unit", "container", "cc", "dev", "netns"] {
        let grouped = run(&["group", "--by", key, "--json"]).json();
        assert_eq!(grouped["total"], total, "{key}: {grouped}");
        let groups = grouped["groups"].as_array().expect("groups");
        assert!(!groups.is_empty(), "{key}: {grouped}");
    }
    let grouped = run(&["group", "--by", "pid", "--json"]).json();
    let own = std::process::id().to_string();
    let groups = grouped["groups"].as_array().expect("groups");
    assert!(groups.iter().any(|group| group["pid"].to_string().trim_matches('"') == own), "{grouped}");
}

pub(crate) fn an_unprivileged_listing_ends_well() {
    let held = still();
    let total: usize = held.iter().map(|held| held.made.total()).sum();
    for options in ["-ta", "-tap", "-tapT", "-taoemi", "-xap", "-s"] {
        let said = run_unprivileged(&["list", "-H", "-O", options]);
        assert_eq!(said.code, Some(0), "{options}: {said:?}");
        if options.starts_with("-ta") {
            assert_eq!(said.stdout.lines().count(), total, "{options}: {said:?}");
        }
    }
}

pub(crate) fn a_listing_with_owners_bears_processes_that_come_and_go() {
    let held = makers::established(Family::V4, 3);
    for _ in 0..10 {
        let passing: Vec<Process> = (0..20).map(|_| Process::fork(|| 0)).collect();
        let said = run(&["list", "-Htap"]);
        assert_eq!(said.code, Some(0), "{said:?}");
        assert_eq!(said.stdout.lines().count(), held.made.total(), "{said:?}");
        drop(passing);
    }
}
