//! Everything that is mapped and decided, as a document.

use std::collections::HashMap;

use counterpart_model::{CrmUser, CrmUserId, DecisionKind, MappingOrigin};

use super::checking::{Standing, shared_seats};
use super::document::{Document, Entry, PersonRef, Ruling, Scope, Section, Verdict};
use super::roster::Roster;
use super::writing::Named;

/// What stands in some connections, in an order that depends on nothing but what is written.
pub(super) fn document(standing: &[Standing], roster: &Roster) -> Document {
    let mut sections: Vec<Section> = standing
        .iter()
        .map(|standing| section(standing, roster))
        .collect();
    sections.sort_by(|a, b| a.name.cmp(&b.name));
    Document {
        scope: Scope::Connections,
        from_table: false,
        sections,
    }
}

fn section(standing: &Standing, roster: &Roster) -> Section {
    let connection = &standing.connection;
    let shared = shared_seats(standing.decisions.iter().map(|it| &it.kind));
    let mut mappings: Vec<Entry> = standing
        .mappings
        .iter()
        .map(|mapping| {
            let others = !connection.cardinality.person_exclusive();
            let seat = !connection.cardinality.crm_user_exclusive()
                || shared.contains(&mapping.crm_user_id);
            let differing = |shared: bool, usual: bool| (shared != usual).then_some(shared);
            Entry {
                line: 0,
                person: roster.reference(mapping.person_id),
                crm_user: mapping.crm_user_id.0.clone(),
                period: mapping.period,
                person_shared: differing(!mapping.person_exclusive, others),
                crm_user_shared: differing(!mapping.crm_user_exclusive, seat),
                origin: Some(mapping.origin),
            }
        })
        .collect();
    mappings.sort_by(|a, b| key(a).cmp(&key(b)));
    let mut decisions: Vec<Ruling> = standing
        .decisions
        .iter()
        .map(|decision| Ruling {
            line: 0,
            verdict: verdict(&decision.kind, roster),
            reason: decision.reason.clone(),
            until: decision.expires_at,
        })
        .collect();
    decisions.sort_by(|a, b| a.verdict.cmp(&b.verdict));
    Section {
        line: 0,
        name: connection.name.clone(),
        mappings,
        decisions: Some(decisions),
    }
}

/// Everything that two mappings of one connection can differ in.
fn key(entry: &Entry) -> impl Ord + '_ {
    (
        &entry.person,
        entry.period.from(),
        &entry.crm_user,
        entry.period.to(),
        entry.person_shared,
        entry.crm_user_shared,
        entry.origin.map(MappingOrigin::as_str),
    )
}

fn verdict(kind: &DecisionKind, roster: &Roster) -> Verdict {
    match kind {
        DecisionKind::NotThisPair {
            person_id,
            crm_user_id,
        } => Verdict::NotThisPair(roster.reference(*person_id), crm_user_id.0.clone()),
        DecisionKind::NoAccount { person_id } => Verdict::NoAccount(roster.reference(*person_id)),
        DecisionKind::NotAPerson { crm_user_id } => Verdict::NotAPerson(crm_user_id.0.clone()),
        DecisionKind::SharedSeat { crm_user_id } => Verdict::SharedSeat(crm_user_id.0.clone()),
    }
}

/// The names of what a document refers to.
pub(super) struct NamesOf<'n> {
    roster: &'n Roster,
    users: HashMap<&'n str, &'n HashMap<CrmUserId, CrmUser>>,
}

impl<'n> NamesOf<'n> {
    pub(super) fn new(standing: &'n [Standing], roster: &'n Roster) -> Self {
        Self {
            roster,
            users: standing
                .iter()
                .map(|it| (it.connection.name.as_str(), &it.users))
                .collect(),
        }
    }
}

impl Named for NamesOf<'_> {
    fn person(&self, person: &PersonRef) -> Option<&str> {
        let id = self.roster.find(person).ok()?;
        let person = self.roster.get(id)?;
        Some(&person.profile.display_name)
    }

    fn crm_user(&self, connection: &str, id: &str) -> Option<&str> {
        let user = self.users.get(connection)?.get(&CrmUserId(id.to_owned()))?;
        Some(&user.profile.display_name)
    }
}
