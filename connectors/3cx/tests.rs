//! 3CX against its emulator.

use counterpart_connector::kit::Bench as _;
use counterpart_connector::{ListScope, UserPage};

use crate::{connector, emulated};

#[tokio::test]
async fn three_cx_conforms() {
    emulated("3cx")
        .conforms(&[
            // A connection signs in as a client, which is no user.
            "the_connecting_user_is_no_person",
            // A phone system has no customers and takes no records.
            "a_contact_is_found_by_phone_in_three_spellings",
            "a_number_of_nobody_finds_nobody",
            "a_contact_is_found_by_e_mail",
            "every_contact_is_listed_once",
            "changed_contacts_hold_what_changed",
            "a_record_is_written_under_its_owner",
            "a_bad_owner_is_noticed",
            "what_was_written_is_found_by_our_key",
            "a_lost_answer_leads_to_no_second_record",
            "a_refused_write_is_no_unknown_outcome",
            "what_was_written_can_be_changed_and_taken_away",
            "a_record_is_shown_on_a_screen",
            // It counts no requests and sends no webhooks.
            "the_allowance_that_is_left_is_known",
            "a_webhook_is_believed_when_it_is_real",
        ])
        .await;
}

async fn first_page() -> UserPage {
    let bench = emulated("3cx").connect(40, None, &[]).await;
    let bench = bench.unwrap_or_else(|error| panic!("{error:?}"));
    let page = bench
        .connector()
        .list_users(&bench.access(), ListScope::Full, None)
        .await;
    page.unwrap_or_else(|error| panic!("{error}"))
}

#[tokio::test]
async fn everybody_has_an_extension_and_most_a_number_and_a_phone() {
    let users = first_page().await.users;
    assert!(users.iter().all(|user| user.profile.extension.is_some()));
    let with = |kind: &str| {
        let has = |user: &&counterpart_connector::PulledUser| {
            user.profile.other_ids.iter().any(|id| id.kind == kind)
        };
        users.iter().filter(has).count()
    };
    assert!(with("number") > 20, "{} numbers", with("number"));
    assert!(with("device") > 10, "{} phones", with("device"));
    let numbers = users.iter().flat_map(|user| &user.profile.other_ids);
    let mut numbers = numbers.filter(|id| id.kind == "number");
    assert!(numbers.all(|id| id.value.starts_with("+44")));
}

#[test]
fn a_users_record_which_holds_passwords_is_never_asked_for_as_a_whole() {
    let connector = connector("3cx");
    let manifest = connector.manifest();
    let users = &manifest.users;
    let one = users.one.as_ref().map(|one| &one.request);
    let probes = manifest.probes.iter().map(|probe| &probe.request);
    let all = users.full.requests.iter().chain(one).chain(probes);
    for request in all {
        assert!(request.query.contains_key("$select"), "{request:?}");
    }
}
