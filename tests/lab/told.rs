//! The content of a finding, compared with the sockets that the lab made.

use std::net::Ipv4Addr;

use super::check::Finding;

impl Finding {
    /// A figure of its evidence is this.
    #[track_caller]
    pub(crate) fn has(&self, name: &str, value: usize) {
        let figure = self.figure(name);
        assert!((figure - value as f64).abs() < 0.5, "{name} is {figure} and not {value}: {:#}", self.0);
    }

    /// It is about this many sockets. They reach the age one after the other.
    #[track_caller]
    pub(crate) fn counts(&self, sockets: usize) -> bool {
        (self.figure("sockets") - sockets as f64).abs() < 0.5
    }

    /// A time of its evidence is at least this many seconds.
    #[track_caller]
    pub(crate) fn lasts(&self, name: &str, seconds: u32) {
        let figure = self.figure(name);
        assert!(figure >= f64::from(seconds) * 1_000.0, "{name} is {figure} ms and not {seconds} s: {:#}", self.0);
    }

    /// The process that holds the listener, or is connected to the destination, that it is about.
    pub(crate) fn program(&self) -> Option<u32> {
        u32::try_from(self.0.pointer("/subject/program/pid")?.as_u64()?).ok()
    }

    /// It is about that address of another program.
    #[track_caller]
    pub(crate) fn leads_to(&self, address: Ipv4Addr) {
        assert_eq!(self.0["subject"]["kind"], "destination", "{:#}", self.0);
        assert_eq!(self.0["subject"]["address"], address.to_string(), "{:#}", self.0);
    }

    /// Its headline and its reason.
    pub(crate) fn words(&self) -> String {
        format!("{} {}", self.0["title"], self.0["why"])
    }

    /// Somewhere in its words it says this.
    #[track_caller]
    pub(crate) fn says(&self, words: &str) {
        let parts = ["title", "why", "proof", "limit", "remedies"].map(|part| self.0[part].to_string());
        assert!(parts.iter().any(|part| part.contains(words)), "{words:?} is not said: {:#}", self.0);
    }
}
