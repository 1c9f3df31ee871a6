//! Two organizations never see each other's rows.

use counterpart_model::{
    ApiToken, ChangeLine, ConnectionId, ConnectionState, CrmUserId, DecisionKind, Draft, DraftEdit,
    IdentityKind, Period, Person, Role, RunMode, Sealed, Situation, TokenId, run::RunFailure,
};

use super::fixture::{World, add_identity, add_person, all, pulled, words};
use crate::crm_users::CrmUserQuery;
use crate::grid::GridQuery;
use crate::mappings::{MappingQuery, ProposalQuery};
use crate::people::PeopleQuery;
use crate::{ApplyError, Store, StoreError};

/// An organization with something in every table, the same names and ids in each.
struct Full<'s> {
    world: World<'s>,
    connection: ConnectionId,
    ann: Person,
    bob: Person,
    run: counterpart_model::Run,
    mapping: counterpart_model::Mapping,
}

async fn fill<'s>(store: &'s dyn Store, label: &str) -> Full<'s> {
    let world = World::found(store, label).await;
    let connection = world.connect("CRM").await;
    let run = world.sync(connection, &pulled(2)).await;
    let mut ann = world.person("Ann Lee");
    ann.external_id = Some("E1".into());
    world.apply(vec![add_person(ann.clone())]).await;
    ann.version = 1;
    let bob = world.add_person("Bob Ray").await;
    let phones = world.directory.id;
    let kind = IdentityKind::Extension;
    let identity = world.identity(ann.id, phones, kind, "204", Period::ALL);
    world.apply(vec![add_identity(identity)]).await;
    let mapping = world.map(connection, ann.id, "u1").await;
    let kind = DecisionKind::NotThisPair {
        person_id: bob.id,
        crm_user_id: CrmUserId("u1".into()),
    };
    world.decide(world.decision(connection, kind)).await;
    world
        .propose(connection, &[World::proposal(connection, bob.id, "u2")])
        .await;
    world.refresh().await;
    let draft = Draft {
        // The same account may work in both.
        account_id: world.owner.id,
        connection_id: connection,
        person_id: bob.id,
        edit: DraftEdit::Unmap,
        based_on: None,
        updated_at: world.now(),
    };
    store.put_drafts(world.id(), &[draft]).await.expect("kept");
    let token = ApiToken {
        id: TokenId::generate(world.seed(), world.seed()),
        token_hash: counterpart_model::entropy::bytes(world.seed()),
        organization_id: world.id(),
        role: Role::Viewer,
        name: "token".into(),
        created_at: world.now(),
        created_by: None,
        revoked_at: None,
    };
    store.put_token(&token).await.expect("kept");
    let sealed = Sealed {
        key_id: label.into(),
        nonce: vec![],
        ciphertext: vec![],
    };
    let put = store
        .put_credential(world.id(), connection, "key", &sealed)
        .await;
    put.expect("kept");
    Full {
        world,
        connection,
        ann,
        bob,
        run,
        mapping,
    }
}

