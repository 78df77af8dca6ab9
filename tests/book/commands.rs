//! Commands in texts: ours must be understood, all others are ones that every administrator has.

use std::{ffi::OsString, net::IpAddr};

use sockdoc::{
    AnyTask, COMMANDS, book,
    cli::{
        self, Invocation, Surroundings, count::CountOptions, explain::ExplainOptions, group::GroupOptions,
        list::ListOptions,
    },
    filter::{self, Filter, names::Names},
    text::Lang,
};

use super::assert_none;

/// Programs that texts may name.
const PROGRAMS: [&str; 23] = [
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
    "ps",
    "kill",
    "podman",
    "systemctl",
    "perf",
];

/// Words in backquotes that have blanks and are no commands.
const NO_COMMANDS: [&str; 5] = ["ack = ", "Connection: close", "bind(", "listen ... backlog=", "lingering_close on"];

/// The texts in backquotes, as one line each.
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

/// A host that knows every name.
struct Anyone;

impl Names for Anyone {
    fn service(&self, _name: &str) -> Option<u16> {
        Some(443)
    }

    fn interface(&self, _name: &str) -> Option<u32> {
        Some(1)
    }

    fn user(&self, _name: &str) -> Option<u32> {
        Some(33)
    }

    fn host(&self, _name: &str) -> Option<Vec<IpAddr>> {
        Some(vec![IpAddr::from([10, 0, 0, 5])])
    }

    fn has_unit(&self, _unit: &str) -> bool {
        true
    }

    fn has_container(&self, _id: &str) -> bool {
        true
    }

    fn has_program(&self, name: &str) -> bool {
        // A lone misspelt word must not pass for a program.
        name == "nginx"
    }

    fn has_netns(&self, _label: &str) -> bool {
        true
    }
}

/// The filter of a command, with numbers for what a reader has to fill in.
fn filter_of(job: &AnyTask) -> String {
    let counted = job.options::<CountOptions>().map(|options| &options.sockets.filter);
    let grouped = job.options::<GroupOptions>().map(|options| &options.sockets.filter);
    let listed = job.options::<ListOptions>().map(|options| &options.filter);
    let words = counted.or(grouped).or(listed).map(|words| filter::join(words)).unwrap_or_default();
    words.replace("PORT", "443").replace("PID", "4321").replace("ADDRESS", "10.0.0.5")
}

#[test]
fn every_command_is_one_that_is_understood() {
    let mut wrong = Vec::new();
    let mut ours = 0;
    for (language, lang) in Lang::ALL {
        let around = Surroundings { lang, width: 80, color: false, unicode: true };
        for topic in book::topics(lang) {
            for span in spans(&super::markdown(&topic)) {
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
                match cli::parse(COMMANDS, &arguments, &around) {
                    Invocation::Run(job, _) => {
                        let filter = filter_of(&job);
                        if let Err(error) = Filter::parse(&filter, &Anyone) {
                            fault(format!("{error:?}"));
                        }
                        if let Some(asked) = job.options::<ExplainOptions>()
                            && !asked.words.is_empty()
                            && book::search::find(&asked.words.join(" "), lang).is_none()
                        {
                            fault("no such topic".to_owned());
                        }
                    }
                    Invocation::Print(_) => {}
                    Invocation::Wrong(why) => fault(why),
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
