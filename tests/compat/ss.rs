//! `ss`, to the byte.

use std::collections::BTreeSet;
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;

use rustix::net::{AddressFamily, SocketFlags, SocketType, socket_with};

use crate::beside::{Both, agree, masked, same_in_shell};
use crate::lab::counts::Inet;
use crate::lab::makers::{self, Held};
use crate::lab::mass;
use crate::lab::namespace;
use crate::lab::peer;
use crate::lab::program::{command, finish};
use crate::lab::sockets::Family;
use crate::lab::terminal;
use crate::random::Random;
use crate::rows::{every_state, other_families, still, unix_connections};

/// Sockets of every table that the lab can fill, and in every state.
fn sockets(tcp: Vec<Held>) -> (Vec<Held>, Vec<Vec<OwnedFd>>) {
    let packet = |kind| {
        socket_with(AddressFamily::from_raw(17), kind, SocketFlags::CLOEXEC, None).expect("a packet socket in the lab")
    };
    let netlink = socket_with(AddressFamily::NETLINK, SocketType::RAW, SocketFlags::CLOEXEC, None);
    let mut others = other_families();
    others.extend([
        unix_connections(),
        vec![packet(SocketType::RAW), packet(SocketType::DGRAM)],
        vec![netlink.expect("a netlink socket")],
    ]);
    (tcp, others)
}

pub(crate) fn ss_tables_are_the_same() {
    let _held = sockets(every_state());
    let ss = Both::of("ss");
    for options in [
        "",
        "-a",
        "-l",
        "-t",
        "-ta",
        "-tan",
        "-tln",
        "-tuln",
        "-u",
        "-ua",
        "-w",
        "-wa",
        "-wan",
        "-x",
        "-xa",
        "-xl",
        "-0",
        "-0a",
        "-tu",
        "-tux",
        "-4",
        "-6",
        "-4a",
        "-6a",
        "-4 -6 -ta",
        "-6 -4 -ta",
        "-x -4 -a",
        "-n -a",
        "-an -f netlink",
        "-f netlink",
        "-f link",
        "-f inet -a",
        "--family=inet6 -a",
        "-f unix -a",
        "--vsock",
        "--vsock -a",
        "--xdp",
        "-M -a",
        "-d -a",
        "-S -a",
        "-A tcp",
        "-A all",
        "-A inet -a",
        "-A u_dgr",
        "-A unix_dgram -a",
        "-A u_str,tcp -a",
        "-A all,!tcp -a",
        "--socket=udp,raw -a",
        "-A packet",
        "-A p_raw -a",
        "-H",
        "-Ha",
        "-Htan",
        "-O -ta",
        "-Hu",
        "state established",
        "-t state listening",
        "-tn state time-wait",
        "state all exclude listening exclude close",
        "-a state close-wait",
        "exclude established",
        "-t exclude all",
        "-ua state unconnected",
        "-tn state connected",
        "state bucket -t",
        "state big -t",
        "state synchronized -nt",
        "-ta -n -r",
        "-r -ta",
        "--num --all --tcp",
    ] {
        let options: Vec<&str> = options.split_ascii_whitespace().collect();
        ss.same(&options);
    }
    assert!(ss.same(&["-tan"]).lines().count() > 20);
}

pub(crate) fn ss_details_are_the_same() {
    let _held = sockets(every_state());
    let ss = Both::of("ss");
    for options in [
        "-tao",
        "-tae",
        "-taei",
        "-tam",
        "-tai",
        "-taim",
        "-taemoi",
        "-tani",
        "-uae",
        "-uam",
        "-uai",
        "-uaemoi",
        "-wae",
        "-wam",
        "-wai",
        "-waemoin",
        "-xae",
        "-xam",
        "-xaem",
        "-xlep",
        "-0ae",
        "-0am",
        "-0ab",
        "-0aeb",
        "-f netlink -e",
        "-f netlink -m",
        "-f netlink -em",
        "-tap",
        "-uap",
        "-xap",
        "-wap",
        "-0ap",
        "-ap",
        "-taT",
        "-aTe",
        "-aeO",
        "-aO",
        "-taO -i",
        "-taOimeop",
        "-HtaOimeop",
        "-Htaimeop",
        "-aemoip",
        "-aHemoipn",
        "-ta --tos",
        "-a --tos -e",
        "-ta --cgroup",
        "-tae --cgroup",
        "-ta --inet-sockopt",
        "-taO --inet-sockopt",
        "-ua --inet-sockopt -m",
        "-a --tos --cgroup --inet-sockopt -e -m -i -o -p -b",
        "-M -aei",
    ] {
        let options: Vec<&str> = options.split_ascii_whitespace().collect();
        ss.same(&options);
    }
}

