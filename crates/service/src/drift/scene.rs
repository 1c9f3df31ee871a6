//! Everything by which the mappings of one connection are judged, indexed.

use std::collections::{HashMap, HashSet};

use counterpart_matching::{Address, NameJudge};
use counterpart_model::{
    ConnectionId, CrmUser, CrmUserId, CrmUserKind, Decision, DecisionKind, Identity, IdentityKind,
    Mapping, Person, PersonId,
};

use super::acquaintances::Acquaintances;
use super::look::mailboxes;
use super::naming::Namer;

/// What is known of one connection now.
#[derive(Debug, Clone)]
pub struct Known<'a> {
    /// The vendor's id of the organization behind the connection.
    pub remote_org: Option<&'a str>,
    /// Its CRM users, those that are gone too.
    pub users: Vec<&'a CrmUser>,
    /// The people: at least everybody who works here now or is mapped in the connection.
    pub people: Vec<&'a Person>,
    /// Their identities that hold now, in any connection.
    pub identities: Vec<&'a Identity>,
    /// The mappings of the connection that hold now.
    pub mappings: &'a [Mapping],
    /// The decisions of the connection that are in force.
    pub decisions: &'a [Decision],
}

/// The same, indexed once for all mappings of the connection.
pub struct Scene<'a> {
    pub(super) remote_org: Option<&'a str>,
    mappings: &'a [Mapping],
    pub(super) namer: Namer<'a>,
    people: HashMap<PersonId, &'a Person>,
    identities: HashMap<PersonId, Vec<&'a Identity>>,
    users: HashMap<&'a CrmUserId, &'a CrmUser>,
    by_other_id: HashMap<&'a str, Vec<&'a CrmUser>>,
    by_mailbox: HashMap<Address, Vec<&'a CrmUser>>,
    people_by_mailbox: HashMap<Address, Vec<PersonId>>,
    mapped: HashMap<&'a CrmUserId, Vec<PersonId>>,
    extension_holders: HashMap<&'a str, Vec<&'a Identity>>,
    shared: HashSet<&'a CrmUserId>,
    not_people: HashSet<&'a CrmUserId>,
    licences: HashMap<&'a CrmUserId, bool>,
    moved_domains: HashSet<(String, String)>,
    /// Whether somebody out of sight has a licence.
    licences_beyond: bool,
}

impl<'a> Scene<'a> {
    /// Indexes what is known. The judge of names is costly to build and serves any number.
    pub fn new(known: &Known<'a>, judge: &'a NameJudge) -> Self {
        let mut scene = Self {
            remote_org: known.remote_org,
            mappings: known.mappings,
            namer: Namer(judge),
            people: known.people.iter().map(|it| (it.id, *it)).collect(),
            identities: HashMap::new(),
            users: known.users.iter().map(|it| (&it.id, *it)).collect(),
            by_other_id: HashMap::new(),
            by_mailbox: HashMap::new(),
            people_by_mailbox: HashMap::new(),
            mapped: HashMap::new(),
            extension_holders: HashMap::new(),
            shared: HashSet::new(),
            not_people: HashSet::new(),
            licences: HashMap::new(),
            moved_domains: HashSet::new(),
            licences_beyond: false,
        };
        scene.index_users(&known.users);
        scene.index_people(known);
        for mapping in known.mappings {
            let mapped = scene.mapped.entry(&mapping.crm_user_id).or_default();
            mapped.push(mapping.person_id);
        }
        for decision in known.decisions {
            match &decision.kind {
                DecisionKind::SharedSeat { crm_user_id } => {
                    scene.shared.insert(crm_user_id);
                }
                DecisionKind::NotAPerson { crm_user_id } => {
                    scene.not_people.insert(crm_user_id);
                }
                DecisionKind::NotThisPair { .. } | DecisionKind::NoAccount { .. } => {}
            }
        }
        scene.moved_domains = scene.find_moved_domains();
        scene
    }

    /// The same where what is known is only the part of the connection that concerns some
    /// mappings: what only the whole can tell comes from `whole`.
    pub(super) fn of_some(known: &Known<'a>, judge: &'a NameJudge, whole: &Acquaintances) -> Self {
        let mut scene = Self::new(known, judge);
        scene.moved_domains.clone_from(&whole.moved_domains);
        scene.licences_beyond = whole.licences;
        scene
    }

    /// Domains that everybody left for another.
    pub(super) fn into_moved_domains(self) -> HashSet<(String, String)> {
        self.moved_domains
    }

