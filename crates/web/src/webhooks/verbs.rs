//! What can be done with a webhook.

use axum::http::StatusCode;
use counterpart_model::webhook::AttemptOutcome;
use counterpart_model::{OrganizationId, Role, WebhookId};
use counterpart_service::webhooks::WebhookChange;
use serde::Deserialize;

use super::Input;
use super::show::{Query, Said, page};
use crate::form::FormProblems;
use crate::problem::{Answer, status};
use crate::request::{At, Sent};
use crate::session::Portal;

type Path = At<(OrganizationId, WebhookId)>;

async fn said(portal: &Portal, id: WebhookId, done: String) -> Answer {
    let said = Said {
        done: Some(done),
        ..Said::default()
    };
    page(portal, StatusCode::OK, id, &Query::default(), said).await
}

/// `POST /o/{organization}/settings/webhooks/{webhook}/test`
pub(super) async fn test(portal: Portal, At((_, id)): Path) -> Answer {
    let attempt = portal.service.test_webhook(&portal.actor, id).await?;
    let done = match (attempt.outcome, attempt.status) {
        (AttemptOutcome::Delivered, _) => "The test event arrived.".to_owned(),
        (_, Some(status)) => format!("The receiver answered the test event with {status}."),
        (_, None) => format!("The test event did not arrive: {}.", attempt.answer),
    };
    said(&portal, id, done).await
}

/// `POST /o/{organization}/settings/webhooks/{webhook}/pause`
pub(super) async fn pause(portal: Portal, At((_, id)): Path) -> Answer {
    switch(&portal, id, false).await
}

/// `POST /o/{organization}/settings/webhooks/{webhook}/resume`
pub(super) async fn resume(portal: Portal, At((_, id)): Path) -> Answer {
    switch(&portal, id, true).await
}

async fn switch(portal: &Portal, id: WebhookId, active: bool) -> Answer {
    let change = WebhookChange {
        active: Some(active),
        ..WebhookChange::default()
    };
    portal
        .service
        .change_webhook(&portal.actor, id, change)
        .await?;
    portal.go(&portal.path(&format!("/settings/webhooks/{id}")))
}

/// `POST /o/{organization}/settings/webhooks/{webhook}`
pub(super) async fn change(portal: Portal, At((_, id)): Path, Sent(input): Sent<Input>) -> Answer {
    let change = WebhookChange {
        name: Some(input.name.clone()),
        url: Some(input.url.clone()),
        kinds: Some(input.kinds()),
        active: None,
        version: input.version,
    };
    match portal
        .service
        .change_webhook(&portal.actor, id, change)
        .await
    {
        Ok(_) => said(&portal, id, "Changed.".to_owned()).await,
        Err(error) => match FormProblems::of(&error) {
            Some(form) => {
                let said = Said {
                    change: Some((input, form)),
                    ..Said::default()
                };
                page(&portal, status(&error), id, &Query::default(), said).await
            }
            None => Err(error.into()),
        },
    }
}

#[derive(Deserialize)]
pub(super) struct Replay {
    #[serde(default)]
    from: String,
}

/// `POST /o/{organization}/settings/webhooks/{webhook}/replay`
pub(super) async fn replay(portal: Portal, At((_, id)): Path, Sent(input): Sent<Replay>) -> Answer {
    portal.actor.require(Role::Admin)?;
    // What is no number is no event either: 0 is refused in the same words.
    let from: u64 = input.from.trim().parse().unwrap_or(0);
    match portal.service.replay_webhook(&portal.actor, id, from).await {
        Ok(_) => {
            let done = format!("Events are sent again from {from} on, under their old ids.");
            said(&portal, id, done).await
        }
        Err(error) => match FormProblems::of(&error) {
            Some(replay) => {
                let said = Said {
                    replay,
                    ..Said::default()
                };
                page(&portal, status(&error), id, &Query::default(), said).await
            }
            None => Err(error.into()),
        },
    }
}

/// `POST /o/{organization}/settings/webhooks/{webhook}/secret`
pub(super) async fn rotate(portal: Portal, At((_, id)): Path) -> Answer {
    let made = portal
        .service
        .rotate_webhook_secret(&portal.actor, id)
        .await?;
    let said = Said {
        secret: Some(made.secret),
        ..Said::default()
    };
    page(&portal, StatusCode::OK, id, &Query::default(), said).await
}

/// `POST /o/{organization}/settings/webhooks/{webhook}/remove`
pub(super) async fn remove(portal: Portal, At((_, id)): Path) -> Answer {
    portal.service.remove_webhook(&portal.actor, id).await?;
    portal.go(&portal.path("/settings/webhooks"))
}
