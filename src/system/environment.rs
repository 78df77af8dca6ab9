//! Variables of the environment, as far as they may be followed.

#![allow(unsafe_code, reason = "the auxiliary vector has no safe wrapper in the features of rustix that are in use")]

/// Variables that decide how to print, or which connection to keep (`kill`); no others.
const HARMLESS: [&str; 9] =
    ["LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "LANG", "TERM", "COLUMNS", "NO_COLOR", "SSH_CONNECTION"];

/// Whether this program has more rights than the user who called it (setuid, setgid, file capabilities). Then files and
/// programs that the environment names are not used.
pub fn is_privileged() -> bool {
    // SAFETY: the call reads a number that the kernel gave the process at its start.
    unsafe { libc::getauxval(libc::AT_SECURE) != 0 }
}

/// A variable, if it may be followed.
pub fn variable(name: &str) -> Option<String> {
    if is_privileged() && !HARMLESS.contains(&name) {
        return None;
    }
    std::env::var(name).ok()
}
