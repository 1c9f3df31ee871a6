//! Forms about people and connections: what they keep, and what they never show.

use axum::http::StatusCode;
use counterpart_model::{PageRequest, Role};

use crate::world::World;

#[tokio::test]
async fn a_refused_person_keeps_every_word() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let form = [
        ("given_name", "Ann"),
        ("family_name", "Lee"),
        ("emails", "not an address"),
        ("department", "Care"),
    ];
    let reply = admin.post(&world.path("/people/new"), &form).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    for kept in [
        "value=\"Ann\"",
        "value=\"Lee\"",
        "not an address",
        "value=\"Care\"",
    ] {
        assert!(reply.body.contains(kept), "{kept}");
    }
    assert!(reply.body.contains("id=\"emails-problem\""));
}

#[tokio::test]
async fn a_person_is_added_edited_deactivated_and_taken_back() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let form = [
        ("display_name", "Ann Lee"),
        ("emails", "ann@example.com"),
        ("extension", "977"),
    ];
    let added = admin.post(&world.path("/people/new"), &form).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    let path = added.location().to_owned();
    assert!(admin.get(&path).await.body.contains("977"));

    let edited = [("display_name", "Ann Leigh"), ("version", "1")];
    let reply = admin.post(&format!("{path}/edit"), &edited).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
    let stale = admin.post(&format!("{path}/edit"), &edited).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);

    admin
        .post(&format!("{path}/deactivate"), &[("end", "now")])
        .await;
    assert!(admin.get(&path).await.body.contains(">left<"));
    admin.post(&format!("{path}/reactivate"), &[]).await;
    assert!(!admin.get(&path).await.body.contains(">left<"));
}

#[tokio::test]
async fn a_wrong_day_of_leaving_is_asked_for_again() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    world
        .house
        .service
        .accept_certain(&world.operator, None)
        .await
        .expect("mappings");
    let person = world
        .row_in(counterpart_model::Situation::Mapped)
        .await
        .person;
    let path = world.path(&format!("/people/{}/deactivate", person.id));
    let reply = admin
        .post(&path, &[("end", "on"), ("on", "tomorrow")])
        .await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.body.contains("is not a date"));
}

#[tokio::test]
async fn a_connections_secrets_are_never_written_into_a_page() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let path = world.path(&format!("/connections/{}", world.connection.id));
    let secrets: Vec<String> = world
        .emulator
        .credentials()
        .into_values()
        .filter(|value| value.len() > 5)
        .collect();
    assert!(!secrets.is_empty());
    let edit = admin.get(&format!("{path}/edit")).await;
    let show = admin.get(&path).await;
    for secret in &secrets {
        assert!(!edit.body.contains(secret.as_str()));
        assert!(!show.body.contains(secret.as_str()));
    }
    assert!(edit.body.contains("stored, leave empty to keep"));

    // Nor when they were just typed and something else is wrong.
    let fields: Vec<(String, String)> = world
        .emulator
        .credentials()
        .into_keys()
        .map(|name| (format!("c.{name}"), "a-secret-just-typed".to_owned()))
        .collect();
    let mut form: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    form.push(("action", "test"));
    let tested = admin.post(&format!("{path}/edit"), &form).await;
    assert!(tested.status.is_client_error() || tested.status == StatusCode::BAD_GATEWAY);
    assert!(!tested.body.contains("a-secret-just-typed"));
    assert!(tested.body.contains("enter them again"));
}

#[tokio::test]
async fn a_form_is_tested_without_saving_and_then_saved() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let path = world.path(&format!("/connections/{}", world.connection.id));
    let version = world.connection.version.to_string();
    let form = |action: &'static str| {
        [
            ("name", "Renamed"),
            ("version", version.as_str()),
            ("action", action),
        ]
    };
    let tested = admin
        .post_piece(&format!("{path}/edit"), &form("test"))
        .await;
    assert_eq!(tested.status, StatusCode::OK, "{}", tested.body);
    assert!(tested.body.contains("It works."));
    assert!(!admin.get(&path).await.body.contains("Renamed"));

    let saved = admin.post(&format!("{path}/edit"), &form("save")).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    assert!(admin.get(&path).await.body.contains("Renamed"));
}

#[tokio::test]
async fn ticked_users_become_people_in_one_change() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let page = PageRequest::first(2);
    let strangers = world
        .house
        .service
        .list_strangers(&world.operator, world.connection.id, "", &page)
        .await
        .expect("strangers");
    let ids: Vec<String> = strangers
        .items
        .iter()
        .map(|user| user.id.0.clone())
        .collect();
    let form = [
        ("user", ids[0].as_str()),
        ("user", ids[1].as_str()),
        ("want", "people"),
    ];
    let path = world.path(&format!("/connections/{}/users", world.connection.id));
    let reply = admin.post(&path, &form).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
    assert!(reply.location().contains("added=2"));
    let again = admin.post(&path, &form).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_token_is_shown_once() {
    let world = World::new().await;
    let owner = world.client(Role::Owner).await;
    let form = [("name", "Nightly export"), ("role", "viewer")];
    let made = owner.post(&world.path("/settings/tokens"), &form).await;
    assert!(made.body.contains("cpt_"));
    let later = owner.get(&world.path("/settings")).await;
    assert!(later.body.contains("Nightly export") && !later.body.contains("cpt_"));
}

