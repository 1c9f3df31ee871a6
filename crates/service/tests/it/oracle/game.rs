//! An organization of its own, and one operation after the other on it and on the books.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use counterpart_model::{
    ChangeLine, ChangeSet, ChangeSetOrigin, Code, CrmUserId, CrmUserProfile, DraftEdit,
    PageRequest, Period, Person, PersonId, Role, RunId, Timestamp,
};
use counterpart_service::connections::ConnectionInput;
use counterpart_service::mapping::CellEdit;
use counterpart_service::people::{ImportRow, PersonInput};
use counterpart_service::{Actor, Service};

use super::books::{Books, Places};
use super::crm::{Account, Crm};
use super::drafts::{Draft, Holding};
use super::operation::{Number, Operation, When, Wish};
use super::pulls::Pulls;
use super::questions::{Tally, user_id};
use super::rules::{Cell, Ruled, Want};
use super::undoing::Things;
use crate::standing::Standing;
use crate::world::{World, person};

/// Nothing is wrong, or what is.
pub(super) type Check = Result<(), String>;

/// People by given and family name; the first six work here from the beginning.
const NAMES: [(&str, &str); 9] = [
    ("Anna", "Berger"),
    ("Boris", "Lindqvist"),
    ("Chiara", "Moretti"),
    ("Dilan", "Yilmaz"),
    ("Emeka", "Okafor"),
    ("Freya", "Nielsen"),
    ("Goran", "Petrovic"),
    ("Hana", "Suzuki"),
    ("Ines", "Carvalho"),
];
const AT_FIRST: usize = 6;

/// What is played on: a service over a database, with two CRMs.
pub(super) struct Table {
    pub(super) world: World,
    pub(super) crms: [Arc<Crm>; 2],
}

/// A sequence that is being played.
pub(super) struct Game<'t> {
    pub(super) table: &'t Table,
    pub(super) actor: Actor,
    pub(super) places: Places,
    pub(super) names: [String; 2],
    pub(super) began: Timestamp,
    pub(super) step: usize,
    /// What is expected to stand.
    pub(super) books: Books,
    pub(super) draft: Draft,
    pub(super) pulls: [Pulls; 2],
    /// What stood after the last step, ids and all.
    pub(super) standing: Standing,
    pub(super) things: Things,
    pub(super) change_sets: Vec<Vec<ChangeLine>>,
    pub(super) exports: Vec<(String, Books)>,
    pub(super) hired: usize,
    pub(super) last_run: [Option<RunId>; 2],
}

/// What an operation is expected to leave, beside what the books hold.
pub(super) enum Outcome {
    /// It makes no sense here, and was not tried.
    Skipped,
    /// It changes no change set's things: those stand as before.
    Nothing,
    /// It was refused, as expected.
    Refused,
    /// It was one change set.
    Changed,
    /// It was one change set, which put this there.
    Undone(Things),
    /// A pull of a connection was applied.
    Pulled(usize),
}

/// What came of an operation, or what is wrong with it.
pub(super) type Performed = Result<Outcome, String>;

impl<'t> Game<'t> {
    /// A new organization with people, and two CRMs that were pulled.
    pub(super) async fn begin(table: &'t Table, number: u64) -> Self {
        let service = &table.world.service;
        let name = format!("Northwind {number}");
        let organization = service.create_organization(&name, "Europe/Berlin", false);
        let organization = organization.await.expect("an organization");
        let operator = service.operator(organization.id, ChangeSetOrigin::Cli);
        let account = service.invite_account(&operator, "owner@example.com", Role::Owner);
        let account = account.await.expect("a member").id;
        let entered = service.enter(account, organization.id, ChangeSetOrigin::Portal);
        let (actor, _) = entered.await.expect("entered");
        let mut connections = Vec::new();
        for provider in super::PROVIDERS {
            let input = ConnectionInput {
                existing: None,
                provider: provider.to_owned(),
                name: String::new(),
                environment: None,
                settings: BTreeMap::new(),
                credentials: BTreeMap::new(),
                untested: false,
            };
            let saved = service.save_connection(&actor, input).await;
            connections.push(saved.expect("a connection"));
        }
        let mut game = Self {
            table,
            actor,
            places: [connections[0].id, connections[1].id],
            names: [connections[0].name.clone(), connections[1].name.clone()],
            began: service.now(),
            step: 0,
            books: Books::default(),
            draft: Draft::new(),
            pulls: [first_users(false), first_users(true)],
            standing: Standing::default(),
            things: Things::new(),
            change_sets: Vec::new(),
            exports: Vec::new(),
            hired: AT_FIRST,
            last_run: [None, None],
        };
        game.hire_the_first().await;
        game
    }

