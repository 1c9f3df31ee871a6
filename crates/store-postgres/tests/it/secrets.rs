//! Passwords stay where they are.

use counterpart_model::organization::Organization;
use counterpart_store::conformance::fixture::World;
use counterpart_store::unit_of_work::DEADLINE;
use counterpart_store::{Connections as _, Organizations as _, StoreError};
use counterpart_store_postgres::{PostgresOptions, PostgresStore};

use crate::database::{migrated, options, try_open};

const PLANTED: &str = "hunter2-planted";

fn free_of_secrets(text: &str) {
    assert!(!text.contains("planted"), "{text}");
}

/// The URL's password is in no `Debug` output.
#[tokio::test]
async fn the_password_is_not_shown_by_debug() {
    let Some(database) = migrated().await else {
        return;
    };
    let with_password =
        database
            .url()
            .replacen("://postgres@", &format!("://postgres:{PLANTED}@"), 1);
    let store = PostgresStore::connect(&with_password, options()).await;
    free_of_secrets(&format!("{:?}", store.expect("opened")));
}

/// Nor in any error of connecting.
#[tokio::test]
async fn the_password_is_in_no_error_of_connecting() {
    let urls = [
        format!("postgres://ann:{PLANTED}@localhost:1/voice"),
        format!("postgres://ann:{PLANTED}@localhost:1/voice?sslmode=require"),
        format!("postgres://ann:{PLANTED}@nowhere.invalid/voice"),
        format!("postgres://ann:{PLANTED}@localhost:port/voice"),
        format!("postgres://ann:?{PLANTED}=1@localhost/voice"),
        format!("postgres://ann:%{PLANTED}@localhost/voice"),
        format!("postgres://ann:a/{PLANTED}@localhost/voice"),
        format!("host=localhost port=1 user=ann password={PLANTED}"),
        format!("host=localhost user=ann password='{PLANTED}"),
        format!("mysql://ann:{PLANTED}@localhost/voice"),
    ];
    for url in urls {
        let opened = PostgresStore::connect(&url, PostgresOptions::default()).await;
        let error = opened.expect_err("nobody is there");
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        free_of_secrets(&error.to_string());
        free_of_secrets(&format!("{error:?}"));
        let migrated = PostgresStore::migrate(&url, &PostgresOptions::default()).await;
        free_of_secrets(&format!("{:?}", migrated.expect_err("nobody is there")));
    }
}

/// A mistyped database names the remedy.
#[tokio::test]
async fn a_missing_database_names_the_remedy() {
    let Some(database) = migrated().await else {
        return;
    };
    let (server, rest) = database
        .url()
        .split_once("/counterpart_test")
        .expect("a test's URL");
    let query = rest.split_once('?').map(|(_, query)| format!("?{query}"));
    let url = format!("{server}/nothing{}", query.unwrap_or_default());
    let opened = PostgresStore::connect(&url, options()).await;
    let error = opened.expect_err("there is no such database").to_string();
    assert!(error.contains("the name at the end of the URL"), "{error}");
}

/// A value that a constraint or the server refuses is not repeated.
#[tokio::test]
async fn values_are_in_no_error() {
    let Some(opened) = try_open(DEADLINE).await else {
        return;
    };
    let store = &opened.store;
    let world = World::found(store, "values").await;
    let mut connection = world.connection("CRM", counterpart_model::Side::Crm);
    connection.provider = format!("{PLANTED}\0");
    let save = counterpart_store::connections::SaveConnection {
        connection,
        seal: Vec::new(),
        forget: Vec::new(),
        event: world.event("connection.saved"),
    };
    let refused = store.save_connection(world.id(), &save).await;
    let error = refused.expect_err("no text may hold U+0000");
    assert!(matches!(error, StoreError::Misuse(_)), "{error:?}");
    free_of_secrets(&format!("{error:?}"));
    let organization = Organization {
        name: format!("{PLANTED} twin"),
        ..world.organization.clone()
    };
    let twin = counterpart_store::organizations::NewOrganization {
        organization,
        directory: world.directory.clone(),
        account: None,
        membership: None,
        setup_link: None,
        event: world.event("organization.founded"),
    };
    let refused = store.found_organization(&twin).await;
    let error = refused.expect_err("the id is taken");
    assert!(matches!(error, StoreError::Misuse(_)), "{error:?}");
    free_of_secrets(&format!("{error:?}"));
}
