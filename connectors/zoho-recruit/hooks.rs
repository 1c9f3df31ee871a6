//! What Zoho Recruit needs beyond its manifest: the same as its sister product, with candidates
//! and clients in place of leads and accounts, and notes as its older API wants them.

use counterpart_connector::Hooks;

use super::zoho_crm::{Modules, built};

/// The hooks that the manifest names.
pub(crate) fn hooks() -> Hooks {
    Hooks {
        build_activity: Some(|body, activity| {
            let modules = Modules {
                lead: Some("Candidates"),
                company: "Clients",
            };
            built(body, activity, &modules, |note, module, id| {
                note.insert("Parent_Id".to_owned(), id.into());
                note.insert("se_module".to_owned(), module.into());
            })
        }),
        ..Hooks::default()
    }
}
