//! The kinds of records, their properties and how they may be tied to each other.

/// A kind of record.
#[derive(Debug)]
pub(crate) struct Kind {
    /// Its name in paths.
    pub(crate) name: &'static str,
    /// Its name in errors.
    pub(crate) singular: &'static str,
    /// Its number in paths.
    pub(crate) type_id: &'static str,
    /// Scopes of which reading needs one.
    pub(crate) read: &'static [&'static str],
    /// Scopes of which writing needs one; empty where nothing can be written here.
    pub(crate) write: &'static [&'static str],
    /// Properties without which no record is made.
    pub(crate) required: &'static [&'static str],
    /// Properties an answer has when none are named.
    pub(crate) usual: &'static [&'static str],
    pub(crate) properties: &'static [(&'static str, Type)],
    /// Kinds its records can be tied to, and the numbers of such ties.
    pub(crate) ties: &'static [(&'static str, u64)],
}

/// What a property holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Text,
    Number,
    /// A time, in ISO 8601 or milliseconds since 1970.
    Time,
    Owner,
    /// An address that must begin with `https`.
    Secure,
    OneOf(&'static [&'static str]),
    /// Set by the vendor alone.
    ReadOnly,
}

const CONTACTS_READ: &[&str] = &["crm.objects.contacts.read"];
const CONTACTS_WRITE: &[&str] = &["crm.objects.contacts.write"];
const USUAL: &[&str] = &["hs_createdate", "hs_lastmodifieddate", "hs_object_id"];

