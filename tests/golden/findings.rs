//! Findings: in the overview, alone, and as settings.

use std::time::Duration;

use expect_test::expect_file;
use sockdoc::{
    model::{
        finding::{Program, Subject},
        sentence::{Placeholders, Sentence},
    },
    render::{
        self, check,
        findings::{self, amount::Amount},
        screen::Screen,
    },
    report::{diagnosis::Diagnosis, overview::Overview},
    text::{Catalogue, Lang, messages},
};
use unicode_width::UnicodeWidthStr;

use crate::{
    hosts,
    measure::{check_lines, languages, screens, sections, without_colors, written},
    patients,
};

/// The indentation before a command, and before nothing else, in English and in Chinese.
const COMMANDS: [&str; 2] = ["                ", "          "];

fn shown(diagnosis: &Diagnosis, words: &Catalogue, screen: &Screen, all: bool) -> String {
    written(|out| {
        findings::write(out, diagnosis, words, screen, if all { &Amount::ALL } else { &Amount::PLAIN }, true)?;
        writeln!(out)?;
        if all {
            findings::write_not_checked(out, diagnosis, words, screen)?;
        }
        findings::write_verdict(out, diagnosis, words, screen, (!all).then_some("sockdoc"))
    })
}

/// Commands are never broken, however wide: their lines are left out of the measure.
fn check_all_but_commands(text: &str, width: usize, what: &str) {
    let is_after = |line: &str, blanks: &str| line.strip_prefix(blanks).is_some_and(|rest| !rest.starts_with(' '));
    let is_command = |line: &str| COMMANDS.iter().any(|blanks| is_after(line, blanks));
    let rest: String = text.lines().filter(|line| !is_command(line)).map(|line| format!("{line}\n")).collect();
    check_lines(&rest, width, what);
    for command in text.lines().filter(|line| is_command(line)) {
        assert!(!command.chars().any(char::is_control), "{what}: {command:?}");
        assert_eq!(command, command.trim_end(), "{what}");
    }
}

/// Word for word, and blank for blank.
#[test]
fn the_first_screen_with_its_findings_is_that_of_the_design() {
    let expected = "\
web-1 · Linux 6.8.0 · 14,438 TCP sockets · 2026-11-22 06:05:11Z

STATE        SOCKETS                       WHO ACTS NEXT
ESTABLISHED    8,201  ████████████████     none (connection is open)
TIME_WAIT      3,904  ███████▋             kernel (each gone within 60 s)
CLOSE_WAIT     2,310  ████▌                local program must call close()
LISTEN            23  ▏                    new clients
UDP 31 · UNIX 412 · raw 0 · 37 other network namespaces: --netns all

CRITICAL  close-wait-leak  java (4321, orders.service)
  2,298 sockets in CLOSE_WAIT, about 4.3 more each minute, oldest 9 h 2 min
  For now     Restart it to free them. Risk: drops java's 812 open connections:
                systemctl restart orders.service
  Why         The peer closed these connections. java has read all data but
              never called close(), and only java can.
  Evidence    Recv-Q 0 on 2,298 of 2,298; all to 10.0.3.7:5432
  Deadline    3,894 of 4,096 file descriptors: full in about 47 min (EMFILE)
  Fix         In the code that talks to 10.0.3.7:5432, call close() on every
              path, including errors (Java: try-with-resources).
  Inspect     Find the sockets that java opens and never closes:
                strace -f -e trace=network,close -p 4321
  Won't help  No sysctl closes a program's socket, and neither does keepalive.

OK        time-wait-server  nginx (77) :443
  3,904 TIME_WAIT, 65 per second, all inbound: normal, nothing to do

1 critical · 1 ok · 3 rules not checked (214 sockets of other users: sudo)
sockdoc -v shows all · sockdoc explain close-wait-leak
";
    let screen = Screen::terminal(80, true, false);
    let words = Catalogue::new(Lang::En);
    let text = written(|out| render::overview::write(out, &patients::busy(), &words, &screen, false));
    assert_eq!(text, expected);
}

#[test]
fn the_first_screen_with_its_findings() {
    for (lang, words) in languages() {
        let parts = screens().into_iter().map(|(name, screen)| {
            let text = written(|out| render::overview::write(out, &patients::busy(), &words, &screen, false));
            check_all_but_commands(&text, screen.width, name);
            (name.to_owned(), text)
        });
        expect_file![format!("../fixtures/golden/findings-busy.{lang}.txt")].assert_eq(&sections(parts));
    }
}

/// A Chinese list has the marks of Chinese, whatever it joins.
#[test]
fn a_subject_is_set_as_its_language_sets_it() {
    let crew = Subject::Process(Program {
        container: Some("docker 3f2a91c4d5e6".into()),
        ..patients::program("nginx", 900, 8)
    });
    let [english, chinese] = [Lang::En, Lang::Zh].map(|lang| findings::subject_of(&crew, &Catalogue::new(lang), true));
    assert_eq!(english, "nginx (900 and 7 more processes, docker 3f2a91c4d5e6)");
    assert_eq!(chinese, "nginx（900，另有 7 个进程，docker 3f2a91c4d5e6）");
}

