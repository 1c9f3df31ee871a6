//! The entities a client reads, their fields and their rows.

use serde_json::{Map, Value, json};

use super::RESOURCE_IDS_FROM;
use crate::directory::{User, UserKind, UserState};
use crate::people::ORGANIZATION;

/// One field of an entity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    /// `long`, `integer`, `string`, `boolean`, `double` or `datetime`.
    pub(crate) data_type: &'static str,
    pub(crate) length: u32,
    pub(crate) required: bool,
    /// A few fields are answered but cannot be asked for.
    pub(crate) queryable: bool,
    /// Value and label of each choice; the value is text here and a number in the rows.
    pub(crate) picklist: &'static [(&'static str, &'static str)],
}

/// One entity.
#[derive(Debug)]
pub(crate) struct Entity {
    /// The name in the path.
    pub(crate) path: &'static str,
    /// The name in metadata and errors.
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [Field],
    /// `userAccessForQuery` and the other rights of the connecting user.
    pub(crate) access: [&'static str; 4],
    /// Whether there are rows here, or only metadata to probe.
    pub(crate) has_rows: bool,
}

impl Entity {
    /// The field of that name in any case.
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(name))
    }
}

/// The entity of that path in any case.
pub(crate) fn find(path: &str) -> Option<&'static Entity> {
    ENTITIES
        .iter()
        .find(|entity| entity.path.eq_ignore_ascii_case(path))
}

const fn plain(name: &'static str, data_type: &'static str, length: u32) -> Field {
    Field {
        name,
        data_type,
        length,
        required: false,
        queryable: true,
        picklist: &[],
    }
}

const fn must(field: Field) -> Field {
    Field {
        required: true,
        ..field
    }
}

const fn choice(
    name: &'static str,
    data_type: &'static str,
    picklist: &'static [(&'static str, &'static str)],
) -> Field {
    Field {
        picklist,
        ..plain(name, data_type, 0)
    }
}

/// Rights to create, query, update, delete.
const READ: [&str; 4] = ["None", "All", "None", "None"];
const WRITE: [&str; 4] = ["All", "All", "All", "None"];

const fn with_rows(path: &'static str, name: &'static str, fields: &'static [Field]) -> Entity {
    Entity {
        path,
        name,
        fields,
        access: READ,
        has_rows: true,
    }
}

const fn probed(path: &'static str, name: &'static str) -> Entity {
    Entity {
        path,
        name,
        fields: ONLY_ID,
        access: WRITE,
        has_rows: false,
    }
}

static ENTITIES: &[Entity] = &[
    with_rows("Resources", "Resource", RESOURCE),
    with_rows("OrganizationalLevel1s", "OrganizationalLevel1", LEVEL),
    with_rows("OrganizationalLevel2s", "OrganizationalLevel2", LEVEL),
    with_rows(
        "OrganizationalLevelAssociations",
        "OrganizationalLevelAssociation",
        ASSOCIATION,
    ),
    with_rows(
        "OrganizationalResources",
        "OrganizationalResource",
        MEMBERSHIP,
    ),
    with_rows("Departments", "Department", DEPARTMENT),
    Entity {
        path: "Companies",
        name: "Company",
        fields: COMPANY,
        access: WRITE,
        has_rows: true,
    },
    probed("Contacts", "Contact"),
    probed("Tickets", "Ticket"),
    probed("TicketNotes", "TicketNote"),
    probed("TimeEntries", "TimeEntry"),
    probed("CompanyNotes", "CompanyNote"),
    probed("CompanyToDos", "CompanyToDo"),
];

const ONLY_ID: &[Field] = &[must(plain("id", "long", 0))];

const LICENSE_TYPES: &[(&str, &str)] = &[
    ("1", "Professional"),
    ("2", "Team"),
    ("3", "Contractor"),
    ("4", "Essential"),
    ("5", "Time & Attendance"),
    ("6", "Co-help Desk"),
    ("7", "API User"),
];

const USER_TYPES: &[(&str, &str)] = &[
    ("1", "Full Access"),
    ("2", "Project Manager"),
    ("3", "Service Desk User"),
    ("10", "Administrator"),
    ("17", "API User (API-only)"),
    ("29", "Co-managed"),
];

const EMAIL_TYPES: &[(&str, &str)] =
    &[("PRIMARY", "Primary"), ("WORK", "Work"), ("OTHER", "Other")];

