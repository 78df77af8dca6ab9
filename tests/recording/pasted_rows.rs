//! Properties of reading text: rows of random sockets, in every form, are read back exactly; and no row is lost
//! silently when lines are deleted, cut or swapped.

use std::collections::BTreeSet;

use sockdoc::{
    archive::import::{self, Foreign, Reading, Refused, Text},
    collect::{entries::entries, query::DumpQuery},
    model::{
        entry::{End, Entry},
        family::Protocol,
        gap::UnreadReason,
        state::{State, StateSet},
    },
};

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
}

/// A socket of TCP, as every form tells it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct ShownColumns {
    state: u8,
    is_v6: bool,
    local: (String, u16),
    peer: (String, u16),
    received: u32,
}

/// The state as `ss` spells it, and as `netstat` does.
fn spelled(state: u8) -> (&'static str, &'static str) {
    const NAMES: [(&str, &str); 11] = [
        ("ESTAB", "ESTABLISHED"),
        ("SYN-SENT", "SYN_SENT"),
        ("SYN-RECV", "SYN_RECV"),
        ("FIN-WAIT-1", "FIN_WAIT1"),
        ("FIN-WAIT-2", "FIN_WAIT2"),
        ("TIME-WAIT", "TIME_WAIT"),
        ("UNCONN", "CLOSE"),
        ("CLOSE-WAIT", "CLOSE_WAIT"),
        ("LAST-ACK", "LAST_ACK"),
        ("LISTEN", "LISTEN"),
        ("CLOSING", "CLOSING"),
    ];
    NAMES[usize::from(state) - 1]
}

/// Random sockets, no two of one pair of ends.
fn sockets(random: &mut Random) -> Vec<ShownColumns> {
    let mut all = Vec::new();
    for number in 0..1 + random.below(30) {
        // All but CLOSE, which no table of TCP shows.
        let state = random.one(&[1, 2, 3, 4, 5, 6, 8, 9, 10, 11]);
        let is_v6 = random.below(3) == 0;
        let address = |random: &mut Random, is_v6: bool| match is_v6 {
            true => format!("2001:db8::{:x}:{:x}", 1 + random.below(0xfffe), 1 + random.below(0xfffe)),
            false => format!("192.0.2.{}", random.below(256)),
        };
        let listens = state == 10;
        let any = if is_v6 { "::" } else { "0.0.0.0" };
        let local = if listens && random.below(2) == 0 { any.to_owned() } else { address(random, is_v6) };
        let peer =
            if listens { (any.to_owned(), 0) } else { (address(random, is_v6), 1 + random.below(65_535) as u16) };
        let received = if random.below(2) == 0 { 0 } else { random.below(1 << 20) as u32 };
        all.push(ShownColumns { state, is_v6, local: (local, 1000 + number as u16), peer, received });
    }
    all
}

fn bracketed(socket: &ShownColumns, (address, port): &(String, u16)) -> String {
    let port = if *port == 0 { "*".to_owned() } else { port.to_string() };
    if socket.is_v6 { format!("[{address}]:{port}") } else { format!("{address}:{port}") }
}

fn bare((address, port): &(String, u16)) -> String {
    let port = if *port == 0 { "*".to_owned() } else { port.to_string() };
    format!("{address}:{port}")
}

fn hexadecimal(socket: &ShownColumns, (address, port): &(String, u16)) -> String {
    let words: Vec<[u8; 4]> = match socket.is_v6 {
        true => {
            let octets = address.parse::<std::net::Ipv6Addr>().unwrap().octets();
            octets.chunks(4).map(|word| word.try_into().unwrap()).collect()
        }
        false => vec![address.parse::<std::net::Ipv4Addr>().unwrap().octets()],
    };
    let digits: String = words.iter().map(|word| format!("{:08X}", u32::from_ne_bytes(*word))).collect();
    format!("{digits}:{port:04X}")
}

const SS: &str = "State Recv-Q Send-Q Local Address:Port Peer Address:Port Process";
const NETSTAT: &str =
    "Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name";
const TABLE: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

