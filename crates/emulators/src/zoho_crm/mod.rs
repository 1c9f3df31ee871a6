//! Zoho CRM: the accounts host and the API, versions 2 to 8, at one address; and, as one sign-in
//! of the suite reaches them all, Bigin, Recruit and Desk beside it.

mod phonebridge;

use crate::directory::User;
use crate::emulator::{Emulator, EmulatorInfo, FieldInfo, Habits};
use crate::people::{EmailMix, Flavour, NameMix};
use crate::zoho::seeded;
use crate::zoho::{
    CLIENT_ID, CLIENT_SECRET, CrmProduct, Field, GRANT_CODE, Module, Product, Rules, Source, Suite,
};

/// The emulator, for the catalogue.
pub(crate) const EMULATOR: Emulator = Emulator {
    info: INFO,
    flavour: FLAVOUR,
    allowance: 65_000,
    has_sessions: true,
    hides_fields: false,
    provider: |core| Box::new(Suite::new(core, SCOPE, &PRODUCT, &GUESTS)),
};

/// The products that one sign-in of the suite reaches besides.
static GUESTS: [&dyn Product; 4] = [
    &phonebridge::PRODUCT,
    &crate::zoho_bigin::PRODUCT,
    &crate::zoho_recruit::PRODUCT,
    &crate::zoho_desk::PRODUCT,
];

/// What the printed code allows: this product only. `POST /_emulator/grant-codes` gives others.
const SCOPE: &str = "ZohoCRM.users.READ,ZohoCRM.org.READ,ZohoCRM.settings.READ,\
                     ZohoCRM.modules.READ,ZohoCRM.modules.calls.ALL,ZohoCRM.modules.notes.ALL,\
                     ZohoCRM.modules.tasks.ALL,ZohoCRM.notifications.ALL,\
                     ZohoSearch.securesearch.READ";

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "zoho-crm",
    title: "Zoho CRM",
    settings: &[
        FieldInfo {
            name: "data_centre",
            value: "other",
        },
        FieldInfo {
            name: "accounts_url",
            value: "{base_url}",
        },
        FieldInfo {
            name: "web_url",
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
        leads_are_contacts: false,
        ..Habits::PLAIN
    },
    note: "The grant code works once and for ten minutes; POST /_emulator/grant-codes gives another. \
           The emulator stands for the accounts host and the API host of a data centre at once, and \
           answers Bigin's, Recruit's and Desk's paths for a grant with their scopes.",
};

/// The product.
pub(crate) static PRODUCT: CrmProduct = CrmProduct {
    path: "crm",
    versions: &["v2", "v2.1", "v3", "v4", "v5", "v6", "v7", "v8"],
    scope: "ZohoCRM",
    modules: &MODULES,
    org_type: "Production",
    strict_from: Some("v3"),
    outbound_status: true,
};

static LEADS: [Field; 13] = seeded::lead("Company");
static CONTACTS: [Field; 14] = seeded::contact("Account_Name", "Accounts");
static ACCOUNTS: [Field; 7] = seeded::company("Account_Name");
static TASKS: [Field; 14] = seeded::task("Contacts");
static CALLS: [Field; 23] = seeded::call("Contacts");
static NOTES: [Field; 8] = seeded::NOTE;

static MODULES: [Module; 6] = [
    Module {
        api_name: "Leads",
        singular: "Lead",
        plural: "Leads",
        source: Source::Leads,
        fields: &LEADS,
    },
    Module {
        api_name: "Contacts",
        singular: "Contact",
        plural: "Contacts",
        source: Source::Contacts,
        fields: &CONTACTS,
    },
    Module {
        api_name: "Accounts",
        singular: "Account",
        plural: "Accounts",
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
    provider: "zoho-crm",
    other_domain: "northwindsupport.example",
    email: EmailMix {
        other_case: 15,
        plus_tag: 3,
        other_domain: 25,
        short: 8,
    },
    name: NameMix {
        nick: 10,
        folded: 8,
        native: 20,
        initial: 3,
        maiden: 50,
        swapped: 5,
    },
    has_phone: 45,
    has_extension: 0,
    has_employee_number: 0,
    departments: &[
        "Service Desk",
        "Sales Team",
        "Onsite",
        "NOC",
        "Accounts",
        "Billing",
        "Scheduling",
        "SOC",
    ],
    id: user_id,
    record_id,
    username,
    freezes: false,
};

/// Numbers beyond what a double holds exactly, as all of Zoho's ids.
fn record_id(kind: &str, nth: usize) -> String {
    let from: u64 = match kind {
        "lead" => 5_725_767_000_002_000_000,
        "company" => 5_725_767_000_004_000_000,
        _ => 5_725_767_000_003_000_000,
    };
    (from + nth as u64).to_string()
}

/// Nineteen digits, beyond what a floating-point number holds exactly.
fn user_id(nth: usize) -> String {
    format!("5843104000000{:06}", 411_001 + nth * 13)
}

/// Zoho users sign in with their address.
fn username(user: &User) -> String {
    user.email.to_lowercase()
}
