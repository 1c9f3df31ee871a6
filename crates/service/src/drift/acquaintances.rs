//! Who has an address, an id or an extension in common with whom, of a whole connection: so that
//! the mappings of some people can be judged without reading everybody.

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use counterpart_matching::Address;
use counterpart_model::{CrmUser, CrmUserId, Identity, IdentityKind, Person, PersonId};

use super::look::mailboxes;
use super::scene::is_licence;

/// Keys and who has them, sorted. A key that two values share only brings one more into sight.
#[derive(Debug)]
struct Holders<T>(Vec<(u64, T)>);

impl<T> Default for Holders<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Ord> Holders<T> {
    fn of(mut all: Vec<(u64, T)>) -> Self {
        all.sort_unstable();
        all.shrink_to_fit();
        Self(all)
    }

    fn with(&self, value: &impl Hash) -> impl Iterator<Item = &T> {
        let wanted = key(value);
        let from = self.0.partition_point(|(key, _)| *key < wanted);
        let behind = self.0[from..].iter();
        behind
            .take_while(move |(key, _)| *key == wanted)
            .map(|(_, holder)| holder)
    }
}

fn key(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// What the whole of a connection says about its mappings, as of its last full evaluation.
#[derive(Debug, Default)]
pub(crate) struct Acquaintances {
    users_by_mailbox: Holders<CrmUserId>,
    users_by_other_id: Holders<CrmUserId>,
    people_by_mailbox: Holders<PersonId>,
    people_by_extension: Holders<PersonId>,
    /// Domains that everybody left for another.
    pub(super) moved_domains: HashSet<(String, String)>,
    /// Whether anybody has a licence.
    pub(super) licences: bool,
}

impl Acquaintances {
    /// Those of some CRM users that are not gone, and of some people with their identities.
    pub(super) fn of<'a>(
        users: impl Iterator<Item = &'a CrmUser>,
        people: impl Iterator<Item = &'a Person>,
        identities: impl Iterator<Item = &'a Identity>,
        moved_domains: HashSet<(String, String)>,
    ) -> Self {
        let (mut by_mailbox, mut by_other_id) = (Vec::new(), Vec::new());
        let mut licences = false;
        for user in users.filter(|user| user.gone_since.is_none()) {
            let profile = &user.profile;
            licences |= is_licence(profile.licence.as_deref());
            let own = mailboxes(&profile.emails).into_iter();
            by_mailbox.extend(own.map(|mailbox| (key(&mailbox), user.id.clone())));
            let others = profile.other_ids.iter();
            by_other_id.extend(others.map(|other| (key(&other.value), user.id.clone())));
        }
        let (mut of_people, mut extensions) = (Vec::new(), Vec::new());
        for person in people {
            let own = mailboxes(&person.profile.emails).into_iter();
            of_people.extend(own.map(|mailbox| (key(&mailbox), person.id)));
        }
        for identity in identities {
            match identity.kind {
                IdentityKind::Email => {
                    let mailbox = Address::read(&identity.value);
                    of_people.extend(mailbox.map(|mailbox| (key(&mailbox), identity.person_id)));
                }
                IdentityKind::Extension => {
                    extensions.push((key(&identity.value), identity.person_id));
                }
                _ => {}
            }
        }
        Self {
            users_by_mailbox: Holders::of(by_mailbox),
            users_by_other_id: Holders::of(by_other_id),
            people_by_mailbox: Holders::of(of_people),
            people_by_extension: Holders::of(extensions),
            moved_domains,
            licences,
        }
    }

    /// The CRM users with one of some addresses, or of whom `id` is another id.
    pub(super) fn users(&self, addresses: &[Address], id: &CrmUserId) -> BTreeSet<CrmUserId> {
        let by_mailbox = addresses
            .iter()
            .flat_map(|mailbox| self.users_by_mailbox.with(mailbox));
        let by_id = self.users_by_other_id.with(&id.0);
        by_mailbox.chain(by_id).cloned().collect()
    }

    /// The people with one of some addresses, or with an extension.
    pub(super) fn people(
        &self,
        addresses: &[Address],
        extension: Option<&str>,
    ) -> BTreeSet<PersonId> {
        let by_mailbox = addresses
            .iter()
            .flat_map(|mailbox| self.people_by_mailbox.with(mailbox));
        let extension = extension.map(|extension| extension.trim().to_owned());
        let by_extension = extension
            .iter()
            .flat_map(|extension| self.people_by_extension.with(extension));
        by_mailbox.chain(by_extension).copied().collect()
    }
}
