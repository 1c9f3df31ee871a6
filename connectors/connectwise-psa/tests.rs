//! ConnectWise PSA against its emulator.

use crate::emulated;

#[tokio::test]
async fn connectwise_psa_conforms() {
    // A page number or the last id does not expire; there are no sessions; it shows and dials
    // nothing.
    emulated("connectwise-psa")
        .conforms(&[
            "an_expired_cursor_asks_for_a_new_pull",
            "a_record_is_shown_on_a_screen",
            "a_call_is_placed_from_a_users_phone",
            "the_allowance_that_is_left_is_known",
            "an_ended_session_is_renewed",
        ])
        .await;
}
