//! The table of `group`, and the same as CSV and JSON.

use std::collections::BTreeMap;

use expect_test::expect_file;
use sockdoc::{
    filter,
    model::{
        family::Family,
        group::{Direction, Groups, NamedKey, Value},
        socket::Timer,
        state::State,
    },
    render::{self, group::Users, screen::Screen},
    text::{Catalogue, Lang, messages},
};

use crate::measure::{begins_at, check_lines, column_of, languages, screens, sections, written};

type Rows = Vec<(Box<[Value]>, u64)>;

fn address(text: &str) -> Value {
    Value::Address(text.parse().unwrap())
}

fn endpoint(text: &str, port: u16) -> Value {
    Value::Endpoint(text.parse().unwrap(), port)
}

fn keys(words: &str) -> Vec<NamedKey> {
    filter::keys::read(&[words.to_owned()]).unwrap()
}

fn rows<const N: usize>(rows: &[([Value; N], u64)]) -> Rows {
    rows.iter().map(|(values, sockets)| (Box::from(values.clone()), *sockets)).collect()
}

fn users() -> Users {
    BTreeMap::from([(0, "root".to_owned()), (33, "www-data".to_owned()), (1000, "\u{1b}[31m王,\"x\"".to_owned())])
}

/// Groupings that between them hold every kind of value.
fn groupings() -> Vec<(&'static str, Vec<NamedKey>, Groups)> {
    let network = |text: &str, length| Value::Network(text.parse().unwrap(), length);
    vec![
        (
            "states",
            keys("state"),
            Groups::new(
                rows(&[
                    ([Value::State(State::ESTABLISHED)], 1_208_201),
                    ([Value::State(State::TIME_WAIT)], 3904),
                    ([Value::State(State::LISTEN)], 23),
                    ([Value::State(State::BOUND_INACTIVE)], 2),
                    ([Value::State(State::from_kernel(14))], 1),
                ]),
                0,
                None,
            ),
        ),
        (
            "services",
            keys("service,direction,state"),
            Groups::new(
                rows(&[
                    (
                        [
                            endpoint("10.0.3.7", 5432),
                            Value::Direction(Direction::Outbound),
                            Value::State(State::CLOSE_WAIT),
                        ],
                        2310,
                    ),
                    (
                        [
                            endpoint("2001:db8::7", 443),
                            Value::Direction(Direction::Inbound),
                            Value::State(State::TIME_WAIT),
                        ],
                        44,
                    ),
                    ([endpoint("0.0.0.0", 0), Value::Direction(Direction::Listener), Value::State(State::LISTEN)], 3),
                    ([Value::Unknown, Value::Unknown, Value::State(State::CLOSE)], 2),
                    ([endpoint("10.0.3.9", 80), Value::Unknown, Value::State(State::CLOSE)], 1),
                ]),
                2,
                None,
            ),
        ),
        (
            "addresses",
            keys("local lport peer peer/24,48 pport timer"),
            Groups::new(
                rows(&[
                    (
                        [
                            address("10.0.0.1"),
                            Value::Port(443),
                            address("203.0.113.9"),
                            network("203.0.113.0", 24),
                            Value::Port(51_200),
                            Value::Timer(Timer::Keepalive),
                        ],
                        12,
                    ),
                    (
                        [
                            address("::1"),
                            Value::Port(22),
                            address("fe80::1"),
                            network("fe80::", 48),
                            Value::Port(1),
                            Value::Timer(Timer::None),
                        ],
                        7,
                    ),
                ]),
                0,
                None,
            ),
        ),
        (
            "paths",
            keys("family user local"),
            Groups::new(
                rows(&[
                    (
                        [
                            Value::Family(Family::Unix),
                            Value::Uid(1000),
                            Value::Path(b"/run/\x1b[2J\n\xff.sock"[..].into()),
                        ],
                        9,
                    ),
                    ([Value::Family(Family::Unix), Value::Uid(0), Value::Path("/运行/s,\"q\"".as_bytes().into())], 8),
                    ([Value::Family(Family::Unix), Value::Uid(33), Value::Path(b"\0hidden"[..].into())], 7),
                    ([Value::Family(Family::Unix), Value::Uid(4242), Value::Unknown], 6),
                    ([Value::Family(Family::Inet6), Value::Unknown, address("::1")], 5),
                    ([Value::Family(Family::Inet), Value::Unknown, address("10.0.0.1")], 4),
                ]),
                0,
                Some(5),
            ),
        ),
        ("nothing", keys("state lport"), Groups::new(Vec::new(), 0, None)),
    ]
}

