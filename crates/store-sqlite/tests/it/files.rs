//! What only a database in a file can do: lock, migrate, survive.

use std::path::Path;

use counterpart_model::{Clock, Draft, DraftEdit, PersonId};
use counterpart_store::conformance::fixture::{Seed, World, new_account, pulled};
use counterpart_store::grid::GridQuery;
use counterpart_store::{Accounts, Drafts, Grid, Organizations, People, Store, StoreError};
use counterpart_store_sqlite::{Options, SqliteStore};
use refinery::{Migration, Runner};
use tempfile::TempDir;

/// The migrations as an older version had them.
const OLDER: [(&str, &str); 3] = [
    (
        "V1__accounts_and_organizations",
        include_str!("../../migrations/V1__accounts_and_organizations.sql"),
    ),
    (
        "V2__people_and_connections",
        include_str!("../../migrations/V2__people_and_connections.sql"),
    ),
    (
        "V3__crm_users_and_runs",
        include_str!("../../migrations/V3__crm_users_and_runs.sql"),
    ),
];

fn folder() -> TempDir {
    TempDir::new().expect("a folder")
}

async fn open(folder: &Path) -> SqliteStore {
    let store = SqliteStore::open(folder, Options::default()).await;
    store.expect("opened")
}

#[tokio::test]
async fn two_stores_cannot_share_a_folder() {
    let folder = folder();
    let first = open(folder.path()).await;
    let second = SqliteStore::open(folder.path(), Options::default()).await;
    match second {
        Err(StoreError::InUse(named)) => {
            assert_eq!(named, folder.path().display().to_string());
        }
        other => panic!("expected the folder to be in use, got {other:?}"),
    }
    first.ping().await.expect("the first is not disturbed");
    first.close().await.expect("closed");
    open(folder.path()).await;
}

