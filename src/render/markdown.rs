//! Markdown for a terminal: paragraphs wrapped by columns, code kept whole, styles only if colors are allowed.

use std::ops::Range;

use anstyle::{AnsiColor, Style};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::screen::Screen;
use crate::{
    book::parts_with_blank,
    text::layout::{columns, pieces},
};

/// Prose in longer lines is hard to read.
const LONGEST: usize = 100;
/// Columns before a block of code.
const INDENT: usize = 4;

const BOLD: Style = Style::new().bold();
/// Readable on light and dark ground alike.
const CODE: Style = AnsiColor::Cyan.on_default();

/// How a part of a text looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Emphasis {
    Strong,
    Code,
}

/// A text of one paragraph with the parts that look different.
#[derive(Default, Debug)]
struct StyledText {
    text: String,
    parts: Vec<(Range<usize>, Emphasis)>,
    /// A line of the source ended here.
    broken: bool,
    /// Where strong text began.
    strong: Option<usize>,
}

impl StyledText {
    fn push(&mut self, text: &str, emphasis: Option<Emphasis>) {
        if std::mem::take(&mut self.broken) && parts_with_blank(&self.text, text) {
            self.text.push(' ');
        }
        let start = self.text.len();
        self.text.push_str(text);
        self.parts.extend(emphasis.map(|emphasis| (start..self.text.len(), emphasis)));
    }

    /// Whether a line may end at a byte: not within code, nor within a path or a name, which people copy.
    fn may_end(&self, at: usize) -> bool {
        let is_inner = |end: Option<char>| end.is_some_and(|end| end.is_ascii_graphic());
        let (before, after) = self.text.split_at_checked(at).unwrap_or_default();
        let is_within_word = is_inner(before.chars().next_back()) && is_inner(after.chars().next());
        !is_within_word
            && !self
                .parts
                .iter()
                .any(|(part, emphasis)| *emphasis == Emphasis::Code && part.start < at && at < part.end)
    }

    /// The ranges of the lines, each of at most this many columns unless it holds longer code.
    fn lines(&self, width: usize) -> Vec<Range<usize>> {
        let mut lines: Vec<Range<usize>> = Vec::new();
        let mut line = 0..0;
        let mut piece = 0..0;
        for part in pieces(&self.text) {
            piece.end += part.len();
            if !self.may_end(piece.end) {
                continue;
            }
            if line.start < line.end && self.columns(line.start..piece.end) > width {
                lines.push(line.clone());
                line = piece.start..piece.start;
            }
            line.end = piece.end;
            piece.start = piece.end;
        }
        line.end = self.text.len();
        if line.start < line.end {
            lines.push(line);
        }
        lines
    }

    fn columns(&self, place: Range<usize>) -> usize {
        columns(self.text.get(place).unwrap_or_default().trim_end())
    }

    /// A line with its styles.
    fn styled(&self, line: &Range<usize>, screen: &Screen, base: Option<Style>) -> String {
        let end = line.start + self.text.get(line.clone()).unwrap_or_default().trim_end().len();
        let mut shown = String::new();
        let mut at = line.start;
        let mut put = |place: Range<usize>, style: Option<Style>| {
            let text = self.text.get(place).unwrap_or_default();
            match style {
                Some(style) => shown.push_str(&screen.styled(style, text)),
                None => shown.push_str(text),
            }
        };
        for (part, emphasis) in &self.parts {
            let (from, to) = (part.start.max(at), part.end.min(end));
            if from >= to {
                continue;
            }
            put(at..from, base);
            put(from..to, Some(if *emphasis == Emphasis::Code { CODE } else { BOLD }));
            at = to;
        }
        put(at..end, base);
        shown
    }
}

/// The last written element; it decides whether an empty line follows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Last {
    Nothing,
    Heading,
    Paragraph,
    Item,
    Code,
}

/// Lays out a text.
pub fn lines(markdown: &str, screen: &Screen) -> Vec<String> {
    let mut page = MarkdownWriter {
        screen,
        lines: Vec::new(),
        last: Last::Nothing,
        flow: StyledText::default(),
        lists: Vec::new(),
        mark: String::new(),
        code: None,
    };
    for event in Parser::new_ext(markdown, Options::empty()) {
        page.take(event);
    }
    page.lines
}

struct MarkdownWriter<'a> {
    screen: &'a Screen,
    lines: Vec<String>,
    last: Last,
    flow: StyledText,
    /// The lists one is in, each with the number of its next item.
    lists: Vec<Option<u64>>,
    /// The mark before the item that begins.
    mark: String,
    /// The code block one is in.
    code: Option<String>,
}

