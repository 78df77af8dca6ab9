//! Commands in texts: ours must be understood, all others are ones that every administrator has.

use std::ffi::OsString;

use sockdoc::{
    book,
    cli::{self, Command, Parsed, Surroundings},
    text::Lang,
};

use super::assert_none;

/// Programs that texts may name.
const PROGRAMS: [&str; 18] = [
    "ss",
    "nstat",
    "sysctl",
    "ip",
    "cat",
    "ls",
    "lsof",
    "strace",
    "grep",
    "dmesg",
    "journalctl",
    "netstat",
    "nc",
    "ulimit",
    "docker",
    "wc",
    "sort",
    "head",
];

/// Words in backquotes that have blanks and are no commands.
const NO_COMMANDS: [&str; 5] = ["ack = ", "Connection: close", "bind(", "listen ... backlog=", "lingering_close on"];

/// What stands in backquotes, as one line each.
fn spans(markdown: &str) -> Vec<String> {
    let mut spans = Vec::new();
    let parser = pulldown_cmark::Parser::new(markdown);
    for event in parser {
        if let pulldown_cmark::Event::Code(text) = event {
            spans.push(text.to_string());
        }
    }
    spans
}

/// The words of a command line, read as a shell does, up to a pipe.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for character in line.chars() {
        match (character, quote) {
            ('|' | '>' | '<', None) => break,
            ('"' | '\'', None) => quote = Some(character),
            (end, Some(begin)) if end == begin => quote = None,
            (' ', None) => words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty())),
            (character, _) => word.push(character),
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

#[test]
fn every_command_is_one_that_is_understood() {
    let mut wrong = Vec::new();
    let mut ours = 0;
    for (language, lang) in Lang::ALL {
        let around = Surroundings { lang, width: 80, color: false, unicode: true };
        for topic in book::topics(lang) {
            for span in spans(&topic.markdown()) {
                let mut fault = |what: String| wrong.push(format!("{language}/{}: `{span}`: {what}", topic.name));
                if !span.contains(' ')
                    || span.starts_with("--")
                    || NO_COMMANDS.iter().any(|other| span.starts_with(other))
                {
                    continue;
                }
                let words = words(&span);
                let Some((program, arguments)) = words.split_first() else { continue };
                if program != "sockdoc" {
                    if !PROGRAMS.contains(&program.as_str()) {
                        fault("no program that texts may name".to_owned());
                    }
                    continue;
                }
                ours += 1;
                let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
                match cli::parse(&arguments, &around) {
                    Parsed::Run(options) => {
                        if let Command::Explain(asked) = &options.command
                            && !asked.words.is_empty()
                            && book::find(&asked.words.join(" "), lang).is_none()
                        {
                            fault("no such topic".to_owned());
                        }
                    }
                    Parsed::Print(_) => {}
                    Parsed::Wrong(why) => fault(why),
                }
            }
        }
    }
    assert_none(&wrong);
    assert!(ours > 300, "only {ours} commands of our own");
}

#[test]
fn a_command_line_is_read_as_a_shell_does() {
    assert_eq!(words("a 'b c' \"d|e\" | f"), ["a", "b c", "d|e"]);
}
