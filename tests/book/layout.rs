//! Every text in every language at several widths: no line too long, headings in order, nothing left of the markup.

use expect_test::expect_file;
use sockdoc::{
    book::{self, Topic},
    draw::{machine, sequence},
    render::{explain, screen::Screen},
    text::{Catalogue, Lang, layout::columns},
};

use super::assert_none;

/// Texts whose layout is kept for reading.
const KEPT: [&str; 10] = [
    "states",
    "TIME_WAIT",
    "CLOSE_WAIT",
    "three-way-handshake",
    "four-way-close",
    "close-wait-leak",
    "EMFILE",
    "Recv-Q",
    "net.ipv4.tcp_tw_reuse",
    "TcpExtListenDrops",
];

const WIDTHS: [usize; 2] = [80, 200];

fn shown(topic: &Topic, lang: Lang, width: usize, unicode: bool) -> Vec<String> {
    let screen = Screen::terminal(width, unicode, false);
    let document = explain::document(topic, &[], &Catalogue::new(lang), &screen);
    let mut out = Vec::new();
    explain::write(&mut out, &document, &screen).unwrap();
    String::from_utf8(out).unwrap().lines().map(str::to_owned).collect()
}

/// Code of the text, which is never broken.
fn code(topic: &Topic) -> Vec<String> {
    let markdown = super::markdown(topic);
    let spans = pulldown_cmark::Parser::new(&markdown).filter_map(|event| match event {
        pulldown_cmark::Event::Code(text) => Some(text.to_string()),
        _ => None,
    });
    spans.collect()
}

fn faults(topic: &Topic, lang: Lang, width: usize, unicode: bool) -> Vec<String> {
    let lines = shown(topic, lang, width, unicode);
    let code = code(topic);
    let mut faults = Vec::new();
    for line in &lines {
        let is_command = code.iter().any(|code| columns(code) + 8 > width && line.contains(code.as_str()));
        if columns(line) > width && !is_command {
            faults.push(format!("{} columns: {line}", columns(line)));
        }
        if line.trim_end() != line {
            faults.push(format!("blanks at the end: {line:?}"));
        }
        let is_drawn = line.contains("--") || line.contains("──");
        if !is_drawn && ["`", "**", "{{", "}}", "](", "&lt;", "&amp;"].iter().any(|mark| line.contains(mark))
            || line.starts_with('#')
        {
            faults.push(format!("markup: {line}"));
        }
        let is_text = |c: char| c.is_ascii() || c.is_alphanumeric() || "，。、；：（）“”？！《》…×".contains(c);
        if !unicode && !line.chars().all(is_text) {
            faults.push(format!("not ASCII: {line}"));
        }
    }
    if lang == Lang::En && !unicode && !lines.iter().all(|line| line.is_ascii()) {
        faults.push("English is not ASCII".to_owned());
    }
    if lines.windows(2).any(|pair| pair.iter().all(String::is_empty)) {
        faults.push("two empty lines".to_owned());
    }
    let mut rest = lines.iter();
    for heading in topic.body.lines().filter_map(|line| line.strip_prefix("## ")) {
        if !rest.by_ref().any(|line| line == heading) {
            faults.push(format!("no heading {heading:?} in its place"));
        }
    }
    faults
}

#[test]
fn every_text_fits_and_has_nothing_left_of_the_markup() {
    let mut wrong = Vec::new();
    for (language, lang) in Lang::ALL {
        for topic in book::topics(lang) {
            for width in WIDTHS {
                for unicode in [true, false] {
                    let place = format!("{language}/{} at {width}", topic.name);
                    wrong.extend(faults(&topic, lang, width, unicode).iter().map(|fault| format!("{place}: {fault}")));
                }
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn ten_texts_are_as_they_were_read() {
    for (language, lang) in Lang::ALL {
        for name in KEPT {
            let topic = book::search::find(name, lang).unwrap();
            let text = shown(&topic, lang, 80, lang == Lang::Zh).join("\n");
            let file = format!("../fixtures/golden/explain-{}.{language}.txt", name.to_ascii_lowercase());
            expect_file![file].assert_eq(&(text + "\n"));
        }
    }
}

#[test]
fn the_drawings_fit_the_narrowest_usual_terminal() {
    const { assert!(machine::WIDTH <= 80 && sequence::WIDTH <= 80) };
    for (_, lang) in Lang::ALL {
        let topic = book::search::find("TIME_WAIT", lang).unwrap();
        let [wide, narrow] = [80, 60].map(|width| shown(&topic, lang, width, false).join("\n"));
        assert!(wide.contains("FIN seq=u") && !narrow.contains("FIN seq=u"), "{narrow}");
        assert!(narrow.contains("78"), "{narrow}");
    }
}