/// What gives no time is no deadline.
#[test]
fn a_limit_without_a_time_is_not_headed_as_a_deadline() {
    let screen = Screen::terminal(80, true, false);
    let used = |sentence: &'static str| Sentence::plain(sentence).count("used", 3894).count("most", 4096);
    let in_time = || used("limit-full-in").time("time", Duration::from_secs(2820));
    for (lang, words) in languages() {
        let [deadline, limit] = if lang == "zh" { ["期限", "上限"] } else { ["Deadline", "Limit"] };
        for (sentence, label, other) in [(in_time(), deadline, limit), (used("limit"), limit, deadline)] {
            let mut diagnosis = patients::busy().diagnosis.unwrap();
            diagnosis.findings[0].limit = Some(sentence);
            let text = shown(&diagnosis, &words, &screen, false);
            let heads = |label: &str| text.lines().filter(|line| line.trim_start().starts_with(label)).count();
            assert_eq!([heads(label), heads(other)], [1, 0], "{text}");
        }
    }
}

/// A host with every state and many findings, and one with few.
fn patients() -> [(&'static str, Overview); 2] {
    let crowded = Overview { diagnosis: Some(patients::crowded()), ..hosts::everything() };
    [("busy", patients::busy()), ("crowded", crowded)]
}

#[test]
fn the_first_screen_fits_the_terminal() {
    for (lang, words) in languages() {
        let mut parts = Vec::new();
        for (name, host) in patients() {
            for (columns, rows) in [(80, 24), (80, 50), (120, 40)] {
                let screen = Screen { rows: Some(rows), ..Screen::terminal(columns, true, false) };
                let text = written(|out| render::overview::write(out, &host, &words, &screen, false));
                let what = format!("{name} on {columns} x {rows}");
                check_all_but_commands(&text, columns, &what);
                // A line is left for the prompt.
                assert!(text.lines().count() < rows, "{what}: {text}");
                let incidents = host.diagnosis.as_ref().expect("findings").incidents();
                let worst = incidents[0].cause;
                assert!(text.contains(worst.rule), "{what}: {text}");
                assert!(text.contains(&words.text(messages::LABEL_PROOF)) || worst.proof.is_empty(), "{what}: {text}");
                if let Some(stop_gap) = worst.remedies.iter().find(|remedy| remedy.is_stop_gap()) {
                    let command = stop_gap.command.as_deref().unwrap_or_default();
                    assert!(text.contains(command), "{what}: {text}");
                }
                parts.push((what, text));
            }
        }
        expect_file![format!("../fixtures/golden/findings-fitted.{lang}.txt")].assert_eq(&sections(parts));
    }
}

#[test]
fn many_findings_of_every_kind() {
    for (lang, words) in languages() {
        let parts = screens().into_iter().flat_map(|(name, screen)| {
            [(false, ""), (true, ", all")].map(|(all, mark)| {
                let text = shown(&patients::crowded(), &words, &screen, all);
                check_all_but_commands(&text, screen.width, name);
                (format!("{name}{mark}"), text)
            })
        });
        let parts: Vec<_> = parts.collect();
        expect_file![format!("../fixtures/golden/findings-crowded.{lang}.txt")].assert_eq(&sections(parts));
    }
}

#[test]
fn settings_and_the_line_for_a_monitor() {
    let host = hosts::busy().host;
    let diagnosis = patients::crowded();
    for (lang, words) in languages() {
        let screen = Screen::plain(true);
        let parts = [
            ("script", written(|out| check::write_script(out, &host, &diagnosis, &words, &screen))),
            ("nothing to set", written(|out| check::write_script(out, &host, &Diagnosis::default(), &words, &screen))),
            ("drop-in", written(|out| check::write_drop_in(out, &host, &diagnosis, &words, &screen))),
            ("monitor", written(|out| check::write_nagios(out, &diagnosis, &[], 2, &words, &screen))),
            ("failure", written(|out| check::write_nagios_failure(out, "a | b\nc"))),
        ];
        for (name, text) in &parts {
            assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{name}: {text:?}");
        }
        let parts = parts.map(|(name, text)| (name.to_owned(), text));
        expect_file![format!("../fixtures/golden/findings-settings.{lang}.txt")].assert_eq(&sections(parts));
    }
}

#[test]
fn findings_fit_at_every_width() {
    for (_, words) in languages() {
        for unicode in [true, false] {
            for width in (40..=104).step_by(4).chain([200]) {
                for all in [false, true] {
                    let screen = Screen::terminal(width, unicode, false);
                    for diagnosis in [patients::crowded(), patients::busy().diagnosis.unwrap(), Diagnosis::default()] {
                        check_all_but_commands(&shown(&diagnosis, &words, &screen, all), width, "findings");
                    }
                }
            }
        }
    }
}

#[test]
fn the_verdict_stands_in_the_last_lines() {
    for (_, words) in languages() {
        let text = shown(&patients::crowded(), &words, &Screen::terminal(80, true, false), true);
        let last: Vec<&str> = text.lines().rev().take(1).collect();
        assert!(last[0].contains("sockdoc explain accept-queue-full"), "{text}");
        assert!(last[0].width() <= 80);
    }
}

#[test]
fn colored_findings_are_the_same_text() {
    for (_, words) in languages() {
        for all in [false, true] {
            let plain = shown(&patients::crowded(), &words, &Screen::terminal(80, true, false), all);
            let colored = shown(&patients::crowded(), &words, &Screen::terminal(80, true, true), all);
            assert_ne!(plain, colored);
            assert_eq!(without_colors(&colored), plain);
        }
    }
}

#[test]
fn english_without_unicode_is_ascii() {
    let words = Catalogue::new(Lang::En);
    let text = shown(&patients::crowded(), &words, &Screen::terminal(80, false, false), true);
    assert!(text.is_ascii(), "{text}");
}
