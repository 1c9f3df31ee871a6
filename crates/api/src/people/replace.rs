//! `PUT /people/{person_id}`

use counterpart_model::{Code, PersonId};
use counterpart_service::people::PersonInput;

use super::{PersonWithExtension, PersonWrite, at};
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::{Body, Path};
use crate::path::PersonPath;
use crate::version::{IfMatch, IfMatchParam, Versioned};

/// Replaces everything that is written of a person.
///
/// What is left out becomes unknown. Whether the person works here is not touched. Fails like
/// adding a person, and with 412 when `If-Match` names another version than the one that stands
/// there.
#[utoipa::path(
    put,
    path = "/people/{person_id}",
    tag = "People",
    params(IfMatchParam),
    request_body = PersonWrite,
    responses((status = 200, description = "The person as it is now", body = PersonWithExtension))
)]
pub(super) async fn replace_person(
    caller: Caller,
    Path(path): Path<PersonPath>,
    if_match: IfMatch,
    Body(write): Body<PersonWrite>,
) -> Result<Versioned<PersonWithExtension>> {
    let view = caller
        .service
        .person_view(&caller.actor, path.person_id)
        .await?;
    if_match.require(view.person.version)?;
    let version = view.person.version;
    write_person(&caller, path.person_id, version, &if_match, &write.into()).await
}

/// Writes `input` over `version` of a person. What is true already is no failure, so that a
/// request may be repeated.
pub(super) async fn write_person(
    caller: &Caller,
    id: PersonId,
    version: u64,
    if_match: &IfMatch,
    input: &PersonInput,
) -> Result<Versioned<PersonWithExtension>> {
    let Caller { service, actor } = caller;
    match service.edit_person(actor, id, version, input).await {
        Ok(_) => {}
        Err(error) if error.code() == Code::ChangeSetEmpty => {}
        Err(error) => return Err(if_match.failed(error)),
    }
    let view = at(service.person_view(actor, id).await?, service.now());
    Ok(Versioned {
        version: view.person.version,
        body: view.into(),
    })
}
