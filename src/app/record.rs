//! `record`: samples as the overview does, adds the data that other commands need, and prints nothing.

use std::io::IsTerminal;

use super::{examine::Examination, namespaces, prelude::*};
use crate::{
    archive::{RecordingSettings, format::SampleScope},
    book::{self, setting},
    cli::{check::CheckOptions, options::SampleOptions, record::RecordOptions},
    collect::{entries::entries, query::DumpQuery},
    model::state::State,
    render::json,
    source::kernel::KernelSource,
    system::interrupt::Interrupt,
    text::{Lang, rule},
};

/// The time between samples if only `--for` is given.
const EVERY: Duration = Duration::from_secs(2);

/// More frequent samples would be a load, not a recording.
const SHORTEST: Duration = Duration::from_millis(10);

/// More looks than a day of them every second.
const MOST_SAMPLES: u128 = 86_400;

/// The tables that `list` shows, but for TCP and UDP and UNIX, which come of themselves.
const OTHERS: [Protocol; 9] = [
    Protocol::Raw,
    Protocol::UdpLite,
    Protocol::Packet,
    Protocol::Netlink,
    Protocol::Mptcp,
    Protocol::Sctp,
    Protocol::Dccp,
    Protocol::Vsock,
    Protocol::Xdp,
];

/// All fields of a table's sockets, except those that need privilege or a map.
const EVERYTHING: Needs = Needs::all().difference(Needs::BPF_STORAGES).difference(Needs::UNIX_PEERS);

impl Task for RecordOptions {
    fn run(&self, run: Run) -> anyhow::Result<u8> {
        if let Some(folder) = &self.list {
            return run.list_flights(folder);
        }
        if let Some(from) = run.options.from.clone() {
            return run.copy_recording(&from, self);
        }
        run.refuse_times(self)?;
        let path = run.record_to(self, &KernelSource::new(None));
        let mut netns = run.options.netns.clone();
        if self.redact {
            // The namespace's name is redacted; the alias of its file still finds it.
            let file =
                |word: String| namespaces::file_named(&KernelSource::new(run.access.clone()), &word).unwrap_or(word);
            netns = netns.map(file);
        }
        let scope = SampleScope { netns, deep: self.deep, bound_inactive: false };
        let settings = RecordingSettings { scope, redact: self.redact, ..RecordingSettings::default() };
        if let Some(on) = self.on {
            return run.sparingly().fly(self, on, settings);
        }
        let kept = run.kept(&path, settings, Some(Interrupt::listen()?), &|run| run.record(self))?;
        run.note_ended(self, kept.samples, kept.had_room);
        Ok(kept.status)
    }
}

impl Run {
    /// The file of a recording: the one that was named, else one by host and time.
    pub(super) fn record_to(&self, options: &RecordOptions, source: &dyn Source) -> String {
        options.output.clone().unwrap_or_else(|| {
            let host = if options.redact { "host".to_owned() } else { source.node().0.replace('/', "-") };
            let time: String = json::time(source.now()).chars().filter(char::is_ascii_alphanumeric).collect();
            format!("{host}-{time}.sockdoc")
        })
    }

    /// Times that make no sense, before anything is written.
    fn refuse_times(&self, options: &RecordOptions) -> anyhow::Result<()> {
        if options.wait.is_none() && options.every.is_some() && options.on.is_none() {
            return Err(anyhow!(self.words.text(messages::ERROR_EVERY_ALONE)));
        }
        let is_short = |time: Option<Duration>| time.is_some_and(|time| time < SHORTEST);
        if is_short(options.wait) || is_short(options.every) {
            return Err(anyhow!(self.words.text(messages::ERROR_TOO_SHORT)));
        }
        Ok(())
    }