#[tokio::test]
async fn a_store_that_is_dropped_lets_the_next_one_in() {
    let folder = folder();
    for _ in 0..3 {
        drop(open(folder.path()).await);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_folder_is_its_owners_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = folder();
    let inner = folder.path().join("deep/data");
    let _store = open(&inner).await;
    let mode = std::fs::metadata(&inner)
        .expect("made")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[tokio::test]
async fn reopening_keeps_everything() {
    let folder = folder();
    let store = open(folder.path()).await;
    let world = World::found(&store, "reopening_keeps_everything").await;
    let connection = world.connect("CRM").await;
    world.sync(connection, &pulled(3)).await;
    let ann = world.add_person("Ann Lee").await;
    world.map(connection, ann.id, "u1").await;
    world.refresh().await;
    let (id, organization) = (world.id(), world.organization.clone());
    let before = world.grid(&GridQuery::default()).await;
    drop(world);
    store.close().await.expect("closed");
    let log = folder.path().join("counterpart.db-wal");
    assert!(!log.exists(), "the log is folded into the file");
    let store = open(folder.path()).await;
    let found = store.find_organization(id).await.expect("asked");
    assert_eq!(found, Some(organization));
    let query = GridQuery {
        words: vec!["user 001".into()],
        ..GridQuery::default()
    };
    let page = counterpart_model::PageRequest::first(10);
    let after = store.list_grid(id, &query, &page).await.expect("listed");
    assert_eq!(after.items, before, "found by the search index too");
}

#[tokio::test]
async fn what_was_answered_survives_a_crash() {
    let folder = folder();
    let store = open(folder.path()).await;
    let world = World::found(&store, "what_was_answered_survives_a_crash").await;
    let ann = world.add_person("Ann Lee").await;
    let mut unit = store.begin(world.id()).await.expect("begun");
    let appended = unit.append_audit(world.event("unfinished")).await;
    appended.expect("appended");
    // What the disk holds at this moment is what a killed process leaves behind.
    let left = self::folder();
    for file in ["counterpart.db", "counterpart.db-wal"] {
        std::fs::copy(folder.path().join(file), left.path().join(file)).expect("copied");
    }
    drop(unit);
    let survivor = open(left.path()).await;
    let found = survivor.find_person(world.id(), ann.id).await;
    assert_eq!(found.expect("asked"), Some(ann));
    let page = counterpart_model::PageRequest::first(10);
    let audit = counterpart_store::Changes::list_audit(&survivor, world.id(), &page).await;
    assert_eq!(
        audit.expect("listed").items.len(),
        1,
        "the unit was not finished"
    );
}

#[tokio::test]
async fn an_older_schema_is_copied_and_brought_up_to_date() {
    let folder = folder();
    let path = folder.path().join("counterpart.db");
    let mut older = rusqlite::Connection::open(&path).expect("opened");
    let migrations = OLDER.map(|(name, sql)| Migration::unapplied(name, sql).expect("read"));
    Runner::new(&migrations).run(&mut older).expect("migrated");
    let sql = "INSERT INTO account VALUES (x'01900000000070008000000000000001', 'a@x.example', \
        'a@x.example', 'hash', 0)";
    older.execute(sql, []).expect("inserted");
    drop(older);
    let store = open(folder.path()).await;
    assert_eq!(store.count_accounts().await.expect("counted"), 1);
    World::found(&store, "founded with the new schema").await;
    store.close().await.expect("closed");
    let copy = folder.path().join("counterpart.db.before-V4");
    let copy = rusqlite::Connection::open(copy).expect("a copy");
    let newest = "SELECT max(version), (SELECT count(*) FROM account) FROM refinery_schema_history";
    let found = copy.query_row(newest, [], |row| Ok((row.get(0)?, row.get(1)?)));
    assert_eq!(found.expect("read"), (3, 1), "the copy is as it was");
    drop(copy);
    open(folder.path()).await;
    let files = std::fs::read_dir(folder.path()).expect("read");
    let copies = files.filter(|file| {
        let name = file.as_ref().expect("a file").file_name();
        name.to_string_lossy().contains("before")
    });
    assert_eq!(copies.count(), 1, "what is up to date is not copied");
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let folder = folder();
    open(folder.path()).await.close().await.expect("closed");
    let newer = rusqlite::Connection::open(folder.path().join("counterpart.db")).expect("opened");
    let sql = "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) \
        SELECT 99, 'later', applied_on, checksum FROM refinery_schema_history LIMIT 1";
    newer.execute(sql, []).expect("inserted");
    drop(newer);
    match SqliteStore::open(folder.path(), Options::default()).await {
        Err(StoreError::Newer { found: 99, known }) => assert!(known < 99),
        other => panic!("expected the schema to be too new, got {other:?}"),
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_named() {
    let folder = folder();
    let path = folder.path().join("counterpart.db");
    std::fs::write(path, "this is no database at all".repeat(100)).expect("written");
    match SqliteStore::open(folder.path(), Options::default()).await {
        Err(StoreError::Corrupt(_)) => {}
        other => panic!("expected it to be unreadable, got {other:?}"),
    }
}

/// Commands that wait behind a unit share one commit; one that fails takes nobody along.
#[tokio::test]
async fn a_failing_command_leaves_its_group_alone() {
    let folder = folder();
    let store = open(folder.path()).await;
    let world = World::found(&store, "a_failing_command").await;
    let connection = world.connect("CRM").await;
    let ann = world.add_person("Ann Lee").await;
    let seed = Seed::of("nobody");
    let draft = |account, person| Draft {
        account_id: account,
        connection_id: connection,
        person_id: person,
        edit: DraftEdit::Unmap,
        based_on: None,
        updated_at: seed.now(),
    };
    let nobody = PersonId::generate(&seed, &seed);
    let accounts: Vec<_> = (0..20)
        .map(|n| new_account(&seed, &format!("{n}@x.example")).id)
        .collect();
    let unit = store.begin(world.id()).await.expect("begun");
    let drafts: Vec<_> = accounts
        .iter()
        .enumerate()
        .map(|(n, account)| {
            let person = if n % 3 == 0 { nobody } else { ann.id };
            vec![draft(*account, person), draft(*account, ann.id)]
        })
        .collect();
    let put = drafts
        .iter()
        .map(|drafts| store.put_drafts(world.id(), drafts));
    let put = futures::future::join_all(put);
    let (put, ()) = tokio::join!(put, async { drop(unit) });
    for (n, put) in put.into_iter().enumerate() {
        assert_eq!(put.is_err(), n % 3 == 0, "command {n}: {put:?}");
    }
    for (n, account) in accounts.into_iter().enumerate() {
        let count = store.count_drafts(world.id(), account).await;
        assert_eq!(
            count.expect("counted"),
            u64::from(n % 3 != 0),
            "command {n}"
        );
    }
}

/// Whatever the code does, two mappings that clash cannot both be written.
#[tokio::test]
async fn the_schema_itself_refuses_overlaps() {
    let folder = folder();
    let store = open(folder.path()).await;
    let world = World::found(&store, "the_schema_itself_refuses_overlaps").await;
    let connection = world.connect("CRM").await;
    let people = world.add_people(&["Ann Lee", "Bob Ray"]).await;
    world.map(connection, people[0].id, "u1").await;
    world.map(connection, people[1].id, "u2").await;
    let path = folder.path().join("counterpart.db");
    let raw = rusqlite::Connection::open(path).expect("opened");
    let again = "INSERT INTO mapping SELECT organization_id, randomblob(16), connection_id, \
        person_id, crm_user_id || ?, valid_from, valid_to, ?, ?, origin, evidence, created_at, \
        version, witness FROM mapping WHERE crm_user_id = 'u1'";
    let moved = "UPDATE mapping SET crm_user_id = 'u1' WHERE crm_user_id = 'u2'";
    for (refused, constraint) in [
        (raw.execute(again, ("x", 1, 0)), "mapping_person_overlap"),
        (raw.execute(again, ("", 0, 1)), "mapping_crm_user_overlap"),
        (raw.execute(moved, ()), "mapping_crm_user_overlap"),
    ] {
        let refused = refused.expect_err("refused").to_string();
        assert_eq!(refused, constraint);
    }
    raw.execute(again, ("", 0, 0))
        .expect("both sides are shared");
}

/// The planner knows how large a middling organization is, for every index: without that it
/// takes all rows of an organization for ten and scans them.
#[tokio::test]
async fn every_index_has_figures_for_the_planner() {
    let folder = folder();
    open(folder.path()).await.close().await.expect("closed");
    let raw = rusqlite::Connection::open(folder.path().join("counterpart.db")).expect("opened");
    let mut without = raw
        .prepare(
            "SELECT one.name FROM sqlite_schema AS tab, pragma_index_list(tab.name) AS one \
             WHERE tab.type = 'table' AND tab.name NOT LIKE 'sqlite%' \
             AND tab.name NOT LIKE '%_search%' AND tab.name <> 'refinery_schema_history' \
             AND NOT EXISTS (SELECT 1 FROM sqlite_stat1 \
             WHERE tbl = tab.name AND (idx = one.name OR (one.origin = 'pk' AND idx = tbl)))",
        )
        .expect("read");
    let without = without.query_map([], |row| row.get::<_, String>(0));
    let without: Vec<_> = without
        .expect("read")
        .map(|name| name.expect("a name"))
        .collect();
    assert_eq!(without, [""; 0], "see the end of migration 4");
}
