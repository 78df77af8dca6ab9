//! Every message there is: its file, its name, its placeholders.
//!
//! The list is written by hand; `tests/catalogue.rs` holds it against the files of each language.

/// A catalogue file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum File {
    /// `--help`.
    Cli,
    /// Errors and notes.
    Errors,
    /// The table of `group`.
    Group,
    /// The listing.
    List,
    /// The man page.
    Man,
    /// The overview.
    Overview,
}

impl File {
    /// All of them, with their names.
    pub const ALL: [(File, &'static str); 6] = [
        (File::Cli, "cli"),
        (File::Errors, "errors"),
        (File::Group, "group"),
        (File::List, "list"),
        (File::Man, "man"),
        (File::Overview, "overview"),
    ];
}

/// A message by its file and name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Message {
    /// The file it stands in.
    pub file: File,
    /// Its name there.
    pub id: &'static str,
    /// The placeholders it takes.
    pub placeholders: &'static [&'static str],
}

macro_rules! messages {
    ($($name:ident = $file:ident $id:literal [$($placeholder:literal),*];)*) => {
        $(
            #[doc = concat!("`", $id, "`")]
            pub const $name: Message =
                Message { file: File::$file, id: $id, placeholders: &[$($placeholder),*] };
        )*
        /// All messages, with the names they have in the program.
        pub const ALL: &[(&str, Message)] = &[$((stringify!($name), $name)),*];
    };
}

