//! Zoho Recruit against its emulator.

use crate::emulated;

#[tokio::test]
async fn zoho_recruit_conforms() {
    // It announces no number of users, an integration's user looks like a person, and telephones
    // are those of registered providers.
    let skipped = [
        "a_list_that_was_cut_short_does_not_pass_for_whole",
        "the_connecting_user_is_no_person",
        "a_record_is_shown_on_a_screen",
        "a_call_is_placed_from_a_users_phone",
        "the_allowance_that_is_left_is_known",
    ];
    emulated("zoho-recruit").conforms(&skipped).await;
}
