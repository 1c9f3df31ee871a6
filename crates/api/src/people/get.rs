//! `GET /people/{person_id}`

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{PersonWithExtension, at};
use crate::caller::Caller;
use crate::decisions::Decision;
use crate::failure::Result;
use crate::grid::Cell;
use crate::input::Path;
use crate::mappings::Mapping;
use crate::path::PersonPath;
use crate::time::Boundary;
use crate::version::Versioned;
use crate::words::IdentityKind;

/// A person with everything that is known.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PersonDetail {
    #[serde(flatten)]
    person: PersonWithExtension,
    /// Extensions and the like, past and future ones too.
    identities: Vec<Identity>,
    /// How the person stands in each connection now.
    cells: Vec<Cell>,
    /// Every mapping, past and future ones too.
    mappings: Vec<Mapping>,
    /// What was decided about the person.
    decisions: Vec<Decision>,
}

/// A handle of a person in one connection during a period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Identity {
    /// Its id.
    id: Uuid,
    /// Whose it is.
    person_id: Uuid,
    /// In which connection.
    connection_id: Uuid,
    /// What kind of handle.
    kind: IdentityKind,
    /// The handle itself.
    value: String,
    /// Since when it is theirs.
    from: Boundary,
    /// Until when.
    to: Boundary,
}

impl From<counterpart_model::Identity> for Identity {
    fn from(identity: counterpart_model::Identity) -> Self {
        Self {
            id: identity.id.into(),
            person_id: identity.person_id.into(),
            connection_id: identity.connection_id.into(),
            kind: identity.kind.into(),
            value: identity.value,
            from: identity.period.from().into(),
            to: identity.period.to().into(),
        }
    }
}

/// A person with everything that is known.
#[utoipa::path(
    get,
    path = "/people/{person_id}",
    tag = "People",
    responses((status = 200, description = "The person", body = PersonDetail))
)]
pub(super) async fn get_person(
    caller: Caller,
    Path(path): Path<PersonPath>,
) -> Result<Versioned<PersonDetail>> {
    let view = caller
        .service
        .person_view(&caller.actor, path.person_id)
        .await?;
    let identities = view
        .identities
        .iter()
        .cloned()
        .map(Identity::from)
        .collect();
    let drift = caller
        .service
        .drift_of_people(&caller.actor, &[path.person_id])
        .await?;
    let cells = view.cells.iter().cloned().map(|cell| {
        let found = drift.get(&(cell.connection_id, path.person_id));
        Cell::new(cell, found)
    });
    let cells = cells.collect();
    let mappings = view.mappings.iter().cloned().map(Mapping::from).collect();
    let decisions = view.decisions.iter().cloned().map(Decision::from).collect();
    Ok(Versioned {
        version: view.person.version,
        body: PersonDetail {
            person: at(view, caller.service.now()).into(),
            identities,
            cells,
            mappings,
            decisions,
        },
    })
}
