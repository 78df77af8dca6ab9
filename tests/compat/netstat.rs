//! `netstat`, to the byte.

use std::os::fd::OwnedFd;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::beside::{Both, agree, masked, same_in_shell};
use crate::lab::counts::Inet;
use crate::lab::makers::Held;
use crate::lab::other_families::udp_lite;
use crate::lab::peer;
use crate::lab::program::{LIMIT, command, controlled, finish, without_privileges};
use crate::random::Random;
use crate::rows::{every_state, other_families, still, unix_connections};

/// Sockets of every table, and addresses, routes and interfaces.
fn host(tcp: Vec<Held>) -> (Vec<Held>, Vec<Vec<OwnedFd>>) {
    let mut others = other_families();
    others.push(unix_connections());
    others.push([Inet::V4, Inet::V6].into_iter().filter_map(udp_lite).collect());
    peer::needs("ip");
    for line in [
        "addr add 10.1.2.3/24 dev lo",
        "addr add 2001:db8:1234:5678:9abc:def0:1234:5678/64 dev lo nodad",
        "link add veth10 type veth peer name veth9",
        "link set veth10 up",
        "link set veth9 mtu 1400",
        "route add 10.9.0.0/16 via 10.1.2.9",
        "route add 10.8.0.0/16 dev lo metric 7 mtu lock 1400 window 2000 rtt 3s",
        "route add prohibit 10.7.0.0/16",
        "route add 10.6.0.6 dev lo",
        "route add 169.254.0.0/16 dev lo",
        "-6 route add 2001:db8:1::/48 dev lo",
        "-6 route add unreachable 2001:db8:2::/48",
    ] {
        let args: Vec<&str> = line.split(' ').collect();
        let said = finish(controlled("ip", &args));
        assert_eq!(said.code, Some(0), "{line}: {said:?}");
    }
    (tcp, others)
}

#[track_caller]
fn same(netstat: &Both, options: &str) -> String {
    netstat.same(&options.split_ascii_whitespace().collect::<Vec<_>>())
}

pub(crate) fn netstat_sockets_are_the_same() {
    let _held = host(every_state());
    let netstat = Both::of("netstat");
    // First: some states last a minute, and all options take longer on a busy machine.
    let all = same(&netstat, "-tan");
    for state in ["LISTEN", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE_WAIT", "LAST_ACK"] {
        assert!(all.contains(state), "{state}: {all}");
    }
    for options in [
        "",
        "-a",
        "-l",
        "-n",
        "-an",
        "-ln",
        "-t",
        "-ta",
        "-tan",
        "-tln",
        "-u",
        "-ua",
        "-uan",
        "-tuln",
        "-U",
        "-Ua",
        "-Uan",
        "-w",
        "-wa",
        "-wan",
        "-x",
        "-xa",
        "-xl",
        "-xap",
        "-4",
        "-6",
        "-4a",
        "-6an",
        "-4l",
        "--inet -a",
        "--inet6 -an",
        "-A inet -a",
        "-A inet6,unix -an",
        "-A unix",
        "--protocol=inet -n",
        "--unix -a",
        "-tane",
        "-taneo",
        "-tanp",
        "-anp",
        "-antup",
        "-taneop",
        "-e",
        "-ee -ta",
        "-o",
        "-to",
        "-tano",
        "-uano",
        "-wano",
        "-W",
        "-Wa",
        "-aWeop",
        "-tW6",
        "--wide --all --numeric",
        "--numeric-hosts -a",
        "--numeric-ports -a",
        "--numeric-users -ae",
        "--numeric --tcp --all",
        "--programs --listening",
        "--timers --extend",
        "-v -ta",
        "-N -an",
        "-F -tan",
        "-t -u -n words behind",
    ] {
        same(&netstat, options);
    }
}

pub(crate) fn netstat_other_tables_are_the_same() {
    let _held = host(still());
    let netstat = Both::of("netstat");
    for options in [
        "-r",
        "-rn",
        "-rne",
        "-re",
        "-rnee",
        "-rn6",
        "-r6",
        "-rn -4",
        "-rn -4 -6",
        "-r -A inet6",
        "-rC",
        "-rnC6",
        "-rCF",
        "-rN",
        "--route --numeric",
        "-i",
        "-ia",
        "-in",
        "-in -a",
        "--interfaces",
        "-g",
        "-gn",
        "-g4",
        "-gn6",
        "-gt",
        "-s",
        "-s4",
        "-s6",
        "-st",
        "-su",
        "-sw",
        "-sS",
        "-stu",
        "-s6t",
        "-s6uw",
        "--statistics --tcp",
    ] {
        let said = same(&netstat, options);
        assert!(said.lines().count() > 1, "{options}: {said}");
    }
    same(&netstat, "-rneee");
    // With a default route the original asks name servers for each gateway, and waits for them.
    for line in ["route add default dev veth10", "-6 route add default dev veth10"] {
        let said = finish(controlled("ip", &line.split(' ').collect::<Vec<_>>()));
        assert_eq!(said.code, Some(0), "{line}: {said:?}");
    }
    assert!(same(&netstat, "-rn6").contains("::/0"));
    let named = netstat.same_under(&["-r"], &[("RES_OPTIONS", "timeout:1 attempts:1")]);
    assert!(named.contains("\ndefault  ") && named.contains("\nlink-local "), "{named}");
    assert!(same(&netstat, "-rn").contains("10.9.0.0        10.1.2.9        255.255.0.0     UG"));
    assert!(same(&netstat, "-i").contains("veth10"));
}

