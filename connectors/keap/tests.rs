//! Keap against its emulator.

use counterpart_connector::kit::Bench as _;
use counterpart_connector::{IncomingWebhook, ListScope};
use counterpart_emulators::UserKind;
use counterpart_model::CrmUserKind;

use counterpart_conformance::EmulatorBench;

use crate::emulated;

#[tokio::test]
async fn keap_conforms() {
    let skipped = [
        // No number of users is announced, and nothing tells a program from a person.
        "a_list_that_was_cut_short_does_not_pass_for_whole",
        "the_connecting_user_is_no_person",
        "a_record_is_shown_on_a_screen",
        "a_call_is_placed_from_a_users_phone",
        // The kit's connection has a key, which does not end.
        "an_ended_session_is_renewed",
    ];
    emulated("keap").conforms(&skipped).await;
}

async fn bench(people: usize, more: &[(&str, &str)]) -> EmulatorBench {
    let bench = emulated("keap").connect(people, None, more).await;
    bench.unwrap_or_else(|error| panic!("{error:?}"))
}

#[tokio::test]
async fn a_refresh_token_that_works_once_is_replaced_every_time() {
    let bench = bench(10, &[("sign_in", "oauth")]).await;
    for _ in 0..3 {
        bench
            .emulator
            .control()
            .expire_tokens()
            .expect("there are tokens");
        let page = bench
            .connector()
            .list_users(&bench.access(), ListScope::Full, None)
            .await;
        assert!(
            !page
                .unwrap_or_else(|error| panic!("{error}"))
                .users
                .is_empty()
        );
    }
    let requests = bench.emulator.control().requests();
    let tokens: Vec<_> = requests.iter().filter(|it| it.path == "/token").collect();
    assert_eq!(tokens.len(), 4, "one code, three refresh tokens");
    assert!(tokens.iter().all(|request| request.status == 200));
}

#[tokio::test]
async fn partners_and_those_who_are_no_users_are_listed_as_no_people_of_the_app() {
    let bench = bench(200, &[]).await;
    let (mut listed, mut cursor) = (Vec::new(), None);
    loop {
        let access = bench.access();
        let page = bench
            .connector()
            .list_users(&access, ListScope::Full, cursor.as_deref())
            .await;
        let page = page.unwrap_or_else(|error| panic!("{error}"));
        listed.extend(page.users);
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    let others = [UserKind::Consultant, UserKind::Portal, UserKind::Guest];
    let users = bench.emulator.control().users();
    for user in users.iter().filter(|user| others.contains(&user.kind)) {
        let found = listed.iter().find(|it| it.id.0 == user.id);
        assert_eq!(
            found.map(|it| it.profile.kind),
            Some(CrmUserKind::Portal),
            "{}",
            user.id
        );
    }
}

#[tokio::test]
async fn the_trial_of_a_hook_tells_nothing_and_is_answered_with_its_secret() {
    let bench = bench(5, &[]).await;
    let webhooks = bench
        .connector()
        .manifest()
        .webhooks
        .as_ref()
        .expect("webhooks");
    assert_eq!(webhooks.echo_header.as_deref(), Some("X-Hook-Secret"));
    let headers = [("x-hook-secret".to_owned(), "5f1c".to_owned())];
    let secret = String::new().into();
    let trial = IncomingWebhook {
        method: "POST",
        url: "https://counterpart.example/hooks/1/abc",
        headers: &headers,
        body: b"",
        secret: &secret,
        now: bench.access().clock.now(),
    };
    let told = bench.connector().receive(&trial);
    assert_eq!(told.unwrap_or_else(|error| panic!("{error}")), []);
}
