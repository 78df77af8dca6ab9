//! The kernel as seen from another network namespace.
//!
//! A thread enters the namespace and looks; `/proc/thread-self/net` and `/proc/sys/net` are then those of that
//! namespace too. The thread ends with the look, so nothing else is ever in the wrong place.

use std::{
    fs::File,
    io,
    os::fd::AsFd,
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use super::kernel::KernelSource;

/// More threads bring nothing: the walks compete for the same memory.
const MOST_THREADS: usize = 4;

/// Looks into one namespace, named by its file.
///
/// # Errors
/// When the file cannot be opened, is no network namespace, or may not be entered.
pub fn within<T: Send>(
    proc: Option<PathBuf>,
    path: &str,
    look: impl FnOnce(KernelSource) -> T + Send,
) -> io::Result<T> {
    thread::scope(|scope| {
        let looking = scope.spawn(move || {
            let file = File::open(path)?;
            move_into_link_name_space(file.as_fd(), Some(LinkNameSpaceType::Network))?;
            Ok(look(KernelSource::new(proc)))
        });
        looking.join().unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::Interrupted)))
    })
}

/// Looks into several namespaces at once; the answers come in the order of the paths.
pub fn each<T: Send>(
    proc: Option<&PathBuf>,
    paths: &[String],
    look: &(dyn Fn(KernelSource, usize) -> T + Sync),
) -> Vec<io::Result<T>> {
    let next = AtomicUsize::new(0);
    let answers: Mutex<Vec<(usize, io::Result<T>)>> = Mutex::new(Vec::new());
    let threads = match paths.len() {
        // Asking for the number of processors takes as long as a look.
        few @ 0..=1 => few,
        many => thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS).min(many),
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((number, path)) = {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    paths.get(number).map(|path| (number, path))
                } {
                    let answer = within(proc.cloned(), path, |source| look(source, number));
                    if let Ok(mut answers) = answers.lock() {
                        answers.push((number, answer));
                    }
                }
            });
        }
    });
    let mut answers = answers.into_inner().unwrap_or_default();
    answers.sort_unstable_by_key(|(number, _)| *number);
    answers.into_iter().map(|(_, answer)| answer).collect()
}
