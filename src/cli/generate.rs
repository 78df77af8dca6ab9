//! Completion scripts and the man page, made from the declaration.

use std::io::{self, Write};

use clap::builder::PossibleValuesParser;
use clap_mangen::Man;
use roff::{Inline, Roff, bold, italic, roman};

use super::{
    command::{Command, PROGRAM},
    common,
    completions::Shell,
    declaration::program,
    explain::with_topics,
    help::EXAMPLES,
    options::Words,
};
use crate::{
    filter,
    model::{group::KEYS, state::State},
    text::{Catalogue, Lang, Message, layout::pieces, messages},
};

/// Writes the completion script for a shell; its words are English, as those of all programs' are.
///
/// # Errors
/// As writing does.
pub fn completions<T>(out: &mut dyn Write, commands: &[Command<T>], shell: Shell) -> io::Result<()> {
    let mut program = with_topics(program(commands, Some(&Catalogue::new(Lang::En))));
    for command in commands.iter().filter(|command| command.name != PROGRAM && !command.formats.is_empty()) {
        // Before the name of a command any format may be meant; behind it, those that it has.
        let formats = PossibleValuesParser::new(command.formats.iter().map(|format| format.name()));
        program = program.mut_subcommand(command.name, |declared| {
            declared.mut_arg("format", |argument| argument.value_parser(formats))
        });
    }
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut program, PROGRAM, &mut script);
    out.write_all(&script)
}

/// What each group key means, in the order of [`KEYS`].
const KEY_TEXTS: [Message; KEYS.len()] = [
    messages::MAN_KEY_STATE,
    messages::MAN_KEY_FAMILY,
    messages::MAN_KEY_LOCAL,
    messages::MAN_KEY_LOCAL_PORT,
    messages::MAN_KEY_PEER,
    messages::MAN_KEY_PEER_NETWORK,
    messages::MAN_KEY_PEER_PORT,
    messages::MAN_KEY_SERVICE,
    messages::MAN_KEY_DIRECTION,
    messages::MAN_KEY_TIMER,
    messages::MAN_KEY_USER,
    messages::MAN_KEY_PROGRAM,
    messages::MAN_KEY_PID,
    messages::MAN_KEY_UNIT,
    messages::MAN_KEY_CONTAINER,
    messages::MAN_KEY_CONGESTION,
    messages::MAN_KEY_DEVICE,
    messages::MAN_KEY_NETNS,
];

const FILES: [(&str, Message); 5] = [
    ("~/.config/sockdoc/config.toml, /etc/sockdoc.toml", messages::MAN_FILE_CONFIG),
    ("/proc/net/{tcp,tcp6,udp,udp6,raw,raw6,unix}", messages::MAN_FILE_PROC_NET),
    ("/proc/*/ns/net, /run/netns", messages::MAN_FILE_NS),
    ("/proc/sys/net/ipv4/ip_local_port_range", messages::MAN_FILE_RANGE),
    ("/etc/passwd", messages::MAN_FILE_PASSWD),
];

const ENVIRONMENT: [(&str, Message); 6] = [
    ("LC_ALL, LC_MESSAGES, LC_CTYPE, LANG", messages::MAN_ENV_LOCALE),
    ("NO_COLOR", messages::MAN_ENV_NO_COLOR),
    ("COLUMNS", messages::MAN_ENV_COLUMNS),
    ("PAGER", messages::MAN_ENV_PAGER),
    ("PROC_ROOT", messages::MAN_ENV_PROC_ROOT),
    ("XDG_CONFIG_HOME, HOME", messages::MAN_ENV_CONFIG),
];

/// When what the page says last changed.
const CHANGED: &str = "2026-11-22";

const SEE_ALSO: &str = "ss(8), netstat(8), tcp(7), sock_diag(7), network_namespaces(7)";

/// Writes the man page of a language.
///
/// # Errors
/// As writing does.
pub fn man<T>(out: &mut dyn Write, commands: &[Command<T>], lang: Lang) -> io::Result<()> {
    let words = &Catalogue::new(lang);
    let mut command = program(commands, Some(words));
    command.build();
    Man::new(command.clone()).section("1").date(CHANGED).manual("sockdoc").render_title(out)?;
    // Names must stay whole to be copied, and Chinese has no blanks to stretch.
    write!(out, ".nh\n.ad l\n")?;
    let mut page = Page { out, words };
    page.heading(messages::MAN_NAME)?;
    // mandb reads this line, and knows no marks in it.
    let name = Roff::new().text([roman(format!("sockdoc - {}", words.text(messages::ABOUT)))]).to_roff();
    page.out.write_all(name.as_bytes())?;
    page.heading(messages::MAN_SYNOPSIS)?;
    page.synopsis(&command)?;
    for sub in command.get_subcommands() {
        page.write(Roff::new().control("br", []))?;
        page.synopsis(sub)?;
    }
    page.heading(messages::MAN_DESCRIPTION)?;
    page.paragraphs(messages::MAN_DESCRIPTION_TEXT)?;
    page.heading(messages::MAN_COMMANDS)?;
    for sub in command.get_subcommands() {
        page.command(sub)?;
    }
    page.heading(messages::MAN_OPTIONS)?;
    page.options(&command)?;
    page.heading(messages::MAN_STATES)?;
    page.text(&State::ALL.map(|state| state.to_string()).join(", "))?;
    page.paragraphs(messages::MAN_STATES_TEXT)?;
    page.heading(messages::MAN_KEYS)?;
    page.paragraphs(messages::MAN_KEYS_TEXT)?;
    for (name, about) in filter::keys::names().zip(KEY_TEXTS) {
        page.entry(&[bold(name)], &words.text(about))?;
    }
    page.heading(messages::MAN_EXAMPLES)?;
    for (line, about) in EXAMPLES {
        page.entry(&[bold(*line)], &words.text(*about))?;
    }
    page.heading(messages::MAN_EXIT_STATUS)?;
    page.entry(&[bold("0")], &words.text(messages::MAN_EXIT_0))?;
    page.entry(&[bold("1")], &words.text(messages::MAN_EXIT_1))?;
    page.entry(&[bold("2")], &words.text(messages::MAN_EXIT_2))?;
    page.paragraphs(messages::MAN_EXIT_NAGIOS)?;
    page.heading(messages::MAN_FILES)?;
    for (path, about) in FILES {
        page.entry(&[italic(path)], &words.text(about))?;
    }
    page.heading(messages::MAN_ENVIRONMENT)?;
    for (name, about) in ENVIRONMENT {
        page.entry(&[bold(name)], &words.text(about))?;
    }
    page.heading(messages::MAN_SEE_ALSO)?;
    page.text(SEE_ALSO)
}

