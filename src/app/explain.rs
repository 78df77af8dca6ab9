//! `explain`: finds the topic or the sockets that are asked for, reads this host's figures, and shows the text.

use std::{collections::BTreeMap, time::SystemTime};

use super::{examine::Examination, prelude::*, socket_report::NamedSockets};
use crate::{
    book::{
        self, Topic, TopicKind,
        live::{self, FigureSource, HostFigures},
        setting,
    },
    cli::{check::CheckOptions, explain::ExplainOptions, options::SampleOptions},
    collect::snapshot,
    model::{sorted, state::State},
    render::json::{self, findings::TopicText},
};

impl Task for ExplainOptions {
    fn run(&self, run: Run) -> anyhow::Result<u8> {
        if run.options.from.is_some() && run.rows.is_some() {
            run.pager.hold()?;
        }
        run.on_input(&|run| run.explain(self))
    }
}

impl Run {
    /// Shows a topic, the story of sockets, or what there is to read.
    fn explain(&self, options: &ExplainOptions) -> anyhow::Result<u8> {
        let lang = self.words.lang();
        if options.words.is_empty() {
            self.contents(options.all)?;
            return Ok(DONE);
        }
        let word = options.words.join(" ");
        if let Some(topic) = book::search::find(&word, lang) {
            return self.topic(&topic, options.no_live);
        }
        let Some(sockets) = NamedSockets::of(&options.words) else {
            return Err(anyhow!(self.unknown_topic(&word)));
        };
        match (self.socket_report(&sockets, options.no_live), book::search::within(&word, lang)) {
            (Ok((markdown, lives)), _) => {
                let text =
                    TopicText { topic: &sockets.text, kind: "sockets", title: &sockets.text, markdown: &markdown };
                self.show(&text, &lives)?;
                Ok(DONE)
            }
            // A question or a program's output, which may hold what resembles a filter: `curl: (52) Empty reply from server`.
            (Err(_), Some(topic)) if !sockets.is_clear || topic.kind != TopicKind::State => {
                self.topic(&topic, options.no_live)
            }
            (Err(error), _) => Err(error),
        }
    }

    /// Shows a topic.
    fn topic(&self, topic: &Topic, no_live: bool) -> anyhow::Result<u8> {
        let lives = if no_live { Vec::new() } else { self.lives(topic)? };
        let markdown = render::explain::document(topic, &lives, &self.words, &self.screen);
        let text = TopicText { topic: topic.name, kind: topic.kind.name(), title: topic.title, markdown: &markdown };
        self.show(&text, &lives)?;
        Ok(DONE)
    }

    /// The table of contents, or all texts.
    fn contents(&self, all: bool) -> anyhow::Result<()> {
        let lang = self.words.lang();
        let topics = book::topics(lang);
        let document = |topic: &Topic| render::explain::document(topic, &[], &self.words, &self.screen);
        if self.options.format == Format::Json {
            let topics: Vec<_> = topics.into_iter().map(|topic| (topic, all.then(|| document(&topic)))).collect();
            return print(|out| json::findings::topics(out, &topics, lang));
        }
        let mut text = Vec::new();
        if all {
            let documents: Vec<String> = topics.iter().map(document).collect();
            render::explain::write(&mut text, &documents.join("\n\n"), &self.screen)?;
        } else {
            render::explain::write_list(&mut text, &topics, &self.words, &self.screen)?;
        }
        self.page(&text)
    }

    fn show(&self, text: &TopicText<'_>, lives: &[HostFigures]) -> anyhow::Result<()> {
        if self.options.format == Format::Json {
            return print(|out| json::findings::topic(out, text, lives, self.words.lang()));
        }
        let mut shown = Vec::new();
        render::explain::write(&mut shown, text.markdown, &self.screen)?;
        self.page(&shown)
    }

    /// Prints a text; on a terminal that it does not fit, with a pager.
    fn page(&self, text: &[u8]) -> anyhow::Result<()> {
        let lines = text.iter().filter(|&&byte| byte == b'\n').count();
        // The last row is for the prompt.
        let is_long = self.rows.is_some_and(|rows| lines >= rows);
        if is_long && self.pager.show(&String::from_utf8_lossy(text))? {
            return Ok(());
        }
        print(|out| out.write_all(text))
    }

