//! `explain`: a topic as it is written, or laid out for a terminal.

use std::io::{self, Write};

use anstyle::Style;

use super::screen::Screen;
use crate::{
    book::{Topic, joined},
    text::layout::wrapped,
};

/// Prose in longer lines is hard to read.
const LONGEST: usize = 100;

const BOLD: Style = Style::new().bold();

/// Writes a topic: as Markdown on a pipe, laid out on a terminal.
///
/// # Errors
/// As writing does.
pub fn write(out: &mut dyn Write, topic: &Topic, screen: &Screen) -> io::Result<()> {
    if !screen.terminal {
        return writeln!(out, "{}", topic.markdown.trim_end());
    }
    for block in blocks(topic.markdown) {
        for line in block.lines(screen) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

/// Writes all topics, each with its sentence.
///
/// # Errors
/// As writing does.
pub fn write_list(out: &mut dyn Write, topics: &[Topic], screen: &Screen) -> io::Result<()> {
    for topic in topics {
        writeln!(out, "{}", screen.styled(BOLD, topic.name))?;
        for line in wrapped(&topic.summary(), screen.width.min(LONGEST) - 4) {
            writeln!(out, "    {line}")?;
        }
    }
    Ok(())
}

/// A piece of Markdown that is laid out as one.
#[derive(Debug)]
enum Block<'a> {
    Heading(&'a str),
    /// A paragraph, or an item behind its mark.
    Text(&'a str, Vec<&'a str>),
    /// A line of code, kept as it is.
    Code(&'a str),
    Empty,
}

impl Block<'_> {
    fn lines(&self, screen: &Screen) -> Vec<String> {
        match self {
            Block::Heading(text) => wrapped(text, screen.width).iter().map(|line| screen.styled(BOLD, line)).collect(),
            Block::Text(mark, lines) => {
                let indent = mark.len();
                let width = screen.width.min(LONGEST).saturating_sub(indent);
                let lines = wrapped(&joined(lines), width).into_iter().enumerate();
                lines
                    .map(|(place, line)| match place {
                        0 => format!("{mark}{line}"),
                        _ => format!("{}{line}", " ".repeat(indent)),
                    })
                    .collect()
            }
            Block::Code(line) => vec![format!("    {line}").trim_end().to_owned()],
            Block::Empty => vec![String::new()],
        }
    }
}

fn blocks(markdown: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut is_code = false;
    for line in markdown.trim_end().lines() {
        let trimmed = line.trim();
        if trimmed.starts_with("```") {
            is_code = !is_code;
        } else if is_code {
            blocks.push(Block::Code(line));
        } else if trimmed.is_empty() {
            blocks.push(Block::Empty);
        } else if let Some(heading) = trimmed.strip_prefix('#') {
            blocks.push(Block::Heading(heading.trim_start_matches('#').trim()));
        } else if let Some((mark, text)) = item(trimmed) {
            blocks.push(Block::Text(mark, vec![text]));
        } else if let Some(Block::Text(_, lines)) = blocks.last_mut() {
            lines.push(trimmed);
        } else {
            blocks.push(Block::Text("", vec![trimmed]));
        }
    }
    blocks
}

/// The mark of an item with the blank after it, and its text.
fn item(line: &str) -> Option<(&str, &str)> {
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let mark = if line.starts_with("- ") || line.starts_with("* ") {
        2
    } else if digits > 0 && line.get(digits..).is_some_and(|rest| rest.starts_with(". ")) {
        digits + 2
    } else {
        return None;
    };
    line.split_at_checked(mark)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::layout::columns;

    const TEXT: &str = "# A title\n\nOne two three\nfour five.\n\n- an item that is\n  rather long\n1. first\n";

    fn shown(text: &'static str, screen: &Screen) -> String {
        let mut out = Vec::new();
        write(&mut out, &Topic { name: "a", kind: "rule", markdown: text }, screen).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_pipe_gets_the_text_as_it_is_written() {
        assert_eq!(shown(TEXT, &Screen::plain(true)), TEXT);
    }

    #[test]
    fn a_terminal_gets_lines_of_its_width() {
        let text = shown(TEXT, &Screen::terminal(40, true, false));
        assert_eq!(text, "A title\n\nOne two three four five.\n\n- an item that is rather long\n1. first\n");
        for topic in crate::book::topics(crate::text::Lang::Zh) {
            for width in [40, 80, 200] {
                let text = shown(topic.markdown, &Screen::terminal(width, true, false));
                assert!(text.lines().all(|line| columns(line) <= width), "{text}");
            }
        }
    }
}
