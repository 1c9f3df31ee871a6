//! Zoho Recruit: the accounts host and the API, version 2, at one address.

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
const SCOPE: &str = "ZohoRecruit.users.READ,ZohoRecruit.org.READ,ZohoRecruit.settings.READ,\
                     ZohoRecruit.modules.READ,ZohoRecruit.modules.calls.ALL,ZohoRecruit.modules.notes.ALL,\
                     ZohoRecruit.modules.tasks.ALL,ZohoRecruit.notifications.ALL,\
                     ZohoSearch.securesearch.READ";

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "zoho-recruit",
    title: "Zoho Recruit",
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
            name: "api_url",
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
    note: "The grant code works once and for ten minutes; POST /_emulator/grant-codes gives another. The API has a host of its own, which no token names.",
};

/// The product.
pub(crate) static PRODUCT: CrmProduct = CrmProduct {
    path: "recruit",
    versions: &["v2"],
    scope: "ZohoRecruit",
    modules: &MODULES,
    org_type: "Production",
    strict_from: None,
    outbound_status: false,
};

static CANDIDATES: [Field; 13] = seeded::lead("Current_Employer");
static CONTACTS: [Field; 14] = seeded::contact("Client_Name", "Clients");
static CLIENTS: [Field; 7] = seeded::company("Client_Name");
static TASKS: [Field; 14] = seeded::task("Contacts");
static CALLS: [Field; 23] = seeded::call("Contacts");
static NOTES: [Field; 8] = seeded::NOTE;

/// Who is no contact of a client yet is a candidate.
static MODULES: [Module; 6] = [
    Module {
        api_name: "Candidates",
        singular: "Candidate",
        plural: "Candidates",
        source: Source::Leads,
        fields: &CANDIDATES,
    },
    Module {
        api_name: "Contacts",
        singular: "Contact",
        plural: "Contacts",
        source: Source::Contacts,
        fields: &CONTACTS,
    },
    Module {
        api_name: "Clients",
        singular: "Client",
        plural: "Clients",
        source: Source::Companies,
        fields: &CLIENTS,
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
    provider: "zoho-recruit",
    other_domain: "northwind-talent.example",
    email: EmailMix {
        other_case: 12,
        plus_tag: 2,
        other_domain: 30,
        short: 6,
    },
    name: NameMix {
        nick: 8,
        folded: 10,
        native: 15,
        initial: 4,
        maiden: 45,
        swapped: 8,
    },
    has_phone: 50,
    has_extension: 0,
    has_employee_number: 0,
    departments: &[
        "Helpdesk",
        "Recruiting",
        "Field Service",
        "Network",
        "Client Care",
        "Finance",
        "Coordination",
        "Security",
    ],
    id: user_id,
    record_id,
    username,
    freezes: false,
};

/// Nineteen digits, beyond what a floating-point number holds exactly.
fn user_id(nth: usize) -> String {
    format!("4930112000000{:06}", 211_003 + nth * 17)
}

/// Numbers beyond what a double holds exactly, as all of Zoho's ids.
fn record_id(kind: &str, nth: usize) -> String {
    let from: u64 = match kind {
        "lead" => 4_930_112_000_002_000_000,
        "company" => 4_930_112_000_004_000_000,
        _ => 4_930_112_000_003_000_000,
    };
    (from + nth as u64).to_string()
}

/// Zoho users sign in with their address.
fn username(user: &User) -> String {
    user.email.to_lowercase()
}
