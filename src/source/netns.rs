//! The kernel as seen from another network namespace.
//!
//! A thread enters the namespace and reads it; `/proc/thread-self/net` and `/proc/sys/net` then belong to that
//! namespace, too. The thread ends after the sample, so no other code runs in the wrong namespace.

use std::{
    fs::File,
    io,
    os::fd::AsFd,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread::{self, Builder},
};

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use super::kernel::{Access, KernelSource};

/// More threads bring nothing: the walks compete for the same memory.
const MOST_THREADS: usize = 4;

/// Reads one namespace, named by its file.
///
/// # Errors
///
/// If the file cannot be opened, is not a network namespace, or may not be entered, or if no thread can be started.
pub fn within<T: Send>(access: Access, path: &str, read: impl FnOnce(KernelSource) -> T + Send) -> io::Result<T> {
    thread::scope(|scope| {
        let reading = Builder::new().spawn_scoped(scope, move || {
            enter(path)?;
            Ok(read(KernelSource::new(access)))
        })?;
        reading.join().unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::Interrupted)))
    })
}

/// Moves this thread into a namespace.
fn enter(path: &str) -> io::Result<()> {
    let file = File::open(path)?;
    Ok(move_into_link_name_space(file.as_fd(), Some(LinkNameSpaceType::Network))?)
}

/// Reads several namespaces at once, with as many threads as can be started; the answers have the order of the paths.
pub fn each<T: Send>(
    access: &Access,
    paths: &[String],
    read: &(dyn Fn(KernelSource, usize) -> T + Sync),
) -> Vec<io::Result<T>> {
    let next = AtomicUsize::new(0);
    let answers: Mutex<Vec<(usize, io::Result<T>)>> = Mutex::new(Vec::new());
    let threads = match paths.len() {
        // Asking for the number of processors takes as long as a read.
        few @ 0..=1 => few,
        many => thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS).min(many),
    };
    let work = || {
        while let Some((number, path)) = {
            let number = next.fetch_add(1, Ordering::Relaxed);
            paths.get(number).map(|path| (number, path))
        } {
            let answer = enter(path).map(|()| read(KernelSource::new(access.clone()), number));
            if let Ok(mut answers) = answers.lock() {
                answers.push((number, answer));
            }
        }
    };
    let started = thread::scope(|scope| {
        let start = |_| Builder::new().spawn_scoped(scope, work).map(|_| ());
        let mut tried = (0..threads).map(start);
        let first = tried.next().unwrap_or(Ok(()));
        if first.is_ok() {
            // Fewer threads than there could be take longer, and see the same.
            tried.take_while(Result::is_ok).for_each(drop);
        }
        first
    });
    if let Err(error) = started {
        let refused = |_| Err(io::Error::new(error.kind(), error.to_string()));
        return paths.iter().map(refused).collect();
    }
    let mut answers = answers.into_inner().unwrap_or_default();
    answers.sort_unstable_by_key(|(number, _)| *number);
    answers.into_iter().map(|(_, answer)| answer).collect()
}
