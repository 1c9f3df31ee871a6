//! Handing seats over, and sharing them.

use counterpart_model::{Code, DecisionKind, PageRequest, Period, PersonId, Role, Timestamp};
use counterpart_service::mapping::{HandOver, HandOverPlan};
use counterpart_service::resolve::{Outcome, Subject};

use crate::resolve::{Synced, at, period};

impl Synced {
    fn wanted(&self, user: usize, person: PersonId, from: &str) -> HandOver {
        HandOver {
            connection_id: self.connection.id,
            crm_user_id: self.users[user].clone(),
            person_id: person,
            from: from.to_owned(),
            instead_of: None,
        }
    }

    async fn hand_over(&self, user: usize, person: PersonId, from: &str) -> HandOverPlan {
        let wanted = self.wanted(user, person, from);
        let (service, owner) = (&self.world.service, &self.world.owner);
        let done = service.hand_over(owner, &wanted, None).await;
        done.expect("handed over").0
    }

    /// How many people a change set can tell apart from the last: its lines.
    async fn lines_of_last(&self) -> u64 {
        let (service, owner) = (&self.world.service, &self.world.owner);
        let page = service
            .list_change_sets(owner, &PageRequest::first(1))
            .await;
        page.expect("change sets").items[0].change_set.line_count
    }

    async fn share(&self, user: usize) {
        let (service, owner) = (&self.world.service, &self.world.owner);
        service
            .decide_shared_seat(owner, self.connection.id, &self.users[user], None)
            .await
            .expect("shared");
    }
}

#[tokio::test]
async fn a_new_person_from_a_day_on_leaves_the_past_as_it_was() {
    let it = Synced::new().await;
    let anna = it.person("Anna", "E1", "").await;
    let ben = it.person("Ben", "E2", "").await;
    it.map(anna, 0, Period::ALL).await;
    it.map(ben, 1, Period::ALL).await;
    let plan = it.hand_over(0, ben, "2026-11-01").await;
    assert_eq!(plan.from, at("2026-10-31T23:00:00Z"));
    assert_eq!(it.lines_of_last().await, 3, "one change set");
    let user = &plan.crm_user.profile.display_name;
    let crm = &it.connection.name;
    assert_eq!(
        plan.sentences[0],
        format!(
            "{user} in {crm}: until 31 Oct 2026, 24:00 Anna, from 1 Nov 2026, 00:00 \
             (Europe/Berlin) Ben."
        )
    );
    assert!(
        plan.sentences[1].starts_with("Ben is "),
        "{:?}",
        plan.sentences
    );
    assert!(plan.sentences[1].ends_with(" until 31 Oct 2026, 24:00 only."));
    for (when, on_first, on_second) in [
        ("2026-10-31T22:59:59.999999Z", Some(anna), Some(ben)),
        ("2026-10-31T23:00:00Z", Some(ben), None),
        ("2030-01-01T00:00:00Z", Some(ben), None),
    ] {
        assert_eq!(
            it.people_of(0, at(when)).await,
            Vec::from_iter(on_first),
            "{when}"
        );
        assert_eq!(
            it.people_of(1, at(when)).await,
            Vec::from_iter(on_second),
            "{when}"
        );
    }
    // All of it is true already.
    let again = it.wanted(0, ben, "2026-11-01");
    let (service, owner) = (&it.world.service, &it.world.owner);
    let plan = service.plan_hand_over(owner, &again).await.expect("a plan");
    assert!(plan.is_empty());
    let refused = service.hand_over(owner, &again, None).await;
    assert_eq!(refused.expect_err("nothing").code(), Code::ChangeSetEmpty);
}

#[tokio::test]
async fn what_would_begin_later_is_replaced_entirely_and_said() {
    let it = Synced::new().await;
    let anna = it.person("Anna", "E1", "").await;
    let ben = it.person("Ben", "E2", "").await;
    let cleo = it.person("Cleo", "E3", "").await;
    it.map(
        anna,
        0,
        period("2026-03-01T00:00:00Z", "2026-06-01T00:00:00Z"),
    )
    .await;
    it.map(cleo, 0, period("2026-06-01T00:00:00Z", "forever"))
        .await;
    // Before the first of them begins, on a day of 23 hours.
    let plan = it.hand_over(0, ben, "2026-02-15T12:00").await;
    assert_eq!((plan.ending.len(), plan.replaced.len()), (0, 2));
    assert!(
        plan.sentences[1].starts_with("That Anna is "),
        "{:?}",
        plan.sentences
    );
    assert!(
        plan.sentences[1]
            .ends_with(" from 1 Mar 2026, 01:00 until 1 Jun 2026, 02:00 is replaced entirely.")
    );
    assert_eq!(it.people_of(0, at("2026-02-15T10:59:59Z")).await, []);
    for when in [
        "2026-02-15T11:00:00Z",
        "2026-05-01T00:00:00Z",
        "2028-01-01T00:00:00Z",
    ] {
        assert_eq!(it.people_of(0, at(when)).await, [ben], "{when}");
    }
}

