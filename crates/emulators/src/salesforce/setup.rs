//! What an organization is set up with: itself, profiles, licences, roles.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::objects::{CLOSED, TASK_STATUSES};
use super::rows::date_time;
use crate::directory::{User, UserKind};
use crate::people::ORGANIZATION;

/// The organization's id.
pub(crate) const ORGANIZATION_ID: &str = "00DWd00000NwSupMAF";

/// Profile, its licence, and the `UserType` of its users.
pub(crate) const PROFILES: &[(&str, &str, &str)] = &[
    ("System Administrator", "Salesforce", "Standard"),
    ("Standard User", "Salesforce", "Standard"),
    (
        "Minimum Access - API Only Integrations",
        "Salesforce Integration",
        "Standard",
    ),
    ("Standard Platform User", "Salesforce Platform", "Standard"),
    (
        "Partner Community User",
        "Partner Community",
        "PowerPartner",
    ),
    ("Chatter Free User", "Chatter Free", "CsnOnly"),
    ("Help Center Profile", "Guest User License", "Guest"),
    (
        "Cloud Integration User",
        "Cloud Integration User",
        "CloudIntegrationUser",
    ),
];

/// The licences there are.
pub(crate) const LICENSES: &[&str] = &[
    "Salesforce",
    "Salesforce Integration",
    "Salesforce Platform",
    "Partner Community",
    "Chatter Free",
    "Guest User License",
    "Cloud Integration User",
];

/// The roles there are.
pub(crate) const ROLES: &[&str] = &["Customer Support", "Sales", "Field Services", "Operations"];

pub(crate) fn organization_value(field: &str) -> Value {
    match field {
        "Name" => json!(ORGANIZATION),
        "Country" => json!("GB"),
        "DefaultLocaleSidKey" => json!("en_GB"),
        "TimeZoneSidKey" => json!("Europe/London"),
        "LanguageLocaleKey" => json!("en_US"),
        "OrganizationType" => json!("Enterprise Edition"),
        "InstanceName" => json!("EU42"),
        "IsSandbox" | "IsReadOnly" => json!(false),
        "CreatedDate" | "SystemModstamp" => json!(date_time(founded())),
        _ => Value::Null,
    }
}

pub(crate) fn profile_value(nth: usize, field: &str) -> Value {
    let (name, _, user_type) = PROFILES[nth];
    match field {
        "Name" => json!(name),
        "UserType" => json!(user_type),
        "PermissionsApiEnabled" => json!(nth < 3),
        "PermissionsViewSetup" => json!(nth != 5 && nth != 6),
        "CreatedDate" | "SystemModstamp" => json!(date_time(founded())),
        _ => Value::Null,
    }
}

pub(crate) fn license_value(nth: usize, field: &str) -> Value {
    match field {
        "Name" | "MasterLabel" => json!(LICENSES[nth]),
        "Status" => json!("Active"),
        "TotalLicenses" => json!(if nth == 0 { 250 } else { 25 }),
        "UsedLicenses" => json!(if nth == 0 { 60 } else { 3 }),
        _ => json!(date_time(founded())),
    }
}

pub(crate) fn role_value(nth: usize, field: &str) -> Value {
    match field {
        "Name" => json!(ROLES[nth]),
        "DeveloperName" => json!(ROLES[nth].replace(' ', "")),
        "SystemModstamp" => json!(date_time(founded())),
        _ => Value::Null,
    }
}

pub(crate) fn task_status_value(nth: usize, field: &str) -> Value {
    match field {
        "MasterLabel" | "ApiName" => json!(TASK_STATUSES[nth]),
        "SortOrder" => json!(nth + 1),
        "IsDefault" => json!(nth == 0),
        "IsClosed" => json!(TASK_STATUSES[nth] == CLOSED),
        _ => Value::Null,
    }
}

/// The process user has no profile, which is why `Profile` may be null.
pub(crate) fn profile(user: &User) -> Option<usize> {
    match user.kind {
        UserKind::Person
            if user
                .title
                .as_deref()
                .is_some_and(|title| title.contains("Manager")) =>
        {
            Some(0)
        }
        UserKind::Person => Some(1),
        UserKind::Connecting => Some(2),
        UserKind::Consultant | UserKind::SharedMailbox => Some(3),
        UserKind::Portal => Some(4),
        UserKind::Social => Some(5),
        UserKind::Guest => Some(6),
        UserKind::Integration => Some(7),
        UserKind::Automated => None,
    }
}

pub(crate) fn user_type(user: &User) -> &'static str {
    profile(user).map_or("AutomatedProcess", |nth| PROFILES[nth].2)
}

/// Only people who sell or serve have a place in the hierarchy.
pub(crate) fn role(user: &User) -> Option<usize> {
    if user.kind != UserKind::Person {
        return None;
    }
    let department = user.department.as_deref()?;
    ROLES.iter().position(|role| *role == department)
}

pub(crate) fn license(name: &str) -> Option<usize> {
    LICENSES.iter().position(|license| *license == name)
}

/// When the organization was set up.
pub(crate) fn founded() -> Timestamp {
    Timestamp::from_second(1_583_020_800).unwrap_or(Timestamp::UNIX_EPOCH) // 2020-03-01T00:00:00Z
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::salesforce::ids;

    #[test]
    fn the_organization_has_a_true_id() {
        assert_eq!(ids::with_checksum(&ORGANIZATION_ID[..15]), ORGANIZATION_ID);
    }
}
