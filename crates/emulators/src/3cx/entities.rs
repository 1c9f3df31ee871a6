//! The entity sets a client reads, their properties and their rows.

use serde_json::{Value, json};

use super::number;
use crate::directory::{User, UserKind};
use crate::random::Random;

/// The system's version, in the header of every answer.
pub(crate) const VERSION: &str = "20.0.6.724";

/// Departments, in the order of the platform's.
pub(crate) const DEPARTMENTS: &[&str] = &[
    "Support",
    "Sales",
    "Field Service",
    "Network Operations",
    "Customer Success",
    "Finance",
    "Dispatch",
    "Security",
];

/// One entity set.
#[derive(Debug)]
pub(crate) struct Entity {
    /// The name in the path.
    pub(crate) set: &'static str,
    pub(crate) type_name: &'static str,
    properties: &'static [&'static str],
    /// What comes only with `$expand`.
    pub(crate) expands: &'static [&'static str],
}

impl Entity {
    pub(crate) fn has(&self, name: &str) -> bool {
        self.properties.contains(&name)
    }
}

/// The entity set of that name; names count with their case.
pub(crate) fn find(set: &str) -> Option<&'static Entity> {
    ENTITIES.iter().find(|entity| entity.set == set)
}

static ENTITIES: &[Entity] = &[
    Entity {
        set: "Users",
        type_name: "User",
        properties: &[
            "Id",
            "Number",
            "FirstName",
            "LastName",
            "DisplayName",
            "EmailAddress",
            "Mobile",
            "Enabled",
            "IsRegistered",
            "Internal",
            "OutboundCallerID",
            "QueueStatus",
            "CurrentProfileName",
            "PrimaryGroupId",
            "Phones",
            "SIPID",
            "AuthID",
            "AuthPassword",
            "AccessPassword",
            "DeskphonePassword",
            "VMPIN",
            "VMEnabled",
            "Tags",
            "AIAgent",
            "Language",
            "MS365SignInEnabled",
            "GoogleSignInEnabled",
            "Require2FA",
            "HotdeskingAssignment",
            "HideInPhonebook",
        ],
        expands: &["Groups", "ForwardingProfiles"],
    },
    Entity {
        set: "Groups",
        type_name: "Group",
        properties: &[
            "Id",
            "Name",
            "Number",
            "Language",
            "TimeZoneId",
            "IsDefault",
            "HasMembers",
        ],
        expands: &["Members"],
    },
    Entity {
        set: "Members",
        type_name: "UserGroup",
        properties: &[
            "Id",
            "GroupId",
            "Name",
            "Number",
            "MemberName",
            "Type",
            "CanDelete",
            "Tags",
            "Rights",
        ],
        expands: &[],
    },
    Entity {
        set: "Queues",
        type_name: "Queue",
        properties: &[
            "Id",
            "Number",
            "Name",
            "IsRegistered",
            "PollingStrategy",
            "RingTimeout",
            "MasterTimeout",
        ],
        expands: &["Agents", "Managers"],
    },
    Entity {
        set: "Agents",
        type_name: "QueueAgent",
        properties: &["Id", "Number", "Name", "SkillGroup", "Tags"],
        expands: &[],
    },
    Entity {
        set: "Peers",
        type_name: "Peer",
        properties: &["Id", "Number", "Name", "Type", "MemberOf", "Hidden", "Tags"],
        expands: &[],
    },
    Entity {
        set: "DidNumbers",
        type_name: "DidNumber",
        properties: &["Number", "TrunkId", "TemplateFileName"],
        expands: &["RoutingRule"],
    },
    Entity {
        set: "InboundRules",
        type_name: "InboundRule",
        properties: &[
            "Id",
            "RuleName",
            "Data",
            "CustomData",
            "Condition",
            "CallType",
            "OfficeHoursDestination",
            "OutOfOfficeHoursDestination",
            "HolidaysDestination",
            "AlterDestinationDuringOutOfOfficeHours",
            "AlterDestinationDuringHolidays",
        ],
        expands: &["TrunkDN"],
    },
    Entity {
        set: "ActiveCalls",
        type_name: "ActiveCall",
        properties: &[
            "Id",
            "Caller",
            "Callee",
            "Status",
            "LastChangeStatus",
            "EstablishedAt",
            "ServerNow",
        ],
        expands: &[],
    },
    Entity {
        set: "SystemStatus",
        type_name: "SystemStatus",
        properties: &[
            "Id",
            "FQDN",
            "Version",
            "Activated",
            "ProductCode",
            "LicenseActive",
            "LicenseKey",
            "MaxSimCalls",
            "ExtensionsTotal",
            "ExtensionsRegistered",
            "UserExtensions",
            "TrunksTotal",
            "TrunksRegistered",
            "CallsActive",
            "OS",
        ],
        expands: &[],
    },
    Entity {
        set: "Defs",
        type_name: "Defs",
        properties: &["Id"],
        expands: &[],
    },
    Entity {
        set: "LastCdrAndChatMessageTimestamp",
        type_name: "LastCdrAndChatMessageTimestamp",
        properties: &["LastCdrStartedAt", "LastChatMessageTimeSent"],
        expands: &[],
    },
];

/// Where the ids of departments start; the first is the default one.
const GROUP_IDS_FROM: i64 = 28;