    async fn hire_the_first(&mut self) {
        let rows = (0..AT_FIRST).zip(1..).map(|(number, line)| ImportRow {
            line,
            input: new_person(number),
        });
        let service = &self.table.world.service;
        let plan = service.plan_import(&self.actor, rows.collect()).await;
        let plan = plan.expect("a plan");
        let applied = service.apply_import(&self.actor, &plan, None).await;
        applied.expect("people");
        let seen = self.see().await.expect("they stand");
        self.books = seen;
    }

    pub(super) fn service(&self) -> &'t Service {
        &self.table.world.service
    }

    pub(super) fn now(&self) -> Timestamp {
        self.service().now()
    }

    /// Reads what stands, with the change set that was last applied.
    pub(super) async fn see(&mut self) -> Result<Books, String> {
        let organization = self.actor.organization();
        let store = self.table.world.store.as_ref();
        let standing = Standing::of(store, organization).await;
        let one = PageRequest::first(1);
        let newest = store.list_change_sets(organization, &one).await;
        let newest = newest.expect("change sets").items.pop();
        let number = newest.map_or(0, |it| it.number);
        let things = standing.things();
        if number > self.change_sets.len() as u64 {
            let all = PageRequest::first(1_000);
            let lines = store.list_change_lines(organization, number, &all).await;
            let lines = lines.expect("lines").items;
            keeps_its_word(&self.things, &lines, &things)?;
            self.change_sets.push(lines);
        } else if things != self.things {
            return Err("something changed without a change set".to_owned());
        }
        if number != self.change_sets.len() as u64 {
            return Err(format!(
                "there are {number} change sets after one step more"
            ));
        }
        self.things = things;
        self.standing = standing;
        Ok(Books::of(&self.standing, &self.places))
    }

    /// Does an operation, and looks at everything afterwards.
    pub(super) async fn play(&mut self, operation: &Operation, tally: &mut Tally) -> Check {
        self.table.world.clock.advance(1);
        self.step += 1;
        let outcome = self.perform(operation).await?;
        let counted = tally.entry(operation.name()).or_default();
        match outcome {
            Outcome::Skipped => return Ok(()),
            Outcome::Refused => counted.1 += 1,
            _ => counted.0 += 1,
        }
        self.check(outcome).await
    }

    /// Compares what was expected of a change with what came of it, and keeps the new books.
    pub(super) fn ruled(
        &mut self,
        expected: Ruled,
        happened: counterpart_service::Result<ChangeSet>,
    ) -> Performed {
        match (expected, happened) {
            (Ok(after), Ok(_)) => {
                self.books = after;
                Ok(Outcome::Changed)
            }
            (Err(code), Err(error)) if error.code() == code => Ok(Outcome::Refused),
            (expected, happened) => Err(told(expected, happened)),
        }
    }

    /// The person of a number, of those who are there.
    pub(super) fn person(&self, number: Number) -> &Person {
        let mut people: Vec<&Person> = self.standing.people.iter().collect();
        people.sort_by_key(|person| person.external_id.clone());
        people[number % people.len()]
    }

    pub(super) fn person_id(&self, number: Number) -> PersonId {
        self.person(number).id
    }

    /// Whether a CRM user was ever seen.
    pub(super) fn is_known(&self, place: usize, user: &str) -> bool {
        self.pulls[place].known.contains_key(user)
    }

    pub(super) fn instant(&self, when: When) -> Timestamp {
        match when {
            When::Now => self.now(),
            When::Day(days) => self.began.plus_seconds(days * 24 * 60 * 60),
            When::Boundary(number) => {
                let ends = self.books.ties.iter().flat_map(|tie| [tie.from, tie.to]);
                let known: BTreeSet<Timestamp> =
                    ends.filter(|end| end.to_jiff().is_some()).collect();
                let mut known = known.iter().copied().cycle().skip(number);
                known.next().unwrap_or_else(|| self.now())
            }
        }
    }

    pub(super) fn until(&self, days: Option<i64>) -> Timestamp {
        days.map_or(Timestamp::FOREVER, |days| self.instant(When::Day(days)))
    }

    /// A period, its ends in order.
    pub(super) fn period(&self, ends: (Option<When>, Option<When>)) -> (Timestamp, Timestamp) {
        let from = ends.0.map(|when| self.instant(when));
        let to = ends.1.map(|when| self.instant(when));
        match (from, to) {
            (Some(from), Some(to)) if from == to => (from, to.plus_seconds(60 * 60)),
            (Some(from), Some(to)) => (from.min(to), from.max(to)),
            (from, to) => (
                from.unwrap_or(Timestamp::ALWAYS),
                to.unwrap_or(Timestamp::FOREVER),
            ),
        }
    }

    pub(super) fn want(&self, wish: &Wish) -> Want {
        match wish {
            Wish::Map(user) => Want::map(user_id(*user), "manual"),
            Wish::Unmap => Want::Unmap,
            Wish::NoAccount { reason, days } => Want::NoAccount {
                reason: (*reason > 0).then(|| format!("because {reason}")),
                until: self.until(*days),
            },
            Wish::HasAccount => Want::HasAccount,
            Wish::Reject(user) => Want::Reject(user_id(*user)),
        }
    }

    /// The mapping that holds now, with its version.
    pub(super) fn holding(&self, (place, person): Cell) -> Holding {
        let now = self.now();
        let mut mappings = self.standing.mappings.iter();
        let found = mappings.find(|mapping| {
            mapping.connection_id == self.places[place]
                && mapping.person_id == person
                && mapping.period.contains(now)
        });
        found.map(|mapping| (mapping.id, mapping.version))
    }

    pub(super) fn cell_edit(&self, (place, person): Cell, want: &Want) -> CellEdit {
        let edit = draft_edit(want);
        let mut edit = CellEdit::new(self.places[place], person, edit);
        if let Want::Map {
            period: Some((from, to)),
            ..
        } = want
        {
            edit.period = Some(Period::new(*from, *to).expect("in order"));
        }
        edit
    }
}

