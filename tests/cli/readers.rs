//! The man pages and completion scripts of the repository, read by the programs that they are for.

use std::fs;
use std::path::{Path, PathBuf};

use unicode_width::UnicodeWidthStr;

use crate::lab::peer;
use crate::lab::program::{self, Said};

/// Columns of the terminal that a page must fit.
const WIDTH: usize = 80;

/// What the program says of a file of the repository.
#[track_caller]
fn said_of(program: &str, arguments: &[&str], file: &Path) -> Said {
    peer::needs(program);
    let mut command = program::controlled(program, arguments);
    command.arg(file).env("LC_ALL", "C.UTF-8").env("HOME", std::env::temp_dir());
    let said = program::finish(command);
    assert!(said.code == Some(0) && said.stderr.is_empty(), "{program} {arguments:?} {file:?}: {said:?}");
    said
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pages(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_file()).collect()
}

pub(crate) fn groff_accepts_the_man_pages() {
    let pages = [pages("man"), pages("man/zh_CN")].concat();
    assert!(pages.len() > 20, "{pages:?}");
    // Two columns less than the terminal has, as man(1) does.
    let length = format!("-rLL={}n", WIDTH - 2);
    for path in pages {
        let text = said_of("groff", &["-man", "-Kutf8", "-Tutf8", "-wall", "-wmac", &length, "-P-cbou"], &path).stdout;
        assert!(text.lines().count() > 15, "{path:?}: {text}");
        let wide: Vec<&str> = text.lines().filter(|line| line.width() > WIDTH).collect();
        assert!(wide.is_empty(), "{path:?}: wider than {WIDTH} columns:\n{}", wide.join("\n"));
        // A word broken at the end of a line cannot be copied.
        let broken: Vec<&str> = text.lines().filter(|line| line.ends_with('\u{2010}')).collect();
        assert!(broken.is_empty(), "{path:?}: words are hyphenated:\n{}", broken.join("\n"));
    }
}

// elvish and PowerShell cannot read a script without running it.

pub(crate) fn bash_accepts_its_completions() {
    said_of("bash", &["-n"], &root().join("completions/sockdoc.bash"));
}

pub(crate) fn zsh_accepts_its_completions() {
    said_of("zsh", &["-n"], &root().join("completions/_sockdoc"));
}

pub(crate) fn fish_accepts_its_completions() {
    said_of("fish", &["--no-execute"], &root().join("completions/sockdoc.fish"));
}
