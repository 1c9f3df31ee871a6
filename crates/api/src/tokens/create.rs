//! `POST /tokens`

use axum::Json;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Token;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Body;
use crate::version::Created;
use crate::words::Role;

/// A token that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewToken {
    /// What it is for, in 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it may do.
    role: Role,
}

/// A token with its secret. Shown here once and never again.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenWithSecret {
    #[serde(flatten)]
    token: Token,
    /// What to send in the `Authorization` header, behind `Bearer `.
    #[schema(example = "cpt_…")]
    secret: String,
}

/// Makes a token. Owners only.
#[utoipa::path(
    post,
    path = "/tokens",
    tag = "Access",
    request_body = NewToken,
    responses((status = 201, description = "The token, with its secret", body = TokenWithSecret))
)]
pub(super) async fn create_token(
    caller: Caller,
    Body(input): Body<NewToken>,
) -> Result<Created<Json<TokenWithSecret>>> {
    let made = caller
        .service
        .create_token(&caller.actor, &input.name, input.role.into())
        .await?;
    Ok(Created {
        location: caller.address(&format!("tokens/{}", made.token.id)),
        body: Json(TokenWithSecret {
            token: made.token.into(),
            secret: made.secret.expose_secret().to_owned(),
        }),
    })
}
