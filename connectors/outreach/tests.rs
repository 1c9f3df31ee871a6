//! Outreach against its emulator.

use crate::emulated;

#[tokio::test]
async fn outreach_conforms() {
    // It has neither screens to pop nor calls to place, and whose token it is may be a person.
    let skipped = [
        "the_connecting_user_is_no_person",
        "a_record_is_shown_on_a_screen",
        "a_call_is_placed_from_a_users_phone",
    ];
    emulated("outreach").conforms(&skipped).await;
}
