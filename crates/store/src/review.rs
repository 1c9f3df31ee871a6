//! The review queue: the cells in which somebody has to decide.

use async_trait::async_trait;
use counterpart_model::{ConnectionId, OrganizationId, Page, PageRequest, PersonId, Situation};

use crate::Result;

/// In which order cases come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ReviewOrder {
    /// What was certain once and drifted, then the most probable proposal.
    #[default]
    Certain,
    /// The least probable proposal first, what drifted last.
    Doubtful,
}

/// Which cases are wanted. Conditions are joined by *and*.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReviewQuery {
    /// In which connection.
    pub connection_id: Option<ConnectionId>,
    /// Of which kind: *drifted*, *ambiguous* or *proposed*; all of them where nothing is said.
    pub situation: Option<Situation>,
    /// In which order.
    pub order: ReviewOrder,
}

/// A cell in which somebody has to decide: it drifted, is ambiguous, or what is proposed for it
/// is not certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewCell {
    /// In which connection.
    pub connection_id: ConnectionId,
    /// For whom.
    pub person_id: PersonId,
    /// Why it is here.
    pub situation: Situation,
}

/// How many cells wait in a connection for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewCount {
    /// In which connection.
    pub connection_id: ConnectionId,
    /// Why.
    pub situation: Situation,
    /// How many.
    pub cells: u64,
}

/// The review queue, for reading.
#[async_trait]
pub trait Reviews {
    /// The cells that fit. Of equal rank, by connection and person.
    async fn list_review(
        &self,
        organization: OrganizationId,
        query: &ReviewQuery,
        page: &PageRequest,
    ) -> Result<Page<ReviewCell>>;

    /// How many cells wait, by connection and the name of the situation.
    async fn count_review(&self, organization: OrganizationId) -> Result<Vec<ReviewCount>>;
}
