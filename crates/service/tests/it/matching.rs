//! Matching settings: seen before they are saved, saved as change sets, undone.

use counterpart_emulators::Running;
use counterpart_model::matching_settings::{Equivalence, EvidenceSource};
use counterpart_model::{Code, Connection, MatchingRules, PageRequest, Role};
use counterpart_service::mapping::UndoScope;
use counterpart_service::matching::{EffectKind, MatchingEffect, MatchingInput};
use counterpart_service::sync::SyncMode;
use counterpart_store::mappings::ProposalQuery;

use crate::world::{World, emulator};

async fn synced() -> (World, Running, Connection) {
    let world = World::new().await;
    world.add_people(1, 60).await;
    let emulator = emulator("salesforce", 60).await;
    let connection = world.connect(&emulator).await;
    let synced = world
        .service
        .sync(&world.owner, connection.id, SyncMode::Full)
        .await;
    synced.expect("a sync");
    (world, emulator, connection)
}

async fn proposals(world: &World) -> Vec<counterpart_model::Proposal> {
    let page = PageRequest::first(1_000);
    let found = world
        .service
        .list_proposals(&world.owner, &ProposalQuery::default(), &page)
        .await;
    found.expect("proposals").items
}

fn without(sources: &[EvidenceSource]) -> MatchingRules {
    MatchingRules {
        without: Some(sources.iter().copied().collect()),
        ..MatchingRules::default()
    }
}

/// Everything but names is left out.
fn names_only() -> MatchingRules {
    let kept = [EvidenceSource::GivenName, EvidenceSource::FamilyName];
    let out = EvidenceSource::ALL.into_iter();
    let out: Vec<EvidenceSource> = out.filter(|it| !kept.contains(it)).collect();
    without(&out)
}

async fn preview(
    world: &World,
    connection: Option<&Connection>,
    rules: &MatchingRules,
) -> MatchingEffect {
    let page = PageRequest::first(1_000);
    let place = connection.map(|connection| connection.id);
    world
        .service
        .preview_matching_settings(&world.owner, place, rules.clone(), &page)
        .await
        .expect("a preview")
}

fn input(connection: Option<&Connection>, version: u64, rules: MatchingRules) -> MatchingInput {
    MatchingInput {
        connection_id: connection.map(|connection| connection.id),
        version,
        rules,
        reason: None,
    }
}

#[tokio::test]
async fn a_change_does_what_its_preview_said_and_undoing_it_undoes_that() {
    let (world, _emulator, connection) = synced().await;
    let service = &world.service;
    let before = proposals(&world).await;
    let rules = names_only();
    let effect = preview(&world, Some(&connection), &rules).await;
    assert!(!effect.lines.items.is_empty(), "nothing would change");
    assert_eq!(proposals(&world).await, before, "a preview changes nothing");

    let saved = service
        .save_matching_settings(&world.owner, input(Some(&connection), 0, rules.clone()))
        .await
        .expect("saved");
    assert!(
        saved
            .reason
            .as_deref()
            .is_some_and(|why| why.contains("email is left out"))
    );
    let after = proposals(&world).await;
    for line in &effect.lines.items {
        let stands = |all: &[counterpart_model::Proposal]| {
            let of = all.iter().find(|it| it.person_id == line.person_id);
            of.map(|it| (it.crm_user_id.clone(), it.certain, it.ambiguous))
        };
        let said = |it: &Option<counterpart_service::matching::Proposed>| {
            let it = it.as_ref();
            it.map(|it| (it.crm_user_id.clone(), it.certain, it.ambiguous))
        };
        assert_eq!(said(&line.before), stands(&before), "{}", line.person);
        assert_eq!(said(&line.after), stands(&after), "{}", line.person);
    }
    let nothing = preview(&world, Some(&connection), &rules).await;
    assert_eq!(nothing.counts, [], "what is saved has no effect any more");

    service
        .undo(&world.owner, saved.number, UndoScope::Everything, None)
        .await
        .expect("undone");
    assert_eq!(proposals(&world).await, before);
    let view = service
        .matching_settings(&world.owner, Some(connection.id))
        .await;
    assert_eq!(view.expect("settings").settings.version, 0);
}