pub(crate) fn netstat_random_options_give_the_same() {
    let _held = host(still());
    let netstat = Both::of("netstat");
    const LETTERS: [&str; 22] = [
        "-a",
        "-l",
        "-n",
        "-t",
        "-u",
        "-U",
        "-w",
        "-x",
        "-p",
        "-e",
        "-o",
        "-W",
        "-N",
        "-4",
        "-6",
        "-v",
        "--numeric-hosts",
        "--numeric-ports",
        "--tcp",
        "--inet",
        "--all",
        "--extend",
    ];
    const TABLES: [&str; 12] = ["", "", "", "", "", "", "", "", "-r", "-i", "-s", "-g"];
    let mut random = Random(2_10);
    let mut filled = 0;
    for _ in 0..300 {
        let table = random.pick(&TABLES);
        let mut line = vec![table];
        for _ in 0..random.below(6) {
            line.push(random.pick(&LETTERS));
        }
        // With -e, -i is the table of ifconfig; with two families the error of -s is on stdout there.
        let is_taken = |one: &&str| match table {
            "-i" => !matches!(*one, "-e" | "--extend"),
            "-s" => !matches!(*one, "-x" | "-4" | "-6" | "--inet"),
            _ => true,
        };
        let options: Vec<&str> = line.into_iter().filter(|one| !one.is_empty()).filter(is_taken).collect();
        let (said, code) = netstat.alike(&options, &[]);
        filled += usize::from(code == "Some(0)" && said.lines().count() > 3);
    }
    assert!(filled > 200, "{filled} of them show something");
}

/// Commands that people type, with `netstat` from `PATH`.
const PIPELINES: [&str; 20] = [
    "netstat -an | grep TIME_WAIT | wc -l",
    "netstat -ant | awk '{print $6}' | sort | uniq -c | sort -rn",
    "netstat -n | awk '/^tcp/ {++state[$NF]} END {for (key in state) print key, state[key]}' | sort",
    "netstat -ant | awk 'NR>2 {print $6}' | sort | uniq -c",
    "netstat -tuln | awk 'NR>2 {print $4}' | sed 's/.*://' | sort -n | uniq",
    "netstat -tlnp | awk '/LISTEN/ {print $4, $7}' | sort",
    "netstat -antp 2>/dev/null | grep -c CLOSE_WAIT",
    "netstat -ant | grep ESTABLISHED | awk '{print $5}' | cut -d: -f1 | sort | uniq -c | sort -rn | head",
    "netstat -anp | grep -E 'LISTEN( |ING)' | wc -l",
    "netstat -lntu | grep -v '^Active' | tail -n +2 | tr -s ' ' | cut -d' ' -f1,4",
    "netstat -rn | awk '$1 == \"10.9.0.0\" {print $2}'",
    "netstat -rn | awk '/UG/ {print $8}' | sort -u",
    "netstat -i | awk 'NR>2 {print $1, $2}'",
    "netstat -s | grep -i 'segments received'",
    "netstat -st | grep -A3 '^Tcp:'",
    "netstat -anx | awk '{print $2, $NF}' | sort | head -20",
    "netstat -tnW | awk '{print length($4)}' | sort -n | tail -1",
    "netstat -tano | awk '{print $7}' | sort | uniq -c",
    "netstat -ane | awk 'NR>2 {print $7}' | sort | uniq -c | sort",
    "netstat -gn | grep -c 224.0.0.1",
];

pub(crate) fn netstat_in_pipelines_gives_the_same() {
    let _held = host(still());
    same_in_shell(&Both::of("netstat"), &PIPELINES);
}

pub(crate) fn netstat_is_read_by_jc_as_the_original() {
    let _held = host(still());
    let netstat = Both::of("netstat");
    peer::needs("jc");
    let lines = ["-an", "-tuln", "-tanp", "-xa", "-rn", "-i", "-ane"];
    same_in_shell(&netstat, &lines.map(|options| format!("netstat {options} | jc --netstat")));
}