#[tokio::test]
async fn a_webhook_is_added_tested_and_removed_and_its_secret_shown_once() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let base = world.path("/settings/webhooks");
    let form = [
        ("name", "Warehouse"),
        ("url", "http://127.0.0.1:9/hidden-path"),
        ("types", "drift.found"),
        ("types", "mapping.changed"),
    ];
    let made = admin.post(&base, &form).await;
    assert!(made.body.contains("whsec_"), "{}", made.body);
    let list = admin.get(&base).await;
    assert!(list.body.contains("Warehouse") && !list.body.contains("whsec_"));
    assert!(!list.body.contains("hidden-path"), "a path may be a secret");
    let views = world.house.service.list_webhooks(&world.operator).await;
    let webhook = views.expect("webhooks").remove(0).webhook;
    assert_eq!(webhook.kinds.len(), 2);
    let path = format!("{base}/{}", webhook.id);
    let tested = admin.post(&format!("{path}/test"), &[("", "")]).await;
    assert!(tested.body.contains("did not arrive"), "{}", tested.body);
    let shown = admin.get(&path).await;
    assert!(
        shown.body.contains("connection.unreachable") || shown.body.contains("cannot be reached")
    );
    let paused = admin.post(&format!("{path}/pause"), &[("", "")]).await;
    assert_eq!(paused.status, StatusCode::SEE_OTHER);
    let replay = admin
        .post(&format!("{path}/replay"), &[("from", "9999")])
        .await;
    assert_eq!(replay.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(replay.body.contains("event.cursor_unknown"));
    let viewer = world.client(Role::Viewer).await;
    assert_eq!(viewer.get(&path).await.status, StatusCode::FORBIDDEN);
    let refused = admin
        .post(&base, &[("name", ""), ("url", "https://10.0.0.1/")])
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("a private address"),
        "{}",
        refused.body
    );
    admin.post(&format!("{path}/remove"), &[("", "")]).await;
    assert!(!admin.get(&base).await.body.contains("Warehouse"));
}

#[tokio::test]
async fn a_webhook_is_changed_unless_somebody_else_was_first() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let base = world.path("/settings/webhooks");
    let form = [("name", "Warehouse"), ("url", "http://127.0.0.1:9/one")];
    admin.post(&base, &form).await;
    let service = &world.house.service;
    let views = service.list_webhooks(&world.operator).await;
    let webhook = views.expect("webhooks").remove(0).webhook;
    let path = format!("{base}/{}", webhook.id);
    let version = webhook.version.to_string();
    let form = |url: &'static str, version: &str| {
        [
            ("name", "Lake".to_owned()),
            ("url", url.to_owned()),
            ("types", "drift.found".to_owned()),
            ("version", version.to_owned()),
        ]
    };
    let changed = form("http://127.0.0.1:9/two", &version);
    let changed = changed
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let reply = admin.post(&path, &changed).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let now = service.webhook(&world.operator, webhook.id).await;
    let now = now.expect("a webhook").webhook;
    assert_eq!((now.name.as_str(), now.kinds.len()), ("Lake", 1));
    assert_eq!(now.url, "http://127.0.0.1:9/two");

    let late = admin.post(&path, &changed).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.body);
    let wrong = form("https://10.0.0.1/", "2");
    let wrong = wrong
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let refused = admin.post(&path, &wrong[..3]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("value=\"https://10.0.0.1/\""));
}

/// A file in a form, as a browser sends it.
fn multipart(text: &str) -> (String, String) {
    let edge = "----edge";
    let body = format!(
        "--{edge}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"people.csv\"\r\n\
         content-type: text/csv\r\n\r\n{text}\r\n--{edge}--\r\n"
    );
    (format!("multipart/form-data; boundary={edge}"), body)
}

#[tokio::test]
async fn a_file_is_shown_before_it_is_imported() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let path = world.path("/people/import");
    // As Excel saves it in many countries: byte-order mark and semicolons.
    let (kind, body) = multipart("\u{feff}Vorname;Nachname;E-Mail\r\nZoë;Żak;zoe@example.com\r\n");
    let before = world
        .house
        .service
        .count_people(&world.operator)
        .await
        .expect("a count");
    let shown = admin.post_body(&path, &kind, body).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    assert!(shown.body.contains("Zoë") && shown.body.contains("1 person to add"));
    let after = world
        .house
        .service
        .count_people(&world.operator)
        .await
        .expect("a count");
    assert_eq!(before, after);

    let start = shown.body.find("name=\"file\" value=\"").expect("the file") + 19;
    let file: String = shown.body[start..]
        .chars()
        .take_while(|letter| *letter != '"')
        .collect();
    // Templates escape what base64 may hold.
    let file = file
        .replace("&#43;", "+")
        .replace("&#x2F;", "/")
        .replace("&#61;", "=");
    let applied = admin
        .post(&format!("{path}/apply"), &[("file", &file)])
        .await;
    assert_eq!(applied.status, StatusCode::SEE_OTHER, "{}", applied.body);
    let found = admin.get(&world.path("/people?q=zoe")).await;
    assert!(found.body.contains("zoe@example.com"));
}

#[tokio::test]
async fn a_file_without_names_says_what_to_do() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let (kind, body) = multipart("colour,size\r\nred,4\r\n");
    let reply = admin
        .post_body(&world.path("/people/import"), &kind, body)
        .await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.body.contains("file.header"), "{}", reply.body);
}
