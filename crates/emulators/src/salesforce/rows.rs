//! The records behind the objects and the values of their fields.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::ids;
use super::schema::{Object, find};
use crate::directory::{User, UserKind};
use crate::people::ORGANIZATION;

/// The organization's id.
pub(crate) const ORGANIZATION_ID: &str = "00DWd00000NwSupMAF";

/// Profile, its licence, and the `UserType` of its users.
const PROFILES: &[(&str, &str, &str)] = &[
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

const LICENSES: &[&str] = &[
    "Salesforce",
    "Salesforce Integration",
    "Salesforce Platform",
    "Partner Community",
    "Chatter Free",
    "Guest User License",
    "Cloud Integration User",
];

const ROLES: &[&str] = &["Customer Support", "Sales", "Field Services", "Operations"];

/// One record.
#[derive(Clone, Debug)]
pub(crate) enum Row {
    User(Box<User>),
    Organization,
    Profile(usize),
    UserLicense(usize),
    UserRole(usize),
    UserLogin(Box<User>),
}

/// All records of an object.
pub(crate) fn rows(object: &Object, users: &[User]) -> Vec<Row> {
    match object.name {
        "User" => users
            .iter()
            .cloned()
            .map(|user| Row::User(Box::new(user)))
            .collect(),
        "UserLogin" => users
            .iter()
            .cloned()
            .map(|user| Row::UserLogin(Box::new(user)))
            .collect(),
        "Organization" => vec![Row::Organization],
        "Profile" => (0..PROFILES.len()).map(Row::Profile).collect(),
        "UserLicense" => (0..LICENSES.len()).map(Row::UserLicense).collect(),
        "UserRole" => (0..ROLES.len()).map(Row::UserRole).collect(),
        _ => Vec::new(),
    }
}

impl Row {
    pub(crate) fn object(&self) -> Option<&'static Object> {
        find(match self {
            Self::User(_) => "User",
            Self::Organization => "Organization",
            Self::Profile(_) => "Profile",
            Self::UserLicense(_) => "UserLicense",
            Self::UserRole(_) => "UserRole",
            Self::UserLogin(_) => "UserLogin",
        })
    }

    pub(crate) fn id(&self) -> String {
        match self {
            Self::User(user) => user.id.clone(),
            Self::Organization => ORGANIZATION_ID.to_owned(),
            Self::Profile(nth) => ids::make("00e", *nth),
            Self::UserLicense(nth) => ids::make("100", *nth),
            Self::UserRole(nth) => ids::make("00E", *nth),
            Self::UserLogin(user) => user.id.replacen("005", "0Yw", 1),
        }
    }

    /// The record a relationship leads to.
    pub(crate) fn parent(&self, relationship: &str, users: &[User]) -> Option<Row> {
        match (self, relationship) {
            (Self::User(user), "Profile") => profile(user).map(Row::Profile),
            (Self::User(user), "UserRole") => role(user).map(Row::UserRole),
            (Self::User(_), "CreatedBy") => users
                .iter()
                .find(|user| user.kind == UserKind::Connecting)
                .map(|user| Row::User(Box::new(user.clone()))),
            (Self::Profile(nth), "UserLicense") => license(PROFILES[*nth].1).map(Row::UserLicense),
            _ => None,
        }
    }

    /// The value of a field, named as the schema spells it.
    pub(crate) fn value(&self, field: &str, users: &[User]) -> Value {
        if field == "Id" {
            return json!(self.id());
        }
        if let Some(relationship) = field.strip_suffix("Id")
            && let Some(parent) = self.parent(relationship, users)
        {
            return json!(parent.id());
        }
        match self {
            Self::User(user) => user_value(user, field),
            Self::UserLogin(user) => match field {
                "UserId" => json!(user.id),
                "IsFrozen" => json!(user.frozen),
                "IsPasswordLocked" => json!(false),
                _ => json!(date_time(user.modified)),
            },
            Self::Organization => organization_value(field),
            Self::Profile(nth) => profile_value(*nth, field),
            Self::UserLicense(nth) => license_value(*nth, field),
            Self::UserRole(nth) => match field {
                "Name" => json!(ROLES[*nth]),
                "DeveloperName" => json!(ROLES[*nth].replace(' ', "")),
                "SystemModstamp" => json!(date_time(founded())),
                _ => Value::Null,
            },
        }
    }
}

