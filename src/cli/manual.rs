//! The manual, made from the declaration: a page for the program, one for each command, and one for the filter language.

use std::io::{self, Write};

use clap_mangen::Man;
use roff::{Inline, Roff, bold, italic, roman};

use super::{
    command::{Command, PROGRAM},
    declaration::{HELP, program},
    help,
};
use crate::{
    filter,
    model::{group::KEYS, state::State},
    text::{Catalogue, Lang, Message, layout::pieces, messages},
};

/// The page of the filter language.
const FILTER: &str = "filter";

/// The meaning of each group key, in the order of [`KEYS`].
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

/// The words of a filter, each with its value and meaning.
const FILTER_WORDS: [(&str, Message); 24] = [
    ("state STATE, exclude STATE", messages::FILTER_MAN_STATE),
    ("src ADDRESS, dst ADDRESS, host ADDRESS", messages::FILTER_MAN_ADDRESS),
    ("sport = :PORT, dport = :PORT, port PORT", messages::FILTER_MAN_PORT),
    ("family = FAMILY", messages::FILTER_MAN_FAMILY),
    ("protocol = udp, tcp:PORT, PORT/udp", messages::FILTER_MAN_PROTOCOL),
    ("dev = NAME", messages::FILTER_MAN_DEVICE),
    ("fwmark = MARK", messages::FILTER_MAN_MARK),
    ("cgroup = PATH", messages::FILTER_MAN_CGROUP),
    ("autobound", messages::FILTER_MAN_AUTOBOUND),
    ("pid = N, pid:N", messages::FILTER_MAN_PID),
    ("proc = NAME, NAME", messages::FILTER_MAN_PROGRAM),
    ("user = NAME", messages::FILTER_MAN_USER),
    ("unit = NAME", messages::FILTER_MAN_UNIT),
    ("container = ID", messages::FILTER_MAN_CONTAINER),
    ("netns = NAME", messages::FILTER_MAN_NETNS),
    ("recvq, sendq", messages::FILTER_MAN_QUEUES),
    ("age", messages::FILTER_MAN_AGE),
    ("idle", messages::FILTER_MAN_IDLE),
    ("retrans", messages::FILTER_MAN_RETRANS),
    ("rtt", messages::FILTER_MAN_RTT),
    ("keepalive = on|off", messages::FILTER_MAN_KEEPALIVE),
    ("timer = NAME", messages::FILTER_MAN_TIMER),
    ("and, or, not, ( )", messages::FILTER_MAN_JOINTS),
    ("=, !=, <, <=, >, >=", messages::FILTER_MAN_SIGNS),
];

/// Filters worth showing.
const FILTER_EXAMPLES: [(&str, Message); 8] = [
    ("sockdoc count close-wait", messages::FILTER_EXAMPLE_STATE),
    ("sockdoc list :443", messages::FILTER_EXAMPLE_PORT),
    ("sockdoc list dport = :5432 and not user = root", messages::FILTER_EXAMPLE_JOINED),
    ("sockdoc list established recvq gt 0 -p", messages::FILTER_EXAMPLE_QUEUE),
    ("sockdoc list close-wait age gt 10m", messages::FILTER_EXAMPLE_AGE),
    ("sockdoc group --by state dst 10.0.0.0/8", messages::FILTER_EXAMPLE_NETWORK),
    ("sockdoc list '( sport = :80 or sport = :443 ) and retrans ge 2'", messages::FILTER_EXAMPLE_BRACKETS),
    ("sockdoc explain nginx", messages::FILTER_EXAMPLE_PROGRAM),
];

/// The date of the last change to the pages.
const CHANGED: &str = "2026-11-29";

const SEE_ALSO: &str = "ss(8), netstat(8), tcp(7), sock_diag(7), network_namespaces(7)";

