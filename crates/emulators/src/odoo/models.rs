//! The models a client reads and writes, their fields and who may do what with them.

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Integer,
    Float,
    Char,
    Text,
    Html,
    Boolean,
    Date,
    Datetime,
    Selection(&'static [&'static str]),
    /// One record of that model.
    Many2one(&'static str),
    /// Many records of that model.
    Many2many(&'static str),
}

impl Kind {
    /// The name in `fields_get`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Float => "float",
            Self::Char => "char",
            Self::Text => "text",
            Self::Html => "html",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Datetime => "datetime",
            Self::Selection(_) => "selection",
            Self::Many2one(_) => "many2one",
            Self::Many2many(_) => "many2many",
        }
    }

    /// The model it points to.
    pub(crate) const fn relation(self) -> Option<&'static str> {
        match self {
            Self::Many2one(model) | Self::Many2many(model) => Some(model),
            _ => None,
        }
    }
}

/// One field of a model.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    /// As a form shows it.
    pub(crate) label: &'static str,
    pub(crate) kind: Kind,
    /// The database refuses a record without it.
    pub(crate) required: bool,
    /// Computed or kept by the server; what a client gives for it is left out.
    pub(crate) readonly: bool,
    /// The last version that has it; 0: all have it.
    until: u32,
    /// The first version that has it.
    since: u32,
}

/// One model.
#[derive(Debug)]
pub(crate) struct Model {
    /// The technical name.
    pub(crate) name: &'static str,
    /// The name in sentences.
    pub(crate) label: &'static str,
    fields: &'static [Field],
    /// Read, write, create and unlink, of the connecting user.
    pub(crate) rights: [bool; 4],
    /// Who may do the rest.
    pub(crate) groups: &'static str,
    /// The order when nobody says one.
    pub(crate) order: &'static str,
}

/// What every model has.
static LOG_ACCESS: &[Field] = &[
    server("id", "ID", Kind::Integer),
    server("display_name", "Display Name", Kind::Char),
    server("create_date", "Created on", Kind::Datetime),
    server("create_uid", "Created by", Kind::Many2one("res.users")),
    server("write_date", "Last Updated on", Kind::Datetime),
    server("write_uid", "Last Updated by", Kind::Many2one("res.users")),
];

impl Model {
    /// The field of that name in that version.
    pub(crate) fn field(&self, name: &str, version: u32) -> Option<&'static Field> {
        self.all(version).find(|field| field.name == name)
    }

    /// All fields of that version.
    pub(crate) fn all(&self, version: u32) -> impl Iterator<Item = &'static Field> {
        let there = move |field: &&Field| {
            version >= field.since && (field.until == 0 || version <= field.until)
        };
        self.fields.iter().chain(LOG_ACCESS).filter(there)
    }
}

/// The model of that name.
pub(crate) fn find(name: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.name == name)
}

const fn field(name: &'static str, label: &'static str, kind: Kind) -> Field {
    Field {
        name,
        label,
        kind,
        required: false,
        readonly: false,
        until: 0,
        since: 0,
    }
}

const fn server(name: &'static str, label: &'static str, kind: Kind) -> Field {
    Field {
        readonly: true,
        ..field(name, label, kind)
    }
}

const fn must(field: Field) -> Field {
    Field {
        required: true,
        ..field
    }
}

const fn until(version: u32, field: Field) -> Field {
    Field {
        until: version,
        ..field
    }
}

const fn since(version: u32, field: Field) -> Field {
    Field {
        since: version,
        ..field
    }
}

const READ: [bool; 4] = [true, false, false, false];
const ALL: [bool; 4] = [true; 4];
const NONE: [bool; 4] = [false; 4];
const USERS: Kind = Kind::Many2one("res.users");
const PARTNER: Kind = Kind::Many2one("res.partner");
const COMPANY: Kind = Kind::Many2one("res.company");

const fn model(
    name: &'static str,
    label: &'static str,
    fields: &'static [Field],
    rights: [bool; 4],
    groups: &'static str,
    order: &'static str,
) -> Model {
    Model {
        name,
        label,
        fields,
        rights,
        groups,
        order,
    }
}

const SETTINGS: &str = "Administration/Settings";
const SALES: &str = "Sales/User: Own Documents Only";

