//! What Bigin needs beyond its manifest: the same as its sister product, without leads.

use counterpart_connector::Hooks;

use super::zoho_crm::{Modules, built};

/// The hooks that the manifest names.
pub(crate) fn hooks() -> Hooks {
    Hooks {
        build_activity: Some(|body, activity| {
            let modules = Modules {
                lead: None,
                company: "Accounts",
            };
            // The address says what a note stands under.
            built(body, activity, &modules, |_, _, _| {})
        }),
        ..Hooks::default()
    }
}
