//! Mappings from files: shown first, then applied as they were shown.

use axum::http::StatusCode;
use counterpart_model::Role;

use crate::client::{Client, Reply};
use crate::world::World;

/// Sends a form with a file, as browsers do.
async fn upload(client: &Client, path: &str, fields: &[(&str, &str)], file: &str) -> Reply {
    let boundary = "----counterpart";
    let part = |name: &str, value: &str| {
        format!("--{boundary}\r\nContent-Disposition: form-data; {name}\r\n\r\n{value}\r\n")
    };
    let mut parts: Vec<String> = fields
        .iter()
        .map(|(name, value)| part(&format!("name=\"{name}\""), value))
        .collect();
    parts.push(part("name=\"file\"; filename=\"f\"", file));
    parts.push(format!("--{boundary}--\r\n"));
    let body = parts.concat();
    let kind = format!("multipart/form-data; boundary={boundary}");
    client.post_body(path, &kind, body).await
}

/// The value of a hidden field of a page.
fn hidden<'p>(page: &'p str, name: &str) -> &'p str {
    let start = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.split_once(&start).expect(name);
    rest.split('"').next().expect("a value")
}

#[tokio::test]
async fn an_exported_file_is_edited_shown_and_applied_as_it_was_shown() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let accepted = world.house.service.accept_certain(&world.operator, None);
    accepted.await.expect("mappings");
    let exported = admin.get(&world.path("/mapping/export?format=yaml")).await;
    assert!(exported.body.contains("counterpart: mappings/1"));
    let path = world.path("/mapping/import");
    let same = upload(&admin, &path, &[], &exported.body).await;
    assert!(
        same.body.contains("All of it is true already"),
        "{}",
        same.body
    );

    let end = exported.body.find("    decisions:").expect("decisions");
    let last = exported.body[..end]
        .rfind("      - person:")
        .expect("a mapping");
    let shorter = exported.body[..last].to_owned() + &exported.body[end..];
    let shown = upload(&admin, &path, &[], &shorter).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains(">removed<"), "{}", shown.body);
    let file = hidden(&shown.body, "file");
    let seen = hidden(&shown.body, "fingerprint");
    let apply = format!("{path}/apply");
    let another = [("file", file), ("fingerprint", "other")];
    let other = admin.post(&apply, &another);
    assert_eq!(
        other.await.status,
        StatusCode::CONFLICT,
        "not what was shown"
    );
    let form = [
        ("file", file),
        ("fingerprint", seen),
        ("reason", "tidied up"),
    ];
    let applied = admin.post(&apply, &form).await;
    assert_eq!(applied.status, StatusCode::SEE_OTHER, "{}", applied.body);
    assert!(applied.location().contains("?saved="));
    let now = admin.get(&world.path("/mapping/export?format=yaml")).await;
    assert_eq!(now.body, shorter);
}

#[tokio::test]
async fn wrong_lines_are_listed_and_nothing_can_be_applied() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let file = "counterpart: mappings/1\nconnections:\n  - name: \"<b>Nowhere\"\n";
    let shown = upload(&admin, &world.path("/mapping/import"), &[], file).await;
    assert!(
        shown
            .body
            .contains("there is no connection `&#60;b&#62;Nowhere`"),
        "{}",
        shown.body
    );
    assert!(shown.body.contains("line 3"));
    assert!(!shown.body.contains("/import/apply"));
}

#[tokio::test]
async fn pairs_are_understood_shown_corrected_and_applied() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let row = world.row_in(counterpart_model::Situation::Proposed).await;
    let user = row.cells[0]
        .crm_user
        .as_ref()
        .expect("a proposal")
        .id
        .0
        .clone();
    let email = row.person.profile.emails[0].clone();
    let file = format!("agent,their user\n{email},{user}\nnobody,x\n");
    let path = world.path("/mapping/import/pairs");
    let connection = world.connection.id.to_string();
    let fields = [("connection", connection.as_str())];
    let shown = upload(&admin, &path, &fields, &file).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    assert!(
        shown.body.contains("agent: e-mail address, 1 of 2 known"),
        "{}",
        shown.body
    );
    assert!(shown.body.contains("Left out"));
    let form = [
        ("file", hidden(&shown.body, "file")),
        ("fingerprint", hidden(&shown.body, "fingerprint")),
        ("connection", connection.as_str()),
        ("skip_unknown", "yes"),
    ];
    let strict = admin.post(&format!("{path}/look"), &form[..3]).await;
    assert!(strict.body.contains("1 row is wrong"), "{}", strict.body);
    let applied = admin.post(&format!("{path}/apply"), &form).await;
    assert_eq!(applied.status, StatusCode::SEE_OTHER, "{}", applied.body);
    let now = admin.get(&world.path("/mapping/export?format=csv")).await;
    assert!(now.body.contains(&user), "{}", now.body);
}
