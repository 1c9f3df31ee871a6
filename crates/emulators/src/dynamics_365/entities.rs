//! The tables a client may ask about. The connecting user may write activities and notes and only
//! read the rest, as its security role says.

use super::schema::{Column, Entity, Kind, Navigation, column, to};

/// The tables there are.
pub(crate) static ENTITIES: &[Entity] = &[
    Entity {
        name: "systemuser",
        set: "systemusers",
        key: "systemuserid",
        title: "fullname",
        columns: USER,
        navigations: &[to("businessunitid", "businessunitid", "businessunit")],
        alternate_keys: &["azureactivedirectoryobjectid"],
        tracked: true,
        writable: false,
    },
    Entity {
        name: "contact",
        set: "contacts",
        key: "contactid",
        title: "fullname",
        columns: CONTACT,
        navigations: &[
            to("parentcustomerid_account", "parentcustomerid", "account"),
            to("owninguser", "owninguser", "systemuser"),
        ],
        alternate_keys: &[],
        tracked: true,
        writable: false,
    },
    Entity {
        name: "lead",
        set: "leads",
        key: "leadid",
        title: "fullname",
        columns: LEAD,
        navigations: &[to("owninguser", "owninguser", "systemuser")],
        alternate_keys: &[],
        tracked: true,
        writable: false,
    },
    Entity {
        name: "account",
        set: "accounts",
        key: "accountid",
        title: "name",
        columns: ACCOUNT,
        navigations: &[to("owninguser", "owninguser", "systemuser")],
        alternate_keys: &[],
        tracked: true,
        writable: false,
    },
    Entity {
        name: "phonecall",
        set: "phonecalls",
        key: "activityid",
        title: "subject",
        columns: PHONE_CALL,
        navigations: PHONE_CALL_LINKS,
        alternate_keys: &["new_callid"],
        tracked: false,
        writable: true,
    },
    Entity {
        name: "task",
        set: "tasks",
        key: "activityid",
        title: "subject",
        columns: TASK,
        navigations: TASK_LINKS,
        alternate_keys: &["new_callid"],
        tracked: false,
        writable: true,
    },
    Entity {
        name: "annotation",
        set: "annotations",
        key: "annotationid",
        title: "subject",
        columns: ANNOTATION,
        navigations: ANNOTATION_LINKS,
        alternate_keys: &[],
        tracked: false,
        writable: true,
    },
    Entity {
        name: "organization",
        set: "organizations",
        key: "organizationid",
        title: "name",
        columns: &[
            column("organizationid", Kind::Id),
            column("name", Kind::Text(160)),
            column("languagecode", Kind::Integer),
            column("localeid", Kind::Integer),
            column("isauditenabled", Kind::Boolean),
            column("createdon", Kind::Time),
            column("modifiedon", Kind::Time),
            column("versionnumber", Kind::BigInt),
        ],
        navigations: &[],
        alternate_keys: &[],
        tracked: false,
        writable: false,
    },
    Entity {
        name: "businessunit",
        set: "businessunits",
        key: "businessunitid",
        title: "name",
        columns: &[
            column("businessunitid", Kind::Id),
            column("name", Kind::Text(160)),
            column("isdisabled", Kind::Boolean),
            column("createdon", Kind::Time),
            column("modifiedon", Kind::Time),
            column("versionnumber", Kind::BigInt),
        ],
        navigations: &[],
        alternate_keys: &[],
        tracked: false,
        writable: false,
    },
];

/// How a user may work with the system.
const ACCESS_MODES: &[(i64, &str)] = &[
    (0, "Read-Write"),
    (1, "Administrative"),
    (2, "Read"),
    (3, "Support User"),
    (4, "Non-interactive"),
    (5, "Delegated Admin"),
];

const OWNER: Kind = Kind::Lookup(&["systemuser", "team"]);
const USERS: Kind = Kind::Lookup(&["systemuser"]);
const ACTIVE: &[(i64, &str)] = &[(0, "Active"), (1, "Inactive")];

const USER: &[Column] = &[
    column("systemuserid", Kind::Id),
    column("fullname", Kind::Text(200)),
    column("firstname", Kind::Text(256)),
    column("lastname", Kind::Text(256)),
    column("yomifullname", Kind::Text(200)),
    column("nickname", Kind::Text(50)),
    column("internalemailaddress", Kind::Text(100)),
    column("personalemailaddress", Kind::Text(100)),
    column("domainname", Kind::Text(1024)),
    column("windowsliveid", Kind::Text(1024)),
    column("azureactivedirectoryobjectid", Kind::Guid),
    column("applicationid", Kind::Guid),
    column("isdisabled", Kind::Boolean),
    column("islicensed", Kind::Boolean),
    column("isintegrationuser", Kind::Boolean),
    column("setupuser", Kind::Boolean),
    column("accessmode", Kind::Choice(ACCESS_MODES)),
    column("title", Kind::Text(128)),
    column("jobtitle", Kind::Text(100)),
    column("employeeid", Kind::Text(100)),
    column("mobilephone", Kind::Text(64)),
    column("homephone", Kind::Text(50)),
    column("address1_telephone1", Kind::Text(64)),
    column("address1_telephone2", Kind::Text(50)),
    column("businessunitid", Kind::Lookup(&["businessunit"])),
    column("parentsystemuserid", USERS),
    column("createdon", Kind::Time),
    column("modifiedon", Kind::Time),
    column("versionnumber", Kind::BigInt),
];

