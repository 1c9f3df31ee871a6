//! The things that change sets change, whatever their kind.

use uuid::Uuid;

use crate::{
    ChangeLine, ConnectionId, Decision, DecisionId, Identity, IdentityId, Mapping, MappingId,
    MatchingSettings, Person, PersonId,
};

/// Which thing a line of a change set is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A person.
    Person(PersonId),
    /// An identity of a person.
    Identity(IdentityId),
    /// A mapping.
    Mapping(MappingId),
    /// A decision.
    Decision(DecisionId),
    /// The matching settings of a connection, or of the organization.
    MatchingSettings(Option<ConnectionId>),
}

impl Subject {
    /// The name of its kind in databases and the API.
    pub const fn entity(self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Identity(_) => "identity",
            Self::Mapping(_) => "mapping",
            Self::Decision(_) => "decision",
            Self::MatchingSettings(_) => "matching_settings",
        }
    }

    /// Its id, which no other thing of the organization has, of whatever kind. Matching settings
    /// have that of their connection, and the organization's have the nil id.
    pub fn id(self) -> Uuid {
        match self {
            Self::Person(id) => id.into(),
            Self::Identity(id) => id.into(),
            Self::Mapping(id) => id.into(),
            Self::Decision(id) => id.into(),
            Self::MatchingSettings(id) => id.map_or_else(Uuid::nil, Into::into),
        }
    }
}

/// A thing as it stands, stood or is to stand.
#[derive(Debug, Clone, PartialEq)]
pub enum Thing {
    /// A person.
    Person(Box<Person>),
    /// An identity of a person.
    Identity(Box<Identity>),
    /// A mapping.
    Mapping(Box<Mapping>),
    /// A decision.
    Decision(Box<Decision>),
    /// The matching settings of the organization, or of a connection.
    MatchingSettings(Box<MatchingSettings>),
}

impl Thing {
    /// Which thing it is.
    pub const fn subject(&self) -> Subject {
        match self {
            Self::Person(person) => Subject::Person(person.id),
            Self::Identity(identity) => Subject::Identity(identity.id),
            Self::Mapping(mapping) => Subject::Mapping(mapping.id),
            Self::Decision(decision) => Subject::Decision(decision.id),
            Self::MatchingSettings(settings) => Subject::MatchingSettings(settings.connection_id),
        }
    }

    /// The person it is about, or is; none for a decision about a CRM user alone, and for
    /// settings.
    pub const fn person_id(&self) -> Option<PersonId> {
        match self {
            Self::Person(person) => Some(person.id),
            Self::Identity(identity) => Some(identity.person_id),
            Self::Mapping(mapping) => Some(mapping.person_id),
            Self::Decision(decision) => decision.kind.person_id(),
            Self::MatchingSettings(_) => None,
        }
    }

    /// Whether both say the same of the same thing, whatever their versions.
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        let mut other = other.clone();
        match (self, &mut other) {
            (Self::Person(one), Self::Person(two)) => two.version = one.version,
            (Self::Mapping(one), Self::Mapping(two)) => two.version = one.version,
            (Self::Decision(one), Self::Decision(two)) => two.version = one.version,
            (Self::MatchingSettings(one), Self::MatchingSettings(two)) => {
                two.version = one.version;
            }
            _ => {}
        }
        *self == other
    }
}

impl ChangeLine {
    /// The people it is about, on either side; one of them twice where both sides are.
    pub fn people(&self) -> impl Iterator<Item = PersonId> {
        let (before, after) = match self {
            Self::Person { before, after } => (
                before.as_ref().map(|person| person.id),
                after.as_ref().map(|person| person.id),
            ),
            Self::Identity { before, after } => (
                before.as_ref().map(|identity| identity.person_id),
                after.as_ref().map(|identity| identity.person_id),
            ),
            Self::Mapping { before, after } => (
                before.as_ref().map(|mapping| mapping.person_id),
                after.as_ref().map(|mapping| mapping.person_id),
            ),
            Self::Decision { before, after } => (
                before
                    .as_ref()
                    .and_then(|decision| decision.kind.person_id()),
                after
                    .as_ref()
                    .and_then(|decision| decision.kind.person_id()),
            ),
            Self::MatchingSettings { .. } => (None, None),
        };
        before.into_iter().chain(after)
    }

