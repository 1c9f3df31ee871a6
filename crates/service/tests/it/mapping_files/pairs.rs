//! Pairs of ids out of other products.

use counterpart_model::{ChangeSetOrigin, Code};
use counterpart_service::mapping::{Change, CrmUserKey, PairsInput, PairsPlan, PersonKey};
use counterpart_service::{Error, Result};

use super::Scene;

impl Scene {
    fn pairs_of<'f>(&self, text: &'f str) -> PairsInput<'f> {
        PairsInput {
            bytes: text.as_bytes(),
            connection: self.connections[0].0.id,
            person_column: None,
            person_key: None,
            crm_user_column: None,
            crm_user_key: None,
            skip_unknown: false,
        }
    }

    async fn plan_pairs(&self, input: &PairsInput<'_>) -> Result<PairsPlan> {
        let world = &self.world;
        world.service.plan_pairs(&world.owner, input).await
    }

    fn user(&self, place: usize) -> &str {
        &self.connections[0].1[place].id.0
    }
}

#[tokio::test]
async fn which_column_is_what_is_found_out_by_looking_the_values_up() {
    let scene = Scene::new().await;
    let users = &scene.connections[0].1;
    let with_address = users
        .iter()
        .find(|user| user.is_usable() && !user.profile.emails.is_empty());
    let user = with_address.expect("a user with an address");
    let address = &user.profile.emails[0];
    let text = format!("Notes,Theirs,Ours\nx,{address},bob.o'neil@EXAMPLE.com\n");
    let pairs = scene
        .plan_pairs(&scene.pairs_of(&text))
        .await
        .expect("a plan");
    assert_eq!(
        (pairs.person.name.as_str(), pairs.person.key),
        ("Ours", PersonKey::Email)
    );
    let column = (pairs.crm_user.name.as_str(), pairs.crm_user.key);
    assert_eq!(column, ("Theirs", CrmUserKey::Email));
    assert_eq!(pairs.plan.changes[0].crm_user_id.as_ref(), Some(&user.id.0));

    let text = format!("agent,user\n0017,{}\n", user.id);
    let pairs = scene
        .plan_pairs(&scene.pairs_of(&text))
        .await
        .expect("a plan");
    assert_eq!(
        (pairs.person.key, pairs.crm_user.key),
        (PersonKey::ExternalId, CrmUserKey::Id)
    );
    let applied = scene
        .world
        .service
        .apply_pairs(&scene.world.owner, pairs, None)
        .await;
    assert_eq!(applied.expect("applied").origin, ChangeSetOrigin::Import);
    let again = scene
        .plan_pairs(&scene.pairs_of(&text))
        .await
        .expect("a plan");
    assert_eq!((again.plan.changes.len(), again.plan.same), (0, 1));
}

#[tokio::test]
async fn what_somebody_says_of_the_columns_is_believed_and_what_is_not_there_refused() {
    let scene = Scene::new().await;
    let text = format!("a,b,c\n0017,bob.o'neil@example.com,{}\n", scene.user(0));
    let input = PairsInput {
        person_column: Some("b".to_owned()),
        ..scene.pairs_of(&text)
    };
    let pairs = scene.plan_pairs(&input).await.expect("a plan");
    assert_eq!(pairs.plan.changes[0].person.as_deref(), Some("Bob"));
    let refused = async |input: PairsInput<'static>| {
        let error: Error = scene.plan_pairs(&input).await.expect_err("refused");
        assert_eq!(error.code(), Code::FileHeader, "{error}");
    };
    refused(PairsInput {
        person_column: Some("nowhere".to_owned()),
        ..scene.pairs_of("a,b\n0017,x\n")
    })
    .await;
    refused(scene.pairs_of("a,b\nnobody,x\n")).await;
}

#[tokio::test]
async fn rows_that_name_nobody_refuse_the_file_or_are_left_out_and_said() {
    let scene = Scene::new().await;
    let user = scene.user(0);
    let text = format!("agent,user\n0017,{user}\n99,{user}\n0017,1.2E+17\n0017,{user}\n");
    let input = scene.pairs_of(&text);
    let pairs = scene.plan_pairs(&input).await.expect("a plan");
    let lines: Vec<Option<u64>> = pairs.plan.problems.iter().map(|it| it.line).collect();
    assert_eq!(lines, [Some(3), Some(4)]);
    assert_eq!(pairs.plan.changes, []);
    let lenient = PairsInput {
        skip_unknown: true,
        ..input
    };
    let pairs = scene.plan_pairs(&lenient).await.expect("a plan");
    assert_eq!((pairs.plan.changes.len(), pairs.skipped.len()), (1, 2));
}

#[tokio::test]
async fn a_pair_takes_the_place_of_what_holds_now_and_leaves_what_has_ended() {
    let scene = Scene::new().await;
    let name = &scene.connections[0].0.name;
    let ann = "      - person: {external_id: \"0017\"}\n";
    let text = format!(
        "counterpart: mappings/1\nconnections:\n  - name: \"{name}\"\n    mappings:\n\
         {ann}        crm_user: \"{}\"\n        to: 2026-01-01\n\
         {ann}        crm_user: \"{}\"\n        from: 2026-01-01\n",
        scene.user(0),
        scene.user(1)
    );
    scene.apply(&text).await.expect("applied");
    let text = format!("agent,user\n0017,{}\n", scene.user(2));
    let pairs = scene
        .plan_pairs(&scene.pairs_of(&text))
        .await
        .expect("a plan");
    assert_eq!(pairs.plan.problems, []);
    let counts = (
        pairs.plan.count(Change::Add),
        pairs.plan.count(Change::Remove),
    );
    assert_eq!(counts, (1, 1), "{:?}", pairs.plan.changes);
    let applied = scene
        .world
        .service
        .apply_pairs(&scene.world.owner, pairs, None)
        .await;
    applied.expect("applied");
    let exported = scene.export().await;
    assert!(exported.contains(scene.user(0)), "what has ended stays");
    assert!(
        exported.contains("from: \"2025-12-31T23:00:00Z\""),
        "{exported}"
    );
}
