//! How many clicks the everyday jobs take. What is typed into a field is no click; choosing in a
//! field is none either.

use std::cell::Cell;
use std::collections::BTreeMap;

use counterpart_emulators::{NewUser, UserChange, truth};
use serde::Deserialize;

use super::office::Office;
use super::sight;
use super::visitor::Visitor;

const ADA: &str = "ada@northwind.example";
const SALESFORCE: &str = "salesforce";
/// The end of a mapping that has none.
const FOREVER: &str = "forever";

/// A visitor whose clicks and keys are counted.
struct Counted<'a> {
    visitor: &'a Visitor,
    clicks: Cell<u32>,
}

impl<'a> Counted<'a> {
    fn new(visitor: &'a Visitor) -> Self {
        Self {
            visitor,
            clicks: Cell::new(0),
        }
    }

    async fn click(&self, xpath: &str) {
        self.clicks.set(self.clicks.get() + 1);
        self.visitor.click(xpath).await;
    }

    async fn press(&self, name: &str) {
        self.click(&sight::control(name)).await;
    }
}

/// A mapping, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Mapped {
    #[serde(rename = "person_external_id")]
    person: String,
    #[serde(rename = "crm_user_id")]
    user: String,
    from: String,
    to: String,
}

/// The mappings of a connection, also those of the past.
fn mapped(office: &mut Office, connection: &str) -> Vec<Mapped> {
    let listed = office.command(&["map", "list", "--connection", connection]);
    serde_json::from_value(listed).expect("mappings")
}

