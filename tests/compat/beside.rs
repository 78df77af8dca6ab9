//! Both programs on the same sockets, and what of their texts moves between two runs.

use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::lab::peer;
use crate::lab::program::{Said, controlled, finish, search_path};

/// How long the sockets may take to stay as they are between two runs.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program, and sockdoc under its name.
pub(crate) struct Both {
    name: &'static str,
    link: PathBuf,
}

impl Both {
    /// The program of this name; where it is not installed the test ends here.
    #[track_caller]
    pub(crate) fn of(name: &'static str) -> Both {
        peer::needs(name);
        let folder = std::env::temp_dir().join(format!("as-{name}"));
        std::fs::create_dir(&folder).expect("a folder");
        let link = folder.join(name);
        symlink(env!("CARGO_BIN_EXE_sockdoc"), &link).expect("a link");
        Both { name, link }
    }

    /// The program itself.
    pub(crate) fn original(&self, args: &[&str]) -> Command {
        controlled(self.name, args)
    }

    /// sockdoc under its name.
    pub(crate) fn ours(&self, args: &[&str]) -> Command {
        controlled(&self.link.to_string_lossy(), args)
    }

    /// The folder of the link, for a `PATH`.
    pub(crate) fn folder(&self) -> String {
        self.link.parent().expect("a folder").to_string_lossy().into_owned()
    }

    /// Both end alike and write the same, once what moves is masked. Gives what they wrote.
    #[track_caller]
    pub(crate) fn same(&self, args: &[&str]) -> String {
        self.same_under(args, &[])
    }

    /// Both write the same and exit with the same status. Returns both.
    #[track_caller]
    pub(crate) fn alike(&self, args: &[&str], environment: &[(&str, &str)]) -> (String, String) {
        let run = |mut command: Command| {
            command.envs(environment.iter().copied());
            let Said { stdout, code, .. } = finish(command);
            format!("{}\0{code:?}", masked(&stdout))
        };
        let shown = format!("{} {args:?} {environment:?}", self.name);
        let said = agree(&shown, || run(self.original(args)), || run(self.ours(args)));
        let (text, code) = said.rsplit_once('\0').expect("a status");
        (text.to_owned(), code.to_owned())
    }

    /// The same in an environment.
    #[track_caller]
    pub(crate) fn same_under(&self, args: &[&str], environment: &[(&str, &str)]) -> String {
        let (said, code) = self.alike(args, environment);
        assert_eq!(code, "Some(0)", "{args:?}: {said}");
        said
    }
}

/// Both outputs agree, at a time at which the first is the same before and after.
#[track_caller]
pub(crate) fn agree(what: &str, one: impl Fn() -> String, other: impl Fn() -> String) -> String {
    let end = Instant::now() + PATIENCE;
    let mut before = one();
    loop {
        let said = other();
        let after = one();
        if before == after {
            assert!(said == after, "{what}\n{}", first_difference(&said, &after));
            return after;
        }
        let moved = || first_difference(&before, &after);
        assert!(Instant::now() < end, "{what}: the sockets do not stay\n{}", moved());
        before = after;
    }
}

/// The first lines that differ, how many they are, and the whole of the shorter text.
fn first_difference(one: &str, other: &str) -> String {
    let differ = one.lines().zip(other.lines()).find(|(one, other)| one != other);
    let counts = (one.lines().count(), other.lines().count());
    format!("{differ:#?}\nlines: {counts:?}\n{one}\n---\n{other}")
}

/// Tokens that are there or not, and say another time at each run.
const TIMES: [&str; 6] = [" lastsnd:", " lastrcv:", " lastack:", " busy:", " rwnd_limited:", " sndbuf_limited:"];

