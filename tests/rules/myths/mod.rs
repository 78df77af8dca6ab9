//! Myths: each claim of the catalogue that a lab can refute, as an experiment.
//!
//! They need no finding of sockdoc: the kernel itself is asked.

mod closing;
mod figures;
mod opening;
mod ports;

/// Something that is widely believed, and the experiment that says otherwise.
pub(crate) struct Myth {
    /// Its number in the catalogue.
    pub(crate) number: u8,
    /// The claim.
    pub(crate) said: &'static str,
    /// The result of the experiment.
    pub(crate) shown: &'static str,
    /// The experiment's name.
    pub(crate) name: &'static str,
    /// The experiment.
    pub(crate) show: fn(),
    /// Whether it takes a minute and more.
    pub(crate) is_slow: bool,
}

/// A myth whose experiment has the name of its function.
macro_rules! myth {
    ($number:literal, $said:literal, $shown:literal, $module:ident::$name:ident) => {
        myth!($number, $said, $shown, $module::$name, false)
    };
    ($number:literal, $said:literal, $shown:literal, $module:ident::$name:ident, $is_slow:literal) => {
        Myth {
            number: $number,
            said: $said,
            shown: $shown,
            name: stringify!($name),
            show: $module::$name,
            is_slow: $is_slow,
        }
    };
}

/// All of them, in the order of the catalogue.
pub(crate) const MYTHS: &[Myth] = &[
    myth!(
        1,
        "A lower tcp_fin_timeout shortens TIME_WAIT",
        "With 5, 60 and 120 a new TIME_WAIT has 60 s left each time",
        closing::tcp_fin_timeout_does_not_shorten_time_wait
    ),
    myth!(
        2,
        "tcp_tw_recycle cures TIME_WAIT",
        "This kernel has no such setting, and setting it fails",
        ports::tcp_tw_recycle_does_not_exist
    ),
    myth!(
        3,
        "tcp_tw_reuse clears a server's TIME_WAIT",
        "With tcp_tw_reuse=1 every inbound TIME_WAIT stays, and TWRecycled stays 0",
        ports::tcp_tw_reuse_leaves_inbound_time_wait_alone
    ),
    myth!(
        4,
        "TIME_WAIT on a server eats its ports and descriptors",
        "2,000 inbound TIME_WAIT: no descriptor more, and all 100 local ports can still be used",
        ports::inbound_time_wait_eats_no_ports_and_no_descriptors
    ),
    myth!(
        5,
        "A lower tcp_max_tw_buckets is a cure",
        "TIME_WAIT is skipped (TCPTimeWaitOverflow), and the port that it protected is given out again at once",
        closing::a_lower_tcp_max_tw_buckets_takes_the_protection_away
    ),
    myth!(
        6,
        "TIME_WAIT is as bad on one side as on the other",
        "With 100 ports 1,000 connections in a row succeed when the server closes first; when the client does, the 101st \
         fails with EADDRNOTAVAIL",
        ports::who_closes_first_decides_who_runs_out_of_ports
    ),
    myth!(
        7,
        "Keepalive cures CLOSE_WAIT",
        "While the peer's end lives it answers; then the record vanishes, and the descriptor stays open",
        closing::keepalive_makes_a_close_wait_leak_invisible
    ),
    myth!(
        8,
        "tcp_max_syn_backlog bounds SYN_RECV",
        "With 4 and syncookies on, 60 SYNs make 60 SYN_RECV at a listener of backlog 128; without syncookies it does bound",
        opening::tcp_max_syn_backlog_does_not_bound_syn_recv_under_cookies
    ),
    myth!(
        9,
        "tcp_abort_on_overflow shows clients the overload",
        "The SYN that meets a full accept queue is still dropped silently: no reset, the client waits in SYN_SENT",
        opening::tcp_abort_on_overflow_does_not_answer_a_dropped_syn
    ),
    myth!(
        10,
        "A higher net.core.somaxconn takes effect at once",
        "The limit of an open listener stays until listen() is called again",
        opening::somaxconn_counts_only_at_listen
    ),
    myth!(
        11,
        "A server takes at most 65,535 connections",
        "10 local ports carry 10 connections to each of three services, 30 in all: the limit is one per 4-tuple",
        ports::the_limit_of_connections_is_per_tuple
    ),
    myth!(
        12,
        "The keepalive sysctls cover all sockets",
        "Without SO_KEEPALIVE there is no timer and no probe for any value of tcp_keepalive_time",
        figures::keepalive_settings_do_nothing_without_so_keepalive
    ),
    myth!(
        13,
        "TIME_WAIT with uid 0 belongs to root",
        "A program of user 1000 leaves TIME_WAIT with uid 0, though its open sockets say 1000",
        figures::uid_0_of_time_wait_is_no_owner
    ),
    myth!(
        14,
        "Recv-Q and Send-Q of LISTEN are bytes",
        "Two connections that brought 1,000 bytes each: Recv-Q 2, and the limit is the backlog",
        figures::the_queues_of_a_listener_are_connections
    ),
    myth!(
        15,
        "tcp_rfc1337=1 lets a reset end TIME_WAIT (as ip-sysctl.rst can be read)",
        "With 0 a reset ends TIME_WAIT; with 1 it is ignored",
        closing::tcp_rfc1337_protects_time_wait_from_resets
    ),
    myth!(
        16,
        "Timestamps off makes TCP faster",
        "It disables tcp_tw_reuse: the ports of TIME_WAIT made without timestamps are not reused",
        ports::without_timestamps_nothing_is_reused
    ),
    myth!(
        17,
        "Many TIME_WAIT are a fault by their number",
        "600 of them to ten services hinder nothing with 100 ports; 100 of them to one service stop it",
        ports::time_wait_counts_per_service_and_not_in_sum
    ),
    myth!(
        18,
        "tcp_orphan_retries is 8 by default, as documented",
        "The file shows 0, which acts as 8: an orphan whose FIN is lost ends after about 105 s",
        closing::tcp_orphan_retries_0_acts_as_8,
        true
    ),
    myth!(
        19,
        "An overflow of TIME_WAIT is logged",
        "TCPTimeWaitOverflow rises, the kernel log (if it may be read) has no line",
        closing::an_overflow_of_time_wait_is_not_logged
    ),
];
