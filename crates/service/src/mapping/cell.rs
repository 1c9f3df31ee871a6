//! One cell of the grid, for whoever has just changed it.

use counterpart_model::{ConnectionId, Draft, Drift, Person, PersonId};
use counterpart_store::grid::GridCell;

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
        let cells = self.store().cells_of(actor.organization(), person).await?;
        let cell = cells
            .into_iter()
            .find(|cell| cell.connection_id == connection);
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
