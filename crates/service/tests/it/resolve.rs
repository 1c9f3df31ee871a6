//! Who is whom at an instant.

use counterpart_emulators::{Fault, FaultSwitch, Running};
use counterpart_model::{
    Connection, CrmUserId, DraftEdit, PageRequest, Period, PersonId, Role, RunState, Timestamp,
};
use counterpart_service::mapping::CellEdit;
use counterpart_service::people::PersonInput;
use counterpart_service::resolve::{Choice, Outcome, Question, Resolution, Subject, Unknown};
use counterpart_service::sync::SyncMode;
use counterpart_store::crm_users::CrmUserQuery;

use crate::world::{World, emulator};

/// A world with one synced CRM and nobody in it yet.
pub(crate) struct Synced {
    pub(crate) world: World,
    pub(crate) emulator: Running,
    pub(crate) connection: Connection,
    /// The ids of the CRM's users.
    pub(crate) users: Vec<CrmUserId>,
}

impl Synced {
    pub(crate) async fn new() -> Self {
        let world = World::new().await;
        let emulator = emulator("salesforce", 12).await;
        let connection = world.connect(&emulator).await;
        let synced = world
            .service
            .sync(&world.owner, connection.id, SyncMode::Full)
            .await;
        synced.expect("a sync");
        let users = world
            .service
            .list_crm_users(
                &world.owner,
                connection.id,
                "",
                &CrmUserQuery::default(),
                &PageRequest::first(100),
            )
            .await
            .expect("users");
        let users = users.items.into_iter().map(|user| user.id).collect();
        Self {
            world,
            emulator,
            connection,
            users,
        }
    }

    pub(crate) async fn person(&self, name: &str, external_id: &str, extension: &str) -> PersonId {
        let input = PersonInput {
            display_name: name.to_owned(),
            emails: vec![
                format!("{name}@people.example"),
                "Team@People.example".into(),
            ],
            external_id: external_id.to_owned(),
            extension: extension.to_owned(),
            ..PersonInput::default()
        };
        let added = self
            .world
            .service
            .add_person(&self.world.owner, &input)
            .await;
        added.expect("a person").id
    }

    pub(crate) async fn map(&self, person: PersonId, user: usize, period: Period) {
        let added = self
            .world
            .service
            .add_mapping(
                &self.world.owner,
                self.connection.id,
                person,
                self.users[user].clone(),
                period,
                None,
            )
            .await;
        added.expect("mapped");
    }

    /// The answer to one question.
    pub(crate) async fn resolve(&self, subject: Subject, at: Option<Timestamp>) -> Resolution {
        let question = Question {
            connection: Some(self.connection.name.to_uppercase()),
            subject,
            at,
        };
        self.ask(question).await
    }

    async fn ask(&self, question: Question) -> Resolution {
        let (service, owner) = (&self.world.service, &self.world.owner);
        let answers = service.resolve(owner, &[question]).await;
        answers.expect("answered").remove(0)
    }

