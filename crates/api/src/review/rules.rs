//! `GET /review/suggested-rules`

use axum::Json;
use counterpart_service::review::{Advice, Lesson};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::caller::Caller;
use crate::failure::Result;
use crate::matching::Pair;
use crate::paging::PageOf;

/// A rule that lately made decisions suggest: pairs that it would have brought together were
/// accepted, and none was rejected.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SuggestedRule {
    /// In which connection it would hold.
    connection_id: Uuid,
    /// Where it would go: `equivalent_domains` or `aliases`.
    rule: &'static str,
    /// The two values that would count as one.
    pair: Pair,
    /// How many accepted pairs suggest it.
    accepted: u64,
}

impl From<Advice> for SuggestedRule {
    fn from(advice: Advice) -> Self {
        let (rule, pair) = match advice.lesson {
            Lesson::EquivalentDomains(pair) => ("equivalent_domains", pair),
            Lesson::Alias(pair) => ("aliases", pair),
        };
        Self {
            connection_id: advice.connection_id.into(),
            rule,
            pair: pair.into(),
            accepted: advice.accepted,
        }
    }
}

/// The rules that lately made decisions suggest. None holds before it is saved in the
/// connection's matching settings.
#[utoipa::path(
    get,
    path = "/review/suggested-rules",
    tag = "Mapping",
    responses((status = 200, description = "The rules", body = PageOf<SuggestedRule>))
)]
pub(super) async fn list_suggested_rules(caller: Caller) -> Result<Json<PageOf<SuggestedRule>>> {
    let found = caller.service.suggested_rules(&caller.actor).await?;
    Ok(Json(PageOf::all(found.into_iter().map(Into::into))))
}
