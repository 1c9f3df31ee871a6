//! `GET /change-sets/{number}/lines`

use counterpart_model::{ChangeLine as ModelLine, Mapping as ModelMapping, Thing as ModelThing};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::caller::Caller;
use crate::decisions::Decision;
use crate::failure::Result;
use crate::input::Path;
use crate::matching::ChangedMatchingSettings;
use crate::paging::{Listed, PageOf, Paging, PagingParams};
use crate::path::ChangeSetPath;
use crate::people::{Identity, Person};
use crate::time::{Boundary, Moment};
use crate::words::MappingOrigin;

/// One thing before and after. Nothing before is a creation, nothing after a removal.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "entity", rename_all = "snake_case")]
pub(crate) enum ChangeLine {
    /// A person.
    Person {
        /// As it was.
        before: Option<Box<Person>>,
        /// As it is then.
        after: Option<Box<Person>>,
    },
    /// An extension or the like of a person.
    Identity {
        /// As it was.
        before: Option<Identity>,
        /// As it is then.
        after: Option<Identity>,
    },
    /// A mapping.
    Mapping {
        /// As it was.
        before: Option<ChangedMapping>,
        /// As it is then.
        after: Option<ChangedMapping>,
    },
    /// A decision.
    Decision {
        /// As it was.
        before: Option<Decision>,
        /// As it is then.
        after: Option<Decision>,
    },
    /// The matching settings of the organization, or of a connection.
    MatchingSettings {
        /// As they were.
        before: Option<ChangedMatchingSettings>,
        /// As they are then.
        after: Option<ChangedMatchingSettings>,
    },
}

/// A mapping as a change set names it: by ids.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangedMapping {
    /// Its id.
    id: Uuid,
    /// In which connection.
    connection_id: Uuid,
    /// Who.
    person_id: Uuid,
    /// Is whom: the CRM's id.
    crm_user_id: String,
    /// Since when, inclusive.
    from: Boundary,
    /// Until when, exclusive.
    to: Boundary,
    /// How it came to be.
    origin: MappingOrigin,
    /// When the pair was last confirmed; `null` where that was not written down.
    confirmed_at: Option<Moment>,
    /// Its version.
    version: u64,
}

impl From<ModelMapping> for ChangedMapping {
    fn from(mapping: ModelMapping) -> Self {
        Self {
            id: mapping.id.into(),
            connection_id: mapping.connection_id.into(),
            person_id: mapping.person_id.into(),
            crm_user_id: mapping.crm_user_id.0,
            from: mapping.period.from().into(),
            to: mapping.period.to().into(),
            origin: mapping.origin.into(),
            confirmed_at: mapping.witness.map(|witness| witness.at.into()),
            version: mapping.version,
        }
    }
}

impl From<ModelLine> for ChangeLine {
    fn from(line: ModelLine) -> Self {
        match line {
            ModelLine::Person { before, after } => Self::Person {
                before: before.map(|it| Box::new((*it).into())),
                after: after.map(|it| Box::new((*it).into())),
            },
            ModelLine::Identity { before, after } => Self::Identity {
                before: before.map(|it| (*it).into()),
                after: after.map(|it| (*it).into()),
            },
            ModelLine::Mapping { before, after } => Self::Mapping {
                before: before.map(|it| (*it).into()),
                after: after.map(|it| (*it).into()),
            },
            ModelLine::Decision { before, after } => Self::Decision {
                before: before.map(|it| (*it).into()),
                after: after.map(|it| (*it).into()),
            },
            ModelLine::MatchingSettings { before, after } => Self::MatchingSettings {
                before: before.map(|it| (*it).into()),
                after: after.map(|it| (*it).into()),
            },
        }
    }
}

/// A thing that change sets change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "entity", content = "is", rename_all = "snake_case")]
pub(crate) enum Thing {
    /// A person.
    Person(Box<Person>),
    /// An extension or the like of a person.
    Identity(Identity),
    /// A mapping.
    Mapping(ChangedMapping),
    /// A decision.
    Decision(Decision),
    /// Matching settings.
    MatchingSettings(ChangedMatchingSettings),
}

impl From<ModelThing> for Thing {
    fn from(thing: ModelThing) -> Self {
        match thing {
            ModelThing::Person(it) => Self::Person(Box::new((*it).into())),
            ModelThing::Identity(it) => Self::Identity((*it).into()),
            ModelThing::Mapping(it) => Self::Mapping((*it).into()),
            ModelThing::Decision(it) => Self::Decision((*it).into()),
            ModelThing::MatchingSettings(it) => Self::MatchingSettings((*it).into()),
        }
    }
}

/// What a change set changed, line by line.
#[utoipa::path(
    get,
    path = "/change-sets/{number}/lines",
    tag = "Changes",
    params(PagingParams),
    responses((status = 200, description = "A page of lines", body = PageOf<ChangeLine>))
)]
pub(super) async fn list_change_lines(
    caller: Caller,
    Path(path): Path<ChangeSetPath>,
    paging: Paging,
) -> Result<Listed<ChangeLine>> {
    let (_, lines) = caller
        .service
        .change_set(&caller.actor, path.number, &paging.request)
        .await?;
    Ok(paging.answer(lines))
}
