//! What lists consist of: members, contacts, companies, records; and their fields by path.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::contacts::{Contact, ContactKind};
use crate::directory::{User, UserKind};

/// One row of a list, made only when it is shown.
pub(crate) trait Entry {
    fn id(&self) -> i64;

    /// The value at a path such as `company/name`; null where there is none.
    fn value(&self, path: &str) -> Value {
        at(&self.row(), path)
    }

    fn row(&self) -> Value;
}

impl Entry for Value {
    fn id(&self) -> i64 {
        self["id"].as_i64().unwrap_or(0)
    }

    fn value(&self, path: &str) -> Value {
        at(self, path)
    }

    fn row(&self) -> Value {
        self.clone()
    }
}

/// The value at a path with slashes or points. When a record changed stands in `_info` and is
/// asked for without it.
pub(crate) fn at(row: &Value, path: &str) -> Value {
    let mut found = row;
    for part in path.split(['/', '.']) {
        found = match part {
            "lastUpdated" | "updatedBy" | "dateEntered" | "enteredBy" if found[part].is_null() => {
                &found["_info"][part]
            }
            _ => &found[part],
        };
    }
    found.clone()
}

/// Whether a field of that name holds a time.
pub(crate) fn is_time(name: &str) -> bool {
    matches!(
        name,
        "lastUpdated"
            | "dateEntered"
            | "dateCreated"
            | "dateStart"
            | "dateEnd"
            | "timeStart"
            | "timeEnd"
            | "inactiveDate"
            | "lastLogin"
            | "hireDate"
            | "closedDate"
            | "requiredDate"
            | "dateAcquired"
    )
}

/// A time as the vendor writes it.
pub(crate) fn date_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The row without the fields that hold nothing: the vendor leaves them out.
pub(crate) fn without_nulls(row: Value) -> Value {
    match row {
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .filter(|(_, value)| !value.is_null())
                .collect::<Map<_, _>>(),
        ),
        other => other,
    }
}

/// The digits of a number: punctuation is not kept.
pub(crate) fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

pub(crate) fn number(id: &str) -> i64 {
    id.parse().unwrap_or(0)
}

/// Full, API, `StreamlineIT` (a customer's) or subcontractor.
pub(crate) fn license_class(kind: UserKind) -> &'static str {
    match kind {
        UserKind::Connecting | UserKind::Integration | UserKind::Automated => "A",
        UserKind::Portal | UserKind::Guest | UserKind::Social => "C",
        UserKind::Consultant => "X",
        UserKind::Person | UserKind::SharedMailbox => "F",
    }
}

/// A member as `/system/members` shows it.
pub(crate) struct Member<'a>(pub(crate) &'a User);

impl Entry for Member<'_> {
    fn id(&self) -> i64 {
        number(&self.0.id)
    }

    /// What lists are asked for most, without making the whole row.
    fn value(&self, path: &str) -> Value {
        let user = self.0;
        match path {
            "id" => json!(self.id()),
            "identifier" => json!(user.username),
            "inactiveFlag" => json!(!user.is_active()),
            "licenseClass" => json!(license_class(user.kind)),
            "lastUpdated" | "_info/lastUpdated" => json!(date_time(user.modified)),
            _ => at(&self.row(), path),
        }
    }

    fn row(&self) -> Value {
        let user = self.0;
        let api = license_class(user.kind) == "A";
        let manager = user
            .title
            .as_deref()
            .is_some_and(|title| title.contains("Manager"));
        let role = match (api, manager) {
            (true, _) => json!({ "id": 71, "name": "Counterpart API" }),
            (_, true) => json!({ "id": 63, "name": "Admin" }),
            _ => json!({ "id": 64, "name": "Technician" }),
        };
        without_nulls(json!({
            "id": self.id(),
            "identifier": user.username,
            "firstName": user.given,
            "lastName": user.family,
            "title": user.title,
            "licenseClass": license_class(user.kind),
            "disableOnlineFlag": false,
            "type": { "id": 1, "name": if api { "Integration" } else { "Employee" } },
            "employeeIdentifer": user.employee_number,
            "timeZone": { "id": 1, "name": "GMT Standard Time" },
            "inactiveDate": (!user.is_active()).then(|| date_time(user.modified)),
            "inactiveFlag": !user.is_active(),
            "lastLogin": user.last_login.map(date_time),
            "officeEmail": Some(&user.email).filter(|email| !email.is_empty()),
            "officePhone": user.phone.as_deref().map(digits),
            "officeExtension": user.extension,
            "mobilePhone": user.mobile.as_deref().map(digits),
            "defaultEmail": "Office",
            "primaryEmail": Some(&user.email).filter(|email| !email.is_empty() && !api),
            "defaultPhone": "Office",
            "securityRole": role,
            "adminFlag": manager,
            "defaultDepartment": user.department.as_ref().map(|name| json!({ "id": 10, "name": name })),
            "workRole": { "id": 5, "name": "Engineer" },
            "hireDate": date_time(user.created),
            "phoneIntegrationType": "NONE",
            "_info": { "lastUpdated": date_time(user.modified), "updatedBy": "zadmin" },
        }))
    }
}

