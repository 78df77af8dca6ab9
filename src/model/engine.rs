//! Which of the kernel's interfaces are asked, and why one could not be.

use std::io;

/// `--engine`.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Engine {
    /// BPF for owners and processes where the rights are there and it is cheaper.
    #[default]
    Auto,
    /// No BPF: netlink and `/proc` alone.
    Netlink,
    /// BPF for owners and processes, also where it is not cheaper, and for counts of TCP by state alone.
    Bpf,
}

impl Engine {
    /// By the words of `--engine`.
    pub const ALL: [(&'static str, Engine); 3] =
        [("auto", Engine::Auto), ("netlink", Engine::Netlink), ("bpf", Engine::Bpf)];
}

/// The step at which BPF failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BpfStep {
    /// The kernel's types were not there, or lack something.
    Types,
    /// The kernel did not take the program.
    Load,
    /// The program could not be attached.
    Attach,
    /// Its output could not be read.
    Read,
    /// The rights are missing.
    Rights,
    /// Processes are numbered for another PID namespace than the first.
    Container,
}

/// Why BPF was not used where it should have been.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BpfFailure {
    /// Where it failed.
    pub step: BpfStep,
    /// The system's words for it.
    pub error: String,
    /// The verifier's account; empty where there is none.
    pub log: String,
}

impl BpfFailure {
    /// A failure without an account.
    pub fn new(step: BpfStep, error: &io::Error) -> BpfFailure {
        let error = error.to_string();
        // The number says nothing to a reader.
        let error = error.split(" (os error").next().unwrap_or(&error).to_owned();
        BpfFailure { step, error, log: String::new() }
    }
}
