//! Fields of CSV (RFC 4180). A name is escaped before it comes here, as it is for people.

/// Appends a field: quoted if it contains a delimiter, and with `'` in front if a spreadsheet would treat it as a
/// formula. Numbers stay numbers.
pub(super) fn push_field(out: &mut Vec<u8>, field: &[u8]) {
    let is_number = |digits: &[u8]| !digits.is_empty() && digits.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.'));
    let is_formula = match field {
        [b'=' | b'@', ..] => true,
        [b'+' | b'-', digits @ ..] => !is_number(digits),
        _ => false,
    };
    let mark: &[u8] = if is_formula { b"'" } else { b"" };
    if !field.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        out.extend_from_slice(mark);
        return out.extend_from_slice(field);
    }
    out.push(b'"');
    out.extend_from_slice(mark);
    for &byte in field {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(field: &str) -> String {
        let mut out = Vec::new();
        push_field(&mut out, field.as_bytes());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn fields_that_would_end_early_are_quoted() {
        assert_eq!(text("/run/x"), "/run/x");
        assert_eq!(text("a,b"), "\"a,b\"");
        assert_eq!(text("a\"b\n"), "\"a\"\"b\n\"");
    }

    #[test]
    fn formulas_are_marked_and_numbers_are_not() {
        assert_eq!(text("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
        assert_eq!(text("=1,2"), "\"'=1,2\"");
        assert_eq!([text("@SUM(1)"), text("+a"), text("-x"), text("-")], ["'@SUM(1)", "'+a", "'-x", "'-"]);
        assert_eq!([text("-5"), text("+1.5"), text("a=b"), text("-inf")], ["-5", "+1.5", "a=b", "'-inf"]);
    }
}
