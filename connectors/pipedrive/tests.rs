//! Pipedrive against its emulator.

use crate::emulated;

#[tokio::test]
async fn pipedrive_conforms() {
    // All users come at once; whose token it is may be a person, and it has no end.
    let skipped = [
        "a_pull_goes_on_where_it_stopped",
        "the_connecting_user_is_no_person",
        "a_record_is_shown_on_a_screen",
        "a_call_is_placed_from_a_users_phone",
        "an_ended_session_is_renewed",
    ];
    emulated("pipedrive").conforms(&skipped).await;
}
