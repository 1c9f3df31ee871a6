//! What callers do, from end to end.

use axum::http::{Method, StatusCode, header};
use counterpart_model::Role;
use serde_json::{Value, json};

use crate::acme::KEY;
use crate::routes::seed;
use crate::world::World;

#[tokio::test]
async fn a_synced_crm_is_mapped_by_accepting_what_is_certain() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    world.acme.add("u1", "Ann Example", "ann@example.com");
    world.acme.add("u2", "Bob Builder", "bob@example.com");
    tenant.person("Ann Example", "ann@example.com").await;
    let connection = tenant.acme().await;
    let run = tenant.sync(&connection).await;
    assert_eq!(run["state"], "complete");
    assert_eq!(run["report"]["new"], 2);
    let proposals = tenant.get("/proposals?certain=true").await.ok();
    assert_eq!(proposals["items"][0]["crm_user_id"], "u1");
    let accepted = tenant.post("/change-sets/accept-certain", json!({})).await;
    assert_eq!(accepted.status, StatusCode::CREATED);
    let mapped = tenant.get("/mappings?at=now").await.ok();
    assert_eq!(mapped["items"][0]["crm_user_id"], "u1");
    assert_eq!(mapped["items"][0]["origin"], "proposal");
    assert_eq!(mapped["items"][0]["from"], "always");
    tenant
        .post("/change-sets/accept-certain", json!({}))
        .await
        .problem(422, "change_set.empty");
}

#[tokio::test]
async fn a_sync_that_is_not_waited_for_answers_with_the_address_of_its_run() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let connection = tenant.acme().await;
    let answer = tenant
        .request(
            Some(Role::Admin),
            Method::POST,
            &format!("/connections/{connection}/sync"),
        )
        .send()
        .await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    let run = tenant.get(answer.header(&header::LOCATION)).await.ok();
    assert_eq!(run["id"], answer.json()["id"]);
}

#[tokio::test]
async fn a_clash_names_both_sides_and_applies_nothing_of_its_change_set() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ids = seed(&world, &tenant).await;
    let bea = tenant.person("Bea", "bea@example.com").await;
    let edit = |person: &str, crm_user: &str| {
        json!({
            "want": "map", "connection_id": ids.connection,
            "person_id": person, "crm_user_id": crm_user,
        })
    };
    let cleo = tenant.person("Cleo", "cleo@example.com").await;
    let problem = tenant
        .post(
            "/change-sets",
            json!({"edits": [edit(&cleo, "u2"), edit(&bea, "u1")]}),
        )
        .await
        .problem(409, "mapping.overlap");
    let detail = problem["detail"].as_str().expect("a detail");
    assert!(detail.contains("Ann Example"), "{detail}");
    assert_eq!(
        tenant.get("/mappings").await.ok()["items"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}

#[tokio::test]
async fn mapping_a_pair_twice_is_the_same_as_once() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ids = seed(&world, &tenant).await;
    let pair = json!({
        "connection_id": ids.connection, "person_id": ids.person, "crm_user_id": "u1"
    });
    let again = tenant.post("/mappings", pair).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.text);
    assert_eq!(again.json()["id"], ids.mapping.as_str());
    let backwards = json!({
        "connection_id": ids.connection, "person_id": ids.person, "crm_user_id": "u1",
        "from": "2026-12-01T00:00:00Z", "to": "2026-11-01T00:00:00Z",
    });
    let problem = tenant
        .post("/mappings", backwards)
        .await
        .problem(422, "request.invalid");
    assert_eq!(problem["errors"][0]["field"], "to");
}

#[tokio::test]
async fn a_mapping_is_removed_only_in_the_version_that_was_seen() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ids = seed(&world, &tenant).await;
    let path = format!("/mappings/{}", ids.mapping);
    let delete = |tag: &str| {
        tenant
            .request(Some(Role::Admin), Method::DELETE, &path)
            .header("if-match", tag)
            .send()
    };
    delete("\"9\"").await.problem(412, "mapping.stale");
    let tag = tenant.get(&path).await.header(&header::ETAG).to_owned();
    assert_eq!(delete(&tag).await.ok()["line_count"], 1);
    tenant.get(&path).await.problem(404, "mapping.not_found");
}