#[tokio::test]
async fn a_connection_comes_before_the_organization() {
    let (world, _emulator, connection) = synced().await;
    let service = &world.service;
    let strict = MatchingRules {
        auto_threshold: Some(999),
        own_domains: vec!["Northwind.example".into()],
        ..MatchingRules::default()
    };
    let wide = service
        .save_matching_settings(&world.owner, input(None, 0, strict))
        .await;
    wide.expect("saved");
    let narrow = MatchingRules {
        auto_threshold: Some(950),
        ..MatchingRules::default()
    };
    service
        .save_matching_settings(&world.owner, input(Some(&connection), 0, narrow))
        .await
        .expect("saved");
    let view = service
        .matching_settings(&world.owner, Some(connection.id))
        .await
        .expect("settings");
    assert_eq!(view.effective.auto_threshold, Some(950));
    assert_eq!(view.effective.own_domains, ["northwind.example"]);
    assert_eq!(view.settings.rules.own_domains, Vec::<String>::new());

    // What the connection says itself is not changed from above.
    let stricter = MatchingRules {
        auto_threshold: Some(990),
        own_domains: vec!["northwind.example".into()],
        ..MatchingRules::default()
    };
    assert_eq!(preview(&world, None, &stricter).await.counts, []);
}

#[tokio::test]
async fn senseless_stale_and_forbidden_settings_are_refused() {
    let (world, _emulator, connection) = synced().await;
    let service = &world.service;
    let rules = MatchingRules {
        auto_threshold: Some(100),
        many_to_one: Some(true),
        equivalent_domains: vec![Equivalence::new("gmail.com", "acme.example")],
        ..MatchingRules::default()
    };
    let page = PageRequest::first(10);
    let refused = service
        .preview_matching_settings(&world.owner, Some(connection.id), rules, &page)
        .await
        .expect_err("refused");
    assert_eq!(refused.code(), Code::MatchingSettingsInvalid);
    let fields: Vec<_> = refused
        .fields()
        .iter()
        .map(|it| it.field.as_str())
        .collect();
    assert_eq!(
        fields,
        ["auto_threshold", "equivalent_domains", "many_to_one"]
    );

    let save = async |actor, version, rules: MatchingRules| {
        service
            .save_matching_settings(actor, input(Some(&connection), version, rules))
            .await
    };
    let phones = without(&[EvidenceSource::Phone]);
    let viewer = world.member("viewer@example.com", Role::Viewer).await;
    let refused = save(&viewer, 0, phones.clone()).await.expect_err("refused");
    assert_eq!(refused.code(), Code::AuthForbidden);
    save(&world.owner, 0, phones.clone()).await.expect("saved");
    let refused = save(&world.owner, 0, MatchingRules::default()).await;
    assert_eq!(refused.expect_err("refused").code(), Code::MappingStale);
    let refused = save(&world.owner, 1, phones).await.expect_err("refused");
    assert_eq!(refused.code(), Code::ChangeSetEmpty);
}

#[tokio::test]
async fn a_later_change_is_in_the_way_of_undoing_an_earlier_one() {
    let (world, _emulator, connection) = synced().await;
    let service = &world.service;
    let first = input(Some(&connection), 0, without(&[EvidenceSource::Phone]));
    let first = service
        .save_matching_settings(&world.owner, first)
        .await
        .expect("saved");
    let second = input(Some(&connection), 1, without(&[EvidenceSource::Text]));
    service
        .save_matching_settings(&world.owner, second)
        .await
        .expect("saved");
    let refused = service
        .undo(&world.owner, first.number, UndoScope::Everything, None)
        .await
        .expect_err("refused");
    assert_eq!(refused.code(), Code::ChangeSetConflict);
}

#[tokio::test]
async fn an_effect_is_paged_by_kind() {
    let (world, _emulator, connection) = synced().await;
    let rules = names_only();
    let whole = preview(&world, Some(&connection), &rules).await;
    let kinds: Vec<EffectKind> = whole.lines.items.iter().map(|line| line.kind).collect();
    assert!(kinds.len() > 3 && kinds.is_sorted(), "{kinds:?}");
    let mut request = PageRequest::first(3);
    let mut found = Vec::new();
    loop {
        let page = world
            .service
            .preview_matching_settings(&world.owner, Some(connection.id), rules.clone(), &request)
            .await
            .expect("a page");
        assert_eq!(page.counts, whole.counts);
        found.extend(page.lines.items);
        match page.lines.next {
            Some(next) => request = PageRequest::new(Some(next), 3),
            None => break,
        }
    }
    assert_eq!(found, whole.lines.items);
}
