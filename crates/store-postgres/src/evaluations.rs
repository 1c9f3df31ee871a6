//! When the matcher last looked at whom, for reading. Written in a unit of work.

use async_trait::async_trait;
use counterpart_model::OrganizationId;
use counterpart_store::evaluations::Evaluation;
use counterpart_store::{Evaluations, Result};

use crate::PostgresStore;
use crate::params::params;
use crate::sql::{self, ReadRow as _};

#[async_trait]
impl Evaluations for PostgresStore {
    async fn list_evaluations(&self, organization: OrganizationId) -> Result<Vec<Evaluation>> {
        sql::query(
            &*self.client().await?,
            "SELECT * FROM evaluation WHERE organization_id = $1 ORDER BY connection_id",
            &params![organization],
        )
        .await?
        .iter()
        .map(|row| {
            Ok(Evaluation {
                connection_id: row.read("connection_id")?,
                evaluated_at: row.read("evaluated_at")?,
                stale_since: row.read("stale_since")?,
                open_changes: row.read("open_changes")?,
            })
        })
        .collect()
    }
}