/// Tables of internet sockets alone, which addresses can be compared with, and others.
const INTERNET: [&str; 10] = ["-t", "-u", "-tu", "-tuw", "-w", "-4t", "-6t", "-A inet", "-A tcp,raw", "-tuM"];
const TABLES: [&str; 14] = [
    "",
    "-x",
    "-0",
    "-f netlink",
    "-tx",
    "-ux0",
    "--vsock",
    "-A all",
    "-A u_str,u_dgr",
    "-A all,!udp",
    "-A packet,tcp",
    "-4",
    "-6",
    "-f unix",
];
const SHOWN: [&str; 19] = [
    "-n",
    "-e",
    "-o",
    "-m",
    "-i",
    "-p",
    "-H",
    "-O",
    "-T",
    "-b",
    "--tos",
    "--cgroup",
    "--inet-sockopt",
    "-en",
    "-io",
    "-mi",
    "--numeric",
    "--no-header",
    "--extended",
];
const STATES: [&str; 12] = [
    "state established",
    "state all",
    "state listening",
    "state time-wait",
    "exclude listening",
    "state close-wait",
    "state connected exclude established",
    "state bucket",
    "state big",
    "state syn-sent state syn-recv",
    "exclude time-wait exclude close",
    "state synchronized",
];
const OPERATORS: [&str; 14] = ["", "=", "==", "eq", "!=", "ne", "<", "lt", ">", "gt", "<=", "le", ">=", "geq"];
const ADDRESSES: [&str; 10] = [
    "127.0.0.1",
    "127.0.0.0/8",
    "[::1]",
    "[::1/128]",
    "[::ffff:127.0.0.1]",
    "127.0.0.2",
    "127.0.0.1:9",
    "inet:127.0.0.1",
    "inet6:[::1]",
    "10.0.0.0/8",
];

/// A filter; `ports` are those of the sockets, and addresses are in it where they can be.
fn filter(random: &mut Random, ports: &[String], has_addresses: bool, depth: usize) -> String {
    if depth > 0 && !random.is_one_of(3) {
        let one = filter(random, ports, has_addresses, depth - 1);
        return match random.below(5) {
            0 => format!("not {one}"),
            1 => format!("( {one} )"),
            2 => format!("{one} {}", filter(random, ports, has_addresses, depth - 1)),
            _ => {
                let joint = random.pick(&["and", "or", "&", "|", "&&", "||"]);
                format!("{one} {joint} {}", filter(random, ports, has_addresses, depth - 1))
            }
        };
    }
    let side = random.is_one_of(2);
    match random.below(if has_addresses { 6 } else { 4 }) {
        0 if has_addresses => format!("dev {} lo", random.pick(&["", "=", "!="])),
        0..4 => {
            let port = &ports[random.below(ports.len())];
            let colon = random.pick(&["", ":"]);
            format!("{} {} {colon}{port}", if side { "sport" } else { "dport" }, random.pick(&OPERATORS))
        }
        _ => format!("{} {} {}", if side { "src" } else { "dst" }, random.pick(&["", "="]), random.pick(&ADDRESSES)),
    }
}

