//! `DELETE /tokens/{token_id}`

use axum::http::StatusCode;

use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Path;
use crate::path::TokenPath;

/// Makes a token useless from now on. Owners only.
#[utoipa::path(
    delete,
    path = "/tokens/{token_id}",
    tag = "Access",
    responses((status = 204, description = "It is useless now"))
)]
pub(super) async fn revoke_token(
    caller: Caller,
    Path(path): Path<TokenPath>,
) -> Result<StatusCode> {
    caller
        .service
        .revoke_token(&caller.actor, path.token_id)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
