//! People and identities out of a connection whose users *are* the people: a phone system, a
//! dialer. What a run made known there is followed here, in one change set.
//!
//! Who is who is decided once, by the platform's own id of the user, and kept as an identity. A
//! user whom nobody is tied to yet is tied to the one person who has the same e-mail address;
//! where several have it, somebody has to look. Who is nobody's becomes a person, when the
//! connection is to bring people.

use std::collections::{BTreeSet, HashMap, HashSet};

use counterpart_model::{
    ChangeLine, ChangeSet, Connection, CrmUser, CrmUserKind, Identity, IdentityId, IdentityKind,
    PageRequest, Period, Person, PersonId, PersonProfile, Side, Timestamp, folding,
};
use counterpart_store::crm_users::CrmUserQuery;
use counterpart_store::people::PeopleQuery;

use super::PersonInput;
use super::from_crm::input_of;
use crate::{Actor, Result, Service};

/// The setting by which a platform's manifest lets an operator say whether the connection brings
/// people ...
const PEOPLE: &str = "people";
/// ... or only ties those there are.
const ATTACH: &str = "attach";
/// How many rows are read at a time.
const PAGE: u32 = 1_000;

/// Kinds of other ids that are identities, as manifests call them.
const NUMBER: &str = "number";
const DEVICE: &str = "device";

/// Everybody there is, and what is theirs.
struct Everybody {
    people: HashMap<PersonId, Person>,
    /// Identities in the platform's connection, past ones too.
    identities: Vec<Identity>,
    /// Who has an address; `None` where several have it.
    by_email: HashMap<String, Option<PersonId>>,
}

/// Builds the change set.
struct Following<'a> {
    service: &'a Service,
    connection: &'a Connection,
    everybody: Everybody,
    now: Timestamp,
    /// When an identity begins that is new: at the first run nothing is known of before.
    begins: Timestamp,
    brings: bool,
    lines: Vec<ChangeLine>,
    /// Values that are somebody's after this: within a connection each is one person's.
    claimed: HashSet<(IdentityKind, String)>,
    /// Who is which user of the platform, now or before.
    tied: HashMap<String, PersonId>,
    /// Whoever is somebody there.
    taken: HashSet<PersonId>,
}

impl Service {
    /// Follows what a run of a platform's connection made known. `None` when there is nothing to
    /// change, or when the connection's users are no people.
    pub(crate) async fn follow_platform(
        &self,
        actor: &Actor,
        connection: &Connection,
    ) -> Result<Option<ChangeSet>> {
        if connection.side == Side::Crm {
            return Ok(None);
        }
        let users = self.all_users(actor, connection).await?;
        let everybody = self.everybody(actor, connection).await?;
        let mut following = Following::new(self, connection, everybody);
        for user in &users {
            following.follow(user);
        }
        if following.lines.is_empty() {
            return Ok(None);
        }
        let reason = Some(format!("as {} has them", connection.name));
        let lines = following.lines;
        self.apply_what_is_so(actor, lines, reason).await.map(Some)
    }

    async fn all_users(&self, actor: &Actor, connection: &Connection) -> Result<Vec<CrmUser>> {
        let (mut users, mut page) = (Vec::new(), PageRequest::first(PAGE));
        loop {
            let found = self
                .store()
                .list_crm_users(
                    actor.organization(),
                    connection.id,
                    &CrmUserQuery::default(),
                    &page,
                )
                .await?;
            users.extend(found.items);
            match found.next {
                Some(next) => page = PageRequest::new(Some(next), PAGE),
                None => return Ok(users),
            }
        }
    }

    async fn everybody(&self, actor: &Actor, connection: &Connection) -> Result<Everybody> {
        let organization = actor.organization();
        let mut everybody = Everybody {
            people: HashMap::new(),
            identities: Vec::new(),
            by_email: HashMap::new(),
        };
        let mut page = PageRequest::first(PAGE);
        loop {
            let found = self
                .store()
                .list_people(organization, &PeopleQuery::default(), &page)
                .await?;
            let ids: Vec<_> = found.items.iter().map(|person| person.id).collect();
            let identities = self.store().list_identities(organization, &ids).await?;
            let of_connection = identities
                .into_iter()
                .filter(|identity| identity.connection_id == connection.id);
            everybody.identities.extend(of_connection);
            for person in found.items {
                everybody.know(person);
            }
            match found.next {
                Some(next) => page = PageRequest::new(Some(next), PAGE),
                None => return Ok(everybody),
            }
        }
    }
}

impl Everybody {
    fn know(&mut self, person: Person) {
        let emails: BTreeSet<_> = person
            .profile
            .emails
            .iter()
            .filter_map(|email| folding::fold_email(email))
            .collect();
        for email in emails {
            self.by_email
                .entry(email)
                .and_modify(|known| *known = None)
                .or_insert(Some(person.id));
        }
        self.people.insert(person.id, person);
    }
}

impl<'a> Following<'a> {
    fn new(service: &'a Service, connection: &'a Connection, everybody: Everybody) -> Self {
        let now = service.now();
        let begins = if everybody.identities.is_empty() {
            Timestamp::ALWAYS
        } else {
            now
        };
        let tied: HashMap<_, _> = everybody
            .identities
            .iter()
            .filter(|identity| identity.kind == IdentityKind::PlatformUser)
            .map(|identity| (identity.value.clone(), identity.person_id))
            .collect();
        Self {
            service,
            connection,
            everybody,
            now,
            begins,
            brings: connection
                .settings
                .get(PEOPLE)
                .is_none_or(|it| it != ATTACH),
            lines: Vec::new(),
            claimed: HashSet::new(),
            taken: tied.values().copied().collect(),
            tied,
        }
    }

