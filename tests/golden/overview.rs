//! The overview.

use std::sync::LazyLock;

use expect_test::expect_file;
use sockdoc::{
    model::gap::{Gap, What, Why},
    render::{self, screen::Screen},
    report::overview::{DataOrigin, Overview},
    text::{Catalogue, Lang, messages},
};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::{
    hosts,
    measure::{begins_at, check_lines, languages, screens, sections, without_colors, written},
};

fn shown(overview: &Overview, words: &Catalogue, screen: &Screen, all: bool) -> String {
    written(|out| render::overview::write(out, overview, words, screen, all))
}

/// Compares all screens of a host with its file.
fn compare(name: &str, overview: &Overview) {
    for (lang, words) in languages() {
        let parts = screens().into_iter().map(|(screen_name, screen)| {
            let text = shown(overview, &words, &screen, false);
            check_lines(&text, screen.width, screen_name);
            (screen_name.to_owned(), text)
        });
        expect_file![format!("../fixtures/golden/overview-{name}.{lang}.txt")].assert_eq(&sections(parts));
    }
}

#[test]
fn the_screen_of_a_busy_host() {
    compare("busy", &hosts::busy());
}

#[test]
fn the_screen_of_an_empty_host() {
    compare("empty", &hosts::empty());
}

#[test]
fn the_screen_of_a_host_with_every_state() {
    compare("everything", &hosts::everything());
}

#[test]
fn the_screen_of_a_host_whose_tables_cannot_be_read() {
    compare("unreadable", &hosts::unreadable());
}

#[test]
fn the_screen_of_a_host_whose_namespaces_cannot_be_seen() {
    compare("hidden", &hosts::hidden());
}

#[test]
fn the_screen_of_a_host_with_a_hostile_name() {
    compare("hostile", &hosts::hostile());
}

/// Word for word, and blank for blank.
#[test]
fn the_first_screen_is_that_of_the_design() {
    let expected = "\
web-1 · Linux 6.8.0 · 14,438 TCP sockets · 2026-11-22 06:05:11Z

STATE        SOCKETS                       WHO ACTS NEXT
ESTABLISHED    8,201  ████████████████     none (connection is open)
TIME_WAIT      3,904  ███████▋             kernel (each gone within 60 s)
CLOSE_WAIT     2,310  ████▌                local program must call close()
LISTEN            23  ▏                    new clients
UDP 31 · UNIX 412 · raw 0 · 37 other network namespaces: --netns all
";
    let screen = Screen::terminal(80, true, false);
    let text = shown(&hosts::busy(), &Catalogue::new(Lang::En), &screen, false);
    assert_eq!(text.trim_end(), expected.trim_end());
}

#[test]
fn verbose_shows_states_without_sockets() {
    for (lang, words) in languages() {
        let parts = [("empty", hosts::empty()), ("busy", hosts::busy())].map(|(name, overview)| {
            (name.to_owned(), shown(&overview, &words, &Screen::terminal(80, true, false), true))
        });
        expect_file![format!("../fixtures/golden/overview-verbose.{lang}.txt")].assert_eq(&sections(parts));
    }
}

#[test]
fn colors_are_in_few_places() {
    for (lang, words) in languages() {
        let parts = [true, false].map(|unicode| {
            let text = shown(&hosts::busy(), &words, &Screen::terminal(80, unicode, true), false);
            (if unicode { "UTF-8" } else { "ASCII" }.to_owned(), text.replace('\u{1b}', "ESC"))
        });
        expect_file![format!("../fixtures/golden/overview-color.{lang}.txt")].assert_eq(&sections(parts));
    }
}

#[test]
fn json_is_the_same_in_every_language() {
    for (name, overview) in hosts::all() {
        let document = written(|out| render::json::overview(out, &overview));
        assert_eq!(document.lines().count(), 1, "one line");
        let value: serde_json::Value = serde_json::from_str(&document).expect("JSON");
        let pretty = serde_json::to_string_pretty(&value).unwrap() + "\n";
        expect_file![format!("../fixtures/golden/overview-{name}.json")].assert_eq(&pretty);
    }
}

/// One screen: its description, text, language and width.
struct Shown {
    what: String,
    text: String,
    lang: Lang,
    screen: Screen,
}

