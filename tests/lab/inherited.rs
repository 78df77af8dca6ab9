//! A listener that two programs hold: a job and a server that one launcher has started with it, in this order.

use std::net::{SocketAddr, TcpListener};
use std::os::fd::AsFd;

use super::actor::{Actor, stay};
use super::proc_net::until;
use super::process::Process;

/// The launcher, which holds nothing; both programs end with it.
pub(crate) struct Family {
    _launcher: Actor,
    /// The program that got the listener and does not use it; it has the lower number.
    pub(crate) job: u32,
    /// The server.
    pub(crate) server: u32,
}

impl Family {
    /// Starts a job under that name, then a server, which runs `serve`.
    #[track_caller]
    pub(crate) fn start(at: SocketAddr, backlog: i32, job: &'static str, serve: impl Fn(&TcpListener)) -> Self {
        let names = std::env::temp_dir().join("family");
        // A family before this one may have left it.
        let _ = std::fs::remove_file(&names);
        let told = names.clone();
        let launcher = Actor::start("launcher", None, move |ready| {
            let listener = TcpListener::bind(at).expect("a listener");
            rustix::net::listen(listener.as_fd(), backlog).expect("its backlog");
            // Before the forks, which would hold the other end of the pipe.
            ready.now();
            let started = [job, "orders"].map(|name| {
                Process::fork(|| {
                    let name = std::ffi::CString::new(name).expect("a name without NUL");
                    rustix::thread::set_name(&name).expect("a name");
                    if name.as_bytes() == b"orders" {
                        serve(&listener);
                    }
                    stay()
                })
            });
            drop(listener);
            let [job, server] = started.each_ref().map(Process::pid);
            std::fs::write(&told, format!("{job} {server} .")).expect("their numbers");
            stay();
        });
        until("both programs", || std::fs::read_to_string(&names).is_ok_and(|words| words.ends_with('.')));
        let words = std::fs::read_to_string(&names).expect("their numbers");
        let mut pids = words.split(' ').map_while(|word| word.parse().ok());
        let [job, server] = [(); 2].map(|()| pids.next().expect("a number"));
        until("they have their names", || {
            let name = |pid: u32| std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
            name(server) == "orders\n" && name(job) != "launcher\n"
        });
        Self { _launcher: launcher, job, server }
    }
}
