//! The objects a client may ask about, with their fields. The connecting user may write tasks and
//! events and only read the rest, as its permission set says.

use super::schema::{Field, Object, Type, may, need};

/// The objects there are.
pub(crate) static OBJECTS: &[Object] = &[
    Object {
        name: "User",
        label_plural: "Users",
        key_prefix: "005",
        fields: USER,
        writable: false,
    },
    Object {
        name: "Organization",
        label_plural: "Organizations",
        key_prefix: "00D",
        fields: ORGANIZATION,
        writable: false,
    },
    Object {
        name: "Profile",
        label_plural: "Profile",
        key_prefix: "00e",
        fields: PROFILE,
        writable: false,
    },
    Object {
        name: "UserLicense",
        label_plural: "User Licenses",
        key_prefix: "100",
        fields: USER_LICENSE,
        writable: false,
    },
    Object {
        name: "UserRole",
        label_plural: "Role",
        key_prefix: "00E",
        fields: USER_ROLE,
        writable: false,
    },
    Object {
        name: "UserLogin",
        label_plural: "User Login",
        key_prefix: "0Yw",
        fields: USER_LOGIN,
        writable: false,
    },
    Object {
        name: "Account",
        label_plural: "Accounts",
        key_prefix: "001",
        fields: ACCOUNT,
        writable: false,
    },
    Object {
        name: "Contact",
        label_plural: "Contacts",
        key_prefix: "003",
        fields: CONTACT,
        writable: false,
    },
    Object {
        name: "Lead",
        label_plural: "Leads",
        key_prefix: "00Q",
        fields: LEAD,
        writable: false,
    },
    Object {
        name: "Task",
        label_plural: "Tasks",
        key_prefix: "00T",
        fields: TASK,
        writable: true,
    },
    Object {
        name: "Event",
        label_plural: "Events",
        key_prefix: "00U",
        fields: EVENT,
        writable: true,
    },
    Object {
        name: "TaskStatus",
        label_plural: "Task Status Value",
        key_prefix: "01j",
        fields: TASK_STATUS,
        writable: false,
    },
];

const USER: &[Field] = &[
    need("Id", Type::Id),
    need("Username", Type::Text(80)),
    need("LastName", Type::Text(80)),
    may("FirstName", Type::Text(40)),
    need("Name", Type::Text(121)),
    may("CompanyName", Type::Text(80)),
    may("Division", Type::Text(80)),
    may("Department", Type::Text(80)),
    may("Title", Type::Text(80)),
    need("Email", Type::Email),
    may("Phone", Type::Phone),
    may("MobilePhone", Type::Phone),
    may("Extension", Type::Phone),
    may("Fax", Type::Phone),
    need("Alias", Type::Text(8)),
    need("CommunityNickname", Type::Text(40)),
    need("IsActive", Type::Boolean),
    need("TimeZoneSidKey", Type::Picklist),
    may(
        "UserRoleId",
        Type::Reference(&["UserRole"], Some("UserRole")),
    ),
    need("LocaleSidKey", Type::Picklist),
    need("EmailEncodingKey", Type::Picklist),
    may("ProfileId", Type::Reference(&["Profile"], Some("Profile"))),
    may("UserType", Type::Picklist),
    need("LanguageLocaleKey", Type::Picklist),
    may("EmployeeNumber", Type::Text(20)),
    may("ManagerId", Type::Reference(&["User"], Some("Manager"))),
    may("CallCenterId", Type::Reference(&["CallCenter"], None)),
    may("FederationIdentifier", Type::Text(512)),
    may("LastLoginDate", Type::DateTime),
    need("CreatedDate", Type::DateTime),
    need("CreatedById", Type::Reference(&["User"], Some("CreatedBy"))),
    need("LastModifiedDate", Type::DateTime),
    need("SystemModstamp", Type::DateTime),
];

const ORGANIZATION: &[Field] = &[
    need("Id", Type::Id),
    need("Name", Type::Text(80)),
    may("Country", Type::Text(80)),
    may("PrimaryContact", Type::Text(80)),
    need("DefaultLocaleSidKey", Type::Picklist),
    need("TimeZoneSidKey", Type::Picklist),
    need("LanguageLocaleKey", Type::Picklist),
    need("OrganizationType", Type::Picklist),
    need("InstanceName", Type::Text(5)),
    need("IsSandbox", Type::Boolean),
    need("IsReadOnly", Type::Boolean),
    may("TrialExpirationDate", Type::DateTime),
    may("NamespacePrefix", Type::Text(15)),
    need("CreatedDate", Type::DateTime),
    need("SystemModstamp", Type::DateTime),
];