/// The names of the pages, each with its section: `sockdoc` 1, `sockdoc-list` 1, `sockdoc-filter` 7.
pub fn pages<T>(commands: &[Command<T>]) -> Vec<(String, u8)> {
    let of_commands = commands.iter().filter(|command| command.name != PROGRAM);
    let of_commands = of_commands.map(|command| (format!("{PROGRAM}-{}", command.name), 1));
    [(PROGRAM.to_owned(), 1)].into_iter().chain(of_commands).chain([(format!("{PROGRAM}-{FILTER}"), 7)]).collect()
}

/// Writes the page of a command or of the filter, by its name alone, or that of the program; `false` where there is none.
pub fn write<T>(out: &mut dyn Write, commands: &[Command<T>], lang: Lang, name: Option<&str>) -> io::Result<bool> {
    let words = &Catalogue::new(lang);
    let mut program = program(commands, Some(words));
    program.build();
    let others: Vec<String> = pages(commands).into_iter().map(|(page, section)| format!("{page}({section})")).collect();
    let mut page = Page { out, words };
    match name {
        None | Some(PROGRAM) => page.program(&program, &others)?,
        Some(FILTER) => page.filter(&program)?,
        Some(name) => match program.find_subcommand(name).filter(|_| name != HELP) {
            Some(command) => page.of_command(command)?,
            None => return Ok(false),
        },
    }
    Ok(true)
}

/// The page being written.
struct Page<'a> {
    out: &'a mut dyn Write,
    words: &'a Catalogue,
}

