//! Changes that wait for a second person, by plain forms.

use std::num::NonZeroU32;

use axum::http::StatusCode;
use counterpart_model::{Role, Situation};

use crate::client::Client;
use crate::world::World;

/// Accepts what is certain and saves it; where the browser is sent.
async fn save(world: &World, client: &Client) -> String {
    client
        .post(&world.path("/mapping/accept-certain"), &[])
        .await;
    let saved = client.post(&world.path("/mapping/save"), &[]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    saved.location().to_owned()
}

async fn ask(world: &World, owner: &Client) {
    let form = [("asked", "yes"), ("lines", "1")];
    let set = owner
        .post(&world.path("/settings/second-person"), &form)
        .await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.body);
    assert!(
        set.body.contains("Changes of 1 line or more wait"),
        "{}",
        set.body
    );
}

#[tokio::test]
async fn a_saved_draft_waits_is_shown_to_everybody_and_approved_by_another() {
    let world = World::new().await;
    let owner = world.client(Role::Owner).await;
    let admin = world.client(Role::Admin).await;
    ask(&world, &owner).await;
    let location = save(&world, &admin).await;
    assert_eq!(location, world.path("/changes/waiting/1?kept=true"));

    let page = admin.get(&location).await;
    assert!(page.body.contains("Kept, not applied."), "{}", page.body);
    assert!(page.body.contains("is your own"), "it says why not");
    assert!(page.body.contains(">Withdraw</button>"));
    assert!(!page.body.contains(">Approve"), "nobody approves their own");
    let overview = admin.get(&world.path("")).await;
    assert!(!overview.body.contains("waits for a second person"));

    let overview = owner.get(&world.path("")).await;
    assert!(
        overview.body.contains("1 change waits for a second person"),
        "{}",
        overview.body
    );
    let list = owner.get(&world.path("/changes/waiting")).await;
    assert!(list.body.contains("admin@example.com"), "{}", list.body);
    let viewer = world.client(Role::Viewer).await;
    let seen = viewer.get(&world.path("/changes/waiting/1")).await;
    assert!(seen.body.contains("needs the role admin"), "{}", seen.body);

    let form = [("scope", "everything"), ("reason", "checked")];
    let approved = owner
        .post(&world.path("/changes/waiting/1/approve"), &form)
        .await;
    assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.body);
    let change = owner.get(approved.location()).await;
    assert!(
        change.body.contains("Approved and applied"),
        "{}",
        change.body
    );
    assert!(change.body.contains("Approved by owner@example.com"));
    let changes = owner.get(&world.path("/changes")).await;
    assert!(changes.body.contains("approved by owner@example.com"));
    let ended = admin.get(&world.path("/changes/waiting/1")).await;
    assert!(
        ended.body.contains("Approved by owner@example.com"),
        "{}",
        ended.body
    );
    assert!(!ended.body.contains(">Withdraw</button>"));
    world.row_in(Situation::Mapped).await;
}

#[tokio::test]
async fn a_rejection_says_why_and_comes_too_late_for_what_is_decided() {
    let world = World::new().await;
    let owner = world.client(Role::Owner).await;
    let admin = world.client(Role::Admin).await;
    ask(&world, &owner).await;
    save(&world, &admin).await;
    let reject = world.path("/changes/waiting/1/reject");
    let silent = owner.post(&reject, &[("reason", " ")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        silent
            .body
            .contains("say why, for whoever wanted the change"),
        "{}",
        silent.body
    );
    let own = admin.post(&reject, &[("reason", "no")]).await;
    assert_eq!(own.status, StatusCode::CONFLICT, "the page says why");
    let rejected = owner.post(&reject, &[("reason", "Not before May")]).await;
    assert_eq!(rejected.status, StatusCode::SEE_OTHER, "{}", rejected.body);
    let page = admin.get(rejected.location()).await;
    assert!(
        page.body.contains("Rejected by owner@example.com"),
        "{}",
        page.body
    );
    assert!(page.body.contains("Not before May"));
    let approve = world.path("/changes/waiting/1/approve");
    let late = owner.post(&approve, &[]).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.body);
    assert!(late.body.contains("was rejected already"), "{}", late.body);
}

#[tokio::test]
async fn a_script_is_sent_to_what_waits_and_its_maker_takes_it_back() {
    let world = World::new().await;
    let owner = world.client(Role::Owner).await;
    ask(&world, &owner).await;
    let path = world.path("/people/new");
    let form = [("display_name", "New Person")];
    let kept = owner.post_piece(&path, &form).await;
    let to = kept.headers.get("hx-redirect").expect("a way on");
    assert_eq!(to, world.path("/changes/waiting/1?kept=true").as_str());
    let withdraw = world.path("/changes/waiting/1/withdraw");
    let withdrawn = owner.post(&withdraw, &[]).await;
    assert_eq!(
        withdrawn.status,
        StatusCode::SEE_OTHER,
        "{}",
        withdrawn.body
    );
    let list = owner.get(&world.path("/changes/waiting?show=all")).await;
    assert!(list.body.contains("withdrawn"), "{}", list.body);
    let waiting = owner.get(&world.path("/changes/waiting")).await;
    assert!(waiting.body.contains("Nothing waits"), "{}", waiting.body);
}

#[tokio::test]
async fn what_clashes_is_shown_and_the_rest_approved() {
    let world = World::new().await;
    let owner = world.client(Role::Owner).await;
    let admin = world.client(Role::Admin).await;
    ask(&world, &owner).await;
    save(&world, &admin).await;
    // One of those who would be mapped is found to have no account, while nobody is asked.
    let (service, operator) = (&world.house.service, &world.operator);
    let proposed = world.row_in(Situation::Proposed).await;
    let none = service.set_second_person(operator, None).await;
    none.expect("set");
    let draft = world.seat(&proposed.person) + "/draft?want=no_account";
    owner.post(&draft, &[("want", "no_account")]).await;
    let saved = owner.post(&world.path("/mapping/save"), &[]).await;
    assert!(saved.location().contains("saved="), "{}", saved.body);
    let asked = service
        .set_second_person(operator, NonZeroU32::new(1))
        .await;
    asked.expect("set");

    let page = owner.get(&world.path("/changes/waiting/1")).await;
    assert!(
        page.body
            .contains("1 line clashes with what was changed since"),
        "{}",
        page.body
    );
    assert!(page.body.contains("has no account in"), "{}", page.body);
    let approve = world.path("/changes/waiting/1/approve");
    let whole = owner.post(&approve, &[("scope", "everything")]).await;
    assert_eq!(whole.status, StatusCode::CONFLICT);
    let rest = owner.post(&approve, &[("scope", "rest")]).await;
    assert_eq!(rest.status, StatusCode::SEE_OTHER, "{}", rest.body);
    let change = owner.get(rest.location()).await;
    assert!(
        change.body.contains("but for 1 line that clashed"),
        "{}",
        change.body
    );
}

#[tokio::test]
async fn a_wrong_number_of_lines_is_said_beside_the_field() {
    let world = World::new().await;
    let owner = world.client(Role::Owner).await;
    let form = [("asked", "yes"), ("lines", "none")];
    let refused = owner
        .post(&world.path("/settings/second-person"), &form)
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("enter a whole number from 1 on"),
        "{}",
        refused.body
    );
}
