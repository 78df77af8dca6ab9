//! Frames of the live view.

use std::{sync::LazyLock, time::Duration};

use expect_test::expect_file;
use sockdoc::{
    live::{
        frame::Painter,
        keys::KeyPress,
        view::{Choice, PageText, Scene, View},
    },
    model::snapshot::Sample,
    model::state::State,
    render::{
        screen::Screen,
        watch::{self, WatchStatus},
    },
    report::{
        overview::Overview,
        rates::{CounterSums, Rises},
        trend::{Trends, WatchSample},
    },
    text::Catalogue,
};

use crate::{
    hosts,
    measure::{check_lines, languages, sections, without_colors, written},
    patients,
};

/// Sizes and whether other characters than ASCII are taken.
const SIZES: [(u16, u16, bool); 6] =
    [(80, 24, true), (80, 24, false), (40, 10, true), (20, 5, true), (200, 50, true), (100, 30, true)];

/// The counters of a host at this second: 30 connections a second from outside, 3 to the outside, and one drop.
fn sums(second: u64) -> CounterSums {
    let counters = [
        ("TcpPassiveOpens", 207 * second),
        ("TcpActiveOpens", 5 * second),
        ("TcpEstabResets", 3 * second),
        ("TcpRetransSegs", second / 2),
        ("TcpExtListenDrops", second / 60),
        ("UdpRcvbufErrors", 0),
    ];
    let counters = counters.map(|(name, count)| (name.to_owned(), count)).into();
    CounterSums::of(&Sample { at: Duration::from_secs(second), counters, ..Sample::default() })
}

/// A host four minutes after the first sample, in trouble for some of them: states rise, one incident is there, one came,
/// one went.
static SAMPLE: LazyLock<WatchSample> = LazyLock::new(|| {
    let mut trends = Trends::default();
    let last = 120;
    let mut newest = None;
    for number in 0..=last {
        let mut overview: Overview = patients::busy();
        let findings = &mut overview.diagnosis.as_mut().unwrap().findings;
        match number {
            0..60 => findings.truncate(1),
            60..118 => {}
            _ => drop(findings.remove(1)),
        }
        let census = hosts::census(&[
            (State::ESTABLISHED, 800 + (number * 7) % 23),
            (State::CLOSE_WAIT, 110 + number),
            (State::TIME_WAIT, 390 - number),
            (State::LISTEN, 14),
            (State::SYN_SENT, u64::from(number == 3)),
        ]);
        overview.counted.netids[0].1 = Some(census);
        overview.host.taken_at += Duration::from_secs(2 * number);
        let rises = match number.checked_sub(1) {
            None => Rises::default(),
            Some(before) => Rises::between(&sums(2 * before), &sums(2 * number)),
        };
        newest = Some(trends.take(overview, rises));
    }
    let times = (Duration::from_millis(14), Duration::from_secs(2));
    WatchSample { cost: times.0, interval: times.1, filter: Some("dport = :5432".into()), ..newest.unwrap() }
});

/// The frame after these keys.
fn frame(view: &mut View, keys: &[KeyPress], size: (u16, u16), unicode: bool, catalogue: &Catalogue) -> String {
    let sample = &*SAMPLE;
    let screen = Screen { width: size.0.into(), ..Screen::terminal(size.0.into(), unicode, true) };
    let mut scene = Scene {
        sample,
        status: WatchStatus::default(),
        text: &PageText {
            lines: vec!["$ sockdoc list".to_owned(), String::new(), "…".repeat(300)],
            choices: vec![Choice::Group("dport = :443".to_owned())],
            first: 2,
        },
        catalogue,
        screen,
        rows: size.1.into(),
    };
    view.draw(&scene);
    for key in keys {
        view.press(*key);
        view.draw(&scene);
    }
    let lines = view.draw(&scene);
    assert_eq!(lines.len(), usize::from(size.1).min(lines.len()), "as many lines as there are rows");
    let mut painter = Painter::new(size);
    painter.paint(&lines);
    let text = painter.kept().replace('\r', "");
    check_lines(&text, size.0.into(), "a frame");
    // Without colours it is the same, but for the colours.
    scene.screen.color = false;
    let plain = view.draw(&scene);
    assert_eq!(plain, lines.iter().map(|line| without_colors(line)).collect::<Vec<_>>());
    text
}

#[test]
fn frames_at_every_size() {
    for (lang, words) in languages() {
        let parts = SIZES.into_iter().map(|(columns, rows, unicode)| {
            let name = format!("{columns} x {rows}, {}", if unicode { "UTF-8" } else { "ASCII" });
            (name, frame(&mut View::new(false), &[KeyPress::Down, KeyPress::Down], (columns, rows), unicode, &words))
        });
        expect_file![format!("../fixtures/golden/watch-frames.{lang}.txt")].assert_eq(&sections(parts));
    }
}

