//! Freshdesk against its emulator.

use crate::emulated;

#[tokio::test]
async fn freshdesk_conforms() {
    emulated("freshdesk")
        .conforms(&[
            // Its lists announce no number of rows.
            "a_list_that_was_cut_short_does_not_pass_for_whole",
            // The key may be any administrator's.
            "the_connecting_user_is_no_person",
            // No screen, no phones, no webhooks that could be verified, no sessions.
            "a_record_is_shown_on_a_screen",
            "a_call_is_placed_from_a_users_phone",
            "a_webhook_is_believed_when_it_is_real",
            "an_ended_session_is_renewed",
        ])
        .await;
}
