//! Looking at what the matcher suggests.

use counterpart_model::{Page, PageRequest, Proposal};
use counterpart_store::mappings::ProposalQuery;

use crate::{Actor, Result, Service};

impl Service {
    /// What the matcher suggests now, by connection and person.
    pub async fn list_proposals(
        &self,
        actor: &Actor,
        query: &ProposalQuery,
        page: &PageRequest,
    ) -> Result<Page<Proposal>> {
        Ok(self
            .store()
            .list_proposals(actor.organization(), query, page)
            .await?)
    }
}
