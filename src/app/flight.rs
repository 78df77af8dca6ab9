//! The flight recorder, `record --on`: the last samples in memory, written to a folder when a finding is new; and its list.

use std::{
    collections::BTreeMap,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use super::{
    examine::{Examination, Examiner},
    input::kernel::KernelInput,
    prelude::*,
    run::SamplePace,
};
use crate::{
    archive::{
        RecordingSettings, RecordingWriter, SampleRing, SampleTape,
        format::{Trigger, head_of},
    },
    cli::{options::SampleOptions, record::RecordOptions},
    collect::series::Baseline,
    model::{
        finding::{Finding, Severity},
        sorted,
    },
    render::flights::Flight,
    report::{
        overview::Overview,
        rates::Rises,
        trend::{Course, Trends, WatchSample},
    },
    source::kernel::KernelSource,
    system::{
        atomic_file::AtomicFile,
        cpu,
        files::FileRefusal,
        interrupt::Interrupt,
        spool::{Spool, SpoolFile},
    },
    text::rule,
};

/// The time between samples where `--every` is not given.
const EVERY: Duration = Duration::from_secs(10);

/// A finding that comes and goes is written once in this time.
const COOL_DOWN: Duration = Duration::from_secs(600);

/// The ending of recordings.
const ENDING: &str = ".sockdoc";

/// The first frame of a recording, which is its head, is shorter.
const HEAD: u64 = 4096;

/// Names that are tried for one recording.
const TRIES: u32 = 1_000;

/// The state of the flight recorder between samples.
struct FlightRecorder<'a> {
    run: &'a Run,
    options: &'a RecordOptions,
    settings: RecordingSettings,
    folder: &'a str,
    ring: SampleRing,
    trends: Trends,
    on: Severity,
    /// When the finding of each rule about a program, or else about a subject, was written last: a program that is started
    /// again and again is one.
    written: BTreeMap<String, Instant>,
    /// Recordings to write: the trigger, the name of the finding, and the time of writing.
    due: Vec<(Trigger, String, Instant)>,
    /// The last error that was printed; it is not printed twice in a row.
    failure: Option<String>,
}

impl Run {
    /// Runs the flight recorder until an interrupt comes.
    pub(super) fn fly(&self, options: &RecordOptions, on: Severity, settings: RecordingSettings) -> anyhow::Result<u8> {
        let folder = options.output.as_deref().unwrap_or_default();
        Spool::open(folder, true).map_err(|error| self.about_file(folder, &error))?;
        let wanted = self.wanted_rules(&options.check)?;
        let sampling = SampleOptions { wait: None, deep: options.deep };
        let examination = Examination::of(&wanted, sampling, false);
        let mut examiner = Examiner::new(self, &examination, Baseline::Recent)?;
        let every = options.every.unwrap_or(EVERY);
        let interrupt = Interrupt::listen()?;
        let mut recorder = FlightRecorder {
            run: self,
            options,
            settings,
            folder,
            ring: SampleRing::new(options.flight.keep, options.flight.max_memory),
            trends: Trends::default(),
            on,
            written: BTreeMap::new(),
            due: Vec::new(),
            failure: None,
        };
        let values = [
            ("every", words(rule::duration(every, self.words.lang()))),
            ("count", number(options.flight.keep as u64)),
            ("file", words(folder)),
        ];
        self.note(&self.words.say(messages::FLIGHT_BEGINS, &values));
        let mut pace = SamplePace::of(every);
        loop {
            let (began, before) = (Instant::now(), cpu::used());
            if let Err(error) = recorder.take_sample(&mut examiner) {
                recorder.fail(messages::FLIGHT_NO_SAMPLE, &[("why", words(format!("{error:#}")))]);
            }
            let interval = pace.next(self, cpu::used().saturating_sub(before));
            recorder.write_what_is_due(&examination, Instant::now());
            if !interrupt.wait(interval.saturating_sub(began.elapsed())) {
                break;
            }
        }
        // The end of the run: recordings that were still due later are written now.
        let end = Instant::now() + options.flight.after;
        recorder.write_what_is_due(&examination, end);
        Ok(DONE)
    }

    /// Lists the recordings of a folder, newest last.
    pub(super) fn list_flights(&self, folder: &str) -> anyhow::Result<u8> {
        let spool = Spool::open(folder, false).map_err(|error| self.about_file(folder, &error))?;
        let files = spool.files(HEAD).map_err(|error| self.about_file(folder, &error))?;
        let flights: Vec<Flight> = files.into_iter().filter_map(|file| flight(&file)).collect();
        if flights.is_empty() {
            self.note(&self.words.say(messages::FLIGHT_EMPTY, &[("file", words(folder))]));
        }
        print(|out| render::flights::write(out, &flights, &self.words, &self.screen))?;
        Ok(DONE)
    }
}