pub(super) fn draft_edit(want: &Want) -> DraftEdit {
    let id = |user: &String| CrmUserId(user.clone());
    match want {
        Want::Map { user, origin, .. } => DraftEdit::Map {
            crm_user_id: id(user),
            accepted: *origin == "proposal",
        },
        Want::Unmap => DraftEdit::Unmap,
        Want::NoAccount { reason, until } => DraftEdit::NoAccount {
            reason: reason.clone(),
            expires_at: *until,
        },
        Want::HasAccount => DraftEdit::HasAccount,
        Want::Reject(user) => DraftEdit::Reject {
            crm_user_id: id(user),
        },
    }
}

pub(super) fn told<T, U>(
    expected: Result<T, Code>,
    happened: counterpart_service::Result<U>,
) -> String {
    let expected = expected.map(|_| "done");
    let happened = happened
        .map(|_| "done")
        .map_err(|error| format!("{:?}: {error}", error.code()));
    format!("expected {expected:?}, and it was {happened:?}")
}

/// The lines of a change set are what happened, all of it and nothing else.
fn keeps_its_word(before: &Things, lines: &[ChangeLine], after: &Things) -> Check {
    let mut made = before.clone();
    for line in lines {
        let subject = line.subject().ok_or("a line is about nothing")?;
        let (was, is) = line.clone().into_sides();
        if was == is {
            return Err(format!("a line of a change set changes nothing: {line:?}"));
        }
        if was.as_ref() != made.get(&subject) {
            return Err(format!("a line says otherwise what stood there: {line:?}"));
        }
        match is {
            Some(is) => made.insert(subject, is),
            None => made.remove(&subject),
        };
    }
    if made == *after {
        return Ok(());
    }
    Err("a change set does not say all that changed".to_owned())
}

/// The person of a number, before anybody knows them.
pub(super) fn new_person(number: usize) -> PersonInput {
    let (given, family) = NAMES[number % NAMES.len()];
    let email = format!("{given}.{family}{number}@northwind.example");
    PersonInput {
        external_id: format!("E{number}"),
        given_name: given.to_owned(),
        family_name: family.to_owned(),
        ..person(&format!("{given} {family}"), &email.to_lowercase())
    }
}

/// What a CRM says of the person of a number.
pub(super) fn profile_like(number: usize) -> CrmUserProfile {
    let person = new_person(number % NAMES.len());
    CrmUserProfile {
        display_name: person.display_name,
        given_name: Some(person.given_name),
        family_name: Some(person.family_name),
        emails: person.emails,
        ..CrmUserProfile::default()
    }
}

/// A CRM whose first users are the first people, and some others: one more that is called like the
/// first person, and strangers.
fn first_users(is_rich: bool) -> Pulls {
    let mut pulls = Pulls::default();
    pulls.truth.is_rich = is_rich;
    for number in 0..10 {
        let mut profile = profile_like(number);
        if number == AT_FIRST {
            profile = profile_like(0);
            profile.emails = vec!["a.berger@example.net".to_owned()];
        }
        let account = Account {
            profile,
            changed_at: Timestamp::from_micros(0),
        };
        pulls.truth.users.insert(user_id(number), account);
    }
    pulls
}
