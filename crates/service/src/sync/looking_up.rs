//! Asking the CRM for those whom its list no longer brings, before anybody takes them for missing.

use counterpart_connector::{Capability, ErrorClass};
use counterpart_model::RunMode;
use counterpart_store::runs::Absence;

use super::finishing::cut_short;
use super::pulling::Pull;
use crate::connections::Opened;
use crate::{Result, Service};

/// How many users are asked for in one run. When more are missing, these speak for the others:
/// one of them that is there is enough for the list not to be believed.
const LOOK_UPS: u32 = 50;
/// After how many that are there nobody else is asked for: what they say of the list is clear.
const FOUND_IS_ENOUGH: usize = 5;

impl Service {
    /// Reads by their id whom a full run did not bring, where the CRM can be asked for one user,
    /// and stages those who are there.
    ///
    /// Fails as a page of the list would when the CRM cannot be asked now: what is not confirmed
    /// is left to the next run.
    pub(super) async fn look_up_absent(&self, pull: &mut Pull, opened: &Opened) -> Result<()> {
        let capabilities = opened.connector.capabilities();
        let report = pull.run.report;
        if pull.run.mode != RunMode::Full
            || !capabilities.has(Capability::GetUser)
            || report.failed > 0
            || cut_short(&pull.run, report).is_some()
        {
            return Ok(());
        }
        let policy = pull.connection.policy;
        let absence = Absence::after(self.now(), policy.grace_seconds());
        let absent = self
            .store()
            .list_absent(
                pull.organization,
                pull.run.id,
                absence.gone_before,
                LOOK_UPS,
            )
            .await?;
        let mut found = Vec::new();
        for id in &absent {
            if found.len() == FOUND_IS_ENOUGH {
                break;
            }
            let access = opened.access();
            let asked = opened.connector.get_user(&access, id);
            match self.awaited(pull.organization, pull.run.id, asked).await {
                Ok(user) => found.extend(user.map(|user| (user.id, user.profile))),
                Err(error) if *error.class() == ErrorClass::NotFound => {}
                Err(error) if error.is_passing() => return self.pull_failed(pull, error).await,
                Err(error) => {
                    // Not a word about the user: the brakes and the days of grace remain.
                    tracing::warn!(
                        connection = pull.connection.name,
                        code = %error.code(),
                        %error,
                        "who is missing cannot be asked for one by one"
                    );
                    break;
                }
            }
        }
        found.retain(|(id, _)| absent.contains(id));
        if !found.is_empty() {
            pull.run = self
                .store()
                .stage_looked_up(pull.organization, pull.run.id, &found)
                .await?;
        }
        Ok(())
    }
}
