//! The grid and the draft, by plain forms and by scripts.

use axum::http::StatusCode;
use counterpart_model::{Role, Situation};

use crate::world::World;

#[tokio::test]
async fn a_proposal_is_accepted_reviewed_and_saved_without_scripts() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let row = world.row_in(Situation::Proposed).await;
    let user = row.cells[0]
        .crm_user
        .as_ref()
        .expect("a proposed user")
        .id
        .0
        .clone();
    let seat = world.seat(&row.person);

    let form = [("want", "accept"), ("crm_user", user.as_str())];
    let reply = admin.post(&format!("{seat}/draft"), &form).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert!(reply.location().starts_with(&world.path("/mapping#seat-")));

    let grid = admin.get(&world.path("/mapping")).await;
    assert!(grid.body.contains("will be mapped"));
    assert!(grid.body.contains("<b>1 change</b>"));
    let review = admin.get(&world.path("/mapping/review")).await;
    assert!(review.body.contains(&row.person.profile.display_name));

    let saved = admin
        .post(&world.path("/mapping/save"), &[("reason", "told us so")])
        .await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    assert!(saved.location().contains("?saved="));
    let number = saved.location().rsplit('=').next().expect("a number");
    let change = admin.get(&world.path(&format!("/changes/{number}"))).await;
    assert!(change.body.contains("Told us so"));
    assert!(change.body.contains(&row.person.profile.display_name));
}

/// What was seen goes into the draft, and what is no longer proposed so does not.
#[tokio::test]
async fn all_that_is_shown_is_accepted_and_nothing_else() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let page = admin.get(&world.path("/mapping?show=proposed")).await.body;
    let seen: Vec<&str> = page
        .split("form=\"accept-shown\" name=\"proposal\" value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(seen.len() > 2, "{page}");
    let stale = format!("{}-of-somebody-else", seen[0]);
    let back = world.path("/mapping?show=proposed");
    let form = [
        ("back", back.as_str()),
        ("proposal", stale.as_str()),
        ("proposal", seen[1]),
        ("proposal", seen[2]),
    ];
    let path = world.path("/mapping/accept-shown");
    let reply = admin.post(&path, &form).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
    assert!(reply.location().ends_with("?show=proposed&accepted=2"));
    let grid = admin.get(reply.location()).await.body;
    assert!(grid.contains("2 proposals are in your draft"));
    assert!(grid.contains("<b>2 changes</b>"));

    let reply = admin.post(&path, &[("proposal", "nobody")]).await;
    assert_eq!(
        reply.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        reply.body
    );
    let viewer = world.client(Role::Viewer).await;
    let page = viewer.get(&world.path("/mapping?show=proposed")).await.body;
    assert!(!page.contains("accept-shown"));
}

#[tokio::test]
async fn a_script_gets_the_cell_and_the_bar_only() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let row = world.row_in(Situation::Proposed).await;
    let user = row.cells[0]
        .crm_user
        .as_ref()
        .expect("a proposed user")
        .id
        .0
        .clone();
    let path = format!("{}/draft", world.seat(&row.person));

    let form = [("want", "accept"), ("crm_user", user.as_str())];
    let reply = admin.post_piece(&path, &form).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(!reply.body.contains("<html"));
    assert!(reply.body.contains("will be mapped"));
    assert!(reply.body.contains("hx-swap-oob"));

    let reply = admin.post_piece(&path, &[("want", "undo")]).await;
    assert!(reply.body.contains("% likely"));
}

