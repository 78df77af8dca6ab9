//! A remedy for a finding. sockdoc prints it and never runs it.

use crate::model::{sentence::Sentence, shell::ShellCommand};

/// Where a remedy is applied.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RemedyKind {
    /// In the program's code.
    Code,
    /// In a program's or unit's settings.
    Config,
    /// A kernel setting.
    Sysctl,
    /// A single action of the operator: inspect, restart, contact the peer's owner.
    Operate,
}

impl RemedyKind {
    /// The word used in JSON, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            RemedyKind::Code => "code",
            RemedyKind::Config => "config",
            RemedyKind::Sysctl => "sysctl",
            RemedyKind::Operate => "operate",
        }
    }
}

/// One thing that helps. It is printed, never run.
#[derive(Clone, PartialEq, Debug)]
pub struct Remedy {
    /// Where it is applied.
    pub kind: RemedyKind,
    /// Whether it is a stop-gap, or only inspects.
    pub first_aid: bool,
    /// Whether it only inspects and changes nothing.
    pub inspects: bool,
    /// The action.
    pub text: Sentence,
    /// The exact command, ready for a shell.
    pub command: Option<ShellCommand>,
    /// The kernel setting that it sets.
    pub setting: Option<&'static str>,
    /// The command before one that runs in the finding's namespace; none in one's own.
    pub entry: Option<ShellCommand>,
    /// The value that is set.
    pub current: Option<String>,
    /// The value proposed.
    pub proposed: Option<String>,
    /// How to keep it across reboots: the lines of a file, or a command.
    pub persist: Option<String>,
    /// The command that takes it back.
    pub undo: Option<ShellCommand>,
    /// The possible damage.
    pub risk: Option<Sentence>,
    /// Privilege and kernel it needs.
    pub needs: Option<Sentence>,
    /// The command that shows that it worked.
    pub verify: Option<ShellCommand>,
}

impl Remedy {
    /// A remedy that is only words.
    pub fn new(kind: RemedyKind, text: impl Into<Sentence>) -> Remedy {
        Remedy {
            kind,
            first_aid: false,
            inspects: false,
            text: text.into(),
            command: None,
            setting: None,
            entry: None,
            current: None,
            proposed: None,
            persist: None,
            undo: None,
            risk: None,
            needs: None,
            verify: None,
        }
    }

    /// Marks it as first aid.
    #[must_use]
    pub fn first_aid(mut self) -> Remedy {
        self.first_aid = true;
        self
    }

    /// Marks it as an inspection, which is also a stop-gap.
    #[must_use]
    pub fn inspect(mut self) -> Remedy {
        self.inspects = true;
        self.first_aid()
    }

    /// Whether it helps at once, until the real remedy is there.
    pub fn is_stop_gap(&self) -> bool {
        self.first_aid && !self.inspects
    }

    /// With a command.
    #[must_use]
    pub fn command(mut self, command: impl Into<ShellCommand>) -> Remedy {
        self.command = Some(command.into());
        self
    }

    /// With its risk.
    #[must_use]
    pub fn risk(mut self, risk: impl Into<Sentence>) -> Remedy {
        self.risk = Some(risk.into());
        self
    }

    /// Sets the required privilege.
    #[must_use]
    pub fn needs(mut self, needs: impl Into<Sentence>) -> Remedy {
        self.needs = Some(needs.into());
        self
    }

    /// With the command that shows that it worked.
    #[must_use]
    pub fn verify(mut self, command: impl Into<ShellCommand>) -> Remedy {
        self.verify = Some(command.into());
        self
    }
}