#[tokio::test]
async fn an_import_is_shown_first_and_then_taken_whole_or_not_at_all() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    tenant.person("Ann Example", "ann@example.com").await;
    let import = |query: &str, media_type: &str, body: &str| {
        tenant
            .request(
                Some(Role::Admin),
                Method::POST,
                &format!("/people/import{query}"),
            )
            .body(media_type, body)
            .send()
    };
    let ndjson = "{\"emails\":[\"ann@example.com\"],\"title\":\"Agent\"}\n\n\
                  {\"display_name\":\"Bob\"}\n";
    let plan = import("?dry_run=true", "application/x-ndjson", ndjson)
        .await
        .ok();
    assert_eq!(plan["change"][0]["display_name"], "Ann Example");
    assert_eq!(plan["add"][0]["line"], 3);
    assert_eq!(plan["change_set"], Value::Null);
    let people = || async { tenant.get("/people").await.ok()["items"].clone() };
    assert_eq!(people().await.as_array().map(Vec::len), Some(1));
    let taken = import("?reason=HR", "application/x-ndjson; charset=utf-8", ndjson)
        .await
        .ok();
    assert_eq!(taken["change_set"]["reason"], "HR");
    assert_eq!(people().await.as_array().map(Vec::len), Some(2));
    let again = import(
        "",
        "application/json",
        "[{\"display_name\":\"Ann Example\",\"emails\":[\"ann@example.com\"]}]",
    )
    .await
    .ok();
    assert_eq!(again["same"], 1);
    assert_eq!(again["change_set"], Value::Null);
    let wrong = import(
        "",
        "application/json",
        "[{\"display_name\":\"Cy\"},{\"emails\":[\"nobody\"]}]",
    )
    .await
    .problem(422, "person.invalid");
    assert_eq!(wrong["errors"][0]["field"], "line 2: emails");
    assert_eq!(people().await.as_array().map(Vec::len), Some(2));
    import("", "text/csv", "name\nAnn\n")
        .await
        .problem(415, "request.invalid");
    let problem = import("", "application/x-ndjson", "{}\n{oops}\n")
        .await
        .problem(400, "request.invalid");
    assert!(
        problem["detail"]
            .as_str()
            .is_some_and(|d| d.contains("line 2"))
    );
}

#[tokio::test]
async fn an_export_holds_every_page_with_one_header() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    seed(&world, &tenant).await;
    let csv = tenant.get("/mappings/export?at=now").await;
    assert_eq!(csv.status, StatusCode::OK);
    assert!(csv.header(&header::CONTENT_TYPE).starts_with("text/csv"));
    let lines: Vec<&str> = csv.text.lines().collect();
    assert_eq!(
        lines[0],
        "connection,person_external_id,person_email,person_name,crm_user_id,crm_user_name,from,to,origin,person_id,person_shared,crm_user_shared"
    );
    let row = "Acme CRM,,ann@example.com,Ann Example,u1,Ann Example,always,forever,manual,";
    assert!(lines[1].starts_with(row), "{}", lines[1]);
    assert!(lines[1].ends_with(",false,false"), "{}", lines[1]);
    let ndjson = tenant.get("/mappings/export?format=ndjson").await;
    let row: Value = serde_json::from_str(ndjson.text.trim()).expect("one object");
    let columns: Vec<&str> = lines[0].split(',').collect();
    assert_eq!(
        row.as_object().map(serde_json::Map::len),
        Some(columns.len())
    );
    assert!(columns.iter().all(|column| row.get(column).is_some()));
}

#[tokio::test]
async fn credentials_are_never_shown_again() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ids = seed(&world, &tenant).await;
    for path in [
        "/connections",
        "/connections/{connection_id}",
        "/audit",
        "/change-sets",
    ] {
        let answer = tenant.get(&ids.fill(path)).await;
        answer.ok();
        assert!(!answer.text.contains(KEY), "{path}");
    }
    let shown = tenant
        .get(&ids.fill("/connections/{connection_id}"))
        .await
        .ok();
    assert_eq!(shown["credentials"], json!(["api_key"]));
}