/// The department of a user.
pub(crate) fn group_of(user: &User) -> i64 {
    let department = user.department.as_deref().unwrap_or_default();
    let at = DEPARTMENTS.iter().position(|name| *name == department);
    GROUP_IDS_FROM + at.map_or(0, |at| i64::try_from(at + 1).unwrap_or(0))
}

/// The departments: id, number, name.
pub(crate) fn groups() -> impl Iterator<Item = (i64, String, &'static str)> {
    let all = std::iter::once("DEFAULT").chain(DEPARTMENTS.iter().copied());
    all.enumerate().map(|(at, name)| {
        let nth = i64::try_from(at).unwrap_or(0);
        (GROUP_IDS_FROM + nth, format!("GRP{nth:04}"), name)
    })
}

/// The number of the line, as it is written in the record.
pub(crate) fn did(user: &User) -> Option<String> {
    let typed = user.phone.as_ref()?;
    let digits: String = typed
        .replace("(0)", "")
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    let digits = match digits.strip_prefix('0') {
        Some(national) if !national.starts_with('0') => format!("44{national}"),
        _ => digits,
    };
    Some(format!("+{digits}"))
}

/// A user with everything the record holds, secrets included.
pub(crate) fn user_row(user: &User, all: usize, seed: u64) -> Value {
    let id: i64 = user.id.parse().unwrap_or(0);
    let number = number(user, all);
    let mut random = Random::new(seed, "3cx secrets", usize::try_from(id).unwrap_or(0));
    let is_ai = matches!(user.kind, UserKind::Automated);
    let group = group_of(user);
    let name = groups().find(|(id, _, _)| *id == group);
    let (group_number, group_name) =
        name.map_or((String::new(), ""), |(_, number, name)| (number, name));
    let mut row = json!({
        "Id": id,
        "Number": number,
        "FirstName": user.given,
        "LastName": user.family,
        "DisplayName": user.full_name(),
        "EmailAddress": user.email,
        "Mobile": user.mobile.clone().unwrap_or_default(),
        "Enabled": user.is_active(),
        "IsRegistered": user.is_active() && id % 4 != 0,
        "Internal": false,
        "OutboundCallerID": did(user).unwrap_or_default(),
        "QueueStatus": if id % 3 == 0 { "LoggedOut" } else { "LoggedIn" },
        "CurrentProfileName": "Available",
        "PrimaryGroupId": group,
        "Phones": phones(user, id, &mut random),
        "SIPID": "",
        "VMEnabled": true,
        "Tags": if is_ai { json!(["AI"]) } else { json!([]) },
        "AIAgent": is_ai,
        "Language": "EN",
        "MS365SignInEnabled": false,
        "GoogleSignInEnabled": false,
        "Require2FA": false,
        "HotdeskingAssignment": "",
        "HideInPhonebook": false,
        "Groups": [{
            "Id": 5_000 + id, "GroupId": group, "Name": group_name, "Number": group_number,
            "MemberName": user.full_name(), "Type": "Extension", "CanDelete": true, "Tags": [],
            "Rights": { "RoleName": "users" },
        }],
        "ForwardingProfiles": [],
    });
    for (name, length) in [
        ("AuthID", 10),
        ("AuthPassword", 12),
        ("AccessPassword", 12),
        ("DeskphonePassword", 8),
    ] {
        row[name] = json!(random.text(length));
    }
    row["VMPIN"] = json!(format!("{:04}", random.below(10_000)));
    row
}

/// Every third has no desk phone.
fn phones(user: &User, id: i64, random: &mut Random) -> Value {
    if id % 3 == 2 || !user.is_active() {
        return json!([]);
    }
    let mac = format!("0015654{:05X}", random.below(0x10_0000));
    json!([{
        "Id": 20_000 + id, "Name": "Yealink T54W", "MacAddress": mac, "Interface": "192.168.20.10",
        "TemplateName": "yealinkT5x.ph.xml", "ProvisioningLinkExt": null, "ProvisioningLinkLocal": null,
        "Settings": null,
    }])
}

/// A member of a department or an agent of a queue.
pub(crate) fn member_row(user: &User, all: usize) -> Value {
    let id: i64 = user.id.parse().unwrap_or(0);
    json!({
        "Id": 5_000 + id, "GroupId": group_of(user), "Name": user.full_name(), "Number": number(user, all),
        "MemberName": user.full_name(), "Type": "Extension", "CanDelete": true, "Tags": [],
        "Rights": { "RoleName": "users" },
    })
}

/// The rule that leads a number to an extension.
pub(crate) fn rule_row(user: &User, all: usize) -> Value {
    let id: i64 = user.id.parse().unwrap_or(0);
    let to = json!({
        "To": "Extension", "Number": number(user, all), "Name": user.full_name(), "Type": "Extension",
        "External": "", "Tags": [],
    });
    json!({
        "Id": 90_000 + id,
        "RuleName": format!("DID {}", user.full_name()),
        "Data": did(user).unwrap_or_default(),
        "CustomData": "",
        "Condition": "BasedOnDID",
        "CallType": "AllCalls",
        "OfficeHoursDestination": to,
        "OutOfOfficeHoursDestination": { "To": "VoiceMail", "Number": number(user, all), "Name": user.full_name(), "Type": "Extension", "External": "", "Tags": [] },
        "HolidaysDestination": to,
        "AlterDestinationDuringOutOfOfficeHours": true,
        "AlterDestinationDuringHolidays": false,
        "TrunkDN": { "Id": 12, "Number": "10000", "Name": "SIP trunk", "Type": "ExternalLine" },
    })
}
