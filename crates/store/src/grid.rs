//! The mapping grid: people × connections.

use async_trait::async_trait;
use counterpart_model::{
    ConnectionId, CrmUserId, CrmUserKind, CrmUserState, MappingId, OrganizationId, Page,
    PageRequest, Person, PersonId, Situation,
};
use serde::{Deserialize, Serialize};

use crate::Result;
use crate::standings::Standings;

/// Which rows of the grid are wanted. Only people who work here now are in it, and those who
/// do not but are still mapped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GridQuery {
    /// Words that must all occur, as parts, in the person's search text or in the search text of
    /// a CRM user that one of its cells shows. Already folded. One or two characters are not
    /// looked for in the numbers and ids of CRM users, where they would nearly always be found.
    pub words: Vec<String>,
    /// Only rows with a cell in one of these situations; any when empty.
    pub situations: Vec<Situation>,
    /// Look at this connection's cells only.
    pub connection_id: Option<ConnectionId>,
}

/// One person in one connection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GridCell {
    /// In which connection.
    pub connection_id: ConnectionId,
    /// How it stands there.
    pub situation: Situation,
    /// The mapping that holds now, with its version.
    pub mapping: Option<(MappingId, u64)>,
    /// The CRM user it is mapped to, or the one proposed.
    pub crm_user: Option<CellUser>,
    /// How probable the proposal is, 0 to 1.
    pub score: Option<f64>,
    /// Whether the proposal is certain.
    pub certain: bool,
    /// How many CRM users fit about as well, where that is why nothing is proposed.
    pub candidates: u64,
}

/// A CRM user as a cell shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellUser {
    /// Who.
    pub id: CrmUserId,
    /// The name as the CRM shows it.
    pub display_name: String,
    /// Whether the account can be worked with.
    pub state: CrmUserState,
    /// Whether it is a human's.
    pub kind: CrmUserKind,
    /// Whether it counts as gone.
    pub gone: bool,
    /// Whether full runs no longer find it, though it does not count as gone yet.
    pub missing: bool,
}

/// One row of the grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GridRow {
    /// Who.
    pub person: Person,
    /// The person in each connection that has CRM users, by the connection's time of making.
    pub cells: Vec<GridCell>,
}

/// The grid.
#[async_trait]
pub trait Grid {
    /// The rows that fit, by the person's sort key and id.
    async fn list_grid(
        &self,
        organization: OrganizationId,
        query: &GridQuery,
        page: &PageRequest,
    ) -> Result<Page<GridRow>>;

    /// How one person stands in each connection, in the order of [`GridRow::cells`].
    async fn cells_of(
        &self,
        organization: OrganizationId,
        person: PersonId,
    ) -> Result<Vec<GridCell>>;

    /// How people stand, in sums that are there already: one read, however many people there are.
    async fn standings(&self, organization: OrganizationId) -> Result<Standings>;
}
