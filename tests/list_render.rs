//! The listing in every format, measured and against its schema; `golden/list.rs` has its appearance.

#![allow(clippy::unwrap_used, reason = "test code outside of test functions")]

use std::{fs, path::Path};

use serde_json::{Value, json};
use sockdoc::{
    model::{
        entry::{End, Entry},
        family::{Family, Netid},
        state::State,
    },
    render::{
        format::Format,
        list::{Listing, Shown, SocketRow, Wording, columns::Column},
        screen::Screen,
    },
    report::ends::Ends,
    text::{Catalogue, Lang},
};

use sockets::{ALL, World, all_sockets, entry, listing, other_sockets, plain, screen, tcp, tcp_sockets};

#[path = "schema/mutations.rs"]
mod mutations;
#[path = "list_render/sockets.rs"]
mod sockets;

#[test]
fn one_line_is_one_line() {
    let shown = Shown { one_line: true, no_header: true, ..ALL };
    let text = listing(&other_sockets(), Format::Table, shown, screen(40), Lang::En);
    assert_eq!(text.lines().count(), other_sockets().len());
}

#[test]
fn a_wider_row_after_the_first_ones_pushes_its_line_only() {
    let narrow = tcp(State::LISTEN, ("10.0.0.1", 1), ("0.0.0.0", 0));
    let wide = tcp(State::ESTABLISHED, ("2001:db8:1:1:1:1:1:1", 65_535), ("10.0.0.2", 1));
    let entries: Vec<Entry> = std::iter::repeat_n(narrow, 1_000).chain([wide]).collect();
    let text = listing(&entries, Format::Table, Shown::default(), Screen::plain(true), Lang::En);
    assert_eq!(text.lines().count(), 1_002);
    assert_eq!(text.lines().nth(1_000).unwrap(), "LISTEN       0       0  10.0.0.1:1          0.0.0.0:*");
    assert_eq!(text.lines().last().unwrap(), "ESTABLISHED  0       0  [2001:db8:1:1:1:1:1:1]:65535  10.0.0.2:1");
}

#[test]
fn a_cell_beyond_the_widest_column_keeps_two_blanks_and_later_columns_their_place() {
    let path = format!("/run/{}", "x".repeat(60));
    let unix = |name: &str| {
        let end = End::Unix { name: Some(name.as_bytes().into()), inode: 7 };
        let peer = End::Unix { name: None, inode: 8 };
        Entry { inode: 7, ..entry(Netid::UnixStream, Family::Unix, State::ESTABLISHED, end, peer) }
    };
    let columns = ["local", "recvq", "inode"].map(|name| Column::of_name(name).unwrap());
    let shown = Shown { columns: Some(&columns), ..Shown::default() };
    let short = format!("/run/{}", "y".repeat(39));
    let text = listing(&[unix(&path), unix(&short)], Format::Table, shown, Screen::plain(true), Lang::En);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[1], format!("{path} 7  0  7"));
    assert_eq!(lines[2], format!("{short} 7   {:>6}  {:>5}", 0, 7));
}

#[test]
fn a_netlink_port_has_the_name_of_its_program() {
    let end = |port| End::Netlink { protocol: 4, port, group: 0 };
    let socket = entry(Netid::Netlink, Family::Netlink, State::CLOSE, end(1694), End::None);
    let mut out = Vec::new();
    let words = Catalogue::new(Lang::En);
    let mut listing = Listing::new(&mut out, Format::Table, Shown::default(), &words, &Screen::plain(true));
    listing.row(&SocketRow { hosts: [Some("s\u{1b}s/1694"), None], ..plain(&socket, Ends::Never) }).unwrap();
    listing.finish(&[] as &[u8]).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains(" tcpdiag:s\\x1bs/1694 "), "{text}");
}

fn validator() -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/list.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::draft202012::options().build(&schema).unwrap()
}

#[test]
fn json_fits_its_schema() {
    let validator = validator();
    let whole = |shown| listing(&all_sockets(), Format::Json, shown, Screen::plain(true), Lang::En);
    let lines = |shown| listing(&all_sockets(), Format::JsonLines, shown, Screen::plain(true), Lang::En);
    for shown in [ALL, Shown::default()] {
        assert_eq!(whole(shown).lines().count(), 1, "one document is one line");
        for text in [whole(shown), lines(shown)].iter().flat_map(|text| text.lines()) {
            let document: Value = serde_json::from_str(text).unwrap();
            let faults: Vec<_> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
            assert!(faults.is_empty(), "{faults:#?}\n{document:#}");
        }
    }
}

