//! `PATCH /`: one organization.

use std::num::NonZeroU32;

use axum::Json;
use counterpart_model::Role;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::Organization;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Body;

/// What changes of an organization. What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganizationWrite {
    /// From how many lines on a change waits for a second person; `null` for never.
    #[serde(default)]
    #[schema(value_type = Option<u32>, minimum = 1)]
    second_person_from: SecondPerson,
}

/// What is said of the second person.
#[derive(Debug, Default)]
enum SecondPerson {
    /// Nothing.
    #[default]
    Unsaid,
    /// None is asked: `null`.
    Never,
    /// One is asked from so many lines on.
    From(NonZeroU32),
}

impl<'de> Deserialize<'de> for SecondPerson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let from = Option::deserialize(deserializer)?;
        Ok(from.map_or(Self::Never, Self::From))
    }
}

/// Changes the organization. Owners only.
///
/// Whoever turns the second person off leaves what waits as it is: it goes on to wait, and is
/// still nobody's own to approve.
#[utoipa::path(
    patch,
    path = "/",
    tag = "Organizations",
    request_body = OrganizationWrite,
    responses((status = 200, description = "The organization", body = Organization))
)]
pub(super) async fn change_organization(
    caller: Caller,
    Body(input): Body<OrganizationWrite>,
) -> Result<Json<Organization>> {
    let (service, actor) = (&caller.service, &caller.actor);
    actor.require(Role::Owner)?;
    let organization = match input.second_person_from {
        SecondPerson::Unsaid => service.organization(actor).await?,
        SecondPerson::Never => service.set_second_person(actor, None).await?,
        SecondPerson::From(lines) => service.set_second_person(actor, Some(lines)).await?,
    };
    Ok(Json(Organization::new(organization, actor)))
}
