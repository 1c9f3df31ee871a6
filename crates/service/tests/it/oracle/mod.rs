//! Random sequences of everything that changes who is whom, each done by the service and on plain
//! books beside it: what stands, what is answered about any moment and what is refused must be
//! what the books say, after every step, on both databases.
//!
//! `ORACLE_SEQUENCES` says how many sequences there are on SQLite (a quarter of them on
//! PostgreSQL), `ORACLE_SEED` with which number they begin, `ORACLE_STEPS` how long they are on
//! average. A sequence that fails is made shorter in at most `ORACLE_SHRINKS` tries, and told with
//! its number.
//!
//! Sequences are made by `proptest` alone: what is accepted is what the service proposes, which a
//! model that only knows its own state could not say.

mod books;
mod checks;
mod crm;
mod drafts;
mod files;
mod game;
mod importing;
mod in_crm;
mod operation;
mod perform;
mod pulls;
mod questions;
mod rules;
mod undoing;

use std::cell::RefCell;
use std::sync::Arc;

use counterpart_connector::Registry;
use counterpart_store::Store;
use counterpart_store_postgres::{PostgresOptions, PostgresStore, schema_fingerprint};
use counterpart_store_sqlite::SqliteStore;
use counterpart_test_postgres::TestDatabase;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use self::crm::{Crm, Weather};
use self::game::{Check, Game, Table};
use self::operation::{Operation, sequences};
use self::questions::Tally;
use crate::world::World;

/// Whose manifests the two CRMs show.
const PROVIDERS: [&str; 2] = ["freshdesk", "insightly"];

/// How many sequences there are on SQLite where nothing else is said.
const USUAL: u64 = 20;

/// How much is tried.
struct Extent {
    sequences: u64,
    first: u64,
    steps: usize,
}

impl Extent {
    fn wanted() -> Self {
        Self {
            sequences: number("ORACLE_SEQUENCES", USUAL),
            first: number("ORACLE_SEED", 1),
            steps: usize::try_from(number("ORACLE_STEPS", 40)).expect("a length"),
        }
    }
}

fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).map_or(usual, |text| {
        let number = text.parse();
        number.unwrap_or_else(|_| panic!("{variable} is `{text}`; make it a number"))
    })
}

impl Table {
    async fn over(store: Arc<dyn Store>, folder: TempDir) -> Self {
        let real = counterpart_connectors::registry().expect("connectors");
        let crms = PROVIDERS.map(|provider| {
            let shown_as = real.get(provider).expect("a connector");
            Arc::new(Crm::new(Arc::clone(shown_as)))
        });
        let mut registry = Registry::new();
        for crm in &crms {
            let crm = Arc::clone(crm);
            registry.add(crm).expect("a connector");
        }
        let world = World::over(store, folder, registry).await;
        world.clock.stand_still();
        Self { world, crms }
    }

    /// Plays a sequence in an organization of its own.
    async fn play(&self, number: u64, sequence: &[Operation], tally: &mut Tally) -> Check {
        let mut game = Game::begin(self, number).await;
        let first = (0..2).map(|place| Operation::Sync {
            place,
            quick: false,
            weather: Weather::Fine,
        });
        for (step, operation) in first.chain(sequence.iter().cloned()).enumerate() {
            let played = game.play(&operation, tally).await;
            played.map_err(|wrong| format!("step {}, {operation:?}:\n{wrong}", step + 1))?;
        }
        Ok(())
    }

    /// Plays sequences, and makes one that fails shorter.
    fn plays(&self, runtime: &Runtime, extent: &Extent) -> Tally {
        let tally = RefCell::new(Tally::new());
        let played = RefCell::new(0);
        for seed in extent.first..extent.first + extent.sequences {
            let config = Config {
                cases: 1,
                rng_seed: RngSeed::Fixed(seed),
                failure_persistence: None,
                max_shrink_iters: u32::try_from(number("ORACLE_SHRINKS", 300)).expect("fewer"),
                max_shrink_time: 60_000,
                ..Config::default()
            };
            let result = TestRunner::new(config).run(&sequences(extent.steps), |sequence| {
                *played.borrow_mut() += 1;
                let number = *played.borrow();
                let mut tally = tally.borrow_mut();
                let play = self.play(number, &sequence, &mut tally);
                runtime.block_on(play).map_err(TestCaseError::fail)
            });
            if let Err(TestError::Fail(why, sequence)) = result {
                let steps: Vec<String> = sequence.iter().map(|it| format!("  {it:?}")).collect();
                panic!(
                    "sequence {seed} (ORACLE_SEED={seed} ORACLE_SEQUENCES=1), cut down to\n{}\nfails in {why}",
                    steps.join("\n")
                );
            }
            result.expect("a result");
        }
        tally.into_inner()
    }
}

/// A sequence in which nothing ever succeeds, or is ever refused, would show nothing.
fn shows_something(tally: &Tally) {
    let never: Vec<_> = tally
        .iter()
        .filter(|(_, (done, _))| *done == 0)
        .map(|(name, _)| name)
        .collect();
    assert_eq!(never, Vec::<&String>::new(), "never succeeded: {tally:#?}");
    assert!(tally.len() >= 23, "not everything was tried: {tally:#?}");
}

#[test]
fn whatever_is_done_in_whatever_order_sqlite_says_what_plain_books_say() {
    let runtime = Runtime::new().expect("a runtime");
    let table = runtime.block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let options = counterpart_store_sqlite::Options::default();
        let store = SqliteStore::open(folder.path(), options).await;
        Table::over(Arc::new(store.expect("a store")), folder).await
    });
    let extent = Extent::wanted();
    let tally = table.plays(&runtime, &extent);
    if extent.sequences >= USUAL && extent.steps >= 40 {
        shows_something(&tally);
    }
}

#[test]
fn whatever_is_done_in_whatever_order_postgresql_says_what_plain_books_say() {
    let runtime = Runtime::new().expect("a runtime");
    let label = format!("schema {:016x}", schema_fingerprint());
    let database = runtime.block_on(TestDatabase::create(&label, async |url| {
        let options = PostgresOptions::default();
        let migrated = PostgresStore::migrate(&url, &options).await;
        migrated.expect("migrated");
    }));
    let Some(database) = database else {
        return;
    };
    let table = runtime.block_on(async {
        let options = PostgresOptions {
            connections: 4,
            ..PostgresOptions::default()
        };
        let store = PostgresStore::connect(database.url(), options).await;
        let folder = tempfile::tempdir().expect("a folder");
        Table::over(Arc::new(store.expect("a store")), folder).await
    });
    let extent = Extent::wanted();
    let fewer = Extent {
        sequences: extent.sequences.div_ceil(4),
        // Others than on SQLite.
        first: extent
            .first
            .wrapping_add(if extent.sequences > 1 { 1_000 } else { 0 }),
        ..extent
    };
    table.plays(&runtime, &fewer);
}