    /// Looks, once or as often as was asked for.
    fn record(&self, options: &RecordOptions) -> anyhow::Result<u8> {
        let sampling = SampleOptions { wait: None, deep: options.deep };
        let wanted = self.wanted_rules(&CheckOptions::default())?;
        let waits = waits(options.wait, options.every);
        let samples = waits.len() as u64 + 1;
        if let Some(wait) = options.wait.filter(|_| io::stderr().is_terminal()) {
            let time = rule::duration(wait, self.words.lang());
            self.note(&self.words.say(messages::NOTE_SAMPLING, &[("samples", number(samples)), ("time", words(time))]));
        }
        let gaps = self.sample_all(&Examination { waits, ..Examination::of(&wanted, sampling, false) }, options)?;
        self.note_gaps(&gaps);
        Ok(DONE)
    }

    /// Takes the samples of an examination, then the data that other commands need; returns the gaps.
    pub(super) fn sample_all(&self, examination: &Examination, options: &RecordOptions) -> anyhow::Result<Vec<Gap>> {
        let overview = self.examine(examination)?;
        if overview.tcp().is_none() {
            self.refuse_losses(overview.counted.gaps.iter())?;
        }
        let mut scope = self.scope()?;
        scope.each(&*self.input, &|source, _| all_of(source, options))?;
        Ok(overview.counted.gaps)
    }
}

impl Run {
    /// Says that there were fewer samples than were asked for, once they are on the disk.
    fn note_ended(&self, options: &RecordOptions, samples: u32, had_room: bool) {
        let planned = waits(options.wait, options.every).len() as u64 + 1;
        if u64::from(samples) < planned {
            let values = [("samples", number(samples.into())), ("planned", number(planned))];
            let why = if had_room { messages::NOTE_ENDED_EARLY } else { messages::NOTE_ENDED_FULL };
            self.note(&self.words.say(why, &values));
        }
    }
}

/// The times between samples, of the same length.
fn waits(wait: Option<Duration>, every: Option<Duration>) -> Vec<Duration> {
    let Some(whole) = wait else { return Vec::new() };
    let every = every.unwrap_or(EVERY).min(whole).max(SHORTEST);
    let samples = (whole.as_nanos() / every.as_nanos()).clamp(1, MOST_SAMPLES);
    // As long as was asked for, however the parts come out.
    vec![whole / samples as u32; samples as usize]
}

/// Requests the data that a listing needs and the rules do not. By then everything is on tape, gaps as well.
fn all_of(source: &mut dyn Source, options: &RecordOptions) {
    let everything = DumpQuery { needs: EVERYTHING, ..DumpQuery::states(StateSet::ALL) };
    let kernel = collect::host::kernel_version(source);
    for protocol in OTHERS.into_iter().chain([Protocol::Udp, Protocol::Unix]) {
        let _ = entries(source, protocol, &everything, &mut |_| {});
    }
    if options.deep {
        let _ = entries(source, Protocol::Tcp, &everything, &mut |_| {});
        let bound =
            DumpQuery { bound_inactive: true, kernel, ..DumpQuery::states(StateSet::of(State::BOUND_INACTIVE)) };
        let _ = entries(source, Protocol::Tcp, &DumpQuery { states: StateSet::EMPTY, ..bound }, &mut |_| {});
    }
    let host = Needs::OWNERS | Needs::PLACES | Needs::USERS | Needs::EPHEMERAL_PORTS | Needs::LIMITS;
    let known = Known::read(source, host, None);
    source.interface_names();
    collect::names::read_all(source);
    for name in
        book::topics(Lang::En).iter().filter(|topic| topic.kind == book::TopicKind::Sysctl).map(|topic| topic.name)
    {
        for name in setting::names(name) {
            collect::snapshot::setting(source, name);
        }
    }
    // When the last sample ended.
    source.now();
    for process in known.owners.iter().flat_map(|owners| owners.processes()) {
        collect::snapshot::read_process(source, process);
        if options.cmdline {
            collect::snapshot::read_arguments(source, process);
        }
    }
}