    fn index_users(&mut self, users: &[&'a CrmUser]) {
        for user in users.iter().copied() {
            if user.gone_since.is_some() {
                continue;
            }
            for other in &user.profile.other_ids {
                let of_id = self.by_other_id.entry(&other.value).or_default();
                of_id.push(user);
            }
            for mailbox in mailboxes(&user.profile.emails) {
                self.by_mailbox.entry(mailbox).or_default().push(user);
            }
            let licensed = is_licence(user.profile.licence.as_deref());
            self.licences.insert(&user.id, licensed);
        }
    }

    fn index_people(&mut self, known: &Known<'a>) {
        for identity in known.identities.iter().copied() {
            let own = self.identities.entry(identity.person_id).or_default();
            own.push(identity);
            if identity.kind == IdentityKind::Extension {
                let holders = self.extension_holders.entry(&identity.value).or_default();
                holders.push(identity);
            }
        }
        for person in known.people.iter().filter(|person| person.active) {
            for mailbox in self.mailboxes_of(person) {
                let of_it = self.people_by_mailbox.entry(mailbox).or_default();
                of_it.push(person.id);
            }
        }
    }

    /// Domains that were left for another by everybody, keeping what stands before the `@`: at
    /// least two mapped users moved, and hardly anybody still has the old one.
    fn find_moved_domains(&self) -> HashSet<(String, String)> {
        let mut moves: HashMap<(String, String), usize> = HashMap::new();
        for mapping in self.mappings {
            let Some((witness, user)) = mapping.witness.as_ref().zip(self.user(mapping)) else {
                continue;
            };
            let now = mailboxes(&user.profile.emails);
            for then in mailboxes(&witness.crm_user.emails) {
                if now.iter().any(|mailbox| mailbox.domain == then.domain) {
                    continue;
                }
                if let Some(moved) = now.iter().find(|now| now.local == then.local) {
                    let domains = (then.domain, moved.domain.clone());
                    *moves.entry(domains).or_default() += 1;
                    break;
                }
            }
        }
        let mut staying: HashMap<&str, usize> = HashMap::new();
        for (mailbox, users) in &self.by_mailbox {
            *staying.entry(&mailbox.domain).or_default() += users.len();
        }
        moves
            .into_iter()
            .filter(|((from, _), moved)| {
                let staying = staying.get(from.as_str()).copied().unwrap_or_default();
                *moved >= 2 && staying * 4 <= *moved
            })
            .map(|(domains, _)| domains)
            .collect()
    }

    /// Whether everybody's addresses moved from one domain to the other.
    pub(super) fn has_moved(&self, from: &str, to: &str) -> bool {
        let is_it = |moved: &(String, String)| moved.0 == from && moved.1 == to;
        self.moved_domains.iter().any(is_it)
    }

    /// The CRM user of a mapping, gone or not; `None` for one that no run ever saw.
    pub(super) fn user(&self, mapping: &Mapping) -> Option<&'a CrmUser> {
        self.users.get(&mapping.crm_user_id).copied()
    }

    pub(super) fn person(&self, id: PersonId) -> Option<&'a Person> {
        self.people.get(&id).copied()
    }

    /// The identities of a person that hold now.
    pub(super) fn identities_of(&self, person: PersonId) -> &[&'a Identity] {
        self.identities.get(&person).map_or(&[], Vec::as_slice)
    }

    /// The addresses of a person: their own and those of their identities.
    pub(super) fn mailboxes_of(&self, person: &Person) -> Vec<Address> {
        let mut all = mailboxes(&person.profile.emails);
        let own = self.identities_of(person.id).iter();
        let own = own.filter(|identity| identity.kind == IdentityKind::Email);
        all.extend(own.filter_map(|identity| Address::read(&identity.value)));
        all
    }

    /// Another person who works here and has one of these addresses, if `person` has none of
    /// them.
    pub(super) fn other_owner(&self, of: &[Address], person: PersonId) -> Option<&'a Person> {
        let own = of.iter().filter(|mailbox| !mailbox.is_of_a_function());
        let owners: Vec<PersonId> = own
            .filter_map(|mailbox| self.people_by_mailbox.get(mailbox))
            .flatten()
            .copied()
            .collect();
        if owners.contains(&person) {
            return None;
        }
        self.person(*owners.first()?)
    }

    /// The CRM users of whom `id` is another id.
    pub(super) fn users_of_other_id(&self, id: &CrmUserId) -> &[&'a CrmUser] {
        self.by_other_id
            .get(id.0.as_str())
            .map_or(&[], Vec::as_slice)
    }

    /// The usable human accounts other than `except` that have this address.
    pub(super) fn users_with(&self, mailbox: &Address, except: &CrmUserId) -> Vec<&'a CrmUser> {
        let Some(users) = self.by_mailbox.get(mailbox) else {
            return Vec::new();
        };
        let fits = |user: &&&CrmUser| {
            user.id != *except
                && user.is_usable()
                && user.profile.kind == CrmUserKind::Person
                && !self.is_shared(&user.id)
                && !self.is_no_person(&user.id)
        };
        users.iter().filter(fits).copied().collect()
    }

    /// Who is mapped to a CRM user now.
    pub(super) fn mapped_to(&self, user: &CrmUserId) -> &[PersonId] {
        self.mapped.get(user).map_or(&[], Vec::as_slice)
    }

    /// The holders of an extension now, in any phone system.
    pub(super) fn holders(&self, extension: &str) -> &[&'a Identity] {
        let holders = self.extension_holders.get(extension.trim());
        holders.map_or(&[], Vec::as_slice)
    }

    /// The connections in which a person is called by something now.
    pub(super) fn connections_of(&self, person: PersonId) -> HashSet<ConnectionId> {
        let own = self.identities_of(person).iter();
        own.map(|identity| identity.connection_id).collect()
    }

    pub(super) fn is_shared(&self, user: &CrmUserId) -> bool {
        self.shared.contains(user)
    }

    pub(super) fn is_no_person(&self, user: &CrmUserId) -> bool {
        self.not_people.contains(user)
    }

    /// Whether licences are told at all: some user other than this one has one.
    pub(super) fn tells_licences(&self, except: &CrmUserId) -> bool {
        let mut others = self.licences.iter();
        self.licences_beyond || others.any(|(id, licensed)| *licensed && *id != except)
    }
}

/// Whether a text names a licence.
pub(super) fn is_licence(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}
