//! Bad days: each ends in a typed state of the connection, and what was known stays.

use counterpart_emulators::{Fault, FaultPlace, FaultSwitch};
use counterpart_model::{Code, ConnectionState};
use counterpart_service::sync::SyncMode;

use crate::world::{World, emulator, input_for};

async fn day(provider: &str, switch: FaultSwitch, code: Code, state: ConnectionState) {
    let world = World::new().await;
    let service = &world.service;
    let emulator = emulator(provider, 60).await;
    let connection = world.connect(&emulator).await;
    service
        .sync(&world.owner, connection.id, SyncMode::Full)
        .await
        .expect(provider);
    let before = service
        .connection_view(&world.owner, connection.id)
        .await
        .expect("a view");
    let what = format!("{provider}: {switch:?}");
    emulator.control().inject(switch).expect("a fault");
    let failed = service
        .sync(&world.owner, connection.id, SyncMode::Full)
        .await
        .expect_err(&what);
    assert_eq!(failed.code(), code, "{what}: {failed}");
    let after = service
        .connection_view(&world.owner, connection.id)
        .await
        .expect("a view");
    assert_eq!(after.connection.health.state, state, "{what}");
    assert_eq!(after.connection.health.code, Some(code), "{what}");
    assert!(after.connection.health.detail.is_some(), "{what}");
    let numbers = |view: &counterpart_service::connections::ConnectionView| {
        view.counts.as_ref().map(|counts| counts.crm_users)
    };
    assert_eq!(
        numbers(&before),
        numbers(&after),
        "{what}: the last good data stays"
    );
    emulator.control().clear_faults();
    service
        .sync(&world.owner, connection.id, SyncMode::Full)
        .await
        .expect("the day after");
    let mended = service
        .connection_view(&world.owner, connection.id)
        .await
        .expect("a view");
    assert_eq!(
        mended.connection.health.state,
        ConnectionState::Healthy,
        "{what}"
    );
}

const PROVIDERS: [&str; 3] = ["salesforce", "zoho-crm", "autotask"];

async fn everywhere(fault: Fault, code: Code, state: ConnectionState) {
    for provider in PROVIDERS {
        day(provider, FaultSwitch::lasting(fault.clone()), code, state).await;
    }
}

#[tokio::test]
async fn a_missing_permission_breaks_the_connection() {
    everywhere(
        Fault::MissingPermission,
        Code::ConnectionForbidden,
        ConnectionState::Broken,
    )
    .await;
}

#[tokio::test]
async fn a_web_page_instead_of_an_answer_is_told_apart() {
    everywhere(
        Fault::Html,
        Code::ConnectionUnexpectedAnswer,
        ConnectionState::Broken,
    )
    .await;
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let fault = Fault::Redirect {
        to: "https://login.elsewhere.example/".to_owned(),
    };
    everywhere(fault, Code::ConnectionRedirected, ConnectionState::Broken).await;
}

#[tokio::test]
async fn text_that_is_none_is_refused() {
    for provider in PROVIDERS {
        let switch = FaultSwitch {
            on: Some(FaultPlace::Users),
            ..FaultSwitch::lasting(Fault::InvalidUtf8)
        };
        day(
            provider,
            switch,
            Code::ConnectionInvalidText,
            ConnectionState::Broken,
        )
        .await;
    }
}

#[tokio::test]
async fn a_list_that_leads_back_to_itself_ends() {
    everywhere(
        Fault::RepeatedCursor,
        Code::ConnectionCursorRepeated,
        ConnectionState::Broken,
    )
    .await;
}

#[tokio::test]
async fn ids_of_another_type_are_refused() {
    everywhere(
        Fault::IdType,
        Code::ConnectionIdInvalid,
        ConnectionState::Broken,
    )
    .await;
}

#[tokio::test]
async fn a_list_cut_short_is_noticed() {
    // The other two announce no count; there the brakes hold what is missing.
    let switch = FaultSwitch::lasting(Fault::TruncatedList);
    let (code, state) = (Code::ConnectionCountMismatch, ConnectionState::Troubled);
    day("salesforce", switch, code, state).await;
}

#[tokio::test]
async fn wrong_credentials_are_not_saved_and_named() {
    let world = World::new().await;
    for provider in PROVIDERS {
        let emulator = emulator(provider, 5).await;
        let mut input = input_for(&emulator);
        for value in input.credentials.values_mut() {
            *value = "wrong".to_owned().into();
        }
        let refused = world
            .service
            .save_connection(&world.owner, input)
            .await
            .expect_err(provider);
        assert_eq!(
            refused.code(),
            Code::ConnectionUnauthorized,
            "{provider}: {refused}"
        );
    }
    assert!(
        world
            .service
            .list_connections(&world.owner)
            .await
            .expect("a list")
            .is_empty()
    );
}

#[tokio::test]
async fn an_unreachable_host_and_a_missing_field_are_told_apart() {
    let world = World::new().await;
    let emulator = emulator("salesforce", 5).await;
    let mut input = input_for(&emulator);
    emulator.shutdown().await;
    let refused = world
        .service
        .save_connection(&world.owner, input.clone())
        .await
        .expect_err("gone");
    assert_eq!(refused.code(), Code::ConnectionUnreachable, "{refused}");
    input
        .settings
        .insert("domain".to_owned(), "https://10.0.0.1".to_owned());
    let refused = world
        .service
        .save_connection(&world.owner, input.clone())
        .await
        .expect_err("private");
    assert_eq!(refused.code(), Code::ConnectionAddressRefused, "{refused}");
    input.settings.insert("domain".to_owned(), String::new());
    let refused = world
        .service
        .save_connection(&world.owner, input)
        .await
        .expect_err("missing");
    assert_eq!(refused.code(), Code::ConnectionSettingsInvalid, "{refused}");
    assert_eq!(refused.fields()[0].field, "domain");
}
