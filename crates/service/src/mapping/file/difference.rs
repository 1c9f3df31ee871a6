//! From what stands to what a file wants: the lines of one change set, as few as there can be.

use std::collections::{HashMap, HashSet};

use counterpart_model::{
    ChangeLine, ConnectionId, CrmUserId, Decision, DecisionKind, Mapping, MappingId, MappingOrigin,
    Period, PersonId, Timestamp,
};

use super::checking::{Standing, Wanted, WantedDecision, WantedMapping};
use super::document::{FileProblem, Scope};
use crate::mapping::edits::forget;

/// Gives new things their ids.
pub(super) trait Maker {
    /// A new mapping of a connection.
    fn mapping(&self, connection: ConnectionId, wanted: &WantedMapping) -> Mapping;
    /// A new decision of a connection.
    fn decision(&self, connection: ConnectionId, wanted: &WantedDecision) -> Decision;
}

/// What changes in one connection.
#[derive(Debug, Default)]
pub(super) struct Difference {
    /// Each with the line of the file that asks for it; 0 where its silence does.
    pub(super) lines: Vec<(u64, ChangeLine)>,
    /// How many mappings and decisions of the file are true already.
    pub(super) same: u64,
}

/// What must change for `wanted` to be true. Clashes are told by line.
pub(super) fn difference(
    standing: &Standing,
    wanted: &Wanted,
    scope: Scope,
    maker: &dyn Maker,
    problems: &mut Vec<FileProblem>,
) -> Difference {
    let (inside, outside): (Vec<&Mapping>, Vec<&Mapping>) = standing
        .mappings
        .iter()
        .partition(|it| is_inside(it, wanted, scope));
    let mut found = Difference::default();
    let after = mappings(standing, inside, wanted, maker, &mut found);
    super::overlaps::refuse(&after, &outside, problems);
    decisions(standing, wanted, scope, maker, &mut found);
    found
}

/// Whether a file is the truth of a mapping, too.
fn is_inside(mapping: &Mapping, wanted: &Wanted, scope: Scope) -> bool {
    let named = wanted.people.contains(&mapping.person_id);
    match scope {
        Scope::Connections => true,
        Scope::People => named,
        // Whoever may have several CRM users keeps the others.
        Scope::PeopleSince(instant) => {
            named && mapping.person_exclusive && mapping.period.to() > instant
        }
    }
}

/// Adds the lines about mappings; gives back what will stand, each with its line in the file.
fn mappings(
    standing: &Standing,
    inside: Vec<&Mapping>,
    wanted: &Wanted,
    maker: &dyn Maker,
    found: &mut Difference,
) -> Vec<(u64, Mapping)> {
    let mut pairs: HashMap<(PersonId, &CrmUserId), Vec<&Mapping>> = HashMap::new();
    for mapping in &inside {
        let pair = (mapping.person_id, &mapping.crm_user_id);
        pairs.entry(pair).or_default().push(mapping);
    }
    for stand in pairs.values_mut() {
        stand.sort_by_key(|mapping| (mapping.period.from(), mapping.id));
    }
    let mut kept: HashSet<MappingId> = HashSet::new();
    let mut after = Vec::with_capacity(wanted.mappings.len());
    // First what stands as it is wanted, so that it is not taken for something else.
    let mut open = Vec::new();
    for want in &wanted.mappings {
        let stand = pairs.get_mut(&(want.person_id, &want.crm_user_id));
        let same = stand.and_then(|stand| {
            let place = stand.iter().position(|it| stands_as(it, want))?;
            Some(stand.remove(place))
        });
        match same {
            Some(mapping) => {
                kept.insert(mapping.id);
                found.same += 1;
                after.push((want.line, mapping.clone()));
            }
            None => open.push(want),
        }
    }
    for want in open {
        let stand = pairs.get_mut(&(want.person_id, &want.crm_user_id));
        let before = stand.filter(|it| !it.is_empty()).map(|it| it.remove(0));
        let mapping = match before {
            Some(before) => {
                kept.insert(before.id);
                changed(before, want)
            }
            None => maker.mapping(standing.connection.id, want),
        };
        let line = ChangeLine::Mapping {
            before: before.cloned().map(Box::new),
            after: Some(Box::new(mapping.clone())),
        };
        found.lines.push((want.line, line));
        after.push((want.line, mapping));
    }
    let gone = inside.into_iter().filter(|it| !kept.contains(&it.id));
    let gone = gone.map(|it| (0, ChangeLine::remove_mapping(it.clone())));
    found.lines.extend(gone);
    after
}

