//! The story of sockets: `explain` with a filter.

use std::collections::BTreeMap;

use expect_test::expect_file;
use sockdoc::{
    model::{entry::Entry, finding::Finding, owner::Unknown, socket::Timer, state::State},
    render::{
        explain,
        list::Owner,
        screen::Screen,
        story::{StorySocket, chapter, title},
    },
    report::ends::ends,
    text::Catalogue,
};

use crate::{
    measure::{check_lines, languages, screens, sections, written},
    patients,
    sockets::{LIMITS, World, all_sockets},
};

const FILTER: &str = "sport = :443 or *oracle*";

fn sockets<'a>(entries: &'a [Entry], owners: &[Owner<'a>], findings: &'a [Finding]) -> Vec<StorySocket<'a>> {
    let one = |entry: &'a Entry| {
        let is_held = entry.inode != 0;
        StorySocket {
            entry,
            holders: if is_held { owners[7..].to_vec() } else { Vec::new() },
            unknown: (!is_held).then_some(match entry.state {
                State::TIME_WAIT => Unknown::NoneKept,
                _ => Unknown::NotPermitted,
            }),
            user: Some("www-data"),
            ends: ends(entry, &LIMITS),
            findings: findings.iter().filter(|_| entry.state == State::CLOSE_WAIT).collect(),
        }
    };
    entries.iter().map(one).collect()
}

fn story(words: &Catalogue, screen: &Screen, all: bool) -> String {
    let (world, entries) = (World::new(), all_sockets());
    let findings = patients::busy().diagnosis.unwrap().findings;
    let mut states: BTreeMap<State, u64> = BTreeMap::new();
    entries.iter().for_each(|entry| *states.entry(entry.state).or_default() += 1);
    let told = sockets(&entries, &world.owners(), &findings);
    let markdown = title(FILTER, words, screen) + &chapter(&states, told, FILTER, words, screen, all);
    written(|out| explain::write(out, &markdown, screen))
}

#[test]
fn the_story_of_sockets() {
    for (lang, words) in languages() {
        let parts = screens().into_iter().filter(|(_, screen)| screen.width == 80).flat_map(|(name, screen)| {
            [(false, ""), (true, ", all")].map(|(all, mark)| (format!("{name}{mark}"), story(&words, &screen, all)))
        });
        let parts: Vec<_> = parts.collect();
        for (name, text) in parts.iter().filter(|(name, _)| name.starts_with("80")) {
            check_lines(text, 80, name);
        }
        expect_file![format!("../fixtures/golden/story.{lang}.txt")].assert_eq(&sections(parts));
    }
}

#[test]
fn no_sockets_have_no_story() {
    for (lang, words) in languages() {
        let text = chapter(&BTreeMap::new(), Vec::new(), FILTER, &words, &Screen::plain(true), false);
        expect_file![format!("../fixtures/golden/story-nothing.{lang}.txt")].assert_eq(&text);
    }
}

#[test]
fn the_story_says_who_acts_by_the_queues_before_the_state() {
    let (world, entries) = (World::new(), all_sockets());
    let open = entries.iter().find(|entry| entry.state == State::ESTABLISHED).unwrap();
    let (_, english) = languages().next().unwrap();
    let (_, screen) = screens().into_iter().next().unwrap();
    let said = |timer, rqueue, unknown: Option<Unknown>| {
        let entries = [Entry { timer, rqueue, wqueue: 5_000, detail: None, ..open.clone() }];
        let mut told = sockets(&entries, &world.owners(), &[]);
        told[0].unknown = unknown;
        chapter(&BTreeMap::from([(State::ESTABLISHED, 1)]), told, FILTER, &english, &screen, false)
    };
    let peer_reads = "Who acts next: peer program must read (its window is closed).";
    assert!(said(Timer::None, 0, None).contains("Who acts next: none (connection is open)."));
    assert!(said(Timer::Persist, 0, None).contains(peer_reads));
    assert!(said(Timer::Persist, 1, None).contains("Who acts next: local program must read waiting data."));
    let not_accepted = said(Timer::None, 1, Some(Unknown::NotAccepted));
    assert!(not_accepted.contains("Who acts next: local program must accept()."), "{not_accepted}");
}
