//! `-K` of `list` and `ss`, beside the original in a twin namespace.

use std::os::unix::fs::symlink;

use rustix::net::{SocketFlags, bind, connect, sockopt};

use crate::{
    guards::program,
    lab::{
        counts::{Inet, State},
        makers, namespace, peer,
        proc_net::{tcp, tcp_in, until},
        program::{Said, controlled, finish, run},
        sockets::{self, Family, Pair},
    },
    states::{listener, pair},
};

/// sockdoc under the name `ss`.
fn link() -> String {
    let link = std::env::temp_dir().join("ss");
    let _ = std::fs::remove_file(&link);
    symlink(env!("CARGO_BIN_EXE_sockdoc"), &link).unwrap();
    link.to_string_lossy().into_owned()
}

pub(crate) fn k_needs_yes_in_list_and_in_ss() {
    let (listener, port) = listener();
    let _pair = pair(&listener);
    let (link, filter) = (link(), format!("sport = :{port}"));
    let words: Vec<&str> = filter.split(' ').collect();
    let of_ss = |options: &[&str]| finish(controlled(&link, &[options, &words].concat()));
    for said in [
        run(&[&["list", "-K"], &words[..]].concat()),
        run(&[&["-tK"], &words[..]].concat()),
        run(&[&["list", "--kill", "-t"], &words[..]].concat()),
        run(&[&["ss", "-tK"], &words[..]].concat()),
        of_ss(&["-K"]),
        of_ss(&["--kill", "-tan"]),
    ] {
        assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""), "{said:?}");
        assert!(said.stderr.contains(&format!("sockdoc kill '{filter}'")) && said.stderr.contains("--yes"), "{said:?}");
    }
    for options in [&["-E"][..], &["-s"], &["-D", "/dev/null"]] {
        let said = run(&[&["list", "-K", "--yes"], options, &words].concat());
        assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""), "{said:?}");
        let said = of_ss(&[&["-K", "--yes"], options].concat());
        assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""), "{said:?}");
    }
    assert_eq!(tcp_in(State::Established).len(), 2);
}

/// Sockets that are the same each time, but for their cookies: at 8080 and at ports of clients from 40001 on.
struct Twin {
    _listener: std::os::fd::OwnedFd,
    _pairs: Vec<Pair>,
}

impl Twin {
    fn make() -> Twin {
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], 8080));
        let listener = sockets::listener_at(address, 16).unwrap();
        let pairs: Vec<Pair> = (40001..=40006)
            .map(|port| {
                let client = sockets::tcp(Inet::V4, SocketFlags::empty()).unwrap();
                sockopt::set_socket_reuseaddr(&client, true).unwrap();
                bind(&client, &std::net::SocketAddr::from(([127, 0, 0, 1], port))).unwrap();
                connect(&client, &address).unwrap();
                Pair { client, server: sockets::accepted(&listener).unwrap() }
            })
            .collect();
        pairs[..2].iter().for_each(|pair| sockets::finish(&pair.client).unwrap());
        until("two are half closed", || tcp_in(State::CloseWait).len() == 2 && tcp_in(State::FinWait2).len() == 2);
        Twin { _listener: listener, _pairs: pairs }
    }
}

/// The rows that are left, once the resets have come.
fn left() -> Vec<String> {
    let rows = || {
        let mut rows: Vec<String> =
            tcp().iter().map(|row| format!("{:?} {} {}", row.state, row.local, row.peer)).collect();
        rows.sort_unstable();
        rows
    };
    let mut last = rows();
    until("nothing changes", || {
        std::thread::sleep(std::time::Duration::from_millis(100));
        let before = std::mem::replace(&mut last, rows());
        before == last
    });
    last
}

pub(crate) fn the_same_rows_are_gone_as_with_ss() {
    peer::needs("ss");
    let link = link();
    for (options, filter, more) in [
        ("-Ktn", "dport = :8080", ""),
        ("-Kt4n", "sport = :8080", ""),
        ("-Ktn", "state close-wait sport = :8080", ""),
        ("-Ktn", "state fin-wait-2 dport = :8080 and sport = :40001", ""),
        ("-Kln", "sport = :8080", "--listeners listen"),
        ("-Kn", "dst 127.0.0.1:40003 or dst 127.0.0.1:40004", ""),
    ] {
        let words: Vec<&str> = [options].into_iter().chain(filter.split(' ')).collect();
        let twin = |destroy: &dyn Fn() -> Said| {
            namespace::enter_another().expect("another namespace");
            let _held = Twin::make();
            let said = destroy();
            assert_eq!(said.code, Some(0), "{words:?}: {said:?}");
            // Rows come in the order of the kernel's table, which has another seed in each namespace.
            let mut lines: Vec<String> = said.stdout.lines().map(str::to_owned).collect();
            lines.sort_unstable();
            (lines, left())
        };
        let theirs = twin(&|| finish(controlled("ss", &words)));
        let ours = twin(&|| finish(controlled(&link, &[&words[..], &["--yes"]].concat())));
        assert_eq!(ours, theirs, "{words:?}");
        let list = twin(&|| run(&[&["list", "--yes"], &words[..]].concat()));
        assert_eq!(list.1, theirs.1, "{words:?}");
        assert_eq!(list.0.len(), theirs.0.len(), "{words:?}: {list:?}");
        let kill = format!("kill --yes {more} {filter}");
        let kill: Vec<&str> = kill.split_whitespace().collect();
        assert_eq!(twin(&|| run(&kill)).1, theirs.1, "{words:?}");
    }
}

pub(crate) fn the_guards_hold_for_k() {
    let held = makers::established(Family::V4, 101);
    let (filter, link) = (format!("sport = :{}", held.port), link());
    let words: Vec<&str> = filter.split(' ').collect();
    for said in [
        run(&["list", "-K", "--yes"]),
        run(&["list", "-K", "--yes", "-a"]),
        run(&["list", "-K", "--yes", "-x"]),
        run(&["list", "-K", "--yes", "all"]),
        run(&["list", "-K", "--yes", "--netns", "all", "dport", "=", "1"]),
        run(&["list", "-K", "--yes", "--from", "/dev/null", "dport", "=", "1"]),
        run(&[&["list", "-K", "--yes"], &words[..]].concat()),
        finish(controlled(&link, &["-K", "--yes"])),
        finish(controlled(&link, &["-taK", "--yes"])),
        finish(controlled(&link, &["-K", "--yes", "state", "established"])),
        finish(controlled(&link, &[&["-K", "--yes"], &words[..]].concat())),
    ] {
        assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""), "{said:?}");
    }
    assert_eq!(tcp_in(State::Established).len(), 202);
    // A listener of which only the port was named.
    let (_listener, port) = listener();
    let said = run(&["list", "-tK", "--yes", &port.to_string()]);
    assert_eq!(said.code, Some(0), "{said:?}");
    // The suggested option belongs to kill, not to these commands.
    assert!(said.stderr.contains("listeners (sockdoc kill --listeners)"), "{said:?}");
    assert_eq!(tcp_in(State::Listen).len(), 2);
    let _sshd = program("sshd", 2200);
    let kill = |more: &[&str]| run(&[&["list", "-tK", "--yes", "sport", "=", ":2200"], more].concat());
    let skipped = kill(&[]);
    assert!(skipped.stderr.contains("(sockdoc kill --include-ssh)"), "{skipped:?}");
    assert_eq!((kill(&["--include-ssh"]).stdout.lines().count(), tcp_in(State::Established).len()), (2, 202));
}
