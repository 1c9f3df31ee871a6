//! The mapping from both sides: by CRM user, one more pair, saved views, filters, histories.

use axum::http::StatusCode;
use counterpart_model::{CrmUser, PageRequest, Person, Role, Situation};
use counterpart_store::grid::GridRow;

use crate::world::World;

/// A CRM user that is nobody's, if there are enough.
async fn stranger(world: &World) -> CrmUser {
    let page = PageRequest::first(1);
    let service = &world.house.service;
    let found = service
        .list_strangers(&world.operator, world.connection.id, "", &page)
        .await;
    found.expect("strangers").items.remove(0)
}

async fn mapped(world: &World) -> (Person, CrmUser) {
    world
        .house
        .service
        .accept_certain(&world.operator, None)
        .await
        .expect("mapped");
    let row: GridRow = world.row_in(Situation::Mapped).await;
    let id = &row.cells[0].crm_user.as_ref().expect("a user").id;
    let service = &world.house.service;
    let view = service
        .crm_user_view(&world.operator, world.connection.id, id)
        .await;
    let user = view.expect("a view").row.expect("known").crm_user;
    (row.person, user)
}

fn users(world: &World, query: &str) -> String {
    world.path(&format!(
        "/connections/{}/users{query}",
        world.connection.id
    ))
}

#[tokio::test]
async fn a_proposal_is_accepted_from_the_crms_side() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let row = world.row_in(Situation::Proposed).await;
    let user = row.cells[0].crm_user.as_ref().expect("a user").id.0.clone();
    let list = users(&world, "?show=proposed");
    let page = admin.get(&list).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains(&row.person.profile.display_name));
    assert!(page.body.contains("% likely"));
    let form = [
        ("want", "accept"),
        ("crm_user", user.as_str()),
        ("back", list.as_str()),
    ];
    let done = admin
        .post(&format!("{}/draft", world.seat(&row.person)), &form)
        .await;
    assert!(done.location().starts_with(&list), "{}", done.location());
    let page = admin.get(&list).await;
    assert!(page.body.contains("will be mapped"));
    assert!(page.body.contains("1 change"), "the draft's bar");
    let viewer = world.client(Role::Viewer).await.get(&list).await;
    assert!(!viewer.body.contains("value=\"accept\""));
    assert!(!viewer.body.contains("Add as people"));
}

#[tokio::test]
async fn the_pivot_is_reached_from_the_grid_and_keeps_the_connection() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let id = world.connection.id;
    let sent = admin
        .get(&world.path(&format!("/mapping/users?connection={id}&show=nobody")))
        .await;
    assert_eq!(sent.location(), users(&world, "?show=nobody"));
    for show in [
        "", "nobody", "drifted", "inactive", "machines", "missing", "all",
    ] {
        let page = admin.get(&users(&world, &format!("?show={show}"))).await;
        assert_eq!(page.status, StatusCode::OK, "{show}");
    }
}

#[tokio::test]
async fn a_duplicate_is_shown_and_moved_here() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let (holder, user) = mapped(&world).await;
    let newcomer = world.row_in(Situation::Unmapped).await.person;
    let connection = world.connection.id.to_string();
    let person = newcomer.id.to_string();
    let add = world.path("/mapping/add");
    let form = |moves: &'static str| {
        [
            ("connection", connection.as_str()),
            ("person", person.as_str()),
            ("crm_user", user.id.0.as_str()),
            ("move", moves),
        ]
    };
    let refused = admin.post(&add, &form("")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    assert!(refused.body.contains("Move it here"));
    assert!(refused.body.contains(&holder.profile.display_name));
    let moved = admin.post(&add, &form("on")).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.body);
    let saved = admin.post(&world.path("/mapping/save"), &[("", "")]).await;
    assert!(saved.location().contains("saved="), "{}", saved.body);
    let now = admin
        .get(&world.path(&format!("/connections/{connection}/user?id={}", user.id)))
        .await;
    assert!(now.body.contains(&newcomer.profile.display_name));
    let again = admin.post(&add, &form("on")).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.body.contains("already"));
}

#[tokio::test]
async fn names_that_fit_nobody_alone_are_listed_to_choose_from() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let user = stranger(&world).await;
    let connection = world.connection.id.to_string();
    let part: String = user.profile.display_name.chars().take(3).collect();
    let form = [
        ("connection", connection.as_str()),
        ("person", "e"),
        ("crm_user", part.as_str()),
    ];
    let page = admin.post(&world.path("/mapping/add"), &form).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("id=\"person-problem\""), "{}", page.body);
    assert!(page.body.contains(&user.profile.display_name));
    let options = world.path(&format!(
        "/mapping/user-options?connection={connection}&q={part}"
    ));
    let options = admin.get_piece(&options).await;
    assert!(options.body.contains("role=\"option\""), "{}", options.body);
    let people = world.path(&format!(
        "/mapping/people-options?connection={connection}&q=e"
    ));
    let people = admin.get_piece(&people).await;
    assert!(people.body.contains("role=\"option\""), "{}", people.body);
}