const CONTACT: &[Column] = &[
    column("contactid", Kind::Id),
    column("fullname", Kind::Text(160)),
    column("firstname", Kind::Text(50)),
    column("lastname", Kind::Text(50)),
    column("jobtitle", Kind::Text(100)),
    column("emailaddress1", Kind::Text(100)),
    column("emailaddress2", Kind::Text(100)),
    column("emailaddress3", Kind::Text(100)),
    column("telephone1", Kind::Text(50)),
    column("telephone2", Kind::Text(50)),
    column("telephone3", Kind::Text(50)),
    column("mobilephone", Kind::Text(50)),
    column("parentcustomerid", Kind::Lookup(&["account"])),
    column("ownerid", OWNER),
    column("owninguser", USERS),
    column("statecode", Kind::Choice(ACTIVE)),
    column(
        "statuscode",
        Kind::Choice(&[(1, "Active"), (2, "Inactive")]),
    ),
    column("createdon", Kind::Time),
    column("modifiedon", Kind::Time),
    column("versionnumber", Kind::BigInt),
];

const LEAD: &[Column] = &[
    column("leadid", Kind::Id),
    column("subject", Kind::Text(300)),
    column("fullname", Kind::Text(160)),
    column("firstname", Kind::Text(50)),
    column("lastname", Kind::Text(50)),
    column("jobtitle", Kind::Text(100)),
    column("companyname", Kind::Text(100)),
    column("emailaddress1", Kind::Text(100)),
    column("emailaddress2", Kind::Text(100)),
    column("telephone1", Kind::Text(50)),
    column("telephone2", Kind::Text(50)),
    column("telephone3", Kind::Text(50)),
    column("mobilephone", Kind::Text(20)),
    column("ownerid", OWNER),
    column("owninguser", USERS),
    column(
        "statecode",
        Kind::Choice(&[(0, "Open"), (1, "Qualified"), (2, "Disqualified")]),
    ),
    column("statuscode", Kind::Choice(&[(1, "New"), (2, "Contacted")])),
    column("createdon", Kind::Time),
    column("modifiedon", Kind::Time),
    column("versionnumber", Kind::BigInt),
];

const ACCOUNT: &[Column] = &[
    column("accountid", Kind::Id),
    column("name", Kind::Text(160)),
    column("accountnumber", Kind::Text(20)),
    column("emailaddress1", Kind::Text(100)),
    column("telephone1", Kind::Text(50)),
    column("telephone2", Kind::Text(50)),
    column("websiteurl", Kind::Text(200)),
    column("ownerid", OWNER),
    column("owninguser", USERS),
    column("statecode", Kind::Choice(ACTIVE)),
    column(
        "statuscode",
        Kind::Choice(&[(1, "Active"), (2, "Inactive")]),
    ),
    column("createdon", Kind::Time),
    column("modifiedon", Kind::Time),
    column("versionnumber", Kind::BigInt),
];

const REGARDING: Kind = Kind::Lookup(&["contact", "lead", "account"]);
const PRIORITIES: &[(i64, &str)] = &[(0, "Low"), (1, "Normal"), (2, "High")];

/// The states of an activity.
const STATES: &[(i64, &str)] = &[(0, "Open"), (1, "Completed"), (2, "Canceled")];

const PHONE_CALL: &[Column] = &[
    column("activityid", Kind::Id).once(),
    column("subject", Kind::Text(200)).set(),
    column("description", Kind::Text(2000)).set(),
    column("phonenumber", Kind::Text(200)).set(),
    column("directioncode", Kind::Boolean).set(),
    column("leftvoicemail", Kind::Boolean).set(),
    column("actualdurationminutes", Kind::Integer).set(),
    column("scheduleddurationminutes", Kind::Integer),
    column("actualstart", Kind::Time).set(),
    column("actualend", Kind::Time).set(),
    column("scheduledstart", Kind::Time).set(),
    column("scheduledend", Kind::Time).set(),
    column("prioritycode", Kind::Choice(PRIORITIES)).set(),
    column("category", Kind::Text(250)).set(),
    column("statecode", Kind::Choice(STATES)).later(),
    column(
        "statuscode",
        Kind::Choice(&[(1, "Open"), (2, "Made"), (3, "Canceled"), (4, "Received")]),
    )
    .set(),
    column("activitytypecode", Kind::Text(64)),
    column("overriddencreatedon", Kind::Time).once(),
    column("regardingobjectid", REGARDING),
    column("ownerid", OWNER),
    column("owninguser", USERS),
    column("createdby", USERS),
    column("createdonbehalfby", USERS),
    column("modifiedby", USERS),
    column("modifiedonbehalfby", USERS),
    column("createdon", Kind::Time),
    column("modifiedon", Kind::Time),
    column("versionnumber", Kind::BigInt),
    column("new_callid", Kind::Text(100)).set(),
];

