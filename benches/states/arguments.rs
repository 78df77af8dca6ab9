//! The command line of the benchmark.

use crate::plan::{Kind, Settings};

/// How to call it.
pub(crate) const USAGE: &str = "\
cargo bench --bench states -- [WORLD…] [SIZE…] [OPTIONS]

WORLD           idle, processes, mix, healthy, time-wait (default: these five), list, record,
                engines (as root)
SIZE            sockets in a world that has any (default: 1000 10000 100000)
--all           all worlds (without root all but engines), in the default sizes and with
                1000000 sockets
--pairs N       pairs of runs of each comparison (default 11)
--idle-pairs N  the same for idle and processes (default 101)
--callgrind     count the instructions of the user-space part as well (needs valgrind)
--floor-only    without the product: the floor against the peers
--write         write benches/results.md; as root, with --all
--enforce       exit status 1 when a budget is exceeded
SOCKDOC_BIN     environment: the binary under test (default: the one cargo built for this bench)
";

impl Settings {
    /// Reads the arguments; `--bench`, which cargo adds, says nothing.
    pub(crate) fn read(arguments: &[String]) -> Result<Self, String> {
        let own = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut settings = Self {
            pairs: 11,
            idle_pairs: 101,
            sockdoc: std::env::var("SOCKDOC_BIN").unwrap_or_else(|_| env!("CARGO_BIN_EXE_sockdoc").to_owned()),
            own: own.to_string_lossy().into_owned(),
            ..Self::default()
        };
        let mut all = false;
        let mut rest = arguments.iter();
        while let Some(word) = rest.next() {
            let mut number = || {
                let value = rest.next().and_then(|value| value.parse().ok());
                value.filter(|n| *n > 0).ok_or(format!("{word} needs a number"))
            };
            match word.as_str() {
                "--bench" => {}
                "--all" => all = true,
                "--pairs" => settings.pairs = number()?,
                "--idle-pairs" => settings.idle_pairs = number()?,
                "--callgrind" => settings.callgrind = true,
                "--floor-only" => settings.floor_only = true,
                "--write" => settings.write = true,
                "--enforce" => settings.enforce = true,
                _ => match (Kind::of(word), word.replace('_', "").parse()) {
                    (Some(kind), _) => settings.kinds.push(kind),
                    (None, Ok(size)) if size > 0 => settings.sizes.push(size),
                    _ => return Err(format!("{word}: not understood\n\n{USAGE}")),
                },
            }
        }
        if settings.kinds.is_empty() {
            settings.kinds = if all { Kind::ALL.to_vec() } else { Kind::USUAL.to_vec() };
            if !rustix::process::geteuid().is_root() {
                settings.kinds.retain(|kind| *kind != Kind::Engines);
            }
        }
        if settings.write && settings.kinds != Kind::ALL {
            return Err(format!(
                "--write needs --all, as root and without a WORLD: the file holds all worlds\n\n{USAGE}"
            ));
        }
        if settings.sizes.is_empty() {
            settings.sizes = vec![1_000, 10_000, 100_000];
        }
        if all {
            settings.sizes.push(1_000_000);
        }
        settings.sizes.sort_unstable();
        settings.sizes.dedup();
        Ok(settings)
    }

    /// The arguments that pass these settings to the process that measures in one world.
    pub(crate) fn pass_on(&self) -> Vec<String> {
        let mut words =
            vec!["--pairs".to_owned(), self.pairs.to_string(), "--idle-pairs".to_owned(), self.idle_pairs.to_string()];
        for (set, word) in [(self.callgrind, "--callgrind"), (self.floor_only, "--floor-only")] {
            if set {
                words.push(word.to_owned());
            }
        }
        words
    }
}
