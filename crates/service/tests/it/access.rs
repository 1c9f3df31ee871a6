//! Who gets in, and what they may do.

use counterpart_model::{ChangeSetOrigin, Code, Role};
use counterpart_service::access::SetUp;
use counterpart_service::people::PersonInput;
use secrecy::{ExposeSecret as _, SecretString};

use crate::world::{World, password, person};

fn secret(text: &str) -> SecretString {
    text.to_owned().into()
}

#[tokio::test]
async fn the_setup_link_works_once_and_only_on_an_empty_service() {
    let world = World::new().await;
    assert!(
        world.service.setup_link().await.expect("answer").is_none(),
        "there is an account"
    );

    let folder = tempfile::tempdir().expect("folder");
    let service = crate::world::service_in(&folder, world.clock.clone()).await;
    let link = service.setup_link().await.expect("answer").expect("a link");
    let set_up = |organization: &str| SetUp {
        link: link.clone(),
        organization: organization.to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        email: "ann@example.com".to_owned(),
        password: password(),
    };
    let (signed_in, organization) = service.set_up(set_up("First")).await.expect("set up");
    let entered = service
        .enter(
            signed_in.account.id,
            organization.id,
            ChangeSetOrigin::Portal,
        )
        .await;
    assert_eq!(entered.expect("entered").0.role(), Role::Owner);
    let again = service.set_up(set_up("Second")).await.expect_err("used up");
    assert_eq!(again.code(), Code::AuthSetupLink);
}

#[tokio::test]
async fn a_wrong_password_does_not_sign_in_and_too_many_have_to_wait() {
    let world = World::new().await;
    let service = &world.service;
    for _ in 0..5 {
        let refused = service
            .sign_in("owner@example.com", secret("wrong"), "192.0.2.1")
            .await
            .expect_err("no");
        assert_eq!(refused.code(), Code::AuthWrongCredentials);
    }
    let waits = service
        .sign_in("owner@example.com", password(), "192.0.2.1")
        .await
        .expect_err("wait");
    assert_eq!(waits.code(), Code::AuthThrottled);
    assert!(waits.wait().is_some());
    world.clock.advance(60);
    let signed_in = service
        .sign_in("OWNER@example.com", password(), "192.0.2.1")
        .await
        .expect("in again");
    let account = service.account_of(&signed_in.cookie).await.expect("answer");
    assert_eq!(
        account.map(|account| account.email),
        Some("owner@example.com".to_owned())
    );
    service.sign_out(&signed_in.cookie).await.expect("out");
    assert_eq!(
        service.account_of(&signed_in.cookie).await.expect("answer"),
        None
    );
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    let world = World::new().await;
    let signed_in = world
        .service
        .sign_in("owner@example.com", password(), "x")
        .await
        .expect("in");
    world
        .clock
        .advance(counterpart_service::access::SESSION_SECONDS + 1);
    assert_eq!(
        world
            .service
            .account_of(&signed_in.cookie)
            .await
            .expect("answer"),
        None
    );
}

#[tokio::test]
async fn viewers_change_nothing_and_admins_manage_no_accounts() {
    let world = World::new().await;
    let viewer = world.member("viewer@example.com", Role::Viewer).await;
    let admin = world.member("admin@example.com", Role::Admin).await;
    let service = &world.service;
    let input: PersonInput = person("Ann Lee", "ann@example.com");
    let refused = service
        .add_person(&viewer, &input)
        .await
        .expect_err("viewer");
    assert_eq!(refused.code(), Code::AuthForbidden);
    service.add_person(&admin, &input).await.expect("admin");
    let refused = service
        .create_token(&admin, "x", Role::Viewer)
        .await
        .expect_err("admin");
    assert_eq!(refused.code(), Code::AuthForbidden);
    let refused = service
        .create_account(&admin, "x@example.com", password(), Role::Owner)
        .await
        .expect_err("admin");
    assert_eq!(refused.code(), Code::AuthForbidden);
}

#[tokio::test]
async fn a_token_opens_its_organization_until_it_is_revoked() {
    let world = World::new().await;
    let service = &world.service;
    let made = service
        .create_token(&world.owner, "ci", Role::Admin)
        .await
        .expect("a token");
    let actor = service
        .actor_of_token(&made.secret)
        .await
        .expect("the token's actor");
    assert_eq!(
        (actor.organization(), actor.role()),
        (world.organization.id, Role::Admin)
    );
    service
        .revoke_token(&world.owner, made.token.id)
        .await
        .expect("revoked");
    let refused = service
        .actor_of_token(&made.secret)
        .await
        .expect_err("revoked");
    assert_eq!(refused.code(), Code::AuthRequired);
    assert!(made.secret.expose_secret().starts_with("cpt_"));
}

#[tokio::test]
async fn members_of_one_organization_do_not_see_another() {
    let world = World::new().await;
    let service = &world.service;
    let other = service
        .create_organization("Other", "UTC", false)
        .await
        .expect("another");
    let account = world.owner.account().expect("an account");
    let refused = service
        .enter(account, other.id, ChangeSetOrigin::Portal)
        .await
        .expect_err("not a member");
    assert_eq!(refused.code(), Code::OrganizationNotFound);
    let stranger = service.operator(other.id, ChangeSetOrigin::Cli);
    let ann = service
        .add_person(&world.owner, &person("Ann Lee", "ann@example.com"))
        .await
        .expect("a person");
    let refused = service
        .person_view(&stranger, ann.id)
        .await
        .expect_err("not theirs");
    assert_eq!(refused.code(), Code::PersonNotFound);
}