/// The text without what moves: times, and the process id of the program itself, which has a netlink socket. Where
/// something was taken out the blanks at the ends of lines, which fill the longest of them, go too.
pub(crate) fn masked(text: &str) -> String {
    let mut moved = false;
    let lines: Vec<String> = text
        .split('\n')
        // On a terminal: a kernel that lacks one of the tables.
        .filter(|line| !line.starts_with("RTNETLINK answers: "))
        .map(|line| {
            let mut line = line.to_owned();
            for token in TIMES {
                while let Some(begin) = line.find(token) {
                    let end = line[begin + 1..].find([' ', '\t']).map_or(line.len(), |length| begin + 1 + length);
                    line.replace_range(begin..end, "");
                    moved = true;
                }
            }
            if let Some(begin) = line.find(" timer:(") {
                // The kind of timer and its count, not the time.
                let mut commas = line[begin..].match_indices(',').map(|(place, _)| begin + place);
                if let (Some(from), Some(to)) = (commas.next(), commas.next()) {
                    line.replace_range(from + 1..to, "*");
                    moved = true;
                }
            }
            // `keepalive (12.34/0/0)` of netstat.
            if let Some(begin) = line.rfind(" (").filter(|_| line.ends_with(')') && line.matches('/').count() >= 2) {
                let end = line[begin..].find('/').map_or(line.len(), |length| begin + length);
                // Of an unfinished handshake it counts something else, as its table says.
                let end = if line.contains(" SYN_RECV ") { line.len() } else { end };
                line.replace_range(begin + 2..end, "*");
            }
            if line.starts_with("Total: ") || line.starts_with("TCP:   ") {
                // Of the whole host, on which others make sockets; and netlink sockets are let go some time later.
                for (before, after) in [("Total: ", " "), ("TCP:   ", " "), ("closed ", ","), ("orphaned ", ",")] {
                    if !line.contains(before) {
                        continue;
                    }
                    let begin = line.find(before).expect("a figure") + before.len();
                    let end = line[begin..].find(after).map_or(line.len(), |length| begin + length);
                    line.replace_range(begin..end, "*");
                }
            }
            // The threads of the test come and go; the first of them stays.
            while let Some(tid) = line.match_indices(",tid=").map(|(place, _)| place).find(|tid| {
                let number = |from: usize| line[from..].split([',', ')']).next();
                number(tid + 5) != line[..*tid].rfind("pid=").and_then(|pid| number(pid + 4))
            }) {
                let begin = line[..tid].rfind('(').expect("a holder");
                let end = tid + line[tid..].find(')').expect("a holder") + 1;
                line.replace_range(begin..end + usize::from(line[end..].starts_with(',')), "");
                moved = true;
            }
            for own in ["tcpdiag:ss/", "tcpdiag:netstat/", " 4:"] {
                if let Some(begin) = line.find(own).map(|begin| begin + own.len()) {
                    let digits = line[begin..].bytes().take_while(u8::is_ascii_digit).count();
                    line.replace_range(begin..begin + digits, &"#".repeat(digits));
                    // Each makes the buffers of its socket as large as it likes.
                    if let (Some(from), Some(to)) = (line.find(",rb"), line.find(",f")) {
                        line.replace_range(from..to, "");
                        moved = true;
                    }
                }
            }
            line
        })
        .collect();
    let mut lines: Vec<&str> = lines.iter().map(|line| if moved { line.trim_end() } else { line }).collect();
    // The place of the program's own netlink socket depends on its number.
    lines.sort_by_key(|line| line.contains('#').then(|| (*line).to_owned()));
    lines.join("\n")
}

/// Each command line says the same with either, and says something.
#[track_caller]
pub(crate) fn same_in_shell(both: &Both, lines: &[impl AsRef<str>]) {
    for line in lines.iter().map(AsRef::as_ref) {
        let run = |path: String| {
            let mut command = controlled("sh", &["-c", line]);
            command.env("PATH", path).env("LC_ALL", "C");
            let said = finish(command);
            format!("{}{:?}", masked(&said.stdout), said.code)
        };
        let ours = || run(format!("{}:{}", both.folder(), search_path()));
        let said = agree(line, || run(search_path()), ours);
        assert!(said.trim() != "Some(0)", "{line} says nothing");
    }
}
