//! What waits for somebody, in three numbers that every page of the portal carries.

use counterpart_model::{ConnectionState, Situation};

use crate::{Actor, Result, Service};

/// What waits for somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attention {
    /// People with a cell that somebody should look at.
    pub people: u64,
    /// Connections that are broken, or held by a brake.
    pub connections: u64,
    /// Cases of the review queue.
    pub cases: u64,
}

impl Service {
    /// What waits for somebody in the actor's organization. Cheap enough for every page.
    pub async fn attention(&self, actor: &Actor) -> Result<Attention> {
        let needing: Vec<Situation> = Situation::ALL
            .into_iter()
            .filter(|situation| situation.needs_somebody())
            .collect();
        let cases = self.store().count_review(actor.organization()).await?;
        let standings = self.store().standings(actor.organization()).await?;
        let people = standings.people_in(&needing, None);
        let connections = self
            .store()
            .list_connections(actor.organization())
            .await?
            .iter()
            .filter(|connection| {
                matches!(
                    connection.health.state,
                    ConnectionState::Broken | ConnectionState::Held
                )
            })
            .count();
        Ok(Attention {
            people,
            connections: connections as u64,
            cases: cases.iter().map(|count| count.cells).sum(),
        })
    }
}