#[test]
fn spoiled_json_is_refused() {
    let validator = validator();
    let text = listing(&all_sockets(), Format::JsonLines, ALL, Screen::plain(true), Lang::En);
    let mut tried = 0;
    for line in text.lines() {
        let document: Value = serde_json::from_str(line).unwrap();
        for mutation in mutations::mutations(&document, &[]) {
            // A null may be replaced by another valid value, and most fields may be null; those that must not are
            // spoiled below.
            let place = mutation.what.split(" = ").next().and_then(|pointer| document.pointer(pointer));
            if place == Some(&Value::Null) || mutation.what.ends_with("= null") {
                continue;
            }
            tried += 1;
            assert!(!validator.is_valid(&mutation.document), "{}", mutation.what);
        }
        for field in ["netid", "family", "mapped", "state", "ends", "schema"] {
            let mut spoiled = document.clone();
            spoiled[field] = Value::Null;
            assert!(!validator.is_valid(&spoiled), "{field} = null");
        }
    }
    assert!(tried > 1_000, "{tried}");
}

/// `cargo test --release --test list_render -- --ignored --nocapture`
#[test]
#[ignore = "a measurement: run it in a release build"]
fn nanoseconds_per_row() {
    use std::{io::Write as _, time::Instant};
    let entries: Vec<Entry> = tcp_sockets().into_iter().map(|entry| Entry { detail: None, ..entry }).collect();
    let open = &tcp_sockets()[1..2];
    let v4 = &entries[2..3];
    let mut err = std::io::stderr();
    for (name, entries, format, shown) in [
        ("plain table, IPv4", v4, Format::Table, Shown::default()),
        ("plain table, mix", &entries[..], Format::Table, Shown::default()),
        ("-o -e", &entries[..], Format::Table, Shown { timers: true, extended: true, ..Shown::default() }),
        ("-i -m", open, Format::Table, Shown { info: true, memory: true, ..Shown::default() }),
        ("JSON Lines", &entries[..], Format::JsonLines, Shown::default()),
        ("JSON Lines with tcp_info", open, Format::JsonLines, ALL),
        ("CSV", &entries[..], Format::Csv, Shown::default()),
    ] {
        let rows: Vec<SocketRow<'_>> = entries.iter().map(|entry| plain(entry, Ends::Unknown)).collect();
        const ROUNDS: usize = 1_000_000;
        let mut sink = std::io::sink();
        let words = Catalogue::new(Lang::En);
        let mut listing = Listing::new(&mut sink, format, shown, &words, &Screen::plain(true));
        let start = Instant::now();
        for row in rows.iter().cycle().take(ROUNDS) {
            listing.row(row).unwrap();
        }
        listing.finish(&[] as &[u8]).unwrap();
        writeln!(err, "{name}: {} ns", start.elapsed().as_nanos() / ROUNDS as u128).unwrap();
    }
}

#[test]
fn end_of_a_socket_is_reported_in_every_format() {
    assert_eq!(Ends::Timer(5).in_ms(), Some(5));
    let text = listing(&tcp_sockets()[4..5], Format::JsonLines, Shown::default(), Screen::plain(true), Lang::En);
    let line: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&line["ends"], &line["ends_in_ms"]), (&json!("timer"), &json!(53_900)));
}

#[test]
fn processes_of_one_program_are_folded_on_a_terminal() {
    let world = World::new();
    let owners = world.owners();
    let open = &tcp_sockets()[1];
    for (wording, expected) in
        [(Wording::Terminal, "nginx ×8 (12, 13, 14, 15, 16, …)"), (Wording::Pipe, "(\"nginx\",pid=19,fd=3)")]
    {
        let mut out = Vec::new();
        let mut listing = Listing::new(
            &mut out,
            Format::Table,
            Shown { wording, processes: true, ..Shown::default() },
            &Catalogue::new(Lang::En),
            &Screen::plain(true),
        );
        listing.row(&SocketRow { owners: &owners, ..plain(open, Ends::Unknown) }).unwrap();
        listing.finish(&[] as &[u8]).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains(expected), "{text}");
    }
}
