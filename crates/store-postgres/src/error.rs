//! What the server answers, as errors of the store.
//!
//! A message never holds SQL, a value or the URL: at most the SQLSTATE and a constraint's name.

use std::error::Error as _;

use counterpart_store::StoreError;
use deadpool_postgres::{PoolError, TimeoutType};
use tokio_postgres::error::SqlState;

/// An error of a statement.
pub(crate) fn from_statement(error: &tokio_postgres::Error) -> StoreError {
    let Some(db) = error.as_db_error() else {
        if error.is_closed() {
            return StoreError::Unavailable("the connection was closed".into());
        }
        return match error
            .source()
            .and_then(|e| e.downcast_ref::<std::io::Error>())
        {
            Some(io) => StoreError::Unavailable(format!("the connection broke: {}", io.kind())),
            None => StoreError::Corrupt(error.to_string()),
        };
    };
    let state = db.code().code();
    match (db.code(), state.get(..2)) {
        (&SqlState::LOCK_NOT_AVAILABLE, _) => {
            StoreError::Busy("somebody else's change took too long; try again".into())
        }
        (&SqlState::QUERY_CANCELED | &SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT, _) => {
            StoreError::Busy(format!("it took too long (SQLSTATE {state})"))
        }
        (&SqlState::TOO_MANY_CONNECTIONS, _) => {
            StoreError::Busy("the server has no connection to spare".into())
        }
        // Overlaps are looked for before anything is written: another writer came in between.
        (&SqlState::EXCLUSION_VIOLATION, _) | (_, Some("40")) => {
            StoreError::Busy(format!("changes clashed (SQLSTATE {state})"))
        }
        (&SqlState::DISK_FULL, _) => StoreError::Unavailable("its disk is full".into()),
        (_, Some("08" | "53" | "57" | "58")) => {
            StoreError::Unavailable(format!("the server gave up (SQLSTATE {state})"))
        }
        (&SqlState::READ_ONLY_SQL_TRANSACTION, _) => {
            StoreError::Unavailable("the server is read-only; point the URL at the primary".into())
        }
        (&SqlState::UNTRANSLATABLE_CHARACTER | &SqlState::CHARACTER_NOT_IN_REPERTOIRE, _) => {
            StoreError::Misuse(
                "a text holds the character U+0000, which PostgreSQL cannot keep; remove it".into(),
            )
        }
        (_, Some("54")) => StoreError::Misuse("a text is too long to be found again".into()),
        (_, Some("23")) => StoreError::Misuse(format!(
            "constraint {}",
            db.constraint().unwrap_or("without a name")
        )),
        _ => StoreError::Corrupt(format!("SQLSTATE {state}")),
    }
}

/// An error of getting a connection.
pub(crate) fn from_pool(error: &PoolError) -> StoreError {
    match error {
        PoolError::Timeout(TimeoutType::Wait) => {
            StoreError::Busy("all connections are in use; try again".into())
        }
        PoolError::Timeout(TimeoutType::Create | TimeoutType::Recycle) => StoreError::Unavailable(
            "no connection in time; check host and port of the URL, and that the server runs"
                .into(),
        ),
        PoolError::Backend(error) => from_connecting(error),
        PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
            StoreError::Unavailable("the pool is closed".into())
        }
    }
}

/// An error of connecting.
pub(crate) fn from_connecting(error: &tokio_postgres::Error) -> StoreError {
    if let Some(db) = error.as_db_error() {
        let state = db.code().code();
        return match (db.code(), state.get(..2)) {
            (_, Some("28")) => StoreError::Unavailable(format!(
                "the server refuses the sign-in (SQLSTATE {state}); check user and password of the URL"
            )),
            (&SqlState::INVALID_CATALOG_NAME, _) => StoreError::Unavailable(
                "the server has no such database; check the name at the end of the URL".into(),
            ),
            (_, Some("08")) => StoreError::Unavailable(format!(
                "a pooler refuses the connection (SQLSTATE {state}); check user, password and \
                 the name at the end of the URL"
            )),
            _ => from_statement(error),
        };
    }
    let cause = match error.source() {
        // The text of an I/O error names neither user nor password.
        Some(source) if source.is::<std::io::Error>() => format!("{error}: {source}"),
        _ => error.to_string(),
    };
    StoreError::Unavailable(format!(
        "{cause}; check host, port and sslmode of the URL, and that the server runs"
    ))
}

/// A stored value of a column cannot be read.
pub(crate) fn unreadable(column: &str, why: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(format!("column {column}: {why}"))
}
