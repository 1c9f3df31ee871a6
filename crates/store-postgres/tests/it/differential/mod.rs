//! Both databases give the same answers, whatever was done before: random operations on a SQLite
//! store and a PostgreSQL store, and everything that can be asked compared.
//!
//! A failure prints the operations, cut down to those that matter, and the seed;
//! `PROPTEST_RNG_SEED` repeats it and `PROPTEST_CASES` asks for more of them.

mod answers;
mod lines;
mod operation;
mod twin;

use std::cell::Cell;

use counterpart_store::Store;
use counterpart_store::unit_of_work::DEADLINE;
use counterpart_store_sqlite::{Options, SqliteStore};
use proptest::collection::vec;
use proptest::prelude::ProptestConfig;
use proptest::strategy::Strategy;
use proptest::test_runner::{RngSeed, TestCaseError, TestRunner};

use crate::database::try_open;
use operation::Operation;
use twin::Twin;

/// How many sequences of operations, unless `PROPTEST_CASES` says otherwise.
const CASES: u32 = 16;
/// The most operations of a sequence.
const LONGEST: usize = 24;

#[test]
fn both_databases_give_the_same_answers() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let Some(postgres) = runtime.block_on(try_open(DEADLINE)) else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let sqlite = SqliteStore::open(folder.path(), Options::default());
    let sqlite = runtime.block_on(sqlite).expect("opened");

    let seed = match ProptestConfig::default().rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => fresh_seed(),
    };
    let cases = std::env::var("PROPTEST_CASES").ok();
    let config = ProptestConfig {
        cases: cases.and_then(|n| n.parse().ok()).unwrap_or(CASES),
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(seed),
        ..ProptestConfig::default()
    };
    let case = Cell::new(0);
    let operations = vec(operation::any().no_shrink(), 1..=LONGEST);
    let result = TestRunner::new(config).run(&operations, |operations| {
        // Every case has organizations of its own, with names of their own.
        case.set(case.get() + 1);
        let label = format!("case {}", case.get());
        runtime.block_on(compare(&sqlite, &postgres.store, &label, &operations))
    });
    if let Err(error) = result {
        panic!("PROPTEST_RNG_SEED={seed} repeats it: {error}");
    }
}

fn fresh_seed() -> u64 {
    let nanos = std::time::SystemTime::UNIX_EPOCH.elapsed();
    nanos.map_or(0, |elapsed| u64::from(elapsed.subsec_nanos()))
}

async fn compare(
    sqlite: &dyn Store,
    postgres: &dyn Store,
    label: &str,
    operations: &[Operation],
) -> Result<(), TestCaseError> {
    let mut sqlite = Twin::found(sqlite, label).await;
    let mut postgres = Twin::found(postgres, label).await;
    for (index, operation) in operations.iter().enumerate() {
        let expected = sqlite.perform(operation).await;
        let got = postgres.perform(operation).await;
        if expected != got {
            return Err(TestCaseError::fail(format!(
                "operation {index} ({operation:?}) ended differently\n  sqlite:   {expected}\n  \
                 postgres: {got}"
            )));
        }
        let last = index + 1 == operations.len();
        if last || index % 6 == 5 {
            same_answers(&sqlite, &postgres, index).await?;
        }
    }
    Ok(())
}

async fn same_answers(
    sqlite: &Twin<'_>,
    postgres: &Twin<'_>,
    index: usize,
) -> Result<(), TestCaseError> {
    let expected = answers::of(&sqlite.world).await;
    let got = answers::of(&postgres.world).await;
    for ((question, expected), (_, got)) in expected.iter().zip(&got) {
        if expected != got {
            return Err(TestCaseError::fail(format!(
                "after operation {index}, {question} is answered differently\n  sqlite:   \
                 {expected}\n  postgres: {got}"
            )));
        }
    }
    Ok(())
}
