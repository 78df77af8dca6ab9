//! How a socket is addressed: by its ends, its family and its cookie, and by whom.

use std::net::{IpAddr, Ipv4Addr, TcpListener};

use rustix::net::sockopt;
use sockdoc::{
    destroy::{Destroyer, KernelDestroyer, all},
    model::{
        entry::{End, Entry},
        family::Netid,
        kill::DestroyResult,
        state::State,
    },
    source::kernel::KernelSource,
};

use crate::{
    killed::{Killed, arguments},
    lab::{
        counts::State as LabState, makers, proc_net::tcp_in, program::run_unprivileged, server::Server, sockets::Family,
    },
    states::{listener, pair},
};

pub(crate) fn one_of_four_that_share_a_port_is_found() {
    let shared = Server { shares_port: true, ..Server::at(8080) };
    let _running: Vec<_> = (0..4).map(|_| shared.clone().start()).collect();
    assert_eq!(tcp_in(LabState::Listen).len(), 4);
    let killed = Killed::by("listen and sport = :8080 --listeners");
    // The kernel finds one of them; with that one gone it may find one of the rest, or not.
    let results = killed.results();
    let [destroyed, others] = ["destroyed", "not_addressable"].map(|result| results.get(result).copied().unwrap_or(0));
    assert!(destroyed >= 1 && destroyed + others == 4, "{:#}", killed.0);
    assert_eq!(tcp_in(LabState::Listen).len(), others);
}

pub(crate) fn another_cookie_at_the_same_address_is_left_alone() {
    let (listener, port) = listener();
    let entry = Entry {
        state: State::LISTEN,
        local: End::Inet(IpAddr::V4(Ipv4Addr::LOCALHOST), port),
        peer: End::Inet(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0),
        cookie: sockopt::socket_cookie(&listener).unwrap(),
        ..Entry::blank(Netid::Tcp, 0)
    };
    let mut destroyer = KernelDestroyer::new();
    let refused = |entry: &Entry, destroyer: &mut KernelDestroyer| destroyer.destroy(entry).unwrap_err().raw_os_error();
    assert_eq!(refused(&Entry { cookie: 0, ..entry.clone() }, &mut destroyer), Some(libc::ENOENT));
    // It ends, and another listener takes its address.
    drop(listener);
    let later = TcpListener::bind(("127.0.0.1", port)).unwrap();
    assert_eq!(refused(&entry, &mut destroyer), Some(libc::ENOENT));
    let results = all(&mut destroyer, &mut KernelSource::new(None), &[&entry]);
    assert_eq!(results, [DestroyResult::GoneBefore]);
    let now = Entry { cookie: sockopt::socket_cookie(&later).unwrap(), ..entry };
    assert_eq!(all(&mut destroyer, &mut KernelSource::new(None), &[&now]), [DestroyResult::Destroyed]);
}

pub(crate) fn an_ipv6_socket_that_speaks_ipv4_is_found() {
    let held = makers::established(Family::Mapped, 3);
    let killed = Killed::by(&format!("established and sport = :{}", held.port));
    killed.destroyed(3, "open");
    assert!(killed.sockets().all(|one| one["mapped"] == true && one["family"] == "inet6"), "{:#}", killed.0);
    let held = makers::established(Family::V6, 2);
    Killed::by(&format!("established and dport = :{}", held.port)).destroyed(2, "open");
}

pub(crate) fn without_the_right_nothing_is_done() {
    let (listener, port) = listener();
    let (_client, _server) = pair(&listener);
    let filter = format!("sport = :{port} --include-unknown");
    for more in [&["--yes"][..], &["--yes", "--json"]] {
        let said = run_unprivileged(&arguments(&filter, more));
        assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""), "{said:?}");
        assert!(said.stderr.contains("CAP_NET_ADMIN"), "{said:?}");
    }
    let said = run_unprivileged(&["list", "-K", "--yes", "sport", "=", &format!(":{port}")]);
    assert!(said.stderr.contains("owner unknown"), "{said:?}");
    let said = run_unprivileged(&["list", "-K", "--yes", "--include-unknown", "sport", "=", &format!(":{port}")]);
    assert!(said.code == Some(2) && said.stderr.contains("CAP_NET_ADMIN"), "{said:?}");
    assert_eq!(tcp_in(LabState::Established).len(), 2);
    // Showing needs no right, and names sudo.
    let dry = run_unprivileged(&arguments(&filter, &[]));
    assert_eq!(dry.code, Some(0), "{dry:?}");
    assert!(dry.stdout.contains("sudo sockdoc kill --include-unknown"), "{dry:?}");
}