/// Every host in every language, at every width, UTF-8 or not, zeros or not: rendered once for all tests.
static EVERY_SCREEN: LazyLock<Vec<Shown>> = LazyLock::new(|| {
    let hosts = hosts::all();
    let mut screens = Vec::new();
    for (lang_name, words) in languages() {
        for (name, overview) in &hosts {
            for width in 40..=200 {
                for (unicode, all) in [(true, false), (true, true), (false, false), (false, true)] {
                    let screen = Screen::terminal(width, unicode, false);
                    let text = shown(overview, &words, &screen, all);
                    let what = format!("{name}, {lang_name}, {width} columns, unicode {unicode}, all {all}");
                    screens.push(Shown { what, text, lang: words.lang(), screen });
                }
            }
        }
    }
    screens
});

fn at_every_width(mut check: impl FnMut(&str, &str, &Catalogue, &Screen)) {
    for (_, words) in languages() {
        for shown in EVERY_SCREEN.iter().filter(|shown| shown.lang == words.lang()) {
            check(&shown.text, &shown.what, &words, &shown.screen);
        }
    }
}

#[test]
fn every_line_fits_at_every_width() {
    at_every_width(|text, what, _, screen| check_lines(text, screen.width, what));
}

/// The table of a screen; `None` if the screen has a sentence instead.
fn table<'a>(text: &'a str, what: &str, words: &Catalogue) -> Option<&'a str> {
    let part = text.split("\n\n").nth(1).expect("a title, a blank line, the rest");
    let first = part.lines().next().unwrap_or_default();
    if first.starts_with(&words.text(messages::COLUMN_STATE)) {
        return Some(part);
    }
    let sentences = [messages::NO_TCP_SOCKETS, messages::TCP_UNREADABLE].map(|message| words.text(message));
    assert!(sentences.iter().any(|sentence| sentence == first), "{what}: neither heading nor sentence:\n{text}");
    None
}

#[test]
fn the_last_column_begins_at_one_place_at_every_width() {
    at_every_width(|text, what, words, _| {
        // The heading itself may need two lines: its first character is there in any case.
        let heading = words.text(messages::COLUMN_WHO);
        let first = heading.chars().next().unwrap().to_string();
        let Some(table) = table(text, what, words) else { return };
        let header = table.lines().next().unwrap();
        let start = header.rfind("  ").expect("a gap before the last column") + 2;
        assert!(header[start..].starts_with(&first), "{what}: {header}");
        let column = header[..start].width();
        let rows = table.lines().skip(1).take_while(|line| !line.starts_with("UDP"));
        for line in rows {
            assert!(begins_at(line, column), "{what}: column {column} of\n{line}\n\n{text}");
        }
    });
}

#[test]
fn state_names_and_figures_are_never_broken() {
    at_every_width(|text, what, words, _| {
        let Some(table) = table(text, what, words) else { return };
        for line in
            table.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()) && line.contains('_'))
        {
            let mut parts = line.split_ascii_whitespace();
            let name = parts.next().unwrap();
            let known = sockdoc::model::state::State::ALL.map(|state| state.to_string());
            assert!(known.iter().any(|state| state == name) || name == "BOUND_INACTIVE", "{what}: {line}\n\n{text}");
            let figure = parts.next().unwrap_or_default();
            assert!(figure.starts_with(|c: char| c.is_ascii_digit()), "{what}: {line}\n\n{text}");
        }
    });
}

#[test]
fn english_in_ascii_is_ascii_at_every_width() {
    let words = Catalogue::new(Lang::En);
    for (name, overview) in hosts::all() {
        for width in 40..=200 {
            for all in [false, true] {
                let text = shown(&overview, &words, &Screen::terminal(width, false, true), all);
                assert!(text.is_ascii(), "{name}, {width} columns:\n{text}");
            }
        }
    }
}

#[test]
fn colors_add_nothing_but_colors() {
    for (lang, words) in languages() {
        for (name, overview) in hosts::all() {
            for width in [40, 80, 133, 200] {
                for unicode in [true, false] {
                    let plain = shown(&overview, &words, &Screen::terminal(width, unicode, false), true);
                    let colored = shown(&overview, &words, &Screen::terminal(width, unicode, true), true);
                    assert_ne!(plain, colored, "{name}, {lang}");
                    assert_eq!(without_colors(&colored), plain, "{name}, {lang}, {width} columns");
                }
            }
        }
    }
}

