//! Approving, rejecting and withdrawing a change that waits.

use axum::http::StatusCode;
use counterpart_model::{Code, OrganizationId};
use counterpart_service::Error;
use counterpart_service::mapping::EditScope;
use serde::Deserialize;

use super::show::{Query, page};
use crate::form::FormProblems;
use crate::problem::{Answer, status};
use crate::request::{At, Sent, address};
use crate::session::Portal;

#[derive(Debug, Default, Deserialize)]
pub(in crate::changes) struct Input {
    /// `rest` to leave what something is in the way of.
    #[serde(default)]
    scope: String,
    #[serde(default)]
    reason: String,
}

/// `POST /o/{organization}/changes/waiting/{number}/approve`
pub(in crate::changes) async fn approve(
    portal: Portal,
    At((_, number)): At<(OrganizationId, u64)>,
    Sent(input): Sent<Input>,
) -> Answer {
    let scope = if input.scope == "rest" {
        EditScope::Clear
    } else {
        EditScope::Everything
    };
    let approved = portal
        .service
        .approve_pending(&portal.actor, number, scope, Some(input.reason))
        .await;
    match approved {
        Ok(approved) => {
            let path = portal.path(&format!("/changes/{}", approved.change_set.number));
            let skipped = approved.skipped.to_string();
            portal.go(&address(&path, &[("approved", &skipped)]))
        }
        Err(error) => refused(&portal, number, error).await,
    }
}

/// `POST /o/{organization}/changes/waiting/{number}/reject`
pub(in crate::changes) async fn reject(
    portal: Portal,
    At((_, number)): At<(OrganizationId, u64)>,
    Sent(input): Sent<Input>,
) -> Answer {
    let rejected = portal
        .service
        .reject_pending(&portal.actor, number, input.reason)
        .await;
    match rejected {
        Ok(_) => portal.go(&portal.path(&format!("/changes/waiting/{number}"))),
        Err(error) => refused(&portal, number, error).await,
    }
}

/// `POST /o/{organization}/changes/waiting/{number}/withdraw`
pub(in crate::changes) async fn withdraw(
    portal: Portal,
    At((_, number)): At<(OrganizationId, u64)>,
    Sent(input): Sent<Input>,
) -> Answer {
    let withdrawn = portal
        .service
        .withdraw_pending(&portal.actor, number, Some(input.reason))
        .await;
    match withdrawn {
        Ok(_) => portal.go(&portal.path(&format!("/changes/waiting/{number}"))),
        Err(error) => refused(&portal, number, error).await,
    }
}

/// The page again: it shows what became of the change meanwhile, or what is in its way.
async fn refused(portal: &Portal, number: u64, error: Error) -> Answer {
    let on_page = matches!(
        error.code(),
        Code::PendingConflict | Code::PendingDecided | Code::PendingOwn | Code::ChangeSetEmpty
    );
    let form = FormProblems::of(&error).filter(|_| error.code() != Code::PendingConflict);
    match form {
        Some(form) => page(portal, status(&error), number, &Query::default(), form).await,
        None if on_page => {
            let none = FormProblems::default();
            page(
                portal,
                StatusCode::CONFLICT,
                number,
                &Query::default(),
                none,
            )
            .await
        }
        None => Err(error.into()),
    }
}