/// Whom the emulator called `provider` knows, by the external id of the person.
fn truth_of(provider: &str, people: usize) -> BTreeMap<String, String> {
    truth(1, people, provider).expect("an emulator")
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_people_in_three_crms_are_mapped_in_fifteen_clicks() {
    if super::is_skipped() {
        return;
    }
    let mut office = Office::open(50, &[SALESFORCE, "zoho-crm", "autotask"]).await;
    let visitor = office.visit(ADA).await;
    let hand = Counted::new(&visitor);

    hand.click("//nav[@aria-label='Main']//a[contains(., 'Mapping')]")
        .await;
    hand.click("//button[starts-with(., 'Accept ')][contains(., ' certain')]")
        .await;
    visitor.see(&sight::words("in your draft")).await;
    hand.press("Accept all shown").await;
    visitor.see(&sight::words("in your draft")).await;
    hand.press("Save").await;
    visitor.see(&sight::words("Saved as change")).await;
    assert!(hand.clicks.get() <= 15, "{} clicks", hand.clicks.get());
    assert!(
        !visitor.sees(sight::WHY_PROPOSED).await,
        "only who is ambiguous or has no account is left"
    );

    for (provider, title) in office.providers() {
        let truth = truth_of(provider, 50);
        let found = mapped(&mut office, title);
        let wrong: Vec<_> = found
            .iter()
            .filter(|mapping| truth.get(&mapping.person) != Some(&mapping.user))
            .collect();
        assert!(wrong.is_empty(), "{provider}: {wrong:?}");
        let share = found.len() * 100 / truth.len();
        assert!(
            share >= 85,
            "{provider}: {} of {}",
            found.len(),
            truth.len()
        );
    }
}

/// The CRM made a new account for somebody: the mapping says so, and moves.
#[tokio::test(flavor = "multi_thread")]
async fn a_mismatch_is_fixed_in_two_clicks() {
    if super::is_skipped() {
        return;
    }
    let mut office = Office::open(12, &[SALESFORCE]).await;
    office.command(&["map", "accept"]);
    let Mapped { person, user, .. } = mapped(&mut office, "Salesforce").remove(0);
    let crm = office.crms[0].control();
    let known = crm.find_user(&user).expect("a user");
    let moved = UserChange {
        email: Some(format!("old.{}", known.email)),
        ..UserChange::default()
    };
    crm.update_user(&user, moved).expect("a user");
    let again = NewUser::person(&known.given, &known.family, &known.email);
    let right = crm.add_user(again).expect("a user").id;
    let mut office = office.synced();
    let visitor = office.visit(ADA).await;
    office.go(&visitor, "/mapping").await;

    let hand = Counted::new(&visitor);
    hand.click(&sight::control_starting("Repair ")).await;
    hand.click(&sight::control_starting("Move to ")).await;
    visitor.see(&sight::words("Put right, as change")).await;
    assert_eq!(hand.clicks.get(), 2);
    let found = mapped(&mut office, "Salesforce");
    let theirs: Vec<&Mapped> = found.iter().filter(|it| it.person == person).collect();
    let (past, now): (Vec<&Mapped>, Vec<&Mapped>) =
        theirs.into_iter().partition(|it| it.to != FOREVER);
    assert_eq!(past.len(), 1, "what was true stays");
    assert_eq!(
        (past[0].user.as_str(), &past[0].to),
        (user.as_str(), &now[0].from)
    );
    assert_eq!((now.len(), &now[0].user), (1, &right));
}

/// The name on the left is no longer the name on the right.
#[tokio::test(flavor = "multi_thread")]
async fn a_repurposed_seat_is_fixed_in_two_clicks() {
    if super::is_skipped() {
        return;
    }
    let mut office = Office::open(12, &[SALESFORCE]).await;
    office.command(&["map", "accept"]);
    let before = mapped(&mut office, "Salesforce");
    let user = &before[0].user;
    let stranger = UserChange {
        given: Some("Wilhelmina".to_owned()),
        family: Some("Tannenbaum".to_owned()),
        email: Some("wilhelmina.tannenbaum@northwind.example".to_owned()),
        username: Some("wilhelmina.tannenbaum@northwind.example".to_owned()),
        ..UserChange::default()
    };
    let crm = office.crms[0].control();
    crm.update_user(user, stranger).expect("a user");
    let mut office = office.synced();
    let visitor = office.visit(ADA).await;
    office.go(&visitor, "/mapping").await;

    let hand = Counted::new(&visitor);
    hand.click(&sight::control_starting("Repair ")).await;
    hand.click(&sight::control_starting("Somebody else’s"))
        .await;
    visitor.see(&sight::words("Put right, as change")).await;
    assert_eq!(hand.clicks.get(), 2);
    let after = mapped(&mut office, "Salesforce");
    assert_eq!(after.len(), before.len(), "what was true stays");
    let ended: Vec<&Mapped> = after.iter().filter(|it| it.to != FOREVER).collect();
    assert_eq!(ended.len(), 1, "{ended:?}");
    assert_eq!(&ended[0].user, user);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_is_handed_over_in_three_clicks() {
    if super::is_skipped() {
        return;
    }
    let mut office = Office::open(12, &[SALESFORCE]).await;
    office.command(&["map", "accept"]);
    let before = mapped(&mut office, "Salesforce");
    office.hire("NN-1,Nadia,Newcomer,nadia@northwind.example");
    let visitor = office.visit(ADA).await;
    office.go(&visitor, "/mapping?show=mapped").await;

    let hand = Counted::new(&visitor);
    hand.click(&sight::control_starting("Hand over the seat of "))
        .await;
    visitor.fill("Is then", "NN-1").await;
    hand.press("Show what changes").await;
    hand.press("Hand over").await;
    visitor.see(&sight::heading("Change ")).await;
    assert_eq!(hand.clicks.get(), 3);

    let after = mapped(&mut office, "Salesforce");
    assert_eq!(after.len(), before.len() + 1, "what was stays, until then");
    let newcomer = after.iter().find(|it| it.person == "NN-1");
    let newcomer = newcomer.expect("a mapping");
    let leaver = after.iter().find(|it| it.to != FOREVER).expect("an end");
    assert_eq!((&newcomer.user, &newcomer.from), (&leaver.user, &leaver.to));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bulk_change_is_undone_in_two_clicks() {
    if super::is_skipped() {
        return;
    }
    let mut office = Office::open(12, &[SALESFORCE]).await;
    office.command(&["map", "accept"]);
    assert!(!mapped(&mut office, "Salesforce").is_empty());
    let visitor = office.visit(ADA).await;

    let hand = Counted::new(&visitor);
    hand.click("//nav[@aria-label='Main']//a[contains(., 'Changes')]")
        .await;
    hand.click(&sight::control_starting("Undo change ")).await;
    visitor.see(&sight::words("Undone.")).await;
    assert_eq!(hand.clicks.get(), 2);
    assert_eq!(mapped(&mut office, "Salesforce"), []);
}
