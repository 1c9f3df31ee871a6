//! HubSpot against its emulator.

use crate::emulated;

#[tokio::test]
async fn hubspot_conforms() {
    // No list announces how many owners there are; a private app is nobody, and its token has no end.
    let skipped = [
        "a_list_that_was_cut_short_does_not_pass_for_whole",
        "the_connecting_user_is_no_person",
        "a_record_is_shown_on_a_screen",
        "a_call_is_placed_from_a_users_phone",
        "an_ended_session_is_renewed",
    ];
    emulated("hubspot").conforms(&skipped).await;
}