#[tokio::test]
async fn a_view_is_saved_shown_and_deleted() {
    let world = World::new().await;
    let viewer = world.client(Role::Viewer).await;
    let views = world.path("/mapping/views");
    let grid = viewer.get(&world.path("/mapping?show=proposed")).await;
    assert!(grid.body.contains("Save this view"));
    let view = [
        ("name", "To accept"),
        ("page", "people"),
        ("query", "show=proposed"),
    ];
    let made = viewer.post(&views, &view).await;
    assert_eq!(made.location(), world.path("/mapping?show=proposed"));
    let grid = viewer.get(made.location()).await;
    assert!(grid.body.contains("To accept") && !grid.body.contains("Save this view"));
    let taken = viewer.post(&views, &view).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(taken.body.contains("another view’s already"));
    let shared = [view[0], view[1], view[2], ("shared", "on")];
    let shared = viewer.post(&views, &shared).await;
    assert_eq!(shared.status, StatusCode::FORBIDDEN, "admins share");
    let admin = world.client(Role::Admin).await;
    let others = admin.get(&world.path("/mapping")).await;
    assert!(!others.body.contains("To accept"), "it is private");
    let manage = viewer.get(&views).await.body;
    let id = manage.split(&format!("{views}/")).nth(1).expect("a view");
    let id = id.split('"').next().expect("an id");
    let renamed = [("want", "rename"), ("name", "Mine")];
    viewer.post(&format!("{views}/{id}"), &renamed).await;
    assert!(viewer.get(&views).await.body.contains("Mine"));
    let foreign = admin
        .post(&format!("{views}/{id}"), &[("want", "delete")])
        .await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    viewer
        .post(&format!("{views}/{id}"), &[("want", "delete")])
        .await;
    assert!(viewer.get(&views).await.body.contains("No view is saved"));
}

#[tokio::test]
async fn the_grid_is_filtered_and_columns_are_hidden() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let id = world.connection.id;
    let narrowed = format!("/mapping?connection={id}&wide=on&sort=department&cause=name_changed");
    let page = admin.get(&world.path(&narrowed)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Nobody here"), "nothing drifts for it");
    let head = format!("{}: look at this one alone", world.connection.name);
    let all = admin.get(&world.path("/mapping")).await;
    assert!(all.body.contains(&head));
    let hidden = admin.get(&world.path(&format!("/mapping?hide={id}"))).await;
    assert!(!hidden.body.contains(&head));
    let nobody = admin.get(&world.path("/mapping?department=Nowhere")).await;
    assert!(nobody.body.contains("Nobody here"));
}

#[tokio::test]
async fn both_sides_have_a_page_with_their_past() {
    let world = World::new().await;
    let (person, user) = mapped(&world).await;
    let viewer = world.client(Role::Viewer).await;
    let page = viewer
        .get(&world.path(&format!("/people/{}", person.id)))
        .await;
    assert!(page.body.contains("<h2>History</h2>"), "{}", page.body);
    let to_user = format!("/connections/{}/user?id=", world.connection.id);
    assert!(page.body.contains(&to_user));
    let path = world.path(&format!("{to_user}{}", user.id));
    let page = viewer.get(&path).await;
    for known in ["Mappings over time", "First seen", "Last seen"] {
        assert!(page.body.contains(known), "{known}");
    }
    assert!(page.body.contains(&person.profile.display_name));
    let nobody = viewer.get(&world.path(&format!("{to_user}nobody"))).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_happens_at_a_drift_is_chosen_on_the_connections_page() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let page = world.path(&format!("/connections/{}", world.connection.id));
    let shown = admin.get(&page).await;
    assert!(shown.body.contains("Whatever drifts is shown"));
    let path = format!("{page}/drift-policies");
    let saved = admin
        .post(
            &path,
            &[("crm_user_deleted", "act"), ("email_changed", "ignore")],
        )
        .await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let shown = admin.get(&page).await;
    assert!(shown.body.contains("Put right by itself: gone there."));
    assert!(shown.body.contains("Not looked for: another address."));
    let guess = admin.post(&path, &[("seat_repurposed", "act")]).await;
    assert_eq!(guess.status, StatusCode::UNPROCESSABLE_ENTITY);
}
