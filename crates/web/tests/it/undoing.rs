//! Undoing changes, by plain forms.

use axum::http::StatusCode;
use counterpart_model::{CrmUserId, Period, Role, Situation};

use crate::world::World;

/// Accepts what is certain and saves it; the number of the change.
async fn bulk(world: &World, admin: &crate::client::Client) -> String {
    admin
        .post(&world.path("/mapping/accept-certain"), &[])
        .await;
    let saved = admin.post(&world.path("/mapping/save"), &[]).await;
    let number = saved.location().rsplit('=').next().expect("a number");
    number.to_owned()
}

#[tokio::test]
async fn a_bulk_change_is_undone_from_the_bar_and_made_again() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let number = bulk(&world, &admin).await;
    let undo = world.path(&format!("/changes/{number}/undo"));
    let grid = admin
        .get(&world.path(&format!("/mapping?saved={number}")))
        .await;
    let button = format!("action=\"{undo}\"");
    assert!(grid.body.contains(&button), "the bar offers it");

    let undone = admin.post(&undo, &[]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.body);
    let page = admin.get(undone.location()).await;
    assert!(page.body.contains("Undone."), "{}", page.body);
    assert!(page.body.contains(&format!("change {number}</a>")));
    let changed = admin.get(&world.path(&format!("/changes/{number}"))).await;
    assert!(changed.body.contains("Undone by"));

    let path = undone.location().split('?').next().expect("a path");
    let redone = admin.post(&format!("{path}/undo"), &[]).await;
    assert_eq!(redone.status, StatusCode::SEE_OTHER, "{}", redone.body);
    world.row_in(Situation::Mapped).await;
    let changed = admin.get(&world.path(&format!("/changes/{number}"))).await;
    assert!(!changed.body.contains("Undone by"));
}

#[tokio::test]
async fn what_is_in_the_way_is_shown_before_the_rest_is_undone() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let number = bulk(&world, &admin).await;
    let mapped = world.row_in(Situation::Mapped).await;
    let free = world.row_in(Situation::Unmapped).await;
    let (service, operator) = (&world.house.service, &world.operator);
    let connection = world.connection.id;
    let user: CrmUserId = mapped.cells[0]
        .crm_user
        .as_ref()
        .expect("a user")
        .id
        .clone();
    let standing = service
        .person_view(operator, mapped.person.id)
        .await
        .expect("a person")
        .mappings
        .remove(0);
    service
        .remove_mapping(operator, standing.mapping.id, None, None)
        .await
        .expect("removed");
    // Whoever the seat was given to; and back, as another mapping than the one of the bulk.
    let given = service
        .add_mapping(
            operator,
            connection,
            free.person.id,
            user.clone(),
            Period::ALL,
            None,
        )
        .await
        .expect("given");
    let undo = world.path(&format!("/changes/{number}/undo"));
    let redo = admin.post(&undo, &[]).await;
    assert_eq!(redo.status, StatusCode::SEE_OTHER, "{}", redo.body);
    // The mapping is gone already, so nothing of the bulk is in the way; the bulk is undone.
    assert!(redo.location().contains("left=0"), "{}", redo.location());
    let again = redo.location().split('?').next().expect("a path");
    let again = admin.post(&format!("{again}/undo"), &[]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
    assert!(again.location().contains("left=0"), "{}", again.location());

    // Now the removal is to be undone, and the seat is somebody else's.
    let removal = world.path(&format!("/changes/{}/undo", given.number - 1));
    let refused = admin.post(&removal, &[]).await;
    assert_eq!(refused.location(), removal);
    let page = admin.get(&removal).await;
    for told in [
        mapped.person.profile.display_name.as_str(),
        free.person.profile.display_name.as_str(),
        &format!("change {}</a>", given.number),
    ] {
        assert!(page.body.contains(told), "{told}");
    }
    let viewer = world.client(Role::Viewer).await;
    let page = viewer.get(&removal).await;
    assert!(!page.body.contains("<form class=\"card\""));
}

#[tokio::test]
async fn a_clash_names_who_was_first_and_the_rest_is_saved() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    admin
        .post(&world.path("/mapping/accept-certain"), &[])
        .await;
    let (service, operator) = (&world.house.service, &world.operator);
    let row = world.row_in(Situation::Proposed).await;
    let strangers = service
        .list_strangers(
            operator,
            world.connection.id,
            "",
            &counterpart_model::PageRequest::first(100),
        )
        .await
        .expect("users");
    let proposed = row.cells[0].crm_user.as_ref().expect("a user").id.clone();
    let other = strangers
        .items
        .into_iter()
        .find(|user| user.id != proposed)
        .expect("another user");
    let other_id = other.id;
    service
        .add_mapping(
            operator,
            world.connection.id,
            row.person.id,
            other_id,
            Period::ALL,
            None,
        )
        .await
        .expect("mapped by somebody else");

    let review = admin.get(&world.path("/mapping/review")).await;
    assert!(review.body.contains("changed meanwhile") || review.body.contains("Changed meanwhile"));
    assert!(review.body.contains("Mine instead"), "{}", review.body);
    assert!(review.body.contains("Save the other"));
    let refused = admin.post(&world.path("/mapping/save"), &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let saved = admin
        .post(&world.path("/mapping/save"), &[("scope", "rest")])
        .await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let review = admin.get(&world.path("/mapping/review")).await;
    assert!(review.body.contains("to review"), "what clashes is kept");
    let seat = world.seat(&row.person);
    let form = [("want", "map"), ("crm_user", proposed.0.as_str())];
    admin.post(&format!("{seat}/draft"), &form).await;
    let review = admin.get(&world.path("/mapping/review")).await;
    assert!(!review.body.contains("Mine instead"), "wanted knowingly");
}