const PHONE_CALL_LINKS: &[Navigation] = &[
    to("ownerid", "ownerid", "systemuser"),
    to("ownerid_phonecall", "ownerid", "systemuser"),
    to(
        "regardingobjectid_contact_phonecall",
        "regardingobjectid",
        "contact",
    ),
    to(
        "regardingobjectid_lead_phonecall",
        "regardingobjectid",
        "lead",
    ),
    to(
        "regardingobjectid_account_phonecall",
        "regardingobjectid",
        "account",
    ),
];

const TASK: &[Column] = &[
    column("activityid", Kind::Id).once(),
    column("subject", Kind::Text(200)).set(),
    column("description", Kind::Text(2000)).set(),
    column("actualdurationminutes", Kind::Integer).set(),
    column("actualstart", Kind::Time).set(),
    column("actualend", Kind::Time).set(),
    column("scheduledstart", Kind::Time).set(),
    column("scheduledend", Kind::Time).set(),
    column("percentcomplete", Kind::Integer).set(),
    column("prioritycode", Kind::Choice(PRIORITIES)).set(),
    column("category", Kind::Text(250)).set(),
    column("statecode", Kind::Choice(STATES)).later(),
    column(
        "statuscode",
        Kind::Choice(&[
            (2, "Not Started"),
            (3, "In Progress"),
            (4, "Waiting on someone else"),
            (5, "Completed"),
            (6, "Canceled"),
            (7, "Deferred"),
        ]),
    )
    .set(),
    column("activitytypecode", Kind::Text(64)),
    column("regardingobjectid", REGARDING),
    column("ownerid", OWNER),
    column("owninguser", USERS),
    column("createdby", USERS),
    column("createdonbehalfby", USERS),
    column("modifiedby", USERS),
    column("modifiedonbehalfby", USERS),
    column("createdon", Kind::Time),
    column("modifiedon", Kind::Time),
    column("versionnumber", Kind::BigInt),
    column("new_callid", Kind::Text(100)).set(),
];

const TASK_LINKS: &[Navigation] = &[
    to("ownerid", "ownerid", "systemuser"),
    to("ownerid_task", "ownerid", "systemuser"),
    to(
        "regardingobjectid_contact_task",
        "regardingobjectid",
        "contact",
    ),
    to("regardingobjectid_lead_task", "regardingobjectid", "lead"),
    to(
        "regardingobjectid_account_task",
        "regardingobjectid",
        "account",
    ),
];

const ANNOTATION: &[Column] = &[
    column("annotationid", Kind::Id).once(),
    column("subject", Kind::Text(500)).set(),
    column("notetext", Kind::Text(100_000)).set(),
    column("isdocument", Kind::Boolean).set(),
    column("filename", Kind::Text(255)).set(),
    column("mimetype", Kind::Text(256)).set(),
    column("objecttypecode", Kind::Text(64)),
    column(
        "objectid",
        Kind::Lookup(&["contact", "lead", "account", "phonecall", "task"]),
    ),
    column("ownerid", OWNER),
    column("owninguser", USERS),
    column("createdby", USERS),
    column("createdonbehalfby", USERS),
    column("modifiedby", USERS),
    column("modifiedonbehalfby", USERS),
    column("createdon", Kind::Time),
    column("modifiedon", Kind::Time),
    column("versionnumber", Kind::BigInt),
];

const ANNOTATION_LINKS: &[Navigation] = &[
    to("ownerid", "ownerid", "systemuser"),
    to("objectid_contact", "objectid", "contact"),
    to("objectid_lead", "objectid", "lead"),
    to("objectid_account", "objectid", "account"),
    to("objectid_phonecall", "objectid", "phonecall"),
    to("objectid_task", "objectid", "task"),
];

/// The reasons a state may have, its usual one first; none where the table has no such states.
pub(crate) fn reasons(entity: &str, state: i64) -> &'static [i64] {
    match (entity, state) {
        ("phonecall", 0) => &[1],
        ("phonecall", 1) => &[2, 4],
        ("phonecall", 2) => &[3],
        ("task", 0) => &[2, 3, 4, 7],
        ("task", 1) => &[5],
        ("task", 2) => &[6],
        _ => &[],
    }
}