impl Page<'_> {
    /// The title, and the name with its description.
    fn begin(&mut self, name: &str, section: &str, about: &str) -> io::Result<()> {
        let title = Man::new(clap::Command::new(name.to_owned())).title(name.to_uppercase());
        title.section(section).date(CHANGED).manual(self.words.text(messages::MAN_MANUAL)).render_title(self.out)?;
        // Names must stay whole to be copied, and Chinese has no blanks to stretch.
        write!(self.out, ".nh\n.ad l\n")?;
        self.heading(messages::MAN_NAME)?;
        // mandb reads this line, and knows no marks in it.
        let name = Roff::new().text([roman(format!("{name} - {about}"))]).to_roff();
        self.out.write_all(name.as_bytes())
    }

    /// The page of the program.
    fn program(&mut self, program: &clap::Command, others: &[String]) -> io::Result<()> {
        self.begin(PROGRAM, "1", &self.words.text(messages::ABOUT))?;
        self.heading(messages::MAN_SYNOPSIS)?;
        self.synopsis(program)?;
        self.examples(help::examples_of(PROGRAM))?;
        self.heading(messages::MAN_DESCRIPTION)?;
        self.paragraphs(messages::MAN_DESCRIPTION_TEXT)?;
        self.heading(messages::MAN_COMMANDS)?;
        for command in program.get_subcommands() {
            let name = command.get_name();
            let term = if name == HELP { bold(name) } else { bold(format!("{PROGRAM}-{name}(1)")) };
            self.entry(&[term], &about(command))?;
        }
        self.heading(messages::MAN_OPTIONS)?;
        self.options(program)?;
        self.exits(PROGRAM)?;
        self.heading(messages::MAN_FILES)?;
        for (path, about) in FILES {
            self.entry(&[italic(path)], &self.words.text(about))?;
        }
        self.heading(messages::MAN_ENVIRONMENT)?;
        for (name, about) in ENVIRONMENT {
            self.entry(&[bold(name)], &self.words.text(about))?;
        }
        self.heading(messages::MAN_SEE_ALSO)?;
        let others = others.iter().filter(|page| !page.starts_with("sockdoc(")).map(String::as_str);
        self.text(&others.chain([SEE_ALSO]).collect::<Vec<_>>().join(", "))
    }

    /// The page of a command.
    fn of_command(&mut self, command: &clap::Command) -> io::Result<()> {
        let name = command.get_name();
        self.begin(&format!("{PROGRAM}-{name}"), "1", &about(command))?;
        self.heading(messages::MAN_SYNOPSIS)?;
        self.synopsis(command)?;
        self.examples(help::examples_of(name))?;
        self.heading(messages::MAN_OPTIONS)?;
        self.options(command)?;
        if command.get_arguments().any(|argument| argument.get_id() == "by") {
            self.heading(messages::MAN_KEYS)?;
            self.paragraphs(messages::MAN_KEYS_TEXT)?;
            for (name, about) in filter::keys::names().zip(KEY_TEXTS) {
                self.entry(&[bold(name)], &self.words.text(about))?;
            }
        }
        self.exits(name)?;
        self.heading(messages::MAN_SEE_ALSO)?;
        self.text(&format!("sockdoc(1), sockdoc-filter(7), {SEE_ALSO}"))
    }

    /// The page of the filter language.
    fn filter(&mut self, program: &clap::Command) -> io::Result<()> {
        self.begin(&format!("{PROGRAM}-{FILTER}"), "7", &self.words.text(messages::FILTER_MAN_ABOUT))?;
        self.examples(FILTER_EXAMPLES)?;
        self.heading(messages::MAN_DESCRIPTION)?;
        self.paragraphs(messages::FILTER_MAN_TEXT)?;
        self.heading(messages::MAN_STATES)?;
        self.text(&State::ALL.map(|state| state.to_string()).join(self.words.lang().comma()))?;
        self.paragraphs(messages::MAN_STATES_TEXT)?;
        self.heading(messages::FILTER_MAN_CONDITIONS)?;
        for (words, about) in FILTER_WORDS {
            self.entry(&[bold(words)], &self.words.text(about))?;
        }
        self.heading(messages::MAN_SEE_ALSO)?;
        let takes = |command: &&clap::Command| command.get_arguments().any(|argument| argument.get_id() == "words");
        let pages =
            program.get_subcommands().filter(takes).map(|command| format!("{PROGRAM}-{}(1)", command.get_name()));
        self.text(
            &["sockdoc(1)".to_owned()]
                .into_iter()
                .chain(pages)
                .chain(["ss(8)".to_owned()])
                .collect::<Vec<_>>()
                .join(", "),
        )
    }

    /// Command lines with their purpose.
    fn examples(&mut self, examples: impl IntoIterator<Item = (&'static str, Message)>) -> io::Result<()> {
        let mut examples = examples.into_iter().peekable();
        if examples.peek().is_some() {
            self.heading(messages::MAN_EXAMPLES)?;
        }
        for (line, about) in examples {
            self.entry(&[bold(line)], &self.words.text(about))?;
        }
        Ok(())
    }

    /// The section about the exit status.
    fn exits(&mut self, command: &str) -> io::Result<()> {
        self.heading(messages::MAN_EXIT_STATUS)?;
        for (status, about) in help::exits_of(command) {
            self.entry(&[bold(status)], &self.words.text(about))?;
        }
        if help::is_for_monitors(command) {
            self.paragraphs(messages::MAN_EXIT_NAGIOS)?;
        }
        Ok(())
    }

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
        let usage = help::own_options(usage.strip_prefix("Usage: ").unwrap_or(&usage), self.words);
        let mut line = Vec::new();
        let mut word = String::new();
        for character in usage.chars().chain(['\n']) {
            if character.is_alphanumeric() || matches!(character, '-' | '_') {
                word.push(character);
                continue;
            }
            let is_value = word.chars().all(|character| character.is_ascii_uppercase() || !character.is_ascii());
            let whole = std::mem::take(&mut word);
            line.extend((!whole.is_empty()).then(|| if is_value { italic(whole) } else { bold(whole) }));
            // That a value is one is said by its letters.
            if !matches!(character, '<' | '>' | '\n') {
                line.push(roman(character.to_string()));
            }
        }
        self.write(Roff::new().text(line))
    }

    /// A term and its meaning.
    fn entry(&mut self, term: &[Inline], about: &str) -> io::Result<()> {
        self.write(Roff::new().control("TP", []).text(term.to_vec()).text([roman(about)]))
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

/// The purpose of a command.
fn about(command: &clap::Command) -> String {
    command.get_about().map(ToString::to_string).unwrap_or_default()
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
