//! People and CRM users as the matcher reads them.

use counterpart_matching::{AccountKind, Record};
use counterpart_model::{CrmUser, CrmUserKind, CrmUserState, Identity, IdentityKind, Person};

/// A person, with the identities that are theirs now.
pub(crate) fn record_of_person(person: &Person, identities: &[Identity]) -> Record {
    let profile = &person.profile;
    let values = |wanted: IdentityKind| {
        identities
            .iter()
            .filter(move |identity| identity.kind == wanted)
            .map(|identity| identity.value.clone())
    };
    Record {
        id: person.id.to_string(),
        inactive: !person.active,
        kind: AccountKind::Person,
        given: text(profile.given_name.as_ref()),
        family: text(profile.family_name.as_ref()),
        full_name: profile.display_name.clone(),
        emails: profile
            .emails
            .iter()
            .cloned()
            .chain(values(IdentityKind::Email))
            .collect(),
        username: text(profile.username.as_ref()),
        phones: profile
            .phones
            .iter()
            .cloned()
            .chain(values(IdentityKind::Number))
            .collect(),
        extension: values(IdentityKind::Extension).next().unwrap_or_default(),
        external_ids: person
            .external_id
            .iter()
            .chain(&profile.employee_number)
            .cloned()
            .collect(),
        title: text(profile.title.as_ref()),
        department: text(profile.department.as_ref()),
        ..Record::default()
    }
}

/// A CRM user.
pub(crate) fn record_of_crm_user(user: &CrmUser) -> Record {
    let profile = &user.profile;
    Record {
        id: user.id.0.clone(),
        inactive: !matches!(profile.state, CrmUserState::Active | CrmUserState::Invited),
        kind: match profile.kind {
            CrmUserKind::Person => AccountKind::Unknown,
            CrmUserKind::Api | CrmUserKind::Portal => AccountKind::Service,
            CrmUserKind::Queue | CrmUserKind::Shared => AccountKind::Shared,
        },
        given: text(profile.given_name.as_ref()),
        family: text(profile.family_name.as_ref()),
        full_name: profile.display_name.clone(),
        emails: profile.emails.clone(),
        username: text(profile.username.as_ref()),
        phones: profile.phones.clone(),
        extension: text(profile.extension.as_ref()),
        external_ids: profile.employee_number.iter().cloned().collect(),
        title: text(profile.title.as_ref()),
        department: text(profile.department.as_ref()),
        ..Record::default()
    }
}

fn text(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}
