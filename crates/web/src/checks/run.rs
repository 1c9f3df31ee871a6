//! Running a system check of a connection, or of a person's account there.

use counterpart_model::{ConnectionId, OrganizationId, PersonId};
use counterpart_service::checks::PersonCheck;
use serde::Deserialize;

use super::show::page;
use crate::problem::Answer;
use crate::request::{At, Sent};
use crate::session::Portal;

/// `POST /o/{organization}/connections/{connection}/system-check`: checks everything, and begins a
/// sync when the check allows it.
pub(super) async fn connection(
    portal: Portal,
    At((_, id)): At<(OrganizationId, ConnectionId)>,
) -> Answer {
    let checked = portal.service.check_and_update(&portal.actor, id).await?;
    if portal.fragment {
        return page(&portal, checked.check, checked.run.as_ref()).await;
    }
    let path = format!("/connections/{id}/checks/{}", checked.check.id);
    portal.go(&portal.path(&path))
}

/// Which account is tested.
#[derive(Deserialize)]
pub(super) struct SelfTest {
    connection: ConnectionId,
    /// Anything: also write a record.
    #[serde(default)]
    canary: String,
}

/// `POST /o/{organization}/people/{person}/self-test`: checks a person's account in a connection.
pub(super) async fn person(
    portal: Portal,
    At((_, id)): At<(OrganizationId, PersonId)>,
    Sent(test): Sent<SelfTest>,
) -> Answer {
    let wanted = PersonCheck {
        connection_id: test.connection,
        person_id: id,
        canary: !test.canary.is_empty(),
    };
    let check = portal.service.check_person(&portal.actor, wanted).await?;
    if portal.fragment {
        return page(&portal, check, None).await;
    }
    let path = format!("/connections/{}/checks/{}", test.connection, check.id);
    portal.go(&portal.path(&path))
}
