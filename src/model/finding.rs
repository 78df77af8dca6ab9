//! What a rule found: a claim about one subject, its proof and its remedies.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

pub use crate::model::remedy::{Remedy, RemedyKind};
use crate::model::{
    incident::{Flow, Fold, Touches},
    sentence::{Placeholders, Sentence, Word},
    snapshot::Seen,
};

/// How bad it is. The order is that of severity, least first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Often feared, and harmless here.
    Ok,
    /// Worth knowing.
    Notice,
    /// Heading towards failure, or costing something now.
    Warning,
    /// Something fails, or will within the hour.
    Critical,
}

impl Severity {
    /// All of them, worst first.
    pub const ALL: [Severity; 4] = [Severity::Critical, Severity::Warning, Severity::Notice, Severity::Ok];

    /// The word used on the command line and in output, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Ok => "ok",
            Severity::Notice => "notice",
            Severity::Warning => "warning",
            Severity::Critical => "critical",
        }
    }
}

/// How sure it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Confidence {
    /// By the kernel's own figures.
    Proven,
    /// The figures have another, rarer explanation.
    Likely,
    /// Concluded from what is around it.
    Inferred,
}

impl Confidence {
    /// The word used in output, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Confidence::Proven => "proven",
            Confidence::Likely => "likely",
            Confidence::Inferred => "inferred",
        }
    }
}

/// What a program is written in or is, told from its executable; decides the hint for its code.
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
    /// What it is written in.
    pub runtime: Runtime,
}

/// What a finding is about.
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
        /// Who holds it, where that can be seen.
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

    /// What the program is written in.
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

/// A figure of the evidence.
#[derive(Clone, PartialEq, Debug)]
pub enum Figure {
    /// How many: unit `1`, or the thing counted.
    Count(u64),
    /// Bytes.
    Bytes(u64),
    /// A length of time; milliseconds in JSON.
    Time(Duration),
    /// A part of a whole, 0 to 1.
    Ratio(f64),
    /// So many in a second.
    PerSecond(f64),
    /// A value that is no number: an address, a state, a sysctl's text.
    Text(String),
    /// Several numbers: a histogram.
    Counts(Vec<u64>),
}

/// One piece of proof.
#[derive(Clone, PartialEq, Debug)]
pub struct Evidence {
    /// What it is, in `snake_case`: `recv_queue_bytes`.
    pub name: &'static str,
    /// Its value.
    pub value: Figure,
    /// Where it was read: `idiag_rqueue`, `/proc/4321/limits`, `TcpExtListenDrops`.
    pub source: String,
}

/// A finding: one claim about one subject.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// What it is about.
    pub subject: Subject,
    /// The network namespace's label, where several were looked at.
    pub netns: Option<String>,
    /// The headline with its numbers.
    pub title: Sentence,
    /// Why it happens.
    pub why: Option<Sentence>,
    /// What proves it, in words.
    pub proof: Vec<Sentence>,
    /// Where it leads, and when.
    pub limit: Option<Sentence>,
    /// The figures.
    pub evidence: Vec<Evidence>,
    /// What helps, in order.
    pub remedies: Vec<Remedy>,
    /// What does not help, though people say so.
    pub myths: Vec<Sentence>,
    /// The inodes it speaks of: their owners are worth looking up. Never shown.
    pub inodes: Vec<u32>,
    /// How large it is among findings of equal severity: the largest is shown first. Never shown.
    pub weight: u64,
    /// Its name among the findings of a run: rule, subject, and the namespace's label where there are several.
    pub id: String,
    /// The connections, processes and listeners it speaks of, by which findings are joined to incidents. Never shown.
    pub touches: Touches,
    /// The finding that explains it, where there is exactly one.
    pub fold: Option<Fold>,
    /// Ids of findings that may have to do with it, though the figures do not prove it.
    pub may_relate_to: Vec<String>,
}

impl Finding {
    /// A finding's name: rule and subject.
    pub fn id_of(rule: &str, subject: &Subject) -> String {
        format!("{rule}:{}", subject.word())
    }

