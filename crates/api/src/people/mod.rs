//! People: the platform side.

mod change;
mod create;
mod deactivate;
mod departments;
mod from_crm_users;
mod get;
mod history;
mod import;
mod list;
mod reactivate;
mod replace;

use counterpart_model::{Identity as ModelIdentity, IdentityKind, Timestamp};
use counterpart_service::Service;
use counterpart_service::people::{PersonInput, PersonView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::time::Moment;

pub(crate) use get::Identity;

/// The routes below an organization.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(list::list_people, create::create_person))
        .routes(routes!(
            get::get_person,
            replace::replace_person,
            change::change_person
        ))
        .routes(routes!(deactivate::deactivate_person))
        .routes(routes!(reactivate::reactivate_person))
        .routes(routes!(import::import_people))
        .routes(routes!(history::list_change_sets_about))
        .routes(routes!(departments::list_departments))
        .routes(routes!(from_crm_users::add_people_from_crm_users))
}

/// One of the organization's people, whether or not they sign in anywhere.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Person {
    /// Its id.
    pub(crate) id: Uuid,
    /// The id by which the platform or an HR system knows the person; unique where present.
    external_id: Option<String>,
    /// The name as it is shown.
    display_name: String,
    /// Given name.
    given_name: Option<String>,
    /// Family name.
    family_name: Option<String>,
    /// E-mail addresses, the main one first.
    emails: Vec<String>,
    /// The name the person signs in with on the platform.
    username: Option<String>,
    /// Phone numbers.
    phones: Vec<String>,
    /// Number of the employee.
    employee_number: Option<String>,
    /// Job title.
    title: Option<String>,
    /// Department.
    department: Option<String>,
    /// Whether the person works here now.
    active: bool,
    /// When it was added.
    created_at: Moment,
    /// Grows by one with every change; the `ETag`.
    version: u64,
}

impl From<counterpart_model::Person> for Person {
    fn from(person: counterpart_model::Person) -> Self {
        let profile = person.profile;
        Self {
            id: person.id.into(),
            external_id: person.external_id,
            display_name: profile.display_name,
            given_name: profile.given_name,
            family_name: profile.family_name,
            emails: profile.emails,
            username: profile.username,
            phones: profile.phones,
            employee_number: profile.employee_number,
            title: profile.title,
            department: profile.department,
            active: person.active,
            created_at: person.created_at.into(),
            version: person.version,
        }
    }
}

/// A person with its internal extension.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonWithExtension {
    #[serde(flatten)]
    person: Person,
    /// Internal extension.
    extension: Option<String>,
}

impl PersonWithExtension {
    fn new(person: counterpart_model::Person, current: &[ModelIdentity]) -> Self {
        Self {
            person: person.into(),
            extension: extension_of(current),
        }
    }
}

impl From<PersonView> for PersonWithExtension {
    fn from(view: PersonView) -> Self {
        let extension = extension_of(&view.identities);
        Self {
            person: view.person.into(),
            extension,
        }
    }
}

fn extension_of(identities: &[ModelIdentity]) -> Option<String> {
    identities
        .iter()
        .find(|identity| identity.kind == IdentityKind::Extension)
        .map(|identity| identity.value.clone())
}

/// The view with nothing but the identities that hold at `now`.
fn at(mut view: PersonView, now: Timestamp) -> PersonView {
    view.identities
        .retain(|identity| identity.period.contains(now));
    view
}

/// What is written of a person. What is left out, `null` or empty is unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PersonWrite {
    /// The id by which the platform or an HR system knows the person; unique where present.
    external_id: Option<String>,
    /// The name as it is shown; made from the two names below, or the first address, when it is
    /// left out.
    #[schema(example = "Ann Example")]
    display_name: Option<String>,
    /// Given name.
    given_name: Option<String>,
    /// Family name.
    family_name: Option<String>,
    /// E-mail addresses, the main one first.
    #[schema(example = json!(["ann@example.com"]))]
    emails: Option<Vec<String>>,
    /// The name the person signs in with on the platform.
    username: Option<String>,
    /// Internal extension.
    extension: Option<String>,
    /// Phone numbers.
    phones: Option<Vec<String>>,
    /// Number of the employee.
    employee_number: Option<String>,
    /// Job title.
    title: Option<String>,
    /// Department.
    department: Option<String>,
}

impl From<PersonWrite> for PersonInput {
    fn from(write: PersonWrite) -> Self {
        Self {
            external_id: write.external_id.unwrap_or_default(),
            display_name: write.display_name.unwrap_or_default(),
            given_name: write.given_name.unwrap_or_default(),
            family_name: write.family_name.unwrap_or_default(),
            emails: write.emails.unwrap_or_default(),
            username: write.username.unwrap_or_default(),
            extension: write.extension.unwrap_or_default(),
            phones: write.phones.unwrap_or_default(),
            employee_number: write.employee_number.unwrap_or_default(),
            title: write.title.unwrap_or_default(),
            department: write.department.unwrap_or_default(),
        }
    }
}

impl From<PersonInput> for PersonWrite {
    fn from(input: PersonInput) -> Self {
        let text = |text: String| Some(text).filter(|text| !text.is_empty());
        Self {
            external_id: text(input.external_id),
            display_name: text(input.display_name),
            given_name: text(input.given_name),
            family_name: text(input.family_name),
            emails: Some(input.emails),
            username: text(input.username),
            extension: text(input.extension),
            phones: Some(input.phones),
            employee_number: text(input.employee_number),
            title: text(input.title),
            department: text(input.department),
        }
    }
}