/// All kinds there are here.
pub(crate) const KINDS: &[Kind] = &[
    Kind {
        name: "contacts",
        singular: "CONTACT",
        type_id: "0-1",
        read: CONTACTS_READ,
        write: &[],
        required: &[],
        usual: &[
            "createdate",
            "email",
            "firstname",
            "hs_object_id",
            "lastmodifieddate",
            "lastname",
        ],
        properties: &[
            ("firstname", Type::Text),
            ("lastname", Type::Text),
            ("email", Type::Text),
            ("phone", Type::Text),
            ("mobilephone", Type::Text),
            ("company", Type::Text),
            ("lifecyclestage", Type::OneOf(&["lead", "customer"])),
            ("hubspot_owner_id", Type::Owner),
            ("associatedcompanyid", Type::ReadOnly),
            ("createdate", Type::ReadOnly),
            ("lastmodifieddate", Type::ReadOnly),
            ("hs_object_id", Type::ReadOnly),
            ("hs_searchable_calculated_phone_number", Type::ReadOnly),
            ("hs_searchable_calculated_mobile_number", Type::ReadOnly),
            (
                "hs_searchable_calculated_international_phone_number",
                Type::ReadOnly,
            ),
            (
                "hs_searchable_calculated_international_mobile_number",
                Type::ReadOnly,
            ),
        ],
        ties: &[("companies", 279)],
    },
    Kind {
        name: "companies",
        singular: "COMPANY",
        type_id: "0-2",
        read: &["crm.objects.companies.read"],
        write: &[],
        required: &[],
        usual: &["createdate", "hs_lastmodifieddate", "hs_object_id", "name"],
        properties: &[
            ("name", Type::Text),
            ("createdate", Type::ReadOnly),
            ("hs_lastmodifieddate", Type::ReadOnly),
            ("hs_object_id", Type::ReadOnly),
        ],
        ties: &[],
    },
    Kind {
        name: "users",
        singular: "USER",
        type_id: "0-115",
        read: &["crm.objects.users.read"],
        write: &[],
        required: &[],
        usual: USUAL,
        properties: &[
            ("hs_given_name", Type::ReadOnly),
            ("hs_family_name", Type::ReadOnly),
            ("hs_email", Type::ReadOnly),
            ("hs_internal_user_id", Type::ReadOnly),
            ("hubspot_owner_id", Type::ReadOnly),
            ("hs_job_title", Type::Text),
            ("hs_main_phone", Type::Text),
            ("hs_deactivated", Type::ReadOnly),
            ("hs_createdate", Type::ReadOnly),
            ("hs_lastmodifieddate", Type::ReadOnly),
            ("hs_object_id", Type::ReadOnly),
        ],
        ties: &[],
    },
    Kind {
        name: "calls",
        singular: "CALL",
        type_id: "0-48",
        read: CONTACTS_READ,
        write: CONTACTS_WRITE,
        required: &["hs_timestamp"],
        usual: USUAL,
        properties: &[
            ("hs_timestamp", Type::Time),
            ("hs_call_title", Type::Text),
            ("hs_call_body", Type::Text),
            ("hs_call_callee_object_id", Type::Number),
            ("hs_call_direction", Type::OneOf(&["INBOUND", "OUTBOUND"])),
            ("hs_call_disposition", Type::Text),
            ("hs_call_duration", Type::Number),
            ("hs_call_from_number", Type::Text),
            ("hs_call_to_number", Type::Text),
            ("hs_call_recording_url", Type::Secure),
            ("hs_call_source", Type::Text),
            ("hs_call_status", Type::OneOf(STATUSES)),
            ("hubspot_owner_id", Type::Owner),
            ("hs_createdate", Type::ReadOnly),
            ("hs_lastmodifieddate", Type::ReadOnly),
            ("hs_object_id", Type::ReadOnly),
        ],
        ties: &[
            ("contacts", 194),
            ("companies", 182),
            ("deals", 206),
            ("tickets", 220),
        ],
    },
    Kind {
        name: "notes",
        singular: "NOTE",
        type_id: "0-46",
        read: CONTACTS_READ,
        write: CONTACTS_WRITE,
        required: &["hs_timestamp"],
        usual: USUAL,
        properties: &[
            ("hs_timestamp", Type::Time),
            ("hs_note_body", Type::Text),
            ("hs_attachment_ids", Type::Text),
            ("hubspot_owner_id", Type::Owner),
            ("hs_createdate", Type::ReadOnly),
            ("hs_lastmodifieddate", Type::ReadOnly),
            ("hs_object_id", Type::ReadOnly),
        ],
        ties: &[
            ("contacts", 202),
            ("companies", 190),
            ("deals", 214),
            ("tickets", 228),
        ],
    },
    Kind {
        name: "tasks",
        singular: "TASK",
        type_id: "0-27",
        read: CONTACTS_READ,
        write: CONTACTS_WRITE,
        required: &["hs_timestamp"],
        usual: USUAL,
        properties: &[
            ("hs_timestamp", Type::Time),
            ("hs_task_subject", Type::Text),
            ("hs_task_body", Type::Text),
            (
                "hs_task_status",
                Type::OneOf(&[
                    "NOT_STARTED",
                    "IN_PROGRESS",
                    "WAITING",
                    "DEFERRED",
                    "COMPLETED",
                ]),
            ),
            ("hs_task_priority", Type::OneOf(&["LOW", "MEDIUM", "HIGH"])),
            ("hs_task_type", Type::OneOf(&["CALL", "EMAIL", "TODO"])),
            ("hubspot_owner_id", Type::Owner),
            ("hs_createdate", Type::ReadOnly),
            ("hs_lastmodifieddate", Type::ReadOnly),
            ("hs_object_id", Type::ReadOnly),
        ],
        ties: &[
            ("contacts", 204),
            ("companies", 192),
            ("deals", 216),
            ("tickets", 230),
        ],
    },
    Kind {
        name: "tickets",
        singular: "TICKET",
        type_id: "0-5",
        read: &["tickets"],
        write: &["tickets"],
        required: &["hs_pipeline_stage", "subject"],
        usual: &[
            "content",
            "createdate",
            "hs_lastmodifieddate",
            "hs_object_id",
            "hs_pipeline",
            "hs_pipeline_stage",
            "subject",
        ],
        properties: &[
            ("subject", Type::Text),
            ("content", Type::Text),
            ("hs_pipeline", Type::OneOf(&["0"])),
            ("hs_pipeline_stage", Type::OneOf(&["1", "2", "3", "4"])),
            (
                "hs_ticket_priority",
                Type::OneOf(&["LOW", "MEDIUM", "HIGH", "URGENT"]),
            ),
            ("hubspot_owner_id", Type::Owner),
            ("createdate", Type::ReadOnly),
            ("hs_lastmodifieddate", Type::ReadOnly),
            ("hs_object_id", Type::ReadOnly),
        ],
        ties: &[("contacts", 16), ("companies", 339), ("companies", 26)],
    },
];

const STATUSES: &[&str] = &[
    "BUSY",
    "CALLING_CRM_USER",
    "CANCELED",
    "COMPLETED",
    "CONNECTING",
    "FAILED",
    "IN_PROGRESS",
    "MISSED",
    "NO_ANSWER",
    "QUEUED",
    "RINGING",
];

/// The kind by its name or number.
pub(crate) fn kind(name: &str) -> Option<&'static Kind> {
    let singular = |kind: &Kind| kind.singular.eq_ignore_ascii_case(name);
    let mut all = KINDS.iter();
    all.find(|kind| kind.name == name || kind.type_id == name || singular(kind))
}