    /// Who is mapped to a CRM user at an instant.
    pub(crate) async fn people_of(&self, user: usize, at: Timestamp) -> Vec<PersonId> {
        let subject = Subject::CrmUser(self.users[user].clone());
        match self.resolve(subject, Some(at)).await.outcome {
            Outcome::Mapped(views) => views.iter().map(|view| view.mapping.person_id).collect(),
            _ => Vec::new(),
        }
    }
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

pub(crate) fn period(from: &str, to: &str) -> Period {
    Period::new(at(from), at(to)).expect("ordered")
}

fn mapped_to(resolution: &Resolution) -> Vec<CrmUserId> {
    match &resolution.outcome {
        Outcome::Mapped(views) => {
            let ids = views.iter().map(|view| view.mapping.crm_user_id.clone());
            ids.collect()
        }
        other => panic!("expected a mapping, got {other:?}"),
    }
}

/// Every key of a person leads to the same mapping, and the CRM user back to the person.
#[tokio::test]
async fn a_person_is_found_by_every_key_and_the_crm_user_leads_back() {
    let it = Synced::new().await;
    let ann = it.person("Ann", "E1", "201").await;
    it.map(ann, 0, Period::ALL).await;
    let extension = |platform: Option<&str>| Subject::Extension {
        value: "201".into(),
        platform: platform.map(Into::into),
    };
    for subject in [
        Subject::Person(ann),
        Subject::ExternalId("E1".into()),
        Subject::Email(" ANN@people.example".into()),
        extension(None),
        extension(Some("directory")),
    ] {
        let found = it.resolve(subject.clone(), None).await;
        assert_eq!(mapped_to(&found), [it.users[0].clone()], "{subject:?}");
        assert_eq!(found.person.map(|person| person.id), Some(ann));
        let anywhere = Question {
            connection: None,
            subject,
            at: None,
        };
        assert_eq!(mapped_to(&it.ask(anywhere).await), [it.users[0].clone()]);
    }
    // The provider knows a shorter form of its ids.
    let short = CrmUserId(it.users[0].0[..15].to_owned());
    let found = it.resolve(Subject::CrmUser(short), None).await;
    assert_eq!(mapped_to(&found), [it.users[0].clone()]);
    assert_eq!(
        found.crm_user.map(|user| user.id),
        Some(it.users[0].clone())
    );
}

/// Each outcome is told from the others.
#[tokio::test]
async fn outcomes_are_told_apart() {
    let it = Synced::new().await;
    let (service, owner) = (&it.world.service, &it.world.owner);
    let ann = it.person("Ann", "E1", "201").await;
    let bob = it.person("Bob", "E2", "").await;
    let until = service.now().plus_seconds(1_000);
    let edit = DraftEdit::NoAccount {
        reason: Some("works on paper".into()),
        expires_at: until,
    };
    let edit = CellEdit::new(it.connection.id, bob, edit);
    let before = service.now();
    service
        .apply_edits(owner, &[edit], None)
        .await
        .expect("decided");
    service
        .decide_not_a_person(owner, it.connection.id, &it.users[3], None)
        .await
        .expect("decided");

    let outcome = async |subject, at| it.resolve(subject, at).await.outcome;
    assert!(matches!(
        outcome(Subject::Person(ann), None).await,
        Outcome::Unmapped
    ));
    let Outcome::Ignored { until: end, reason } = outcome(Subject::Person(bob), None).await else {
        panic!("somebody decided about Bob");
    };
    assert_eq!((end, reason.as_deref()), (until, Some("works on paper")));
    // The decision did not hold before it was made, and does not once it has expired.
    for when in [before, until] {
        let then = outcome(Subject::Person(bob), Some(when)).await;
        assert!(matches!(then, Outcome::Unmapped), "{then:?}");
    }
    let api = outcome(Subject::CrmUser(it.users[3].clone()), None).await;
    assert!(
        matches!(
            api,
            Outcome::Ignored {
                until: Timestamp::FOREVER,
                ..
            }
        ),
        "{api:?}"
    );
    let nobody = outcome(Subject::CrmUser(it.users[4].clone()), None).await;
    assert!(matches!(nobody, Outcome::Unmapped), "{nobody:?}");

    let Outcome::Ambiguous(Choice::People(people)) =
        outcome(Subject::Email("team@people.example".into()), None).await
    else {
        panic!("both have the address");
    };
    assert_eq!(people.len(), 2);
    assert!(people.iter().all(|it| [ann, bob].contains(&it.id)));

    let unknown = Subject::Extension {
        value: "201".into(),
        platform: Some("no such platform".into()),
    };
    for (subject, what) in [
        (Subject::ExternalId("e1".into()), Unknown::Person),
        (Subject::Email("zoe@people.example".into()), Unknown::Person),
        (Subject::CrmUser(CrmUserId("none".into())), Unknown::CrmUser),
        (unknown, Unknown::Platform),
    ] {
        let found = outcome(subject.clone(), None).await;
        assert!(
            matches!(found, Outcome::Unknown(it) if it == what),
            "{subject:?}: {found:?}"
        );
    }
    for name in ["no such CRM", "directory"] {
        let question = Question {
            connection: Some(name.into()),
            subject: Subject::Person(ann),
            at: None,
        };
        let found = it.ask(question).await.outcome;
        assert!(
            matches!(found, Outcome::Unknown(Unknown::Connection)),
            "{name}: {found:?}"
        );
    }
}

/// While a brake holds the connection, what is not mapped is *held*, and what is stays mapped.
#[tokio::test]
async fn a_brake_holds_what_is_not_mapped() {
    let it = Synced::new().await;
    let ann = it.person("Ann", "E1", "201").await;
    let bob = it.person("Bob", "E2", "").await;
    it.map(ann, 0, Period::ALL).await;
    let before = it.world.service.now();
    let emptied = FaultSwitch::lasting(Fault::EmptyList);
    it.emulator.control().inject(emptied).expect("a fault");
    let run = it
        .world
        .service
        .sync(&it.world.owner, it.connection.id, SyncMode::Full)
        .await;
    assert_eq!(run.expect("held").state, RunState::Held);
    let found = it.resolve(Subject::Person(ann), None).await;
    assert_eq!(mapped_to(&found), [it.users[0].clone()]);
    for subject in [
        Subject::Person(bob),
        Subject::CrmUser(it.users[1].clone()),
        Subject::CrmUser(CrmUserId("new".into())),
    ] {
        let now = it.resolve(subject.clone(), None).await.outcome;
        assert!(
            matches!(now, Outcome::Held { since } if since > before),
            "{now:?}"
        );
        let then = it.resolve(subject, Some(before)).await.outcome;
        assert!(!matches!(then, Outcome::Held { .. }), "{then:?}");
    }
}

/// A table of instants around the ends of periods, one of them on a day of 23 hours.
#[tokio::test]
async fn mappings_answer_for_any_moment() {
    let it = Synced::new().await;
    let ann = it.person("Ann", "E1", "").await;
    let bob = it.person("Bob", "E2", "").await;
    let cleo = it.person("Cleo", "E3", "").await;
    // 29 March 2026 has 23 hours in Berlin: from 28 March 23:00 UTC to 29 March 22:00 UTC.
    let short_day = Timestamp::start_of_day("2026-03-29", "Europe/Berlin").expect("a day");
    let day_after = Timestamp::start_of_day("2026-03-30", "Europe/Berlin").expect("a day");
    assert_eq!(day_after.seconds_since(short_day), 23 * 3_600);
    it.map(
        ann,
        0,
        Period::new(Timestamp::ALWAYS, short_day).expect("ordered"),
    )
    .await;
    it.map(bob, 0, Period::new(short_day, day_after).expect("ordered"))
        .await;
    it.map(cleo, 0, period("2027-01-01T00:00:00Z", "forever"))
        .await;
    for (when, who) in [
        ("1970-01-01T00:00:00Z", Some(ann)),
        ("2026-03-28T22:59:59.999999Z", Some(ann)),
        ("2026-03-28T23:00:00Z", Some(bob)),
        ("2026-03-29T00:00:00+01:00", Some(bob)),
        ("2026-03-29T03:00:00+02:00", Some(bob)),
        ("2026-03-29T21:59:59.999999Z", Some(bob)),
        ("2026-03-29T22:00:00Z", None),
        ("2026-12-31T23:59:59.999999Z", None),
        ("2027-01-01T00:00:00Z", Some(cleo)),
        ("2999-01-01T00:00:00Z", Some(cleo)),
    ] {
        let found = it.people_of(0, at(when)).await;
        assert_eq!(found, Vec::from_iter(who), "at {when}");
        for person in [ann, bob, cleo] {
            let found = it.resolve(Subject::Person(person), Some(at(when))).await;
            let expected = if who == Some(person) {
                "mapped"
            } else {
                "unmapped"
            };
            assert_eq!(found.outcome.as_str(), expected, "{when}");
        }
    }
}

/// A thousand questions come back in their order, whatever they ask; a viewer may ask them.
#[tokio::test]
async fn a_thousand_questions_are_answered_in_their_order() {
    let it = Synced::new().await;
    let ann = it.person("Ann", "E1", "201").await;
    it.map(ann, 0, Period::ALL).await;
    let viewer = it.world.member("viewer@example.com", Role::Viewer).await;
    let connection = Some(it.connection.id.to_string());
    let questions: Vec<Question> = (0..1_000)
        .map(|n| Question {
            connection: connection.clone(),
            subject: match n % 4 {
                0 => Subject::ExternalId("E1".into()),
                1 => Subject::Email(format!("nobody{n}@people.example")),
                2 => Subject::CrmUser(it.users[0].clone()),
                _ => Subject::CrmUser(CrmUserId(format!("none{n}"))),
            },
            at: None,
        })
        .collect();
    let answers = it.world.service.resolve(&viewer, &questions).await;
    let words: Vec<_> = answers
        .expect("answered")
        .iter()
        .map(|answer| answer.outcome.as_str())
        .collect();
    let expected = ["mapped", "unknown", "mapped", "unknown"].repeat(250);
    assert_eq!(words, expected);
}

/// One answer takes less than a millisecond, a thousand less than a second, once warm. Not run by
/// default, because a busy machine is not a slow program.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement"]
async fn one_answer_takes_less_than_a_millisecond() {
    let it = Synced::new().await;
    let ann = it.person("Ann", "E1", "201").await;
    it.map(ann, 0, Period::ALL).await;
    let question = Question {
        connection: Some(it.connection.name.clone()),
        subject: Subject::Email("ann@people.example".into()),
        at: None,
    };
    for many in [1, 1_000] {
        let questions = vec![question.clone(); many];
        let mut times: Vec<_> = Vec::new();
        for _ in 0..200 {
            let begun = std::time::Instant::now();
            let asked = it.world.service.resolve(&it.world.owner, &questions).await;
            asked.expect("answered");
            times.push(begun.elapsed());
        }
        times.sort();
        println!("{many}: median {:?}, 95 % {:?}", times[100], times[190]);
        assert!(times[100].as_micros() < 1_000 * many as u128);
    }
}
