//! Organizations: those that a token opens.

mod change;
mod get;
mod list;

use std::num::NonZeroU32;

use counterpart_service::{Actor, Service};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::time::Moment;
use crate::words::Role;

/// The list, which stands beside the organizations.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(list::list_organizations))
}

/// What stands in one.
pub(crate) fn routes_inside() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(get::get_organization, change::change_organization))
}

/// A tenant. Everything belongs to one.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Organization {
    /// Its id.
    id: Uuid,
    /// What it is called.
    name: String,
    /// Its IANA time zone: where days begin.
    #[schema(example = "Europe/Berlin")]
    time_zone: String,
    /// Whether its data is the demo's.
    demo: bool,
    /// From how many lines on a change waits for a second person; `null` when none does.
    second_person_from: Option<u32>,
    /// When it was made.
    created_at: Moment,
    /// What the token may do in it.
    role: Role,
}

impl Organization {
    fn new(organization: counterpart_model::Organization, actor: &Actor) -> Self {
        Self {
            id: organization.id.into(),
            name: organization.name,
            time_zone: organization.time_zone,
            demo: organization.demo,
            second_person_from: organization.second_person_from.map(NonZeroU32::get),
            created_at: organization.created_at.into(),
            role: actor.role().into(),
        }
    }
}
