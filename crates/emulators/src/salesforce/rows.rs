//! The records behind the objects and the values of their fields.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::ids;
use super::setup::{
    ORGANIZATION_ID, PROFILES, license, license_value, organization_value, profile, profile_value,
    role, role_value, task_status_value, user_type,
};
use super::world::World;
use crate::contacts::Contact;
use crate::directory::User;
use crate::records::Record;

/// One record.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Row<'a> {
    User(&'a User),
    UserLogin(&'a User),
    Organization,
    Profile(usize),
    UserLicense(usize),
    UserRole(usize),
    TaskStatus(usize),
    Contact(&'a Contact),
    Lead(&'a Contact),
    /// The company of that contact.
    Account(&'a Contact),
    /// A task or an event.
    Written(&'a Record),
}

impl<'a> Row<'a> {
    pub(crate) fn object_name(&self) -> &str {
        match self {
            Self::User(_) => "User",
            Self::UserLogin(_) => "UserLogin",
            Self::Organization => "Organization",
            Self::Profile(_) => "Profile",
            Self::UserLicense(_) => "UserLicense",
            Self::UserRole(_) => "UserRole",
            Self::TaskStatus(_) => "TaskStatus",
            Self::Contact(_) => "Contact",
            Self::Lead(_) => "Lead",
            Self::Account(_) => "Account",
            Self::Written(record) => &record.kind,
        }
    }

    pub(crate) fn id(&self) -> String {
        match self {
            Self::User(user) => user.id.clone(),
            Self::UserLogin(user) => user.id.replacen("005", "0Yw", 1),
            Self::Organization => ORGANIZATION_ID.to_owned(),
            Self::Profile(nth) => ids::make("00e", *nth),
            Self::UserLicense(nth) => ids::make("100", *nth),
            Self::UserRole(nth) => ids::make("00E", *nth),
            Self::TaskStatus(nth) => ids::make("01j", *nth),
            Self::Contact(contact) | Self::Lead(contact) => contact.id.clone(),
            Self::Account(contact) => contact.company_id.clone(),
            Self::Written(record) => record.id.clone(),
        }
    }

    /// Whether it lies in the recycle bin.
    pub(crate) fn is_deleted(&self) -> bool {
        matches!(self, Self::Written(record) if record.fields["IsDeleted"] == json!(true))
    }

    /// The record a relationship leads to.
    pub(crate) fn parent(&self, relationship: &str, world: &World<'a>) -> Option<Row<'a>> {
        match (self, relationship) {
            (Self::User(user), "Profile") => profile(user).map(Row::Profile),
            (Self::User(user), "UserRole") => role(user).map(Row::UserRole),
            (Self::Profile(nth), "UserLicense") => license(PROFILES[*nth].1).map(Row::UserLicense),
            (Self::Contact(contact), "Account") => world.find(&contact.company_id),
            (Self::Contact(contact) | Self::Lead(contact) | Self::Account(contact), "Owner") => {
                match &contact.owner {
                    Some(owner) => world.user(owner).map(Row::User),
                    None => world.connecting().map(Row::User),
                }
            }
            (Self::Written(record), name) => {
                let id = record.fields[format!("{name}Id")].as_str()?;
                world.find(id)
            }
            (_, "CreatedBy") => world.connecting().map(Row::User),
            _ => None,
        }
    }

    /// The value of a field, named as the schema spells it.
    pub(crate) fn value(&self, field: &str, world: &World<'a>) -> Value {
        match (self, field) {
            (_, "Id") => return json!(self.id()),
            (Self::Written(_) | Self::UserLogin(_), _) => {}
            _ => {
                if let Some(relationship) = field.strip_suffix("Id")
                    && let Some(parent) = self.parent(relationship, world)
                {
                    return json!(parent.id());
                }
            }
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
            Self::UserRole(nth) => role_value(*nth, field),
            Self::TaskStatus(nth) => task_status_value(*nth, field),
            Self::Contact(contact) => customer_value(contact, field, "Contact"),
            Self::Lead(contact) => customer_value(contact, field, "Lead"),
            Self::Account(contact) => account_value(contact, field),
            Self::Written(record) => record.fields[field].clone(),
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
        // As one of several an owner may be.
        "Type" => json!("User"),
        _ => Value::Null,
    }
}

fn customer_value(contact: &Contact, field: &str, kind: &str) -> Value {
    match field {
        "IsDeleted" | "IsConverted" => json!(false),
        "LastName" => json!(contact.family),
        "FirstName" => json!(Some(&contact.given).filter(|given| !given.is_empty())),
        "Name" => json!(contact.full_name()),
        "Company" => json!(contact.company),
        "Email" => json!(contact.email),
        "Phone" => json!(contact.phone),
        "MobilePhone" => json!(contact.mobile),
        "Status" => json!("Open - Not Contacted"),
        "CreatedDate" => json!(date_time(contact.created)),
        "LastModifiedDate" | "SystemModstamp" => json!(date_time(contact.modified)),
        "Type" => json!(kind),
        _ => Value::Null,
    }
}

fn account_value(contact: &Contact, field: &str) -> Value {
    match field {
        "IsDeleted" => json!(false),
        "Name" => json!(contact.company),
        // A change of its first contact is none of the company's.
        "CreatedDate" | "LastModifiedDate" | "SystemModstamp" => {
            json!(date_time(contact.created))
        }
        _ => Value::Null,
    }
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

/// A time as the REST API writes it: milliseconds, and an offset without a colon.
pub(crate) fn date_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%3f+0000").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_milliseconds_and_an_offset_without_colon() {
        assert_eq!(
            date_time(Timestamp::UNIX_EPOCH),
            "1970-01-01T00:00:00.000+0000"
        );
    }
}
