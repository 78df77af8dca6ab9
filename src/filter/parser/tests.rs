//! Valid and invalid filters: texts beside their trees, printed with every parenthesis that counts.

use std::net::IpAddr;

use super::super::{
    Filter,
    error::{Expected, FilterError, Problem},
    names::Names,
};

struct Host;

impl Names for Host {
    fn service(&self, name: &str) -> Option<u16> {
        match name {
            "https" => Some(443),
            "postgresql" => Some(5432),
            _ => None,
        }
    }
    fn interface(&self, name: &str) -> Option<u32> {
        (name == "eth0").then_some(2)
    }
    fn user(&self, name: &str) -> Option<u32> {
        (name == "www-data").then_some(33)
    }
    fn cgroup(&self, path: &str) -> Option<u64> {
        (path == "/sys/fs/cgroup/a b").then_some(7)
    }
    fn host(&self, name: &str) -> Option<Vec<IpAddr>> {
        (name == "db").then(|| vec![IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2])])
    }
    fn has_netns(&self, label: &str) -> bool {
        label == "blue"
    }
    fn has_unit(&self, unit: &str) -> bool {
        unit.starts_with("nginx")
    }
    fn has_container(&self, id: &str) -> bool {
        "3f2abc".starts_with(id)
    }
    fn has_program(&self, name: &str) -> bool {
        name != "db"
    }
}

fn parse(text: &str) -> Result<Filter, FilterError> {
    Filter::parse(text, &Host)
}

/// The tree as text.
fn tree(text: &str) -> String {
    parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}")).expr.map_or(String::new(), |expr| expr.to_string())
}

fn each(table: &[(&str, &str)]) {
    for (text, printed) in table {
        assert_eq!(tree(text), *printed, "{text}");
        assert_eq!(tree(printed), *printed, "{printed}");
    }
}

#[test]
fn everything_of_ss_is_read() {
    each(&[
        ("", ""),
        (" \t ", ""),
        ("dport = :80", "dport = :80"),
        ("dport=:80", "dport = :80"),
        ("dport :80", "dport = :80"),
        ("dport 80", "dport = :80"),
        ("dport == https", "dport = :443"),
        ("dport eq :https", "dport = :443"),
        ("sport != 0x50", "sport != :80"),
        ("sport ne 80 sport neq 81 sport<>82", "sport != :80 and sport != :81 and sport != :82"),
        ("sport>:1024", "sport > :1024"),
        ("sport lt 1 or sport le 2 or sport leq 3", "sport < :1 or sport <= :2 or sport <= :3"),
        ("sport gt 1 | sport ge 2 || sport geq 3", "sport > :1 or sport >= :2 or sport >= :3"),
        ("sport = inet6:443", "sport = :443 and family = inet6"),
        ("sport = *", "src *"),
        ("src 10.0.0.1", "src 10.0.0.1"),
        ("src = 10.0.0.0/8:22", "src 10.0.0.0/8:22"),
        ("dst != [2001:db8::]/32", "dst != [2001:db8::/32]"),
        ("dst inet:10.0.0.1", "dst 10.0.0.1 and family = inet"),
        ("not dst inet6:[::1]", "not dst [::1] and family = inet6"),
        (
            "dst inet:10.0.0.1 or sport = inet6:22 or inet:1.1.1.1",
            "(dst 10.0.0.1 or sport = :22 or 1.1.1.1) and (family = inet or family = inet6)",
        ),
        ("dst inet6:*:22", "dst :22 and family = inet6"),
        ("local 10.0.0.1 peer :1 lport = 2 pport gt 3", "src 10.0.0.1 and dst :1 and sport = :2 and dport > :3"),
        ("family != LINK", "family != link"),
        ("dst :22", "dst :22"),
        ("src unix:/run/a\\ b*", "src unix:/run/a\\ b*"),
        ("src link:ip:eth0", "src link:2048:2"),
        ("dst netlink:rtnl:kernel", "dst netlink:0:0"),
        ("src vsock:*:1024", "src vsock:*:1024"),
        ("dev eth0", "dev = 2"),
        ("dev != 7", "dev != 7"),
        ("fwmark = 0x1/0xff", "fwmark = 0x1/0xff"),
        ("fwmark 16", "fwmark = 0x10"),
        ("cgroup != /sys/fs/cgroup/a\\ b", "cgroup != /sys/fs/cgroup/a\\ b"),
        ("autobound && !autobound", "autobound and not autobound"),
        ("src db", "src 10.0.0.1 or src 10.0.0.2"),
        ("src != db", "src != 10.0.0.1 and src != 10.0.0.2"),
        ("DPORT EQ 80 OR NOT dport = 81", "dport = :80 or not dport = :81"),
    ]);
}