static MODELS: &[Model] = &[
    model(
        "res.users",
        "User",
        RES_USERS,
        READ,
        "Administration/Access Rights",
        "name, login",
    ),
    model(
        "res.partner",
        "Contact",
        RES_PARTNER,
        ALL,
        "Extra Rights/Contact Creation",
        "name, id desc",
    ),
    model(
        "res.company",
        "Companies",
        RES_COMPANY,
        READ,
        SETTINGS,
        "name, id",
    ),
    model(
        "crm.lead",
        "Lead/Opportunity",
        CRM_LEAD,
        [true, true, true, false],
        SALES,
        "id desc",
    ),
    model(
        "crm.phonecall",
        "Phonecall",
        CRM_PHONECALL,
        ALL,
        SALES,
        "id desc",
    ),
    model(
        "mail.activity",
        "Activity",
        MAIL_ACTIVITY,
        ALL,
        SALES,
        "date_deadline, id",
    ),
    model(
        "mail.activity.type",
        "Activity Type",
        MAIL_ACTIVITY_TYPE,
        READ,
        SETTINGS,
        "id",
    ),
    model(
        "mail.message",
        "Message",
        MAIL_MESSAGE,
        READ,
        SETTINGS,
        "id desc",
    ),
    model("ir.model", "Models", IR_MODEL, READ, SETTINGS, "model"),
    model(
        "ir.model.data",
        "Model Data",
        IR_MODEL_DATA,
        READ,
        SETTINGS,
        "module, model, name",
    ),
    model(
        "ir.module.module",
        "Module",
        IR_MODULE,
        NONE,
        SETTINGS,
        "name",
    ),
    model(
        "ir.config_parameter",
        "System Parameter",
        IR_CONFIG_PARAMETER,
        NONE,
        SETTINGS,
        "key",
    ),
];

const LANGUAGE: Field = field("lang", "Language", Kind::Char);
const TIME_ZONE: Field = field("tz", "Timezone", Kind::Char);
const ACTIVE: Field = field("active", "Active", Kind::Boolean);
const EMAIL: Field = field("email", "Email", Kind::Char);
const PHONE: Field = field("phone", "Phone", Kind::Char);
/// Recalled, not looked up: Odoo 19 has one telephone per record.
const MOBILE: Field = until(18, field("mobile", "Mobile", Kind::Char));
const SANITIZED: Field = server("phone_sanitized", "Sanitized Number", Kind::Char);
/// Only to search by; it reads as empty.
const PHONE_MOBILE_SEARCH: Field = server("phone_mobile_search", "Phone/Mobile", Kind::Char);
const NORMALIZED: Field = server("email_normalized", "Normalized Email", Kind::Char);

static RES_USERS: &[Field] = &[
    must(field("name", "Name", Kind::Char)),
    must(field("login", "Login", Kind::Char)),
    EMAIL,
    NORMALIZED,
    ACTIVE,
    server("share", "Share User", Kind::Boolean),
    PHONE,
    MOBILE,
    SANITIZED,
    field("function", "Job Position", Kind::Char),
    field("ref", "Reference", Kind::Char),
    must(field("partner_id", "Related Partner", PARTNER)),
    must(field("company_id", "Company", COMPANY)),
    field("company_ids", "Companies", Kind::Many2many("res.company")),
    until(
        18,
        field("groups_id", "Groups", Kind::Many2many("res.groups")),
    ),
    since(
        19,
        field("group_ids", "Groups", Kind::Many2many("res.groups")),
    ),
    server("login_date", "Latest authentication", Kind::Datetime),
    field(
        "notification_type",
        "Notification",
        Kind::Selection(&["email", "inbox"]),
    ),
    LANGUAGE,
    TIME_ZONE,
];

static RES_PARTNER: &[Field] = &[
    must(field("name", "Name", Kind::Char)),
    server("complete_name", "Complete Name", Kind::Char),
    EMAIL,
    NORMALIZED,
    PHONE,
    MOBILE,
    SANITIZED,
    PHONE_MOBILE_SEARCH,
    field("is_company", "Is a Company", Kind::Boolean),
    field("parent_id", "Related Company", PARTNER),
    server("commercial_company_name", "Company Name Entity", Kind::Char),
    field("company_name", "Company Name", Kind::Char),
    field("user_id", "Salesperson", USERS),
    server("user_ids", "Users", Kind::Many2many("res.users")),
    server("partner_share", "Share Partner", Kind::Boolean),
    field("function", "Job Position", Kind::Char),
    field("ref", "Reference", Kind::Char),
    field("comment", "Notes", Kind::Html),
    field("company_id", "Company", COMPANY),
    ACTIVE,
    LANGUAGE,
    TIME_ZONE,
];

