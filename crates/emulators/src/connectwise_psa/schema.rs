//! What can be written: fields with their kinds and bounds, and the small lists they refer to.

use super::list::Listed;

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// Text of at most so many characters; 0: any number.
    Text(usize),
    Whole,
    Number,
    Flag,
    Time,
    Choice(&'static [&'static str]),
    Reference(Target),
}

/// What a reference leads to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    Member,
    Company,
    Contact,
    Ticket,
    /// Of a ticket, on its board.
    Status,
    /// One of a small list, by id or name.
    Setup(&'static str, &'static [(i64, &'static str)]),
}

/// One field that can be written.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
}

const fn field(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        kind,
        required: false,
    }
}

const fn must(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        kind,
        required: true,
    }
}

/// A kind of record that clients write.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) listed: Listed,
    pub(crate) fields: &'static [Field],
    /// The reference that says whose it is.
    pub(crate) owner: &'static str,
}

pub(crate) const ACTIVITY_TYPES: &[(i64, &str)] =
    &[(1, "Call"), (2, "Email"), (3, "Meeting"), (4, "Task")];
pub(crate) const ACTIVITY_STATUSES: &[(i64, &str)] = &[(1, "Open"), (2, "Closed")];
pub(crate) const BOARDS: &[(i64, &str)] = &[(1, "Help Desk"), (21, "Telephony")];
/// Statuses with the board each belongs to.
pub(crate) const BOARD_STATUSES: &[(i64, &str, i64)] = &[
    (16, "New", 1),
    (17, "In Progress", 1),
    (18, "Closed", 1),
    (516, "New", 21),
    (517, "Closed", 21),
];
pub(crate) const PRIORITIES: &[(i64, &str)] = &[
    (1, "Priority 1 - Critical"),
    (4, "Priority 3 - Normal"),
    (5, "Priority 4 - Low"),
];
pub(crate) const SOURCES: &[(i64, &str)] = &[(1, "Phone"), (2, "Email"), (3, "Portal")];
pub(crate) const WORK_TYPES: &[(i64, &str)] = &[(1, "Regular"), (2, "After Hours")];
pub(crate) const WORK_ROLES: &[(i64, &str)] = &[(5, "Engineer"), (6, "Help Desk")];
pub(crate) const CHARGE_TO: &[&str] = &["ServiceTicket", "ProjectTicket", "ChargeCode", "Activity"];
const BILLABLE: &[&str] = &["Billable", "DoNotBill", "NoCharge", "NoDefault"];

const MEMBER: Kind = Kind::Reference(Target::Member);
const COMPANY: Kind = Kind::Reference(Target::Company);
const CONTACT: Kind = Kind::Reference(Target::Contact);

pub(crate) static ACTIVITY: Written = Written {
    listed: Listed {
        name: "activity",
        fields: &[
            "name",
            "type",
            "company",
            "contact",
            "phoneNumber",
            "email",
            "status",
            "opportunity",
            "ticket",
            "notes",
            "dateStart",
            "dateEnd",
            "assignedBy",
            "assignTo",
            "notifyFlag",
            "mobileGuid",
        ],
        children: &[],
        users: false,
    },
    fields: &[
        must("name", Kind::Text(100)),
        field(
            "type",
            Kind::Reference(Target::Setup("Activity Type", ACTIVITY_TYPES)),
        ),
        field("company", COMPANY),
        field("contact", CONTACT),
        field("phoneNumber", Kind::Text(30)),
        field("email", Kind::Text(250)),
        field(
            "status",
            Kind::Reference(Target::Setup("Activity Status", ACTIVITY_STATUSES)),
        ),
        field("ticket", Kind::Reference(Target::Ticket)),
        field("notes", Kind::Text(0)),
        field("dateStart", Kind::Time),
        field("dateEnd", Kind::Time),
        field("assignedBy", MEMBER),
        must("assignTo", MEMBER),
        field("notifyFlag", Kind::Flag),
        field("mobileGuid", Kind::Text(36)),
    ],
    owner: "assignTo",
};

