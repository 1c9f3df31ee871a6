//! `POST /people`

use super::{PersonWithExtension, PersonWrite, at};
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Body;
use crate::version::{Created, Versioned};

/// Adds a person.
///
/// Fails with `person.invalid` when there is no name or an address is none, with
/// `person.duplicate` when somebody else has the external id, with `person.extension_taken` when
/// somebody else has the extension.
#[utoipa::path(
    post,
    path = "/people",
    tag = "People",
    request_body = PersonWrite,
    responses((status = 201, description = "The new person", body = PersonWithExtension))
)]
pub(super) async fn create_person(
    caller: Caller,
    Body(input): Body<PersonWrite>,
) -> Result<Created<Versioned<PersonWithExtension>>> {
    let Caller { service, actor } = &caller;
    let person = service.add_person(actor, &input.into()).await?;
    let view = at(service.person_view(actor, person.id).await?, service.now());
    Ok(Created {
        location: caller.address(&format!("people/{}", person.id)),
        body: Versioned {
            version: person.version,
            body: view.into(),
        },
    })
}
