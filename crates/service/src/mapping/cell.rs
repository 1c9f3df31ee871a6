//! One cell of the grid, for whoever has just changed it.

use counterpart_model::{ConnectionId, Draft, Drift, PageRequest, Person, PersonId};
use counterpart_store::grid::{GridCell, GridQuery};

use super::grid::words;
use crate::{Actor, Result, Service};

/// A person in a connection, with the actor's edit of it.
#[derive(Debug, Clone)]
pub struct CellView {
    /// Who.
    pub person: Person,
    /// How the person stands there; `None` where people have no situation.
    pub cell: Option<GridCell>,
    /// What the actor's draft wants there.
    pub draft: Option<Draft>,
    /// Why the mapping may be true no longer: the primary cause.
    pub drift: Option<Drift>,
}

impl Service {
    /// One cell of the grid with the actor's draft laid over it.
    pub async fn cell(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        person: PersonId,
    ) -> Result<CellView> {
        let found = self.person(actor, person).await?;
        self.connection(actor, connection).await?;
        let query = GridQuery {
            words: words(&found.profile.display_name),
            connection_id: Some(connection),
            ..GridQuery::default()
        };
        let mut request = PageRequest::first(200);
        let cell = loop {
            let page = self
                .store()
                .list_grid(actor.organization(), &query, &request)
                .await?;
            let row = page.items.into_iter().find(|row| row.person.id == person);
            match (row, page.next) {
                (Some(row), _) => {
                    break row
                        .cells
                        .into_iter()
                        .find(|cell| cell.connection_id == connection);
                }
                (None, Some(next)) => request = PageRequest::new(Some(next), 200),
                (None, None) => break None,
            }
        };
        let drafts = match actor.account() {
            Some(account) => {
                self.store()
                    .drafts_about(actor.organization(), account, &[person])
                    .await?
            }
            None => Vec::new(),
        };
        let draft = drafts
            .into_iter()
            .find(|draft| draft.connection_id == connection);
        let mut drifted = self.drift_of_people(actor, &[person]).await?;
        Ok(CellView {
            drift: drifted.remove(&(connection, person)),
            person: found,
            cell,
            draft,
        })
    }
}
