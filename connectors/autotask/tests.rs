//! Autotask against its emulator, and its three ways to choose lines of business.

use counterpart_connector::ListScope;
use counterpart_connector::kit::Bench as _;
use counterpart_emulators::{User, UserKind};

use counterpart_conformance::EmulatorBench;

use crate::emulated;

#[tokio::test]
async fn autotask_conforms() {
    // It has no sessions, and shows and dials nothing.
    emulated("autotask")
        .conforms(&[
            "a_record_is_shown_on_a_screen",
            "a_call_is_placed_from_a_users_phone",
            "an_ended_session_is_renewed",
        ])
        .await;
}

async fn listed(settings: &[(&str, &str)]) -> (EmulatorBench, Vec<String>) {
    let bench = emulated("autotask")
        .connect(40, None, settings)
        .await
        .unwrap_or_else(|error| panic!("{error:?}"));
    let (mut ids, mut cursor) = (Vec::new(), None);
    loop {
        let access = bench.access();
        let page = bench
            .connector()
            .list_users(&access, ListScope::Full, cursor.as_deref())
            .await;
        let page = page.unwrap_or_else(|error| panic!("{error}"));
        ids.extend(page.users.into_iter().map(|user| user.id.0));
        assert!(page.failures.is_empty());
        match page.next {
            Some(next) => cursor = Some(next),
            None => return (bench, ids),
        }
    }
}

fn ids_of(bench: &EmulatorBench, belongs: impl Fn(&User) -> bool) -> Vec<String> {
    let users = bench.emulator.control().users().into_iter();
    users.filter(belongs).map(|user| user.id).collect()
}

#[tokio::test]
async fn a_fixed_list_brings_its_lines_and_those_without_any() {
    for list in ["Telephony", "2", " telephony ,"] {
        let chosen = [
            ("lines_of_business", "fixed_list"),
            ("lines_of_business_list", list),
        ];
        let (bench, ids) = listed(&chosen).await;
        let expected = ids_of(&bench, |user| {
            user.line_of_business == 2 || user.kind == UserKind::Connecting
        });
        assert_eq!(ids, expected, "{list}");
        assert!(ids.len() < ids_of(&bench, |_| true).len());
    }
}

#[tokio::test]
async fn a_fixed_list_must_not_be_empty() {
    let chosen = [("lines_of_business", "fixed_list")];
    let bench = emulated("autotask").connect(5, None, &chosen).await;
    assert!(bench.is_err());
}

#[tokio::test]
async fn all_there_are_now_are_kept_when_the_connection_is_saved() {
    let (bench, ids) = listed(&[("lines_of_business", "all_now")]).await;
    assert_eq!(ids, ids_of(&bench, |_| true));
    assert_eq!(bench.access().settings["lines_of_business_list"], "1,2,3");
}

#[tokio::test]
async fn all_lines_cost_no_further_request() {
    let (bench, ids) = listed(&[]).await;
    assert_eq!(ids, ids_of(&bench, |_| true));
    assert_eq!(
        bench.access().settings["lines_of_business"],
        "all_now_and_future"
    );
    let asked = bench.emulator.control().requests().into_iter();
    assert!(
        asked
            .filter(|request| request.path.contains("Organizational"))
            .count()
            == 0
    );
}
