//! A file that appears whole or not at all.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::error::MatchError;

/// Rows that one thread formats at a time: enough to be worth a message, few enough to stay in the
/// cache.
const CHUNK: usize = 512;

/// A file under a passing name beside its target, moved there by [`publish`](Self::publish) and
/// removed otherwise: a reader never sees half a file, and a failure leaves an older one as it was.
#[derive(Debug)]
pub(super) struct Draft {
    file: File,
    path: PathBuf,
    target: PathBuf,
    published: bool,
}

impl Draft {
    /// Begins a file.
    pub(super) fn create(target: &Path) -> Result<Self, MatchError> {
        Self::beside(target).map_err(|source| MatchError::io(target, "write", source))
    }

    fn beside(target: &Path) -> std::io::Result<Self> {
        let name = target
            .file_name()
            .ok_or(std::io::ErrorKind::InvalidInput)?
            .to_string_lossy();
        let path = target.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)?;
        Ok(Self {
            file,
            path,
            target: target.to_owned(),
            published: false,
        })
    }

    /// Writes `header`, then `rows` rows, in order. Each thread gets from `formatter` what appends
    /// a row to a buffer.
    pub(super) fn write<F: FnMut(usize, &mut Vec<u8>)>(
        &mut self,
        header: &str,
        rows: usize,
        formatter: impl Fn() -> F + Sync,
    ) -> Result<(), MatchError> {
        self.write_in_order(header, rows, &formatter)
            .map_err(|source| MatchError::io(&self.target, "write", source))
    }

    fn write_in_order<F: FnMut(usize, &mut Vec<u8>)>(
        &mut self,
        header: &str,
        rows: usize,
        formatter: &(impl Fn() -> F + Sync),
    ) -> std::io::Result<()> {
        writeln!(self.file, "{header}")?;
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
        let (sender, receiver) = sync_channel::<(usize, Vec<u8>)>(2 * threads);
        let work = |sender: SyncSender<(usize, Vec<u8>)>| {
            let mut format = formatter();
            while !stopped.load(Ordering::Relaxed) {
                let chunk = next.fetch_add(1, Ordering::Relaxed);
                let start = chunk * CHUNK;
                if start >= rows {
                    break;
                }
                let mut buffer = Vec::with_capacity(CHUNK * 512);
                for row in start..rows.min(start + CHUNK) {
                    format(row, &mut buffer);
                }
                if sender.send((chunk, buffer)).is_err() {
                    break;
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..threads {
                let (work, sender) = (&work, sender.clone());
                scope.spawn(move || work(sender));
            }
            drop(sender);
            let written = self.write_chunks(&receiver);
            stopped.store(true, Ordering::Relaxed);
            drop(receiver);
            written
        })
    }

    fn write_chunks(&mut self, chunks: &Receiver<(usize, Vec<u8>)>) -> std::io::Result<()> {
        let mut early: BTreeMap<usize, Vec<u8>> = BTreeMap::new();
        let mut next = 0;
        for (number, buffer) in chunks {
            early.insert(number, buffer);
            while let Some(buffer) = early.remove(&next) {
                self.file.write_all(&buffer)?;
                next += 1;
            }
        }
        Ok(())
    }

    /// Moves the file to its place. It is not forced to the disk first: what a power failure takes,
    /// the same command makes again, and half a gigabyte would have to be waited for every time.
    pub(super) fn publish(mut self) -> Result<(), MatchError> {
        let moved = std::fs::rename(&self.path, &self.target);
        moved.map_err(|source| MatchError::io(&self.target, "write", source))?;
        self.published = true;
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.published {
            // Nothing can be done about a draft that cannot be removed; the error that led here
            // is the one to report.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_order_whoever_formats_them() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("numbers.csv");
        let rows = 20 * CHUNK + 7;
        let mut draft = Draft::create(&path).unwrap();
        draft
            .write("n", rows, || {
                |row, buffer: &mut Vec<u8>| buffer.extend(format!("{row}\n").bytes())
            })
            .unwrap();
        assert!(!path.exists(), "not before it is published");
        draft.publish().unwrap();
        let written = std::fs::read_to_string(&path).unwrap();
        let numbers = written.strip_prefix("n\n").unwrap().lines();
        assert!(numbers.eq((0..rows).map(|row| row.to_string())));
    }

    #[test]
    fn a_chunk_that_comes_early_waits_for_those_before_it() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("letters.csv");
        let mut draft = Draft::create(&path).unwrap();
        let (sender, receiver) = sync_channel(3);
        for (number, letter) in [(2, b'c'), (0, b'a'), (1, b'b')] {
            sender.send((number, vec![letter])).unwrap();
        }
        drop(sender);
        draft.write_chunks(&receiver).unwrap();
        draft.publish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"abc");
    }

    #[test]
    fn a_draft_that_is_given_up_leaves_nothing() {
        let folder = tempfile::TempDir::new().unwrap();
        let mut draft = Draft::create(&folder.path().join("a.csv")).unwrap();
        draft.write("n", 1, || |_, _: &mut Vec<u8>| {}).unwrap();
        drop(draft);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
