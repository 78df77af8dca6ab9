//! Follows the sockets that end: joins the kernel's groups, dumps the living ones from time to time, and gives each end to a
//! view.

use std::{
    sync::mpsc::{RecvTimeoutError, sync_channel},
    thread,
    time::{Instant, SystemTime},
};

use crate::{
    app::{prelude::*, run::gently},
    collect::{
        cgroups::CgroupMap,
        events::{Births, MOST, changes::FollowedSockets},
    },
    model::{
        ending::Ending,
        engine::BpfFailure,
        entry::Entry,
        family::{Family, Netid},
        gap::{What, Why},
        transition::StateTransition,
    },
    render::gaps::bpf_reason,
    source::{
        bpf::changes::Changes,
        destroyed::{Backlog, DestroyEvent, Destroyed},
    },
    system::{cpu, interrupt::Interrupt},
    text::system_error,
    wire::{self, system_words},
};

/// The time between two dumps where none is given.
pub(super) const INTERVAL: Duration = Duration::from_secs(2);

/// New cgroups are sought at most this often.
const PLACES_AGE: Duration = Duration::from_millis(200);

/// At the end, the time to read what the kernel holds.
const LAST: Duration = Duration::from_secs(1);

/// Messages that wait here; further ones wait in the kernel's buffer.
const WAITING: usize = 32 * 1024;

/// The sockets to follow, and how.
pub(super) struct Joining<'a> {
    pub(super) families: &'a [Family],
    pub(super) netids: &'a [Netid],
    /// The time between two dumps of the living sockets; `None` for no dumps, and so no owners.
    pub(super) interval: Option<Duration>,
    /// The data to find beside the sockets.
    pub(super) needs: Needs,
    /// The fields to read from each message.
    pub(super) info: Needs,
    /// When it is over.
    pub(super) end: Option<Instant>,
    /// Where changes of TCP states are followed instead, by BPF; of several namespaces without dumps.
    pub(super) changes: Option<Changing>,
}

/// Where changes of TCP states are followed.
#[derive(Clone, Copy)]
pub(super) enum Changing {
    /// In all network namespaces.
    Everywhere,
    /// In the one with this inode.
    In(u32),
}

/// Receives the sockets that end.
pub(super) trait EventSink {
    /// Begins, once the groups are joined.
    fn begin(&mut self) -> anyhow::Result<()> {
        Ok(())
    }

    /// When [`EventSink::tick`] is due.
    fn due(&self) -> Option<Instant> {
        None
    }

    /// Runs between messages, for work that is due by time.
    fn tick(&mut self) -> anyhow::Result<()> {
        Ok(())
    }

    /// Receives a socket; returns `false` to stop.
    fn ended(&mut self, _ending: &Ending, _known: &Known) -> anyhow::Result<bool> {
        Ok(true)
    }

    /// Receives a change of state; returns `false` to stop.
    fn changed(&mut self, _transition: &StateTransition, _known: &Known) -> anyhow::Result<bool> {
        Ok(true)
    }

    /// Reports lost messages, with their number if the kernel counts them.
    fn lost(&mut self, count: Option<u64>, at: SystemTime) -> anyhow::Result<()>;
}

impl Run {
    /// The one namespace that is followed, or all where that is possible. Nothing recorded can be.
    pub(super) fn scope_of_events(&self, command: &'static str, can_be_all: bool) -> anyhow::Result<Scope> {
        if self.options.from.is_some() {
            return Err(anyhow!(self.words.say(messages::ERROR_EVENTS_FROM, &[("command", words(command))])));
        }
        if !can_be_all && self.options.netns.as_deref() == Some("all") {
            return Err(anyhow!(self.words.say(messages::ERROR_EVENTS_NETNS, &[("command", words(command))])));
        }
        self.scope()
    }

    /// A filter that can hold of sockets that have ended.
    pub(super) fn filter_of_events(
        &self,
        given: &[String],
        file: Option<&str>,
        scope: &Scope,
    ) -> anyhow::Result<Filter> {
        let filter = self.filter(given, file, scope)?;
        match filter.is_of_living() {
            true => Err(anyhow!(self.words.text(messages::ERROR_EVENTS_STATE))),
            false => Ok(filter),
        }
    }

