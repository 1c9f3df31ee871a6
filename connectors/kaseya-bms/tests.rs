//! Kaseya BMS against its emulator.

use crate::emulated;

#[tokio::test]
async fn kaseya_bms_conforms() {
    // Page numbers do not expire; nobody is read alone, and nobody tells who changed; it shows and
    // dials nothing; webhooks tell of tickets, signed nobody knows how.
    emulated("kaseya-bms")
        .conforms(&[
            "an_expired_cursor_asks_for_a_new_pull",
            "changes_since_an_instant_hold_what_changed",
            "a_user_is_read_by_its_id",
            "a_record_is_shown_on_a_screen",
            "a_call_is_placed_from_a_users_phone",
            "the_allowance_that_is_left_is_known",
            "a_webhook_is_believed_when_it_is_real",
        ])
        .await;
}
