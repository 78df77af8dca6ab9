//! The exchange between the two processes: a byte requests a sample, and both texts of it come back.

use std::{
    io::{self, ErrorKind, Read, Write},
    os::unix::net::UnixStream,
    rc::Rc,
};

use crate::render::metrics::MetricFormat;

/// A sample as text, in both formats; empty where it could not be taken.
#[derive(Clone, Debug, Default)]
pub struct SampleText {
    /// Prometheus' text format.
    pub text: Rc<[u8]>,
    /// OpenMetrics.
    pub open: Rc<[u8]>,
}

impl SampleText {
    /// The text in a format.
    pub fn body(&self, format: MetricFormat) -> &Rc<[u8]> {
        match format {
            MetricFormat::Text => &self.text,
            MetricFormat::OpenMetrics => &self.open,
        }
    }
}

/// Asks for a sample.
const ASK: u8 = b'?';

/// A text longer than this comes from no sample.
const MOST: usize = 64 << 20;

/// The two lengths before the texts.
const HEAD: usize = 16;

/// A message to the side that takes samples.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Heard {
    /// A sample is wanted.
    Asked,
    /// Nothing yet.
    Nothing,
    /// The other process has ended.
    End,
}

/// Waits for the next question, as long as the read timeout of the socket allows.
pub fn hear(mut link: &UnixStream) -> io::Result<Heard> {
    match link.read(&mut [0; 64]) {
        Ok(0) => Ok(Heard::End),
        Ok(_) => Ok(Heard::Asked),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted) => {
            Ok(Heard::Nothing)
        }
        Err(error) => Err(error),
    }
}

/// Sends a sample.
pub fn answer(mut link: &UnixStream, text: &[u8], open: &[u8]) -> io::Result<()> {
    let [text_length, open_length] = [text, open].map(|part| (part.len() as u64).to_le_bytes());
    link.write_all(&[&text_length[..], &open_length, text, open].concat())
}

/// Asks for a sample; the socket does not block, and a byte always fits.
pub(super) fn ask(mut link: &UnixStream) -> io::Result<()> {
    link.write_all(&[ASK])
}

/// Joins the parts of an answer.
#[derive(Debug, Default)]
pub(super) struct Inbox(Vec<u8>);

impl Inbox {
    /// Reads what there is; a sample when it is whole. `None` where the other process has ended.
    pub(super) fn read(&mut self, mut link: &UnixStream) -> io::Result<Option<Option<SampleText>>> {
        let mut chunk = [0; 32 << 10];
        match link.read(&mut chunk) {
            Ok(0) => return Ok(None),
            Ok(read) => self.0.extend_from_slice(chunk.get(..read).unwrap_or_default()),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            Err(error) => return Err(error),
        }
        Ok(Some(self.take()?))
    }

    fn take(&mut self) -> io::Result<Option<SampleText>> {
        let length = |at: usize| -> Option<usize> {
            let bytes = self.0.get(at..at + 8)?.first_chunk()?;
            usize::try_from(u64::from_le_bytes(*bytes)).ok()
        };
        let (Some(text), Some(open)) = (length(0), length(8)) else { return Ok(None) };
        if text > MOST || open > MOST {
            return Err(ErrorKind::InvalidData.into());
        }
        let end = HEAD + text + open;
        let (Some(first), Some(second)) = (self.0.get(HEAD..HEAD + text), self.0.get(HEAD + text..end)) else {
            return Ok(None);
        };
        let page = SampleText { text: first.into(), open: second.into() };
        self.0.drain(..end);
        Ok(Some(page))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_goes_over_in_pieces_and_is_whole() {
        let (here, there) = UnixStream::pair().unwrap();
        there.set_nonblocking(true).unwrap();
        let text = vec![b'a'; 100_000];
        let writer = std::thread::spawn({
            let text = text.clone();
            move || {
                answer(&here, &text, b"bc").unwrap();
                answer(&here, b"", b"").unwrap();
                here
            }
        });
        let mut inbox = Inbox::default();
        let mut next = || loop {
            if let Some(page) = inbox.read(&there).unwrap().unwrap() {
                return page;
            }
        };
        let (first, second) = (next(), next());
        assert_eq!((&*first.text, &*first.open), (text.as_slice(), &b"bc"[..]));
        assert!(second.text.is_empty() && second.open.is_empty());
        drop(writer.join().unwrap());
        assert!(inbox.read(&there).unwrap().is_none(), "the other process has ended");
        ask(&there).unwrap_err();
    }
}