pub(crate) fn ss_random_options_and_filters_give_the_same() {
    let _held = sockets(still());
    let ss = Both::of("ss");
    let mut ports: Vec<String> = ss
        .same(&["-Htuan"])
        .split_ascii_whitespace()
        .filter_map(|word| word.rsplit_once(':').map(|(_, port)| port.to_owned()))
        .filter(|port| port != "*")
        .collect();
    ports.sort_unstable();
    ports.dedup();
    ports.push("1024".to_owned());
    let mut random = Random(6_1);
    let (mut filled, mut refused) = (0, 0);
    for _ in 0..300 {
        let is_internet = !random.is_one_of(3);
        let mut line = vec![random.pick(if is_internet { &INTERNET } else { &TABLES }).to_owned()];
        line.extend(random.is_one_of(2).then(|| random.pick(&["-a", "-l", "-a"]).to_owned()));
        for _ in 0..random.below(5) {
            line.push(random.pick(&SHOWN).to_owned());
        }
        line.extend(random.is_one_of(3).then(|| random.pick(&STATES).to_owned()));
        if !random.is_one_of(3) {
            line.push(filter(&mut random, &ports, is_internet, 3));
        }
        let line = line.join(" ");
        let options: Vec<&str> = line.split_ascii_whitespace().collect();
        let (said, code) = ss.alike(&options, &[]);
        filled += usize::from(code == "Some(0)" && said.lines().count() > 1);
        refused += usize::from(code != "Some(0)");
    }
    assert!(filled > 100 && refused < 60, "{filled} of them show sockets, {refused} are refused");
}

pub(crate) fn ss_on_a_terminal_is_the_same() {
    let _held = sockets(still());
    let ss = Both::of("ss");
    for columns in [20, 40, 60, 79, 80, 81, 100, 132, 200, 300] {
        for options in ["-tan", "", "-a", "-tae", "-xa", "-Htan", "-u", "-tapO", "-tai", "-0", "-f netlink"] {
            let options: Vec<&str> = options.split_ascii_whitespace().collect();
            let show = |command| masked(&terminal::show(columns, 24, command).text);
            agree(&format!("{columns}: {options:?}"), || show(ss.original(&options)), || show(ss.ours(&options)));
        }
    }
}

/// Commands that people type, with `ss` from `PATH`.
const PIPELINES: [&str; 22] = [
    "ss -tan | awk '{print $1}' | sort | uniq -c | sort -rn",
    "ss -tan | awk 'NR>1 {count[$1]++} END {for (state in count) print state, count[state]}' | sort",
    "ss -tan | grep -c ESTAB",
    "ss -tan state time-wait | wc -l",
    "ss -Htan state established | awk '{print $4}' | cut -d: -f1 | sort | uniq -c",
    "ss -tan | awk '$1==\"ESTAB\" {split($5, peer, \":\"); print peer[1]}' | sort | uniq -c | sort -rn | head -5",
    "ss -tln | awk 'NR>1 {print $4}' | sed 's/.*://' | sort -n | uniq",
    "ss -tlnp | grep -o 'users:((\"[^\"]*\"' | sort | uniq -c",
    "ss -Htlnp | sed -n 's/.*pid=\\([0-9]*\\).*/\\1/p' | sort -u",
    "ss -uan | tail -n +2 | awk '{print $1, $4}' | sort",
    "ss -s | grep -o 'timewait [0-9]*'",
    "ss -s | awk '/^UDP/ {print $2}'",
    "ss -tan 'sport = :22' | wc -l",
    "ss -Hxl | awk '{print $5}' | sort",
    "ss -xa | grep -c u_str",
    "ss -Htanm | grep -o 'skmem:([^)]*)' | cut -d, -f2 | sort | uniq -c",
    "ss -tani | grep -o 'cwnd:[0-9]*' | sort | uniq -c",
    "ss -tan | tr -s ' ' | cut -d' ' -f4 | sort",
    "ss -Htano | grep -o 'timer:([a-z]*' | sort | uniq -c",
    "ss -tane | grep -o 'ino:[0-9]*' | sort",
    "ss -Htn dst 127.0.0.1 | awk '$2 > 0 {print $3, $4}'",
    "ss -ltn | awk '$2 > $3 {print}' ; ss -tulpn | column -t | cut -c1-40",
];

pub(crate) fn ss_in_pipelines_gives_the_same() {
    let ss = Both::of("ss");
    for line in PIPELINES {
        // On a busy machine all of them take more than the minute for which some of the sockets last.
        namespace::enter_another().expect("another namespace");
        let _held = sockets(still());
        same_in_shell(&ss, &[line]);
    }
}

pub(crate) fn ss_is_read_by_jc_as_the_original() {
    let _held = sockets(still());
    let ss = Both::of("ss");
    peer::needs("jc");
    same_in_shell(&ss, &["-tan", "-tua", "-tuln", "-tap", "-xa"].map(|options| format!("ss {options} | jc --ss")));
}

