//! Names of sockets, safe to show.

pub use crate::text::escape::visible;

/// Writes a UNIX socket's name as `ss` does: `@` for the zero byte of an abstract one.
pub fn socket_name(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|&byte| if byte == 0 { b'@' } else { byte }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abstract_names_begin_with_an_at_sign() {
        assert_eq!(socket_name(b"\0/tmp/x"), b"@/tmp/x");
    }
}
