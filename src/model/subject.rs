//! The subject of a finding: a process, unit, listener, destination, or the host.

use std::net::{IpAddr, SocketAddr};

use crate::model::sentence::{Sentence, Word};

/// The language or kind of a program, from its executable; selects the hint for its code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub enum Runtime {
    /// A Java virtual machine.
    Java,
    /// A binary made by the Go toolchain.
    Go,
    /// A Python interpreter, or a server that runs in one (gunicorn, uwsgi).
    Python,
    /// Node.js.
    Node,
    /// nginx.
    Nginx,
    /// `HAProxy`.
    Haproxy,
    /// Apache httpd.
    Apache,
    /// `PostgreSQL`.
    Postgres,
    /// Redis or Valkey.
    Redis,
    /// PHP.
    Php,
    /// Ruby.
    Ruby,
    /// .NET.
    Dotnet,
    /// Anything else: taken for C or a language like it.
    #[default]
    Native,
}

impl Runtime {
    /// The word used in output, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Runtime::Java => "java",
            Runtime::Go => "go",
            Runtime::Python => "python",
            Runtime::Node => "node",
            Runtime::Nginx => "nginx",
            Runtime::Haproxy => "haproxy",
            Runtime::Apache => "apache",
            Runtime::Postgres => "postgresql",
            Runtime::Redis => "redis",
            Runtime::Php => "php",
            Runtime::Ruby => "ruby",
            Runtime::Dotnet => "dotnet",
            Runtime::Native => "native",
        }
    }
}

/// A process as a finding names it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Program {
    /// The process; with several that hold the same sockets, the lowest.
    pub pid: u32,
    /// How many processes hold them: 8 for the workers of one server.
    pub processes: usize,
    /// `comm`.
    pub name: String,
    /// The user's name, or the number.
    pub user: Option<String>,
    /// The systemd unit.
    pub unit: Option<String>,
    /// The container's short id with its runtime: `docker 3f2a91c4d5e6`.
    pub container: Option<String>,
    /// Its language.
    pub runtime: Runtime,
}

/// The subject of a finding.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Subject {
    /// A process, or several of one program that hold the same sockets.
    Process(Program),
    /// A systemd unit whose processes cannot be seen.
    Unit(String),
    /// A container whose processes cannot be seen.
    Container(String),
    /// A user whose processes cannot be seen.
    User(String),
    /// A listening socket.
    Listener {
        /// Its address; unspecified for any.
        address: IpAddr,
        /// Its port.
        port: u16,
        /// The path, for a UNIX socket; address and port mean nothing then.
        path: Option<String>,
        /// Its holder, if visible.
        program: Option<Program>,
    },
    /// Somewhere this host connects to.
    Destination {
        /// The local address, where the limit is one of it.
        source: Option<IpAddr>,
        /// The peer's address.
        address: IpAddr,
        /// The peer's port, where one service is meant.
        port: Option<u16>,
        /// The program that connects, where that can be seen.
        program: Option<Program>,
    },
    /// The host, or the network namespace.
    Host,
    /// Sockets whose owner cannot be seen.
    Unknown,
}

impl Subject {
    /// The word used in JSON, the same in every language.
    pub fn kind(&self) -> &'static str {
        match self {
            Subject::Process(_) => "process",
            Subject::Unit(_) => "unit",
            Subject::Container(_) => "container",
            Subject::User(_) => "user",
            Subject::Listener { .. } => "listener",
            Subject::Destination { .. } => "destination",
            Subject::Host => "host",
            Subject::Unknown => "unknown",
        }
    }

    /// Kind and name in one word: `process:4321`, `listener:0.0.0.0:443`.
    pub fn word(&self) -> String {
        let endpoint = |address: IpAddr, port: u16| SocketAddr::new(address, port).to_string();
        let kind = self.kind();
        match self {
            Subject::Process(program) => format!("{kind}:{}", program.pid),
            Subject::Unit(name) | Subject::Container(name) | Subject::User(name) => format!("{kind}:{name}"),
            Subject::Listener { path: Some(path), .. } => format!("{kind}:{path}"),
            Subject::Listener { address, port, .. } => format!("{kind}:{}", endpoint(*address, *port)),
            Subject::Destination { source, address, port, .. } => {
                let to = port.map_or_else(|| address.to_string(), |port| endpoint(*address, port));
                source.iter().fold(format!("{kind}:{to}"), |word, source| format!("{word}:from:{source}"))
            }
            Subject::Host | Subject::Unknown => kind.to_owned(),
        }
    }

    /// The program, where there is one.
    pub fn program(&self) -> Option<&Program> {
        match self {
            Subject::Process(program) => Some(program),
            Subject::Listener { program, .. } | Subject::Destination { program, .. } => program.as_ref(),
            _ => None,
        }
    }

    /// The language of the program.
    pub fn runtime(&self) -> Runtime {
        self.program().map(|program| program.runtime).unwrap_or_default()
    }

    /// The program's name in a sentence.
    pub fn program_word(&self) -> Word {
        program_word(self.program())
    }
}

/// A program's name in a sentence, or words for one that cannot be seen.
pub fn program_word(program: Option<&Program>) -> Word {
    match program {
        Some(program) => Word::Outside(program.name.clone()),
        None => Sentence::plain("some-program").part(),
    }
}
