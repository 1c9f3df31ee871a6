//! The grid: people × connections, with the actor's draft laid over it.

use std::collections::HashMap;

use counterpart_model::{
    Connection, ConnectionId, Draft, Drift, DriftCause, Inconsistency, Page, PageRequest, PersonId,
    Situation, folding,
};
use counterpart_store::crm_users::CrmUserCount;
use counterpart_store::drift::DriftCount;
use counterpart_store::grid::{GridOrder, GridQuery, GridRow};
use counterpart_store::people::PeopleCount;

use super::has_crm_users;
use crate::{Actor, Result, Service};

/// How many departments are listed.
const DEPARTMENTS: u32 = 200;

/// Which rows of the grid are wanted.
#[derive(Debug, Clone, Default)]
pub struct GridRequest {
    /// Words to search for, as typed: name, e-mail address, extension, id.
    pub search: String,
    /// Only rows with a cell in one of these situations; any when empty.
    pub situations: Vec<Situation>,
    /// Look at this connection only.
    pub connection_id: Option<ConnectionId>,
    /// Show the other connections' cells all the same.
    pub all_cells: bool,
    /// Only people of this department, however it is spelled.
    pub department: Option<String>,
    /// Only people with a mapping that drifts for this cause.
    pub cause: Option<DriftCause>,
    /// Only people whose CRM users disagree.
    pub inconsistent: bool,
    /// The order of the rows.
    pub order: GridOrder,
}

/// A page of the grid.
#[derive(Debug, Clone)]
pub struct GridPage {
    /// The rows.
    pub rows: Page<GridRow>,
    /// The actor's edits about the people on the page.
    pub drafts: HashMap<(ConnectionId, PersonId), Draft>,
    /// Why mappings of the people on the page may be true no longer: the primary cause of each.
    pub drift: HashMap<(ConnectionId, PersonId), Drift>,
    /// What disagrees about the people on the page.
    pub inconsistencies: HashMap<PersonId, Vec<Inconsistency>>,
}

/// How many people are in which situation in one connection.
#[derive(Debug, Clone)]
pub struct ConnectionCounts {
    /// The connection.
    pub connection: Connection,
    /// People by situation, in the order of [`Situation::ALL`].
    pub people: [u64; Situation::ALL.len()],
    /// Its CRM users.
    pub crm_users: CrmUserCount,
}

impl ConnectionCounts {
    /// How many people are in a situation.
    pub fn in_situation(&self, situation: Situation) -> u64 {
        Situation::ALL
            .iter()
            .position(|known| *known == situation)
            .map_or(0, |at| self.people[at])
    }

    /// How many people are mapped of how many should be: of all but those who have no account by
    /// decision. A mapping that drifts does not count.
    pub fn coverage(&self) -> (u64, u64) {
        let should = self.total() - self.in_situation(Situation::Ignored);
        (self.in_situation(Situation::Mapped), should)
    }

    /// How many people are in any situation there.
    pub fn total(&self) -> u64 {
        self.people.iter().sum()
    }
}

/// The numbers above the grid, and on the overview.
#[derive(Debug, Clone)]
pub struct Overview {
    /// How many people there are.
    pub people: PeopleCount,
    /// The connections that have CRM users, by time of making.
    pub connections: Vec<ConnectionCounts>,
    /// How many people somebody should look at.
    pub needs_you: u64,
    /// How many people are in a situation in at least one connection; nobody where it is missing.
    pub people_in: HashMap<Situation, u64>,
    /// How many certain proposals wait to be accepted.
    pub certain: u64,
    /// How many mappings drift, by connection and cause.
    pub drift: Vec<DriftCount>,
}

impl Service {
    /// A page of the grid, by the person's name.
    pub async fn grid(
        &self,
        actor: &Actor,
        request: &GridRequest,
        page: &PageRequest,
    ) -> Result<GridPage> {
        let search = self
            .canonical_search_in(actor, request.connection_id, &request.search)
            .await?;
        let query = GridQuery {
            words: words(&search),
            situations: request.situations.clone(),
            connection_id: request.connection_id,
            all_cells: request.all_cells,
            department: request.department.as_deref().map(folding::fold),
            cause: request.cause,
            inconsistent: request.inconsistent,
            order: request.order,
        };
        let rows = self
            .store()
            .list_grid(actor.organization(), &query, page)
            .await?;
        let people: Vec<PersonId> = rows.items.iter().map(|row| row.person.id).collect();
        let drafts = match actor.account() {
            Some(account) => {
                self.store()
                    .drafts_about(actor.organization(), account, &people)
                    .await?
            }
            None => Vec::new(),
        };
        let drafts = drafts
            .into_iter()
            .map(|draft| ((draft.connection_id, draft.person_id), draft))
            .collect();
        let drift = self.drift_of_people(actor, &people).await?;
        Ok(GridPage {
            rows,
            drafts,
            drift,
            inconsistencies: self.inconsistencies_of(actor, &people).await?,
        })
    }

    /// The departments of the organization's people, by name; at most 200.
    pub async fn list_departments(&self, actor: &Actor) -> Result<Vec<String>> {
        Ok(self
            .store()
            .list_departments(actor.organization(), DEPARTMENTS)
            .await?)
    }

    /// The numbers of the grid, in one connection (for what needs somebody) or all.
    pub async fn overview(&self, actor: &Actor, focus: Option<ConnectionId>) -> Result<Overview> {
        let organization = actor.organization();
        let standings = self.store().standings(organization).await?;
        let mut connections = Vec::new();
        for connection in self.store().list_connections(organization).await? {
            if !has_crm_users(&connection) {
                continue;
            }
            let mut people = [0; Situation::ALL.len()];
            for count in standings
                .cells
                .iter()
                .filter(|count| count.connection_id == connection.id)
            {
                if let Some(at) = Situation::ALL
                    .iter()
                    .position(|known| *known == count.situation)
                {
                    people[at] = count.people;
                }
            }
            let crm_users = self
                .store()
                .count_crm_users(organization, connection.id)
                .await?;
            connections.push(ConnectionCounts {
                connection,
                people,
                crm_users,
            });
        }
        let needing: Vec<Situation> = Situation::ALL
            .into_iter()
            .filter(|situation| situation.needs_somebody())
            .collect();
        let people_in = Situation::ALL
            .into_iter()
            .map(|situation| (situation, standings.people_in(&[situation], focus)))
            .filter(|(_, people)| *people > 0)
            .collect();
        let drift = self.store().count_drift(organization).await?;
        let people = self.store().count_people(organization).await?;
        Ok(Overview {
            people,
            connections,
            needs_you: standings.people_in(&needing, focus),
            people_in,
            certain: standings.certain(focus),
            drift,
        })
    }
}

/// The folded words of a search.
pub(crate) fn words(search: &str) -> Vec<String> {
    folding::fold(search)
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}
