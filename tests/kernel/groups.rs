//! `group` by every key that needs no owner, on sockets that are known.

use rustix::net::sockopt;
use serde_json::{Value, json};

use crate::lab::agreement::rows;
use crate::lab::counts::{Inet, State};
use crate::lab::makers::{self, Hangup, Unread};
use crate::lab::program::run;
use crate::lab::sockets::Family;
use crate::lab::{mass, proc_net};

/// `(value of the key, sockets)`, in the order of the output.
#[track_caller]
fn group(key: &str, more: &[&str]) -> Vec<(String, usize)> {
    let document = document(&[&["--by", key], more].concat());
    assert_eq!(document["keys"], json!([key]));
    let groups = rows(&document["groups"], key);
    assert!(groups.is_sorted_by(|one, next| one.1 >= next.1), "most first: {groups:?}");
    groups
}

#[track_caller]
fn document(args: &[&str]) -> Value {
    let document = run(&[&["group", "--json"], args].concat()).json();
    assert_eq!(document["schema"], "sockdoc/1");
    document
}

fn pair(value: impl ToString, n: usize) -> (String, usize) {
    (value.to_string(), n)
}

pub(crate) fn group_by_local_port() {
    let one = makers::established(Family::V4, 5);
    let other = makers::close_wait(Family::Dual, 3, Unread::Nothing);
    let groups = group("lport", &[]);
    // The accepted ends and the listener; each client has its own port.
    assert_eq!(groups[..2], [pair(one.port, 6), pair(other.port, 4)]);
    assert_eq!(groups.len(), 2 + 5);
    assert_eq!(group("lport", &["close-wait"]), [pair(other.port, 3)]);
    assert_eq!(group("pport", &["established"])[0], pair(one.port, 5));
}

pub(crate) fn group_by_local_address() {
    let _held = [
        makers::close_wait(Family::V4, 4, Unread::Nothing),
        makers::close_wait(Family::V6, 3, Unread::Nothing),
        // v4-mapped addresses are shown as IPv4.
        makers::close_wait(Family::Dual, 2, Unread::Nothing),
    ];
    assert_eq!(group("local", &["close-wait"]), [pair("127.0.0.1", 6), pair("::1", 3)]);
}

pub(crate) fn group_by_peer_and_peer_network() {
    // Their clients are at 127.1.0.0.
    let _mass = mass::close_wait(Inet::V4, 100);
    let _held = [
        makers::close_wait(Family::V4, 4, Unread::Nothing),
        makers::close_wait(Family::V6, 3, Unread::Nothing),
        makers::close_wait(Family::Dual, 2, Unread::Nothing),
    ];
    let state = &["close-wait"];
    assert_eq!(group("peer", state), [pair("127.1.0.0", 100), pair("127.0.0.1", 6), pair("::1", 3)]);
    let networks = document(&["--by", "peer/8,64", "close-wait"]);
    let counts: Vec<&Value> =
        networks["groups"].as_array().expect("groups").iter().map(|row| &row["sockets"]).collect();
    assert_eq!(counts, [&json!(106), &json!(3)], "{networks}");
    let networks = document(&["--by", "peer/16", "close-wait"]);
    assert_eq!(networks["groups"].as_array().expect("groups").len(), 3, "{networks}");
}

pub(crate) fn group_by_service() {
    let one = makers::fin_wait2(Family::V4, 5, Hangup::Held);
    let other = makers::fin_wait2(Family::V6, 3, Hangup::Held);
    let expected = [pair(format!("127.0.0.1:{}", one.port), 5), pair(format!("[::1]:{}", other.port), 3)];
    assert_eq!(group("service", &["fin-wait-2"]), expected);
}

pub(crate) fn group_by_family() {
    let _held = [makers::established(Family::V4, 2), makers::established(Family::Dual, 5)];
    // Two pairs and a listener; five clients are IPv4, what accepted them and its listener IPv6.
    assert_eq!(group("family", &[]), [pair("inet", 10), pair("inet6", 6)]);
}