static RES_COMPANY: &[Field] = &[
    must(field("name", "Company Name", Kind::Char)),
    must(field("partner_id", "Partner", PARTNER)),
    EMAIL,
    PHONE,
];

static CRM_LEAD: &[Field] = &[
    must(field("name", "Opportunity", Kind::Char)),
    must(field(
        "type",
        "Type",
        Kind::Selection(&["lead", "opportunity"]),
    )),
    field("contact_name", "Contact Name", Kind::Char),
    field("partner_name", "Company Name", Kind::Char),
    field("email_from", "Email", Kind::Char),
    NORMALIZED,
    PHONE,
    MOBILE,
    SANITIZED,
    PHONE_MOBILE_SEARCH,
    field("partner_id", "Customer", PARTNER),
    field("user_id", "Salesperson", USERS),
    field("company_id", "Company", COMPANY),
    field("description", "Notes", Kind::Html),
    ACTIVE,
];

static CRM_PHONECALL: &[Field] = &[
    must(field("name", "Call Summary", Kind::Char)),
    field("partner_id", "Contact", PARTNER),
    field("partner_phone", "Phone", Kind::Char),
    field("partner_mobile", "Mobile", Kind::Char),
    field("direction", "Type", Kind::Selection(&["in", "out"])),
    field("date", "Date", Kind::Datetime),
    field("duration", "Duration", Kind::Float),
    field("user_id", "Responsible", USERS),
    field(
        "state",
        "Status",
        Kind::Selection(&["open", "cancel", "pending", "done"]),
    ),
    field("description", "Description", Kind::Text),
    field(
        "opportunity_id",
        "Lead/Opportunity",
        Kind::Many2one("crm.lead"),
    ),
    field("email_from", "Email", Kind::Char),
    field(
        "priority",
        "Priority",
        Kind::Selection(&["0", "1", "2", "3"]),
    ),
    field("company_id", "Company", COMPANY),
    server("date_closed", "Closed", Kind::Datetime),
    ACTIVE,
];

static MAIL_ACTIVITY: &[Field] = &[
    must(field(
        "res_model_id",
        "Document Model",
        Kind::Many2one("ir.model"),
    )),
    server("res_model", "Related Document Model", Kind::Char),
    must(field("res_id", "Related Document ID", Kind::Integer)),
    server("res_name", "Document Name", Kind::Char),
    field(
        "activity_type_id",
        "Activity Type",
        Kind::Many2one("mail.activity.type"),
    ),
    field("summary", "Summary", Kind::Char),
    field("note", "Note", Kind::Html),
    must(field("date_deadline", "Due Date", Kind::Date)),
    must(field("user_id", "Assigned to", USERS)),
    server(
        "state",
        "State",
        Kind::Selection(&["overdue", "today", "planned"]),
    ),
];

static MAIL_ACTIVITY_TYPE: &[Field] = &[
    must(field("name", "Name", Kind::Char)),
    field(
        "category",
        "Action",
        Kind::Selection(&["default", "upload_file", "phonecall"]),
    ),
];

static MAIL_MESSAGE: &[Field] = &[
    field("body", "Contents", Kind::Html),
    field("model", "Related Document Model", Kind::Char),
    field("res_id", "Related Document ID", Kind::Integer),
    field("author_id", "Author", PARTNER),
    field("date", "Date", Kind::Datetime),
    field(
        "message_type",
        "Type",
        Kind::Selection(&["comment", "notification"]),
    ),
    field(
        "mail_activity_type_id",
        "Mail Activity Type",
        Kind::Many2one("mail.activity.type"),
    ),
];

static IR_MODEL: &[Field] = &[
    must(field("model", "Model", Kind::Char)),
    must(field("name", "Model Description", Kind::Char)),
];

static IR_MODEL_DATA: &[Field] = &[
    must(field("module", "Module", Kind::Char)),
    must(field("name", "External Identifier", Kind::Char)),
    must(field("model", "Model Name", Kind::Char)),
    field("res_id", "Record ID", Kind::Integer),
];

static IR_MODULE: &[Field] = &[
    field("name", "Technical Name", Kind::Char),
    field("state", "Status", Kind::Char),
];

static IR_CONFIG_PARAMETER: &[Field] = &[
    must(field("key", "Key", Kind::Char)),
    must(field("value", "Value", Kind::Text)),
];