/// Lists hold one's own only.
pub async fn lists_hold_ones_own(store: &dyn Store) {
    let one = fill(store, "lists_hold_ones_own").await;
    let two = fill(store, "lists_hold_ones_own, next door").await;
    for (own, foreign) in [(&one, &two), (&two, &one)] {
        let id = own.world.id();
        let query = PeopleQuery {
            words: words("example"),
            active: Some(true),
        };
        let people = all(async |page| store.list_people(id, &query, &page).await).await;
        assert_eq!(people, vec![own.ann.clone(), own.bob.clone()]);
        let query = GridQuery {
            words: words("e"),
            situations: vec![Situation::Mapped, Situation::Proposed],
            ..GridQuery::default()
        };
        let rows = all(async |page| store.list_grid(id, &query, &page).await).await;
        let rows: Vec<_> = rows.into_iter().map(|row| row.person.id).collect();
        assert_eq!(rows, [own.ann.id, own.bob.id]);
        let query = MappingQuery::default();
        let mappings = all(async |page| store.list_mappings(id, &query, &page).await).await;
        assert_eq!(mappings, vec![own.mapping.clone()]);
        let query = ProposalQuery::default();
        let proposals = all(async |page| store.list_proposals(id, &query, &page).await).await;
        let people: Vec<_> = proposals
            .iter()
            .map(|proposal| proposal.person_id)
            .collect();
        assert_eq!(people, [own.bob.id]);
        let decisions = all(async |page| store.list_decisions(id, None, &page).await).await;
        assert_eq!(decisions.len(), 1);
        assert_eq!(decisions[0].kind.person_id(), Some(own.bob.id));
        let sets = all(async |page| store.list_change_sets(id, &page).await).await;
        assert_eq!(sets.len(), 5);
        assert!(
            sets.iter()
                .all(|set| set.account_id == Some(own.world.owner.id))
        );
        let audit = all(async |page| store.list_audit(id, &page).await).await;
        assert_eq!(audit.len(), 2);
        let connections = store.list_connections(id).await.expect("listed");
        let connections: Vec<_> = connections.iter().map(|connection| connection.id).collect();
        assert_eq!(connections, [own.world.directory.id, own.connection]);
        let tokens = store.list_tokens(id).await.expect("listed");
        assert_eq!(tokens.len(), 1);
        let members = store.list_members(id).await.expect("listed");
        assert_eq!(members.len(), 1);
        assert_eq!(members[0].0, own.world.owner);
        let standings = own.world.standings().await;
        assert!(
            standings
                .cells
                .iter()
                .all(|count| count.connection_id == own.connection)
        );
        let people = store.count_people(id).await.expect("counted");
        assert_eq!(people.active, 2);
        assert_eq!(standings.people_in(&[Situation::Mapped], None), 1);
        let found = store.find_identities(id, IdentityKind::Extension, "204", own.world.now());
        let found = found.await.expect("asked");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].person_id, own.ann.id);
        let found = store.find_person_by_external_id(id, "E1").await;
        assert_eq!(found.expect("asked").as_ref(), Some(&own.ann));
        assert_ne!(own.ann.id, foreign.ann.id);
    }
}

/// With somebody else's ids one finds nothing.
pub async fn foreign_ids_find_nothing(store: &dyn Store) {
    let own = fill(store, "foreign_ids_find_nothing").await;
    let foreign = fill(store, "foreign_ids_find_nothing, next door").await;
    let id = own.world.id();
    let user = CrmUserId("u1".into());
    let run = foreign.run.id;
    let account = foreign.world.owner.id;
    let nothing = "somebody else's is found";
    let person = store.find_person(id, foreign.ann.id).await;
    assert_eq!(person.expect("asked"), None, "{nothing}");
    let people = store.find_people(id, &[foreign.ann.id]).await;
    assert_eq!(people.expect("asked"), vec![], "{nothing}");
    let identities = store.list_identities(id, &[foreign.ann.id]).await;
    assert_eq!(identities.expect("asked"), vec![], "{nothing}");
    let connection = store.find_connection(id, foreign.connection).await;
    assert_eq!(connection.expect("asked"), None, "{nothing}");
    let credentials = store.load_credentials(id, foreign.connection).await;
    assert_eq!(credentials.expect("asked"), vec![], "{nothing}");
    let mapping = store.find_mapping(id, foreign.mapping.id).await;
    assert_eq!(mapping.expect("asked"), None, "{nothing}");
    let proposal = store
        .find_proposal(id, foreign.connection, foreign.bob.id)
        .await;
    assert_eq!(proposal.expect("asked"), None, "{nothing}");
    let bob = [foreign.bob.id];
    let proposals = store.find_proposals(id, foreign.connection, &bob).await;
    assert_eq!(proposals.expect("asked"), vec![], "{nothing}");
    let decisions = store.decisions_about(id, foreign.bob.id).await;
    assert_eq!(decisions.expect("asked"), vec![], "{nothing}");
    let found = store.find_run(id, run).await;
    assert_eq!(found.expect("asked"), None, "{nothing}");
    let found = store.find_crm_user(id, foreign.connection, &user).await;
    assert_eq!(found.expect("asked"), None, "{nothing}");
    let found = store.find_crm_users(id, foreign.connection, &[user]).await;
    assert_eq!(found.expect("asked"), vec![], "{nothing}");
    let count = store.count_crm_users(id, foreign.connection).await;
    assert_eq!(count.expect("asked").known, 0, "{nothing}");
    let query = CrmUserQuery::default();
    let users = all(async |page| {
        store
            .list_crm_users(id, foreign.connection, &query, &page)
            .await
    });
    assert_eq!(users.await, vec![], "{nothing}");
    let runs = all(async |page| store.list_runs(id, foreign.connection, &page).await);
    assert_eq!(runs.await, vec![], "{nothing}");
    let changes = all(async |page| store.list_run_changes(id, run, None, &page).await);
    assert_eq!(changes.await, vec![], "{nothing}");
    let drafts = all(async |page| store.list_drafts(id, account, &page).await);
    assert_eq!(drafts.await, vec![], "{nothing}");
    let drafts = store.drafts_about(id, account, &[foreign.bob.id]).await;
    assert_eq!(drafts.expect("asked"), vec![], "{nothing}");
    let count = store.count_drafts(id, account).await;
    assert_eq!(count.expect("asked"), 0, "{nothing}");
}