/// A form: its heading, and a row of it.
type Form = (&'static str, fn(&ShownColumns) -> String);

/// Every form, with its heading and without.
const FORMS: [Form; 9] = [
    (SS, |one| {
        format!(
            "{:<10} {:<6} 7 {} {}",
            spelled(one.state).0,
            one.received,
            bracketed(one, &one.local),
            bracketed(one, &one.peer)
        )
    }),
    ("", |one| {
        format!(
            "{} {} 7 {} {}",
            spelled(one.state).0,
            one.received,
            bracketed(one, &one.local),
            bracketed(one, &one.peer)
        )
    }),
    // As iproute2 4.15 to 4.19 glues it.
    (SS, |one| {
        format!(
            "{}{}      7 {} {}",
            spelled(one.state).0,
            one.received,
            bracketed(one, &one.local),
            bracketed(one, &one.peer)
        )
    }),
    ("Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port", |one| {
        let (local, peer) = (bracketed(one, &one.local), bracketed(one, &one.peer));
        format!(
            "tcp   {} {} 7 {local} {peer} users:((\"a b\",pid=7,fd=3)) timer:(keepalive,1.216sec,0)\n\t cubic rto:204 cwnd:10",
            spelled(one.state).0,
            one.received
        )
    }),
    (NETSTAT, |one| {
        let name = if one.is_v6 { "tcp6" } else { "tcp" };
        format!(
            "{name:<5} {:>6} 7 {:<23} {:<23} {:<11} 12/a: b",
            one.received,
            bare(&one.local),
            bare(&one.peer),
            spelled(one.state).1
        )
    }),
    ("", |one| {
        let name = if one.is_v6 { "tcp6" } else { "tcp" };
        format!("{name} {} 7 {} {} {} 0 123 -", one.received, bare(&one.local), bare(&one.peer), spelled(one.state).1)
    }),
    (TABLE, table_row),
    ("", table_row),
    // Quoted in a mail, with the colours of a terminal.
    ("> \u{1b}[1mState Recv-Q Send-Q Local Address:Port Peer Address:Port\u{1b}[0m", |one| {
        format!(
            "> \u{1b}[32m{}\u{1b}[0m {} 7 {} {}",
            spelled(one.state).0,
            one.received,
            bracketed(one, &one.local),
            bracketed(one, &one.peer)
        )
    }),
];

fn table_row(one: &ShownColumns) -> String {
    let (local, peer) = (hexadecimal(one, &one.local), hexadecimal(one, &one.peer));
    let received = one.received;
    format!(
        "   0: {local} {peer} {:02X} 00000007:{received:08X} 00:00000000 00000000  1000        0 123 1 0000 20 4 30 10 -1",
        one.state
    )
}

fn read(text: &str) -> Result<Text, Refused> {
    import::read(text.as_bytes(), &Reading { services: &|_| None, capture: None, state: None })
}

/// The TCP sockets that were read.
fn told(text: &Text) -> Vec<ShownColumns> {
    let mut all = Vec::new();
    let mut take = |entry: &Entry| {
        let end = |end: &End| match end {
            End::Inet(address, port) => (address.to_string(), *port),
            other => panic!("{other:?}"),
        };
        all.push(ShownColumns {
            state: entry.state.number(),
            is_v6: entry.family == sockdoc::model::family::Family::Inet6,
            local: end(&entry.local),
            peer: end(&entry.peer),
            received: entry.rqueue,
        });
    };
    let gaps = entries(&mut &text.source, Protocol::Tcp, &DumpQuery::states(StateSet::ALL), &mut take);
    assert!(gaps.iter().all(|gap| !gap.is_loss()), "{gaps:?}");
    all.sort();
    all
}

fn sorted(sockets: &[ShownColumns]) -> Vec<ShownColumns> {
    let mut all = sockets.to_vec();
    all.sort();
    all
}

/// Each form of the same sockets.
fn written(heading: &str, row: fn(&ShownColumns) -> String, sockets: &[ShownColumns]) -> Vec<String> {
    let heading = Some(heading.to_owned()).filter(|heading| !heading.is_empty());
    heading
        .into_iter()
        .chain(sockets.iter().map(row))
        .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

#[test]
fn random_sockets_come_back_from_every_form() {
    for seed in 0..400 {
        let mut random = Random(seed);
        let sockets = sockets(&mut random);
        for (number, (heading, row)) in FORMS.into_iter().enumerate() {
            let text = written(heading, row, &sockets).join("\n");
            let read = read(&text).unwrap_or_else(|refused| panic!("{refused:?}: {text}"));
            assert!(read.unread.is_empty(), "form {number}, seed {seed}: {:?}\n{text}", read.unread);
            assert_eq!(told(&read), sorted(&sockets), "form {number}, seed {seed}\n{text}");
        }
    }
}

/// Decoration that people and programs put around each line, or around all of it.
const WRAPPINGS: [fn(&[String]) -> String; 13] = [
    |lines| each(lines, |line| html(line).replace("  ", "&nbsp; ") + "<br>"),
    |lines| format!("<pre>{}</pre>", html(&lines.join("\n"))),
    |lines| format!("```{}```", lines.join("\n")),
    |lines| each(lines, |line| format!("`{line}`")),
    |lines| {
        let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
        let edge = "─".repeat(width);
        format!("┌{edge}┐\n{}\n└{edge}┘", each(lines, |line| format!("│{line:<width$}│")))
    },
    |lines| format!("+-----+\n{}\n+-----+", each(lines, |line| format!("| {line} |"))),
    |lines| each(lines, |line| format!("- {line}")),
    |lines| each(lines, |line| format!("2026-11-28T12:00:01.123456789Z {line}")),
    |lines| each(lines, |line| format!("[2026-11-28 12:00:01] {line}")),
    |lines| each(lines, |line| format!("2026-11-28T12:00:01.1Z stdout F {line}")),
    |lines| each(lines, |line| line.replace("  ", "\u{3000} ") + " \\"),
    |lines| serde_json::to_string(lines).unwrap(),
    |lines| format!("ok: [web-1] => {{\"rc\": 0, \"stdout\": {}}}", serde_json::to_string(&lines.join("\n")).unwrap()),
];

fn each(lines: &[String], wrap: impl Fn(&str) -> String) -> String {
    lines.iter().map(|line| wrap(line)).collect::<Vec<_>>().join("\n")
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[test]
fn what_is_put_around_rows_changes_none() {
    for seed in 0..20 {
        let mut random = Random(seed ^ 0x3a9);
        let sockets = sockets(&mut random);
        // The last form is wrapped itself.
        for (number, (heading, row)) in FORMS.into_iter().take(8).enumerate() {
            let lines = written(heading, row, &sockets);
            for (wrapping, wrap) in WRAPPINGS.into_iter().enumerate() {
                let text = wrap(&lines);
                let read = read(&text).unwrap_or_else(|refused| panic!("{number} in {wrapping}: {refused:?}: {text}"));
                assert!(read.unread.is_empty(), "form {number} in {wrapping}, seed {seed}: {:?}\n{text}", read.unread);
                assert_eq!(told(&read), sorted(&sockets), "form {number} in {wrapping}, seed {seed}\n{text}");
            }
        }
    }
}

#[test]
fn deleted_lines_take_their_own_rows_and_no_others() {
    for seed in 0..400 {
        let mut random = Random(seed ^ 0xdead);
        let sockets = sockets(&mut random);
        for (number, (heading, row)) in FORMS.into_iter().enumerate() {
            let kept: Vec<ShownColumns> = sockets.iter().filter(|_| random.below(3) > 0).cloned().collect();
            let heading = if random.below(2) == 0 { heading } else { "" };
            let text = written(heading, row, &kept).join("\n");
            match read(&text) {
                Ok(read) => assert_eq!(told(&read), sorted(&kept), "form {number}, seed {seed}\n{text}"),
                Err(refused) => assert!(kept.is_empty(), "form {number}, seed {seed}: {refused:?}\n{text}"),
            }
        }
    }
}

#[test]
fn a_row_that_is_cut_is_read_or_told_with_its_number() {
    for seed in 0..400 {
        let mut random = Random(seed ^ 0xc07);
        let sockets = sockets(&mut random);
        for (number, (heading, row)) in FORMS.into_iter().enumerate() {
            let mut lines = written(heading, row, &sockets);
            let at = random.below(lines.len() as u64) as usize;
            let is_row = lines[at].contains("192.0.2.") || lines[at].contains("2001:db8") || lines[at].contains("0: ");
            let ends: Vec<usize> = lines[at].match_indices(' ').map(|(at, _)| at).collect();
            if ends.len() < 4 || !is_row {
                continue;
            }
            // Not within a word: `:443` cut to `:44` is another port, and nothing tells.
            let end = ends[random.below(ends.len() as u64) as usize];
            lines[at].truncate(end);
            let text = lines.join("\n");
            let is_shown =
                |unread: &import::Text| unread.unread.iter().any(|unread| unread.lines.contains(&(at as u64 + 1)));
            match read(&text) {
                Ok(read) => {
                    let (read_rows, all) = (told(&read).len(), sockets.len());
                    let missed = all - read_rows.min(all);
                    let is_lost = missed > 0 && !lines[at].trim_start_matches(['>', ' ']).is_empty();
                    assert!(
                        !is_lost || is_shown(&read),
                        "form {number}, seed {seed}: line {}: {:?}\n{text}",
                        at + 1,
                        read.unread
                    );
                }
                Err(Refused::Rows(unread)) => {
                    assert!(unread.iter().any(|unread| unread.lines.contains(&(at as u64 + 1))), "{unread:?}\n{text}");
                }
                Err(Refused::Unknown | Refused::Foreign(Foreign::Sums)) => {
                    assert_eq!(sockets.len(), 1, "form {number}, seed {seed}\n{text}")
                }
                Err(refused) => panic!("form {number}, seed {seed}: {refused:?}\n{text}"),
            }
        }
    }
}

#[test]
fn every_line_is_a_row_or_is_reported() {
    const PIECES: [&str; 15] = [
        "ESTAB",
        "0",
        "7",
        "192.0.2.1:80",
        "[2001:db8::1]:443",
        "tcp",
        "CLOSE_WAIT",
        "users:((\"x\",pid=1,fd=2))",
        "*:*",
        "LISTEN0",
        "timer:(on,1sec,0)",
        "12/java",
        "-",
        "hello",
        "2001:db8:aaaa:4000",
    ];
    for seed in 0..4000 {
        let mut random = Random(seed ^ 0xfeed);
        let mut lines = vec![SS.to_owned(), "ESTAB 0 0 198.51.100.1:1 198.51.100.2:2".to_owned()];
        let words: Vec<&str> = (0..1 + random.below(8)).map(|_| random.one(&PIECES)).collect();
        lines.push(words.join(" "));
        let text = lines.join("\n");
        let read = read(&text).unwrap_or_else(|refused| panic!("{refused:?}: {text}"));
        let is_shown = read.unread.iter().any(|unread| unread.lines.contains(&3));
        // Text about the row before it is a row's own continuation.
        let is_more = read.unread.is_empty() && told(&read).len() == 1;
        let continues = ["users:((", "timer:("].iter().any(|mark| lines[2].starts_with(mark));
        assert!(is_shown || told(&read).len() == 2 || (is_more && continues), "{text}\n{:?}", read.unread);
        let reasons: BTreeSet<&UnreadReason> = read.unread.iter().map(|unread| &unread.reason).collect();
        assert!(reasons.len() <= 1 || reasons.contains(&UnreadReason::Names), "{reasons:?}");
    }
}

#[test]
fn the_filter_gives_its_state_to_rows_without_the_column() {
    let text = "Recv-Q Send-Q Local Address:Port Peer Address:Port\n1 0 192.0.2.1:80 192.0.2.2:81\n";
    let reading = Reading { services: &|_| None, capture: None, state: Some(State::CLOSE_WAIT) };
    let read = import::read(text.as_bytes(), &reading).unwrap();
    assert_eq!(told(&read).first().map(|one| one.state), Some(State::CLOSE_WAIT.number()));
}
