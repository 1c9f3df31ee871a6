//! Zoho CRM against its emulator.

use crate::emulated;

#[tokio::test]
async fn zoho_crm_conforms() {
    // It announces no number of users, and an integration's user looks like a person.
    let skipped = [
        "a_list_that_was_cut_short_does_not_pass_for_whole",
        "the_connecting_user_is_no_person",
    ];
    emulated("zoho-crm").conforms(&skipped).await;
}