#[tokio::test]
async fn a_connection_is_tested_without_saving_and_keeps_what_is_left_out() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ids = seed(&world, &tenant).await;
    let path = ids.fill("/connections/{connection_id}");
    let test = tenant.post(&format!("{path}/test"), json!({})).await.ok();
    assert_eq!(test["good"], true);
    assert_eq!(test["settings"]["address"], "https://acme.example.com");
    tenant
        .post(
            &format!("{path}/test"),
            json!({"credentials": {"api_key": "wrong"}}),
        )
        .await
        .problem(502, "connection.unauthorized");
    tenant
        .post(&format!("{path}/test"), json!({"provider": "other"}))
        .await
        .problem(422, "request.invalid");
    let tag = tenant.get(&path).await.header(&header::ETAG).to_owned();
    let rename = |tag: &str, name: &str| {
        tenant
            .request(Some(Role::Admin), Method::PATCH, &path)
            .header("if-match", tag)
            .json(&json!({ "name": name }))
            .send()
    };
    let renamed = rename(&tag, "Acme EU").await.ok();
    assert_eq!(renamed["name"], "Acme EU");
    assert_eq!(renamed["settings"]["address"], "https://acme.example.com");
    rename(&tag, "Acme US").await.problem(412, "mapping.stale");
    let paused = tenant.post(&format!("{path}/pause"), json!({})).await.ok();
    assert_eq!(paused["health"]["state"], "paused");
    tenant
        .post(&format!("{path}/sync"), json!({}))
        .await
        .problem(409, "connection.paused");
    let resumed = tenant.post(&format!("{path}/resume"), json!({})).await.ok();
    assert_eq!(resumed["health"]["state"], "new");
}

#[tokio::test]
async fn a_run_held_by_a_brake_waits_for_a_word() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    for number in 0..10 {
        world.acme.add(
            &format!("u{number}"),
            &format!("Ann {number}"),
            &format!("a{number}@example.com"),
        );
    }
    let connection = tenant.acme().await;
    tenant.sync(&connection).await;
    world.acme.clear();
    world.acme.add("u0", "Ann 0", "a0@example.com");
    let sync = format!("/connections/{connection}/sync?wait=true");
    let held = tenant.post(&sync, json!({"mode": "full"})).await.ok();
    assert_eq!(held["state"], "held");
    assert_eq!(held["failure"]["code"], "run.held");
    let run = format!("/runs/{}", held["id"].as_str().expect("an id"));
    assert!(held["held_until"].is_string());
    let missing = tenant
        .get(&format!("{run}/changes?kind=missing&limit=4"))
        .await
        .ok();
    assert_eq!(missing["items"].as_array().map(Vec::len), Some(4));
    assert!(missing["next"].is_string());
    let rejected = tenant.post(&format!("{run}/reject"), json!({})).await.ok();
    assert_eq!(rejected["state"], "rejected");
    tenant
        .post(&format!("{run}/allow"), json!({}))
        .await
        .problem(409, "run.not_held");
    let users = tenant
        .get(&format!("/connections/{connection}/crm-users?usable=true"))
        .await
        .ok();
    assert_eq!(users["items"].as_array().map(Vec::len), Some(10));
}

#[tokio::test]
async fn a_policy_changes_by_the_numbers_that_are_named() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let connection = tenant.acme().await;
    let path = format!("/connections/{connection}/policy");
    let changed = tenant
        .patch(&path, json!({"brakes": {"percent": 5}, "grace_days": 3}))
        .await
        .ok();
    assert_eq!(
        changed["policy"],
        json!({
            "brakes": {"least": 5, "percent": 5, "most": 500},
            "grace_days": 3,
            "hold_days": 14,
        })
    );
    let refused = tenant
        .patch(&path, json!({"brakes": {"percent": 0}, "hold_days": 91}))
        .await
        .problem(422, "connection.policy_invalid");
    let fields: Vec<_> = refused["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| error["field"].as_str().expect("a field"))
        .collect();
    assert_eq!(fields, ["percent", "hold_days"]);
}

