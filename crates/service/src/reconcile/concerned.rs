//! Whom a change concerns, as far as its lines alone say it.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::{ChangeLine, ConnectionId, CrmUserId, Decision, Mapping, PersonId};

/// Whom a change concerns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Concerned {
    /// Who changed themselves, or is called by something else: they are concerned everywhere.
    pub(crate) people: BTreeSet<PersonId>,
    /// Who is tied, freed or decided about, by connection.
    pub(crate) connections: BTreeMap<ConnectionId, Sides>,
    /// Everybody is matched by other settings, in every connection.
    everybody: bool,
}

/// Whom a change concerns in one connection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sides {
    pub(crate) people: BTreeSet<PersonId>,
    pub(crate) crm_users: BTreeSet<CrmUserId>,
    /// Somebody may be in somebody's way who was not before: what was certain may be so no more.
    pub(crate) frees: bool,
    /// Everybody is matched by other settings.
    pub(crate) everybody: bool,
}

impl Concerned {
    /// Whom some lines concern.
    pub(crate) fn by<'a>(lines: impl IntoIterator<Item = &'a ChangeLine>) -> Self {
        let mut concerned = Self::default();
        for line in lines {
            match line {
                ChangeLine::Person { before, after } => {
                    let person = before.as_ref().or(after.as_ref());
                    concerned.people.extend(person.map(|person| person.id));
                }
                ChangeLine::Identity { before, after } => {
                    for identity in [before, after].into_iter().flatten() {
                        concerned.people.insert(identity.person_id);
                    }
                }
                ChangeLine::Mapping { before, after } => {
                    for mapping in [before, after].into_iter().flatten() {
                        concerned.mapping(mapping);
                    }
                    if let Some(before) = before {
                        concerned.sides(before.connection_id).frees = true;
                    }
                }
                ChangeLine::MatchingSettings { before, after } => {
                    let settings = before.as_ref().or(after.as_ref());
                    match settings.and_then(|settings| settings.connection_id) {
                        Some(connection) => concerned.sides(connection).everybody = true,
                        None => concerned.everybody = true,
                    }
                }
                ChangeLine::Decision { before, after } => {
                    for decision in [before, after].into_iter().flatten() {
                        concerned.decision(decision);
                    }
                    if let Some(before) = before {
                        concerned.sides(before.connection_id).frees = true;
                    }
                }
            }
        }
        concerned
    }

    /// Those in one connection.
    pub(crate) fn within(&self, connection: ConnectionId) -> Sides {
        let mut sides = self
            .connections
            .get(&connection)
            .cloned()
            .unwrap_or_default();
        sides.people.extend(&self.people);
        sides.everybody |= self.everybody;
        sides.frees |= sides.everybody || !self.people.is_empty();
        sides
    }

    fn sides(&mut self, connection: ConnectionId) -> &mut Sides {
        self.connections.entry(connection).or_default()
    }

    fn mapping(&mut self, mapping: &Mapping) {
        let sides = self.sides(mapping.connection_id);
        sides.people.insert(mapping.person_id);
        sides.crm_users.insert(mapping.crm_user_id.clone());
    }

    fn decision(&mut self, decision: &Decision) {
        let sides = self.sides(decision.connection_id);
        sides.people.extend(decision.kind.person_id());
        sides.crm_users.extend(decision.kind.crm_user_id().cloned());
    }
}

impl Sides {
    /// Whether it concerns nobody.
    pub(crate) fn is_empty(&self) -> bool {
        self.people.is_empty() && self.crm_users.is_empty() && !self.everybody
    }
}

#[cfg(test)]
mod tests {
    use counterpart_model::{
        DecisionId, DecisionKind, Identity, IdentityId, IdentityKind, MappingId, MappingOrigin,
        Period, Person, PersonProfile, Timestamp,
    };
    use uuid::Uuid;

    use super::*;

    fn person(number: u128) -> PersonId {
        Uuid::from_u128(number).into()
    }

    fn connection(number: u128) -> ConnectionId {
        Uuid::from_u128(number).into()
    }

