//! People, by hand, by list, and out of a CRM.

use counterpart_model::{Code, PageRequest, Situation};
use counterpart_service::people::{ImportRow, PersonInput};
use counterpart_service::sync::SyncMode;

use crate::world::{World, emulator, person};

#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    let world = World::new().await;
    let input = PersonInput {
        emails: vec!["not an address".to_owned()],
        title: "a\u{7}b".to_owned(),
        ..PersonInput::default()
    };
    let input = PersonInput {
        display_name: " ".to_owned(),
        ..input
    };
    let refused = world
        .service
        .add_person(&world.owner, &input)
        .await
        .expect_err("wrong");
    assert_eq!(refused.code(), Code::PersonInvalid);
    let fields: Vec<&str> = refused
        .fields()
        .iter()
        .map(|it| it.field.as_str())
        .collect();
    assert!(
        fields.contains(&"emails") && fields.contains(&"title"),
        "{fields:?}"
    );
}

#[tokio::test]
async fn external_ids_and_extensions_belong_to_one_person() {
    let world = World::new().await;
    let service = &world.service;
    let ann = PersonInput {
        external_id: "7".to_owned(),
        extension: "204".to_owned(),
        ..person("Ann Lee", "ann@example.com")
    };
    service.add_person(&world.owner, &ann).await.expect("Ann");
    let bob = PersonInput {
        external_id: "7".to_owned(),
        ..person("Bob Ray", "bob@example.com")
    };
    let refused = service
        .add_person(&world.owner, &bob)
        .await
        .expect_err("taken");
    assert_eq!(refused.code(), Code::PersonDuplicate);
    assert!(refused.detail().contains("Ann Lee"), "{refused}");
    let bob = PersonInput {
        extension: "204".to_owned(),
        ..person("Bob Ray", "bob@example.com")
    };
    let refused = service
        .add_person(&world.owner, &bob)
        .await
        .expect_err("taken");
    assert_eq!(refused.code(), Code::ExtensionTaken);
}

#[tokio::test]
async fn an_import_changes_only_what_it_says_and_twice_is_once() {
    let world = World::new().await;
    let service = &world.service;
    let row = |line, external_id: &str, name: &str, title: &str| ImportRow {
        line,
        input: PersonInput {
            external_id: external_id.to_owned(),
            title: title.to_owned(),
            ..person(name, &format!("{external_id}@example.com"))
        },
    };
    let rows = vec![
        row(2, "1", "Ann Lee", "Agent"),
        row(3, "2", "Bob Ray", "Lead"),
    ];
    let plan = service
        .plan_import(&world.owner, rows.clone())
        .await
        .expect("a plan");
    assert_eq!((plan.add.len(), plan.change.len(), plan.same), (2, 0, 0));
    service
        .apply_import(&world.owner, &plan, None)
        .await
        .expect("applied");
    let plan = service
        .plan_import(&world.owner, rows)
        .await
        .expect("a plan");
    assert_eq!((plan.add.len(), plan.change.len(), plan.same), (0, 0, 2));
    let rows = vec![
        row(2, "1", "Ann Lee", ""),
        row(3, "2", "Bob Ray", "Manager"),
    ];
    let plan = service
        .plan_import(&world.owner, rows)
        .await
        .expect("a plan");
    assert_eq!(
        (plan.change.len(), plan.same),
        (1, 1),
        "an empty field stays as it was"
    );
    service
        .apply_import(&world.owner, &plan, None)
        .await
        .expect("applied");
    let bob = service
        .person_named(&world.owner, "2@example.com")
        .await
        .expect("Bob");
    assert_eq!(bob.profile.title.as_deref(), Some("Manager"));
}

#[tokio::test]
async fn ticked_crm_users_become_people_and_are_mapped_in_one_change_set() {
    let world = World::new().await;
    let service = &world.service;
    let emulator = emulator("salesforce", 60).await;
    let connection = world.connect(&emulator).await;
    service
        .sync(&world.owner, connection.id, SyncMode::Full)
        .await
        .expect("a sync");
    let strangers = service
        .list_strangers(&world.owner, connection.id, "", &PageRequest::first(5))
        .await
        .expect("strangers");
    let ids: Vec<_> = strangers.items.iter().map(|user| user.id.clone()).collect();
    let applied = service
        .people_from_crm_users(&world.owner, connection.id, &ids)
        .await
        .expect("added");
    assert_eq!(applied.line_count, 10);
    let overview = service
        .overview(&world.owner, None)
        .await
        .expect("an overview");
    assert_eq!(overview.connections[0].in_situation(Situation::Mapped), 5);
    let refused = service
        .people_from_crm_users(&world.owner, connection.id, &ids[..1])
        .await
        .expect_err("somebody's already");
    assert_eq!(refused.code(), Code::MappingOverlap);
}
