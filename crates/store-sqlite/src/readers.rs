//! The connections that read, beside the one that writes.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::fault::Result;
use crate::open;
use crate::writer::{closed, guarded};

/// A pool of read-only connections. Each call sees the database as it was at one moment.
pub(crate) struct Readers {
    permits: Semaphore,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    /// Opens `count` connections to the database at `path`.
    pub(crate) fn open(path: &Path, count: usize) -> Result<Self> {
        let idle = (0..count.max(1))
            .map(|_| open::reader(path))
            .collect::<Result<Vec<_>>>()?;
        Ok(Self {
            permits: Semaphore::new(idle.len()),
            idle: Mutex::new(idle),
        })
    }

    /// Runs `job` on a connection and a thread for blocking work.
    pub(crate) async fn run<T: Send + 'static>(
        self: &std::sync::Arc<Self>,
        job: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let readers = std::sync::Arc::clone(self);
        let permit = readers.permits.acquire().await.map_err(|_| closed())?;
        permit.forget();
        let working = std::sync::Arc::clone(self);
        let work = tokio::task::spawn_blocking(move || {
            let reader = Borrowed::from(&working);
            guarded(|| {
                let db = reader.connection()?;
                let moment = db.unchecked_transaction()?;
                let outcome = job(&moment)?;
                moment.commit()?;
                Ok(outcome)
            })
        });
        work.await.map_err(|_| closed())?
    }

    /// Closes every connection that is idle, and lets nobody read any more.
    pub(crate) fn close(&self) {
        self.permits.close();
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

/// A connection that goes back to the pool, and the permit with it, whatever happens.
struct Borrowed<'r> {
    readers: &'r Readers,
    connection: Option<Connection>,
}

impl<'r> Borrowed<'r> {
    fn from(readers: &'r Readers) -> Self {
        let mut idle = readers.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = idle.pop();
        Self {
            readers,
            connection,
        }
    }

    fn connection(&self) -> Result<&Connection> {
        self.connection.as_ref().ok_or_else(closed)
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        let mut idle = self
            .readers
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if !self.readers.permits.is_closed() {
            idle.extend(self.connection.take());
        }
        drop(idle);
        self.readers.permits.add_permits(1);
    }
}
