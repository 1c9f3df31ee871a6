//! What can go wrong in a store.

use counterpart_model::{Code, Identity, Mapping, Person};

/// A store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else's change took too long, or clashed; trying again may work.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The database does not answer, or its disk is full.
    #[error("the database does not answer: {0}")]
    Unavailable(String),
    /// The database has an older schema than this program.
    #[error(
        "the database has schema {found}, this version needs {needed}; run `counterpart db migrate`"
    )]
    Outdated {
        /// The newest migration it has seen.
        found: u32,
        /// The newest migration there is.
        needed: u32,
    },
    /// The database was used by a newer version.
    #[error(
        "the database has schema {found}, newer than {known}, which this version knows; use the newer version"
    )]
    Newer {
        /// The newest migration it has seen.
        found: u32,
        /// The newest migration this program knows.
        known: u32,
    },
    /// Another process holds the data folder.
    #[error("another process uses the data folder {0}")]
    InUse(String),
    /// A stored value cannot be read back: a fault of this program, or of the disk.
    #[error("the database holds something unreadable: {0}")]
    Corrupt(String),
    /// A call made no sense, for example a page for a run that has ended: a fault of the caller.
    #[error("the database was asked for something impossible: {0}")]
    Misuse(String),
}

impl StoreError {
    /// The public code.
    pub const fn code(&self) -> Code {
        match self {
            Self::Busy(_) => Code::StoreBusy,
            Self::Unavailable(_) => Code::StoreUnavailable,
            Self::Outdated { .. } => Code::StoreOutdated,
            Self::Newer { .. } => Code::StoreNewer,
            Self::InUse(_) => Code::StoreInUse,
            Self::Corrupt(_) | Self::Misuse(_) => Code::Internal,
        }
    }
}

/// A change set cannot be applied. Nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// What stands there is not what the change set's maker saw. Lines count from 0.
    #[error("line {line} was changed meanwhile")]
    Stale {
        /// Which line.
        line: usize,
    },
    /// A mapping would overlap another one.
    #[error("the mapping overlaps another one")]
    Overlap {
        /// The one that was wanted.
        wanted: Box<Mapping>,
        /// The one that stands there.
        standing: Box<Mapping>,
    },
    /// Another person has the external id.
    #[error("another person has this external id")]
    ExternalIdTaken {
        /// The one that was wanted.
        wanted: Box<Person>,
        /// The one that has it.
        standing: Box<Person>,
    },
    /// Another person has the extension, number or the like at that time.
    #[error("another person has this {}", .standing.kind.as_str())]
    IdentityTaken {
        /// The one that was wanted.
        wanted: Box<Identity>,
        /// The one that stands there.
        standing: Box<Identity>,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