    /// The line that puts `after` where `before` stands; `None` when they are not one thing, or
    /// neither is anything.
    pub fn between(before: Option<Thing>, after: Option<Thing>) -> Option<Self> {
        match (before, after) {
            (Some(before), Some(after)) if before.subject() != after.subject() => None,
            (before @ (Some(Thing::Person(_)) | None), Some(Thing::Person(after))) => {
                Some(Self::Person {
                    before: before.and_then(Thing::into_person),
                    after: Some(after),
                })
            }
            (before @ (Some(Thing::Identity(_)) | None), Some(Thing::Identity(after))) => {
                Some(Self::Identity {
                    before: before.and_then(Thing::into_identity),
                    after: Some(after),
                })
            }
            (before @ (Some(Thing::Mapping(_)) | None), Some(Thing::Mapping(after))) => {
                Some(Self::Mapping {
                    before: before.and_then(Thing::into_mapping),
                    after: Some(after),
                })
            }
            (before @ (Some(Thing::Decision(_)) | None), Some(Thing::Decision(after))) => {
                Some(Self::Decision {
                    before: before.and_then(Thing::into_decision),
                    after: Some(after),
                })
            }
            (
                before @ (Some(Thing::MatchingSettings(_)) | None),
                Some(Thing::MatchingSettings(after)),
            ) => Some(Self::MatchingSettings {
                before: before.and_then(Thing::into_matching_settings),
                after: Some(after),
            }),
            (Some(before), None) => Self::between(None, Some(before)).map(Self::reversed),
            _ => None,
        }
    }

    /// What it is about; `None` for a line that names nothing.
    pub fn subject(&self) -> Option<Subject> {
        match self {
            Self::Person { before, after } => {
                let one = after.as_ref().or(before.as_ref())?;
                Some(Subject::Person(one.id))
            }
            Self::Identity { before, after } => {
                let one = after.as_ref().or(before.as_ref())?;
                Some(Subject::Identity(one.id))
            }
            Self::Mapping { before, after } => {
                let one = after.as_ref().or(before.as_ref())?;
                Some(Subject::Mapping(one.id))
            }
            Self::Decision { before, after } => {
                let one = after.as_ref().or(before.as_ref())?;
                Some(Subject::Decision(one.id))
            }
            Self::MatchingSettings { before, after } => {
                let one = after.as_ref().or(before.as_ref())?;
                Some(Subject::MatchingSettings(one.connection_id))
            }
        }
    }

    /// What stood before it, and what it put there.
    pub fn into_sides(self) -> (Option<Thing>, Option<Thing>) {
        match self {
            Self::Person { before, after } => (before.map(Thing::Person), after.map(Thing::Person)),
            Self::Identity { before, after } => {
                (before.map(Thing::Identity), after.map(Thing::Identity))
            }
            Self::Mapping { before, after } => {
                (before.map(Thing::Mapping), after.map(Thing::Mapping))
            }
            Self::Decision { before, after } => {
                (before.map(Thing::Decision), after.map(Thing::Decision))
            }
            Self::MatchingSettings { before, after } => (
                before.map(Thing::MatchingSettings),
                after.map(Thing::MatchingSettings),
            ),
        }
    }
}

/// Takes a thing for one of its kind.
macro_rules! into_kind {
    ($($name:ident: $variant:ident($kind:ty);)*) => {
        impl Thing {
            $(fn $name(self) -> Option<Box<$kind>> {
                match self {
                    Self::$variant(it) => Some(it),
                    _ => None,
                }
            })*
        }
    };
}

into_kind! {
    into_person: Person(Person);
    into_identity: Identity(Identity);
    into_mapping: Mapping(Mapping);
    into_decision: Decision(Decision);
    into_matching_settings: MatchingSettings(MatchingSettings);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PersonProfile, Timestamp};

    fn person(id: u128, name: &str, version: u64) -> Thing {
        Thing::Person(Box::new(Person {
            id: Uuid::from_u128(id).into(),
            external_id: None,
            profile: PersonProfile {
                display_name: name.to_owned(),
                ..PersonProfile::default()
            },
            active: true,
            created_at: Timestamp::from_micros(0),
            version,
        }))
    }

    #[test]
    fn what_differs_in_its_version_alone_says_the_same() {
        assert!(person(1, "Ann", 1).says_the_same_as(&person(1, "Ann", 7)));
        assert!(!person(1, "Ann", 1).says_the_same_as(&person(1, "Anne", 1)));
        assert!(!person(1, "Ann", 1).says_the_same_as(&person(2, "Ann", 1)));
    }

    #[test]
    fn a_line_is_between_two_states_of_one_thing() {
        let (ann, anne) = (person(1, "Ann", 1), person(1, "Anne", 2));
        for (before, after) in [
            (None, Some(ann.clone())),
            (Some(ann.clone()), Some(anne)),
            (Some(ann.clone()), None),
        ] {
            let line = ChangeLine::between(before.clone(), after.clone()).expect("a line");
            assert_eq!(line.subject(), Some(ann.subject()));
            assert_eq!(line.into_sides(), (before, after));
        }
        assert_eq!(ChangeLine::between(None, None), None);
        assert_eq!(
            ChangeLine::between(Some(ann), Some(person(2, "B", 1))),
            None
        );
    }
}
