//! sshd: a listener, and a process for each session.

use std::net::SocketAddr;

use super::program::{USER, file, find, finish, folder, listening, start, stop};
use super::{Case, Culprit, Expects, Held, at, clients, held};
use crate::lab::counts::State;
use crate::lab::path::{Far, NEAR};
use crate::lab::proc_net::{tcp_in, until};
use crate::lab::process::Process;

const PLAIN: Case = Case {
    server: "sshd",
    programs: &["sshd", "ssh", "ssh-keygen"],
    what: "",
    set: &[],
    expects: Expects::Silence(idle),
};

/// The first bytes of a client.
const HELLO: &[u8] = b"SSH-2.0-client\r\n";

pub(crate) const CASES: &[Case] = &[
    Case { what: "idle, 5 sessions", ..PLAIN },
    Case {
        what: "under load: a session that copies without end, and a new one for each command",
        expects: Expects::SilenceAfter(load),
        ..PLAIN
    },
    Case {
        what: "a session whose output waits behind a pager at the client",
        expects: Expects::Silence(paged),
        ..PLAIN
    },
    Case {
        what: "MaxStartups 5, reached by clients that do not log in; clients of another host come",
        expects: Expects::IncidentOverTime("closed-at-once", refuses),
        ..PLAIN
    },
    Case { what: "stopped (SIGSTOP), clients come", expects: Expects::Incident("program-hung", stopped), ..PLAIN },
];

/// sshd at 2222 for the user, with these settings.
#[track_caller]
pub(super) fn server(settings: &str) -> Process {
    let (host, user) = (folder().join("host-key"), folder().join("key"));
    for key in [&host, &user] {
        finish("ssh-keygen", &["-q", "-t", "ed25519", "-N", "", "-f", &key.display().to_string()]);
    }
    let folder = folder().display().to_string();
    let conf = file(
        "sshd_config",
        &format!(
            "Port 2222\nListenAddress 0.0.0.0\nHostKey {folder}/host-key\nAuthorizedKeysFile {folder}/key.pub\n\
             PidFile none\nStrictModes no\nUsePAM no\n{settings}\n"
        ),
    );
    let path = find("sshd").expect("sshd").display().to_string();
    let running = start(&path, &["-D", "-e", "-f", &conf]);
    listening(&[2222]);
    running
}

/// The command line of a client that runs a command there.
fn ssh(command: &str) -> String {
    let folder = folder().display().to_string();
    format!(
        "ssh -F none -p 2222 -i {folder}/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null {USER}@127.0.0.1 '{command}'"
    )
}

/// Starts a shell that runs this line.
#[track_caller]
fn shell(line: &str) -> Process {
    start("sh", &["-c", line])
}

pub(super) fn idle(_: u64) -> Held {
    let running = server("");
    let sessions: Vec<Process> = (0..5).map(|_| shell(&format!("exec {}", ssh("sleep 1000")))).collect();
    until("all sessions are open", || {
        let open = tcp_in(State::Established);
        open.iter().filter(|row| row.local == at(2222)).count() == 5
    });
    held![running, sessions]
}

fn load(seconds: u64) -> Held {
    let running = server("");
    let copy = format!("timeout {seconds} cat /dev/zero | {} >/dev/null", ssh("cat"));
    let each =
        format!("end=$(($(date +%s) + {seconds})); while [ $(date +%s) -lt $end ]; do {} || exit 1; done", ssh("true"));
    held![running, shell(&copy), shell(&each)]
}

fn paged(_: u64) -> Held {
    let running = server("");
    let paged = format!("{} | (head -c 10000 >/dev/null; sleep 1000)", ssh("cat /dev/zero"));
    held![running, shell(&paged)]
}

fn refuses() -> (Culprit, Held) {
    let far = Far::connect();
    let running = server("MaxStartups 5");
    let stay = clients::holding(at(2222), 5, HELLO);
    (
        Culprit::Listener(2222),
        held![running, stay, clients::coming(Some(&far), SocketAddr::new(NEAR.into(), 2222), 50, HELLO), far],
    )
}

fn stopped() -> (Culprit, Held) {
    let running = server("");
    stop(&[running.pid()]);
    (Culprit::Process(running.pid()), held![running, clients::waiting(at(2222), 10, HELLO)])
}
