//! The lab: real sockets in every state, in a separate network namespace.
//!
//! A process enters the lab once, while it has a single thread ([`namespace::enter`]); from then on it sees only the
//! sockets it makes. A test sees only its own processes and names of namespaces, too ([`container::alone`]). The makers
//! hold their sockets until they are dropped and say how many of each state they made; `/proc/net` and `ss` say what the
//! kernel thinks. Tests reach the lab through [`harness`]; the benchmarks use [`namespace`] and [`mass`] alone. No
//! privilege is needed, and where a program is ([`peer`]), the tests without it are ignored by name.

#![allow(dead_code, unused_imports, reason = "shared by the tests and the benchmarks; neither uses all of it")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "test code; clippy knows it by #[test], which a harness of its own does not have"
)]

pub(crate) mod actor;
pub(crate) mod agreement;
pub(crate) mod cgroup;
pub(crate) mod check;
pub(crate) mod churn;
pub(crate) mod container;
pub(crate) mod counts;
pub(crate) mod crowd;
pub(crate) mod deaf;
pub(crate) mod forged;
pub(crate) mod half_open;
pub(crate) mod harness;
pub(crate) mod holder;
pub(crate) mod inherited;
pub(crate) mod kept;
pub(crate) mod line;
pub(crate) mod load;
pub(crate) mod makers;
pub(crate) mod mass;
pub(crate) mod namespace;
pub(crate) mod other_families;
pub(crate) mod outgoing;
pub(crate) mod overflow;
pub(crate) mod path;
pub(crate) mod peer;
pub(crate) mod proc_net;
pub(crate) mod process;
pub(crate) mod program;
pub(crate) mod proof;
pub(crate) mod segments;
pub(crate) mod sender;
pub(crate) mod server;
pub(crate) mod sockets;
pub(crate) mod ss;
pub(crate) mod subject;
pub(crate) mod terminal;
pub(crate) mod told;
pub(crate) mod traffic;
pub(crate) mod verdict;