    fn follow(&mut self, user: &CrmUser) {
        let works = user.is_usable() && user.profile.kind == CrmUserKind::Person;
        let known = self.tied.get(&user.id.0).copied();
        let person = match known {
            Some(person) => Some(person),
            None if works => self.somebody_for(user),
            None => None,
        };
        let Some(person) = person else { return };
        if known.is_some() && self.brings {
            self.bring_up_to_date(person, user, works);
        }
        let wanted = if works {
            self.identities_of(user)
        } else {
            Vec::new()
        };
        self.set_identities(person, wanted);
    }

    /// The person whom a user is tied to from now on: the one with its address, or a new one.
    fn somebody_for(&mut self, user: &CrmUser) -> Option<PersonId> {
        let emails = user.profile.emails.iter();
        let known: Vec<_> = emails
            .filter_map(|email| folding::fold_email(email))
            .filter_map(|email| self.everybody.by_email.get(&email))
            .collect();
        let person = match known.as_slice() {
            [] if self.brings => Some(self.add(user)?),
            [] => None,
            several => {
                let first = **several.first()?;
                let agree = several.iter().all(|other| **other == first);
                first.filter(|person| agree && !self.taken.contains(person))
            }
        }?;
        self.tied.insert(user.id.0.clone(), person);
        self.taken.insert(person);
        Some(person)
    }

    fn add(&mut self, user: &CrmUser) -> Option<PersonId> {
        let input = PersonInput {
            username: user.profile.username.clone().unwrap_or_default(),
            ..input_of(user)
        };
        // A user without any name or address is nobody to speak of yet.
        let checked = input.checked().ok()?;
        let (person, lines) = self.service.lines_to_add(self.connection.id, checked);
        let id = person.id;
        self.lines.extend(lines);
        self.everybody.know(person);
        Some(id)
    }

    /// Name, addresses and the like as the platform has them; whether the person works here.
    fn bring_up_to_date(&mut self, id: PersonId, user: &CrmUser, works: bool) {
        let Some(before) = self.everybody.people.get(&id) else {
            return;
        };
        let profile = match input_of(user).checked() {
            Ok(checked) if works => filled_up(checked.profile, &before.profile),
            _ => before.profile.clone(),
        };
        let after = Person {
            profile,
            active: works,
            ..before.clone()
        };
        if after != *before {
            self.lines.push(ChangeLine::Person {
                before: Some(Box::new(before.clone())),
                after: Some(Box::new(after)),
            });
        }
    }

    /// What is a user's there: its id, extension, numbers, devices, addresses. A value that
    /// another user has already is left out.
    fn identities_of(&mut self, user: &CrmUser) -> Vec<(IdentityKind, String)> {
        let profile = &user.profile;
        let others = profile.other_ids.iter().filter_map(|other| {
            let kind = match other.kind.as_str() {
                NUMBER => IdentityKind::Number,
                DEVICE => IdentityKind::Device,
                _ => return None,
            };
            Some((kind, other.value.clone()))
        });
        let all: Vec<_> = [(IdentityKind::PlatformUser, user.id.0.clone())]
            .into_iter()
            .chain(
                profile
                    .extension
                    .iter()
                    .map(|value| (IdentityKind::Extension, value.clone())),
            )
            .chain(others)
            .chain(
                profile
                    .emails
                    .iter()
                    .map(|value| (IdentityKind::Email, value.clone())),
            )
            .collect();
        all.into_iter()
            .filter(|identity| self.claimed.insert(identity.clone()))
            .collect()
    }

    /// Ends the identities that are no longer a person's, and begins those that are new.
    fn set_identities(&mut self, person: PersonId, wanted: Vec<(IdentityKind, String)>) {
        let standing: Vec<_> = self
            .everybody
            .identities
            .iter()
            .filter(|it| it.person_id == person && it.period.contains(self.now))
            .cloned()
            .collect();
        let is_wanted = |it: &Identity| wanted.iter().any(|(kind, value)| it.is(*kind, value));
        for identity in standing.iter().filter(|it| !is_wanted(it)) {
            let ended = Period::new(identity.period.from(), self.now);
            let after = ended.ok().map(|period| {
                Box::new(Identity {
                    period,
                    ..identity.clone()
                })
            });
            self.lines.push(ChangeLine::Identity {
                before: Some(Box::new(identity.clone())),
                after,
            });
        }
        let begins = self.begins;
        for (kind, value) in wanted {
            if standing.iter().any(|it| it.is(kind, &value)) {
                continue;
            }
            let Ok(period) = Period::new(begins, Timestamp::FOREVER) else {
                continue;
            };
            let identity = Identity {
                id: IdentityId::generate(self.service.clock(), self.service.entropy()),
                person_id: person,
                connection_id: self.connection.id,
                kind,
                value,
                period,
            };
            self.lines.push(ChangeLine::Identity {
                before: None,
                after: Some(Box::new(identity)),
            });
        }
    }
}

/// What the platform says; where it says nothing, what was known.
fn filled_up(theirs: PersonProfile, ours: &PersonProfile) -> PersonProfile {
    let either = |theirs: Option<String>, ours: &Option<String>| theirs.or_else(|| ours.clone());
    PersonProfile {
        display_name: theirs.display_name,
        given_name: either(theirs.given_name, &ours.given_name),
        family_name: either(theirs.family_name, &ours.family_name),
        emails: if theirs.emails.is_empty() {
            ours.emails.clone()
        } else {
            theirs.emails
        },
        username: either(theirs.username, &ours.username),
        phones: if theirs.phones.is_empty() {
            ours.phones.clone()
        } else {
            theirs.phones
        },
        employee_number: either(theirs.employee_number, &ours.employee_number),
        title: either(theirs.title, &ours.title),
        department: either(theirs.department, &ours.department),
    }
}
