//! ServiceNow against its emulator.

use crate::emulated;

#[tokio::test]
async fn servicenow_conforms() {
    emulated("servicenow")
        .conforms(&[
            // The number it announces counts rows that nobody sees, so it is not believed.
            "a_list_that_was_cut_short_does_not_pass_for_whole",
            // No screen without the contact centre's plug-in, no phones, no allowance, no webhooks.
            "a_record_is_shown_on_a_screen",
            "a_call_is_placed_from_a_users_phone",
            "the_allowance_that_is_left_is_known",
            "a_webhook_is_believed_when_it_is_real",
            // The way that is tried needs no session.
            "an_ended_session_is_renewed",
        ])
        .await;
}