pub(crate) fn group_by_direction_with_the_kernels_figures() {
    let held = makers::established(Family::Dual, 5);
    // Traffic both ways must not change the verdict.
    for (server, client) in held.sockets.iter().zip(&held.others) {
        rustix::io::write(client, b"to the server").expect("data");
        rustix::io::write(server, b"and to the client, more of it").expect("data");
    }
    let mut groups = group("direction", &[]);
    groups.sort();
    assert_eq!(groups, [pair("inbound", 5), pair("listener", 1), pair("outbound", 5)]);
}

pub(crate) fn group_by_direction_of_time_wait_is_inferred_from_listeners() {
    let _held = [makers::time_wait(Family::V4, 20), makers::time_wait_at_server(Family::Dual, 30)];
    assert_eq!(group("direction", &["time-wait"]), [pair("inbound", 30), pair("outbound", 20)]);
}

pub(crate) fn group_by_timer() {
    let plain = makers::established(Family::V4, 3);
    let kept_alive = makers::established(Family::V6, 4);
    for socket in &kept_alive.sockets {
        sockopt::set_socket_keepalive(socket, true).expect("keepalive");
    }
    let _more =
        [makers::time_wait(Family::Dual, 20), makers::syn_sent(Family::V4, 6), makers::zero_window(Family::V4, 2)];
    // It begins with a retransmission that finds the window closed.
    let end = std::time::Instant::now() + crate::lab::program::LIMIT;
    while proc_net::tcp_in(State::Established).iter().filter(|row| row.timer == 4).count() < 2 {
        assert!(std::time::Instant::now() < end, "no zero window is probed");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let mut groups = group("timer", &[]);
    groups.sort();
    // Both ends of the plain ones, the clients of those kept alive, who reads too slowly, and five listeners.
    let idle = 2 * plain.sockets.len() + kept_alive.others.len() - 1 + 2 + 5;
    let expected = [pair("keepalive", 4), pair("off", idle), pair("on", 6), pair("persist", 2), pair("timewait", 20)];
    assert_eq!(groups, expected);
}

pub(crate) fn group_by_user() {
    let _held = [makers::listen(Family::V4, 9), makers::time_wait(Family::V4, 20)];
    let groups = group("user", &[]);
    // A TIME_WAIT has no owner; it is not root's.
    assert_eq!(groups[0], pair("null", 20), "{groups:?}");
    assert_eq!(groups.len(), 2, "{groups:?}");
    assert!(["0", "root"].contains(&groups[1].0.as_str()), "{groups:?}");
    assert_eq!(groups[1].1, 10);
}

pub(crate) fn group_by_two_keys() {
    let one = makers::fin_wait2(Family::V4, 5, Hangup::Held);
    let document = document(&["--by", "lport", "--by", "state"]);
    assert_eq!(document["keys"], json!(["lport", "state"]));
    let groups = document["groups"].as_array().expect("groups");
    let expected = json!({"lport": one.port, "state": "CLOSE_WAIT", "sockets": 5});
    assert_eq!(groups[0], expected, "{document}");
    assert!(groups.contains(&json!({"lport": one.port, "state": "LISTEN", "sockets": 1})), "{document}");
    assert_eq!(groups.len(), 2 + 5);
    assert_eq!(run(&["group", "--json", "--by", "lport state"]).json(), document);
}

pub(crate) fn group_keeps_the_rest_as_other() {
    let one = makers::established(Family::V4, 5);
    let _two = makers::established(Family::V4, 3);
    let top = document(&["--by", "lport", "--top", "1"]);
    assert_eq!(top["groups"], json!([{"lport": one.port, "sockets": 6}]));
    assert_eq!((&top["other"], &top["total"]), (&json!(12), &json!(18)));
    let large = document(&["--by", "lport", "--min", "2"]);
    assert_eq!(large["groups"].as_array().expect("groups").len(), 2);
    assert_eq!((&large["other"], &large["total"]), (&json!(8), &json!(18)));
}
