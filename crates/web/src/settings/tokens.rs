//! Tokens for the API: made once, shown once, revoked at will.

use axum::http::StatusCode;
use counterpart_model::{OrganizationId, Role, TokenId};
use serde::Deserialize;

use super::page::{Said, page, refused};
use crate::problem::Answer;
use crate::request::{At, Sent};
use crate::session::Portal;

#[derive(Deserialize)]
pub(super) struct Input {
    name: String,
    role: Role,
}

/// `POST /o/{organization}/settings/tokens`
pub(super) async fn create(portal: Portal, Sent(input): Sent<Input>) -> Answer {
    match portal
        .service
        .create_token(&portal.actor, &input.name, input.role)
        .await
    {
        Ok(new) => {
            let said = Said {
                secret: Some(new.secret),
                ..Said::default()
            };
            page(&portal, StatusCode::OK, said).await
        }
        Err(error) => {
            refused(&portal, error, |token| Said {
                token,
                token_name: input.name,
                ..Said::default()
            })
            .await
        }
    }
}

/// `POST /o/{organization}/settings/tokens/{token}/revoke`
pub(super) async fn revoke(
    portal: Portal,
    At((_, token)): At<(OrganizationId, TokenId)>,
) -> Answer {
    portal.service.revoke_token(&portal.actor, token).await?;
    portal.go(&portal.path("/settings"))
}
