//! The listing in every format, byte for byte.

use expect_test::expect_file;
use sockdoc::{
    model::entry::Entry,
    render::{
        format::Format,
        list::{
            Shown, Wording,
            columns::Column,
            summary::{self, Summary},
        },
        screen::Screen,
    },
    text::{Catalogue, Lang},
};

use crate::{
    measure::{languages, sections, written},
    sockets::{ALL, all_sockets, listing, other_sockets, screen, tcp_sockets},
};

/// Compares a listing with its file; no line ends in blanks.
fn check(file: &str, entries: &[Entry], format: Format, shown: Shown<'_>, screen: Screen, lang: Lang) {
    let text = listing(entries, format, shown, screen, lang);
    assert!(!text.lines().any(|line| line.ends_with(' ')), "{file}: blanks at an end: {text}");
    expect_file![format!("../fixtures/golden/list-{file}")].assert_eq(&text);
}

fn check_plain(file: &str, entries: &[Entry], format: Format, shown: Shown<'_>) {
    check(file, entries, format, shown, Screen::plain(true), Lang::En);
}

#[test]
fn the_table_has_the_columns_and_the_details_of_ss() {
    let details = Shown { several: false, ..ALL };
    check_plain("plain.en.txt", &tcp_sockets(), Format::Table, Shown::default());
    check_plain("details.en.txt", &tcp_sockets(), Format::Table, details);
    check_plain("families.en.txt", &other_sockets(), Format::Table, ALL);
}

#[test]
fn details_that_do_not_fit_the_terminal_go_below() {
    let shown = Shown { several: false, wording: Wording::Words, socket_options: false, ..ALL };
    check("below.zh.txt", &tcp_sockets(), Format::Table, shown, screen(100), Lang::Zh);
}

#[test]
fn chosen_columns_come_in_their_order() {
    let names = ["ends", "user", "process", "state", "container", "unit", "lport", "rtt", "pacing_rate"];
    let columns: Vec<Column> = names.iter().map(|name| Column::of_name(name).unwrap()).collect();
    let services = |_, port| (port == 443).then_some("https");
    let shown = Shown { columns: Some(&columns), services: Some(&services), ..Shown::default() };
    check_plain("columns.en.txt", &tcp_sockets(), Format::Table, shown);
    check_plain("columns.csv", &tcp_sockets(), Format::Csv, Shown { services: None, ..shown });
}

#[test]
fn a_terminal_gets_words_and_a_script_the_tokens_of_ss() {
    for (lang, words) in languages() {
        let parts = [Wording::Terminal, Wording::Pipe, Wording::Tokens].map(|wording| {
            let shown = Shown { wording, timers: true, memory: true, processes: true, ..Shown::default() };
            let text = listing(&tcp_sockets(), Format::Table, shown, Screen::plain(true), words.lang());
            (format!("{wording:?}"), text)
        });
        expect_file![format!("../fixtures/golden/list-wording.{lang}.txt")].assert_eq(&sections(parts));
    }
}

#[test]
fn the_summary_is_a_table() {
    let transport = |protocol, sockets, versions: Option<u64>| summary::ProtocolTotals {
        protocol,
        sockets: Some(sockets),
        inet: versions,
        inet6: versions.map(|_| 1),
    };
    let summary = Summary {
        sockets: 12_345,
        tcp: summary::TcpTotals { sockets: 7, established: 1, listen: 2, time_wait: 3 },
        host: summary::HostTotals { tcp_orphaned: None, tcp_allocated: Some(70_000) },
        transports: vec![transport("tcp", 7, Some(6)), transport("unix", 12_338, None)],
    };
    let table = |words: &Catalogue| written(|out| summary::table(out, &summary, words, &Screen::plain(true)));
    for (lang, words) in languages() {
        expect_file![format!("../fixtures/golden/list-summary.{lang}.txt")].assert_eq(&table(&words));
    }
}

#[test]
fn an_empty_listing_has_its_heading() {
    let formats = [Format::Table, Format::Csv, Format::JsonLines, Format::Json];
    let parts = formats.map(|format| {
        let text = listing(&[], format, Shown::default(), Screen::plain(true), Lang::En);
        (format!("{format:?}"), text)
    });
    expect_file!["../fixtures/golden/list-empty.txt"].assert_eq(&sections(parts));
}

#[test]
fn every_field_of_json() {
    check_plain("default.jsonl", &tcp_sockets(), Format::JsonLines, Shown::default());
    check_plain("all.jsonl", &all_sockets(), Format::JsonLines, ALL);
    let lines = listing(&all_sockets(), Format::JsonLines, ALL, Screen::plain(true), Lang::En);
    let document = listing(&all_sockets(), Format::Json, ALL, Screen::plain(true), Lang::En);
    let schema = "{\"schema\":\"sockdoc/1\",";
    let sockets: Vec<String> = lines.lines().map(|line| format!("{{{}", line.strip_prefix(schema).unwrap())).collect();
    let gaps = "\"gaps\":[{\"remedy\":null,\"what\":\"netns\",\"why\":\"one reason\"}]";
    assert_eq!(document, format!("{schema}\"sockets\":[{}],{gaps}}}\n", sockets.join(",")));
}
