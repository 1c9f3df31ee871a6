//! Migrating, and refusing what is not migrated.

use counterpart_store::Store as _;
use counterpart_store::StoreError;
use counterpart_store::global_tables::GLOBAL_TABLES;
use counterpart_store_postgres::PostgresStore;

use crate::database::{empty, migrated, options, plain_client};

/// Every migration once, however many nodes ask for it at the same time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_migrate_once() {
    let Some(database) = empty().await else {
        return;
    };
    let (options, url) = (options(), database.url());
    let (first, second, third) = tokio::join!(
        PostgresStore::migrate(url, &options),
        PostgresStore::migrate(url, &options),
        PostgresStore::migrate(url, &options),
    );
    let mut reports = [first, second, third].map(|report| report.expect("migrated"));
    reports.sort_by_key(|report| report.from);
    let newest = reports[0].to;
    assert_eq!(reports[0].from, 0);
    let last = reports[0].applied.last().expect("migrations");
    assert!(last.starts_with(&format!("V{newest}__")), "{last}");
    let migrations = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let files = std::fs::read_dir(migrations).expect("the migrations");
    assert_eq!(reports[0].applied.len(), files.count());
    for late in &reports[1..] {
        assert_eq!((late.from, late.to), (newest, newest));
        assert!(late.applied.is_empty(), "{late:?}");
    }
    let store = PostgresStore::connect(url, options).await.expect("opened");
    store.ping().await.expect("answered");
}

/// An empty database and one that lacks a migration are refused with the remedy.
#[tokio::test]
async fn an_outdated_schema_is_refused_with_the_remedy() {
    let Some(database) = empty().await else {
        return;
    };
    let refused = PostgresStore::connect(database.url(), options()).await;
    let error = refused.expect_err("nothing is migrated");
    assert!(
        matches!(error, StoreError::Outdated { found: 0, .. }),
        "{error:?}"
    );
    assert!(
        error.to_string().contains("counterpart db migrate"),
        "{error}"
    );

    let Some(database) = migrated().await else {
        return;
    };
    let client = plain_client(&database).await;
    let forget = "DELETE FROM refinery_schema_history
                  WHERE version = (SELECT max(version) FROM refinery_schema_history)";
    client.batch_execute(forget).await.expect("forgotten");
    let refused = PostgresStore::connect(database.url(), options()).await;
    let error = refused.expect_err("a migration is missing");
    let StoreError::Outdated { found, needed } = error else {
        panic!("{error:?}");
    };
    assert!(found < needed, "{found} of {needed}");
}

/// A database that a newer version has used is left alone.
#[tokio::test]
async fn a_newer_schema_is_refused() {
    let Some(database) = migrated().await else {
        return;
    };
    let client = plain_client(&database).await;
    let add = "INSERT INTO refinery_schema_history VALUES (9999, 'future', '', '0')";
    client.batch_execute(add).await.expect("added");
    let opened = PostgresStore::connect(database.url(), options()).await;
    let error = opened.expect_err("it is newer");
    assert!(
        matches!(error, StoreError::Newer { found: 9999, .. }),
        "{error:?}"
    );
    let migrated = PostgresStore::migrate(database.url(), &options()).await;
    let error = migrated.expect_err("it is newer");
    assert!(
        matches!(error, StoreError::Newer { found: 9999, .. }),
        "{error:?}"
    );
}

/// A migration that was changed after it had been applied is found out.
#[tokio::test]
async fn another_history_is_refused() {
    let Some(database) = migrated().await else {
        return;
    };
    let client = plain_client(&database).await;
    let forge = "UPDATE refinery_schema_history SET checksum = '1' WHERE version = 2";
    client.batch_execute(forge).await.expect("forged");
    let migrated = PostgresStore::migrate(database.url(), &options()).await;
    let error = migrated.expect_err("its history is another");
    assert!(matches!(error, StoreError::Corrupt(_)), "{error:?}");
}

/// Keys start with the organization, except on the global tables; nothing has a trigger of its
/// own: so that a cluster can shard by organization.
#[tokio::test]
async fn keys_start_with_the_organization() {
    let Some(database) = migrated().await else {
        return;
    };
    let client = plain_client(&database).await;
    let keys = "SELECT c.conrelid::regclass::text AS relation, c.conname::text AS name,
                       a.attname::text AS first
                FROM pg_constraint AS c
                JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                WHERE c.contype IN ('p', 'u', 'f', 'x')
                  AND c.connamespace = 'public'::regnamespace
                  AND (c.contype <> 'f' OR NOT c.confrelid::regclass::text = ANY ($1))";
    let global: Vec<_> = GLOBAL_TABLES
        .iter()
        .map(|table| (*table).to_owned())
        .collect();
    let rows = client.query(keys, &[&global]).await.expect("asked");
    assert!(rows.len() > 20, "the query finds the keys");
    for row in rows {
        let [relation, name, first] =
            ["relation", "name", "first"].map(|c| row.get::<_, String>(c));
        // The names of organizations are unique over all of them.
        let known = global.contains(&relation) || name == "organization_name_key_key";
        assert!(
            known || first == "organization_id",
            "{name} of {relation} starts with {first}"
        );
    }
    let triggers = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal";
    let triggers = client.query_one(triggers, &[]).await.expect("asked");
    assert_eq!(triggers.get::<_, i64>(0), 0);
}
