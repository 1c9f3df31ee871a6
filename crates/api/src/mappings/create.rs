//! `POST /mappings`

use axum::response::{IntoResponse as _, Response};
use counterpart_model::{Code, CrmUserId, PageRequest, Period, paging::LARGEST_PAGE};
use counterpart_service::mapping::MappingView;
use counterpart_store::mappings::MappingQuery;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Mapping;
use crate::caller::Caller;
use crate::failure::{Failure, Result};
use crate::input::Body;
use crate::time::{Boundary, period};
use crate::version::{Created, Versioned};

/// A mapping that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewMapping {
    /// In which connection.
    connection_id: Uuid,
    /// Who.
    person_id: Uuid,
    /// Is whom: the CRM's id, in any form the provider knows.
    crm_user_id: String,
    /// Since when, inclusive; `always` if nothing is said.
    from: Option<Boundary>,
    /// Until when, exclusive; `forever` if nothing is said.
    to: Option<Boundary>,
    /// Why, for the change set.
    reason: Option<String>,
}

/// Maps a person to a CRM user.
///
/// Takes the place of the person's other mappings in that connection whose periods overlap.
/// Answers 200 with the mapping that stands there when it is true already. Fails with
/// `mapping.overlap` when somebody else is mapped to that CRM user then: the message names both.
#[utoipa::path(
    post,
    path = "/mappings",
    tag = "Mapping",
    request_body = NewMapping,
    responses(
        (status = 201, description = "The new mapping", body = Mapping),
        (status = 200, description = "It was mapped so already", body = Mapping)
    )
)]
pub(super) async fn create_mapping(
    caller: Caller,
    Body(input): Body<NewMapping>,
) -> Result<Response> {
    let period = period(input.from, input.to)?;
    let typed = CrmUserId(input.crm_user_id);
    let (connection, person) = (input.connection_id.into(), input.person_id.into());
    let added = caller
        .service
        .add_mapping(
            &caller.actor,
            connection,
            person,
            typed,
            period,
            input.reason,
        )
        .await;
    let query = MappingQuery {
        connection_id: Some(connection),
        person_id: Some(person),
        ..MappingQuery::default()
    };
    match added {
        Ok(_) => {
            let view = standing(&caller, &query, period).await?;
            let location = caller.address(&format!("mappings/{}", view.mapping.id));
            let body = versioned(view);
            Ok(Created { location, body }.into_response())
        }
        Err(error) if error.code() == Code::ChangeSetEmpty => {
            Ok(versioned(standing(&caller, &query, period).await?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The newest mapping of the person with exactly that period.
async fn standing(caller: &Caller, query: &MappingQuery, period: Period) -> Result<MappingView> {
    let mut request = PageRequest::first(LARGEST_PAGE);
    let mut newest: Option<MappingView> = None;
    loop {
        let page = caller
            .service
            .list_mappings(&caller.actor, query, &request)
            .await?;
        let fitting = page
            .items
            .into_iter()
            .filter(|view| view.mapping.period == period);
        newest = newest
            .into_iter()
            .chain(fitting)
            .max_by_key(|view| view.mapping.id);
        match page.next {
            Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
            None => break,
        }
    }
    // Somebody else may have removed it in the same moment.
    newest.ok_or_else(|| Failure::stale("the mapping was changed again in the same moment"))
}

fn versioned(view: MappingView) -> Versioned<Mapping> {
    Versioned {
        version: view.mapping.version,
        body: view.into(),
    }
}