    /// The figures of every namespace of the run that belong to a topic.
    fn lives(&self, topic: &Topic) -> anyhow::Result<Vec<HostFigures>> {
        let need = live::need(topic);
        if matches!(need, FigureSource::Nothing) {
            return Ok(Vec::new());
        }
        let source = &*self.input.source();
        let kernel = collect::host::read(source).kernel;
        let mut scope = self.scope()?;
        let labels = scope.all_labels();
        let several = self.options.netns.is_some();
        let plan = self.plan_of(topic, &need)?;
        let is_live = self.is_live();
        let taken = self.taken(source);
        let answers = scope.each(&*self.input, &|source, place| {
            let mut live = match &need {
                FigureSource::Nothing => HostFigures::default(),
                FigureSource::Setting(name) if !is_live && snapshot::setting(source, name).is_none() => {
                    live::not_shown(name)
                }
                FigureSource::Counter(name) if !is_live && snapshot::counter(source, name).is_none() => {
                    live::not_shown(name)
                }
                FigureSource::Setting(name) => {
                    let values: BTreeMap<&str, String> = sorted::map(
                        setting::names(name).filter_map(|name| Some((name, snapshot::setting(source, name)?))),
                    );
                    setting::setting(name, &values, &kernel, snapshot::is_initial_netns(source))
                }
                FigureSource::Counter(name) => live::counter(name, snapshot::counter(source, name), &kernel),
                FigureSource::Sockets(_) => of_sockets(source, topic, &plan),
            };
            live.netns = labels.get(place).filter(|_| several).cloned();
            live.taken.clone_from(&taken);
            live
        })?;
        self.note_gaps(&scope.gaps);
        Ok(answers.into_iter().map(|(_, live)| live).collect())
    }

    /// How closely a topic's rules read.
    fn plan_of(&self, topic: &Topic, need: &FigureSource) -> anyhow::Result<Examination> {
        let mut wanted = self.wanted_rules(&CheckOptions::default())?;
        wanted.rules = match need {
            FigureSource::Sockets(rules) => rules.clone(),
            _ => Vec::new(),
        };
        // A rule reads the host closely only if its own topic is requested.
        wanted.named = if topic.kind == TopicKind::Rule { vec![topic.name] } else { Vec::new() };
        let bound_inactive = topic.state() == Some(State::BOUND_INACTIVE);
        Ok(Examination::of(&wanted, self.closely(SampleOptions::default()), bound_inactive))
    }

    /// The file that is read, and when it was taken.
    fn taken(&self, source: &dyn Source) -> Option<(String, SystemTime)> {
        let file = self.options.from.clone().filter(|_| !self.is_live())?;
        Some((file, source.now()))
    }

    pub(super) fn unknown_topic(&self, word: &str) -> String {
        let shown = visible(word.as_bytes(), self.screen.unicode);
        let what = self.words.say(messages::ERROR_UNKNOWN_TOPIC, &[("word", words(shown))]);
        let near = book::search::nearest(word, None);
        let more = match near.as_slice() {
            [] => self.words.say(messages::SEE_TOPICS, &[("command", words("sockdoc explain"))]),
            near => self
                .words
                .say(messages::DID_YOU_MEAN, &[("candidate", words(near.join(self.words.lang().between_quoted())))]),
        };
        self.words.say(messages::JOINED, &[("what", words(what)), ("more", words(more))])
    }
}

/// The figures of a state or a rule in one namespace.
fn of_sockets(source: &mut dyn Source, topic: &Topic, examination: &Examination) -> HostFigures {
    let (mut snapshot, _) = snapshot::snapshot(source, &examination.depth, None);
    let also: Vec<u32> = live::inodes(topic, &snapshot).into_iter().collect();
    let (verdict, _) = examination.verdict(source, &mut snapshot, also);
    live::sockets(topic, &snapshot, &verdict)
}