#[tokio::test]
async fn a_clash_is_named_on_the_review_and_the_draft_stays() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let service = &world.house.service;
    service
        .accept_certain(&world.operator, None)
        .await
        .expect("certain proposals");
    let mapped = world.row_in(Situation::Mapped).await;
    let other = world.row_in(Situation::Unmapped).await;
    let user = mapped.cells[0]
        .crm_user
        .as_ref()
        .expect("a user")
        .id
        .0
        .clone();

    let form = [("want", "map"), ("crm_user", user.as_str())];
    admin
        .post(&format!("{}/draft", world.seat(&other.person)), &form)
        .await;
    let saved = admin
        .post(&world.path("/mapping/save"), &[("reason", "kept words")])
        .await;
    assert_eq!(saved.status, StatusCode::CONFLICT, "{}", saved.body);
    assert!(saved.body.contains(&mapped.person.profile.display_name));
    assert!(saved.body.contains(&other.person.profile.display_name));
    assert!(saved.body.contains("kept words"));
    assert!(saved.body.contains("1 change to review"));
}

#[tokio::test]
async fn certain_proposals_go_into_the_draft_not_into_force() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let reply = admin
        .post(&world.path("/mapping/accept-certain"), &[])
        .await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    let grid = admin.get(reply.location()).await;
    assert!(grid.body.contains("Nothing is applied until you save"));
    let overview = world
        .house
        .service
        .overview(&world.operator, None)
        .await
        .expect("numbers");
    assert_eq!(
        overview
            .people_in
            .get(&Situation::Mapped)
            .copied()
            .unwrap_or_default(),
        0
    );
}

#[tokio::test]
async fn what_was_searched_for_is_found_on_both_sides_and_written_safely() {
    let world = World::new().await;
    let viewer = world.client(Role::Viewer).await;
    let row = world.row_in(Situation::Proposed).await;
    let user = row.cells[0].crm_user.as_ref().expect("a user").id.0.clone();
    let found = viewer.get(&world.path(&format!("/mapping?q={user}"))).await;
    assert!(found.body.contains(&row.person.profile.display_name));
    let hostile = viewer
        .get(&world.path("/mapping?q=%3Cscript%3Ealert(1)%3C/script%3E"))
        .await;
    assert!(!hostile.body.contains("<script>alert"));
    assert!(hostile.body.contains("Nobody fits"));
}

#[tokio::test]
async fn the_type_ahead_offers_the_likeliest_before_anything_is_typed() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let row = world.row_in(Situation::Proposed).await;
    let proposed = row.cells[0].crm_user.as_ref().expect("a user");
    let options = admin
        .get_piece(&format!("{}/options?q=", world.seat(&row.person)))
        .await;
    let at = options
        .body
        .find(&proposed.id.0)
        .expect("the proposed user");
    assert!(options.body.matches("role=\"option\"").count() > 0);
    assert!(
        options.body[..at].matches("role=\"option\"").count() <= 1,
        "not the first"
    );
    let page = admin
        .get(&format!("{}/choose", world.seat(&row.person)))
        .await;
    assert!(page.body.contains(&proposed.id.0));
}

#[tokio::test]
async fn why_shows_the_evidence_on_a_page_and_in_the_grid() {
    let world = World::new().await;
    let viewer = world.client(Role::Viewer).await;
    let row = world.row_in(Situation::Proposed).await;
    let path = format!("{}/why", world.seat(&row.person));
    let page = viewer.get(&path).await;
    assert!(page.body.contains("<html") && page.body.contains("class=\"evidence\""));
    let piece = viewer.get_piece(&path).await;
    assert!(!piece.body.contains("<html") && piece.body.contains("class=\"evidence\""));
    assert!(
        !piece.body.contains("value=\"accept\""),
        "a viewer accepts nothing"
    );
}

#[tokio::test]
async fn a_script_whose_session_ended_is_sent_to_the_sign_in() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    admin.post("/sign-out", &[]).await;
    let reply = admin.get_piece(&world.path("/mapping/cards")).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    assert!(reply.headers.contains_key("hx-redirect"));
}

#[tokio::test]
async fn a_problem_reaches_a_script_as_a_message() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let person = world.person().await;
    let form = [("want", "map"), ("crm_user", "nobody-has-this-id")];
    let reply = admin
        .post_piece(&format!("{}/draft", world.seat(&person)), &form)
        .await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert_eq!(reply.headers["hx-retarget"], "#toast");
    assert!(reply.body.contains("crm_user.not_found"));
}
