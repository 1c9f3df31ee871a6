//! What a file may not say, and what it leaves alone.

use counterpart_model::{ChangeSetOrigin, Code, Role};
use counterpart_service::mapping::Change;

use super::Scene;

/// A file of the first connection with these entries.
fn file(scene: &Scene, entries: &str) -> String {
    let name = &scene.connections[0].0.name;
    format!("counterpart: mappings/1\nconnections:\n  - name: \"{name}\"\n    mappings:\n{entries}")
}

fn entry(person: &str, user: &str, more: &str) -> String {
    format!("      - person: {{{person}}}\n        crm_user: \"{user}\"\n{more}")
}

async fn problems(scene: &Scene, text: &str) -> Vec<String> {
    let plan = scene.plan(text).await;
    assert_eq!(plan.changes, [], "{text}");
    plan.problems.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once_with_its_line_and_nothing_is_changed() {
    let scene = Scene::new().await;
    let known = &scene.connections[0].1[0].id.0;
    let text = [
        file(&scene, &entry("external_id: \"nobody\"", "no such", "")),
        entry("email: \"shared@example.com\"", known, ""),
        entry("email: \"bob.o'neil@example.com\"", known, ""),
        entry("external_id: \"17\"", known, ""),
        "  - name: \"Nowhere\"\n".to_owned(),
    ]
    .concat();
    let found = problems(&scene, &text).await;
    let expected = [
        "line 5: nobody has the external id `nobody`",
        "has no user `no such`",
        "line 7: 2 people have the e-mail address",
        "line 11: there is no person `17`, but there is `0017`",
        "line 13: there is no connection `Nowhere`",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.contains(expected), "{found} / {expected}");
    }
    let plan = scene.plan(&text).await;
    let refused = scene
        .world
        .service
        .apply_mapping_plan(&scene.world.owner, plan, None);
    assert_eq!(
        refused.await.expect_err("refused").code(),
        Code::FileInvalid
    );
    assert!(!scene.export().await.contains(known.as_str()));
}

#[tokio::test]
async fn two_mappings_that_overlap_in_the_file_are_named_by_both_lines() {
    let scene = Scene::new().await;
    let user = &scene.connections[0].1[0].id.0;
    let ann = entry("external_id: \"0017\"", user, "        to: 2026-06-02\n");
    let bob = "email: \"bob.o'neil@example.com\"";
    let early = entry(bob, user, "        from: 2026-06-01\n");
    let found = problems(&scene, &(file(&scene, &ann) + &early)).await;
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with("line 8: the CRM user is somebody's"));
    assert!(found[0].contains("in line 5"), "{}", found[0]);
    let later = entry(bob, user, "        from: 2026-06-02\n");
    let plan = scene.plan(&(file(&scene, &ann) + &later)).await;
    assert_eq!(plan.problems, []);
    let words: Vec<String> = plan.changes.iter().map(ToString::to_string).collect();
    // Midnight of Berlin, where the organization is.
    assert!(
        words[0].ends_with("until 2026-06-01T22:00:00Z, by import"),
        "{words:?}"
    );
}

#[tokio::test]
async fn unknown_fields_numbers_without_quotation_marks_and_other_versions_are_refused() {
    let scene = Scene::new().await;
    let good = file(&scene, &entry("external_id: \"0017\"", "x", ""));
    for (from, to, expected) in [
        ("crm_user:", "crm_usr:", "line 6"),
        ("\"x\"", "0051", "line 6"),
        ("\"0017\"", "0017", "line 5"),
        (
            "mappings/1",
            "mappings/2",
            "line 1: the file is `mappings/2`",
        ),
        (
            "external_id: \"0017\"",
            "external_id: \"0017\", id: \"x\"",
            "line 5: name the person by one",
        ),
        (
            "\"x\"",
            "\"x\"\n        from: \"yesterday\"",
            "line 7: `yesterday` is not a time",
        ),
    ] {
        let found = problems(&scene, &good.replace(from, to)).await;
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(found[0].contains(expected), "{to}: {}", found[0]);
    }
}

#[tokio::test]
async fn a_mapping_that_is_missing_is_taken_away_unless_the_file_is_partial() {
    let scene = Scene::new().await;
    let users = &scene.connections[0].1;
    let (first, second) = (&users[0].id.0, &users[1].id.0);
    let ann = "external_id: \"0017\"";
    let bob = entry("email: \"bob.o'neil@example.com\"", second, "");
    let both = file(&scene, &entry(ann, first, "")) + &bob;
    let applied = scene.apply(&both).await.expect("applied");
    assert_eq!(applied.origin, ChangeSetOrigin::Import);
    let third = file(&scene, &entry(ann, &users[2].id.0, ""));
    let whole = scene.plan(&third).await;
    let counts = |change| whole.count(change);
    assert_eq!((counts(Change::Add), counts(Change::Remove)), (1, 2));
    let partial = third.replace("connections:", "partial: true\nconnections:");
    let plan = scene.plan(&partial).await;
    assert_eq!(
        (plan.count(Change::Add), plan.count(Change::Remove)),
        (1, 1)
    );
    let clash = partial.replace(&users[2].id.0, second);
    let found = problems(&scene, &clash).await;
    assert!(
        found[0].contains("by a mapping that the file leaves alone"),
        "{found:?}"
    );
}

#[tokio::test]
async fn a_file_is_applied_only_by_who_may_change_mappings() {
    let scene = Scene::new().await;
    let viewer = scene.world.member("viewer@example.com", Role::Viewer).await;
    let service = &scene.world.service;
    let text = service.export_mappings(&viewer).await.expect("may read");
    let refused = service.plan_mapping_file(&viewer, text.as_bytes()).await;
    assert_eq!(refused.expect_err("refused").code(), Code::AuthForbidden);
}
