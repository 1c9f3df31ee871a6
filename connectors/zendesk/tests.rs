//! Zendesk Support against its emulator.

use crate::emulated;

#[tokio::test]
async fn zendesk_conforms() {
    emulated("zendesk")
        .conforms(&[
            // The way that is tried needs no session, and the token may be any administrator's.
            "the_connecting_user_is_no_person",
            "an_ended_session_is_renewed",
        ])
        .await;
}