#[tokio::test]
async fn a_mapping_of_ones_own_that_would_end_goes_on() {
    let it = Synced::new().await;
    let anna = it.person("Anna", "E1", "").await;
    let ben = it.person("Ben", "E2", "").await;
    it.map(
        anna,
        0,
        period("2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z"),
    )
    .await;
    it.map(
        ben,
        0,
        period("2026-06-01T00:00:00Z", "2026-09-01T00:00:00Z"),
    )
    .await;
    it.hand_over(0, anna, "2026-05-01").await;
    assert_eq!(it.people_of(0, at("2026-08-01T00:00:00Z")).await, [anna]);
    assert_eq!(it.people_of(0, at("2030-08-01T00:00:00Z")).await, [anna]);
    assert_eq!(it.people_of(0, at("2026-02-01T00:00:00Z")).await, [anna]);
}

#[tokio::test]
async fn who_may_not_or_says_it_wrongly_is_told_so() {
    let it = Synced::new().await;
    let anna = it.person("Anna", "E1", "").await;
    let ben = it.person("Ben", "E2", "").await;
    let service = &it.world.service;
    let viewer = it.world.member("viewer@example.com", Role::Viewer).await;
    let wanted = it.wanted(0, ben, "2026-11-01");
    let refused = service.hand_over(&viewer, &wanted, None).await;
    assert_eq!(refused.expect_err("a viewer").code(), Code::AuthForbidden);
    for (wanted, field) in [
        (it.wanted(0, ben, "soon"), "from"),
        (
            HandOver {
                instead_of: Some(anna),
                ..wanted
            },
            "instead_of",
        ),
    ] {
        let refused = service.hand_over(&it.world.owner, &wanted, None).await;
        let error = refused.expect_err(field);
        assert_eq!(error.fields()[0].field, field);
    }
}

#[tokio::test]
async fn a_shared_seat_is_of_several_people_and_of_one_again() {
    let it = Synced::new().await;
    let (service, owner) = (&it.world.service, &it.world.owner);
    let anna = it.person("Anna", "E1", "").await;
    let ben = it.person("Ben", "E2", "").await;
    let cleo = it.person("Cleo", "E3", "").await;
    it.map(anna, 0, Period::ALL).await;
    it.share(0).await;
    assert_eq!(
        it.lines_of_last().await,
        2,
        "the decision, and Anna's mapping"
    );
    it.map(ben, 0, Period::ALL).await;
    let now = service.now();
    let mut both = it.people_of(0, now).await;
    both.sort();
    assert_eq!(both, sorted([anna, ben]));
    // Nobody has to go, so it must be said whose place is taken.
    let wanted = it.wanted(0, cleo, "2026-11-01");
    let refused = service.hand_over(owner, &wanted, None).await;
    assert_eq!(refused.expect_err("whose?").fields()[0].field, "instead_of");
    let wanted = HandOver {
        instead_of: Some(anna),
        ..wanted
    };
    service
        .hand_over(owner, &wanted, None)
        .await
        .expect("handed over");
    let mut then = it.people_of(0, at("2026-11-02T00:00:00Z")).await;
    then.sort();
    assert_eq!(then, sorted([ben, cleo]));

    // While several are on it, it stays shared.
    let decision = service
        .list_decisions(owner, None, &PageRequest::first(10))
        .await
        .expect("decisions")
        .items
        .remove(0);
    assert!(matches!(decision.kind, DecisionKind::SharedSeat { .. }));
    let refused = service.withdraw_decision(owner, decision.id).await;
    let error = refused.expect_err("several people");
    assert_eq!(error.code(), Code::MappingOverlap);
    assert!(
        error.detail().contains("Anna, Ben, Cleo"),
        "{}",
        error.detail()
    );
    let view = service.person_view(owner, ben).await.expect("Ben");
    let mapping = view.mappings[0].mapping.id;
    service
        .remove_mapping(owner, mapping, None, None)
        .await
        .expect("removed");
    service
        .withdraw_decision(owner, decision.id)
        .await
        .expect("one at a time");
    let refused = service
        .add_mapping(
            owner,
            it.connection.id,
            ben,
            it.users[0].clone(),
            Period::new(now, Timestamp::FOREVER).expect("ordered"),
            None,
        )
        .await;
    assert_eq!(
        refused.expect_err("one to one").code(),
        Code::MappingOverlap
    );
    let found = it
        .resolve(Subject::Person(cleo), Some(at("2027-01-01T00:00:00Z")))
        .await;
    assert!(matches!(found.outcome, Outcome::Mapped(_)));
}

fn sorted(mut people: [PersonId; 2]) -> [PersonId; 2] {
    people.sort();
    people
}
