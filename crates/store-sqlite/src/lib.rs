//! The SQLite store: one file in the data folder, nothing to install.
//!
//! - One thread writes, a few connections read; neither waits for the other (WAL). What is committed survives a power cut (`synchronous = FULL`).
//! - Whole commands that wait together share one commit. A unit of work has the writer to itself:
//!   here, at most one is open in the whole database, not only in its organization. Whole
//!   commands wait behind it, so whoever holds a unit and awaits one of them waits for its own
//!   deadline.
//! - The folder is locked for the life of the store, so that no two processes share it.
//! - The schema migrates itself when the store is opened, after a copy of the older one is put
//!   beside it.
//!
//! *What is not here:* rules. They are in `model` and `service`; the schema only holds what must
//! hold even when those are wrong (keys, and that mappings do not overlap).

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use async_trait::async_trait;
use counterpart_model::OrganizationId;
use counterpart_store::{Result, Store, StoreError, UnitOfWork, unit_of_work};
use rusqlite::Connection;

mod absent;
mod accounts;
mod apply;
mod audit;
mod changes;
mod checks;
mod connections;
mod crm_users;
mod drafts;
mod drifts;
mod evaluations;
mod events;
mod fault;
mod grid;
mod grid_rows;
mod inconsistencies;
mod lines;
mod mappings;
mod open;
mod organizations;
mod pending;
mod people;
mod query;
mod readers;
mod resolve;
mod review;
mod rows;
mod run_ends;
mod runs;
mod saved_views;
mod situations;
mod standings;
mod things;
mod unit;
mod webhooks;
mod writer;

/// How the store works.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long a unit of work may stay open, and how long one waits for another.
    pub deadline: Duration,
    /// How many connections read at the same time; at least one.
    pub readers: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            deadline: unit_of_work::DEADLINE,
            readers: 3,
        }
    }
}

/// A database in a folder.
///
/// Dropping it waits for what is being written, and for a unit of work that is still open until
/// its deadline.
pub struct SqliteStore {
    queue: Option<Sender<writer::Work>>,
    writer: Option<JoinHandle<()>>,
    readers: Arc<readers::Readers>,
    deadline: Duration,
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

impl SqliteStore {
    /// Opens the database `counterpart.db` in `folder`, both of which are made when they are not
    /// there (the folder for its owner only). An older schema is brought up to date, after a copy
    /// of the database is put beside it as `counterpart.db.before-V<n>`.
    ///
    /// Fails with [`StoreError::InUse`] when another process, or another store in this one, holds
    /// the folder, and with [`StoreError::Newer`] when a newer version has used it.
    pub async fn open(folder: &Path, options: Options) -> Result<Self> {
        let folder = folder.to_owned();
        let opened = tokio::task::spawn_blocking(move || {
            let opened = open::open(&folder)?;
            let readers = readers::Readers::open(&opened.path, options.readers)?;
            let (queue, work) = channel();
            let writer = std::thread::Builder::new()
                .name("store-writer".into())
                .spawn(move || {
                    let open::Opened { writer, lock, .. } = opened;
                    writer::run(&writer, &work);
                    // Others may have the folder once the database is closed, not before.
                    close(writer);
                    drop(lock);
                })
                .map_err(|error| StoreError::Unavailable(error.to_string()))?;
            Ok::<_, fault::Fault>(Self {
                queue: Some(queue),
                writer: Some(writer),
                readers: Arc::new(readers),
                deadline: options.deadline,
            })
        });
        let opened = opened.await.map_err(|_| writer::closed())?;
        Ok(opened?)
    }

    /// Closes the database: waits for what is being written and folds the write-ahead log into
    /// the file. Dropping the store does the same on the calling thread.
    pub async fn close(self) -> Result<()> {
        let closed = tokio::task::spawn_blocking(move || drop(self));
        closed.await.map_err(|_| writer::closed().into())
    }

    /// Runs a whole command; it is durable when this returns.
    async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> fault::Result<T> + Send + 'static,
    ) -> Result<T> {
        let (command, answer) = writer::command(job);
        writer::send(self.queue()?, writer::Work::Command(command))?;
        Ok(answer.await.map_err(|_| writer::closed())??)
    }

    /// Reads, from one moment of the database.
    async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> fault::Result<T> + Send + 'static,
    ) -> Result<T> {
        Ok(self.readers.run(job).await?)
    }

    fn queue(&self) -> fault::Result<&Sender<writer::Work>> {
        self.queue.as_ref().ok_or_else(writer::closed)
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.readers.close();
        self.queue = None;
        if let Some(writer) = self.writer.take()
            && writer.join().is_err()
        {
            tracing::error!("the thread that writes panicked");
        }
    }
}

/// Folds the log into the file, so that a copy of the file alone is whole.
fn close(writer: Connection) {
    let closed = writer
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .and_then(|()| writer.close().map_err(|(_, error)| error));
    if let Err(error) = closed {
        tracing::warn!(error = %fault::told(&error), "the database was not closed cleanly");
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn begin(&self, organization: OrganizationId) -> Result<Box<dyn UnitOfWork>> {
        let unit = unit::open(self.queue()?, organization, self.deadline).await?;
        Ok(Box::new(unit))
    }

    async fn ping(&self) -> Result<()> {
        self.read(|db| Ok(db.query_row("SELECT 1", [], |_| Ok(()))?))
            .await
    }
}
