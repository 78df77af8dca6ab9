//! User names from `/etc/passwd`, which a static binary reads itself: it has no NSS.

use std::{collections::BTreeMap, io::BufRead};

use crate::source::Source;

/// Names by user id; empty where the file cannot be read.
pub fn names(source: &dyn Source) -> BTreeMap<u32, String> {
    let Ok(file) = source.open("/etc/passwd") else { return BTreeMap::new() };
    let mut names = BTreeMap::new();
    for line in file.split(b'\n').map_while(Result::ok) {
        if let Some((uid, name)) = entry(&String::from_utf8_lossy(&line)) {
            // The first of several names for one id is the one `getpwuid` gives.
            names.entry(uid).or_insert(name);
        }
    }
    names
}

/// `name:password:uid:…`.
fn entry(line: &str) -> Option<(u32, String)> {
    let mut fields = line.split(':');
    let name = fields.next().filter(|name| !name.is_empty() && !name.starts_with('#'))?;
    Some((fields.nth(1)?.parse().ok()?, name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::MemorySource;

    #[test]
    fn the_first_name_of_an_id_counts_and_broken_lines_do_not() {
        let mut held = MemorySource::default();
        held.file("/etc/passwd", "root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/:/bin/sh\nbad\n#c:x:5:\n:x:6:\n");
        assert_eq!(names(&held), BTreeMap::from([(0, "root".to_owned())]));
    }
}
