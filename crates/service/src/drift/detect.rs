//! Finding out why mappings that hold are true no longer. Pure: what is known goes in, causes
//! come out.
//!
//! What a CRM does to an account that is switched off (it renames it, scrubs its address) says
//! nothing about whose it is, so names and addresses are judged on usable accounts only. What
//! the connection as a whole did (a domain renamed for everybody, licences no longer told) is
//! nobody's drift.

use counterpart_matching::Address;
use counterpart_model::{
    CrmUser, CrmUserId, CrmUserKind, CrmUserState, DriftCause, IdentityKind, Mapping, Person,
    Witness,
};

use super::look::{
    look_of_person, look_of_seen_person, look_of_seen_user, look_of_user, mailboxes,
};
use super::sameness::{Beside, Change, Look, change, has_one_of};
use super::scene::{Scene, is_licence};

/// A cause that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Why.
    pub cause: DriftCause,
    /// What was seen, in words.
    pub detail: String,
    /// The other CRM user it is about.
    pub other: Option<CrmUserId>,
}

impl Finding {
    fn new(cause: DriftCause, detail: impl Into<String>) -> Self {
        Self {
            cause,
            detail: detail.into(),
            other: None,
        }
    }

    fn about(mut self, other: &CrmUser) -> Self {
        self.other = Some(other.id.clone());
        self
    }
}

impl Scene<'_> {
    /// Why a mapping that holds now may be true no longer, the primary cause first; nothing when
    /// all is well.
    pub fn drift_of(&self, mapping: &Mapping) -> Vec<Finding> {
        let Some(person) = self.person(mapping.person_id) else {
            return Vec::new();
        };
        let case = Case {
            scene: self,
            mapping,
            person,
            user: self.user(mapping),
            witness: mapping.witness.as_deref(),
        };
        let mut found = case.findings();
        if let Some(witness) = case.witness {
            found.retain(|finding| !witness.accepted.contains(&finding.cause));
        }
        found.sort_by_key(|finding| finding.cause);
        found
    }
}

/// One mapping and what it is judged by.
struct Case<'a> {
    scene: &'a Scene<'a>,
    mapping: &'a Mapping,
    person: &'a Person,
    user: Option<&'a CrmUser>,
    witness: Option<&'a Witness>,
}

