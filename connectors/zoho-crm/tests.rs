//! Zoho CRM against its emulator.

use crate::stand::Emulated;

const ZOHO_CRM: Emulated = Emulated {
    provider: "zoho-crm",
    lists_deleted: true,
    tells_own_user: false,
    leads_are_contacts: false,
};

#[tokio::test]
async fn zoho_crm_conforms() {
    // It announces no number of users, and an integration's user looks like a person.
    let skipped = [
        "a_list_that_was_cut_short_does_not_pass_for_whole",
        "the_connecting_user_is_no_person",
    ];
    ZOHO_CRM.conforms(&skipped).await;
}
