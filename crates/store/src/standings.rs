//! How people stand, in sums that are kept with the situations.

use counterpart_model::{ConnectionId, Situation, SituationSet};
use serde::{Deserialize, Serialize};

/// How many people are in a situation in a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SituationCount {
    /// In which connection.
    pub connection_id: ConnectionId,
    /// In which situation.
    pub situation: Situation,
    /// How many.
    pub people: u64,
    /// How many of them are proposed for certain.
    pub certain: u64,
}

/// How the people of an organization stand, in each connection and over all of them. Read without
/// counting anybody: sums are kept in the transactions that change situations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standings {
    /// By connection, in the order of their making, and situation; those without anybody are left
    /// out.
    pub cells: Vec<SituationCount>,
    /// How many people are in exactly these situations over all connections; sets that are
    /// nobody's are left out.
    pub people: Vec<(SituationSet, u64)>,
}

impl Standings {
    /// How many people are in one of `situations` at least, in one connection or any.
    pub fn people_in(&self, situations: &[Situation], connection: Option<ConnectionId>) -> u64 {
        let Some(connection) = connection else {
            let wanted = SituationSet::of(situations);
            let those = self.people.iter().filter(|(set, _)| set.meets(wanted));
            return those.map(|(_, people)| people).sum();
        };
        // In one connection a person is in one situation.
        self.cells
            .iter()
            .filter(|cell| cell.connection_id == connection)
            .filter(|cell| situations.contains(&cell.situation))
            .map(|cell| cell.people)
            .sum()
    }

    /// How many proposals are certain and wait to be accepted, in one connection or all: those
    /// that [`crate::mappings::ProposalQuery::certain_only`] lists.
    pub fn certain(&self, connection: Option<ConnectionId>) -> u64 {
        self.cells
            .iter()
            .filter(|cell| connection.is_none_or(|id| id == cell.connection_id))
            .map(|cell| cell.certain)
            .sum()
    }
}