pub(crate) fn netstat_text_is_read_back_whole() {
    let _held = host(every_state());
    let netstat = Both::of("netstat");
    let path = std::env::temp_dir().join("text");
    for (options, listed) in [("-tanW", "-tan"), ("-tuanW", "-tuan"), ("-wanW", "-wan")] {
        let text = finish(netstat.ours(&[options])).stdout;
        std::fs::write(&path, &text).expect("a file");
        let again = finish(command(&["list", "-H", listed, "--from", path.to_str().expect("a path")]));
        assert_eq!(again.code, Some(0), "{options}: {again:?}");
        let rows = |text: &str| {
            let ends = |line: &str| {
                let words: Vec<&str> = line.split_ascii_whitespace().collect();
                let at = words.iter().position(|word| word.contains(':'))?;
                let end = |word: &str| {
                    let (address, port) = word.rsplit_once(':').expect("a port");
                    let address: String = address.trim_matches(['[', ']']).replace("::ffff:", "");
                    (address, port.to_owned())
                };
                Some((end(words[at]), end(words[at + 1])))
            };
            let mut rows: Vec<_> = text.lines().filter_map(ends).collect();
            rows.sort_unstable();
            rows
        };
        let text: String = text.lines().skip(2).map(|line| format!("{line}\n")).collect();
        // Any address of both families is `*` in a list.
        let any = |rows: Vec<((String, String), (String, String))>| -> Vec<String> {
            let word = |address: &str| {
                if matches!(address, "0.0.0.0" | "::" | "*") { "any".into() } else { address.to_owned() }
            };
            let mut lines: Vec<String> = rows
                .into_iter()
                .map(|(local, peer)| format!("{}:{} {}:{}", word(&local.0), local.1, word(&peer.0), peer.1))
                .collect();
            lines.sort_unstable();
            lines
        };
        assert_eq!(any(rows(&again.stdout)), any(rows(&text)), "{options}");
    }
}

pub(crate) fn netstat_ends_with_the_same_status() {
    let netstat = Both::of("netstat");
    for options in [
        "-h",
        "-V",
        "--no-such-option",
        "-A none",
        "-M",
        "-S",
        "-Sl",
        "-ri",
        "-rs",
        "-Z",
        "--ax25",
        "--ipx",
        "--x25",
        "--netrom",
        "--rose",
        "-A unix -r",
        "-A unix -s",
        "-4 -6 -s",
        "-A ax25 -s",
        "-y",
        "-ta --nope",
    ] {
        let args: Vec<&str> = options.split(' ').collect();
        let status = |command| finish(command).code;
        assert_eq!(status(netstat.ours(&args)), status(netstat.original(&args)), "{options}");
    }
    // Its error is on stderr under its name, and nothing else is.
    let said = finish(netstat.ours(&["--no-such-option"]));
    assert!(said.stdout.is_empty() && said.stderr.starts_with("netstat: "), "{said:?}");
}

pub(crate) fn netstat_repeats_until_it_is_interrupted() {
    let _held = host(still());
    let netstat = Both::of("netstat");
    let path = std::env::temp_dir().join("again");
    let mut command = netstat.ours(&["-tanc"]);
    command.stdout(std::fs::File::create(&path).expect("a file")).stderr(Stdio::null());
    let mut child = command.spawn().expect("it runs");
    let began = Instant::now();
    let headings = || {
        let text = std::fs::read_to_string(&path).expect("the file");
        text.lines().filter(|line| line.starts_with("Active Internet")).count()
    };
    while headings() < 3 {
        assert!(began.elapsed() < LIMIT, "{} after {:?}", headings(), began.elapsed());
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().expect("it ends");
    child.wait().expect("it ends");
    // One at once, and one each second.
    assert!(headings() <= 1 + began.elapsed().as_secs() as usize, "{} after {:?}", headings(), began.elapsed());
}

pub(crate) fn netstat_of_another_user_shows_what_he_may_see() {
    let _held = host(still());
    let netstat = Both::of("netstat");
    for options in ["-tanp", "-xap", "-ane"] {
        let run = |command| masked(&finish(without_privileges(command)).stdout);
        agree(options, || run(netstat.original(&[options])), || run(netstat.ours(&[options])));
    }
    let said = finish(without_privileges(netstat.ours(&["-tanp"])));
    assert!(said.stderr.starts_with("netstat: "), "{said:?}");
}

/// The differences that `docs/netstat-parity.md` names.
pub(crate) fn netstat_differs_where_the_table_says() {
    let netstat = Both::of("netstat");
    let said = finish(netstat.ours(&["-ie"]));
    assert!(said.code == Some(1) && said.stdout.is_empty() && said.stderr.contains("ip -s address"), "{said:?}");
    assert_eq!(finish(netstat.original(&["-ie"])).code, Some(0));
    // An address family that the original has and does not know.
    let said = finish(netstat.ours(&["--tcpip", "-an"]));
    assert_eq!(masked(&said.stdout), masked(&finish(netstat.original(&["--ip", "-an"])).stdout));
    assert!(finish(netstat.original(&["--tcpip", "-an"])).stderr.contains("nternal Error"));
    let said = finish(command(&["netstat", "-tan"]));
    assert_eq!(masked(&said.stdout), masked(&finish(netstat.ours(&["-tan"])).stdout), "also as a command");
}