    fn user(id: &str) -> CrmUserId {
        CrmUserId(id.into())
    }

    fn mapping(at: u128, who: u128, whom: &str) -> Box<Mapping> {
        Box::new(Mapping {
            id: MappingId::from(Uuid::from_u128(9)),
            connection_id: connection(at),
            person_id: person(who),
            crm_user_id: user(whom),
            period: Period::ALL,
            person_exclusive: true,
            crm_user_exclusive: true,
            origin: MappingOrigin::Manual,
            evidence: Vec::new(),
            witness: None,
            created_at: Timestamp::ALWAYS,
            version: 1,
        })
    }

    fn decided(kind: DecisionKind) -> ChangeLine {
        ChangeLine::Decision {
            before: None,
            after: Some(Box::new(Decision {
                id: DecisionId::from(Uuid::from_u128(8)),
                connection_id: connection(1),
                kind,
                reason: None,
                expires_at: Timestamp::FOREVER,
                created_at: Timestamp::ALWAYS,
                version: 1,
            })),
        }
    }

    fn in_one(people: &[u128], users: &[&str], frees: bool) -> Sides {
        Sides {
            people: people.iter().map(|number| person(*number)).collect(),
            crm_users: users.iter().map(|id| user(id)).collect(),
            frees,
            everybody: false,
        }
    }

    #[test]
    fn a_line_concerns_its_two_sides_and_what_is_taken_away_frees_them() {
        let added = ChangeLine::Mapping {
            before: None,
            after: Some(mapping(1, 1, "u1")),
        };
        let moved = ChangeLine::Mapping {
            before: Some(mapping(1, 1, "u1")),
            after: Some(mapping(1, 1, "u2")),
        };
        let removed = ChangeLine::Mapping {
            before: Some(mapping(1, 2, "u3")),
            after: None,
        };
        let rejected = decided(DecisionKind::NotThisPair {
            person_id: person(3),
            crm_user_id: user("u4"),
        });
        let withdrawn = rejected.clone().reversed();
        let shared = decided(DecisionKind::SharedSeat {
            crm_user_id: user("u5"),
        });
        let no_account = decided(DecisionKind::NoAccount {
            person_id: person(4),
        });
        for (lines, expected) in [
            (vec![&added], in_one(&[1], &["u1"], false)),
            (vec![&moved], in_one(&[1], &["u1", "u2"], true)),
            (vec![&removed], in_one(&[2], &["u3"], true)),
            (vec![&rejected], in_one(&[3], &["u4"], false)),
            (vec![&withdrawn], in_one(&[3], &["u4"], true)),
            (vec![&shared], in_one(&[], &["u5"], false)),
            (vec![&no_account], in_one(&[4], &[], false)),
            (vec![&added, &shared], in_one(&[1], &["u1", "u5"], false)),
        ] {
            let concerned = Concerned::by(lines.clone());
            assert_eq!(concerned.within(connection(1)), expected, "{lines:?}");
            assert!(concerned.within(connection(2)).is_empty());
            assert!(!concerned.within(connection(2)).frees);
        }
    }

    #[test]
    fn who_changes_is_concerned_everywhere_and_so_is_whoever_gives_or_gets_a_handle() {
        let changed = ChangeLine::Person {
            before: None,
            after: Some(Box::new(Person {
                id: person(1),
                external_id: None,
                profile: PersonProfile::default(),
                active: true,
                created_at: Timestamp::ALWAYS,
                version: 1,
            })),
        };
        let handle = |who: u128| {
            Some(Box::new(Identity {
                id: IdentityId::from(Uuid::from_u128(7)),
                person_id: person(who),
                connection_id: connection(5),
                kind: IdentityKind::Extension,
                value: "17".into(),
                period: Period::ALL,
            }))
        };
        let passed_on = ChangeLine::Identity {
            before: handle(2),
            after: handle(3),
        };
        let concerned = Concerned::by([&changed, &passed_on]);
        let everywhere = in_one(&[1, 2, 3], &[], true);
        assert_eq!(concerned.within(connection(1)), everywhere);
        assert_eq!(concerned.within(connection(5)), everywhere);
    }
}
