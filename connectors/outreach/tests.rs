//! Outreach against its emulator, and the address that goes with every token.

use counterpart_conformance::EmulatorBench;
use counterpart_connector::ContactQuery;
use counterpart_connector::ListScope;
use counterpart_connector::kit::Bench as _;

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

async fn connected(settings: &[(&str, &str)]) -> EmulatorBench {
    let bench = emulated("outreach").connect(5, None, settings).await;
    bench.unwrap_or_else(|error| panic!("{error:?}"))
}

#[tokio::test]
async fn the_address_of_the_redirect_is_kept_and_sent_with_every_refresh() {
    let bench = connected(&[("sign_in", "redirect")]).await;
    let kept = &bench.access().settings["redirect_uri"];
    assert!(kept.ends_with("/sign-in/vendor/back"), "{kept}");
    bench.forget_session().await;
    let access = bench.access();
    let page = bench
        .connector()
        .list_users(&access, ListScope::Full, None)
        .await;
    let page = page.unwrap_or_else(|error| panic!("{error}"));
    assert!(!page.users.is_empty());
}

/// Numbers are records of their own there: one search, and one reading of the prospect.
#[tokio::test]
async fn a_prospect_is_found_by_two_requests() {
    let bench = connected(&[]).await;
    let contacts = bench.contacts();
    let known = contacts
        .iter()
        .find(|contact| contact.typed.starts_with('0'));
    let known = known.expect("a number typed as it is dialled");
    bench.emulator.control().forget_requests();
    let query = ContactQuery::Phone(known.number.clone());
    let access = bench.access();
    let found = bench.connector().find_contacts(&access, &query).await;
    let found = found.unwrap_or_else(|error| panic!("{error}"));
    assert!(found.iter().any(|contact| contact.id == known.id));
    let asked = bench.emulator.control().requests();
    let paths: Vec<_> = asked.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(paths[0], "/api/v2/phoneNumbers");
    assert_eq!(paths.len(), 1 + found.len(), "{paths:?}");
}
