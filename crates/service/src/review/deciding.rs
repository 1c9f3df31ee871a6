//! Deciding a case: one change set each, which can be undone.

use counterpart_model::drift::Repair;
use counterpart_model::{ChangeSet, ConnectionId, CrmUserId, DraftEdit, MappingId, PersonId};

use crate::drift::RepairRequest;
use crate::mapping::CellEdit;
use crate::{Actor, Result, Service};

/// What somebody says about a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The person is this CRM user.
    Accept {
        /// Which.
        crm_user_id: CrmUserId,
    },
    /// The person is not this CRM user.
    Reject {
        /// Which.
        crm_user_id: CrmUserId,
    },
    /// The mapping that drifted is put right.
    Repair {
        /// Which.
        mapping_id: MappingId,
        /// The version that was seen.
        version: u64,
        /// How.
        repair: Repair,
        /// From which day on, where the repair asks for one; today where nothing is said.
        from: Option<String>,
    },
}

impl Service {
    /// Decides a case. Where somebody else decided it meanwhile, nothing is changed.
    pub async fn decide_case(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        person: PersonId,
        choice: Choice,
    ) -> Result<ChangeSet> {
        let edit = match choice {
            Choice::Accept { crm_user_id } => {
                let proposal = self
                    .store()
                    .find_proposal(actor.organization(), connection, person)
                    .await?;
                let accepted = proposal.is_some_and(|it| it.crm_user_id == crm_user_id);
                DraftEdit::Map {
                    crm_user_id,
                    accepted,
                }
            }
            Choice::Reject { crm_user_id } => DraftEdit::Reject { crm_user_id },
            Choice::Repair {
                mapping_id,
                version,
                repair,
                from,
            } => {
                let request = RepairRequest {
                    version: Some(version),
                    from,
                    ..RepairRequest::new(mapping_id, repair)
                };
                return self.repair_drift(actor, &request).await;
            }
        };
        let edit = CellEdit {
            based_on: Some(None),
            ..CellEdit::new(connection, person, edit)
        };
        self.apply_edits(actor, &[edit], None).await
    }
}
