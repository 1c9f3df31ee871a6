//! Mappings as a table that a spreadsheet may have had its hands on.

use counterpart_service::mapping::Change;

use super::Scene;

impl Scene {
    async fn table(&self) -> String {
        let world = &self.world;
        let table = world.service.export_mapping_table(&world.owner).await;
        String::from_utf8(table.expect("a table")).expect("text")
    }
}

/// The scene with three people mapped, one of them to a name that is a formula in a spreadsheet.
async fn mapped() -> Scene {
    let scene = Scene::new().await;
    let (connection, users) = &scene.connections[0];
    let mut text = format!(
        "counterpart: mappings/1\nconnections:\n  - name: \"{}\"\n    mappings:\n",
        connection.name
    );
    for (person, user) in scene.people.iter().zip(users) {
        let entry = format!(
            "      - person: {{id: \"{}\"}}\n        crm_user: \"{}\"\n        from: 2026-01-01\n",
            person.id, user.id
        );
        text.push_str(&entry);
    }
    scene.apply(&text).await.expect("applied");
    scene
}

#[tokio::test]
async fn a_table_that_comes_back_as_it_went_changes_nothing() {
    let scene = mapped().await;
    let table = scene.table().await;
    let plan = scene.plan(&table).await;
    assert_eq!((plan.problems, plan.changes), (vec![], vec![]), "{table}");
    assert_eq!(plan.same, 5);
    assert!(
        table.contains("'=HYPERLINK"),
        "a formula is kept as text: {table}"
    );
    let semicolons = table.replace(',', ";").replace('\n', "\r\n");
    assert!(
        scene
            .plan(&format!("\u{feff}{semicolons}"))
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn a_row_that_is_changed_changes_that_person_and_one_that_is_missing_nobody() {
    let scene = mapped().await;
    let users = &scene.connections[0].1;
    let table = scene.table().await;
    let lines: Vec<&str> = table.lines().collect();
    let row = lines
        .iter()
        .find(|line| line.contains("Bob,"))
        .expect("Bob");
    let other = row.replace(&users[1].id.0, &users[7].id.0);
    let known = scene
        .people
        .iter()
        .position(|it| it.profile.display_name == "Bob");
    let own = &users[known.expect("Bob")].id.0;
    let edited = format!("{}\n{}\n", lines[0], other.replace(own, &users[7].id.0));
    let plan = scene.plan(&edited).await;
    assert_eq!(plan.problems, []);
    assert_eq!(
        (plan.count(Change::Add), plan.count(Change::Remove)),
        (1, 1)
    );
    assert_eq!(plan.changes.len(), 2, "nobody else is touched");
}

#[tokio::test]
async fn ids_that_a_spreadsheet_ruined_are_refused_with_row_and_remedy() {
    let scene = mapped().await;
    let table = scene.table().await;
    let header = table.lines().next().expect("a header");
    let name = &scene.connections[0].0.name;
    let user = &scene.connections[0].1[0].id.0;
    let row = |external_id: &str, crm_user: &str| {
        format!("{header}\n{name},{external_id},,,{crm_user},,,,,,,\n")
    };
    for (external_id, crm_user, expected) in [
        (
            "0017",
            "1.23E+15",
            "line 2: `1.23E+15` is a number that a spreadsheet has rounded",
        ),
        (
            "0017",
            "123456789012345000",
            "line 2: `123456789012345000` may have been rounded",
        ),
        (
            "17",
            user.as_str(),
            "there is no person `17`, but there is `0017`",
        ),
        ("0017", "", "line 2: the id of the CRM user is empty"),
        ("", user, "line 2: the row names no person"),
    ] {
        let plan = scene.plan(&row(external_id, crm_user)).await;
        let found: Vec<String> = plan.problems.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains(expected), "{}", found[0]);
    }
}

#[tokio::test]
async fn a_workbook_that_comes_back_as_it_went_changes_nothing() {
    let scene = mapped().await;
    let Scene { world, .. } = &scene;
    let workbook = world.service.export_mapping_workbook(&world.owner).await;
    let bytes = workbook.expect("a workbook");
    let plan = world.service.plan_mapping_file(&world.owner, &bytes).await;
    let plan = plan.expect("a plan");
    assert_eq!((plan.problems, plan.changes), (vec![], vec![]));
    assert_eq!(plan.same, 5);
}
