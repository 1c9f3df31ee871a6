//! Bigin by Zoho CRM: the accounts host and the API, versions 1 and 2, at one address.

use crate::directory::User;
use crate::emulator::{Emulator, EmulatorInfo, FieldInfo, Habits};
use crate::people::{EmailMix, Flavour, NameMix};
use crate::zoho::seeded;
use crate::zoho::{
    CLIENT_ID, CLIENT_SECRET, CrmProduct, Field, GRANT_CODE, Module, Rules, Source, Suite,
};

/// The emulator, for the catalogue.
pub(crate) const EMULATOR: Emulator = Emulator {
    info: INFO,
    flavour: FLAVOUR,
    allowance: 50_000,
    has_sessions: true,
    hides_fields: false,
    provider: |core| Box::new(Suite::new(core, SCOPE, &PRODUCT, &[])),
};

/// What the printed code allows.
const SCOPE: &str = "ZohoBigin.users.READ,ZohoBigin.org.READ,ZohoBigin.settings.READ,\
                     ZohoBigin.modules.READ,ZohoBigin.modules.calls.ALL,ZohoBigin.modules.notes.ALL,\
                     ZohoBigin.modules.tasks.ALL,ZohoBigin.notifications.ALL,\
                     ZohoSearch.securesearch.READ";

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "zoho-bigin",
    title: "Zoho Bigin",
    settings: &[
        FieldInfo {
            name: "data_centre",
            value: "other",
        },
        FieldInfo {
            name: "accounts_url",
            value: "{base_url}",
        },
    ],
    credentials: &[
        FieldInfo {
            name: "client_id",
            value: CLIENT_ID,
        },
        FieldInfo {
            name: "client_secret",
            value: CLIENT_SECRET,
        },
        FieldInfo {
            name: "grant_code",
            value: GRANT_CODE,
        },
    ],
    habits: Habits {
        lists_deleted: true,
        tells_own_user: false,
        leads_are_contacts: true,
        ..Habits::PLAIN
    },
    note: "The grant code works once and for ten minutes; POST /_emulator/grant-codes gives another.",
};

/// The product.
pub(crate) static PRODUCT: CrmProduct = CrmProduct {
    path: "bigin",
    versions: &["v1", "v2"],
    scope: "ZohoBigin",
    modules: &MODULES,
    org_type: "Bigin",
    strict_from: Some("v2"),
    outbound_status: false,
};

static CONTACTS: [Field; 14] = seeded::contact("Account_Name", "Accounts");
static ACCOUNTS: [Field; 7] = seeded::company("Account_Name");
static TASKS: [Field; 14] = seeded::task("Contacts");
static CALLS: [Field; 23] = seeded::call("Contacts");
static NOTES: [Field; 8] = seeded::NOTE;

/// There are no leads; who would be one is a contact.
static MODULES: [Module; 5] = [
    Module {
        api_name: "Contacts",
        singular: "Contact",
        plural: "Contacts",
        source: Source::Customers,
        fields: &CONTACTS,
    },
    Module {
        api_name: "Accounts",
        singular: "Company",
        plural: "Companies",
        source: Source::Companies,
        fields: &ACCOUNTS,
    },
    Module {
        api_name: "Tasks",
        singular: "Task",
        plural: "Tasks",
        source: Source::Written(Rules::Task),
        fields: &TASKS,
    },
    Module {
        api_name: "Calls",
        singular: "Call",
        plural: "Calls",
        source: Source::Written(Rules::Call),
        fields: &CALLS,
    },
    Module {
        api_name: "Notes",
        singular: "Note",
        plural: "Notes",
        source: Source::Written(Rules::Note),
        fields: &NOTES,
    },
];

/// How its directory differs from the platform's.
const FLAVOUR: Flavour = Flavour {
    provider: "zoho-bigin",
    other_domain: "northwind-sales.example",
    email: EmailMix {
        other_case: 10,
        plus_tag: 4,
        other_domain: 20,
        short: 12,
    },
    name: NameMix {
        nick: 14,
        folded: 8,
        native: 12,
        initial: 5,
        maiden: 40,
        swapped: 5,
    },
    has_phone: 40,
    has_extension: 0,
    has_employee_number: 0,
    departments: &[
        "Service Desk",
        "Sales",
        "Field",
        "NOC",
        "Accounts",
        "Finance",
        "Planning",
        "Security",
    ],
    id: user_id,
    record_id,
    username,
    freezes: false,
};

/// Nineteen digits, beyond what a floating-point number holds exactly.
fn user_id(nth: usize) -> String {
    format!("6120884000000{:06}", 211_003 + nth * 17)
}

/// Numbers beyond what a double holds exactly, as all of Zoho's ids.
fn record_id(kind: &str, nth: usize) -> String {
    let from: u64 = match kind {
        "lead" => 6_120_884_000_002_000_000,
        "company" => 6_120_884_000_004_000_000,
        _ => 6_120_884_000_003_000_000,
    };
    (from + nth as u64).to_string()
}

/// Zoho users sign in with their address.
fn username(user: &User) -> String {
    user.email.to_lowercase()
}
