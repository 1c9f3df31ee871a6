//! The rows of the entities, made when they are asked for.

use serde_json::{Map, Value, json};

use super::entities::Entity;
use super::fields::Field;
use super::filter::{Condition, matches};
use super::{RESOURCE_IDS_FROM, date_time};
use crate::contacts::Contact;
use crate::core::Core;
use crate::directory::{User, UserKind, UserState};
use crate::people::ORGANIZATION;

/// Lines of business, from 1.
const LINES_OF_BUSINESS: &[&str] = &["Managed Services", "Telephony", "Projects"];

/// The roles in which somebody works on a ticket.
pub(crate) const ROLES: &[(i64, &str)] = &[(29_682_834, "Engineer"), (29_682_835, "Team Lead")];

/// What to-dos and notes of companies can be; the last two are the vendor's own.
pub(crate) const ACTION_TYPES: &[(i64, &str)] = &[
    (29_682_900, "Site Visit"),
    (1, "General"),
    (3, "Phone Call"),
];

/// Rows with an id above `after` that meet the filter, by id; at most `most` of them.
pub(crate) fn found(
    core: &Core,
    entity: &Entity,
    after: i64,
    filter: &[Condition],
    most: usize,
) -> Vec<Value> {
    let fits = |row: &Value| matches(row, filter);
    // Not everybody's row is made for every page: ids ascend, so that a page starts at its place.
    match entity.path {
        "Resources" => {
            let directory = core.directory();
            let users = directory.users();
            let from = users.partition_point(|user| number(user) <= after);
            let seen = users[from..].iter().filter(|user| is_seen(user));
            seen.map(resource).filter(fits).take(most).collect()
        }
        "Contacts" => {
            let contacts = core.contacts();
            let all = contacts.all();
            let from = all.partition_point(|contact| whole(&contact.id) <= after);
            all[from..]
                .iter()
                .map(contact)
                .filter(fits)
                .take(most)
                .collect()
        }
        _ => {
            let mut rows = rows(core, entity);
            rows.retain(|row| id(row) > after && fits(row));
            rows.sort_by_key(id);
            rows.truncate(most);
            rows
        }
    }
}

/// The row of that id.
pub(crate) fn one(core: &Core, entity: &Entity, wanted: i64) -> Option<Value> {
    let before = wanted.checked_sub(1)?;
    let row = found(core, entity, before, &[], 1).pop()?;
    (id(&row) == wanted).then_some(row)
}

/// How many resources there are up to that id.
pub(crate) fn resources_up_to(core: &Core, last: i64) -> usize {
    let directory = core.directory();
    let users = directory.users();
    let end = users.partition_point(|user| number(user) <= last);
    users[..end].iter().filter(|user| is_seen(user)).count()
}

pub(crate) fn id(row: &Value) -> i64 {
    row["id"].as_i64().unwrap_or(i64::MIN)
}

/// A deleted user is one the connection can no longer see.
fn is_seen(user: &User) -> bool {
    user.state != UserState::Deleted
}

/// All rows of an entity other than resources and contacts.
fn rows(core: &Core, entity: &Entity) -> Vec<Value> {
    let directory = core.directory();
    let seen = directory.users().iter().filter(|user| is_seen(user));
    match entity.path {
        "OrganizationalLevel1s" => {
            vec![json!({ "id": 1, "name": "Northwind", "description": null, "isActive": true })]
        }
        "OrganizationalLevel2s" => numbered(LINES_OF_BUSINESS)
            .map(|(id, name)| json!({ "id": id, "name": name, "description": null, "isActive": true }))
            .collect(),
        "OrganizationalLevelAssociations" => numbered(LINES_OF_BUSINESS)
            .map(|(id, _)| json!({ "id": id, "organizationalLevel1ID": 1, "organizationalLevel2ID": id }))
            .collect(),
        "OrganizationalResources" => seen
            .filter(|user| user.kind != UserKind::Connecting)
            .enumerate()
            .map(|(nth, user)| {
                json!({
                    "id": nth + 1,
                    "organizationalLevelAssociationID": user.line_of_business,
                    "resourceID": number(user),
                })
            })
            .collect(),
        "Departments" => numbered(super::DEPARTMENTS)
            .map(|(id, name)| json!({ "id": id, "name": name, "description": null, "number": null }))
            .collect(),
        "Roles" => ROLES
            .iter()
            .map(|(id, name)| json!({ "id": id, "name": name, "isActive": true, "description": null, "hourlyRate": 90.0 }))
            .collect(),
        "ResourceRoles" | "ResourceServiceDeskRoles" => seen
            .filter(|user| !is_api(user))
            .map(|user| role_of(user, entity.path == "ResourceRoles"))
            .collect(),
        "ActionTypes" => ACTION_TYPES.iter().map(action_type).collect(),
        "Companies" => companies(core.contacts().all()),
        _ => {
            let records = core.records();
            let own = records.of(entity.path).map(|record| record.fields.clone());
            own.collect()
        }
    }
}

