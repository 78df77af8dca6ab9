//! Every `--help` in every language.

use std::ffi::OsString;

use expect_test::expect_file;
use sockdoc::{
    COMMANDS,
    cli::{self, Invocation, Surroundings},
    text::Lang,
};

use crate::measure::{check_lines, without_colors};

/// Every command as it is written; the program itself by nothing.
fn commands() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().map(|command| if command.name == "sockdoc" { "" } else { command.name }).chain(["help"])
}

fn help(line: &str, lang: Lang, width: usize, color: bool) -> String {
    let arguments: Vec<OsString> = line.split_ascii_whitespace().map(OsString::from).collect();
    match cli::parse(COMMANDS, &arguments, &Surroundings { lang, width, color, unicode: true }) {
        Invocation::Print(text) => text,
        Invocation::Wrong(why) => panic!("{line}: {why}"),
        Invocation::Run(..) => panic!("{line} is no call for help"),
    }
}

#[test]
fn the_help_of_every_command() {
    for (name, lang) in Lang::ALL {
        for command in commands() {
            let text = help(&format!("{command} --help"), lang, 80, false);
            check_lines(&text, 80, command);
            let file = if command.is_empty() { "sockdoc" } else { command };
            expect_file![format!("../fixtures/golden/help-{file}.{name}.txt")].assert_eq(&text);
            let short = help(&format!("{command} -h"), lang, 80, false);
            check_lines(&short, 80, command);
            expect_file![format!("../fixtures/golden/help-short-{file}.{name}.txt")].assert_eq(&short);
        }
    }
}

#[test]
fn the_ways_to_ask_for_help_give_the_same() {
    for (_, lang) in Lang::ALL {
        for command in commands() {
            let text = help(&format!("{command} --help"), lang, 80, false);
            assert_eq!(help(&format!("help {command}"), lang, 80, false), text, "{command}");
            let short = help(&format!("{command} -h"), lang, 80, false);
            assert!(short.lines().count() < text.lines().count(), "{command}: {short}");
            // Each option is in both, and the short form refers to the long one.
            let options = |text: &str| {
                let is_option = |line: &&str| line.starts_with("  -") || line.starts_with("      --");
                text.lines().filter(is_option).count()
            };
            assert_eq!(options(&short), options(&text), "{command}");
            assert!(short.trim_end().ends_with(if lang == Lang::En { "." } else { "。" }), "{short}");
        }
    }
}

#[test]
fn the_language_of_the_command_line_outweighs_that_of_the_locale() {
    let is_own = |name: &&str| COMMANDS.iter().all(|command| command.name != *name || !command.is_program());
    for command in commands() {
        let chinese = help(&format!("{command} --help"), Lang::Zh, 80, false);
        // The options of another program are those of that program alone.
        if is_own(&command) {
            assert_eq!(help(&format!("{command} --lang zh --help"), Lang::En, 80, false), chinese);
        }
        assert_eq!(help(&format!("--lang=zh {command} --help"), Lang::En, 80, false), chinese);
    }
}

#[test]
fn english_help_is_ascii() {
    for command in commands() {
        assert!(help(&format!("{command} --help"), Lang::En, 80, false).is_ascii(), "{command}");
    }
}

/// Example commands are alone on their lines and are never broken: the longest has 50 columns.
#[test]
fn help_fits_at_every_width() {
    // Thousands of screens: one processor would take minutes.
    std::thread::scope(|threads| {
        for (_, lang) in Lang::ALL {
            for command in commands() {
                threads.spawn(move || {
                    for width in 60..=200 {
                        let text = help(&format!("{command} --help"), lang, width, false);
                        check_lines(&text, width, &format!("{command} --help, {lang:?}, {width} columns"));
                    }
                });
            }
        }
    });
}

#[test]
fn colored_help_is_the_same_text() {
    for (_, lang) in Lang::ALL {
        for command in commands() {
            let line = format!("{command} --help");
            assert_eq!(without_colors(&help(&line, lang, 80, true)), help(&line, lang, 80, false), "{line}");
        }
    }
}

#[test]
fn every_option_has_a_text() {
    for (_, lang) in Lang::ALL {
        for command in commands() {
            let text = help(&format!("{command} --help"), lang, 200, false);
            for line in text.lines().filter(|line| line.trim_start().starts_with('-')) {
                let described = line.trim_start().split("  ").filter(|part| !part.is_empty()).count() > 1;
                assert!(described, "{command}, {lang:?}: {line}");
            }
        }
    }
}
