//! `struct tcp_info` of any kernel's length (`include/uapi/linux/tcp.h`): a field the kernel did not
//! send is `None`.

use crate::model::{
    field::Field,
    uapi::{u32_at, u64_at},
};

/// The structure, read where it lies.
#[derive(Clone, Copy, Debug)]
pub struct TcpInfo<'a> {
    bytes: &'a [u8],
}

impl<'a> TcpInfo<'a> {
    /// A view of the attribute's value.
    pub fn new(bytes: &'a [u8]) -> TcpInfo<'a> {
        TcpInfo { bytes }
    }

    /// A field of the table in [`crate::model::tcp_info`]; `None` where this kernel does not send it.
    pub fn get(&self, field: &Field) -> Option<u64> {
        field.read(self.bytes)
    }

    /// `tcpi_bytes_acked`: bytes the peer acknowledged, its SYN and FIN among them (Linux 4.1).
    pub fn bytes_acked(&self) -> Option<u64> {
        u64_at(self.bytes, 120)
    }

    /// `tcpi_notsent_bytes`: bytes written and not sent yet (Linux 4.6).
    pub fn notsent_bytes(&self) -> Option<u32> {
        u32_at(self.bytes, 144)
    }

    /// `tcpi_bytes_sent`: bytes of payload sent, those sent again among them (Linux 4.19).
    pub fn bytes_sent(&self) -> Option<u64> {
        u64_at(self.bytes, 200)
    }

    /// `tcpi_bytes_retrans`: bytes of payload sent again (Linux 4.19).
    pub fn bytes_retrans(&self) -> Option<u64> {
        u64_at(self.bytes, 208)
    }

    /// Whether we connected, by the kernel's own count: an acknowledged SYN of ours is one byte in
    /// `bytes_acked` that was never sent as payload. For `ESTABLISHED` and `CLOSE_WAIT`; `None` where
    /// the kernel is too old or the figures do not fit.
    pub fn we_connected(&self, wqueue: u32) -> Option<bool> {
        let queued_and_sent = u64::from(wqueue).checked_sub(u64::from(self.notsent_bytes()?))?;
        let payload = self.bytes_sent()?.checked_sub(self.bytes_retrans()?)?;
        let acknowledged = payload.checked_sub(queued_and_sent)?;
        match self.bytes_acked()?.checked_sub(acknowledged)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(acked: u64, sent: u64, retrans: u64, notsent: u32) -> Vec<u8> {
        let mut bytes = vec![0; 232];
        bytes[120..128].copy_from_slice(&acked.to_ne_bytes());
        bytes[144..148].copy_from_slice(&notsent.to_ne_bytes());
        bytes[200..208].copy_from_slice(&sent.to_ne_bytes());
        bytes[208..216].copy_from_slice(&retrans.to_ne_bytes());
        bytes
    }

    #[test]
    fn one_acknowledged_byte_too_many_is_our_syn() {
        let ours = info(101, 150, 30, 5);
        assert_eq!(TcpInfo::new(&ours).we_connected(25), Some(true));
        let theirs = info(100, 150, 30, 5);
        assert_eq!(TcpInfo::new(&theirs).we_connected(25), Some(false));
    }

    #[test]
    fn a_short_structure_says_unknown() {
        let old = info(1, 0, 0, 0);
        assert_eq!(TcpInfo::new(&old[..104]).we_connected(0), None);
        assert_eq!(TcpInfo::new(&[]).bytes_acked(), None);
    }

    #[test]
    fn figures_that_do_not_fit_say_unknown() {
        let odd = info(0, 10, 20, 30);
        assert_eq!(TcpInfo::new(&odd).we_connected(0), None);
    }
}