#[test]
fn pages_and_the_keys_that_are_valid_there() {
    let pages: [(&str, &[KeyPress], bool); 8] = [
        ("help", &[KeyPress::Char('?')], false),
        ("help of a page", &[KeyPress::Down, KeyPress::Enter, KeyPress::Char('?')], false),
        ("help of a recording", &[KeyPress::Char('h')], true),
        ("a page", &[KeyPress::End, KeyPress::Char('l')], false),
        ("groups", &[KeyPress::Char('g'), KeyPress::Down], false),
        ("help of groups", &[KeyPress::Char('g'), KeyPress::F1], false),
        ("sorted by change", &[KeyPress::Char('s')], false),
        ("a filter that is typed", &[KeyPress::Char('/'), KeyPress::Char('1'), KeyPress::Char('0')], false),
    ];
    for (lang, words) in languages() {
        let parts = pages.into_iter().map(|(name, keys, is_of_recording)| {
            (name.to_owned(), frame(&mut View::new(is_of_recording), keys, (80, 24), true, &words))
        });
        expect_file![format!("../fixtures/golden/watch-pages.{lang}.txt")].assert_eq(&sections(parts));
    }
}

#[test]
fn every_size_is_filled_and_none_is_overrun() {
    let words = Catalogue::new(sockdoc::text::Lang::Zh);
    for columns in (1..130).step_by(6) {
        for rows in (1..40).step_by(3) {
            for keys in [&[][..], &[KeyPress::Char('?')], &[KeyPress::Char('l')]] {
                frame(&mut View::new(false), keys, (columns, rows), true, &words);
            }
        }
    }
}

#[test]
fn lines_of_a_pipe() {
    for (lang, words) in languages() {
        let line = written(|out| watch::write_line(out, &SAMPLE, &words, &Screen::plain(true)));
        expect_file![format!("../fixtures/golden/watch-line.{lang}.txt")].assert_eq(&line);
    }
}

/// The content of each cell of a terminal; an unwritten one is a blank.
fn shown(terminal: &vt100::Parser) -> Vec<(String, vt100::Color, [bool; 2])> {
    let places = (0..24).flat_map(|row| (0..80).map(move |column| (row, column)));
    let cells = places.filter_map(|(row, column)| terminal.screen().cell(row, column));
    let shown = |cell: &vt100::Cell| {
        let text = cell.contents().replace(' ', "");
        (text, cell.fgcolor(), [cell.bold(), cell.inverse()])
    };
    cells.map(shown).collect()
}

/// A frame painted over an earlier one shows the same as a newly painted one.
#[test]
fn only_what_changed_is_written_and_the_screen_is_the_same() {
    let words = Catalogue::new(sockdoc::text::Lang::Zh);
    let mut painter = Painter::new((80, 24));
    let mut terminal = vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 0);
    let sample = &*SAMPLE;
    let mut later = sample.clone();
    later.overview.host.taken_at += Duration::from_secs(2);
    let mut view = View::new(false);
    let text = PageText::of((0..50).map(|line| "中文 text ".repeat(line % 9)).collect());
    let keys = [
        None,
        None,
        Some(KeyPress::Down),
        Some(KeyPress::Char('?')),
        Some(KeyPress::Char('l')),
        Some(KeyPress::PageDown),
        Some(KeyPress::Escape),
    ];
    for (place, key) in keys.into_iter().enumerate() {
        if let Some(key) = key {
            view.press(key);
        }
        let scene = Scene {
            sample: if place == 0 { sample } else { &later },
            status: WatchStatus::default(),
            text: &text,
            catalogue: &words,
            screen: Screen::terminal(80, true, true),
            rows: 24,
        };
        let lines = view.draw(&scene);
        let bytes = painter.paint(&lines);
        terminal.process(&bytes);
        let mut anew = vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 0);
        anew.process(&Painter::new((80, 24)).paint(&lines));
        assert_eq!(shown(&terminal), shown(&anew), "after {key:?}");
        assert!(painter.paint(&lines).is_empty());
        let is_whole = bytes.windows(4).any(|part| part == b"\x1b[2J");
        assert_eq!(is_whole, place == 0, "all is painted once");
        let most = [4096, 120, 400][place.min(2)].max(if place > 2 { 2048 } else { 0 });
        assert!(bytes.len() <= most, "{key:?}: {} bytes", bytes.len());
    }
}
