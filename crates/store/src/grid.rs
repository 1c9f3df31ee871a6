//! The mapping grid: people × connections.

use async_trait::async_trait;
use counterpart_model::{
    ConnectionId, CrmUserId, CrmUserKind, CrmUserState, DriftCause, MappingId, OrganizationId,
    Page, PageRequest, Person, PersonId, Situation,
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
    /// Show the cells of all connections, though only one is looked at.
    pub all_cells: bool,
    /// Only people of this department, folded.
    pub department: Option<String>,
    /// Only people with a mapping that drifts for this cause, the most specific one of it.
    pub cause: Option<DriftCause>,
    /// Only people whose CRM users disagree.
    pub inconsistent: bool,
    /// The order of the rows.
    pub order: GridOrder,
}

impl GridQuery {
    /// The connection whose cells alone are shown.
    pub fn shown_connection(&self) -> Option<ConnectionId> {
        self.connection_id.filter(|_| !self.all_cells)
    }
}

/// The order of the grid's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GridOrder {
    /// By name.
    #[default]
    Name,
    /// By department, then by name; those without one first.
    Department,
}

impl GridOrder {
    /// Every order.
    pub const ALL: [Self; 2] = [Self::Name, Self::Department];

    /// Its name in addresses and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Department => "department",
        }
    }
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
    /// The rows that fit, in the order that is wanted: by the person's sort key and id, or by the
    /// folded department before those.
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