#[test]
fn what_people_know_from_other_programs_is_read() {
    let inet = "(family = inet or family = inet6)";
    let port = |port: &str| format!("(sport {port} or dport {port}) and {inet}");
    for (text, printed) in [
        ("port 443", ":443".to_owned()),
        ("port = https", ":443".to_owned()),
        ("port:443", ":443".to_owned()),
        ("port :443", ":443".to_owned()),
        ("port > 1024", port("> :1024")),
        ("port != 443", format!("sport != :443 and dport != :443 and {inet}")),
        ("portrange 1-9", format!("(sport >= :1 and sport <= :9 or dport >= :1 and dport <= :9) and {inet}")),
        ("host 10.0.0.1 and not port 22", "10.0.0.1 and not :22".to_owned()),
    ] {
        assert_eq!(tree(text), printed, "{text}");
        assert_eq!(tree(&printed), printed, "{printed}");
    }
    each(&[
        // tcpdump
        ("host 10.0.0.1", "10.0.0.1"),
        ("host = 10.0.0.1", "10.0.0.1"),
        ("host != 10.0.0.1", "not 10.0.0.1"),
        ("net 10.0.0.0/8", "10.0.0.0/8"),
        ("src host 10.0.0.1 and dst port 443", "src 10.0.0.1 and dport = :443"),
        ("tcp dst port 443", "protocol = tcp and dport = :443"),
        ("src port 8000-8100", "sport >= :8000 and sport <= :8100"),
        ("dst portrange 1-9", "dport >= :1 and dport <= :9"),
        ("dport != 8000-8100", "not (dport >= :8000 and dport <= :8100)"),
        ("ip6 and udp", "family = inet6 and protocol = udp"),
        ("10.0.0.1.443", "10.0.0.1:443"),
        // A key and its value in one word.
        ("pid:4321", "pid = 4321"),
        ("state:listen,established", "established,listen"),
        ("proc:nginx user:www-data", "proc = nginx and user = 33"),
        ("dport:443 or src:10.0.0.1", "dport = :443 or src 10.0.0.1"),
        ("not pid:1", "not pid = 1"),
        ("proc = user:x", "proc = user:x"),
        ("unit:nginx@a:b.service", "unit = nginx@a:b.service"),
        // Protocols: lsof, netstat, URLs, /etc/services.
        ("tcp:8080", "protocol = tcp and :8080"),
        ("not udp:53", "not (protocol = udp and :53)"),
        ("TCP:https", "protocol = tcp and :443"),
        ("TCP@10.0.0.1:443", "protocol = tcp and 10.0.0.1:443"),
        ("tcp://10.0.0.1:443", "protocol = tcp and 10.0.0.1:443"),
        ("53/udp", "protocol = udp and :53"),
        ("tcp/443", "protocol = tcp and :443"),
        ("tcp6", "protocol = tcp and family = inet6"),
        ("tcp or udp", "protocol = tcp or protocol = udp"),
        ("proto != udp", "protocol != udp"),
        // UNIX sockets by their path.
        ("/tmp/a.sock", "unix:/tmp/a.sock"),
        ("src /tmp/a.sock", "src unix:/tmp/a.sock"),
        ("dst @/tmp/.X11-unix/X0", "dst unix:@/tmp/.X11-unix/X0"),
        ("unix /run/x", "protocol = unix and unix:/run/x"),
        // Lists.
        ("dport = 80,443", "dport = :80 or dport = :443"),
        ("dport != 80,443 listen", "dport != :80 and dport != :443 and listen"),
        ("port 1,9 or pid 2,3", ":1 or :9 or pid = 2 or pid = 3"),
        // Names of hosts, of programs, and of columns.
        ("db", "10.0.0.1 or 10.0.0.2"),
        ("db:5432", "10.0.0.1:5432 or 10.0.0.2:5432"),
        ("proc = \"Web Content\"", "proc = Web\\ Content"),
        ("comm='a \"b\"'", "proc = a\\ \\\"b\\\""),
        ("\"time-wait\"", "proc = time-wait"),
        ("process nginx interface eth0", "proc = nginx and dev = 2"),
        ("recv-q > 1KiB", "recvq > 1024"),
    ]);
}