const RESOURCE: &[Field] = &[
    must(plain("id", "long", 0)),
    plain("accountingReferenceID", "string", 100),
    choice(
        "dateFormat",
        "string",
        &[("MM/dd/yyyy", "MM/dd/yyyy"), ("dd/MM/yyyy", "dd/MM/yyyy")],
    ),
    Field {
        queryable: false,
        ..plain("defaultServiceDeskRoleID", "long", 0)
    },
    must(plain("email", "string", 254)),
    plain("email2", "string", 254),
    plain("email3", "string", 254),
    must(choice("emailTypeCode", "string", EMAIL_TYPES)),
    choice("emailTypeCode2", "string", EMAIL_TYPES),
    choice("emailTypeCode3", "string", EMAIL_TYPES),
    must(plain("firstName", "string", 50)),
    choice("gender", "string", &[("M", "Male"), ("F", "Female")]),
    choice(
        "greeting",
        "integer",
        &[("1", "Mr."), ("2", "Mrs."), ("3", "Ms.")],
    ),
    plain("hireDate", "datetime", 0),
    plain("homePhone", "string", 25),
    plain("initials", "string", 32),
    Field {
        queryable: false,
        ..plain("internalCost", "double", 0)
    },
    plain("isActive", "boolean", 0),
    must(plain("lastName", "string", 50)),
    must(choice("licenseType", "integer", LICENSE_TYPES)),
    must(choice("locationID", "integer", &[("90682", "Head Office")])),
    plain("middleName", "string", 50),
    plain("mobilePhone", "string", 25),
    choice("numberFormat", "string", &[("X,XXX.XX", "X,XXX.XX")]),
    plain("officeExtension", "string", 10),
    plain("officePhone", "string", 25),
    plain("payrollIdentifier", "string", 32),
    choice(
        "payrollType",
        "integer",
        &[("1", "Salary"), ("2", "Hourly")],
    ),
    choice(
        "resourceType",
        "string",
        &[("Employee", "Employee"), ("Contractor", "Contractor")],
    ),
    choice("suffix", "integer", &[("1", "Jr."), ("2", "Sr.")]),
    plain("surveyResourceRating", "double", 0),
    choice(
        "timeFormat",
        "string",
        &[("hh:mm a", "hh:mm a"), ("HH:mm", "HH:mm")],
    ),
    plain("title", "string", 50),
    choice(
        "travelAvailabilityPct",
        "string",
        &[("0%", "0%"), ("25%", "25%")],
    ),
    must(plain("userName", "string", 32)),
    must(choice("userType", "integer", USER_TYPES)),
];

const LEVEL: &[Field] = &[
    must(plain("id", "long", 0)),
    plain("description", "string", 1000),
    plain("isActive", "boolean", 0),
    must(plain("name", "string", 100)),
];

const ASSOCIATION: &[Field] = &[
    must(plain("id", "long", 0)),
    must(plain("organizationalLevel1ID", "integer", 0)),
    must(plain("organizationalLevel2ID", "integer", 0)),
];

const MEMBERSHIP: &[Field] = &[
    must(plain("id", "long", 0)),
    must(plain("organizationalLevelAssociationID", "integer", 0)),
    must(plain("resourceID", "integer", 0)),
];

const COMPANY: &[Field] = &[
    must(plain("id", "long", 0)),
    must(plain("companyName", "string", 100)),
    plain("isActive", "boolean", 0),
    plain("phone", "string", 25),
];

const DEPARTMENT: &[Field] = &[
    must(plain("id", "long", 0)),
    plain("description", "string", 1000),
    must(plain("name", "string", 100)),
    plain("number", "string", 50),
];

/// Lines of business, from 1.
const LINES_OF_BUSINESS: &[&str] = &["Managed Services", "Telephony", "Projects"];

/// All rows of an entity, by id.
pub(crate) fn rows(entity: &Entity, users: &[User]) -> Vec<Value> {
    let seen = users.iter().filter(|user| user.state != UserState::Deleted);
    match entity.path {
        "Resources" => seen.map(resource).collect(),
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
        // Company 0 is the one whose database it is.
        "Companies" => {
            vec![json!({ "id": 0, "companyName": ORGANIZATION, "isActive": true, "phone": null })]
        }
        "Departments" => numbered(super::DEPARTMENTS)
            .map(|(id, name)| json!({ "id": id, "name": name, "description": null, "number": null }))
            .collect(),
        _ => Vec::new(),
    }
}

fn numbered(names: &'static [&'static str]) -> impl Iterator<Item = (usize, &'static str)> {
    names.iter().enumerate().map(|(nth, name)| (nth + 1, *name))
}

/// The id as the number it is in the API.
pub(crate) fn number(user: &User) -> i64 {
    user.id.parse().unwrap_or(RESOURCE_IDS_FROM)
}

fn resource(user: &User) -> Value {
    let api = matches!(
        user.kind,
        UserKind::Connecting | UserKind::Integration | UserKind::Automated
    );
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
        "hireDate": super::date_time(user.created),
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