fn shown(groups: &Groups, keys: &[NamedKey], words: &Catalogue, screen: &Screen) -> String {
    written(|out| render::group::write(out, groups, keys, &users(), words, screen))
}

#[test]
fn group_tables() {
    for (lang, words) in languages() {
        for (name, keys, groups) in groupings() {
            let parts = screens().into_iter().filter(|(_, screen)| screen.width == 80).map(|(screen_name, screen)| {
                let text = shown(&groups, &keys, &words, &screen);
                check_lines(&text, 120, name);
                (screen_name.to_owned(), text)
            });
            expect_file![format!("../fixtures/golden/group-{name}.{lang}.txt")].assert_eq(&sections(parts));
        }
    }
}

#[test]
fn group_tables_as_csv() {
    for (name, keys, groups) in groupings() {
        let mut out = Vec::new();
        render::group::write_csv(&mut out, &groups, &keys, &users()).unwrap();
        // A path may be no text at all; CSV holds its bytes.
        expect_file![format!("../fixtures/golden/group-{name}.csv.txt")]
            .assert_eq(&out.escape_ascii().to_string().replace("\\n", "\n"));
    }
}

#[test]
fn group_tables_as_json() {
    for (name, keys, groups) in groupings() {
        let document = written(|out| render::json::groups(out, &groups, &keys, &users(), &[]));
        assert_eq!(document.lines().count(), 1, "one line");
        let value: serde_json::Value = serde_json::from_str(&document).expect("JSON");
        let pretty = serde_json::to_string_pretty(&value).unwrap() + "\n";
        expect_file![format!("../fixtures/golden/group-{name}.json")].assert_eq(&pretty);
    }
}

#[test]
fn the_columns_of_a_table_begin_at_one_place() {
    for (lang, words) in languages() {
        for (_, screen) in screens() {
            let groupings = groupings();
            let (name, keys, groups) = &groupings[3];
            let text = shown(groups, keys, &words, &screen);
            let header = text.lines().next().unwrap();
            for heading in [messages::KEY_FAMILY, messages::KEY_USER, messages::KEY_LOCAL] {
                let column = column_of(header, &words.text(heading));
                // The row of omitted groups has no further columns.
                for line in text.lines().take(groups.rows.len() + 1) {
                    assert!(begins_at(line, column), "{name}, {lang}: column {column} of\n{line}\n\n{text}");
                }
            }
        }
    }
}

#[test]
fn figures_end_at_one_place() {
    for (lang, words) in languages() {
        for (name, keys, groups) in groupings() {
            for (_, screen) in screens() {
                let text = shown(&groups, &keys, &words, &screen);
                let ends: Vec<usize> = text
                    .lines()
                    .map(|line| {
                        let figure = line.trim_start().split(' ').next().unwrap();
                        column_of(line, figure) + unicode_width::UnicodeWidthStr::width(figure)
                    })
                    .collect();
                assert!(ends.iter().all(|end| *end == ends[0]), "{name}, {lang}: {ends:?}\n{text}");
            }
        }
    }
}

#[test]
fn a_pipe_gets_plain_digits_and_a_terminal_grouped_ones() {
    let (_, keys, groups) = groupings().swap_remove(0);
    for (_, words) in languages() {
        assert!(shown(&groups, &keys, &words, &Screen::plain(true)).contains("1208201"));
        assert!(shown(&groups, &keys, &words, &Screen::terminal(80, true, false)).contains(match words.lang() {
            Lang::En => "1,208,201",
            Lang::Zh => "1208201",
        }));
    }
}

#[test]
fn count_as_json() {
    assert_eq!(
        written(|out| render::json::count(out, 3904, &[])),
        "{\"schema\":\"sockdoc/1\",\"sockets\":3904,\"gaps\":[],\"until\":null}\n"
    );
}