/// The page being written.
struct Page<'a> {
    out: &'a mut dyn Write,
    words: &'a Catalogue,
}

impl Page<'_> {
    fn write(&mut self, roff: &Roff) -> io::Result<()> {
        self.out.write_all(breakable(&roff.to_roff()).as_bytes())
    }

    fn heading(&mut self, message: Message) -> io::Result<()> {
        let text = self.words.text(message);
        self.write(Roff::new().control("SH", [text.as_str()]))
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        self.write(Roff::new().text([roman(text)]))
    }

    /// A message whose paragraphs are parted by empty lines.
    fn paragraphs(&mut self, message: Message) -> io::Result<()> {
        for paragraph in self.words.text(message).split("\n\n") {
            self.write(Roff::new().control("PP", []).text([roman(paragraph)]))?;
        }
        Ok(())
    }

    /// How a command is called, from the usage that clap makes: `sockdoc group [OPTIONS] --by <KEYS> [FILTER]...`.
    fn synopsis(&mut self, command: &clap::Command) -> io::Result<()> {
        let usage = command.clone().render_usage().to_string();
        let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage);
        let mut line = Vec::new();
        let mut word = String::new();
        for character in usage.chars().chain(['\n']) {
            if character.is_alphanumeric() || matches!(character, '-' | '_') {
                word.push(character);
                continue;
            }
            let is_value = word.chars().all(|character| character.is_ascii_uppercase());
            let whole = std::mem::take(&mut word);
            line.extend((!whole.is_empty()).then(|| if is_value { italic(whole) } else { bold(whole) }));
            // That a value is one is said by its letters.
            if !matches!(character, '<' | '>' | '\n') {
                line.push(roman(character.to_string()));
            }
        }
        self.write(Roff::new().text(line))
    }

    /// A term and what it means.
    fn entry(&mut self, term: &[Inline], about: &str) -> io::Result<()> {
        self.write(Roff::new().control("TP", []).text(term.to_vec()).text([roman(about)]))
    }

    /// A command with its options, but for those of every command.
    fn command(&mut self, command: &clap::Command) -> io::Result<()> {
        self.write(Roff::new().control("SS", [command.get_name()]))?;
        self.text(&command.get_about().map(ToString::to_string).unwrap_or_default())?;
        let is_everywhere = |name: &str| common::everywhere(Words(None)).iter().any(|one| one.get_id() == name);
        let own = command.clone().mut_args(|argument| {
            let hidden = is_everywhere(argument.get_id().as_str());
            argument.hide(hidden)
        });
        if own.get_arguments().any(|argument| !argument.is_hide_set()) {
            self.options(&own)?;
        }
        Ok(())
    }

    /// The options of a command as clap_mangen writes them, without the heading it puts before them.
    fn options(&mut self, command: &clap::Command) -> io::Result<()> {
        let mut section = Vec::new();
        Man::new(command.clone()).render_options_section(&mut section)?;
        let section = String::from_utf8_lossy(&section);
        for line in section
            .lines()
            .filter(|line| !line.starts_with(".SH") && !line.starts_with(".ie") && !line.starts_with(".el"))
        {
            writeln!(self.out, "{}", breakable(line))?;
        }
        Ok(())
    }
}

/// Marks where Chinese may be broken into lines (`\:`): roff itself breaks at blanks only.
fn breakable(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    for line in page.split_inclusive('\n') {
        if line.starts_with('.') {
            text.push_str(line);
            continue;
        }
        let mut pieces = pieces(line).peekable();
        while let Some(piece) = pieces.next() {
            text.push_str(piece);
            let foreign = |character: Option<char>| character.is_some_and(|character| !character.is_ascii());
            let next = pieces.peek().and_then(|next| next.chars().next());
            // Between ASCII characters a mark could fall into an escape sequence.
            if next.is_some() && !piece.ends_with(' ') && (foreign(piece.chars().next_back()) || foreign(next)) {
                text.push_str("\\:");
            }
        }
    }
    text
}
