//! Witnesses: what was known of both sides of a mapping when it was last confirmed.

use serde::{Deserialize, Serialize};

use crate::drift::DriftCause;
use crate::{CrmUserKind, CrmUserProfile, CrmUserState, Identity, IdentityKind, Person, Timestamp};

/// What was known of a pair when somebody last said that the two are one human being. What has
/// changed since then is how a seat that was handed on is told from one that is still theirs.
///
/// It is part of the mapping, so that a change set shows it and undoing brings it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witness {
    /// When it was taken.
    pub at: Timestamp,
    /// The CRM user.
    pub crm_user: SeenUser,
    /// The person.
    pub person: SeenPerson,
    /// The vendor's id of the organization to which the connection led.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote_org: Option<String>,
    /// What somebody saw and said is all right: these are no drift of this mapping any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<DriftCause>,
}

/// What a CRM said of a user.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SeenUser {
    /// The name as the CRM showed it.
    pub display_name: String,
    /// Given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// E-mail addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    /// The name to sign in with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Number of the employee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_number: Option<String>,
    /// Extension.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension: Option<String>,
    /// Licence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// Whether it was a human's.
    pub kind: CrmUserKind,
    /// Whether it could be worked with.
    pub state: CrmUserState,
}

/// What the organization knew of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SeenPerson {
    /// The name as it was shown.
    pub display_name: String,
    /// Given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// E-mail addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    /// The id by which the platform or an HR system knew them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Number of the employee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_number: Option<String>,
    /// Extensions, in any phone system.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<String>,
}

impl Witness {
    /// The witness of what is known at `at`; nothing is accepted yet. Of `identities` those count
    /// that are the person's then.
    pub fn of(
        crm_user: &CrmUserProfile,
        person: &Person,
        identities: &[Identity],
        remote_org: Option<&str>,
        at: Timestamp,
    ) -> Self {
        Self {
            at,
            crm_user: SeenUser::of(crm_user),
            person: SeenPerson::of(person, identities, at),
            remote_org: remote_org.map(str::to_owned),
            accepted: Vec::new(),
        }
    }
}

impl SeenUser {
    /// What of a profile is kept.
    pub fn of(profile: &CrmUserProfile) -> Self {
        Self {
            display_name: profile.display_name.clone(),
            given_name: profile.given_name.clone(),
            family_name: profile.family_name.clone(),
            emails: profile.emails.clone(),
            username: profile.username.clone(),
            employee_number: profile.employee_number.clone(),
            extension: profile.extension.clone(),
            licence: profile.licence.clone(),
            kind: profile.kind,
            state: profile.state,
        }
    }
}

impl SeenPerson {
    /// What of a person is kept, with the identities that are theirs at `at`.
    pub fn of(person: &Person, identities: &[Identity], at: Timestamp) -> Self {
        let profile = &person.profile;
        let values = |kind: IdentityKind| {
            identities
                .iter()
                .filter(move |own| {
                    own.person_id == person.id && own.kind == kind && own.period.contains(at)
                })
                .map(|own| own.value.clone())
        };
        Self {
            display_name: profile.display_name.clone(),
            given_name: profile.given_name.clone(),
            family_name: profile.family_name.clone(),
            emails: profile
                .emails
                .iter()
                .cloned()
                .chain(values(IdentityKind::Email))
                .collect(),
            external_id: person.external_id.clone(),
            employee_number: profile.employee_number.clone(),
            extensions: values(IdentityKind::Extension).collect(),
        }
    }
}
