//! A dump that ends halfway: missing sockets must not pass for closed ones.

use std::io::BufRead;

use super::*;
use crate::{
    cli::{Color, Options},
    model::engine::Engine,
    model::uapi::{
        INET_DIAG_MSG, INET_DIAG_REQ, NLMSG_DONE, NLMSG_HDRLEN, SOCK_DIAG_BY_FAMILY, TCPDIAG_GETSOCK, u32_at,
    },
    render::screen::Screen,
    report::overview::DataOrigin,
    source::{
        Answer,
        kernel::Access,
        memory::{MemorySource, message},
    },
    text::{Catalogue, Lang},
};

/// Asked for all TCP sockets, in any state.
const EVERY_TCP: (u16, u8, u8) = (TCPDIAG_GETSOCK, 2, 0);

/// Connections of the dump.
const SOCKETS: u32 = 300;

/// A dump of connections that ends with this error number; 0 for none.
fn dump(errno: i32) -> MemorySource {
    let record = |number: u32| {
        let mut bytes = vec![0; INET_DIAG_MSG];
        bytes[..2].copy_from_slice(&[2, 1]);
        bytes[4..6].copy_from_slice(&(number as u16).to_be_bytes());
        bytes[44..48].copy_from_slice(&number.to_ne_bytes());
        message(SOCK_DIAG_BY_FAMILY, &bytes)
    };
    let mut datagrams: Vec<Vec<u8>> = (1..=SOCKETS).map(record).collect();
    datagrams.push(message(NLMSG_DONE, &(-errno).to_ne_bytes()));
    let mut source = MemorySource::default();
    source.answer(EVERY_TCP, vec![datagrams.concat()]);
    source
}

/// A kernel that answers the rules, which ask by state, from one source, and a listing of all states from another.
#[derive(Clone)]
struct TwoDumps {
    for_rules: MemorySource,
    of_all: MemorySource,
}

impl Source for TwoDumps {
    fn ask(&mut self, request: &[u8]) -> std::io::Result<Box<dyn Answer + '_>> {
        let is_of_all = u32_at(request, NLMSG_HDRLEN + INET_DIAG_REQ - 8) == Some(StateSet::ALL.mask());
        if is_of_all { self.of_all.ask(request) } else { self.for_rules.ask(request) }
    }

    fn open(&self, path: &str) -> std::io::Result<Box<dyn BufRead + '_>> {
        self.for_rules.open(path)
    }

    fn now(&self) -> std::time::SystemTime {
        self.for_rules.now()
    }
}

impl Input for TwoDumps {
    fn origin(&self) -> DataOrigin {
        DataOrigin::Kernel
    }

    fn source(&self) -> Box<dyn Source + '_> {
        Box::new(self.clone())
    }

    fn within(&self, _: &str, _: &mut (dyn FnMut(&mut dyn Source) + Send)) -> std::io::Result<()> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

fn state(errno: i32) -> anyhow::Result<Observation> {
    let run = Run {
        options: Options {
            capture: None,
            partial: false,
            stated: None,
            format: Format::Table,
            lang: None,
            color: Color::Never,
            verbose: false,
            resolve: false,
            netns: None,
            engine: Engine::Netlink,
            from: None,
            save: None,
            reads: Vec::new(),
            force: false,
        },
        words: Catalogue::new(Lang::En),
        screen: Screen::plain(true),
        access: Access::default(),
        tcpdiag_file: None,
        config_file: None,
        pager: Default::default(),
        rows: None,
        has_screen: false,
        input: Box::new(TwoDumps { for_rules: dump(0), of_all: dump(errno) }),
        ahead: Default::default(),
    };
    let options = DiffOptions { a: String::new(), b: String::new(), keys: Vec::new() };
    run.state(false, &options).map(|(state, _)| state)
}

#[test]
fn a_dump_that_breaks_off_is_refused() {
    let whole = state(0).unwrap();
    assert_eq!(whole.sockets.map(|sockets| sockets.len()), Some(SOCKETS as usize));
    let error = state(libc::EINTR).unwrap_err().to_string();
    assert!(error.starts_with("cannot read TCP sockets: "), "{error}");
}