pub(crate) fn ss_summary_is_the_same() {
    let _held = sockets(still());
    let ss = Both::of("ss");
    for options in ["-s", "--summary", "-s -t", "-sH -ta", "-s -u state all"] {
        ss.same(&options.split_ascii_whitespace().collect::<Vec<_>>());
    }
}

/// A dump of the sockets that the filter cases of iproute2 are about, as `ss -D` writes it.
fn dump_of_filter_cases() -> Vec<u8> {
    let mut dump = Vec::new();
    let mut message = |kind: u16, payload: &[u8]| {
        dump.extend(((16 + payload.len()) as u32).to_ne_bytes());
        dump.extend([kind.to_ne_bytes(), 2u16.to_ne_bytes()].concat());
        dump.extend([0u32.to_ne_bytes(), 0u32.to_ne_bytes()].concat());
        dump.extend(payload);
    };
    for (state, local, peer, limit) in [
        (10u8, ([0, 0, 0, 0], 22u16), ([0, 0, 0, 0], 0u16), 128u32),
        (1, ([10, 0, 0, 1], 22), ([10, 0, 0, 1], 36266), 0),
        (1, ([10, 0, 0, 1], 36266), ([10, 0, 0, 1], 22), 0),
        (1, ([10, 0, 0, 1], 22), ([10, 0, 0, 2], 50312), 0),
    ] {
        let mut record = vec![2, state, 0, 0];
        record.extend([local.1.to_be_bytes(), peer.1.to_be_bytes()].concat());
        record.extend([&local.0[..], &[0; 12], &peer.0, &[0; 12], &[0; 12]].concat());
        // The timer's time, both queues, user and inode.
        record.extend([0, 0, limit, 0, 7].iter().flat_map(|word: &u32| word.to_ne_bytes()));
        message(20, &record);
    }
    message(3, &0u32.to_ne_bytes());
    // Of a second dump nothing is read.
    message(20, &[2, 1].into_iter().chain([0; 70]).collect::<Vec<u8>>());
    message(3, &0u32.to_ne_bytes());
    dump
}

/// The cases of iproute2's own test of filters, and which of the sockets of the dump each of them takes.
const FILTER_CASES: [(&str, &str); 12] = [
    ("dport = 22", "ESTAB 0      0      10.0.0.1:36266 10.0.0.1:22"),
    ("dport 22", "ESTAB 0      0      10.0.0.1:36266 10.0.0.1:22"),
    ("( dport = 22 )", "ESTAB 0      0      10.0.0.1:36266 10.0.0.1:22"),
    ("src = 0.0.0.0", "LISTEN 0      128    0.0.0.0:22 0.0.0.0:*"),
    ("src 0.0.0.0", "LISTEN 0      128    0.0.0.0:22 0.0.0.0:*"),
    ("src 0.0.0.0 sport = 22", "LISTEN 0      128    0.0.0.0:22 0.0.0.0:*"),
    ("src 0.0.0.0 and sport = 22", "LISTEN 0      128    0.0.0.0:22 0.0.0.0:*"),
    ("src 10.0.0.1 and sport = 22 and dport = 50312", "ESTAB 0      0      10.0.0.1:22 10.0.0.2:50312"),
    ("src 10.0.0.1 and sport = 22 and ( dport = 50312 )", "ESTAB 0      0      10.0.0.1:22 10.0.0.2:50312"),
    ("src 10.0.0.1 and ( sport = 22 and dport = 50312 )", "ESTAB 0      0      10.0.0.1:22 10.0.0.2:50312"),
    ("( src 10.0.0.1 and sport = 22 ) and dport = 50312", "ESTAB 0      0      10.0.0.1:22 10.0.0.2:50312"),
    ("( src 0.0.0.0 or src 10.0.0.1 ) and dst 10.0.0.2", "ESTAB 0      0      10.0.0.1:22 10.0.0.2:50312"),
];