#[test]
fn every_style_is_ended_on_its_line() {
    let screen = Screen::terminal(80, true, true);
    for (_, overview) in hosts::all() {
        for line in shown(&overview, &Catalogue::new(Lang::En), &screen, true).lines() {
            if let Some((_, last)) = line.rsplit_once("\u{1b}[") {
                assert!(last.starts_with("0m"), "{line:?}");
            }
        }
    }
}

/// The last column's words of a screen, line by line.
fn last_column<'a>(text: &'a str, what: &str, words: &Catalogue) -> Vec<&'a str> {
    let Some(table) = table(text, what, words) else { return Vec::new() };
    let mut lines = table.lines();
    let header = lines.next().unwrap();
    let column = header[..header.rfind("  ").expect("a gap before the last column") + 2].width();
    let from = |line: &'a str| {
        let mut at = 0;
        let start = line.char_indices().find(|(_, character)| {
            let here = at;
            at += UnicodeWidthChar::width(*character).unwrap_or(0);
            here >= column
        });
        start.map_or("", |(place, _)| &line[place..])
    };
    lines.take_while(|line| !line.starts_with("UDP")).map(from).collect()
}

/// From 60 columns on there is room for every English word beside the longest state, its figure and a bar.
#[test]
fn english_words_are_never_broken_where_there_is_room() {
    let words = Catalogue::new(Lang::En);
    let known: Vec<String> = messages::ALL
        .iter()
        .filter(|source| source.file == sockdoc::text::File::Overview)
        .flat_map(|source| {
            let text = words.say(source.message, &[("count", sockdoc::text::number(1234))]);
            text.split(' ').map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    at_every_width(|text, what, catalogue, screen| {
        if catalogue.lang() != Lang::En || screen.width < 60 {
            return;
        }
        for word in last_column(text, what, catalogue).iter().flat_map(|line| line.split(' ')) {
            let is_figure = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit() || c == ',');
            assert!(is_figure || known.iter().any(|known| known == word), "{what}: {word:?}\n{text}");
        }
    });
}

#[test]
fn no_chinese_line_begins_with_what_closes() {
    at_every_width(|text, what, words, _| {
        for line in last_column(text, what, words).into_iter().filter(|_| words.lang() == Lang::Zh) {
            assert!(!line.starts_with(['，', '。', '：', '）', '、', ')', ',', ':']), "{what}: {line}\n{text}");
        }
    });
}

/// Chinese has no blanks to break at: in 27 columns the note on a thousand connections takes two lines.
#[test]
fn chinese_is_broken_where_the_line_is_full() {
    let words = Catalogue::new(Lang::Zh);
    let text = shown(&hosts::everything(), &words, &Screen::terminal(70, true, false), false);
    let lines = last_column(&text, "everything", &words);
    let note = lines.iter().position(|line| line.starts_with("其中 1234")).expect("the note");
    assert!(
        lines[note + 1].starts_with("accept()") && lines[note].width() > 20,
        "{:?}, then {:?}\n{text}",
        lines[note],
        lines[note + 1]
    );
}

#[test]
fn namespaces_that_could_not_be_looked_for_are_reported() {
    let screen = Screen::terminal(80, true, false);
    for (_, words) in languages() {
        let looked = hosts::empty();
        let mut blind = hosts::empty();
        let why = Why::Unreadable("reading /proc: Permission denied".into());
        blind.others.gap = Some(Gap { what: What::Namespaces, why });
        assert_ne!(
            shown(&looked, &words, &screen, false),
            shown(&blind, &words, &screen, false),
            "silence is no health"
        );
    }
}

#[test]
fn namespaces_of_a_text_or_recording_are_not_sought_in_proc() {
    let screen = Screen::terminal(80, true, false);
    for (_, words) in languages() {
        let read_from = |origin, why: Option<Why>| {
            let mut overview = hosts::empty();
            overview.origin = origin;
            overview.others.gap = why.map(|why| Gap { what: What::Namespaces, why });
            shown(&overview, &words, &screen, false)
        };
        let absent = || Some(Why::Unreadable("/proc: No such file or directory".into()));
        let text = DataOrigin::Text("ss -tan");
        assert_eq!(read_from(text, absent()), read_from(text, None));
        let recording = DataOrigin::Recording { samples: 1, redacted: false };
        let unknown = read_from(recording, absent());
        assert_ne!(unknown, read_from(recording, None));
        assert!(!unknown.contains("/proc"), "{unknown}");
    }
}