impl MarkdownWriter<'_> {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::List(first)) => {
                self.paragraph();
                self.lists.push(first);
            }
            Event::End(TagEnd::List(_)) => {
                self.lists.pop();
                self.mark.clear();
            }
            Event::Start(Tag::Item) => {
                let depth = "  ".repeat(self.lists.len().saturating_sub(1));
                self.mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{depth}{}. ", *number - 1)
                    }
                    _ => format!("{depth}- "),
                };
            }
            Event::End(TagEnd::Item | TagEnd::Paragraph) => self.paragraph(),
            Event::End(TagEnd::Heading(_)) => {
                let flow = std::mem::take(&mut self.flow);
                self.part_from_last(Last::Heading);
                self.write(&flow, "", Some(BOLD));
            }
            Event::Start(Tag::CodeBlock(_)) => {
                self.paragraph();
                self.code = Some(String::new());
            }
            Event::End(TagEnd::CodeBlock) => self.code_block(),
            Event::Start(Tag::Strong) => self.flow.strong = Some(self.flow.text.len()),
            Event::End(TagEnd::Strong) => {
                let end = self.flow.text.len();
                let from = self.flow.strong.take();
                self.flow.parts.extend(from.map(|from| (from..end, Emphasis::Strong)));
            }
            Event::Text(text) => match &mut self.code {
                Some(code) => code.push_str(&text),
                None => self.flow.push(&text, None),
            },
            Event::Code(text) => self.flow.push(&text, Some(Emphasis::Code)),
            Event::Html(text) | Event::InlineHtml(text) => self.flow.push(&text, None),
            Event::SoftBreak | Event::HardBreak => self.flow.broken = true,
            _ => {}
        }
    }

    /// Writes the collected text of a paragraph or an item.
    fn paragraph(&mut self) {
        let flow = std::mem::take(&mut self.flow);
        if flow.text.is_empty() {
            return;
        }
        let is_item = !self.lists.is_empty();
        self.part_from_last(if is_item { Last::Item } else { Last::Paragraph });
        let mark = std::mem::take(&mut self.mark);
        self.write(&flow, &mark, None);
        if is_item {
            // A second paragraph of the item is below the first.
            self.mark = " ".repeat(mark.len());
        }
    }

    /// Puts an empty line between blocks; a list follows its paragraph at once.
    fn part_from_last(&mut self, next: Last) {
        let is_close = matches!((self.last, next), (Last::Nothing, _) | (Last::Paragraph | Last::Item, Last::Item));
        if !is_close {
            self.lines.push(String::new());
        }
        self.last = next;
    }

    fn write(&mut self, flow: &StyledText, mark: &str, base: Option<Style>) {
        let width = self.screen.width.min(LONGEST).saturating_sub(mark.len());
        for (place, line) in flow.lines(width).iter().enumerate() {
            let before = if place == 0 { mark.to_owned() } else { " ".repeat(mark.len()) };
            self.lines.push(format!("{before}{}", flow.styled(line, self.screen, base)));
        }
    }

    /// Code is kept as it is, as far from the edge as its longest line leaves room for.
    fn code_block(&mut self) {
        let Some(code) = self.code.take() else { return };
        self.part_from_last(Last::Code);
        let widest = code.lines().map(columns).max().unwrap_or(0);
        let indent = " ".repeat(INDENT.min(self.screen.width.saturating_sub(widest)));
        self.lines.extend(code.lines().map(|line| format!("{indent}{line}").trim_end().to_owned()));
    }
}

/// A text from elsewhere as Markdown that shows it as it is.
pub fn literal(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let is_inner = before.is_alphanumeric() && rest.peek().is_some_and(|next| next.is_alphanumeric());
        if matches!(character, '\\' | '*' | '`' | '[' | ']' | '<' | '&') || (character == '_' && !is_inner) {
            shown.push('\\');
        }
        shown.push(character);
        before = character;
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, width: usize) -> Vec<String> {
        lines(text, &Screen::terminal(width, true, false))
    }

    #[test]
    fn blocks_are_parted_and_lines_have_the_width() {
        let text =
            "# A title\n\nOne two three\nfour five:\n- an item that is rather long, for one\n- x\n\n1. y\n\nEnd.";
        let expected = [
            "A title",
            "",
            "One two three four five:",
            "- an item that is rather long, for one",
            "- x",
            "1. y",
            "",
            "End.",
        ];
        assert_eq!(shown(text, 40), expected);
        assert_eq!(shown("- aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii", 40)[1], "  hhhh iiii");
    }

    #[test]
    fn chinese_lines_join_without_a_blank_and_break_by_columns() {
        assert_eq!(shown("一二\n三，\nabc\n`d`", 40), ["一二三，abc d"]);
        let lines = shown(&"内核有记录就按内核的，".repeat(8), 40);
        assert!(lines.iter().all(|line| columns(line) <= 40 && !line.starts_with('，')), "{lines:?}");
    }

    #[test]
    fn code_is_never_broken() {
        let lines = shown("Ask with `sockdoc group --by service,direction time-wait` what it is.", 40);
        assert_eq!(lines, ["Ask with", "sockdoc group --by service,direction time-wait", "what it is."]);
        let path = shown("It is read from the files net/ipv4/tcp_input.c and so on.", 40);
        assert_eq!(path, ["It is read from the files", "net/ipv4/tcp_input.c and so on."]);
        let block = "```text\na  b\n   c\n```";
        assert_eq!(shown(block, 40), ["    a  b", "       c"]);
        let wide = format!("```\n{}\n```", "x".repeat(39));
        assert_eq!(shown(&wide, 40), [format!(" {}", "x".repeat(39))]);
    }

    #[test]
    fn styles_come_with_colours_only() {
        let screen = Screen::terminal(40, true, true);
        let styled = lines("# T\n\na **b** `c`", &screen);
        assert_eq!(styled[2], format!("a {} {}", screen.styled(BOLD, "b"), screen.styled(CODE, "c")));
        assert_eq!(styled[0], screen.styled(BOLD, "T"));
        assert_eq!(shown("a **b** `c`", 40), ["a b c"]);
    }

    #[test]
    fn what_comes_from_elsewhere_is_shown_as_it_is() {
        for text in ["*:443", "a_b_c", "_x_", "`rm`", "<b>", "[x](y)", "a & b &amp;", r"\x1b", "TIME_WAIT"] {
            assert_eq!(shown(&literal(text), 40), [text]);
        }
        assert_eq!(literal("TIME_WAIT"), "TIME_WAIT");
    }
}
