//! Opening: the folder, its lock, the backup before a migration, the migration.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use counterpart_store::StoreError;
use rusqlite::{Connection, OpenFlags, backup::Backup};

use crate::fault::{Fault, Result};

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// The database inside the data folder.
pub(crate) const FILE: &str = "counterpart.db";
/// The file whose lock says that a process holds the folder.
const LOCK: &str = "counterpart.lock";
/// What the connection that writes keeps of the file in memory, in KiB: little, because the
/// operating system caches the file as well.
const WRITER_CACHE: i64 = 4 * 1_024;
/// The same while a run is compared and taken over, which goes through several tables and indexes
/// in different orders and would otherwise read and write their pages many times.
const RUN_CACHE: i64 = 48 * 1_024;
/// How many prepared statements a connection keeps.
const STATEMENTS: usize = 64;

/// A folder that is locked for this process, and the connection that writes in it.
pub(crate) struct Opened {
    /// Where the database is.
    pub(crate) path: PathBuf,
    /// The connection that writes.
    pub(crate) writer: Connection,
    /// Held until it is dropped.
    pub(crate) lock: File,
}

/// Opens the data folder, which is made when it is not there.
pub(crate) fn open(folder: &Path) -> Result<Opened> {
    make(folder)?;
    let lock = lock(folder)?;
    let path = folder.join(FILE);
    let mut writer = Connection::open(&path)?;
    prepare(&writer, WRITER_CACHE)?;
    // WAL: readers and the writer do not wait for each other. FULL: what is committed survives
    // a power cut.
    writer.pragma_update(None, "journal_mode", "WAL")?;
    writer.pragma_update(None, "synchronous", "FULL")?;
    // Pages of a pull come one after the other, each with its commit: folding the log in behind
    // every second one would write most of the file over and over.
    writer.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    // A large unit of work leaves a large log; give the disk back when it is folded in.
    writer.pragma_update(None, "journal_size_limit", 16 * 1_024 * 1_024)?;
    migrate(&mut writer, folder)?;
    end_leases(&writer)?;
    Ok(Opened { path, writer, lock })
}

/// Ends every lease: this process holds the folder, so whoever took one is dead. What it was
/// doing can be taken over at once.
fn end_leases(db: &Connection) -> Result<()> {
    db.execute_batch(
        "DELETE FROM lease; UPDATE run SET lease_until = 0 WHERE state = 'pulling'; \
         UPDATE webhook SET lease_until = 0;",
    )?;
    Ok(())
}

/// A connection that only reads.
pub(crate) fn reader(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let reader = Connection::open_with_flags(path, flags)?;
    prepare(&reader, 2_048)?;
    reader.pragma_update(None, "query_only", true)?;
    Ok(reader)
}

/// Lets the connection keep more in memory, until [`end_of_unit`].
pub(crate) fn before_run_end(db: &Connection) -> Result<()> {
    Ok(db.pragma_update(None, "cache_size", -RUN_CACHE)?)
}

/// Gives back what a unit of work had in memory.
pub(crate) fn end_of_unit(db: &Connection) {
    if let Err(error) = db.pragma_update(None, "cache_size", -WRITER_CACHE) {
        tracing::warn!(error = %crate::fault::told(&error), "memory could not be given back");
    }
}

/// What every connection is told. `cache` is in KiB: small, because the operating system caches
/// the file as well.
fn prepare(db: &Connection, cache: i64) -> Result<()> {
    db.busy_timeout(Duration::from_secs(5))?;
    db.pragma_update(None, "foreign_keys", true)?;
    db.pragma_update(None, "cache_size", -cache)?;
    db.pragma_update(None, "temp_store", "memory")?;
    // A database that somebody tampered with must not run code of its choice.
    db.pragma_update(None, "trusted_schema", false)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

/// The folder holds sealed secrets and people's data: nobody else's business.
fn make(folder: &Path) -> Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|error| unavailable(folder, &error))
}

fn lock(folder: &Path) -> Result<File> {
    let path = folder.join(LOCK);
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|error| unavailable(&path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(StoreError::InUse(folder.display().to_string()).into())
        }
        Err(TryLockError::Error(error)) => Err(unavailable(&path, &error)),
    }
}

fn unavailable(path: &Path, error: &std::io::Error) -> Fault {
    StoreError::Unavailable(format!("{}: {error}", path.display())).into()
}

/// Brings the schema up to date, after a copy of an older one is put aside.
fn migrate(db: &mut Connection, folder: &Path) -> Result<()> {
    let runner = embedded::migrations::runner().set_grouped(true);
    let versions = runner
        .get_migrations()
        .iter()
        .map(|one| version(one.version()));
    let known = versions.clone().max().unwrap_or(0);
    let found = found(db)?;
    if found > known {
        return Err(StoreError::Newer { found, known }.into());
    }
    if found == known {
        return Ok(());
    }
    if found > 0 {
        let first = versions.filter(|version| *version > found).min();
        let copy = format!("{FILE}.before-V{}", first.unwrap_or(known));
        back_up(db, &folder.join(copy))?;
    }
    runner.run(db).map_err(|error| {
        StoreError::Unavailable(format!(
            "the schema could not be brought up to date: {error}"
        ))
    })?;
    tracing::info!(from = found, to = known, "the schema is up to date");
    Ok(())
}

/// The newest migration the database has seen; 0 for a new one.
fn found(db: &Connection) -> Result<u32> {
    let history = "SELECT 1 FROM sqlite_schema WHERE name = 'refinery_schema_history'";
    if !db.prepare(history)?.exists([])? {
        return Ok(0);
    }
    let newest = "SELECT coalesce(max(version), 0) FROM refinery_schema_history";
    Ok(db.query_row(newest, [], |row| row.get(0))?)
}

fn version(version: refinery::SchemaVersion) -> u32 {
    u32::try_from(version).unwrap_or(u32::MAX)
}

/// Copies the database to `path`, in place of any copy that an earlier attempt left.
fn back_up(db: &Connection, path: &Path) -> Result<()> {
    let unfinished = path.with_extension("unfinished");
    // A copy that broke off would be taken for a database to go on with.
    if let Err(error) = std::fs::remove_file(&unfinished)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        return Err(unavailable(&unfinished, &error));
    }
    let mut copy = Connection::open(&unfinished)?;
    Backup::new(db, &mut copy)?.run_to_completion(1_024, Duration::ZERO, None)?;
    copy.close().map_err(|(_, error)| error)?;
    std::fs::rename(&unfinished, path).map_err(|error| unavailable(path, &error))?;
    tracing::info!(path = %path.display(), "the database was copied before its schema changes");
    Ok(())
}