pub(crate) static TICKET: Written = Written {
    listed: Listed {
        name: "ticket",
        fields: &[
            "summary",
            "recordType",
            "board",
            "status",
            "company",
            "contact",
            "contactName",
            "contactPhoneNumber",
            "contactEmailAddress",
            "owner",
            "priority",
            "source",
            "severity",
            "impact",
            "externalXRef",
            "closedFlag",
            "closedDate",
            "requiredDate",
            "customerUpdatedFlag",
            "mobileGuid",
        ],
        children: &[],
        users: false,
    },
    fields: &[
        must("summary", Kind::Text(100)),
        field(
            "board",
            Kind::Reference(Target::Setup("Service Board", BOARDS)),
        ),
        field("status", Kind::Reference(Target::Status)),
        must("company", COMPANY),
        field("contact", CONTACT),
        field("contactName", Kind::Text(62)),
        field("contactPhoneNumber", Kind::Text(20)),
        field("contactPhoneExtension", Kind::Text(15)),
        field("contactEmailAddress", Kind::Text(250)),
        field("owner", MEMBER),
        field(
            "priority",
            Kind::Reference(Target::Setup("Priority", PRIORITIES)),
        ),
        field("source", Kind::Reference(Target::Setup("Source", SOURCES))),
        field("requiredDate", Kind::Time),
        field("severity", Kind::Choice(&["Low", "Medium", "High"])),
        field("impact", Kind::Choice(&["Low", "Medium", "High"])),
        field("externalXRef", Kind::Text(100)),
        field("initialDescription", Kind::Text(0)),
        field("initialInternalAnalysis", Kind::Text(0)),
        field("processNotifications", Kind::Flag),
        field("skipCallback", Kind::Flag),
        field("mobileGuid", Kind::Text(36)),
    ],
    owner: "owner",
};

pub(crate) static NOTE: Written = Written {
    listed: Listed {
        name: "serviceNote",
        fields: &[
            "ticketId",
            "text",
            "detailDescriptionFlag",
            "internalAnalysisFlag",
            "resolutionFlag",
            "issueFlag",
            "member",
            "contact",
            "dateCreated",
            "createdBy",
            "internalFlag",
            "externalFlag",
        ],
        children: &[],
        users: false,
    },
    fields: &[
        must("text", Kind::Text(0)),
        field("detailDescriptionFlag", Kind::Flag),
        field("internalAnalysisFlag", Kind::Flag),
        field("resolutionFlag", Kind::Flag),
        field("issueFlag", Kind::Flag),
        field("member", MEMBER),
        field("contact", CONTACT),
        field("customerUpdatedFlag", Kind::Flag),
        field("processNotifications", Kind::Flag),
        field("internalFlag", Kind::Flag),
        field("externalFlag", Kind::Flag),
    ],
    owner: "member",
};

pub(crate) static TIME: Written = Written {
    listed: Listed {
        name: "timeEntry",
        fields: &[
            "company",
            "chargeToId",
            "chargeToType",
            "member",
            "workType",
            "workRole",
            "timeStart",
            "timeEnd",
            "actualHours",
            "billableOption",
            "notes",
            "internalNotes",
            "ticket",
            "status",
            "dateEntered",
            "enteredBy",
            "mobileGuid",
        ],
        children: &[],
        users: false,
    },
    fields: &[
        field("chargeToId", Kind::Whole),
        field("chargeToType", Kind::Choice(CHARGE_TO)),
        field("company", COMPANY),
        field("member", MEMBER),
        field(
            "workType",
            Kind::Reference(Target::Setup("Work Type", WORK_TYPES)),
        ),
        field(
            "workRole",
            Kind::Reference(Target::Setup("Work Role", WORK_ROLES)),
        ),
        must("timeStart", Kind::Time),
        field("timeEnd", Kind::Time),
        field("actualHours", Kind::Number),
        field("billableOption", Kind::Choice(BILLABLE)),
        field("notes", Kind::Text(0)),
        field("internalNotes", Kind::Text(0)),
        field("addToDetailDescriptionFlag", Kind::Flag),
        field("addToInternalAnalysisFlag", Kind::Flag),
        field("addToResolutionFlag", Kind::Flag),
        field("mobileGuid", Kind::Text(36)),
    ],
    owner: "member",
};

pub(crate) static CALLBACK: Written = Written {
    listed: Listed {
        name: "callbackEntry",
        fields: &[
            "description",
            "url",
            "objectId",
            "type",
            "level",
            "memberId",
            "payloadVersion",
            "inactiveFlag",
            "isSelfSuppressedFlag",
        ],
        children: &[],
        users: false,
    },
    fields: &[
        field("description", Kind::Text(100)),
        must("url", Kind::Text(0)),
        must("objectId", Kind::Whole),
        must(
            "type",
            Kind::Choice(&[
                "Activity",
                "Agreement",
                "Company",
                "Configuration",
                "Contact",
                "Expense",
                "Invoice",
                "Member",
                "Opportunity",
                "Project",
                "PurchaseOrder",
                "Schedule",
                "Site",
                "Ticket",
                "Time",
            ]),
        ),
        must("level", Kind::Text(50)),
        field("memberId", Kind::Whole),
        field("payloadVersion", Kind::Text(0)),
        field("inactiveFlag", Kind::Flag),
        field("isSoapCallbackFlag", Kind::Flag),
        field("isSelfSuppressedFlag", Kind::Flag),
    ],
    owner: "",
};