    /// A finding with the headline `title` and the reason `why` of the rule's own texts.
    pub fn new(rule: &'static str, severity: Severity, subject: Subject) -> Finding {
        Finding {
            id: Finding::id_of(rule, &subject),
            rule,
            severity,
            confidence: Confidence::Proven,
            subject,
            netns: None,
            title: Sentence::plain("title"),
            why: Some(Sentence::plain("why")),
            proof: Vec::new(),
            limit: None,
            evidence: Vec::new(),
            remedies: Vec::new(),
            myths: Vec::new(),
            inodes: Vec::new(),
            weight: 0,
            touches: Touches::default(),
            fold: None,
            may_relate_to: Vec::new(),
        }
    }

    /// With a figure of evidence.
    #[must_use]
    pub fn evidence(mut self, name: &'static str, value: Figure, source: impl Into<String>) -> Finding {
        self.evidence.push(Evidence { name, value, source: source.into() });
        self
    }

    /// With the descriptors a process has open, and how many it may have.
    #[must_use]
    pub fn descriptors(self, pid: u32, used: u64, most: u64) -> Finding {
        self.evidence("descriptors", Figure::Count(used), format!("/proc/{pid}/fd")).evidence(
            "descriptor_limit",
            Figure::Count(most),
            format!("/proc/{pid}/limits"),
        )
    }

    /// With another headline.
    #[must_use]
    pub fn title(mut self, title: impl Into<Sentence>) -> Finding {
        self.title = title.into();
        self
    }

    /// With another reason why it happens.
    #[must_use]
    pub fn why(mut self, why: impl Into<Sentence>) -> Finding {
        self.why = Some(why.into());
        self
    }

    /// With a proof in words.
    #[must_use]
    pub fn proof(mut self, proof: impl Into<Sentence>) -> Finding {
        self.proof.push(proof.into());
        self
    }

    /// With where it leads.
    #[must_use]
    pub fn limit(mut self, limit: Option<Sentence>) -> Finding {
        self.limit = limit;
        self
    }

    /// With one more remedy, if there is one.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<Option<Remedy>>) -> Finding {
        self.remedies.extend(remedy.into());
        self
    }

    /// With something that does not help.
    #[must_use]
    pub fn myth(mut self, id: &'static str) -> Finding {
        self.myths.push(Sentence::plain(id));
        self
    }

    /// With another certainty.
    #[must_use]
    pub fn confidence(mut self, confidence: Confidence) -> Finding {
        self.confidence = confidence;
        self
    }

    /// With the connections it counts.
    #[must_use]
    pub fn counts<'a>(mut self, sockets: impl IntoIterator<Item = &'a Seen>) -> Finding {
        self.touches.flows.extend(sockets.into_iter().map(Seen::flow));
        self
    }

    /// With the routes it counts connections of: from a local address, where that is known, to a service.
    #[must_use]
    pub fn over(mut self, routes: impl IntoIterator<Item = Flow>) -> Finding {
        self.touches.flows.extend(routes);
        self
    }

    /// With all the processes it blames, not the one alone that its subject names.
    #[must_use]
    pub fn blames(mut self, pids: impl IntoIterator<Item = u32>) -> Finding {
        self.touches.pids.extend(pids);
        self
    }

    /// With the sockets it speaks of, and how large it is.
    #[must_use]
    pub fn about(mut self, inodes: Vec<u32>, weight: u64) -> Finding {
        self.inodes = inodes;
        self.weight = weight;
        self
    }
}

impl Placeholders for Finding {
    fn with(mut self, name: &'static str, word: Word) -> Finding {
        self.title = self.title.with(name, word);
        self
    }
}

/// A rule that was not checked, and why: silence must mean health.
#[derive(Clone, PartialEq, Debug)]
pub struct NotChecked {
    /// The rule's name.
    pub rule: &'static str,
    /// Why: the name of a message.
    pub reason: Sentence,
    /// What would make it checkable, as typed: `--deep`, `--for 5s`, `sudo`; nothing where this host cannot.
    pub needs: Option<&'static str>,
}
