//! `POST /matching-settings/preview`, `POST /connections/{connection_id}/matching-settings/preview`

use counterpart_model::ConnectionId;
use counterpart_service::matching::{EffectLine as ServiceLine, Proposed as ServiceProposed};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::MatchingRules;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::{Body, Path};
use crate::paging::{Linked, Listed, PageOf, Paging, PagingParams};
use crate::path::ConnectionPath;
use crate::words::MatchingEffectKind;

/// What other settings would do.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MatchingEffect {
    /// How many proposals of each kind; kinds without any are left out.
    counts: Vec<MatchingEffectCount>,
    /// The proposals, by kind, connection and name.
    lines: PageOf<MatchingEffectLine>,
}

/// How many proposals something becomes of.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MatchingEffectCount {
    /// What becomes of them.
    kind: MatchingEffectKind,
    /// How many.
    proposals: u64,
}

/// What becomes of what is proposed for one person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MatchingEffectLine {
    /// What becomes of it.
    kind: MatchingEffectKind,
    /// In which connection.
    connection_id: Uuid,
    /// The connection's name.
    connection: String,
    /// For whom.
    person_id: Uuid,
    /// The person's name.
    person: String,
    /// What stands.
    before: Option<Proposed>,
    /// What would stand.
    after: Option<Proposed>,
}

/// What is proposed for somebody.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Proposed {
    /// The CRM's id.
    crm_user_id: String,
    /// The name in the CRM.
    display_name: String,
    /// How probable, 0 to 1.
    score: f64,
    /// Whether it may be accepted together with all other certain ones.
    certain: bool,
    /// Whether another CRM user fits about as well.
    ambiguous: bool,
}

impl From<ServiceProposed> for Proposed {
    fn from(proposed: ServiceProposed) -> Self {
        Self {
            crm_user_id: proposed.crm_user_id.0,
            display_name: proposed.name,
            score: proposed.score,
            certain: proposed.certain,
            ambiguous: proposed.ambiguous,
        }
    }
}

impl From<ServiceLine> for MatchingEffectLine {
    fn from(line: ServiceLine) -> Self {
        Self {
            kind: line.kind.into(),
            connection_id: line.connection_id.into(),
            connection: line.connection,
            person_id: line.person_id.into(),
            person: line.person,
            before: line.before.map(Proposed::from),
            after: line.after.map(Proposed::from),
        }
    }
}

/// What other settings of the organization would do to what is proposed now. Changes nothing.
#[utoipa::path(
    post,
    path = "/matching-settings/preview",
    tag = "Mapping",
    params(PagingParams),
    request_body = MatchingRules,
    responses((status = 200, description = "The effect", body = MatchingEffect))
)]
pub(super) async fn preview_matching_settings(
    caller: Caller,
    paging: Paging,
    Body(rules): Body<MatchingRules>,
) -> Result<Linked<MatchingEffect>> {
    preview(&caller, None, &paging, rules).await
}

/// What other settings of a connection would do to what is proposed there now. Changes nothing.
#[utoipa::path(
    post,
    path = "/connections/{connection_id}/matching-settings/preview",
    tag = "Mapping",
    params(PagingParams),
    request_body = MatchingRules,
    responses((status = 200, description = "The effect", body = MatchingEffect))
)]
pub(super) async fn preview_connection_matching_settings(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
    paging: Paging,
    Body(rules): Body<MatchingRules>,
) -> Result<Linked<MatchingEffect>> {
    preview(&caller, Some(path.connection_id), &paging, rules).await
}

async fn preview(
    caller: &Caller,
    connection: Option<ConnectionId>,
    paging: &Paging,
    rules: MatchingRules,
) -> Result<Linked<MatchingEffect>> {
    let effect = caller
        .service
        .preview_matching_settings(&caller.actor, connection, rules.into(), &paging.request)
        .await?;
    let counts = effect.counts.into_iter();
    let counts = counts.map(|(kind, proposals)| MatchingEffectCount {
        kind: kind.into(),
        proposals,
    });
    let counts = counts.collect();
    let lines: Listed<MatchingEffectLine> = paging.answer(effect.lines);
    Ok(lines.inside(|lines| MatchingEffect { counts, lines }))
}