#[test]
fn not_binds_before_and_before_or() {
    each(&[
        ("pid 1 or pid 2 and pid 3", "pid = 1 or pid = 2 and pid = 3"),
        ("pid 1 or pid 2 pid 3", "pid = 1 or pid = 2 and pid = 3"),
        ("(pid 1 or pid 2) and pid 3", "(pid = 1 or pid = 2) and pid = 3"),
        ("(pid 1 or pid 2) pid 3", "(pid = 1 or pid = 2) and pid = 3"),
        ("not pid 1 and pid 2", "not pid = 1 and pid = 2"),
        ("not (pid 1 and pid 2)", "not (pid = 1 and pid = 2)"),
        ("!(pid 1|pid 2)&pid 3", "not (pid = 1 or pid = 2) and pid = 3"),
        ("not not not pid 1", "not pid = 1"),
        ("not (not (pid 1))", "pid = 1"),
        ("((pid 1) and (pid 2 and pid 3))", "pid = 1 and pid = 2 and pid = 3"),
    ]);
}

#[test]
fn only_an_and_after_an_or_is_read_otherwise_than_by_ss() {
    for (text, mixed) in [
        ("pid 1 or pid 2 and pid 3", true),
        ("pid 1 or pid 2 pid 3", true),
        ("listen and (pid 1 or pid 2 and pid 3)", true),
        ("pid 1 and pid 2 or pid 3", false),
        ("pid 1 or (pid 2 and pid 3)", false),
        ("(pid 1 or pid 2) and pid 3", false),
        ("state listen pid 1 or pid 2", false),
    ] {
        assert_eq!(parse(text).map(|filter| filter.mixed), Ok(mixed), "{text}");
    }
}

#[test]
fn lists_of_states_are_unions() {
    each(&[
        ("time-wait close-wait", "time-wait,close-wait"),
        ("TIME_WAIT,CLOSE_WAIT", "time-wait,close-wait"),
        ("tw, close-wait", "time-wait,close-wait"),
        ("state time-wait state close-wait", "time-wait,close-wait"),
        ("state connected exclude syn-sent", "exclude syn-sent,close,listen"),
        ("excl listen", "exclude listen"),
        ("state = listen", "listen"),
        ("state ne listen", "exclude listen"),
        ("exclude listen time-wait", "exclude time-wait,listen"),
        ("exclude listen state listen", "all"),
        ("listen exclude listen", "close exclude close"),
        ("all bound-inactive", "all state bound-inactive"),
        ("bound-inactive", "bound-inactive"),
        ("dport = 1 or time-wait close-wait", "dport = :1 or time-wait,close-wait"),
        ("listen and close-wait", "listen and close-wait"),
        ("not listen", "not listen"),
        ("not listen close", "not close,listen"),
        ("dport 1 state listen", "dport = :1 and listen"),
    ]);
}

#[test]
fn a_list_of_states_at_the_beginning_holds_for_all() {
    each(&[
        ("state listen pid 1 or pid 2", "listen and (pid = 1 or pid = 2)"),
        ("listen pid 1 or pid 2", "listen and (pid = 1 or pid = 2)"),
        ("state listen not pid 1 or pid 2", "listen and (not pid = 1 or pid = 2)"),
        ("state listen and pid 1 or pid 2", "listen and pid = 1 or pid = 2"),
        ("state listen or pid 2", "listen or pid = 2"),
        ("(state listen)", "listen"),
    ]);
}

