//! `GET /tokens`

use axum::Json;

use super::Token;
use crate::caller::Caller;
use crate::failure::Result;
use crate::paging::PageOf;

/// The organization's tokens, newest first, revoked ones included. Owners only. All on one page.
#[utoipa::path(
    get,
    path = "/tokens",
    tag = "Access",
    responses((status = 200, description = "The tokens", body = PageOf<Token>))
)]
pub(super) async fn list_tokens(caller: Caller) -> Result<Json<PageOf<Token>>> {
    let tokens = caller.service.list_tokens(&caller.actor).await?;
    Ok(Json(PageOf::all(tokens.into_iter().map(Token::from))))
}
