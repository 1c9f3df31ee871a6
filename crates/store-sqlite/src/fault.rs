//! What goes wrong inside, and as what it is told.

use counterpart_store::{ApplyError, StoreError};
use rusqlite::ErrorCode;

/// The result of everything that runs on a database thread.
pub(crate) type Result<T> = std::result::Result<T, Fault>;

/// A failure before it is known to whom it is told.
#[derive(Debug)]
pub(crate) enum Fault {
    /// SQLite said no.
    Sqlite(rusqlite::Error),
    /// We did.
    Store(StoreError),
    /// A change set cannot be applied.
    Refused(Box<ApplyError>),
}

impl Fault {
    /// A call that made no sense.
    pub(crate) fn misuse(what: impl Into<String>) -> Self {
        Self::Store(StoreError::Misuse(what.into()))
    }

    /// A value that cannot be read back.
    pub(crate) fn corrupt(what: impl Into<String>) -> Self {
        Self::Store(StoreError::Corrupt(what.into()))
    }

    /// Whether a key, a foreign key or a trigger of the schema refused a row.
    pub(crate) fn is_constraint(&self) -> bool {
        matches!(self, Self::Sqlite(error)
            if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation))
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<ApplyError> for Fault {
    fn from(error: ApplyError) -> Self {
        Self::Refused(Box::new(error))
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Self::corrupt(format!("a structured value: {error}"))
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Sqlite(error) => told(&error),
            Fault::Store(error) => error,
            Fault::Refused(error) => match *error {
                ApplyError::Store(error) => error,
                other => Self::Misuse(other.to_string()),
            },
        }
    }
}

impl From<Fault> for ApplyError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Refused(error) => *error,
            other => Self::Store(other.into()),
        }
    }
}

/// What may be told of an error of SQLite: its kind, never a statement or a value.
pub(crate) fn told(error: &rusqlite::Error) -> StoreError {
    let Some(failure) = error.sqlite_error() else {
        return StoreError::Corrupt(match error {
            rusqlite::Error::FromSqlConversionFailure(column, ..)
            | rusqlite::Error::InvalidColumnType(column, ..)
            | rusqlite::Error::IntegralValueOutOfRange(column, _) => {
                format!("the value of column {column} of a row")
            }
            _ => "the answer of SQLite is not of the expected shape".into(),
        });
    };
    let what = rusqlite::ffi::code_to_str(failure.extended_code).to_owned();
    match failure.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy(what),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Corrupt(what),
        ErrorCode::ConstraintViolation => StoreError::Misuse(what),
        _ => StoreError::Unavailable(what),
    }
}
