//! The SQLite store: the suite that every store passes, and what only a file can do.

use std::time::Duration;

use counterpart_store::Store;
use counterpart_store::conformance;
use counterpart_store_sqlite::{Options, SqliteStore};
use tempfile::TempDir;

mod files;

counterpart_store::conformance_suite!(crate::open);

/// A store in a folder that goes with it.
struct Fixture {
    store: SqliteStore,
    _folder: TempDir,
}

impl conformance::Fixture for Fixture {
    fn store(&self) -> &dyn Store {
        &self.store
    }
}

async fn open(deadline: Duration) -> Fixture {
    let folder = TempDir::new().expect("a folder");
    let options = Options {
        deadline,
        ..Options::default()
    };
    let store = SqliteStore::open(folder.path(), options).await;
    Fixture {
        store: store.expect("opened"),
        _folder: folder,
    }
}
