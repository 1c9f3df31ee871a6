//! What can be done with a connection: check, sync, pause, resume.

use counterpart_model::{ConnectionId, OrganizationId};
use counterpart_service::sync::SyncMode;

use super::show::{Checked, checked};
use crate::problem::Answer;
use crate::request::At;
use crate::session::Portal;

type ConnectionAt = At<(OrganizationId, ConnectionId)>;

/// `POST /o/{organization}/connections/{connection}/check`: shows what every probe showed.
pub(super) async fn check(portal: Portal, At((_, id)): ConnectionAt) -> Answer {
    let service = &portal.service;
    let outcome = match service.check_connection(&portal.actor, id).await {
        Ok(report) => Ok(Checked {
            report,
            // That it cannot be said now takes nothing from what the check showed.
            allowance: service
                .connection_allowance(&portal.actor, id)
                .await
                .unwrap_or_default(),
        }),
        Err(error) => Err(error),
    };
    checked(&portal, id, outcome).await
}

/// `POST /o/{organization}/connections/{connection}/sync`: asks for every user.
pub(super) async fn sync(portal: Portal, At((_, id)): ConnectionAt) -> Answer {
    let run = portal
        .service
        .start_sync(&portal.actor, id, SyncMode::Full)
        .await?;
    portal.go(&portal.path(&format!("/connections/{id}/runs/{}", run.id)))
}

/// `POST /o/{organization}/connections/{connection}/pause`
pub(super) async fn pause(portal: Portal, At((_, id)): ConnectionAt) -> Answer {
    portal.service.pause_connection(&portal.actor, id).await?;
    portal.go(&portal.path(&format!("/connections/{id}")))
}

/// `POST /o/{organization}/connections/{connection}/resume`
pub(super) async fn resume(portal: Portal, At((_, id)): ConnectionAt) -> Answer {
    portal.service.resume_connection(&portal.actor, id).await?;
    portal.go(&portal.path(&format!("/connections/{id}")))
}