pub(crate) fn ss_filter_cases_of_iproute2_hold() {
    let ss = Both::of("ss");
    let path = std::env::temp_dir().join("filter-cases.dump");
    std::fs::write(&path, dump_of_filter_cases()).expect("a file");
    let environment = [("TCPDIAG_FILE", path.to_str().expect("a path"))];
    assert_eq!(ss.same_under(&["-Htna"], &environment).lines().count(), 4);
    for (filter, taken) in FILTER_CASES {
        let words: Vec<&str> = ["-Htna"].into_iter().chain(filter.split(' ')).collect();
        let said = ss.same_under(&words, &environment);
        assert_eq!(said.trim_end(), taken, "{filter}");
        assert_eq!(ss.same_under(&["-Htna", filter], &environment), said, "in one word: {filter}");
    }
    for options in ["-ta", "-tae", "-a", "-u", "-tn state listening", "-tan6", "-x"] {
        ss.same_under(&options.split(' ').collect::<Vec<_>>(), &environment);
    }
}

pub(crate) fn ss_dumps_are_the_same() {
    let _held = sockets(still());
    let ss = Both::of("ss");
    let (theirs, ours) = (std::env::temp_dir().join("theirs"), std::env::temp_dir().join("ours"));
    for options in ["-ta", "-t", "-ta4", "-ta6", "-tam", "-tl", ""] {
        for (path, command) in [(&theirs, ss.original(&[])), (&ours, ss.ours(&[]))] {
            // An existing file is replaced.
            std::fs::write(path, "before").expect("a file");
            let mut command = command;
            command.args(options.split_ascii_whitespace()).arg("-D").arg(path);
            let said = finish(command);
            assert_eq!((said.code, said.stdout.as_str()), (Some(0), ""), "{options}: {said:?}");
        }
        // Read by either, both say the same.
        let read =
            |path: &std::path::Path| ss.same_under(&["-Htane"], &[("TCPDIAG_FILE", path.to_str().expect("a path"))]);
        assert_eq!(read(&ours), read(&theirs), "{options}");
    }
    let missing = [("TCPDIAG_FILE", "/nowhere")];
    assert_eq!(ss.same_under(&["-Hta"], &missing), "");
}

pub(crate) fn ss_ends_with_the_same_status() {
    let ss = Both::of("ss");
    for (line, status) in [
        ("-h", 0),
        ("-V", 0),
        ("--version", 0),
        ("-f help", 0),
        ("-Y", 255),
        ("--unknown", 255),
        ("--cont", 255),
        ("--all=1", 255),
        ("-f", 255),
        ("-f inet7", 255),
        ("-A tpc", 255),
        ("-A", 255),
        ("state", 255),
        ("state nowhere", 255),
        ("-t sport =", 255),
        ("-t ( sport = 1", 255),
        ("-t sport = 1 )", 255),
        ("-t sport = nowhere-at-all", 1),
        ("-t src 1.2.3.400", 1),
        ("-t dev nowhere", 1),
        ("-t cgroup /nowhere", 1),
        ("-t bla", 1),
        ("-A tcp,!tcp", 0),
        ("-u -D /dev/null", 0),
        ("-N nowhere -ta", 1),
        ("-F /nowhere -ta", 255),
    ] {
        let options: Vec<&str> = line.split(' ').collect();
        let (theirs, ours) = (finish(ss.original(&options)), finish(ss.ours(&options)));
        assert_eq!((theirs.code, ours.code), (Some(status), Some(status)), "{line}: {theirs:?}\n{ours:?}");
        assert_eq!(ours.stdout.is_empty(), theirs.stdout.is_empty(), "{line}: {theirs:?}\n{ours:?}");
        assert_eq!(ours.stderr.is_empty(), theirs.stderr.is_empty(), "{line}: {theirs:?}\n{ours:?}");
    }
    for option in ["-K", "--kill"] {
        let said = finish(ss.ours(&["-ta", option]));
        assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""), "{option}: {said:?}");
    }
}

pub(crate) fn ss_is_a_command_and_what_list_prints_with_compat() {
    let _held = sockets(still());
    let ss = Both::of("ss");
    let run = |command| masked(&finish(command).stdout);
    for options in ["-tan", "-tanemoi", "-xn", "-uanp"] {
        let command = |words: &[&str]| run(command(&[words, &[options]].concat()));
        let theirs = || run(ss.original(&[options]));
        agree(options, theirs, || command(&["ss"]));
        agree(options, theirs, || command(&["list", "--compat", "ss"]));
    }
}

