//! Insightly against its emulator.

use crate::emulated;

#[tokio::test]
async fn insightly_conforms() {
    // A user's role tells nothing of programs, keys do not end, and there are no webhooks whose
    // shape the vendor sets.
    let skipped = [
        "the_connecting_user_is_no_person",
        "a_record_is_shown_on_a_screen",
        "a_call_is_placed_from_a_users_phone",
        "a_webhook_is_believed_when_it_is_real",
        "an_ended_session_is_renewed",
    ];
    emulated("insightly").conforms(&skipped).await;
}