const PROFILE: &[Field] = &[
    need("Id", Type::Id),
    need("Name", Type::Text(255)),
    need(
        "UserLicenseId",
        Type::Reference(&["UserLicense"], Some("UserLicense")),
    ),
    may("UserType", Type::Picklist),
    may("Description", Type::Text(255)),
    need("PermissionsApiEnabled", Type::Boolean),
    need("PermissionsViewSetup", Type::Boolean),
    need("CreatedDate", Type::DateTime),
    need("SystemModstamp", Type::DateTime),
];

const USER_LICENSE: &[Field] = &[
    need("Id", Type::Id),
    need("Name", Type::Text(255)),
    need("MasterLabel", Type::Text(255)),
    need("Status", Type::Picklist),
    need("TotalLicenses", Type::Integer),
    need("UsedLicenses", Type::Integer),
    need("CreatedDate", Type::DateTime),
    need("SystemModstamp", Type::DateTime),
];

const USER_ROLE: &[Field] = &[
    need("Id", Type::Id),
    need("Name", Type::Text(80)),
    may("ParentRoleId", Type::Reference(&["UserRole"], None)),
    need("DeveloperName", Type::Text(80)),
    need("SystemModstamp", Type::DateTime),
];

const USER_LOGIN: &[Field] = &[
    need("Id", Type::Id),
    need("UserId", Type::Reference(&["User"], None)),
    need("IsFrozen", Type::Boolean),
    need("IsPasswordLocked", Type::Boolean),
    need("LastModifiedDate", Type::DateTime),
];

const CONTACT: &[Field] = &[
    need("Id", Type::Id),
    need("IsDeleted", Type::Boolean),
    may("AccountId", ACCOUNT_REFERENCE),
    need("LastName", Type::Text(80)),
    may("FirstName", Type::Text(40)),
    need("Name", Type::Text(121)),
    may("Phone", Type::Phone),
    may("Fax", Type::Phone),
    may("MobilePhone", Type::Phone),
    may("HomePhone", Type::Phone),
    may("OtherPhone", Type::Phone),
    may("AssistantPhone", Type::Phone),
    may("Email", Type::Email),
    may("Title", Type::Text(128)),
    may("Department", Type::Text(80)),
    need("OwnerId", Type::Reference(&["User"], Some("Owner"))),
    need("CreatedDate", Type::DateTime),
    need("CreatedById", CREATED_BY),
    need("LastModifiedDate", Type::DateTime),
    need("SystemModstamp", Type::DateTime),
];

const LEAD: &[Field] = &[
    need("Id", Type::Id),
    need("IsDeleted", Type::Boolean),
    need("LastName", Type::Text(80)),
    may("FirstName", Type::Text(40)),
    need("Name", Type::Text(121)),
    may("Title", Type::Text(128)),
    need("Company", Type::Text(255)),
    may("Phone", Type::Phone),
    may("MobilePhone", Type::Phone),
    may("Fax", Type::Phone),
    may("Email", Type::Email),
    need("Status", Type::Picklist),
    need(
        "OwnerId",
        Type::Reference(&["Group", "User"], Some("Owner")),
    ),
    need("IsConverted", Type::Boolean),
    may(
        "ConvertedContactId",
        Type::Reference(&["Contact"], Some("ConvertedContact")),
    ),
    need("CreatedDate", Type::DateTime),
    need("CreatedById", CREATED_BY),
    need("LastModifiedDate", Type::DateTime),
    need("SystemModstamp", Type::DateTime),
];

const ACCOUNT: &[Field] = &[
    need("Id", Type::Id),
    need("IsDeleted", Type::Boolean),
    need("Name", Type::Text(255)),
    may("Type", Type::Picklist),
    may("Phone", Type::Phone),
    may("Fax", Type::Phone),
    may("Website", Type::Text(255)),
    need("OwnerId", Type::Reference(&["User"], Some("Owner"))),
    need("CreatedDate", Type::DateTime),
    need("CreatedById", CREATED_BY),
    need("LastModifiedDate", Type::DateTime),
    need("SystemModstamp", Type::DateTime),
];

/// What people, companies and queues have in common, as seen through a relationship that leads
/// to any of them.
pub(crate) static NAME: Object = Object {
    name: "Name",
    label_plural: "Names",
    key_prefix: "",
    fields: &[
        need("Id", Type::Id),
        need("Name", Type::Text(121)),
        may("FirstName", Type::Text(40)),
        may("LastName", Type::Text(80)),
        may("Email", Type::Email),
        may("Phone", Type::Phone),
        may("Title", Type::Text(128)),
        may("Username", Type::Text(80)),
        may("IsActive", Type::Boolean),
        need("Type", Type::Picklist),
    ],
    writable: false,
};

