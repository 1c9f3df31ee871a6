//! Matching settings of a change set.

use counterpart_model::{ConnectionId, MatchingSettings, OrganizationId, Subject};
use counterpart_store::Result;
use tokio_postgres::Client;
use uuid::Uuid;

use super::change_set::{Change, afters, ids_before};
use crate::mappings::matching_settings_of;
use crate::params::params;
use crate::sql::{self, to_json};

/// The ids of settings as the table has them.
fn keys(of: &[Option<ConnectionId>]) -> Vec<Uuid> {
    let subjects = of.iter().copied().map(Subject::MatchingSettings);
    subjects.map(Subject::id).collect()
}

pub(super) async fn find(
    client: &Client,
    organization: OrganizationId,
    of: &[Option<ConnectionId>],
) -> Result<Vec<MatchingSettings>> {
    if of.is_empty() {
        return Ok(Vec::new());
    }
    sql::query(
        client,
        "SELECT * FROM matching_settings
         WHERE organization_id = $1 AND matching_settings_id = ANY($2)",
        &params![organization, keys(of)],
    )
    .await?
    .iter()
    .map(matching_settings_of)
    .collect()
}

pub(super) async fn take(
    client: &Client,
    organization: OrganizationId,
    changes: &[Change<MatchingSettings>],
) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    sql::execute(
        client,
        "DELETE FROM matching_settings
         WHERE organization_id = $1 AND matching_settings_id = ANY($2)",
        &params![organization, keys(&ids_before(changes))],
    )
    .await?;
    Ok(())
}

pub(super) async fn put(
    client: &Client,
    organization: OrganizationId,
    changes: &[Change<MatchingSettings>],
) -> Result<()> {
    for settings in afters(changes) {
        sql::execute(
            client,
            "INSERT INTO matching_settings
                (organization_id, matching_settings_id, connection_id, rules, version)
             VALUES ($1, $2, $3, $4, $5)",
            &params![
                organization,
                Subject::MatchingSettings(settings.connection_id).id(),
                settings.connection_id,
                to_json(&settings.rules)?,
                settings.version,
            ],
        )
        .await?;
    }
    Ok(())
}