impl Case<'_> {
    fn findings(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        found.extend(self.person_left());
        if let Some(elsewhere) = self.other_org() {
            found.push(elsewhere);
            return found;
        }
        if let Some(wrong) = self.wrong_id_kind() {
            found.push(wrong);
            return found;
        }
        let Some(user) = self.user.filter(|user| user.is_usable()) else {
            found.push(self.unusable());
            found.extend(self.another_user());
            return found;
        };
        found.extend(self.licence_lost(user));
        if self.scene.is_shared(&user.id) {
            return found;
        }
        if let Some(machine) = self.not_a_person(user) {
            found.push(machine);
            return found;
        }
        found.extend(self.somebody_else(user));
        found.extend(self.extension_moved(user));
        found.extend(self.another_user());
        found
    }

    fn person_left(&self) -> Option<Finding> {
        let name = &self.person.profile.display_name;
        (!self.person.active).then(|| {
            let detail = format!("{name} works here no longer, and the mapping goes on");
            Finding::new(DriftCause::PersonLeft, detail)
        })
    }

    fn other_org(&self) -> Option<Finding> {
        let then = self.witness?.remote_org.as_deref()?;
        let now = self.scene.remote_org?;
        (then != now).then(|| {
            let detail = format!("the connection led to {then} and leads to {now}");
            Finding::new(DriftCause::OtherOrg, detail)
        })
    }

    /// The mapped id is another id of somebody who is not the user of that id, if there is one.
    fn wrong_id_kind(&self) -> Option<Finding> {
        let id = &self.mapping.crm_user_id;
        let others = self.scene.users_of_other_id(id).iter().copied();
        let mut others = others.filter(|other| other.id != *id);
        let other = others.next()?;
        let present = self.user.filter(|user| user.gone_since.is_none());
        if let Some(user) = present {
            let own = self.scene.mailboxes_of(self.person);
            let theirs = mailboxes(&other.profile.emails);
            let name = look_of_person(self.person, Vec::new()).name;
            let fits = |user: &CrmUser| {
                let name_there = look_of_user(&user.profile).name;
                self.scene.namer.same(&name, &name_there)
            };
            if !has_one_of(&own, &theirs)
                || has_one_of(&own, &mailboxes(&user.profile.emails))
                || !fits(other)
                || fits(user)
            {
                return None;
            }
        }
        let kind = other.profile.other_ids.iter().find(|it| it.value == id.0);
        let detail = format!(
            "{id} is the {} id of {}, whose id as a user is {}",
            kind.map_or("other", |other| other.kind.as_str()),
            other.profile.display_name,
            other.id
        );
        let finding = Finding::new(DriftCause::WrongIdKind, detail);
        Some(if others.next().is_some() {
            finding
        } else {
            finding.about(other)
        })
    }

    /// Why the CRM user cannot be used.
    fn unusable(&self) -> Finding {
        let Some(user) = self.user else {
            let detail = format!("the CRM has no user {}", self.mapping.crm_user_id);
            return Finding::new(DriftCause::CrmUserDeleted, detail);
        };
        let name = &user.profile.display_name;
        if user.gone_since.is_some() {
            let detail = format!("the CRM no longer lists {name}");
            Finding::new(DriftCause::CrmUserDeleted, detail)
        } else if user.profile.state == CrmUserState::Deleted {
            Finding::new(DriftCause::CrmUserDeleted, format!("{name} was deleted"))
        } else {
            let detail = format!("{name} was deactivated or archived");
            Finding::new(DriftCause::CrmUserDeactivated, detail)
        }
    }

    fn licence_lost(&self, user: &CrmUser) -> Option<Finding> {
        let then = self.witness?.crm_user.licence.as_deref()?;
        let lost = is_licence(Some(then))
            && !is_licence(user.profile.licence.as_deref())
            && self.scene.tells_licences(&user.id);
        lost.then(|| {
            let name = &user.profile.display_name;
            let detail = format!("{name} had the licence {then} and has none");
            Finding::new(DriftCause::LicenceLost, detail)
        })
    }

    fn not_a_person(&self, user: &CrmUser) -> Option<Finding> {
        let what = match user.profile.kind {
            CrmUserKind::Person if self.scene.is_no_person(&user.id) => {
                "was decided to be no human being"
            }
            CrmUserKind::Person => return None,
            CrmUserKind::Api => "is an integration's account",
            CrmUserKind::Queue => "is a queue",
            CrmUserKind::Portal => "is a customer's or partner's login",
            CrmUserKind::Shared => "is used by several people",
        };
        let detail = format!("{} {what}", user.profile.display_name);
        Some(Finding::new(DriftCause::NotAPerson, detail))
    }

    /// What became of the account's name and address, or else of the person's.
    fn somebody_else(&self, user: &CrmUser) -> Option<Finding> {
        let witness = self.witness?;
        let user_now = look_of_user(&user.profile);
        let person_now = look_of_person(self.person, self.scene.mailboxes_of(self.person));
        let moved = |from: &str, to: &str| self.scene.has_moved(from, to);
        let user_then = look_of_seen_user(&witness.crm_user);
        let owner = self.new_owner(&user_then, &user_now);
        let beside = Beside {
            namer: self.scene.namer,
            counterpart: &person_now,
            is_anothers: owner.is_some(),
            moved: &moved,
        };
        let (then, now) = (called(&user_then), called(&user_now));
        match change(&user_then, &user_now, &beside) {
            Change::Human => {
                let mut detail = format!("was {then}, is {now}");
                if let Some(owner) = owner {
                    detail.push_str(", the address of ");
                    detail.push_str(&owner.profile.display_name);
                }
                return Some(Finding::new(DriftCause::SeatRepurposed, detail));
            }
            Change::Name(same) => {
                let detail = format!("was {then}, is {now}; {} stayed", same.join(", "));
                return Some(Finding::new(DriftCause::NameChanged, detail));
            }
            Change::Address => {
                let detail = format!("was {then}, is {now}");
                return Some(Finding::new(DriftCause::EmailChanged, detail));
            }
            Change::None => {}
        }
        let person_then = look_of_seen_person(&witness.person);
        let beside = Beside {
            namer: self.scene.namer,
            counterpart: &user_now,
            is_anothers: false,
            moved: &moved,
        };
        (change(&person_then, &person_now, &beside) == Change::Human).then(|| {
            let detail = format!(
                "the person was {}, is {}",
                called(&person_then),
                called(&person_now)
            );
            Finding::new(DriftCause::SeatRepurposed, detail)
        })
    }

    /// Whose the account's new addresses are, where they are another person's.
    fn new_owner(&self, then: &Look<'_>, now: &Look<'_>) -> Option<&Person> {
        let new: Vec<Address> = now
            .mailboxes
            .iter()
            .filter(|mailbox| !then.mailboxes.contains(mailbox))
            .cloned()
            .collect();
        self.scene.other_owner(&new, self.person.id)
    }

    /// The pair had one extension when it was confirmed, and the account's is another person's
    /// now.
    fn extension_moved(&self, user: &CrmUser) -> Option<Finding> {
        let witness = self.witness?;
        let then = witness.crm_user.extension.as_deref()?.trim();
        if !witness.person.extensions.iter().any(|own| own == then) {
            return None;
        }
        let now = user.profile.extension.as_deref()?.trim();
        let own = self.scene.identities_of(self.person.id);
        if own
            .iter()
            .any(|identity| identity.is(IdentityKind::Extension, now))
        {
            return None;
        }
        // Another phone system may give the same extension to somebody else.
        let systems = self.scene.connections_of(self.person.id);
        let mut holders = self.scene.holders(now).iter();
        let holder =
            holders.find(|holder| systems.is_empty() || systems.contains(&holder.connection_id))?;
        let holder = self.scene.person(holder.person_id)?;
        let detail = format!(
            "extension {now} is {}'s on the platform",
            holder.profile.display_name
        );
        Some(Finding::new(DriftCause::ExtensionMoved, detail))
    }

    /// Another usable account with one of the pair's addresses.
    fn another_user(&self) -> Option<Finding> {
        let id = &self.mapping.crm_user_id;
        let usable = self.user.filter(|user| user.is_usable());
        let now = usable.map(|user| mailboxes(&user.profile.emails));
        let mut addresses = self.scene.mailboxes_of(self.person);
        match self.witness {
            Some(witness) => addresses.extend(mailboxes(&witness.crm_user.emails)),
            None => addresses.extend(
                self.user
                    .iter()
                    .flat_map(|it| mailboxes(&it.profile.emails)),
            ),
        }
        addresses.extend(now.iter().flatten().cloned());
        let mut moved: Vec<&CrmUser> = Vec::new();
        let mut twice: Vec<&CrmUser> = Vec::new();
        for address in &addresses {
            let kept = now.as_ref().is_some_and(|now| now.contains(address));
            for other in self.scene.users_with(address, id) {
                if self.is_of_another(other, address) {
                    continue;
                }
                let list = if kept { &mut twice } else { &mut moved };
                if !list.iter().any(|known| known.id == other.id) {
                    list.push(other);
                }
            }
        }
        moved.retain(|other| {
            !twice.iter().any(|known| known.id == other.id) && self.has_our_name(other)
        });
        let (cause, users) = if moved.is_empty() {
            (DriftCause::DuplicateEmail, twice)
        } else {
            (DriftCause::AnotherActiveUser, moved)
        };
        let (first, others) = users.split_first()?;
        let detail = match (cause, others.len()) {
            (_, 1..) => format!("{} accounts that are in use have the address", users.len()),
            (DriftCause::DuplicateEmail, _) => format!(
                "{} ({}) has the same address",
                first.profile.display_name, first.id
            ),
            _ => format!(
                "{} ({}) is in use and has the address",
                first.profile.display_name, first.id
            ),
        };
        let finding = Finding::new(cause, detail);
        Some(if others.is_empty() {
            finding.about(first)
        } else {
            finding
        })
    }

    /// Whether an account belongs to this very person too, or to somebody else who has the
    /// address as well.
    fn is_of_another(&self, user: &CrmUser, address: &Address) -> bool {
        let mapped = self.scene.mapped_to(&user.id);
        mapped.iter().any(|id| {
            *id == self.person.id
                || self
                    .scene
                    .person(*id)
                    .is_some_and(|person| self.scene.mailboxes_of(person).contains(address))
        })
    }

    /// Whether an account could be this person's by its name: the whole of it, or a part that
    /// people keep when they marry.
    fn has_our_name(&self, user: &CrmUser) -> bool {
        let namer = self.scene.namer;
        let theirs = look_of_user(&user.profile).name;
        let person = look_of_person(self.person, Vec::new()).name;
        let seen = self
            .witness
            .map(|witness| look_of_seen_user(&witness.crm_user).name);
        [Some(person), seen]
            .into_iter()
            .flatten()
            .any(|name| namer.same(&name, &theirs) || namer.same_given(&name, &theirs))
    }
}

/// A side in words: name and address.
fn called(look: &Look<'_>) -> String {
    let name = look.name.full();
    match look.mailboxes.first() {
        Some(address) => format!("{name} ({}@{})", address.local, address.domain),
        None => name,
    }
}
