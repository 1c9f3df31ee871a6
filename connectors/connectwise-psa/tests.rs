//! `ConnectWise` PSA against its emulator.

use counterpart_connector::ContactQuery;
use counterpart_connector::kit::Bench as _;

use crate::emulated;

#[tokio::test]
async fn connectwise_psa_conforms() {
    // There are no sessions and no stated limits; it shows and dials nothing.
    emulated("connectwise-psa")
        .conforms(&[
            "a_record_is_shown_on_a_screen",
            "a_call_is_placed_from_a_users_phone",
            "the_allowance_that_is_left_is_known",
            "an_ended_session_is_renewed",
        ])
        .await;
}

#[tokio::test]
async fn numbers_and_addresses_of_one_list_are_told_apart() {
    let bench = emulated("connectwise-psa").connect(10, None, &[]).await;
    let bench = bench.unwrap_or_else(|error| panic!("{error:?}"));
    let mut known = bench.contacts().into_iter();
    let known = known
        .find(|it| it.email.is_some())
        .expect("a contact with an address");
    let number = ContactQuery::Phone(known.number.clone());
    let found = bench
        .connector()
        .find_contacts(&bench.access(), &number)
        .await;
    let found = found.unwrap_or_else(|error| panic!("{error}")).remove(0);
    assert_eq!(found.emails, known.email.into_iter().collect::<Vec<_>>());
    let digits = |text: &String| text.bytes().all(|byte| byte.is_ascii_digit());
    assert!(
        !found.phones.is_empty() && found.phones.iter().all(digits),
        "{:?}",
        found.phones
    );
    let link = found.link.unwrap_or_default();
    let page = format!(
        "/v4_6_release/ConnectWise.aspx?routeTo=ContactFV&recid={}",
        found.id
    );
    assert!(link.contains(&page), "{link}");
}