/// A member as `/system/info/members` shows it: less, for less rights.
pub(crate) struct MemberInfo<'a>(pub(crate) &'a User);

impl Entry for MemberInfo<'_> {
    fn id(&self) -> i64 {
        number(&self.0.id)
    }

    fn value(&self, path: &str) -> Value {
        match path {
            "id" | "identifier" | "inactiveFlag" | "licenseClass" | "lastUpdated" => {
                Member(self.0).value(path)
            }
            _ => at(&self.row(), path),
        }
    }

    fn row(&self) -> Value {
        let user = self.0;
        without_nulls(json!({
            "id": self.id(),
            "identifier": user.username,
            "firstName": user.given,
            "lastName": user.family,
            "fullName": user.full_name(),
            "defaultEmail": Some(&user.email).filter(|email| !email.is_empty()),
            "licenseClass": license_class(user.kind),
            "inactiveFlag": !user.is_active(),
            "_info": { "lastUpdated": date_time(user.modified) },
        }))
    }
}

/// A company in short, as other records refer to it.
pub(crate) fn company_reference(contact: &Contact) -> Value {
    json!({
        "id": number(&contact.company_id),
        "identifier": company_identifier(&contact.company),
        "name": contact.company,
    })
}

/// Letters and digits, at most 25.
pub(crate) fn company_identifier(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .take(25)
        .collect()
}

/// A contact with its communication items.
pub(crate) fn contact_row(contact: &Contact) -> Value {
    let id = number(&contact.id);
    let prospect = contact.kind == ContactKind::Lead;
    without_nulls(json!({
        "id": id,
        "firstName": contact.given,
        "lastName": contact.family,
        "company": company_reference(contact),
        "site": { "id": number(&contact.company_id) + 1, "name": "Main" },
        "inactiveFlag": false,
        "defaultPhoneType": contact.phone.is_some().then_some("Direct"),
        "defaultPhoneNbr": contact.phone.as_deref().map(digits),
        "unsubscribeFlag": false,
        "defaultFlag": false,
        "communicationItems": communication_items(contact),
        "types": [if prospect { json!({ "id": 3, "name": "Prospect" }) } else { json!({ "id": 1, "name": "End User" }) }],
        "_info": {
            "lastUpdated": date_time(contact.modified), "updatedBy": "zadmin",
            "dateEntered": date_time(contact.created), "enteredBy": "zadmin",
        },
    }))
}

/// The ways to reach a contact: one row for each, also asked for apart.
pub(crate) fn communication_items(contact: &Contact) -> Vec<Value> {
    let id = number(&contact.id) * 10;
    let phone = |nth: i64, kind: i64, name: &str, value: &String| {
        json!({
            "id": id + nth, "type": { "id": kind, "name": name }, "value": digits(value),
            "defaultFlag": nth == 1, "communicationType": "Phone",
        })
    };
    let email = |value: &String| {
        let domain = value.find('@').map_or("", |at| &value[at..]);
        json!({
            "id": id + 3, "type": { "id": 1, "name": "Email" }, "value": value,
            "defaultFlag": true, "domain": domain, "communicationType": "Email",
        })
    };
    let phones = contact
        .phone
        .iter()
        .map(|value| phone(1, 2, "Direct", value));
    let mobiles = contact
        .mobile
        .iter()
        .map(|value| phone(2, 4, "Cell", value));
    let emails = contact.email.iter().map(email);
    phones.chain(mobiles).chain(emails).collect()
}

/// The companies of the contacts, by id.
pub(crate) fn company_rows(contacts: &[Contact]) -> Vec<Value> {
    let mut seen = std::collections::BTreeMap::new();
    for contact in contacts {
        seen.entry(number(&contact.company_id)).or_insert(contact);
    }
    seen.into_iter()
        .map(|(id, contact)| {
            json!({
                "id": id,
                "identifier": company_identifier(&contact.company),
                "name": contact.company,
                "status": { "id": 1, "name": "Active" },
                "phoneNumber": format!("01632{:06}", 960_000 + id % 1_000),
                "leadFlag": false,
                "unsubscribeFlag": false,
                "deletedFlag": false,
                "types": [{ "id": 1, "name": "Client" }],
                "_info": {
                    "lastUpdated": date_time(contact.modified), "updatedBy": "zadmin",
                    "dateEntered": date_time(contact.created), "enteredBy": "zadmin",
                },
            })
        })
        .collect()
}
