//! The fields of customers, of what is written about them, and of webhooks.

use super::fields::{Field, ID, choice, kept, must, plain};

type Picklist = &'static [(&'static str, &'static str)];

/// 5 is complete, as with every customer of the vendor's; the others are theirs to name.
const STATUSES: Picklist = &[("1", "New"), ("5", "Complete"), ("8", "In Progress")];
const PRIORITIES: Picklist = &[
    ("1", "High"),
    ("2", "Medium"),
    ("3", "Low"),
    ("4", "Critical"),
];
const QUEUES: Picklist = &[("5", "Client Portal"), ("29683378", "Level I Support")];
const SOURCES: Picklist = &[("2", "Phone"), ("4", "Email")];
const NOTE_TYPES: Picklist = &[
    ("1", "Task Summary"),
    ("2", "Task Detail"),
    ("3", "Task Notes"),
];
const PUBLISH: Picklist = &[
    ("1", "All Autotask Users"),
    ("2", "Internal Project Team"),
    ("4", "Internal & Co-Managed"),
];

pub(crate) const COMPANY: &[Field] = &[
    ID,
    must(plain("companyName", "string", 100)),
    plain("companyNumber", "string", 50),
    plain("isActive", "boolean", 0),
    plain("phone", "string", 25),
    plain("alternatePhone1", "string", 25),
    plain("alternatePhone2", "string", 25),
    must(plain("ownerResourceID", "integer", 0)),
    kept("createDate", "datetime"),
    kept("lastActivityDate", "datetime"),
    kept("lastTrackedModifiedDateTime", "datetime"),
];

pub(crate) const CONTACT: &[Field] = &[
    ID,
    must(plain("companyID", "integer", 0)),
    must(plain("firstName", "string", 50)),
    must(plain("lastName", "string", 50)),
    plain("title", "string", 50),
    plain("emailAddress", "string", 254),
    plain("emailAddress2", "string", 254),
    plain("emailAddress3", "string", 254),
    plain("phone", "string", 25),
    plain("alternatePhone", "string", 32),
    plain("mobilePhone", "string", 25),
    plain("extension", "string", 10),
    plain("faxNumber", "string", 25),
    plain("externalID", "string", 50),
    // 1 or 0, where other entities have a boolean.
    must(plain("isActive", "integer", 0)),
    kept("createDate", "datetime"),
    kept("lastActivityDate", "datetime"),
    kept("lastModifiedDate", "datetime"),
];

pub(crate) const TICKET: &[Field] = &[
    ID,
    kept("ticketNumber", "string"),
    must(plain("companyID", "integer", 0)),
    plain("contactID", "integer", 0),
    must(plain("title", "string", 255)),
    plain("description", "string", 8000),
    plain("resolution", "string", 32000),
    must(choice("status", "integer", STATUSES)),
    must(choice("priority", "integer", PRIORITIES)),
    choice("queueID", "integer", QUEUES),
    choice("source", "integer", SOURCES),
    choice("ticketCategory", "integer", &[("3", "Standard")]),
    choice(
        "ticketType",
        "integer",
        &[("1", "Service Request"), ("2", "Incident")],
    ),
    plain("assignedResourceID", "integer", 0),
    plain("assignedResourceRoleID", "integer", 0),
    plain("dueDateTime", "datetime", 0),
    plain("externalID", "string", 50),
    kept("completedDate", "datetime"),
    kept("createDate", "datetime"),
    kept("creatorResourceID", "integer"),
    kept("impersonatorCreatorResourceID", "integer"),
    kept("lastActivityDate", "datetime"),
    kept("lastTrackedModificationDateTime", "datetime"),
];

pub(crate) const TICKET_NOTE: &[Field] = &[
    ID,
    must(plain("ticketID", "integer", 0)),
    plain("title", "string", 250),
    must(plain("description", "string", 32000)),
    must(choice("noteType", "integer", NOTE_TYPES)),
    must(choice("publish", "integer", PUBLISH)),
    kept("createDateTime", "datetime"),
    kept("creatorResourceID", "integer"),
    kept("impersonatorCreatorResourceID", "integer"),
    kept("impersonatorUpdaterResourceID", "integer"),
    kept("lastActivityDate", "datetime"),
];

