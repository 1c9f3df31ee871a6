//! What the lines of change sets mean as things stand.

use counterpart_model::{
    ChangeLine, Connection, Decision, DecisionKind, Identity, IdentityKind, Mapping, Person,
};
use counterpart_store::conformance::fixture::{
    add_decision, add_identity, add_person, edit_mapping, edit_person,
};

use super::operation::Line;
use super::twin::{Twin, name, pick, user};

/// Everything that lines can name, as it stands.
pub(super) struct Standing {
    pub(super) people: Vec<Person>,
    pub(super) connections: Vec<Connection>,
    pub(super) identities: Vec<Identity>,
    pub(super) mappings: Vec<Mapping>,
    pub(super) decisions: Vec<Decision>,
}

/// An external id; none for most numbers.
fn external_id(number: u8) -> Option<String> {
    let ids = ["E1", "e1", "E2"];
    ids.get(usize::from(number)).map(|id| (*id).into())
}

impl Twin<'_> {
    /// Adds what a line means as things stand, which is nothing when there is no such thing.
    pub(super) fn make(&self, line: &Line, standing: &Standing, made: &mut Vec<ChangeLine>) {
        match *line {
            Line::AddPerson {
                name: number,
                external_id: id,
                active,
            } => {
                let mut person = self.world.person(&name(number));
                person.external_id = external_id(id);
                person.active = active;
                made.push(add_person(person));
            }
            Line::EditPerson {
                person,
                name: number,
                external_id: id,
                active,
            } => made.extend(pick(&standing.people, person).map(|person| {
                let mut after = person.clone();
                after.profile.display_name = name(number);
                after.external_id = external_id(id);
                after.active = active;
                edit_person(person, after)
            })),
            Line::RemovePerson { person, alone } => {
                if let Some(person) = pick(&standing.people, person) {
                    remove_person(person, alone, standing, made);
                }
            }
            Line::AddIdentity { .. } | Line::RemoveIdentity(_) => {
                made.extend(self.identity_line(line, standing));
            }
            Line::AddMapping { .. } | Line::MoveMapping { .. } | Line::RemoveMapping { .. } => {
                made.extend(self.mapping_line(line, standing));
            }
            Line::AddDecision { .. } | Line::RemoveDecision(_) => {
                made.extend(self.decision_line(line, standing));
            }
        }
    }

    fn identity_line(&self, line: &Line, standing: &Standing) -> Option<ChangeLine> {
        match *line {
            Line::AddIdentity {
                person,
                connection,
                kind,
                value,
                period,
            } => {
                let person = pick(&standing.people, person)?.id;
                let connection = pick(&standing.connections, connection)?.id;
                let kind = *pick(&IdentityKind::ALL, kind)?;
                let (value, period) = (format!("20{value}"), self.period(period));
                let identity = self
                    .world
                    .identity(person, connection, kind, &value, period);
                Some(add_identity(identity))
            }
            Line::RemoveIdentity(identity) => {
                pick(&standing.identities, identity).map(remove_identity)
            }
            _ => None,
        }
    }

    fn mapping_line(&self, line: &Line, standing: &Standing) -> Option<ChangeLine> {
        match *line {
            Line::AddMapping {
                connection,
                person,
                user: id,
                period,
                shared,
            } => {
                let connection = pick(&standing.connections, connection)?.id;
                let person = pick(&standing.people, person)?.id;
                let mut mapping = self.world.mapping(connection, person, &user(id).0);
                mapping.period = self.period(period);
                mapping.person_exclusive = shared != 1;
                mapping.crm_user_exclusive = shared != 2;
                Some(ChangeLine::add_mapping(mapping))
            }
            Line::MoveMapping {
                mapping,
                user: id,
                period,
            } => {
                let mapping = pick(&standing.mappings, mapping)?;
                let mut after = mapping.clone();
                after.crm_user_id = user(id);
                after.period = self.period(period);
                Some(edit_mapping(mapping, after))
            }
            Line::RemoveMapping { mapping, stale } => {
                let mut mapping = pick(&standing.mappings, mapping)?.clone();
                mapping.version += u64::from(stale);
                Some(ChangeLine::remove_mapping(mapping))
            }
            _ => None,
        }
    }

    fn decision_line(&self, line: &Line, standing: &Standing) -> Option<ChangeLine> {
        match *line {
            Line::AddDecision {
                connection,
                kind,
                person,
                user: id,
                period,
            } => {
                let connection = pick(&standing.connections, connection)?.id;
                let person_id = pick(&standing.people, person)?.id;
                let crm_user_id = user(id);
                let kind = match kind % 4 {
                    0 => DecisionKind::NotThisPair {
                        person_id,
                        crm_user_id,
                    },
                    1 => DecisionKind::NoAccount { person_id },
                    2 => DecisionKind::NotAPerson { crm_user_id },
                    _ => DecisionKind::SharedSeat { crm_user_id },
                };
                let mut decision = self.world.decision(connection, kind);
                decision.expires_at = self.period(period).to();
                Some(add_decision(decision))
            }
            Line::RemoveDecision(decision) => {
                pick(&standing.decisions, decision).map(remove_decision)
            }
            _ => None,
        }
    }
}

fn remove_person(person: &Person, alone: bool, standing: &Standing, made: &mut Vec<ChangeLine>) {
    if !alone {
        let theirs = standing
            .mappings
            .iter()
            .filter(|m| m.person_id == person.id);
        made.extend(theirs.cloned().map(ChangeLine::remove_mapping));
        let theirs = standing.identities.iter();
        let theirs = theirs.filter(|identity| identity.person_id == person.id);
        made.extend(theirs.map(remove_identity));
        let theirs = standing.decisions.iter();
        let theirs = theirs.filter(|decision| decision.kind.person_id() == Some(person.id));
        made.extend(theirs.map(remove_decision));
    }
    made.push(ChangeLine::Person {
        before: Some(Box::new(person.clone())),
        after: None,
    });
}

fn remove_identity(identity: &Identity) -> ChangeLine {
    ChangeLine::Identity {
        before: Some(Box::new(identity.clone())),
        after: None,
    }
}

fn remove_decision(decision: &Decision) -> ChangeLine {
    ChangeLine::Decision {
        before: Some(Box::new(decision.clone())),
        after: None,
    }
}
