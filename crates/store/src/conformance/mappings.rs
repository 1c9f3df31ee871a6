//! Mappings, for reading.

use counterpart_model::{ChangeLine, ConnectionId, CrmUserId, Mapping, Period, Timestamp};

use super::fixture::{World, all};
use crate::Store;
use crate::mappings::MappingQuery;

/// Mappings are listed by id, narrowed by every condition together.
pub async fn mappings_are_listed_by_id(store: &dyn Store) {
    let world = World::found(store, "mappings_are_listed_by_id").await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    let people = world.add_people(&["Ann", "Bob"]).await;
    let noon = world.now();
    let mut wanted = Vec::new();
    for (connection, person, user, period) in [
        (one, 0, "u1", Period::new(Timestamp::ALWAYS, noon)),
        (one, 0, "u2", Period::new(noon, Timestamp::FOREVER)),
        (one, 1, "u1", Period::new(noon, Timestamp::FOREVER)),
        (two, 0, "u1", Ok(Period::ALL)),
    ] {
        let mut mapping = world.mapping(connection, people[person].id, user);
        mapping.period = period.expect("ordered");
        wanted.push(mapping);
    }
    world
        .apply(
            wanted
                .iter()
                .cloned()
                .map(ChangeLine::add_mapping)
                .collect(),
        )
        .await;
    for mapping in &mut wanted {
        mapping.version = 1;
    }
    let matching = |fits: &dyn Fn(&Mapping) -> bool| {
        let mut fitting: Vec<_> = wanted.iter().filter(|m| fits(m)).cloned().collect();
        fitting.sort_by_key(|mapping| mapping.id);
        fitting
    };
    let user = CrmUserId("u1".into());
    let any = MappingQuery::default();
    assert_eq!(list(&world, &any).await, matching(&|_| true));
    let query = MappingQuery {
        connection_id: Some(one),
        ..any.clone()
    };
    assert_eq!(
        list(&world, &query).await,
        matching(&|m| m.connection_id == one)
    );
    let query = MappingQuery {
        person_id: Some(people[0].id),
        at: Some(noon),
        ..any.clone()
    };
    let expected = matching(&|m| m.person_id == people[0].id && m.period.contains(noon));
    assert_eq!(expected.len(), 2);
    assert_eq!(list(&world, &query).await, expected);
    let query = MappingQuery {
        connection_id: Some(one),
        crm_user_id: Some(user.clone()),
        at: Some(noon.plus_seconds(-1)),
        ..any
    };
    assert_eq!(
        list(&world, &query).await,
        matching(&|m| m.id == wanted[0].id)
    );
    let nowhere = MappingQuery {
        connection_id: Some(ConnectionId::generate(world.seed(), world.seed())),
        ..MappingQuery::default()
    };
    assert_eq!(list(&world, &nowhere).await, vec![]);
}

async fn list(world: &World<'_>, query: &MappingQuery) -> Vec<Mapping> {
    all(async |page| world.store.list_mappings(world.id(), query, &page).await).await
}
