//! `metrics --listen`: this process takes samples, and its child answers whoever asks for them.

use std::os::unix::net::UnixStream;

use crate::{
    app::{
        examine::{Examination, Examiner},
        prelude::*,
        run::{FAILED, tell},
    },
    cli::metrics::MetricsOptions,
    collect::series::Baseline,
    render::metrics::{self as render, MetricFormat},
    serve::{
        self, ListenSocket,
        address::{self, ListenAddress},
        link::{self, Heard},
    },
    system::{
        child::{self, Forked},
        files,
        interrupt::Interrupt,
        sandbox::{self, Purpose},
    },
};

/// A sample serves all who ask within this time.
const INTERVAL: Duration = Duration::from_secs(5);

/// How long a signal may wait.
const PATIENCE: Duration = Duration::from_millis(500);

impl Run {
    /// Serves until a signal comes.
    pub(super) fn serve_metrics(&self, options: &MetricsOptions) -> anyhow::Result<u8> {
        if self.options.from.is_some() {
            return Err(anyhow!(self.words.text(messages::ERROR_LISTEN_FROM)));
        }
        let address = match &options.listen {
            Some(text) => Some(address::parse(text).ok_or_else(|| {
                let shown = words(visible(text.as_bytes(), self.screen.unicode));
                anyhow!(self.words.say(messages::ERROR_LISTEN_ADDRESS, &[("word", shown)]))
            })?),
            None => None,
        };
        let listeners = self.listeners(address.as_ref())?;
        let examination = self.measures(options)?;
        let mut examiner = Examiner::new(self, &examination, Baseline::Recent)?;
        for listener in &listeners {
            self.note(&self.words.say(messages::NOTE_LISTENING, &[("address", words(listener.name()))]));
        }
        if address.as_ref().is_some_and(ListenAddress::is_public) {
            self.note(&self.words.text(messages::NOTE_LISTENING_PUBLIC));
        }
        let (ours, theirs) = UnixStream::pair()?;
        let interrupt = Interrupt::listen()?;
        match child::fork().map_err(|error| self.no_task(&error))? {
            Forked::Child => {
                drop(ours);
                self.note_unconfined(&sandbox::enter(Purpose::Serve));
                serve::serve(&listeners, &theirs, options.interval.unwrap_or(INTERVAL))?;
                Ok(DONE)
            }
            Forked::Parent => {
                drop((theirs, listeners));
                let status = self.answer_child(&ours, &interrupt, options, &examination, &mut examiner);
                if let Some(ListenAddress::Unix(path)) = &address {
                    // Somebody else may have taken it away.
                    let _ = files::remove_own_socket(path);
                }
                status
            }
        }
    }

    /// The sockets to listen on: that of the address, or those that systemd hands over.
    fn listeners(&self, address: Option<&ListenAddress>) -> anyhow::Result<Vec<ListenSocket>> {
        if let Some(address) = address {
            let name = match address {
                ListenAddress::Tcp(address) => address.to_string(),
                ListenAddress::Unix(path) => visible(path.as_bytes(), self.screen.unicode),
            };
            return Ok(vec![ListenSocket::bind(address).map_err(|error| anyhow!("{name}: {error}"))?]);
        }
        let handed = child::handed_over(&|name| std::env::var(name).ok());
        if handed.is_empty() {
            return Err(anyhow!(self.words.text(messages::ERROR_NO_SYSTEMD)));
        }
        Ok(handed.into_iter().map(ListenSocket::of_descriptor).collect::<Result<_, _>>()?)
    }

    /// Takes a sample whenever the child asks for one, until a signal comes.
    fn answer_child(
        &self,
        link: &UnixStream,
        interrupt: &Interrupt,
        options: &MetricsOptions,
        examination: &Examination,
        examiner: &mut Examiner<'_>,
    ) -> anyhow::Result<u8> {
        link.set_read_timeout(Some(PATIENCE))?;
        while interrupt.wait(Duration::ZERO) {
            match link::hear(link)? {
                Heard::Nothing => {}
                Heard::End => return Ok(if interrupt.wait(PATIENCE) { FAILED } else { DONE }),
                Heard::Asked => {
                    let texts = self.sample_as_text(options, examination, examiner).unwrap_or_else(|error| {
                        tell(&format!("{error:#}"));
                        Default::default()
                    });
                    link::answer(link, &texts[0], &texts[1])?;
                }
            }
        }
        Ok(DONE)
    }

    /// A sample in both formats.
    fn sample_as_text(
        &self,
        options: &MetricsOptions,
        examination: &Examination,
        examiner: &mut Examiner<'_>,
    ) -> anyhow::Result<[Vec<u8>; 2]> {
        if self.options.netns.as_deref() == Some("all") {
            examiner.sample_again(self)?;
        }
        let series = self.metrics(examiner, examination, options)?;
        let mut texts = [Vec::new(), Vec::new()];
        for (text, format) in texts.iter_mut().zip([MetricFormat::Text, MetricFormat::OpenMetrics]) {
            render::write(text, &series, format)?;
        }
        Ok(texts)
    }
}
