//! `GET /resolve`

use axum::Json;

use super::{ResolveAnswer, ResolveQuestion};
use crate::caller::Caller;
use crate::failure::{Failure, Result};
use crate::input::Query;

/// Who is whom at an instant: which CRM users a person is, or which people a CRM user is.
///
/// What is not known is an answer too (`outcome`), with status 200.
#[utoipa::path(
    get,
    path = "/resolve",
    tag = "Mapping",
    params(ResolveQuestion),
    responses((status = 200, description = "The answer", body = ResolveAnswer))
)]
pub(super) async fn resolve(
    caller: Caller,
    Query(question): Query<ResolveQuestion>,
) -> Result<Json<ResolveAnswer>> {
    let question = question
        .read()
        .map_err(|(field, message)| Failure::field(field, message))?;
    let answers = caller.service.resolve(&caller.actor, &[question]).await?;
    answers
        .into_iter()
        .next()
        .map(|answer| Json(answer.into()))
        .ok_or_else(|| Failure::internal("a question was not answered"))
}
