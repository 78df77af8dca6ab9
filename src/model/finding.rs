//! The result of a rule: a claim about one subject, its evidence and its remedies.

use std::time::Duration;

use crate::model::{
    incident::{Flow, Fold, Touches},
    sentence::{Placeholders, Sentence, Word},
    snapshot::Seen,
};
pub use crate::model::{
    remedy::{Remedy, RemedyKind},
    subject::{Program, Runtime, Subject, program_word},
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
    /// Inferred from context.
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
    /// A rate per second.
    PerSecond(f64),
    /// A value other than a number: an address, a state, a sysctl's text.
    Text(String),
    /// Several numbers: a histogram.
    Counts(Vec<u64>),
}

/// One piece of proof.
#[derive(Clone, PartialEq, Debug)]
pub struct Evidence {
    /// The name in `snake_case`: `recv_queue_bytes`.
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
    /// The subject.
    pub subject: Subject,
    /// The network namespace's label, if the run read several.
    pub netns: Option<String>,
    /// The headline with its numbers.
    pub title: Sentence,
    /// Why it happens.
    pub why: Option<Sentence>,
    /// The evidence in words.
    pub proof: Vec<Sentence>,
    /// Where it leads, and when.
    pub limit: Option<Sentence>,
    /// The figures.
    pub evidence: Vec<Evidence>,
    /// Remedies, in order.
    pub remedies: Vec<Remedy>,
    /// Common advice that does not help.
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

    /// A count among its evidence.
    pub fn count_of(&self, name: &str) -> Option<u64> {
        let one = self.evidence.iter().find(|one| one.name == name)?;
        if let Figure::Count(count) = one.value { Some(count) } else { None }
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
    /// The option that would make the rule checkable, as typed: `--deep`, `--for 5s`, `sudo`; `None` if nothing on this
    /// host would.
    pub needs: Option<&'static str>,
}