fn stands_as(mapping: &Mapping, want: &WantedMapping) -> bool {
    mapping.period == want.period
        && mapping.person_exclusive == want.person_exclusive
        && mapping.crm_user_exclusive == want.crm_user_exclusive
        && want.origin.is_none_or(|origin| origin == mapping.origin)
}

/// The mapping with what the file says of it otherwise.
fn changed(before: &Mapping, want: &WantedMapping) -> Mapping {
    Mapping {
        period: want.period,
        person_exclusive: want.person_exclusive,
        crm_user_exclusive: want.crm_user_exclusive,
        origin: want.origin.unwrap_or(before.origin),
        ..before.clone()
    }
}

fn decisions(
    standing: &Standing,
    wanted: &Wanted,
    scope: Scope,
    maker: &dyn Maker,
    found: &mut Difference,
) {
    let Some(decided) = &wanted.decisions else {
        forget_contradicted(standing, found);
        return;
    };
    let mut stand: HashMap<&DecisionKind, &Decision> = standing
        .decisions
        .iter()
        .map(|decision| (&decision.kind, decision))
        .collect();
    for want in decided {
        let before = stand.remove(&want.kind);
        if before.is_some_and(|it| it.reason == want.reason && it.expires_at == want.expires_at) {
            found.same += 1;
            continue;
        }
        let after = match before {
            Some(before) => Decision {
                reason: want.reason.clone(),
                expires_at: want.expires_at,
                ..before.clone()
            },
            None => maker.decision(standing.connection.id, want),
        };
        let line = ChangeLine::Decision {
            before: before.cloned().map(Box::new),
            after: Some(Box::new(after)),
        };
        found.lines.push((want.line, line));
    }
    // Of the whole connection, or of the people that the file names.
    let left = standing.decisions.iter().filter(|decision| {
        stand.contains_key(&decision.kind)
            && (scope == Scope::Connections
                || decision
                    .kind
                    .person_id()
                    .is_some_and(|id| wanted.people.contains(&id)))
    });
    let gone = left.map(|decision| (0, forget(decision.clone())));
    found.lines.extend(gone);
}

/// Mapping somebody withdraws "has no account" and "not this pair", as it does by hand.
fn forget_contradicted(standing: &Standing, found: &mut Difference) {
    let mut mapped: HashSet<PersonId> = HashSet::new();
    let mut pairs: HashSet<(PersonId, &CrmUserId)> = HashSet::new();
    for (_, line) in &found.lines {
        if let ChangeLine::Mapping {
            before: None,
            after: Some(after),
        } = line
        {
            mapped.insert(after.person_id);
            pairs.insert((after.person_id, &after.crm_user_id));
        }
    }
    let contradicted = standing.decisions.iter().filter(|it| match &it.kind {
        DecisionKind::NoAccount { person_id } => mapped.contains(person_id),
        DecisionKind::NotThisPair {
            person_id,
            crm_user_id,
        } => pairs.contains(&(*person_id, crm_user_id)),
        DecisionKind::NotAPerson { .. } | DecisionKind::SharedSeat { .. } => false,
    });
    let lines: Vec<(u64, ChangeLine)> = contradicted
        .map(|decision| (0, forget(decision.clone())))
        .collect();
    found.lines.extend(lines);
}

/// The mapping that a file makes anew.
pub(super) fn new_mapping(
    id: MappingId,
    connection_id: ConnectionId,
    want: &WantedMapping,
    now: Timestamp,
) -> Mapping {
    Mapping {
        id,
        connection_id,
        person_id: want.person_id,
        crm_user_id: want.crm_user_id.clone(),
        period: want.period,
        person_exclusive: want.person_exclusive,
        crm_user_exclusive: want.crm_user_exclusive,
        origin: want.origin.unwrap_or(MappingOrigin::Import),
        evidence: Vec::new(),
        witness: None,
        created_at: now,
        version: 1,
    }
}

/// A period as a plan shows it.
pub(super) fn spoken(period: Period) -> String {
    match (period.from(), period.to()) {
        (Timestamp::ALWAYS, Timestamp::FOREVER) => "always".to_owned(),
        (Timestamp::ALWAYS, to) => format!("until {to}"),
        (from, Timestamp::FOREVER) => format!("from {from}"),
        (from, to) => format!("from {from} until {to}"),
    }
}
