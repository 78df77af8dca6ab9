//! Every message there is: its file, its name, its placeholders.
//!
//! The list is written by hand; `tests/catalogue.rs` holds it against the files of each language.

/// A catalogue file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum File {
    /// `--help`.
    Cli,
    /// Diagrams.
    Draw,
    /// Errors and notes.
    Errors,
    /// What `explain` adds to its texts.
    Explain,
    /// What all findings share: units, labels, hints.
    Findings,
    /// What is wrong with a filter.
    Filter,
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
    pub const ALL: [(File, &'static str); 10] = [
        (File::Cli, "cli"),
        (File::Draw, "draw"),
        (File::Errors, "errors"),
        (File::Explain, "explain"),
        (File::Findings, "findings"),
        (File::Filter, "filter"),
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
    DRAW_CLIENT = Draw "client" [];
    DRAW_SERVER = Draw "server" [];
    DRAW_CLOSER = Draw "closer" [];
    DRAW_PEER = Draw "peer" [];
    DRAW_HOST = Draw "host" [];
    DRAW_HERE = Draw "here" [];
    DRAW_CLOSE = Draw "close" [];
    DRAW_SHUTDOWN = Draw "shutdown" [];
    DRAW_SIXTY = Draw "sixty" [];
    DRAW_BOTH_ACKS = Draw "both-acks" [];
    DRAW_ABORT = Draw "abort" [];
    DRAW_RESET_SEEN = Draw "reset-seen" [];
    DRAW_IDLE = Draw "idle" [];
    DRAW_PEER_GONE = Draw "peer-gone" [];
    DRAW_TIMED_OUT = Draw "timed-out" [];
    DRAW_NOT_READING = Draw "not-reading" [];
    DRAW_PERSIST = Draw "persist" [];
    DRAW_READS_AGAIN = Draw "reads-again" [];
    DRAW_RTO_FIRST = Draw "rto-first" [];
    DRAW_RTO_SECOND = Draw "rto-second" [];
    DRAW_LISTENS = Draw "listens" [];
    DRAW_CONNECTS = Draw "connects" [];
    DRAW_WE_CLOSE = Draw "we-close" [];
    DRAW_PEER_CLOSES = Draw "peer-closes" [];
    DRAW_PROGRAM_CLOSES = Draw "program-closes" [];
    DRAW_GONE = Draw "gone" [];

    EXPLAIN_HERE = Explain "here" [];
    EXPLAIN_HERE_IN = Explain "here-in" ["netns"];
    EXPLAIN_THERE = Explain "there" ["file", "time"];
    EXPLAIN_THERE_IN = Explain "there-in" ["file", "time", "netns"];
    LIVE_UNTOLD = Explain "live-untold" ["name"];
    EXPLAIN_NARROW = Explain "narrow" ["columns"];
    EXPLAIN_ASK = Explain "ask" ["command"];
    KINDS_STATE = Explain "kinds-state" [];
    KINDS_EXCHANGE = Explain "kinds-exchange" [];
    KINDS_RULE = Explain "kinds-rule" [];
    KINDS_ERROR = Explain "kinds-error" [];
    KINDS_FIELD = Explain "kinds-field" [];
    KINDS_SYSCTL = Explain "kinds-sysctl" [];
    KINDS_COUNTER = Explain "kinds-counter" [];
    KINDS_MYTH = Explain "kinds-myth" [];
    LIVE_NONE = Explain "live-none" ["state"];
    LIVE_COUNT = Explain "live-count" ["count", "state"];
    LIVE_UNREADABLE = Explain "live-unreadable" [];
    LIVE_UNKNOWN = Explain "live-unknown" [];
    LIVE_RATE = Explain "live-rate" ["rate"];
    LIVE_OLDEST = Explain "live-oldest" ["time"];
    LIVE_QUEUE = Explain "live-queue" ["count", "limit", "end"];
    LIVE_ORPHANS = Explain "live-orphans" ["count", "limit"];
    LIVE_UDP_DROPS = Explain "live-udp-drops" ["count"];
    LIVE_SHARES = Explain "live-shares" [];
    LIVE_SHARE = Explain "live-share" ["who", "sockets"];
    LIVE_MORE = Explain "live-more" ["count"];
    LIVE_HIDDEN = Explain "live-hidden" [];
    LIVE_FINDS = Explain "live-finds" [];
    LIVE_FINDS_NOTHING = Explain "live-finds-nothing" [];
    LIVE_NOT_CHECKED = Explain "live-not-checked" ["rule", "why"];
    LIVE_SETTING = Explain "live-setting" ["name", "value"];
    LIVE_EMPTY_SETTING = Explain "live-empty-setting" ["name"];
    LIVE_NO_SETTING = Explain "live-no-setting" ["name", "kernel"];
    LIVE_SETTING_ELSEWHERE = Explain "live-setting-elsewhere" ["name"];
    LIVE_COUNTER = Explain "live-counter" ["name", "value"];
    LIVE_NO_COUNTER = Explain "live-no-counter" ["name", "kernel"];
    MEANS_TW_REUSE_0 = Explain "means-tw-reuse-0" [];
    MEANS_TW_REUSE_1 = Explain "means-tw-reuse-1" [];
    MEANS_TW_REUSE_2 = Explain "means-tw-reuse-2" [];
    MEANS_SYNCOOKIES_0 = Explain "means-syncookies-0" [];
    MEANS_SYNCOOKIES_1 = Explain "means-syncookies-1" [];
    MEANS_SYNCOOKIES_2 = Explain "means-syncookies-2" [];
    MEANS_TIMESTAMPS_0 = Explain "means-timestamps-0" [];
    MEANS_TIMESTAMPS_1 = Explain "means-timestamps-1" [];
    MEANS_ABORT_0 = Explain "means-abort-0" [];
    MEANS_ABORT_1 = Explain "means-abort-1" [];
    MEANS_PORTS = Explain "means-ports" ["count", "rate"];
    MEANS_FIN_TIMEOUT = Explain "means-fin-timeout" ["time"];
    MEANS_CONNECT = Explain "means-connect" ["time"];
    MEANS_HALF_OPEN = Explain "means-half-open" ["time"];
    MEANS_RETRIES2 = Explain "means-retries2" ["time"];
    MEANS_ORPHANS = Explain "means-orphans" ["time"];
    MEANS_KEEPALIVE = Explain "means-keepalive" ["time"];
    MEANS_SOMAXCONN = Explain "means-somaxconn" ["count"];
    MEANS_BUCKETS = Explain "means-buckets" ["count", "rate"];
    MEANS_REUSE_DELAY = Explain "means-reuse-delay" ["time"];
    STORY_TITLE = Explain "story-title" ["filter"];
    STORY_NONE = Explain "story-none" [];
    STORY_COUNT = Explain "story-count" ["count", "states"];
    STORY_MORE = Explain "story-more" ["count"];
    STORY_STATE = Explain "story-state" ["what", "state", "who"];
    STORY_PLAIN = Explain "story-plain" ["what", "state"];
    STORY_HOLDER = Explain "story-holder" ["holder"];
    STORY_USER = Explain "story-user" ["user"];
    STORY_NONE_KEPT = Explain "story-none-kept" [];
    STORY_NOT_ACCEPTED = Explain "story-not-accepted" [];
    STORY_NOT_PERMITTED = Explain "story-not-permitted" [];
    STORY_NOT_TOLD = Explain "story-not-told" [];
    STORY_KERNEL = Explain "story-kernel" [];
    STORY_HUNG_UP = Explain "story-hung-up" ["time"];
    STORY_HUNG_UP_WITHIN = Explain "story-hung-up-within" ["time"];
    STORY_RECEIVED = Explain "story-received" ["time"];
    STORY_SENT = Explain "story-sent" ["time"];
    STORY_ASKED = Explain "story-asked" ["tries"];
    STORY_RETRANS = Explain "story-retrans" ["tries"];
    STORY_ENDS = Explain "story-ends" ["time"];
    STORY_NEVER = Explain "story-never" [];
    STORY_UNREAD = Explain "story-unread" ["bytes"];
    STORY_UNACKED = Explain "story-unacked" ["bytes"];
    STORY_WAITING = Explain "story-waiting" ["waiting"];
    STORY_BACKLOG = Explain "story-backlog" ["waiting", "limit"];
    STORY_FINDING = Explain "story-finding" ["severity", "rule", "title"];
    STORY_READ_ON = Explain "story-read-on" ["command"];

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
    NAMESPACE_COUNTS = Overview "namespace-counts" ["list"];
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
    ENDS_IN_AFTER = List "ends-in-after" ["time"];
    ENDS_NEVER = List "ends-never" [];
    ENDS_PROGRAM = List "ends-program" [];
    ENDS_OPEN = List "ends-open" [];
    ENDS_NEVER_CELL = List "ends-never-cell" [];
    ENDS_CLOSED_CELL = List "ends-closed-cell" [];
    OWNER_NONE_KEPT = List "owner-none-kept" [];
    OWNER_NOT_ACCEPTED = List "owner-not-accepted" [];
    OWNER_NOT_PERMITTED = List "owner-not-permitted" [];
    OWNER_NOT_TOLD = List "owner-not-told" [];
    OWNER_KERNEL = List "owner-kernel" [];
    TIMER_RETRANSMIT = List "timer-retransmit" ["time"];
    TIMER_KEEPALIVE = List "timer-keepalive" ["time"];
    TIMER_PERSIST = List "timer-persist" ["time"];
    TIMER_OTHER = List "timer-other" ["time"];
    TIMER_TRIES = List "timer-tries" ["count"];
    MEMORY_WORDS = List "memory-words" ["received", "rcvbuf", "queued", "sndbuf", "sending", "reserved", "options"];
    MEMORY_BACKLOG = List "memory-backlog" ["backlog"];
    MEMORY_DROPS = List "memory-drops" ["count"];
    SUMMARY_TRANSPORT = List "summary-transport" [];
    SUMMARY_SOCKETS = List "summary-sockets" [];
    BPF_MAP_UNKNOWN = List "bpf-map-unknown" ["id"];
    BPF_MAP_OTHER = List "bpf-map-other" ["id"];
    BPF_MAP_REFUSED = List "bpf-map-refused" ["id", "why"];

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
    ERROR_NOT_OF_COMMAND = Errors "not-of-command" ["option", "command"];
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
    NOTE_BOUND_TOO_OLD = Errors "note-bound-too-old" ["version"];
    NOTE_INFERRED = Errors "note-inferred" ["count"];
    REMEDY_SOCK_DIAG = Errors "remedy-sock-diag" [];
    REMEDY_ROOT = Errors "remedy-root" [];

    FILTER_UNEXPECTED_END = Filter "unexpected-end" [];
    FILTER_UNEXPECTED = Filter "unexpected" ["word"];
    FILTER_UNCLOSED = Filter "unclosed" [];
    FILTER_UNOPENED = Filter "unopened" [];
    FILTER_NEAR_WORD = Filter "near-word" ["word"];
    FILTER_UNKNOWN_KEY = Filter "unknown-key" ["word"];
    FILTER_UNKNOWN_STATE = Filter "unknown-state" ["word"];
    FILTER_NOT_ORDERED = Filter "not-ordered" ["word"];
    FILTER_BAD_PORT = Filter "bad-port" ["word"];
    FILTER_BAD_ADDRESS = Filter "bad-address" ["word"];
    FILTER_BAD_PREFIX = Filter "bad-prefix" ["word"];
    FILTER_BAD_NUMBER = Filter "bad-number" ["word"];
    FILTER_BAD_SIZE = Filter "bad-size" ["word"];
    FILTER_BAD_DURATION = Filter "bad-duration" ["word"];
    FILTER_BAD_MARK = Filter "bad-mark" ["word"];
    FILTER_BAD_WORD = Filter "bad-word" ["word"];
    FILTER_UNKNOWN_SERVICE = Filter "unknown-service" ["word"];
    FILTER_UNKNOWN_HOST = Filter "unknown-host" ["word"];
    FILTER_UNKNOWN_INTERFACE = Filter "unknown-interface" ["word"];
    FILTER_UNKNOWN_USER = Filter "unknown-user" ["word"];
    FILTER_UNKNOWN_CGROUP = Filter "unknown-cgroup" ["word"];
    FILTER_UNKNOWN_UNIT = Filter "unknown-unit" ["word"];
    FILTER_UNKNOWN_CONTAINER = Filter "unknown-container" ["word"];
    FILTER_UNKNOWN_NETNS = Filter "unknown-netns" ["word"];
    FILTER_UNKNOWN_PROTOCOL = Filter "unknown-protocol" ["word"];
    FILTER_UNKNOWN_PROGRAM = Filter "unknown-program" ["word"];
    FILTER_LONE_BACKSLASH = Filter "lone-backslash" [];
    FILTER_TOO_DEEP = Filter "too-deep" ["limit"];
    FILTER_TOO_LONG = Filter "too-long" ["limit"];
    FILTER_EXPECTED = Filter "expected" ["words"];
    EXPECTED_CONDITION = Filter "expected-condition" [];
    EXPECTED_EQUALITY = Filter "expected-equality" [];
    EXPECTED_COMPARISON = Filter "expected-comparison" [];
    EXPECTED_STATE = Filter "expected-state" [];
    EXPECTED_KEY = Filter "expected-key" [];
    EXPECTED_ADDRESS = Filter "expected-address" [];
    EXPECTED_PORT = Filter "expected-port" [];
    EXPECTED_INTERFACE = Filter "expected-interface" [];
    EXPECTED_NUMBER = Filter "expected-number" [];
    EXPECTED_SIZE = Filter "expected-size" [];
    EXPECTED_DURATION = Filter "expected-duration" [];
    EXPECTED_MARK = Filter "expected-mark" [];
    EXPECTED_CGROUP = Filter "expected-cgroup" [];
    EXPECTED_PROGRAM = Filter "expected-program" [];
    EXPECTED_USER = Filter "expected-user" [];
    EXPECTED_UNIT = Filter "expected-unit" [];
    EXPECTED_CONTAINER = Filter "expected-container" [];
    EXPECTED_NETNS = Filter "expected-netns" [];
    EXPECTED_PROTOCOL = Filter "expected-protocol" [];
    EXPECTED_END = Filter "expected-end" [];
    FILTER_OR = Filter "or" ["first", "last"];
    FILTER_MIXED = Filter "mixed" [];

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
    OPTION_FORMAT = Cli "option-format" ["names"];
    OPTION_LANG = Cli "option-lang" [];
    OPTION_COLOR = Cli "option-color" [];
    OPTION_VERBOSE = Cli "option-verbose" [];
    OPTION_VERBOSE_CHECK = Cli "option-verbose-check" [];
    OPTION_VERBOSE_DIFF = Cli "option-verbose-diff" [];
    OPTION_VERBOSE_EXPLAIN = Cli "option-verbose-explain" [];
    OPTION_HELP = Cli "option-help" [];
    OPTION_VERSION = Cli "option-version" [];
    OPTION_TCP = Cli "option-tcp" [];
    OPTION_UDP = Cli "option-udp" [];
    OPTION_RAW = Cli "option-raw" [];
    OPTION_UNIX = Cli "option-unix" [];
    OPTION_IPV4 = Cli "option-ipv4" [];
    OPTION_IPV6 = Cli "option-ipv6" [];
    OPTION_BOUND_INACTIVE = Cli "option-bound-inactive" [];
    OPTION_BY = Cli "option-by" ["names"];
    OPTION_TOP = Cli "option-top" [];
    OPTION_MIN = Cli "option-min" [];
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
    MAN_ENV_PAGER = Man "env-pager" [];
    MAN_ENV_COLUMNS = Man "env-columns" [];
    MAN_SEE_ALSO = Man "see-also" [];

    COMMAND_LIST = Cli "command-list" [];
    HEADING_DETAILS = Cli "heading-details" [];
    OPTION_NETNS = Cli "option-netns" [];
    ARGUMENT_FILTER = Cli "argument-filter" [];
    HELP_FILTER_FILE = Cli "help-filter-file" [];
    HELP_ALL = Cli "help-all" [];
    HELP_LISTENING = Cli "help-listening" [];
    HELP_BOUND_INACTIVE = Cli "help-bound-inactive" [];
    HELP_TCP = Cli "help-tcp" [];
    HELP_PACKET = Cli "help-packet" [];
    HELP_MPTCP = Cli "help-mptcp" [];
    HELP_SCTP = Cli "help-sctp" [];
    HELP_DCCP = Cli "help-dccp" [];
    HELP_VSOCK = Cli "help-vsock" [];
    HELP_TIPC = Cli "help-tipc" [];
    HELP_XDP = Cli "help-xdp" [];
    HELP_NUMERIC = Cli "help-numeric" [];
    HELP_RESOLVE = Cli "help-resolve" [];
    HELP_OPTIONS = Cli "help-options" [];
    HELP_EXTENDED = Cli "help-extended" [];
    HELP_MEMORY = Cli "help-memory" [];
    HELP_PROCESSES = Cli "help-processes" [];
    HELP_THREADS = Cli "help-threads" [];
    HELP_INFO = Cli "help-info" [];
    HELP_TIPCINFO = Cli "help-tipcinfo" [];
    HELP_TOS = Cli "help-tos" [];
    HELP_CGROUP = Cli "help-cgroup" [];
    HELP_SOCKOPT = Cli "help-sockopt" [];
    HELP_BPF = Cli "help-bpf" [];
    HELP_BPF_MAPS = Cli "help-bpf-maps" [];
    HELP_BPF_MAP_ID = Cli "help-bpf-map-id" [];
    HELP_CONTEXT = Cli "help-context" [];
    HELP_CONTEXTS = Cli "help-contexts" [];
    HELP_FAMILY = Cli "help-family" [];
    HELP_QUERY = Cli "help-query" [];
    HELP_COLUMNS = Cli "help-columns" [];
    HELP_SORT = Cli "help-sort" [];
    HELP_DIAG = Cli "help-diag" [];
    HELP_FROM = Cli "help-from" [];
    HELP_SUMMARY = Cli "help-summary" [];
    HELP_NO_HEADER = Cli "help-no-header" [];
    HELP_ONELINE = Cli "help-oneline" [];
    HELP_NO_QUEUES = Cli "help-no-queues" [];
    HELP_KILL = Cli "help-kill" [];
    HELP_EVENTS = Cli "help-events" [];
    EXAMPLE_LIST = Cli "example-list" [];
    EXAMPLE_PORT = Cli "example-port" [];
    EXAMPLE_MEASURE = Cli "example-measure" [];
    ERROR_UNKNOWN_NETNS = Errors "unknown-netns" ["word"];
    NETNS_FORMS = Errors "netns-forms" [];
    ERROR_UNKNOWN_COLUMN = Errors "unknown-column" ["word"];
    ERROR_UNKNOWN_FAMILY = Errors "unknown-family" ["word"];
    ERROR_UNKNOWN_QUERY = Errors "unknown-query" ["word"];
    ERROR_KILL = Errors "kill" [];
    ERROR_EVENTS = Errors "events" [];
    ERROR_NOT_AVAILABLE = Errors "not-available" ["what", "why"];
    ERROR_NAMESPACE = Errors "namespace-left-out" ["why"];
    ERROR_OWNERS = Errors "owners-unreadable" ["why"];
    ERROR_BPF_STORAGES = Errors "bpf-storages-unreadable" ["why"];
    NOTE_OWNERS_DENIED = Errors "owners-denied" ["count"];
    NOTE_HIDDEN_STATES = Errors "hidden-states" [];
    KEY_PROGRAM = Group "key-program" [];
    KEY_PID = Group "key-pid" [];
    KEY_UNIT = Group "key-unit" [];
    KEY_CONTAINER = Group "key-container" [];
    KEY_CONGESTION = Group "key-congestion" [];
    KEY_DEVICE = Group "key-device" [];
    KEY_NETNS = Group "key-netns" [];
    MAN_KEY_PROGRAM = Man "about-program" [];
    MAN_KEY_PID = Man "about-pid" [];
    MAN_KEY_UNIT = Man "about-unit" [];
    MAN_KEY_CONTAINER = Man "about-container" [];
    MAN_KEY_CONGESTION = Man "about-cc" [];
    MAN_KEY_DEVICE = Man "about-dev" [];
    MAN_KEY_NETNS = Man "about-netns" [];
    SUMMARY_TOTAL = Overview "summary-total" ["count"];
    SUMMARY_TCP = Overview "summary-tcp" ["count", "established", "listen", "timewait"];
    SUMMARY_HOST = Overview "summary-host" ["orphaned", "allocated"];
    ERROR_NO_CONTEXTS = Errors "no-contexts" [];
    ERROR_TIPCINFO = Errors "tipcinfo-alone" [];
    ERROR_NAMESPACE_WORD = Errors "namespace-word" [];
    ERROR_FROM_TCP = Errors "from-tcp" [];
    HELP_IN_WORDS = Cli "help-in-words" [];
    LABEL_WHY = Findings "label-why" [];
    LABEL_PROOF = Findings "label-proof" [];
    LABEL_LIMIT = Findings "label-limit" [];
    LABEL_DATA = Findings "label-data" [];
    LABEL_FIX = Findings "label-fix" [];
    LABEL_UNTIL = Findings "label-until" [];
    LABEL_MYTH = Findings "label-myth" [];
    SEVERITY_CRITICAL = Findings "severity-critical" [];
    SEVERITY_WARNING = Findings "severity-warning" [];
    SEVERITY_NOTICE = Findings "severity-notice" [];
    SEVERITY_OK = Findings "severity-ok" [];
    LIKELY = Findings "likely" [];
    INFERRED = Findings "inferred" [];
    SUBJECT_PIDS = Findings "subject-pids" ["pid", "count"];
    SUBJECT_USER = Findings "subject-user" ["name"];
    SUBJECT_HOST = Findings "subject-host" [];
    SUBJECT_UNKNOWN = Findings "subject-unknown" [];
    SUBJECT_IN_NETNS = Findings "subject-in-netns" ["subject", "netns"];
    REMEDY_WITH_RISK = Findings "remedy-with-risk" ["text", "risk"];
    REMEDY_NEEDS = Findings "remedy-needs" ["what"];
    REMEDY_PERSIST = Findings "remedy-persist" [];
    REMEDY_PERSIST_IN = Findings "remedy-persist-in" ["file"];
    REMEDY_UNDO = Findings "remedy-undo" [];
    REMEDY_VERIFY = Findings "remedy-verify" [];
    VERDICT_CRITICAL = Findings "verdict-critical" ["count"];
    VERDICT_WARNING = Findings "verdict-warning" ["count"];
    VERDICT_NOTICE = Findings "verdict-notice" ["count"];
    VERDICT_OK = Findings "verdict-ok" ["count"];
    VERDICT_NOTHING = Findings "verdict-nothing" [];
    RULES_NOT_CHECKED = Findings "rules-not-checked" ["count"];
    SOCKETS_OF_OTHERS = Findings "sockets-of-others" ["count"];
    WITH_NEEDS = Findings "with-needs" ["what", "needs"];
    HEADING_NOT_CHECKED = Findings "heading-not-checked" [];
    SHOWS_ALL = Findings "shows-all" ["command"];
    RULE_NEEDS = Findings "rule-needs" ["what"];
    RULE_CHANGED = Findings "rule-changed" ["origin", "default"];
    SCRIPT_HEAD = Findings "script-head" ["version", "host", "time"];
    SCRIPT_ABOUT = Findings "script-about" [];
    SCRIPT_NOTHING = Findings "script-nothing" [];
    SCRIPT_RISK = Findings "script-risk" ["risk"];
    SCRIPT_UNDO = Findings "script-undo" ["command"];
    SCRIPT_LEFT_ALONE = Findings "script-left-alone" ["name"];
    DROP_IN_ABOUT = Findings "drop-in-about" ["file"];
    COMMAND_CHECK = Cli "command-check" [];
    COMMAND_EXPLAIN = Cli "command-explain" [];
    HEADING_RULES = Cli "heading-rules" [];
    ARGUMENT_RULE = Cli "argument-rule" [];
    OPTION_ALL_TOPICS = Cli "option-all-topics" [];
    OPTION_NO_LIVE = Cli "option-no-live" [];
    ARGUMENT_TOPIC = Cli "argument-topic" [];
    OPTION_ONLY = Cli "option-only" [];
    OPTION_IGNORE = Cli "option-ignore" [];
    OPTION_FOR = Cli "option-for" [];
    OPTION_DEEP = Cli "option-deep" [];
    OPTION_SET = Cli "option-set" [];
    OPTION_CONFIG = Cli "option-config" [];
    OPTION_FAIL_ON = Cli "option-fail-on" [];
    OPTION_FAIL_ON_UNCHECKED = Cli "option-fail-on-unchecked" [];
    OPTION_LIST_RULES = Cli "option-list-rules" [];
    OPTION_NAGIOS = Cli "option-nagios" [];
    OPTION_SCRIPT = Cli "option-script" [];
    OPTION_SYSCTL_D = Cli "option-sysctl-d" [];
    HEADING_RECORD = Cli "heading-record" [];
    COMMAND_RECORD = Cli "command-record" [];
    OPTION_SAVE = Cli "option-save" [];
    OPTION_RECORD_OUTPUT = Cli "option-record-output" [];
    OPTION_RECORD_FOR = Cli "option-record-for" [];
    OPTION_RECORD_EVERY = Cli "option-record-every" [];
    OPTION_RECORD_DEEP = Cli "option-record-deep" [];
    OPTION_CMDLINE = Cli "option-cmdline" [];
    OPTION_REDACT = Cli "option-redact" [];
    EXAMPLE_RECORD = Cli "example-record" [];
    EXAMPLE_FROM = Cli "example-from" [];
    ERROR_FILE_UNKNOWN = Errors "file-unknown" ["file"];
    ERROR_RECORDING_TRUNCATED = Errors "recording-truncated" ["file"];
    ERROR_RECORDING_DAMAGED = Errors "recording-damaged" ["file", "at"];
    ERROR_RECORDING_NEWER = Errors "recording-newer" ["file", "version"];
    ERROR_RECORDING_TOO_LARGE = Errors "recording-too-large" ["file"];
    ERROR_SAVE_FROM = Errors "save-from" [];
    NOTE_UNTOLD = Errors "note-untold" ["what", "lacks"];
    NOTE_LEFT_OUT = Errors "note-left-out" ["said", "rows"];
    TEXT_OF = Errors "text-of" ["what"];
    RAW_DUMP = Errors "raw-dump" [];
    LACK_OWNERS = Errors "lack-owners" [];
    LACK_TIMERS = Errors "lack-timers" [];
    LACK_INODES = Errors "lack-inodes" [];
    LACK_TCP_INFO = Errors "lack-tcp-info" [];
    LACK_LIMITS = Errors "lack-limits" [];
    LACK_HOST = Errors "lack-host" [];
    REMEDY_RECORD = Errors "remedy-record" [];
    NOTE_RECORDED = Errors "note-recorded" ["file", "bytes", "looks"];
    NOTE_LOOKING = Errors "note-looking" ["looks", "time"];
    NOTE_ENDED_EARLY = Errors "note-ended-early" ["looks", "planned"];
    NOTE_ENDED_FULL = Errors "note-ended-full" ["looks", "planned"];
    ERROR_TO_TERMINAL = Errors "to-terminal" [];
    ERROR_SAVE_STDOUT = Errors "save-stdout" [];
    ERROR_STDIN_TWICE = Errors "stdin-twice" [];
    STANDARD_OUTPUT = Errors "standard-output" [];
    ERROR_EVERY_ALONE = Errors "every-alone" [];
    ERROR_TOO_SHORT = Errors "too-short" [];
    ERROR_ROWS = Errors "rows" ["file", "rows"];
    ERROR_RECORD_FROM = Errors "record-from" [];
    ERROR_NO_RECORDING = Errors "no-recording" ["file"];
    NOTE_NO_INFO = Errors "note-no-info" [];
    COMMAND_DIFF = Cli "command-diff" [];
    ARGUMENT_BEFORE = Cli "argument-before" [];
    ARGUMENT_AFTER = Cli "argument-after" [];
    OPTION_DIFF_BY = Cli "option-diff-by" [];
    EXAMPLE_DIFF = Cli "example-diff" [];
    DIFF_BACKWARDS = Overview "diff-backwards" [];
    DIFF_CHANGE = Overview "diff-change" [];
    ORIGIN_RECORDING = Overview "origin-recording" ["looks"];
    ORIGIN_REDACTED = Overview "origin-redacted" [];
    DIFF_LATER = Overview "diff-later" ["time"];
    DIFF_UNMATCHED_HOSTS = Overview "diff-unmatched-hosts" [];
    DIFF_UNMATCHED_NETNS = Overview "diff-unmatched-netns" [];
    DIFF_UNMATCHED_STARTS = Overview "diff-unmatched-starts" [];
    DIFF_UNMATCHED_UNKNOWN = Overview "diff-unmatched-unknown" [];
    DIFF_UNMATCHED_COOKIES = Overview "diff-unmatched-cookies" [];
    DIFF_APPEARED = Overview "diff-appeared" [];
    DIFF_GREW = Overview "diff-grew" [];
    DIFF_CHANGED = Overview "diff-changed" [];
    DIFF_SHRANK = Overview "diff-shrank" [];
    DIFF_SAME = Overview "diff-same" [];
    DIFF_GONE = Overview "diff-gone" [];
    DIFF_UNCHECKED_BEFORE = Overview "diff-unchecked-before" [];
    DIFF_UNCHECKED_AFTER = Overview "diff-unchecked-after" [];
    DIFF_NO_FINDINGS = Overview "diff-no-findings" [];
    DIFF_COUNT_APPEARED = Overview "diff-count-appeared" ["count"];
    DIFF_COUNT_GREW = Overview "diff-count-grew" ["count"];
    DIFF_COUNT_CHANGED = Overview "diff-count-changed" ["count"];
    DIFF_COUNT_SHRANK = Overview "diff-count-shrank" ["count"];
    DIFF_COUNT_SAME = Overview "diff-count-same" ["count"];
    DIFF_COUNT_GONE = Overview "diff-count-gone" ["count"];
    DIFF_COUNT_UNCHECKED_BEFORE = Overview "diff-count-unchecked-before" ["count"];
    DIFF_COUNT_UNCHECKED_AFTER = Overview "diff-count-unchecked-after" ["count"];
    DIFF_LISTS = Overview "diff-lists" [];
    DIFF_BEYOND = Overview "diff-beyond" ["count"];
    DIFF_COUNTER = Overview "diff-counter" [];
    DIFF_RISE = Overview "diff-rise" [];
    DIFF_PER_SECOND = Overview "diff-per-second" [];
    DIFF_WAS = Overview "diff-was" ["title"];
    DIFF_BORN = Overview "diff-born" ["list"];
    DIFF_DIED = Overview "diff-died" ["list"];
    DIFF_MOVED = Overview "diff-moved" ["list"];
    EXAMPLE_CHECK = Cli "example-check" [];
    EXAMPLE_EXPLAIN = Cli "example-explain" [];
    EXAMPLE_TOPIC = Cli "example-topic" [];
    EXAMPLE_STORY = Cli "example-story" [];
    ERROR_UNKNOWN_RULE = Errors "unknown-rule" ["word"];
    ERROR_UNKNOWN_THRESHOLD = Errors "unknown-threshold" ["rule", "word"];
    ERROR_THRESHOLD_VALUE = Errors "threshold-value" ["word", "unit"];
    ERROR_ASSIGNMENT = Errors "assignment" ["word"];
    ERROR_CONFIG = Errors "config" ["why"];
    ERROR_CONFIG_KEY = Errors "config-key" ["word"];
    ERROR_CONFIG_KIND = Errors "config-kind" [];
    ERROR_UNKNOWN_TOPIC = Errors "unknown-topic" ["word"];
    SEE_TOPICS = Errors "see-topics" ["command"];
    MAN_EXIT_1 = Man "exit-1" [];
    MAN_EXIT_NAGIOS = Man "exit-nagios" [];
    MAN_FILE_CONFIG = Man "file-config" [];
    MAN_ENV_CONFIG = Man "env-config" [];
}