#[tokio::test]
async fn who_leaves_keeps_or_loses_mappings_as_was_said() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ids = seed(&world, &tenant).await;
    let leave = |body: Value| {
        let path = ids.fill("/people/{person_id}/deactivate");
        let tenant = &tenant;
        async move { tenant.post(&path, body).await }
    };
    let missing = leave(json!({"end_mappings": "on"})).await;
    assert_eq!(
        missing.problem(422, "request.invalid")["errors"][0]["field"],
        "on"
    );
    leave(json!({"end_mappings": "now", "on": "2026-12-01"}))
        .await
        .problem(422, "request.invalid");
    leave(json!({"end_mappings": "on", "on": "the first"}))
        .await
        .problem(422, "request.invalid");
    let left = leave(json!({"end_mappings": "on", "on": "2026-12-01"}))
        .await
        .ok();
    assert_eq!(left["line_count"], 2);
    let mapping = tenant.get(&ids.fill("/mappings/{mapping_id}")).await.ok();
    assert_eq!(mapping["to"], "2026-11-30T23:00:00Z", "midnight in Berlin");
    let inactive = tenant.get("/people?active=false").await.ok();
    assert_eq!(inactive["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_change_is_undone_and_made_again() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ids = seed(&world, &tenant).await;
    let bea = tenant.person("Bea", "bea@example.com").await;
    world.acme.add("u3", "Bea", "bea@example.com");
    tenant.sync(&ids.connection).await;
    let edit = |person: &str, crm_user: &str| {
        json!({
            "want": "map", "connection_id": ids.connection,
            "person_id": person, "crm_user_id": crm_user
        })
    };
    let made = tenant
        .post("/change-sets", json!({"edits": [edit(&bea, "u3")]}))
        .await
        .ok();
    let number = made["number"].as_u64().expect("a number");
    let path = format!("/change-sets/{number}/undo");
    let preview = tenant.get(&path).await.ok();
    assert_eq!(preview["undoable"], 1);
    assert_eq!(preview["conflicts"], 0);
    assert_eq!(preview["items"][0]["outcome"], "undone");
    assert_eq!(preview["items"][0]["line"]["after"], Value::Null);

    let answer = tenant.post(&path, json!({"reason": "too early"})).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let undo = answer.json();
    assert_eq!(
        (&undo["undoes"], &undo["skipped"]),
        (&json!(number), &json!(0))
    );
    assert_eq!(undo["reason"], "too early");
    let known = tenant.get(&format!("/change-sets/{number}")).await.ok();
    assert_eq!(known["undone_by"], undo["number"]);
    tenant
        .post(&path, json!({}))
        .await
        .problem(422, "change_set.empty");

    let redo = format!("/change-sets/{}/undo", undo["number"]);
    tenant.post(&redo, json!({})).await.ok();
    let mapped = tenant.get("/mappings?at=now").await.ok();
    assert_eq!(mapped["items"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn an_undo_that_clashes_shows_both_sides_and_undoes_the_rest_when_told() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ids = seed(&world, &tenant).await;
    let bea = tenant.person("Bea", "bea@example.com").await;
    let remove = json!({"edits": [
        {"want": "unmap", "connection_id": ids.connection, "person_id": ids.person},
        {"want": "no_account", "connection_id": ids.connection, "person_id": bea},
    ]});
    let made = tenant.post("/change-sets", remove).await.ok();
    let path = format!("/change-sets/{}/undo", made["number"]);
    let pair = json!({"connection_id": ids.connection, "person_id": bea, "crm_user_id": "u1"});
    tenant.post("/mappings", pair).await.created();

    let problem = tenant.post(&path, json!({})).await;
    let problem = problem.problem(409, "change_set.conflict");
    assert_eq!(problem["errors"][0]["field"], "lines[0]", "{problem}");
    let preview = tenant.get(&path).await.ok();
    // Mapping Bea withdrew her decision, which is as before therefore.
    assert_eq!(
        (&preview["already"], &preview["conflicts"]),
        (&json!(1), &json!(1))
    );
    let conflict = &preview["items"][0]["conflict"];
    assert_eq!(conflict["cause"], "in_the_way");
    assert_eq!(conflict["standing"]["entity"], "mapping");
    assert_eq!(conflict["standing"]["is"]["person_id"], json!(bea));
    assert!(conflict["changed_by"]["number"].as_u64() > made["number"].as_u64());
    tenant
        .post(&path, json!({"scope": "rest"}))
        .await
        .problem(422, "change_set.empty");
    tenant
        .post(&path, json!({"scope": "half"}))
        .await
        .problem(422, "request.invalid");
}

#[tokio::test]
async fn edits_that_clash_are_left_when_told_and_name_who_was_first() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ids = seed(&world, &tenant).await;
    let bea = tenant.person("Bea", "bea@example.com").await;
    let change = |leave: bool| {
        json!({"leave_clashing": leave, "edits": [
            {"want": "unmap", "connection_id": ids.connection, "person_id": ids.person,
             "based_on": null},
            {"want": "no_account", "connection_id": ids.connection, "person_id": bea},
        ]})
    };
    let refused = tenant.post("/change-sets", change(false)).await;
    let refused = refused.problem(409, "mapping.stale");
    assert_eq!(refused["errors"][0]["field"], "edits[0]", "{refused}");
    let applied = tenant.post("/change-sets", change(true)).await.ok();
    assert_eq!(applied["line_count"], 1);
    let left = &applied["left"];
    assert_eq!(
        (&left[0]["index"], &left[0]["cause"]),
        (&json!(0), &json!("changed"))
    );
    assert!(left[0]["changed_by"]["number"].is_u64(), "{left}");
    assert_eq!(left[1], Value::Null);
}