/// The name of a finding for the cool-down.
fn name(finding: &Finding) -> String {
    let subject = &finding.subject;
    let about = subject.program().map_or_else(|| subject.word(), |program| program.name.clone());
    format!("{}:{about}", finding.rule)
}

/// A file as a recording of the flight recorder; none where it is another file.
fn flight(file: &SpoolFile) -> Option<Flight> {
    let trigger = head_of(&file.beginning)?.trigger.filter(|trigger| !trigger.is_copy)?;
    Some(Flight {
        at: UNIX_EPOCH + Duration::from_secs(trigger.at),
        severity: trigger.severity,
        rule: trigger.rule,
        is_after: trigger.is_after,
        bytes: file.bytes,
        name: file.name.clone(),
    })
}

impl FlightRecorder<'_> {
    /// Takes a sample, keeps it, and sees whether a finding is new.
    fn take_sample(&mut self, examiner: &mut Examiner<'_>) -> anyhow::Result<()> {
        let (mut overview, rises, had_room) = self.run.examine_into(examiner, &mut self.ring)?;
        if !had_room {
            self.fail(messages::FLIGHT_LARGE, &[]);
        }
        self.run.refuse_without_tcp(&overview)?;
        overview.host.taken_at = SystemTime::now();
        let sample = self.trends.take(overview, rises);
        self.written.retain(|_, at| at.elapsed() < COOL_DOWN);
        if self.due.iter().all(|(trigger, ..)| trigger.is_after)
            && let Some((trigger, id)) = self.trigger(&sample)
        {
            self.due.push((trigger, id, Instant::now()));
        }
        Ok(())
    }

    /// The worst finding that is new or became worse, unless it was written a short time ago.
    fn trigger(&self, sample: &WatchSample) -> Option<(Trigger, String)> {
        let worst = sample.incidents.iter().find(|one| {
            let is_new = matches!(one.course, Course::New | Course::Worse);
            let is_there_at_first = sample.number == 1 && one.course == Course::Present;
            one.severity >= self.on && (is_new || is_there_at_first) && !self.is_cooling(&one.cause)
        })?;
        let at = sample.overview.host.taken_at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let (rule, severity) = (worst.cause.rule.to_owned(), worst.severity.name().to_owned());
        Some((Trigger { rule, severity, at, is_after: false, is_copy: false }, name(&worst.cause)))
    }

    /// Whether it was written a short time ago; where its program cannot be seen, whether any of its rule was: a process that
    /// ends has no descriptors before its sockets are gone.
    fn is_cooling(&self, finding: &Finding) -> bool {
        match finding.subject.program() {
            Some(_) => self.written.contains_key(&name(finding)),
            None => self.written.keys().any(|name| name.split(':').next() == Some(finding.rule)),
        }
    }

    /// Writes the recordings that are due by then. After a failed write, the next sample tries again.
    fn write_what_is_due(&mut self, examination: &Examination, now: Instant) {
        let due: Vec<_> = self.due.extract_if(.., |(_, _, from)| *from <= now).collect();
        for (trigger, id, _) in due {
            self.write_due(trigger, id, examination, now);
        }
    }

    fn write_due(&mut self, trigger: Trigger, id: String, examination: &Examination, now: Instant) {
        let about = |trigger: &Trigger| {
            let rule = match trigger.is_after {
                true => self.run.words.say(messages::FLIGHT_AFTER, &[("rule", words(trigger.rule.clone()))]),
                false => trigger.rule.clone(),
            };
            [("rule", words(rule)), ("severity", words(trigger.severity.clone()))]
        };
        let [rule, severity] = about(&trigger);
        match self.write(&trigger, examination) {
            Ok((file, bytes)) => {
                let values = [rule, severity, ("file", words(file)), ("bytes", number(bytes))];
                self.run.note(&self.run.words.say(messages::FLIGHT_WRITTEN, &values));
                self.written.insert(id.clone(), Instant::now());
                let after = self.options.flight.after;
                if !trigger.is_after && !after.is_zero() {
                    self.due.push((Trigger { is_after: true, ..trigger }, id, Instant::now() + after));
                }
            }
            Err(error) => {
                let values = [rule, severity, ("why", words(format!("{error:#}")))];
                self.fail(messages::FLIGHT_FAILED, &values);
                self.due.push((trigger, id, now));
            }
        }
    }

    /// Writes the samples so far and one more with everything in it; gives the file and its size.
    fn write(&mut self, trigger: &Trigger, examination: &Examination) -> anyhow::Result<(String, u64)> {
        let (path, file) = self.create(trigger)?;
        let settings = RecordingSettings { trigger: Some(trigger.clone()), ..self.settings.clone() };
        let writer = RecordingWriter::begin(Box::new(file), settings)?;
        self.run.write_samples(&self.ring, &writer, examination, self.options)?;
        let bytes = writer.finish().map_err(|error| self.run.about_file(&path, &error))?;
        self.failure = None;
        // The recording is written; failing to delete older ones does not change that.
        if let Err(error) = self.make_room(&path) {
            self.fail(messages::FLIGHT_NO_ROOM, &[("why", words(format!("{error:#}")))]);
        }
        Ok((path, bytes))
    }

    /// A new file in the folder; its name has the host, time and rule.
    fn create(&self, trigger: &Trigger) -> anyhow::Result<(String, AtomicFile)> {
        let unnamed = RecordOptions { output: None, ..self.options.clone() };
        let name = self.run.record_to(&unnamed, &KernelSource::new(None));
        let name = format!("{}-{}", name.trim_end_matches(ENDING), trigger.rule);
        for number in 1..TRIES {
            let number = if number == 1 { String::new() } else { format!("-{number}") };
            let after = if trigger.is_after { "-after" } else { "" };
            let path = format!("{}/{name}{after}{number}{ENDING}", self.folder);
            match AtomicFile::create(&path, false) {
                // A clock that was set back gives a name again.
                Err(error) if FileRefusal::of(&error) == Some(FileRefusal::Exists) => {}
                created => return Ok((path.clone(), created.map_err(|error| self.run.about_file(&path, &error))?)),
            }
        }
        Err(anyhow!(io::Error::from(io::ErrorKind::AlreadyExists)))
    }

    /// Deletes the oldest recordings that the flight recorder wrote until the rest keeps the bounds; never the newest.
    fn make_room(&self, newest: &str) -> anyhow::Result<()> {
        let about = |error: io::Error| self.run.about_file(self.folder, &error);
        // Opens the folder again: another one may have its name by now.
        let spool = Spool::open(self.folder, false).map_err(about)?;
        let files = spool.files(HEAD).map_err(about)?;
        let mut own: Vec<&SpoolFile> = files.iter().filter(|file| flight(file).is_some()).collect();
        let is_newest = |file: &SpoolFile| newest.ends_with(&format!("/{}", file.name));
        sorted::sort_by_key(&mut own, |file| is_newest(file));
        let mut bytes: u64 = own.iter().map(|file| file.bytes).sum();
        let mut count = own.len();
        for file in own.into_iter().filter(|file| !is_newest(file)) {
            if count <= self.options.flight.max_files && bytes <= self.options.flight.max_bytes {
                break;
            }
            spool.remove(file).map_err(about)?;
            (count, bytes) = (count - 1, bytes - file.bytes);
        }
        Ok(())
    }

    /// Says what failed, unless that was said last.
    fn fail(&mut self, message: crate::text::Message, values: &[(&'static str, crate::text::MessageValue<'_>)]) {
        let text = self.run.words.say(message, values);
        if self.failure.as_ref() != Some(&text) {
            self.run.note(&text);
            self.failure = Some(text);
        }
    }
}

impl Run {
    /// Takes a sample that the ring keeps; also whether there was room for it.
    pub(super) fn examine_into(
        &self,
        examiner: &mut Examiner<'_>,
        ring: &mut SampleRing,
    ) -> anyhow::Result<(Overview, Rises, bool)> {
        let tape = SampleTape::begin()?;
        let input = KernelInput::taped(self.access.clone(), tape.writer(), None);
        let examined = examiner.examine(&self.reading(Box::new(input)));
        // A sample that is too large for a recording is still examined.
        let had_room = ring.push(tape).unwrap_or(false);
        examined.map(|(overview, rises)| (overview, rises, had_room))
    }

    /// Writes samples from memory, and behind them one that is taken now with everything that any command asks for.
    pub(super) fn write_samples(
        &self,
        ring: &SampleRing,
        writer: &RecordingWriter,
        examination: &Examination,
        options: &RecordOptions,
    ) -> anyhow::Result<()> {
        let samples = ring.write(writer)?;
        let input = KernelInput::taped_after(self.access.clone(), writer.clone(), samples);
        self.reading(Box::new(input)).sample_all(examination, options)?;
        Ok(())
    }
}