fn user_value(user: &User, field: &str) -> Value {
    match field {
        "Username" => json!(user.username),
        "LastName" => json!(user.family),
        "FirstName" => json!(Some(&user.given).filter(|given| !given.is_empty())),
        "Name" => json!(user.full_name()),
        "CompanyName" => json!(user.company),
        "Department" => json!(user.department),
        "Title" => json!(user.title),
        "Email" => json!(user.email),
        "Phone" => json!(user.phone),
        "MobilePhone" => json!(user.mobile),
        "Extension" => json!(user.extension),
        "Alias" => json!(alias(user)),
        "CommunityNickname" => {
            let local = user.username.split('@').next().unwrap_or_default();
            json!(user.nickname.as_deref().map_or_else(
                || local.to_owned(),
                |nick| format!("{nick}.{}", &user.id[10..15])
            ))
        }
        "IsActive" => json!(user.is_active()),
        "TimeZoneSidKey" => json!("Europe/London"),
        "LocaleSidKey" => json!(user.locale),
        "EmailEncodingKey" => json!("UTF-8"),
        "UserType" => json!(user_type(user)),
        "LanguageLocaleKey" => json!("en_US"),
        "EmployeeNumber" => json!(user.employee_number),
        "LastLoginDate" => json!(user.last_login.map(date_time)),
        "CreatedDate" => json!(date_time(user.created)),
        "LastModifiedDate" | "SystemModstamp" => json!(date_time(user.modified)),
        _ => Value::Null,
    }
}

fn organization_value(field: &str) -> Value {
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

fn profile_value(nth: usize, field: &str) -> Value {
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

fn license_value(nth: usize, field: &str) -> Value {
    match field {
        "Name" | "MasterLabel" => json!(LICENSES[nth]),
        "Status" => json!("Active"),
        "TotalLicenses" => json!(if nth == 0 { 250 } else { 25 }),
        "UsedLicenses" => json!(if nth == 0 { 60 } else { 3 }),
        _ => json!(date_time(founded())),
    }
}

/// The process user has no profile, which is why `Profile` may be null.
fn profile(user: &User) -> Option<usize> {
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

fn user_type(user: &User) -> &'static str {
    profile(user).map_or("AutomatedProcess", |nth| PROFILES[nth].2)
}

/// Only people who sell or serve have a place in the hierarchy.
fn role(user: &User) -> Option<usize> {
    if user.kind != UserKind::Person {
        return None;
    }
    let department = user.department.as_deref()?;
    ROLES.iter().position(|role| *role == department)
}

fn license(name: &str) -> Option<usize> {
    LICENSES.iter().position(|license| *license == name)
}

/// First letter and the start of the family name, at most eight characters.
fn alias(user: &User) -> String {
    let letters = user.given.chars().take(1).chain(
        user.family
            .chars()
            .filter(|letter| letter.is_alphanumeric()),
    );
    letters.take(8).collect::<String>().to_lowercase()
}

/// When the organization was set up.
fn founded() -> Timestamp {
    Timestamp::from_second(1_583_020_800).unwrap_or(Timestamp::UNIX_EPOCH) // 2020-03-01T00:00:00Z
}

/// A time as the REST API writes it: milliseconds, and an offset without a colon.
pub(crate) fn date_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%3f+0000").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_organization_has_a_true_id() {
        assert_eq!(ids::with_checksum(&ORGANIZATION_ID[..15]), ORGANIZATION_ID);
    }

    #[test]
    fn times_have_milliseconds_and_an_offset_without_colon() {
        assert_eq!(date_time(founded()), "2020-03-01T00:00:00.000+0000");
    }
}
