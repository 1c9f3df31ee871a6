//! The models a client may call, their fields, and what the connecting user may do with them.

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Integer,
    Text,
    Boolean,
    Date,
    Timestamp,
    Selection(&'static [&'static str]),
    One(&'static str),
    Many(&'static str),
    /// A record of any model: `party.party,5`.
    Reference,
}

/// One field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    /// The name in sentences.
    pub(crate) label: &'static str,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
    /// Computed, without a way to search for it.
    pub(crate) computed: bool,
}

/// One model.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) name: &'static str,
    /// The name in sentences.
    pub(crate) label: &'static str,
    fields: &'static [Field],
    /// Whether the connecting user may make, change and delete records.
    pub(crate) writable: bool,
}

static COMMON: &[Field] = &[
    field("id", "ID", Kind::Integer),
    field("rec_name", "Record Name", Kind::Text),
    field("create_date", "Created at", Kind::Timestamp),
    field("create_uid", "Created by", Kind::One("res.user")),
    field("write_date", "Edited at", Kind::Timestamp),
    field("write_uid", "Edited by", Kind::One("res.user")),
];

impl Model {
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        self.all().find(|field| field.name == name)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().chain(COMMON)
    }
}

pub(crate) fn find(name: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.name == name)
}

const fn field(name: &'static str, label: &'static str, kind: Kind) -> Field {
    Field {
        name,
        label,
        kind,
        required: false,
        computed: false,
    }
}

const fn must(field: Field) -> Field {
    Field {
        required: true,
        ..field
    }
}

const fn computed(field: Field) -> Field {
    Field {
        computed: true,
        ..field
    }
}

const fn model(
    name: &'static str,
    label: &'static str,
    fields: &'static [Field],
    writable: bool,
) -> Model {
    Model {
        name,
        label,
        fields,
        writable,
    }
}

static MODELS: &[Model] = &[
    model("res.user", "User", USER, false),
    model("party.party", "Party", PARTY, true),
    model(
        "party.contact_mechanism",
        "Contact Mechanism",
        MECHANISM,
        true,
    ),
    model("company.employee", "Employee", EMPLOYEE, false),
    model("company.company", "Company", COMPANY, false),
    model("sale.opportunity", "Sale Opportunity", OPPORTUNITY, true),
    model("ir.note", "Note", NOTE, true),
    model("ir.module", "Module", MODULE, false),
    model("ir.model", "Model", IR_MODEL, false),
];

const NAME: Field = field("name", "Name", Kind::Text);
const ACTIVE: Field = field("active", "Active", Kind::Boolean);
const PARTY_FIELD: Field = field("party", "Party", Kind::One("party.party"));
const COMPANY_FIELD: Field = field("company", "Company", Kind::One("company.company"));

static USER: &[Field] = &[
    NAME,
    must(field("login", "Login", Kind::Text)),
    field("email", "Email", Kind::Text),
    ACTIVE,
    field("employees", "Employees", Kind::Many("company.employee")),
    field(
        "employee",
        "Current Employee",
        Kind::One("company.employee"),
    ),
    field("companies", "Companies", Kind::Many("company.company")),
    COMPANY_FIELD,
    field("signature", "Signature", Kind::Text),
];

static PARTY: &[Field] = &[
    NAME,
    field("code", "Code", Kind::Text),
    ACTIVE,
    field(
        "contact_mechanisms",
        "Contact Mechanisms",
        Kind::Many("party.contact_mechanism"),
    ),
    computed(field("phone", "Phone", Kind::Text)),
    computed(field("mobile", "Mobile", Kind::Text)),
    computed(field("email", "E-Mail", Kind::Text)),
];

static MECHANISM: &[Field] = &[
    must(field("party", "Party", Kind::One("party.party"))),
    must(field(
        "type",
        "Type",
        Kind::Selection(&[
            "phone", "mobile", "fax", "email", "website", "skype", "sip", "irc", "jabber", "other",
        ]),
    )),
    field("value", "Value", Kind::Text),
    field("value_compact", "Value Compact", Kind::Text),
    NAME,
    field("comment", "Comment", Kind::Text),
    ACTIVE,
];

/// An employee has no `active`: who left has an end date.
static EMPLOYEE: &[Field] = &[
    must(PARTY_FIELD),
    must(COMPANY_FIELD),
    field("start_date", "Start Date", Kind::Date),
    field("end_date", "End Date", Kind::Date),
    field("supervisor", "Supervisor", Kind::One("company.employee")),
];

static COMPANY: &[Field] = &[
    must(PARTY_FIELD),
    field("employees", "Employees", Kind::Many("company.employee")),
];

static OPPORTUNITY: &[Field] = &[
    field("number", "Number", Kind::Text),
    PARTY_FIELD,
    must(COMPANY_FIELD),
    field("employee", "Employee", Kind::One("company.employee")),
    field("description", "Description", Kind::Text),
    field("comment", "Comment", Kind::Text),
    field("start_date", "Start Date", Kind::Date),
    field("end_date", "End Date", Kind::Date),
    field(
        "state",
        "State",
        Kind::Selection(&[
            "lead",
            "opportunity",
            "converted",
            "won",
            "cancelled",
            "lost",
        ]),
    ),
];

static NOTE: &[Field] = &[
    must(field("resource", "Resource", Kind::Reference)),
    field("message", "Message", Kind::Text),
    computed(field("message_wrapped", "Message", Kind::Text)),
    computed(field("last_user", "Last User", Kind::Text)),
    computed(field("unread", "Unread", Kind::Boolean)),
];

static MODULE: &[Field] = &[
    NAME,
    field("state", "State", Kind::Selection(&["activated"])),
];

static IR_MODEL: &[Field] = &[NAME, field("model", "Model Name", Kind::Text)];

/// The activated modules.
pub(crate) const MODULES: &[&str] = &[
    "ir",
    "res",
    "company",
    "currency",
    "country",
    "party",
    "sale_opportunity",
];
