//! Two mappings that cannot stand beside each other, found before anything is changed.

use std::collections::HashMap;

use counterpart_model::{CrmUserId, Mapping, PersonId};

use super::document::FileProblem;

/// Refuses what a file wants where two of its mappings clash, or one of them and another that it
/// leaves alone. `after` has the lines of the file.
pub(super) fn refuse(
    after: &[(u64, Mapping)],
    outside: &[&Mapping],
    problems: &mut Vec<FileProblem>,
) {
    let all: Vec<(u64, &Mapping)> = after
        .iter()
        .map(|(line, mapping)| (*line, mapping))
        .chain(outside.iter().map(|mapping| (0, *mapping)))
        .collect();
    let mut people: HashMap<PersonId, Vec<(u64, &Mapping)>> = HashMap::new();
    let mut users: HashMap<&CrmUserId, Vec<(u64, &Mapping)>> = HashMap::new();
    let mut pairs: HashMap<(PersonId, &CrmUserId), Vec<(u64, &Mapping)>> = HashMap::new();
    for (line, mapping) in all {
        if mapping.person_exclusive {
            let group = people.entry(mapping.person_id).or_default();
            group.push((line, mapping));
        }
        if mapping.crm_user_exclusive {
            let group = users.entry(&mapping.crm_user_id).or_default();
            group.push((line, mapping));
        }
        if !mapping.person_exclusive && !mapping.crm_user_exclusive {
            let pair = (mapping.person_id, &mapping.crm_user_id);
            pairs.entry(pair).or_default().push((line, mapping));
        }
    }
    let mut found = Vec::new();
    for group in people.into_values() {
        collect(group, "the person is mapped at that time", &mut found);
    }
    for group in users.into_values() {
        collect(group, "the CRM user is somebody's at that time", &mut found);
    }
    for group in pairs.into_values() {
        collect(group, "the same pair stands there", &mut found);
    }
    found.sort_unstable();
    found.dedup_by_key(|(line, other, _)| (*line, *other));
    problems.extend(found.into_iter().map(|(line, other, what)| {
        let by = match other {
            0 => "by a mapping that the file leaves alone".to_owned(),
            other => format!("in line {other}"),
        };
        FileProblem::new(
            line,
            format!("{what} already, {by}; change one of the periods, or mark both as shared"),
        )
    }));
}

/// Adds the first clash of each mapping of a group, all of which claim what they share alone.
fn collect(
    mut group: Vec<(u64, &Mapping)>,
    what: &'static str,
    found: &mut Vec<(u64, u64, &'static str)>,
) {
    group.sort_by_key(|(line, mapping)| (mapping.period.from(), *line));
    let mut last: Option<(u64, &Mapping)> = None;
    for (line, mapping) in group {
        if let Some((other, standing)) = last
            && standing.period.overlaps(&mapping.period)
            && (line, other) != (0, 0)
        {
            found.push((line.max(other), line.min(other), what));
        }
        // Whoever ends last is in the way of those that follow.
        if last.is_none_or(|(_, standing)| standing.period.to() < mapping.period.to()) {
            last = Some((line, mapping));
        }
    }
}
