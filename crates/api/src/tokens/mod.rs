//! Tokens for this API.

mod create;
mod list;
mod revoke;

use counterpart_model::ApiToken;
use counterpart_service::Service;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::time::Moment;
use crate::words::Role;

/// The routes below an organization.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(list::list_tokens, create::create_token))
        .routes(routes!(revoke::revoke_token))
}

/// A token, without its secret: only a hash of that is kept.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Token {
    /// Its id.
    id: Uuid,
    /// What it is for, in its maker's words.
    name: String,
    /// What it may do.
    role: Role,
    /// When it was made.
    created_at: Moment,
    /// When it was revoked, if it was.
    revoked_at: Option<Moment>,
}

impl From<ApiToken> for Token {
    fn from(token: ApiToken) -> Self {
        Self {
            id: token.id.into(),
            name: token.name,
            role: token.role.into(),
            created_at: token.created_at.into(),
            revoked_at: token.revoked_at.map(Moment::from),
        }
    }
}
