//! The kinds of topics.

/// The kind of a topic.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TopicKind {
    /// A state of a socket.
    State,
    /// An exchange of segments.
    Exchange,
    /// A rule.
    Rule,
    /// An error number.
    Error,
    /// A field that is printed.
    Field,
    /// A kernel setting.
    Sysctl,
    /// A counter of the kernel.
    Counter,
    /// A belief that is wrong.
    Myth,
}

impl TopicKind {
    /// All of them, in the order of the table of contents.
    pub const ALL: [TopicKind; 8] = [
        TopicKind::State,
        TopicKind::Exchange,
        TopicKind::Rule,
        TopicKind::Error,
        TopicKind::Field,
        TopicKind::Sysctl,
        TopicKind::Counter,
        TopicKind::Myth,
    ];

    /// The word used in output, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            TopicKind::State => "state",
            TopicKind::Exchange => "exchange",
            TopicKind::Rule => "rule",
            TopicKind::Error => "error",
            TopicKind::Field => "field",
            TopicKind::Sysctl => "sysctl",
            TopicKind::Counter => "counter",
            TopicKind::Myth => "myth",
        }
    }
}
