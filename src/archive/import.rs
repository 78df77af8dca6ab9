//! Text of other tools: `ss`, `netstat` of Linux, and the tables of `/proc/net`, as far as their columns go.
//!
//! A row of `ss` or `netstat` becomes the kernel's own record again ([`row`]); the tables are read as they are. What a
//! text does not tell stays unknown ([`Blanks`]), and is said.

mod info;
mod netstat;
mod row;
mod ss;

use self::row::Sheet;
pub use self::row::{Services, Text};
use crate::{
    model::{blanks::Blanks, gap::Lack},
    source::text::TextSource,
};

/// More lines are read of no text.
const MOST_LINES: usize = 2_000_000;

/// No line is longer: the listener of a server with thousands of processes, all of them told.
const LONGEST: usize = 4 << 20;

/// What a text that cannot be read is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refused {
    /// Nothing that is read here.
    Unknown,
    /// So many rows of sockets, none of which can be read.
    Rows(u64),
    /// More than is read of any text.
    TooLarge,
}

/// Whether bytes are text.
pub fn is_text(bytes: &[u8]) -> bool {
    let beginning = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    !beginning.trim_ascii().is_empty() && !beginning.contains(&0)
}

/// Reads a text.
///
/// # Errors
/// Where it is none of those.
pub fn read(bytes: &[u8], services: Services<'_>) -> Result<Text, Refused> {
    let text = String::from_utf8_lossy(bytes);
    if text.lines().nth(MOST_LINES).is_some() {
        return Err(Refused::TooLarge);
    }
    let text = text.trim_start_matches('\u{feff}');
    // Quoted in a mail, or indented: all of it, or nothing.
    let full = || text.lines().filter(|line| !line.trim().is_empty());
    let is_quoted = full().all(|line| line.starts_with('>'));
    let indent = full().map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or(0);
    let plain = |line| if is_quoted { unquoted(line) } else { line.get(indent..).unwrap_or_default() };
    if text.lines().any(|line| line.len() > LONGEST) {
        return Err(Refused::TooLarge);
    }
    let lines: Vec<&str> = text.lines().map(plain).collect();
    let is_known = lines.iter().any(|line| is_heading(line));
    if lines.iter().any(|line| is_table_head(line)) {
        return Ok(tables(&lines));
    }
    let mut sheet = Sheet::new(services);
    let kind = if lines.iter().any(|line| netstat::is_of_it(line)) {
        netstat::read(&lines, &mut sheet);
        "netstat"
    } else {
        ss::read(&lines, &mut sheet);
        "ss"
    };
    match (sheet.is_empty(), sheet.left_out) {
        (true, 0) if !is_known => Err(Refused::Unknown),
        (true, rows @ 1..) => Err(Refused::Rows(rows)),
        _ => Ok(sheet.finish(kind)),
    }
}

fn unquoted(line: &str) -> &str {
    let line = line.trim_start_matches('>');
    line.strip_prefix(' ').unwrap_or(line)
}

fn is_table_head(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    words.next() == Some("sl") && words.next() == Some("local_address")
}

/// A heading, even without a row below it: there was nothing to tell.
fn is_heading(line: &str) -> bool {
    is_table_head(line)
        || line.starts_with("Active Internet")
        || (line.contains("Recv-Q") && line.contains("Local Address"))
}

/// `/proc/net/tcp`, `tcp6`, `udp`, `udp6` and `unix`, one after the other.
fn tables(lines: &[&str]) -> Text {
    const HEADS: [&str; 5] = ["sl local_address", "sl local_address", "sl local_address", "sl local_address", "Num"];
    const NAMES: [&str; 5] = ["tcp", "tcp6", "udp", "udp6", "unix"];
    let mut texts = HEADS.map(|head| format!("{head}\n"));
    let mut has = [false; 5];
    let (mut in_unix, mut left_out, mut listens, mut others) = (false, 0, false, false);
    for line in lines {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let digits = words.get(1).and_then(|end| end.split_once(':')).map_or(0, |(digits, _)| digits.len());
        // UDP has the same columns as TCP, one more for the drops, and no state but 1 and 7.
        let is_udp = words.len() == 13 && matches!(words.get(3), Some(&"01" | &"07"));
        let place = match (words.first(), digits) {
            (Some(&"Num"), _) => {
                in_unix = true;
                continue;
            }
            (Some(&"sl"), _) => {
                in_unix = false;
                continue;
            }
            (Some(_), 8) if words.len() > 9 => 2 * usize::from(is_udp),
            (Some(_), 32) if words.len() > 9 => 1 + 2 * usize::from(is_udp),
            (Some(number), _) if in_unix && number.ends_with(':') && words.len() > 6 => 4,
            (Some(number), _) => {
                left_out += u64::from(number.ends_with(':') && number.trim_end_matches(':').parse::<u32>().is_ok());
                continue;
            }
            (None, _) => continue,
        };
        if place < 2 {
            let is_listener = words.get(3) == Some(&"0A");
            (listens, others) = (listens || is_listener, others || !is_listener);
        }
        if let (Some(text), Some(has)) = (texts.get_mut(place), has.get_mut(place)) {
            *has = true;
            text.push_str(line);
            text.push('\n');
        }
    }
    // Both families, or none; a heading alone tells that there was nothing.
    let has_tcp = has.iter().take(2).any(|has| *has) || !has.contains(&true);
    has.iter_mut().take(2).for_each(|has| *has = has_tcp);
    let mut source = TextSource::default();
    source.blanks = Blanks { host: true, states: Blanks::untold(listens, others), ..Blanks::default() };
    for ((name, text), _) in NAMES.iter().zip(texts).zip(has).filter(|(_, has)| *has) {
        source.file(&format!("/proc/thread-self/net/{name}"), text);
    }
    let lacks = vec![Lack::Owners, Lack::TcpInfo, Lack::AcceptLimits];
    Text { source, kind: "/proc/net", lacks, left_out }
}