#[test]
fn bare_words_are_ports_ends_and_programs() {
    each(&[
        ("443", ":443"),
        (":443", ":443"),
        (":https", ":443"),
        ("postgresql", "proc = postgresql"),
        ("10.0.0.1", "10.0.0.1"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("10/8", "10.0.0.0/8"),
        ("::1", "[::1]"),
        ("[::1]:22", "[::1]:22"),
        ("10.0.0.1:https", "10.0.0.1:443"),
        ("unix:/run/*", "unix:/run/*"),
        ("*", "*"),
        ("nginx", "proc = nginx"),
        ("php-fpm", "proc = php-fpm"),
        ("kube-*", "proc = kube-*"),
        ("\\listen", "proc = listen"),
        ("nginx 443", "proc = nginx and :443"),
        ("close-wait nginx", "close-wait and proc = nginx"),
    ]);
}

#[test]
fn owners_and_measures_are_read() {
    each(&[
        ("pid = 4321", "pid = 4321"),
        ("proc=listen", "proc = listen"),
        ("proc != and", "proc != and"),
        ("user www-data", "user = 33"),
        ("user = 1000", "user = 1000"),
        ("unit = nginx", "unit = nginx"),
        ("container = 3f2a", "container = 3f2a"),
        ("netns != blue", "netns != blue"),
        ("recvq>0", "recvq > 0"),
        ("recvq gt 4k", "recvq > 4096"),
        ("sendq <= 1M", "sendq <= 1048576"),
        ("age > 10m idle ge 1h30m", "age > 10m and idle >= 90m"),
        ("rtt > 100ms", "rtt > 100ms"),
        ("retrans >= 2", "retrans >= 2"),
        ("keepalive off", "keepalive = off"),
        ("timer != persist", "timer != persist"),
    ]);
}

/// The error's kind, the text it points at, and the expected tokens.
fn error(text: &str) -> (Problem, &str, Vec<Expected>, Option<&'static str>) {
    let error = parse(text).expect_err(text);
    (error.kind, &text[error.span], error.expected, error.nearest)
}

#[test]
fn errors_point_at_the_place_and_tell_what_was_expected() {
    use Expected::{Address, Condition, Duration, Equality, Interface, Key, Port, Size, Word};
    let after = [Word("and"), Word("or"), Expected::End];
    let after_open = [Word("and"), Word("or"), Word(")")];
    for (text, kind, place, expected) in [
        ("dport = ", Problem::UnexpectedEnd, "", &[Port][..]),
        ("dport", Problem::UnexpectedEnd, "", &[Expected::Comparison, Port]),
        ("src)", Problem::Unexpected, ")", &[Equality, Address]),
        ("dport = = 80", Problem::Unexpected, "=", &[Port]),
        ("= 80", Problem::Unexpected, "=", &[Condition]),
        ("and pid 1", Problem::Unexpected, "and", &[Condition]),
        ("pid 1 or", Problem::UnexpectedEnd, "", &[Condition]),
        ("pid 1 or or pid 2", Problem::Unexpected, "or", &[Condition]),
        ("not", Problem::UnexpectedEnd, "", &[Condition]),
        ("()", Problem::Unexpected, ")", &[Condition]),
        ("pid 1 ( pid 2", Problem::Unclosed, "(", &[Word(")")]),
        ("(pid 1 = 2)", Problem::Unexpected, "=", &after_open),
        ("pid 1)", Problem::Unopened, ")", &[]),
        ("dport > 80,443", Problem::Unexpected, ",", &after),
        ("dport = 80,", Problem::UnexpectedEnd, "", &[Port]),
        ("proc = \"a b", Problem::UnclosedQuote, "\"", &[]),
        ("listen,", Problem::UnexpectedEnd, "", &[Expected::State]),
        ("state", Problem::UnexpectedEnd, "", &[Expected::State]),
        ("state (listen)", Problem::Unexpected, "(", &[Expected::State]),
        ("dport = 65536", Problem::BadPort, "65536", &[Port]),
        ("dport = :nosuch", Problem::UnknownService, ":nosuch", &[Port]),
        ("dport > *", Problem::BadPort, "*", &[Port]),
        ("70000", Problem::BadPort, "70000", &[Port]),
        (":70000", Problem::BadPort, ":70000", &[Port]),
        ("src 10.0.0.300", Problem::BadAddress, "10.0.0.300", &[Address]),
        ("10.0.0.0/33", Problem::BadPrefix, "10.0.0.0/33", &[Address]),
        ("src nosuch", Problem::UnknownHost, "nosuch", &[Address]),
        ("src > 10.0.0.1", Problem::NotOrdered, ">", &[Equality]),
        ("pid gt 1", Problem::NotOrdered, "gt", &[Equality]),
        ("pid = nginx", Problem::BadNumber, "nginx", &[Expected::Number]),
        ("dev = nosuch", Problem::UnknownInterface, "nosuch", &[Interface]),
        ("user = nosuch", Problem::UnknownUser, "nosuch", &[Expected::User]),
        ("cgroup = /nosuch", Problem::UnknownCgroup, "/nosuch", &[Expected::CgroupPath]),
        ("unit = nosuch", Problem::UnknownUnit, "nosuch", &[Expected::Unit]),
        ("container = zzz", Problem::UnknownContainer, "zzz", &[Expected::Container]),
        ("netns = red", Problem::UnknownNetns, "red", &[Expected::Netns]),
        ("fwmark = 1/", Problem::BadMark, "1/", &[Expected::Mark]),
        ("recvq > 1.5k", Problem::BadSize, "1.5k", &[Size]),
        ("age > 10", Problem::BadDuration, "10", &[Duration]),
        ("keepalive = maybe", Problem::BadWord, "maybe", &[Word("on"), Word("off")]),
        ("src link:nosuch", Problem::UnknownProtocol, "link:nosuch", &[Address]),
        ("foo = 3", Problem::UnknownKey, "foo", &[Key]),
        ("pid 1 \\", Problem::LoneBackslash, "\\", &[]),
    ] {
        let found = error(text);
        assert_eq!((found.0, found.1, found.2.as_slice()), (kind, place, expected), "{text}");
    }
    assert_eq!(parse("dport = ").unwrap_err().span, 7..7, "behind the last word");
    assert_eq!(parse("pid 1 \u{e9}=2").unwrap_err().span, 6..8, "bytes of the text");
}

#[test]
fn slips_get_the_word_that_was_meant() {
    for (text, kind, place, near) in [
        ("tme-wait", Problem::NearWord, "tme-wait", Some("time-wait")),
        ("estblished and pid 1", Problem::NearWord, "estblished", Some("established")),
        ("pid 1 or CLOSE_WAITT", Problem::NearWord, "CLOSE_WAITT", Some("close-wait")),
        ("state tme-wait", Problem::UnknownState, "tme-wait", Some("time-wait")),
        ("time-wait,clsoe-wait", Problem::UnknownState, "clsoe-wait", Some("close-wait")),
        ("state xyzzy", Problem::UnknownState, "xyzzy", None),
        ("sprot = 80", Problem::UnknownKey, "sprot", Some("sport")),
        ("recv > 0", Problem::UnknownKey, "recv", Some("recvq")),
        ("dprt :80", Problem::NearWord, "dprt", Some("dport")),
        ("timer = persst", Problem::BadWord, "persst", None),
    ] {
        let found = error(text);
        assert_eq!((found.0, found.1), (kind, place), "{text}");
        if kind != Problem::BadWord {
            assert_eq!(found.3, near, "{text}");
        }
    }
}

#[test]
fn nesting_has_a_limit() {
    let nested = |depth: usize| format!("{}pid 1{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&nested(200)).is_ok());
    assert_eq!(
        parse(&nested(201)).map_err(|error| (error.kind, error.span)),
        Err((Problem::TooDeep { limit: 200 }, 200..201))
    );
    assert_eq!(tree(&format!("{}pid 1", "not ".repeat(50_001))), "not pid = 1");
    let deep = format!("{}pid 1{}", "not (pid 2 or ".repeat(200), ")".repeat(200));
    assert_eq!(tree(&tree(&deep)), tree(&deep));
    assert_eq!(error(&"(".repeat(100_000)).0, Problem::TooDeep { limit: 200 });
}
