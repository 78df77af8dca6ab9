//! The language of a program, from its executable.

use crate::{model::finding::Runtime, source::Source};

/// The notes of an ELF file are at its beginning; Go's linker puts its own first.
const BEGINNING: usize = 4096;

/// Inspects a process's executable, or its name if that is not readable.
pub(super) fn of(source: &dyn Source, pid: u32, program: &[u8]) -> Runtime {
    let path = format!("/proc/{pid}/exe");
    let Ok(link) = source.link(&path) else { return by_name(program).unwrap_or_default() };
    let name = link.file_name().map(|name| name.as_encoded_bytes()).unwrap_or_default();
    // A program that was replaced while it ran.
    let name = name.strip_suffix(b" (deleted)").unwrap_or(name);
    if let Some(runtime) = by_name(name) {
        return runtime;
    }
    let mut beginning = vec![0; BEGINNING];
    let length = source.head(&path, &mut beginning).unwrap_or(0);
    if is_go(beginning.get(..length).unwrap_or_default()) { Runtime::Go } else { Runtime::Native }
}

/// `python3.12`, `php-fpm8.2`, `java`; also the title that a process sets: `postgres`, `php-fpm: pool www`.
fn by_name(name: &[u8]) -> Option<Runtime> {
    let name = str::from_utf8(name).ok()?;
    let name = name.split([':', ' ']).next().unwrap_or_default();
    Some(match name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '-') {
        "java" => Runtime::Java,
        "python" | "pypy" | "gunicorn" | "uwsgi" => Runtime::Python,
        "node" | "nodejs" => Runtime::Node,
        "nginx" => Runtime::Nginx,
        "haproxy" => Runtime::Haproxy,
        "apache" | "httpd" => Runtime::Apache,
        "postgres" => Runtime::Postgres,
        // In Debian the server is a link to the program of the other name.
        "redis-server" | "redis-check-rdb" | "valkey-server" | "valkey-check-rdb" => Runtime::Redis,
        "php" | "php-fpm" | "php-cgi" => Runtime::Php,
        "ruby" | "jruby" | "puma" => Runtime::Ruby,
        "dotnet" => Runtime::Dotnet,
        _ => return None,
    })
}

/// Whether there is a `.note.go.buildid`: name size 4, size of the id, type 4, name `Go`.
fn is_go(beginning: &[u8]) -> bool {
    beginning.windows(16).any(|note| {
        note.starts_with(&4_u32.to_ne_bytes())
            && note.get(8..12) == Some(&4_u32.to_ne_bytes()[..])
            && note.ends_with(b"Go\0\0")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::MemorySource;

    fn of_exe(target: &str, bytes: &[u8]) -> Runtime {
        let mut held = MemorySource::default();
        held.symlink("/proc/7/exe", target);
        held.file("/proc/7/exe", bytes);
        of(&held, 7, b"java")
    }

    #[test]
    fn executables_are_known_by_their_names() {
        for (target, runtime) in [
            ("/usr/lib/jvm/java-21/bin/java", Runtime::Java),
            ("/usr/bin/python3.12", Runtime::Python),
            ("/usr/bin/python3.12 (deleted)", Runtime::Python),
            ("/usr/sbin/php-fpm8.2", Runtime::Php),
            ("/usr/sbin/apache2", Runtime::Apache),
            ("/usr/bin/redis-server", Runtime::Redis),
            ("/usr/bin/redis-check-rdb", Runtime::Redis),
            ("/usr/lib/postgresql/16/bin/postgres", Runtime::Postgres),
            ("/usr/bin/ruby3.1", Runtime::Ruby),
            ("/usr/bin/javac", Runtime::Native),
        ] {
            assert_eq!(of_exe(target, b"\x7fELF"), runtime, "{target}");
        }
    }

    #[test]
    fn go_is_known_by_its_note() {
        let mut binary = b"\x7fELF and so on ".to_vec();
        for word in [4_u32, 83, 4] {
            binary.extend(word.to_ne_bytes());
        }
        binary.extend(b"Go\0\0id");
        assert_eq!(of_exe("/usr/bin/dockerd", &binary), Runtime::Go);
        assert_eq!(of_exe("/usr/bin/dockerd", &binary[..binary.len() - 4]), Runtime::Native);
    }

    #[test]
    fn an_executable_out_of_sight_leaves_the_name() {
        assert_eq!(of(&MemorySource::default(), 7, b"php-fpm: pool w"), Runtime::Php);
        assert_eq!(of(&MemorySource::default(), 7, b"nginx"), Runtime::Nginx);
        assert_eq!(of(&MemorySource::default(), 7, b"sshd"), Runtime::Native);
        assert_eq!(of(&MemorySource::default(), 7, b"\xff"), Runtime::Native);
    }
}