// The custom field is defined once, on Activity, for tasks and events alike.
const TASK: &[Field] = &[
    need("Id", Type::Id),
    may("WhoId", WHO).set(),
    may("WhatId", WHAT).set(),
    may("Subject", Type::Combobox(255)).set(),
    may("ActivityDate", Type::Date).set(),
    need("Status", Type::Picklist).set(),
    need("Priority", Type::Picklist).set(),
    need("IsHighPriority", Type::Boolean),
    need(
        "OwnerId",
        Type::Reference(&["Group", "User"], Some("Owner")),
    )
    .set(),
    may("Description", Type::TextArea(32_000)).set(),
    may("Type", Type::Picklist).set(),
    need("IsDeleted", Type::Boolean),
    may("AccountId", ACCOUNT_REFERENCE),
    need("IsClosed", Type::Boolean),
    need("IsArchived", Type::Boolean),
    may("CallDurationInSeconds", Type::Integer).set(),
    may("CallType", Type::Picklist).set(),
    may("CallDisposition", Type::Text(255)).set(),
    may("CallObject", Type::Text(255)).set(),
    may("TaskSubtype", Type::Picklist).once(),
    may("CompletedDateTime", Type::DateTime),
    need("CreatedDate", Type::DateTime),
    need("CreatedById", CREATED_BY),
    need("LastModifiedDate", Type::DateTime),
    need("SystemModstamp", Type::DateTime),
    may("CallExtId__c", Type::Text(255)).set().external(),
];

const EVENT: &[Field] = &[
    need("Id", Type::Id),
    may("WhoId", WHO).set(),
    may("WhatId", WHAT).set(),
    may("Subject", Type::Combobox(255)).set(),
    may("Location", Type::Text(255)).set(),
    need("IsAllDayEvent", Type::Boolean).set(),
    may("ActivityDateTime", Type::DateTime).set(),
    may("DurationInMinutes", Type::Integer).set(),
    may("StartDateTime", Type::DateTime).set(),
    may("EndDateTime", Type::DateTime).set(),
    may("Description", Type::TextArea(32_000)).set(),
    need("OwnerId", Type::Reference(&["User"], Some("Owner"))).set(),
    need("IsDeleted", Type::Boolean),
    may("AccountId", ACCOUNT_REFERENCE),
    may("EventSubtype", Type::Picklist).once(),
    need("CreatedDate", Type::DateTime),
    need("CreatedById", CREATED_BY),
    need("LastModifiedDate", Type::DateTime),
    need("SystemModstamp", Type::DateTime),
    may("CallExtId__c", Type::Text(255)).set().external(),
];

const TASK_STATUS: &[Field] = &[
    need("Id", Type::Id),
    need("MasterLabel", Type::Text(255)),
    need("ApiName", Type::Text(255)),
    need("SortOrder", Type::Integer),
    need("IsDefault", Type::Boolean),
    need("IsClosed", Type::Boolean),
];

const CREATED_BY: Type = Type::Reference(&["User"], Some("CreatedBy"));
const ACCOUNT_REFERENCE: Type = Type::Reference(&["Account"], Some("Account"));
const WHO: Type = Type::Reference(&["Contact", "Lead"], Some("Who"));
const WHAT: Type = Type::Reference(&["Account"], Some("What"));

/// The values of a picklist; none where anything goes.
pub(crate) fn picklist(object: &str, field: &str) -> &'static [&'static str] {
    match (object, field) {
        ("User", "UserType") => &[
            "Standard",
            "PowerPartner",
            "PowerCustomerSuccess",
            "CustomerSuccess",
            "Guest",
            "CspLitePortal",
            "CsnOnly",
            "SelfService",
            "AutomatedProcess",
            "CloudIntegrationUser",
        ],
        ("Task", "Status") => TASK_STATUSES,
        ("Task", "Priority") => &["High", "Normal", "Low"],
        ("Task", "Type") => &["Call", "Meeting", "Other"],
        ("Task", "CallType") => &["Internal", "Inbound", "Outbound"],
        ("Task", "TaskSubtype") => &["Task", "Email", "ListEmail", "Cadence", "Call", "LinkedIn"],
        ("Event", "EventSubtype") => &["Event"],
        ("Lead", "Status") => &["Open - Not Contacted", "Working - Contacted"],
        _ => &[],
    }
}

/// Whether other values than those of the picklist are refused.
pub(crate) fn is_restricted(field: &str) -> bool {
    matches!(
        field,
        "CallType" | "TaskSubtype" | "EventSubtype" | "Status" | "Priority"
    )
}

/// The states of a task in an organization that changed nothing.
pub(crate) const TASK_STATUSES: &[&str] = &[
    "Not Started",
    "In Progress",
    "Completed",
    "Waiting on someone else",
    "Deferred",
];

/// The state that closes a task.
pub(crate) const CLOSED: &str = "Completed";