messages! {
    TCP_SOCKETS = Overview "tcp-sockets" ["count"];
    NO_TCP_SOCKETS = Overview "no-tcp-sockets" [];
    TCP_UNREADABLE = Overview "tcp-unreadable" [];
    COLUMN_STATE = Overview "column-state" [];
    COLUMN_SOCKETS = Overview "column-sockets" [];
    COLUMN_WHO = Overview "column-who" [];
    WHO_ESTABLISHED = Overview "who-established" [];
    WHO_SYN_SENT = Overview "who-syn-sent" [];
    WHO_SYN_RECV = Overview "who-syn-recv" [];
    WHO_FIN_WAIT1 = Overview "who-fin-wait1" [];
    WHO_FIN_WAIT2 = Overview "who-fin-wait2" [];
    WHO_TIME_WAIT = Overview "who-time-wait" [];
    WHO_CLOSE = Overview "who-close" [];
    WHO_CLOSE_WAIT = Overview "who-close-wait" [];
    WHO_LAST_ACK = Overview "who-last-ack" [];
    WHO_LISTEN = Overview "who-listen" [];
    WHO_CLOSING = Overview "who-closing" [];
    WHO_BOUND_INACTIVE = Overview "who-bound-inactive" [];
    WHO_UNNAMED = Overview "who-unnamed" [];
    STATE_UNNAMED = Overview "state-unnamed" [];
    NOT_ACCEPTED = Overview "not-accepted" ["count"];
    HELD_WITHOUT_LIMIT = Overview "held-without-limit" ["count"];
    PROTOCOL_UNREADABLE = Overview "protocol-unreadable" ["protocol"];
    OTHER_NAMESPACES = Overview "other-namespaces" ["count"];
    NAMESPACES_UNREADABLE = Overview "namespaces-unreadable" [];
    HIDDEN_NAMESPACES = Overview "hidden-namespaces" ["count"];

    KEY_STATE = Group "key-state" [];
    KEY_FAMILY = Group "key-family" [];
    KEY_LOCAL = Group "key-local" [];
    KEY_LOCAL_PORT = Group "key-local-port" [];
    KEY_PEER = Group "key-peer" [];
    KEY_PEER_NETWORK = Group "key-peer-network" [];
    KEY_PEER_PORT = Group "key-peer-port" [];
    KEY_SERVICE = Group "key-service" [];
    KEY_DIRECTION = Group "key-direction" [];
    KEY_TIMER = Group "key-timer" [];
    KEY_USER = Group "key-user" [];
    COLUMN_COUNT = Group "column-count" [];
    OTHER_ROWS = Group "other-rows" ["rows"];

    LIST_NETID = List "list-netid" [];
    LIST_STATE = List "list-state" [];
    LIST_RECVQ = List "list-recvq" [];
    LIST_SENDQ = List "list-sendq" [];
    LIST_LOCAL = List "list-local" [];
    LIST_PEER = List "list-peer" [];
    LIST_LADDR = List "list-laddr" [];
    LIST_LPORT = List "list-lport" [];
    LIST_PADDR = List "list-paddr" [];
    LIST_PPORT = List "list-pport" [];
    LIST_PROCESS = List "list-process" [];
    LIST_PID = List "list-pid" [];
    LIST_FD = List "list-fd" [];
    LIST_USER = List "list-user" [];
    LIST_UID = List "list-uid" [];
    LIST_INODE = List "list-inode" [];
    LIST_COOKIE = List "list-cookie" [];
    LIST_FAMILY = List "list-family" [];
    LIST_TIMER = List "list-timer" [];
    LIST_EXPIRES = List "list-expires" [];
    LIST_RETRANS = List "list-retrans" [];
    LIST_ENDS = List "list-ends" [];
    LIST_UNIT = List "list-unit" [];
    LIST_CONTAINER = List "list-container" [];
    LIST_POD = List "list-pod" [];
    LIST_NETNS = List "list-netns" [];
    LIST_CGROUP = List "list-cgroup" [];
    LIST_MARK = List "list-mark" [];
    LIST_IFACE = List "list-iface" [];
    LIST_CONGESTION = List "list-congestion" [];
    UNIT_MS = List "unit-ms" [];
    UNIT_S = List "unit-s" [];
    UNIT_MIN = List "unit-min" [];
    UNIT_H = List "unit-h" [];
    UNIT_D = List "unit-d" [];
    ENDS_IN = List "ends-in" ["time"];
    ENDS_NEVER = List "ends-never" [];
    ENDS_NEVER_CELL = List "ends-never-cell" [];
    OWNER_NONE_KEPT = List "owner-none-kept" [];
    OWNER_NOT_ACCEPTED = List "owner-not-accepted" [];
    OWNER_NOT_PERMITTED = List "owner-not-permitted" [];
    OWNER_KERNEL = List "owner-kernel" [];
    TIMER_RETRANSMIT = List "timer-retransmit" ["time"];
    TIMER_KEEPALIVE = List "timer-keepalive" ["time"];
    TIMER_PERSIST = List "timer-persist" ["time"];
    TIMER_OTHER = List "timer-other" ["time"];
    TIMER_TRIES = List "timer-tries" ["count"];
    MEMORY_WORDS = List "memory-words" ["received", "rcvbuf", "queued", "sndbuf", "sending", "reserved", "options"];
    MEMORY_BACKLOG = List "memory-backlog" ["backlog"];
    MEMORY_DROPS = List "memory-drops" ["count"];

    ERROR_UNKNOWN_STATE = Errors "unknown-state" ["word"];
    ERROR_UNKNOWN_KEY = Errors "unknown-key" ["word"];
    ERROR_PREFIX_LENGTH = Errors "prefix-length" ["word"];
    ERROR_NO_KEY = Errors "no-key" [];
    ERROR_KEY_TWICE = Errors "key-twice" ["word"];
    ERROR_FAMILIES = Errors "families" [];
    ERROR_UNIX_FAMILY = Errors "unix-family" ["option"];
    DID_YOU_MEAN = Errors "did-you-mean" ["candidate"];
    VALID_WORDS = Errors "valid-words" ["words"];
    JOINED = Errors "joined" ["what", "more"];
    SEE_HELP = Errors "see-help" ["command"];
    ERROR_UNKNOWN_OPTION = Errors "unknown-option" ["option"];
    ERROR_UNKNOWN_COMMAND = Errors "unknown-command" ["command"];
    ERROR_UNEXPECTED_WORD = Errors "unexpected-word" ["word"];
    ERROR_INVALID_VALUE = Errors "invalid-value" ["option", "value"];
    ERROR_MISSING_VALUE = Errors "missing-value" ["option"];
    ERROR_SUPERFLUOUS_VALUE = Errors "superfluous-value" ["option", "value"];
    ERROR_TWICE = Errors "twice" ["option"];
    ERROR_CONFLICT = Errors "conflict" ["option", "other"];
    ERROR_MISSING = Errors "missing" ["option"];
    ERROR_COMMAND_LINE = Errors "command-line" [];
    ERROR_NOT_TEXT = Errors "not-text" [];
    ERROR_FORMAT = Errors "no-such-format" ["format", "command"];
    ERROR_UNREADABLE = Errors "unreadable" ["what", "why"];
    ERROR_BOUND_INACTIVE = Errors "bound-inactive-unreadable" ["why"];
    ERROR_WRITING = Errors "writing" ["why"];
    NOTE = Errors "note" ["text"];
    NOTE_FROM_PROC = Errors "note-from-proc" ["what", "why"];
    NOTE_UNREADABLE = Errors "note-unreadable" ["what", "why"];
    NOTE_BOUND_TOO_OLD = Errors "note-bound-too-old" ["version"];
    NOTE_INFERRED = Errors "note-inferred" ["count"];
    REMEDY_SOCK_DIAG = Errors "remedy-sock-diag" [];
    REMEDY_ROOT = Errors "remedy-root" [];

    ABOUT = Cli "about" [];
    COLON = Cli "colon" [];
    USAGE = Cli "usage" [];
    HEADING_COMMANDS = Cli "heading-commands" [];
    HEADING_ARGUMENTS = Cli "heading-arguments" [];
    HEADING_SOCKETS = Cli "heading-sockets" [];
    HEADING_GROUPS = Cli "heading-groups" [];
    HEADING_OUTPUT = Cli "heading-output" [];
    HEADING_EXAMPLES = Cli "heading-examples" [];
    COMMAND_COUNT = Cli "command-count" [];
    COMMAND_GROUP = Cli "command-group" [];
    COMMAND_COMPLETIONS = Cli "command-completions" [];
    COMMAND_MAN = Cli "command-man" [];
    COMMAND_HELP = Cli "command-help" [];
    OPTION_JSON = Cli "option-json" [];
    OPTION_FORMAT = Cli "option-format" [];
    OPTION_LANG = Cli "option-lang" [];
    OPTION_COLOR = Cli "option-color" [];
    OPTION_VERBOSE = Cli "option-verbose" [];
    OPTION_HELP = Cli "option-help" [];
    OPTION_VERSION = Cli "option-version" [];
    OPTION_TCP = Cli "option-tcp" [];
    OPTION_UDP = Cli "option-udp" [];
    OPTION_RAW = Cli "option-raw" [];
    OPTION_UNIX = Cli "option-unix" [];
    OPTION_IPV4 = Cli "option-ipv4" [];
    OPTION_IPV6 = Cli "option-ipv6" [];
    OPTION_BOUND_INACTIVE = Cli "option-bound-inactive" [];
    OPTION_BY = Cli "option-by" [];
    OPTION_TOP = Cli "option-top" [];
    OPTION_MIN = Cli "option-min" [];
    ARGUMENT_STATES = Cli "argument-states" [];
    ARGUMENT_SHELL = Cli "argument-shell" [];
    ARGUMENT_COMMAND = Cli "argument-command" [];
    EXAMPLE_OVERVIEW = Cli "example-overview" [];
    EXAMPLE_JSON = Cli "example-json" [];
    EXAMPLE_COUNT = Cli "example-count" [];
    EXAMPLE_UNION = Cli "example-union" [];
    EXAMPLE_GROUP = Cli "example-group" [];
    EXAMPLE_DIRECTION = Cli "example-direction" [];

    MAN_NAME = Man "name" [];
    MAN_SYNOPSIS = Man "synopsis" [];
    MAN_DESCRIPTION = Man "description" [];
    MAN_DESCRIPTION_TEXT = Man "description-text" [];
    MAN_COMMANDS = Man "commands" [];
    MAN_OPTIONS = Man "options" [];
    MAN_STATES = Man "states" [];
    MAN_STATES_TEXT = Man "states-text" [];
    MAN_KEYS = Man "keys" [];
    MAN_KEYS_TEXT = Man "keys-text" [];
    MAN_KEY_STATE = Man "about-state" [];
    MAN_KEY_FAMILY = Man "about-family" [];
    MAN_KEY_LOCAL = Man "about-local" [];
    MAN_KEY_LOCAL_PORT = Man "about-local-port" [];
    MAN_KEY_PEER = Man "about-peer" [];
    MAN_KEY_PEER_NETWORK = Man "about-peer-network" [];
    MAN_KEY_PEER_PORT = Man "about-peer-port" [];
    MAN_KEY_SERVICE = Man "about-service" [];
    MAN_KEY_DIRECTION = Man "about-direction" [];
    MAN_KEY_TIMER = Man "about-timer" [];
    MAN_KEY_USER = Man "about-user" [];
    MAN_EXAMPLES = Man "examples" [];
    MAN_EXIT_STATUS = Man "exit-status" [];
    MAN_EXIT_0 = Man "exit-0" [];
    MAN_EXIT_2 = Man "exit-2" [];
    MAN_FILES = Man "files" [];
    MAN_FILE_PROC_NET = Man "file-proc-net" [];
    MAN_FILE_NS = Man "file-ns" [];
    MAN_FILE_PASSWD = Man "file-passwd" [];
    MAN_FILE_RANGE = Man "file-range" [];
    MAN_ENVIRONMENT = Man "environment" [];
    MAN_ENV_LOCALE = Man "env-locale" [];
    MAN_ENV_NO_COLOR = Man "env-no-color" [];
    MAN_ENV_PROC_ROOT = Man "env-proc-root" [];
    MAN_ENV_COLUMNS = Man "env-columns" [];
    MAN_SEE_ALSO = Man "see-also" [];
}
