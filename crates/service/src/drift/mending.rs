//! What puts a drift right, as the lines of a change set. Pure.

use counterpart_model::drift::Repair;
use counterpart_model::{
    ChangeLine, CrmUserKind, Decision, DriftCause, Mapping, Period, Timestamp, Witness,
};

/// What a repair needs beside the mapping.
#[derive(Debug, Clone)]
pub struct Mending {
    /// From when on it is put right, where the repair leaves the past as it was.
    pub at: Timestamp,
    /// Why the mapping may be true no longer, the primary cause first.
    pub causes: Vec<DriftCause>,
    /// What is known of both sides now; needed by *confirm* and *shared seat*.
    pub witness: Option<Witness>,
    /// The mapping that follows, if one does: of the person to another CRM user for *move*, of
    /// another person to the CRM user for *hand over*. Its period is set here.
    pub successor: Option<Mapping>,
    /// The decision of *no account*, *shared seat* and *not a person*; what stands there of it.
    pub decision: Option<(Option<Decision>, Decision)>,
}

/// The lines that mend a mapping.
pub fn lines_to_mend(repair: Repair, mapping: &Mapping, mending: Mending) -> Vec<ChangeLine> {
    let at = mending.at;
    let mut lines = Vec::new();
    match repair {
        Repair::HandOver | Repair::End => {
            lines.extend(ended(mapping, at));
            lines.extend(mending.successor.map(|next| follows(mapping, next, at)));
        }
        Repair::Move if mending.causes.first() == Some(&DriftCause::WrongIdKind) => {
            // The id never was the user's, so the past is put right as well.
            lines.push(ChangeLine::remove_mapping(mapping.clone()));
            let next = mending.successor.map(|next| Mapping {
                period: mapping.period,
                ..next
            });
            lines.extend(next.map(ChangeLine::add_mapping));
        }
        Repair::Move => {
            lines.extend(ended(mapping, at));
            lines.extend(mending.successor.map(|next| follows(mapping, next, at)));
        }
        Repair::Confirm => lines.extend(confirmed(mapping, mending.witness, &mending.causes)),
        Repair::Remove => lines.push(ChangeLine::remove_mapping(mapping.clone())),
        Repair::NoAccount => {
            lines.extend(ended(mapping, at));
            lines.extend(mending.decision.map(decided));
        }
        Repair::SharedSeat => {
            let after = Mapping {
                crm_user_exclusive: false,
                witness: mending.witness.map(Box::new).or(mapping.witness.clone()),
                ..mapping.clone()
            };
            lines.push(changed(mapping, after));
            lines.extend(mending.decision.map(decided));
        }
        Repair::NotAPerson => {
            let was_a_person = mapping
                .witness
                .as_ref()
                .is_some_and(|witness| witness.crm_user.kind == CrmUserKind::Person);
            if was_a_person {
                lines.extend(ended(mapping, at));
            } else {
                lines.push(ChangeLine::remove_mapping(mapping.clone()));
            }
            lines.extend(mending.decision.map(decided));
        }
    }
    lines
}

/// The line that confirms a mapping as it is known now: changes since the last witness end, and
/// states are accepted. None where all of that was confirmed already.
pub(crate) fn confirmed(
    mapping: &Mapping,
    witness: Option<Witness>,
    causes: &[DriftCause],
) -> Option<ChangeLine> {
    let mut witness = witness.or_else(|| mapping.witness.as_deref().cloned())?;
    let before = mapping.witness.iter().flat_map(|it| it.accepted.clone());
    let states = causes.iter().copied().filter(|cause| !cause.is_change());
    witness.accepted = before.chain(states).collect();
    witness.accepted.sort_unstable();
    witness.accepted.dedup();
    if mapping.witness.as_deref() == Some(&witness) {
        return None;
    }
    let after = Mapping {
        witness: Some(Box::new(witness)),
        ..mapping.clone()
    };
    Some(changed(mapping, after))
}

/// The line that ends a mapping at an instant; none when it has ended by then. One that would
/// only begin then never comes true.
fn ended(mapping: &Mapping, at: Timestamp) -> Option<ChangeLine> {
    if mapping.period.to() <= at {
        return None;
    }
    let after = Period::new(mapping.period.from(), at).ok();
    Some(ChangeLine::Mapping {
        before: Some(Box::new(mapping.clone())),
        after: after.map(|period| {
            Box::new(Mapping {
                period,
                ..mapping.clone()
            })
        }),
    })
}

/// The line of the mapping that holds from `at` until the mended one would have ended.
fn follows(mapping: &Mapping, next: Mapping, at: Timestamp) -> ChangeLine {
    let from = at.max(mapping.period.from());
    let period = Period::new(from, mapping.period.to()).unwrap_or(next.period);
    ChangeLine::add_mapping(Mapping { period, ..next })
}

fn changed(before: &Mapping, after: Mapping) -> ChangeLine {
    ChangeLine::Mapping {
        before: Some(Box::new(before.clone())),
        after: Some(Box::new(after)),
    }
}

fn decided((before, after): (Option<Decision>, Decision)) -> ChangeLine {
    ChangeLine::Decision {
        before: before.map(Box::new),
        after: Some(Box::new(after)),
    }
}