pub(crate) const TIME_ENTRY: &[Field] = &[
    ID,
    plain("ticketID", "integer", 0),
    plain("taskID", "integer", 0),
    must(plain("resourceID", "integer", 0)),
    plain("roleID", "integer", 0),
    plain("billingCodeID", "integer", 0),
    plain("dateWorked", "datetime", 0),
    plain("startDateTime", "datetime", 0),
    plain("endDateTime", "datetime", 0),
    plain("hoursWorked", "double", 0),
    plain("hoursToBill", "double", 0),
    plain("summaryNotes", "string", 32000),
    plain("internalNotes", "string", 32000),
    kept("timeEntryType", "integer"),
    kept("createDateTime", "datetime"),
    kept("creatorUserID", "integer"),
    kept("lastModifiedDateTime", "datetime"),
];

pub(crate) const TO_DO: &[Field] = &[
    ID,
    must(plain("companyID", "integer", 0)),
    plain("contactID", "integer", 0),
    plain("ticketID", "integer", 0),
    must(plain("actionType", "integer", 0)),
    must(plain("assignedToResourceID", "integer", 0)),
    must(plain("startDateTime", "datetime", 0)),
    must(plain("endDateTime", "datetime", 0)),
    plain("activityDescription", "string", 32000),
    plain("completedDate", "datetime", 0),
    kept("createDateTime", "datetime"),
    kept("creatorResourceID", "integer"),
    kept("impersonatorCreatorResourceID", "integer"),
    kept("lastModifiedDate", "datetime"),
];

pub(crate) const COMPANY_NOTE: &[Field] = &[
    ID,
    must(plain("companyID", "integer", 0)),
    plain("contactID", "integer", 0),
    plain("ticketID", "integer", 0),
    must(plain("actionType", "integer", 0)),
    must(plain("assignedResourceID", "integer", 0)),
    must(plain("startDateTime", "datetime", 0)),
    must(plain("endDateTime", "datetime", 0)),
    plain("name", "string", 128),
    plain("note", "string", 32000),
    plain("completedDateTime", "datetime", 0),
    kept("createDateTime", "datetime"),
    kept("impersonatorCreatorResourceID", "integer"),
    kept("impersonatorUpdaterResourceID", "integer"),
    kept("lastModifiedDate", "datetime"),
];

pub(crate) const ACTION_TYPE: &[Field] = &[
    ID,
    must(plain("name", "string", 32)),
    plain("isActive", "boolean", 0),
    kept("isSystemActionType", "boolean"),
    must(plain("view", "integer", 0)),
];

pub(crate) const ROLE: &[Field] = &[
    ID,
    must(plain("name", "string", 200)),
    must(plain("isActive", "boolean", 0)),
    plain("description", "string", 200),
    must(plain("hourlyRate", "double", 0)),
];

pub(crate) const RESOURCE_ROLE: &[Field] = &[
    ID,
    must(plain("resourceID", "integer", 0)),
    must(plain("roleID", "integer", 0)),
    plain("departmentID", "integer", 0),
    plain("queueID", "integer", 0),
    plain("isActive", "boolean", 0),
];

pub(crate) const DESK_ROLE: &[Field] = &[
    ID,
    must(plain("resourceID", "integer", 0)),
    must(plain("roleID", "integer", 0)),
    plain("isDefault", "boolean", 0),
    plain("isActive", "boolean", 0),
];

pub(crate) const WEBHOOK: &[Field] = &[
    ID,
    must(plain("name", "string", 100)),
    must(plain("webhookUrl", "string", 1000)),
    must(plain("deactivationUrl", "string", 1000)),
    must(plain("secretKey", "string", 64)),
    must(plain("isActive", "boolean", 0)),
    plain("isSubscribedToCreateEvents", "boolean", 0),
    plain("isSubscribedToUpdateEvents", "boolean", 0),
    plain("isSubscribedToDeleteEvents", "boolean", 0),
    must(plain("sendThresholdExceededNotification", "boolean", 0)),
    plain("notificationEmailAddress", "string", 512),
    plain("ownerResourceID", "integer", 0),
    kept("isReady", "boolean"),
    kept("webhookGUID", "string"),
];

pub(crate) const WEBHOOK_FIELD: &[Field] = &[
    ID,
    must(plain("webhookID", "integer", 0)),
    must(choice(
        "fieldID",
        "integer",
        &[
            ("1", "Status"),
            ("2", "Title"),
            ("3", "Phone"),
            ("4", "Email Address"),
        ],
    )),
    must(plain("isSubscribedField", "boolean", 0)),
    plain("isDisplayAlwaysField", "boolean", 0),
];

pub(crate) const EXCLUDED_RESOURCE: &[Field] = &[
    ID,
    must(plain("webhookID", "integer", 0)),
    must(plain("resourceID", "integer", 0)),
];
