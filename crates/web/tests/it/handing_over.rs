//! Seats that change hands or are shared, by plain forms.

use axum::http::StatusCode;
use counterpart_model::{PageRequest, Role, Situation};

use crate::world::World;

#[tokio::test]
async fn a_seat_is_handed_over_in_three_clicks() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let (service, operator) = (&world.house.service, &world.operator);
    service
        .accept_certain(operator, None)
        .await
        .expect("mappings");
    let row = world.row_in(Situation::Mapped).await;
    let user = row.cells[0].crm_user.as_ref().expect("a user").id.0.clone();
    let everybody = PageRequest::first(100);
    let (people, _) = service
        .list_people(operator, "", Some(true), &everybody)
        .await
        .expect("people");
    let mut others = people.items.into_iter();
    let other = others
        .find(|person| person.id != row.person.id)
        .expect("somebody else");

    // One: from the cell.
    let grid = admin.get(&world.path("/mapping")).await;
    let link = format!(
        "{}?connection={}&amp;crm_user={user}",
        world.path("/mapping/hand-over"),
        world.connection.id
    );
    assert!(
        grid.body.contains(&link.replace("&amp;", "&#38;")),
        "{link}"
    );
    let form = admin.get(&link.replace("&amp;", "&")).await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.body);
    // Two: who and when; the page says what falls on which side.
    let key = other.external_id.clone().expect("an external id");
    let asked = format!("{}&to={key}&from=2030-11-01", link.replace("&amp;", "&"));
    let shown = admin.get(&asked).await;
    let sentence = format!(
        "until 31 Oct 2030, 24:00 {}, from 1 Nov 2030, 00:00 (Europe/Berlin) {}.",
        row.person.profile.display_name, other.profile.display_name
    );
    assert!(shown.body.contains(&sentence), "{sentence}\n{}", shown.body);
    // Three: one button.
    let connection = world.connection.id.to_string();
    let fields = [
        ("connection", connection.as_str()),
        ("crm_user", &user),
        ("to", &key),
        ("from", "2030-11-01"),
    ];
    let path = world.path("/mapping/hand-over");
    let done = admin.post(&path, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let change = admin.get(done.location()).await;
    assert!(change.body.contains(&other.profile.display_name));
    let again = admin.get(&asked).await;
    assert!(again.body.contains("It is so already"), "{}", again.body);
}

#[tokio::test]
async fn a_wrong_hand_over_keeps_what_was_typed() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let base = format!(
        "{}?connection={}",
        world.path("/mapping/hand-over"),
        world.connection.id
    );
    let person = world.person().await.id;
    for (asked, field) in [
        (
            "crm_user=none&to=Nobody+at+all&from=2030-11-01".to_owned(),
            "to",
        ),
        (
            format!("crm_user=none&to={person}&from=2030-11-01"),
            "crm_user",
        ),
        (format!("crm_user=none&to={person}&from=soon"), "from"),
    ] {
        let reply = admin.get(&format!("{base}&{asked}")).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{asked}");
        let problem = format!("id=\"{field}-problem\"");
        assert!(reply.body.contains(&problem), "{asked}: {}", reply.body);
        assert!(reply.body.contains("value=\"none\""), "{asked}");
    }
    let nowhere = admin.get(&world.path("/mapping/hand-over")).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_seat_is_shared_from_the_list_of_users_and_not_any_more() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    world
        .house
        .service
        .accept_certain(&world.operator, None)
        .await
        .expect("mappings");
    let row = world.row_in(Situation::Mapped).await;
    let user = row.cells[0].crm_user.as_ref().expect("a user").id.0.clone();
    let path = world.path(&format!("/connections/{}/users", world.connection.id));
    let reply = admin.post(&path, &[("share", user.as_str())]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
    let list = admin.get(&path).await.body;
    assert!(list.contains("shared seat</span>"), "{list}");
    let (_, behind) = list
        .split_once("name=\"unshare\" value=\"")
        .expect("a button");
    let (decision, _) = behind.split_once('"').expect("its value");
    let reply = admin.post(&path, &[("unshare", decision)]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
    let list = admin.get(&path).await.body;
    assert!(!list.contains("shared seat</span>"));
}