/// Company 0 is the one whose database it is; the others are those of the contacts.
fn companies(contacts: &[Contact]) -> Vec<Value> {
    let row = |id: i64, name: &str, phone: Option<String>, of: Option<&Contact>| {
        let modified = of.map(|contact| date_time(contact.modified));
        json!({
            "id": id, "companyName": name, "companyNumber": null, "isActive": true, "phone": phone,
            "alternatePhone1": null, "alternatePhone2": null, "ownerResourceID": RESOURCE_IDS_FROM,
            "createDate": of.map(|contact| date_time(contact.created)), "lastActivityDate": modified,
            "lastTrackedModifiedDateTime": modified, "userDefinedFields": [],
        })
    };
    let mut seen = std::collections::BTreeMap::new();
    for contact in contacts {
        seen.entry(whole(&contact.company_id)).or_insert(contact);
    }
    let customers = seen.into_iter().map(|(id, contact)| {
        let phone = format!("01632 {:06}", 960_000 + id % 1_000);
        row(id, &contact.company, Some(phone), Some(contact))
    });
    std::iter::once(row(0, ORGANIZATION, None, None))
        .chain(customers)
        .collect()
}

/// Leads are contacts here.
fn contact(contact: &Contact) -> Value {
    json!({
        "id": whole(&contact.id),
        "companyID": whole(&contact.company_id),
        "firstName": contact.given,
        "lastName": contact.family,
        "title": null,
        "emailAddress": contact.email,
        "emailAddress2": null,
        "emailAddress3": null,
        "phone": contact.phone,
        "alternatePhone": null,
        "mobilePhone": contact.mobile,
        "extension": null,
        "faxNumber": null,
        "externalID": null,
        "isActive": 1,
        "createDate": date_time(contact.created),
        "lastActivityDate": date_time(contact.modified),
        "lastModifiedDate": date_time(contact.modified),
        "userDefinedFields": [],
    })
}

fn role_of(user: &User, with_department: bool) -> Value {
    // Ids of their own, each told from the resource's.
    let mut row = json!({
        "id": number(user) - RESOURCE_IDS_FROM + 1, "resourceID": number(user), "roleID": ROLES[0].0,
        "isActive": user.is_active(),
    });
    if with_department {
        row["departmentID"] = json!(1);
        row["queueID"] = Value::Null;
    } else {
        row["isDefault"] = json!(true);
    }
    row
}

fn action_type((id, name): &(i64, &str)) -> Value {
    json!({ "id": id, "name": name, "isActive": true, "isSystemActionType": *id < 1_000, "view": 2 })
}

pub(crate) fn whole(id: &str) -> i64 {
    id.parse().unwrap_or(i64::MIN)
}

/// Users that only programs sign in as: licence type 7.
pub(crate) fn is_api(user: &User) -> bool {
    matches!(
        user.kind,
        UserKind::Connecting | UserKind::Integration | UserKind::Automated
    )
}

fn numbered(names: &'static [&'static str]) -> impl Iterator<Item = (usize, &'static str)> {
    names.iter().enumerate().map(|(nth, name)| (nth + 1, *name))
}

/// The id as the number it is in the API.
pub(crate) fn number(user: &User) -> i64 {
    user.id.parse().unwrap_or(RESOURCE_IDS_FROM)
}

fn resource(user: &User) -> Value {
    let api = is_api(user);
    let manager = user
        .title
        .as_deref()
        .is_some_and(|title| title.contains("Manager"));
    let (license_type, user_type) = match user.kind {
        _ if api => (7, 17),
        UserKind::Portal | UserKind::Guest => (6, 29),
        UserKind::Consultant => (3, 1),
        UserKind::Social => (5, 3),
        _ if manager => (1, 10),
        _ => (1, 3),
    };
    let contractor = user.kind == UserKind::Consultant;
    json!({
        "id": number(user),
        "accountingReferenceID": null,
        "dateFormat": "dd/MM/yyyy",
        "defaultServiceDeskRoleID": if api { Value::Null } else { json!(29_682_834) },
        "email": user.email,
        "email2": null,
        "email3": null,
        "emailTypeCode": "PRIMARY",
        "emailTypeCode2": null,
        "emailTypeCode3": null,
        "firstName": user.given,
        "gender": null,
        "greeting": null,
        "hireDate": date_time(user.created),
        "homePhone": null,
        "initials": user.given.chars().next().into_iter().chain(user.family.chars().next()).collect::<String>(),
        "internalCost": null,
        "isActive": user.is_active(),
        "lastName": user.family,
        "licenseType": license_type,
        "locationID": 90_682,
        "middleName": null,
        "mobilePhone": user.mobile,
        "numberFormat": "X,XXX.XX",
        "officeExtension": user.extension,
        "officePhone": user.phone,
        "payrollIdentifier": user.employee_number,
        "payrollType": 1,
        "resourceType": if contractor { "Contractor" } else { "Employee" },
        "suffix": null,
        "surveyResourceRating": null,
        "timeFormat": "HH:mm",
        "title": user.title,
        "travelAvailabilityPct": null,
        "userName": user.username,
        "userType": user_type,
    })
}

/// Only the fields asked for, named as the entity spells them; `id` always comes.
pub(crate) fn narrowed(row: &Value, include: &[&'static Field]) -> Value {
    if include.is_empty() {
        return row.clone();
    }
    let mut kept = Map::new();
    kept.insert("id".to_owned(), row["id"].clone());
    for field in include {
        kept.insert(field.name.to_owned(), row[field.name].clone());
    }
    Value::Object(kept)
}