/// `ss` writes what it has measured when it has four megabytes of it; columns are wider afterwards.
pub(crate) fn ss_tables_that_are_written_in_parts_are_the_same() {
    let _held = mass::established(Inet::V4, 19_000).and(mass::established(Inet::V6, 17_000));
    // The wide rows come late.
    let _wide = makers::established(Family::Mapped, 2);
    let ss = Both::of("ss");
    let said = ss.same(&["-tanem", "--tos", "--cgroup", "--inet-sockopt"]);
    let places: BTreeSet<_> = said.lines().filter_map(|line| line.find(" ino:")).collect();
    assert!(places.len() > 1, "all columns have one width: {places:?}, {}", said.len());
    ss.same(&["-tan"]);
}

pub(crate) fn ss_text_is_read_back_whole() {
    let _held = sockets(every_state());
    let ss = Both::of("ss");
    let path = std::env::temp_dir().join("text");
    for options in
        ["-tuan", "-tanp", "-xa", "-tane", "-tanoemi", "-tuwxan", "-0anpm", "-an", "-f netlink -an", "-f netlink -anpe"]
    {
        let words: Vec<&str> = options.split(' ').collect();
        std::fs::write(&path, finish(ss.ours(&words)).stdout).expect("a file");
        let file = path.to_str().expect("a path");
        let read = |command| {
            let said = finish(command);
            assert_eq!(said.code, Some(0), "{options}: {said:?}");
            said.stdout
        };
        let again = read(command(&[&["list", "--compat", "ss", "--from", file], &words[..]].concat()));
        // The path of a cgroup does not give its number, and the block of a congestion control is not read.
        let mut text = std::fs::read_to_string(&path).expect("the file").replace(" cgroup:/ ", " ");
        while let Some(begin) = text.find(" bbr:(") {
            let end = begin + text[begin..].find(')').expect("its end") + 1;
            text.replace_range(begin..end, "");
        }
        let lines = |text: &str| {
            let mut lines: Vec<String> =
                text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
            lines.sort_unstable();
            lines
        };
        let (again, text) = (lines(&again), lines(&text));
        let lost: Vec<_> = text.iter().zip(&again).filter(|(text, again)| text != again).collect();
        assert!(lost.is_empty() && text.len() == again.len(), "{options}: {lost:#?}");
    }
    // With neither a type nor a state in its rows.
    std::fs::write(&path, finish(ss.ours(&["-f", "netlink"])).stdout).expect("a file");
    let again = finish(command(&["list", "-a", "-f", "netlink", "--from", path.to_str().expect("a path")]));
    let text = std::fs::read_to_string(&path).expect("the file");
    assert!(text.lines().count() > 3 && again.stdout.lines().count() == text.lines().count(), "{text}{again:?}");
}

/// The differences that `docs/ss-parity.md` names.
pub(crate) fn ss_differs_where_the_table_says() {
    let _held = sockets(still());
    let ss = Both::of("ss");
    let path = std::env::temp_dir().join("filter-cases.dump");
    std::fs::write(&path, dump_of_filter_cases()).expect("a file");
    let read = |mut command: std::process::Command| {
        command.env("TCPDIAG_FILE", &path);
        finish(command).stdout.lines().count()
    };
    let octal = ["-Htna", "sport", "=", "026"];
    assert_eq!((read(ss.original(&octal)), read(ss.ours(&octal))), (3, 0), "026 is 22 in octal");
    // Netlink sockets of protocol 0 have the bytes of that address.
    let nowhere = ["-Hna", "src", "0.0.0.0"];
    let rows = |said: crate::lab::program::Said| said.stdout.lines().filter(|line| line.starts_with("nl")).count();
    assert!(rows(finish(ss.original(&nowhere))) > 0 && rows(finish(ss.ours(&nowhere))) == 0);
    assert_eq!(finish(ss.ours(&["-a"])).stderr, "");
    assert!(finish(ss.ours(&["-V"])).stdout.starts_with("ss utility, sockdoc "));
    let kept = std::env::temp_dir().join("kept");
    assert_eq!(finish(ss.ours(&["-t", "-D", kept.to_str().expect("a path")])).code, Some(0));
    assert_eq!(std::fs::metadata(&kept).expect("the dump").permissions().mode() & 0o777, 0o600);
}