/// With somebody else's ids one changes nothing.
pub async fn foreign_ids_change_nothing(store: &dyn Store) {
    let own = fill(store, "foreign_ids_change_nothing").await;
    let foreign = fill(store, "foreign_ids_change_nothing, next door").await;
    let (id, theirs) = (own.world.id(), foreign.world.id());
    let before = store.find_connection(theirs, foreign.connection).await;
    let mut health = own.world.directory.health.clone();
    health.state = ConnectionState::Broken;
    let noted = store
        .note_health(id, foreign.connection, &health, None, None)
        .await;
    assert!(matches!(noted, Err(StoreError::Misuse(_))), "{noted:?}");
    let after = store.find_connection(theirs, foreign.connection).await;
    assert_eq!(after.expect("asked"), before.expect("asked"));
    let account = foreign.world.owner.id;
    let (connection, person) = (foreign.connection, foreign.bob.id);
    let deleted = store.delete_draft(id, account, connection, person).await;
    deleted.expect("none is no error");
    let cleared = store.clear_drafts(id, account).await;
    cleared.expect("none is no error");
    let count = store.count_drafts(theirs, account).await;
    assert_eq!(count.expect("counted"), 1);
    let run = foreign.world.start_run(connection, RunMode::Full).await;
    let failure = RunFailure {
        code: counterpart_model::Code::ConnectionTimeout,
        detail: String::new(),
    };
    let failed = store.fail_run(id, run.id, &failure, own.world.now()).await;
    assert!(matches!(failed, Err(StoreError::Misuse(_))), "{failed:?}");
    let page = own.world.page(run.id, 1, &[], None);
    let staged = store.stage_user_page(id, page).await;
    assert!(matches!(staged, Err(StoreError::Misuse(_))), "{staged:?}");
    let looked_up = store.stage_looked_up(id, run.id, &[]).await;
    assert!(
        matches!(looked_up, Err(StoreError::Misuse(_))),
        "{looked_up:?}"
    );
    let absent = store.list_absent(id, run.id, own.world.now(), 10).await;
    assert_eq!(absent.expect("asked"), vec![]);
    for line in [
        ChangeLine::remove_mapping(foreign.mapping.clone()),
        ChangeLine::add_mapping(own.world.mapping(own.connection, foreign.bob.id, "u7")),
    ] {
        let refused = own.world.try_apply(vec![line]).await;
        let stale = matches!(refused, Err(ApplyError::Stale { line: 0 }));
        assert!(stale, "{refused:?}");
    }
    let mut unit = store.begin(id).await.expect("begun");
    unit.refresh_situations(Some(connection), None, own.world.now())
        .await
        .expect("nothing to refresh");
    unit.clear_drafts(account).await.expect("none is no error");
    unit.commit().await.expect("committed");
    let standings = store.standings(theirs).await.expect("read");
    assert_eq!(standings.people_in(&[Situation::Mapped], None), 1);
}
