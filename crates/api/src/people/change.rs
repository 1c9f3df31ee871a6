//! `PATCH /people/{person_id}`

use counterpart_service::people::PersonInput;
use serde_json::Value;

use super::replace::write_person;
use super::{PersonWithExtension, PersonWrite, at};
use crate::caller::Caller;
use crate::failure::{Failure, Result};
use crate::input::{Body, Path};
use crate::path::PersonPath;
use crate::version::{IfMatch, IfMatchParam, Versioned};

/// Changes some of what is written of a person (JSON Merge Patch, RFC 7396).
///
/// What is left out stays as it is; `null` makes it unknown; a list replaces the list. Fails
/// like replacing a person.
#[utoipa::path(
    patch,
    path = "/people/{person_id}",
    tag = "People",
    params(IfMatchParam),
    request_body = PersonWrite,
    responses((status = 200, description = "The person as it is now", body = PersonWithExtension))
)]
pub(super) async fn change_person(
    caller: Caller,
    Path(path): Path<PersonPath>,
    if_match: IfMatch,
    Body(changes): Body<Value>,
) -> Result<Versioned<PersonWithExtension>> {
    let Caller { service, actor } = &caller;
    let view = service.person_view(actor, path.person_id).await?;
    if_match.require(view.person.version)?;
    let view = at(view, service.now());
    let standing = PersonInput::of(&view.person, &view.identities);
    let input = merged(standing.into(), changes)?;
    let version = view.person.version;
    write_person(&caller, path.person_id, version, &if_match, &input.into()).await
}

/// `standing` with the members that `changes` names. None of them is an object, so that there is
/// nothing to merge below the first level.
fn merged(standing: PersonWrite, changes: Value) -> Result<PersonWrite> {
    let Value::Object(changes) = changes else {
        return Err(Failure::malformed(
            "the body is wrong: a patch is an object with the fields to change",
        ));
    };
    let mut whole =
        serde_json::to_value(standing).map_err(|error| Failure::internal(error.to_string()))?;
    if let Value::Object(whole) = &mut whole {
        whole.extend(changes);
    }
    serde_json::from_value(whole)
        .map_err(|error| Failure::malformed(format!("the body is wrong: {error}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ann() -> PersonWrite {
        PersonWrite {
            display_name: Some("Ann".to_owned()),
            title: Some("Agent".to_owned()),
            ..PersonWrite::default()
        }
    }

    #[test]
    fn a_patch_keeps_what_it_leaves_out_and_forgets_what_is_null() {
        let patched = merged(ann(), json!({"title": null, "department": "Sales"})).unwrap();
        assert_eq!(patched.display_name.as_deref(), Some("Ann"));
        assert_eq!(patched.title, None);
        assert_eq!(patched.department.as_deref(), Some("Sales"));
    }

    #[test]
    fn a_patch_with_a_misspelt_field_is_refused() {
        let failure = merged(ann(), json!({"titel": "Agent"})).unwrap_err();
        assert!(failure.problem.detail.contains("titel"));
    }
}