    /// Follows until the time is over, the view has enough, or the run is asked to end; `false` if the kernel lacks the
    /// group.
    pub(super) fn follow(
        &self,
        scope: &mut Scope,
        joining: &Joining<'_>,
        view: &mut dyn EventSink,
    ) -> anyhow::Result<bool> {
        let (to, heard) = sync_channel(WAITING);
        let stop = to.clone();
        let (interrupt, backlog) = match joining.changes {
            None => {
                let mut joined = Ok(None);
                scope.in_turn(&*self.input, &mut |_, _| {
                    joined = Destroyed::join(joining.families, joining.netids);
                    Ok(())
                })?;
                let Some(joined) = joined.map_err(|error| self.refused(&error))? else { return Ok(false) };
                let interrupt = Interrupt::listen()?;
                let backlog = joined.listen(to).map_err(|error| self.no_task(&error))?;
                (interrupt, Some(backlog))
            }
            Some(place) => {
                let netns = if let Changing::In(inode) = place { Some(inode) } else { None };
                let changes = Changes::attach(netns).map_err(|failure| self.without_states(&failure))?;
                let interrupt = Interrupt::listen()?;
                changes.listen(to).map_err(|error| self.no_task(&error))?;
                (interrupt, None)
            }
        };
        thread::Builder::new()
            .spawn(move || {
                while interrupt.wait(Duration::from_secs(3600)) {}
                // If the receiver is gone, the run has ended already.
                let _ = stop.send(DestroyEvent::Stopped);
            })
            .map_err(|error| self.no_task(&error))?;
        view.begin()?;
        let mut watch = Watch {
            backlog,
            entry: Entry::blank(Netid::Tcp, 0),
            births: Births::default(),
            followed: FollowedSockets::begun(),
            known: Known::default(),
            next: None,
            places_read: None,
            is_shown: false,
        };
        if joining.interval.is_none() && joining.changes.is_some() {
            watch.known = Known::read(&*self.input.source(), joining.needs - Needs::OWNERS, None);
        }
        loop {
            let now = Instant::now();
            if joining.end.is_some_and(|end| end <= now) {
                break;
            }
            if joining.interval.is_some_and(|_| watch.next.is_none_or(|next| next <= now)) {
                self.look(scope, joining, &mut watch)?;
            }
            if view.due().is_some_and(|due| due <= now) {
                view.tick()?;
            }
            let until = [joining.end, watch.next, view.due()].into_iter().flatten().min();
            let wait = until.map_or(INTERVAL, |until| until.saturating_duration_since(Instant::now()));
            match heard.recv_timeout(wait) {
                Ok(DestroyEvent::Stopped) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(event) => {
                    if !self.hear(event, joining, &mut watch, view)? {
                        return Ok(true);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
        // What ended before is reported, though it waits to be read.
        let last = Instant::now() + LAST;
        loop {
            let is_read = are_ends_read(watch.backlog.as_ref());
            for event in heard.try_iter().take_while(|_| Instant::now() < last) {
                if !self.hear(event, joining, &mut watch, view)? {
                    return Ok(true);
                }
            }
            if is_read || Instant::now() >= last {
                return Ok(true);
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Gives an event to the view; `false` if it has enough.
    fn hear(
        &self,
        event: DestroyEvent,
        joining: &Joining<'_>,
        watch: &mut Watch,
        view: &mut dyn EventSink,
    ) -> anyhow::Result<bool> {
        match event {
            DestroyEvent::Socket(datagram, at, read) => {
                if !wire::destroyed::fill(&datagram, joining.info, &mut watch.entry) {
                    return Ok(true);
                }
                if watch.entry.netid == Netid::Udp && joining.interval.is_some() {
                    // The kernel sends the allocated memory minus one; `ss` prints that.
                    watch.entry.wqueue = 0;
                }
                let ending = watch.births.end(&watch.known, watch.entry.clone(), at, read);
                view.ended(&ending, &watch.known)
            }
            DestroyEvent::Changed(change) => {
                self.place_of(change.cgroup, watch);
                for transition in watch.followed.follow(&watch.births, &watch.known, *change) {
                    if !view.changed(&transition, &watch.known)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            DestroyEvent::Lost(count, at) => {
                for transition in watch.followed.forget(&watch.births, &watch.known) {
                    view.changed(&transition, &watch.known)?;
                }
                view.lost(count, at)?;
                Ok(true)
            }
            DestroyEvent::Failed(error) => Err(self.refused(&error)),
            DestroyEvent::Stopped => Ok(true),
        }
    }

    /// The reason why the groups cannot be joined, or are read no more.
    fn refused(&self, error: &std::io::Error) -> anyhow::Error {
        let why = system_error(&system_words(error), self.words.lang());
        anyhow!(self.words.say(messages::ERROR_EVENTS_JOIN, &[("why", words(why))]))
    }

    /// The reason why the states cannot be followed; `-v` adds the verifier's log.
    fn without_states(&self, failure: &BpfFailure) -> anyhow::Error {
        let why = bpf_reason(failure, &self.words);
        let said = self.words.say(messages::ERROR_STATES, &[("why", words(why))]);
        let log = failure.log.lines().filter(|_| self.options.verbose);
        let log = log.map(|line| visible(line.as_bytes(), self.screen.unicode));
        anyhow!([said].into_iter().chain(log).collect::<Vec<_>>().join("\n"))
    }

    /// Looks for a cgroup that is new, but not all the time.
    fn place_of(&self, cgroup: u64, watch: &mut Watch) {
        let is_known = cgroup == 0 || watch.known.places.contains_key(&cgroup);
        if !is_known && watch.places_read.is_none_or(|read| read.elapsed() >= PLACES_AGE) {
            let source = &*self.input.source();
            watch.known.places = CgroupMap::new(source).all(source);
            watch.places_read = Some(Instant::now());
        }
    }

    /// Dumps the living sockets.
    fn look(&self, scope: &mut Scope, joining: &Joining<'_>, watch: &mut Watch) -> anyhow::Result<()> {
        let before = cpu::used();
        let is_first = watch.next.is_none();
        let mut gaps = Vec::new();
        let label = scope.all_labels().into_iter().next().filter(|_| joining.needs.contains(Needs::NETNS));
        scope.in_turn(&*self.input, &mut |source, _| {
            if is_first {
                // Owners are found when sockets appear.
                watch.known = Known::read(source, joining.needs - Needs::OWNERS, label.clone());
            }
            let Watch { births, known, backlog, .. } = &mut *watch;
            gaps = births.update(source, known, &|| are_ends_read(backlog.as_ref()));
            Ok(())
        })?;
        if is_first {
            if let Some(why) = gaps.iter().find_map(|gap| untold(gap, joining.netids)) {
                let why = system_error(why, self.words.lang());
                return Err(anyhow!(self.words.say(messages::ERROR_EVENTS_JOIN, &[("why", words(why))])));
            }
            self.note_gaps(&gaps);
        }
        if watch.births.is_full && !watch.is_shown {
            watch.is_shown = true;
            self.note(&self.words.say(messages::NOTE_EVENTS_FULL, &[("most", number(MOST as u64))]));
        }
        let interval = gently(joining.interval.unwrap_or(INTERVAL), cpu::used().saturating_sub(before));
        watch.next = Instant::now().checked_add(interval);
        Ok(())
    }
}

/// The kernel reports no end of these sockets, although any user may join the group: it lacks `sock_diag` for their
/// protocol.
fn untold<'gap>(gap: &'gap Gap, netids: &[Netid]) -> Option<&'gap str> {
    let netid = match gap.what {
        What::Sockets(Protocol::Tcp) => Netid::Tcp,
        What::Sockets(Protocol::Udp) => Netid::Udp,
        _ => return None,
    };
    match &gap.why {
        Why::ReadFromProc(why) if netids.contains(&netid) => Some(why),
        _ => None,
    }
}

/// The living sockets, and the time of their next dump.
struct Watch {
    /// The ends of sockets that the kernel holds; `None` where changes of states are followed.
    backlog: Option<Backlog>,
    /// The place into which each message is read.
    entry: Entry,
    births: Births,
    followed: FollowedSockets,
    known: Known,
    next: Option<Instant>,
    /// When cgroups were read because one was new.
    places_read: Option<Instant>,
    /// Whether a note said that there are too many.
    is_shown: bool,
}

/// Whether no end of a socket waits to be read.
fn are_ends_read(backlog: Option<&Backlog>) -> bool {
    backlog.is_none_or(Backlog::is_read)
}
