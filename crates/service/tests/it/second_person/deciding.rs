//! Who decides about a change that waits, and until when.

use std::sync::Arc;

use counterpart_model::{ChangeSetOrigin, Code, PendingState, Role, pending::WAITING_SECONDS};
use counterpart_service::mapping::EditScope;
use counterpart_store_postgres::{PostgresOptions, PostgresStore, schema_fingerprint};
use counterpart_test_postgres::TestDatabase;

use super::{Office, refused};
use crate::world::World;

#[tokio::test]
async fn nobody_approves_a_change_of_their_own_not_even_by_a_token() {
    let office = Office::new().await;
    let service = &office.world.service;
    let owner = office.owner();
    let pending = office.wants(owner, &[office.map(0, 0)]).await;
    let own = office
        .approve(owner, pending.number, EditScope::Everything)
        .await;
    assert_eq!(refused(own), Code::PendingOwn);
    let own = service
        .reject_pending(owner, pending.number, "no".into())
        .await;
    assert_eq!(refused(own), Code::PendingOwn);
    let token = service
        .create_token(owner, "robot", Role::Admin)
        .await
        .expect("a token");
    let robot = service
        .actor_of_token(&token.secret)
        .await
        .expect("an actor");
    let own = office
        .approve(&robot, pending.number, EditScope::Everything)
        .await;
    assert_eq!(refused(own), Code::PendingOwn);
    let viewer = office.world.member("vi@example.com", Role::Viewer).await;
    let denied = office
        .approve(&viewer, pending.number, EditScope::Everything)
        .await;
    assert_eq!(refused(denied), Code::AuthForbidden);

    let by_robot = office.wants(&robot, &[office.map(1, 1)]).await;
    let own = office
        .approve(owner, by_robot.number, EditScope::Everything)
        .await;
    assert_eq!(refused(own), Code::PendingOwn, "the token is its maker");
    let approved = office
        .approve(&office.kim, by_robot.number, EditScope::Everything)
        .await;
    assert_eq!(
        approved.expect("approved").0.account_id,
        None,
        "booked on no account"
    );
    let approved = office
        .approve(&office.kim, pending.number, EditScope::Everything)
        .await;
    approved.expect("approved");
}

#[tokio::test]
async fn the_command_line_cannot_approve_what_came_from_the_command_line() {
    let office = Office::new().await;
    let service = &office.world.service;
    let operator = service.operator(office.world.organization.id, ChangeSetOrigin::Cli);
    let pending = office.wants(&operator, &[office.map(0, 0)]).await;
    let own = office
        .approve(&operator, pending.number, EditScope::Everything)
        .await;
    assert_eq!(refused(own), Code::PendingOwn);
    let approved = office
        .approve(&office.kim, pending.number, EditScope::Everything)
        .await;
    assert_eq!(approved.expect("approved").0.origin, ChangeSetOrigin::Cli);
}

#[tokio::test]
async fn a_change_is_rejected_with_a_reason_or_withdrawn_by_its_maker() {
    let office = Office::new().await;
    let service = &office.world.service;
    let owner = office.owner();
    for n in 0..2 {
        office.wants(&office.kim, &[office.map(n, n)]).await;
    }
    let silent = service.reject_pending(owner, 1, "  ".into()).await;
    assert_eq!(refused(silent), Code::RequestInvalid);
    let rejected = service.reject_pending(owner, 1, "not Zoe".into()).await;
    let ending = rejected
        .expect("rejected")
        .pending
        .ending
        .expect("an ending");
    assert_eq!(ending.reason.as_deref(), Some("not Zoe"));
    let foreign = service.withdraw_pending(owner, 2, None).await;
    assert_eq!(refused(foreign), Code::AuthForbidden);
    let withdrawn = service.withdraw_pending(&office.kim, 2, None).await;
    assert_eq!(
        withdrawn.expect("withdrawn").pending.state,
        PendingState::Withdrawn
    );
    for number in [1, 2] {
        let late = office.approve(owner, number, EditScope::Everything).await;
        assert_eq!(refused(late), Code::PendingDecided);
    }
    assert_eq!(office.count_mappings().await, 0);
}

#[tokio::test]
async fn a_change_expires_after_two_weeks() {
    let office = Office::new().await;
    let service = &office.world.service;
    let pending = office.wants(&office.kim, &[office.map(0, 0)]).await;
    service.expire_pending().await.expect("looked");
    assert_eq!(
        office.pending(pending.number).await.state,
        PendingState::Open
    );
    office.world.clock.advance(WAITING_SECONDS);
    let late = office
        .approve(office.owner(), pending.number, EditScope::Everything)
        .await;
    assert_eq!(
        refused(late),
        Code::PendingDecided,
        "whether or not the schedule has looked"
    );
    service.expire_pending().await.expect("looked");
    let expired = office.pending(pending.number).await;
    assert_eq!(expired.state, PendingState::Expired);
    assert_eq!(expired.ending.expect("an ending").by, None);
    let late = service
        .withdraw_pending(&office.kim, pending.number, None)
        .await;
    assert_eq!(refused(late), Code::PendingDecided);
}

#[tokio::test]
async fn of_two_who_decide_at_once_one_wins_and_the_other_is_told_on_sqlite() {
    two_decide_at_once(World::new().await).await;
}

#[tokio::test]
async fn of_two_who_decide_at_once_one_wins_and_the_other_is_told_on_postgresql() {
    let label = format!("schema {:016x}", schema_fingerprint());
    let database = TestDatabase::create(&label, async |url| {
        let migrated = PostgresStore::migrate(&url, &PostgresOptions::default()).await;
        migrated.expect("migrated");
    });
    let Some(database) = database.await else {
        return;
    };
    let store = PostgresStore::connect(database.url(), PostgresOptions::default()).await;
    let folder = tempfile::tempdir().expect("a folder");
    two_decide_at_once(World::on(Arc::new(store.expect("a store")), folder).await).await;
}

async fn two_decide_at_once(world: World) {
    let office = Office::without_second_person(world).await;
    office.ask_from(1).await;
    let service = &office.world.service;
    let lee = office.world.member("lee@example.com", Role::Admin).await;
    for n in 0..4 {
        let pending = office.wants(&office.kim, &[office.map(n, n)]).await;
        let number = pending.number;
        let scope = EditScope::Everything;
        let (one, other) = tokio::join!(
            service.approve_pending(office.owner(), number, scope, None),
            async {
                if n % 2 == 0 {
                    service
                        .approve_pending(&lee, number, scope, None)
                        .await
                        .map(|_| ())
                } else {
                    service
                        .reject_pending(&lee, number, "no".into())
                        .await
                        .map(|_| ())
                }
            },
        );
        let ended = [one.map(|_| ()), other];
        let won = ended.iter().filter(|it| it.is_ok()).count();
        assert_eq!(won, 1, "{ended:?}");
        let told = ended
            .into_iter()
            .find_map(std::result::Result::err)
            .expect("one was told");
        assert_eq!(told.code(), Code::PendingDecided, "{told}");
        assert_ne!(office.pending(number).await.state, PendingState::Open);
    }
}
