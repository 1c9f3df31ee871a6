//! Events: what happened, in the order in which it became true, for programs that want to be
//! told.
//!
//! Every organization has one log. An event is written in the same transaction as the change it
//! tells of, so that neither is there without the other. Its sequence, from 1 and without gaps,
//! is the cursor by which the log is read and webhooks are delivered.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    ChangeLine, Code, ConnectionId, ConnectionState, CrmUserId, Mapping, MappingId, OrganizationId,
    PersonId, Situation, Timestamp,
};

/// The version of the data of every kind of event. Fields may be added within a version; what a
/// field means, or that it is there, changes only with the number.
pub const EVENT_VERSION: u32 = 1;

/// How many things one event tells of at most: what changes together is told together, as far as
/// a message stays small (the specification of webhooks recommends less than 20 KiB).
pub const MOST_IN_ONE: usize = 50;

/// For how long events are kept, in seconds: 30 days.
pub const EVENTS_KEPT: i64 = 30 * 24 * 60 * 60;

/// What an event tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum EventKind {
    /// Mappings were made, changed or removed.
    #[serde(rename = "mapping.changed")]
    MappingChanged,
    /// The matcher suggests somebody it did not suggest before.
    #[serde(rename = "proposal.opened")]
    ProposalOpened,
    /// Mappings may no longer be true.
    #[serde(rename = "drift.found")]
    DriftFound,
    /// A connection is in another state.
    #[serde(rename = "connection.state")]
    ConnectionState,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::MappingChanged,
        Self::ProposalOpened,
        Self::DriftFound,
        Self::ConnectionState,
    ];

    /// Its name in messages, databases and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MappingChanged => "mapping.changed",
            Self::ProposalOpened => "proposal.opened",
            Self::DriftFound => "drift.found",
            Self::ConnectionState => "connection.state",
        }
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is no kind of event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no kind of event; there are mapping.changed, proposal.opened, drift.found and connection.state"
)]
pub struct ParseEventKindError(pub String);

impl FromStr for EventKind {
    type Err = ParseEventKindError;

    fn from_str(text: &str) -> Result<Self, ParseEventKindError> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| ParseEventKindError(text.to_owned()))
    }
}

/// Something that happened and is not in the log yet. Its serialized form is the event's `data`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum NewEvent {
    /// [`EventKind::MappingChanged`].
    MappingChanged {
        /// The number of the change set that did it.
        change_set: u64,
        /// Which mappings, 1 to [`MOST_IN_ONE`].
        changes: Vec<MappingChange>,
    },
    /// [`EventKind::ProposalOpened`].
    ProposalOpened {
        /// Which proposals, 1 to [`MOST_IN_ONE`].
        proposals: Vec<OpenedProposal>,
    },
    /// [`EventKind::DriftFound`].
    DriftFound {
        /// Which mappings, 1 to [`MOST_IN_ONE`].
        mappings: Vec<DriftedMapping>,
    },
    /// [`EventKind::ConnectionState`].
    ConnectionState(ConnectionStateChange),
}

/// A mapping before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MappingChange {
    /// Which.
    pub mapping_id: MappingId,
    /// In which connection.
    pub connection_id: ConnectionId,
    /// As it was; `None` for a new one.
    pub before: Option<MappedPair>,
    /// As it is now; `None` for one that was removed.
    pub after: Option<MappedPair>,
}

/// Who is whom, from when to when.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MappedPair {
    /// The person.
    pub person_id: PersonId,
    /// The CRM user.
    pub crm_user_id: CrmUserId,
    /// From when on; may be `always`.
    pub from: Timestamp,
    /// Until when; may be `forever`.
    pub to: Timestamp,
}

impl From<&Mapping> for MappedPair {
    fn from(mapping: &Mapping) -> Self {
        Self {
            person_id: mapping.person_id,
            crm_user_id: mapping.crm_user_id.clone(),
            from: mapping.period.from(),
            to: mapping.period.to(),
        }
    }
}

/// A proposal that was not there before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OpenedProposal {
    /// In which connection.
    pub connection_id: ConnectionId,
    /// For whom.
    pub person_id: PersonId,
    /// `proposed`, or `ambiguous` when somebody has to choose.
    pub situation: Situation,
    /// Whom; `None` when somebody has to choose.
    pub crm_user_id: Option<CrmUserId>,
    /// How probable, 0 to 1; `None` when somebody has to choose.
    pub score: Option<f64>,
    /// Whether it may be accepted together with all other certain ones.
    pub certain: bool,
}

/// A mapping that may no longer be true.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DriftedMapping {
    /// In which connection.
    pub connection_id: ConnectionId,
    /// The person.
    pub person_id: PersonId,
    /// The mapping.
    pub mapping_id: Option<MappingId>,
    /// The CRM user.
    pub crm_user_id: Option<CrmUserId>,
}

/// A connection that is in another state, or in the same for another reason.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConnectionStateChange {
    /// Which.
    pub connection_id: ConnectionId,
    /// Its name.
    pub name: String,
    /// How it was.
    pub before: ConnectionState,
    /// How it is.
    pub state: ConnectionState,
    /// Why, as a stable code.
    pub code: Option<Code>,
    /// Why, in words.
    pub detail: Option<String>,
}

impl NewEvent {
    /// What it tells of.
    pub const fn kind(&self) -> EventKind {
        match self {
            Self::MappingChanged { .. } => EventKind::MappingChanged,
            Self::ProposalOpened { .. } => EventKind::ProposalOpened,
            Self::DriftFound { .. } => EventKind::DriftFound,
            Self::ConnectionState(_) => EventKind::ConnectionState,
        }
    }

    /// What a change set that was applied as `number` tells: nothing when it changed no mapping.
    pub fn of_change_set(number: u64, lines: &[ChangeLine]) -> Vec<Self> {
        let changes: Vec<MappingChange> = lines.iter().filter_map(mapping_change).collect();
        let events = changes.chunks(MOST_IN_ONE).map(|changes| {
            let changes = changes.to_vec();
            Self::MappingChanged {
                change_set: number,
                changes,
            }
        });
        events.collect()
    }

    /// What situations that are other than they were tell: which proposals opened, and which
    /// mappings drifted.
    pub fn of_situations(changes: &[SituationChange]) -> Vec<Self> {
        let opened: Vec<_> = changes.iter().filter_map(SituationChange::opened).collect();
        let drifted: Vec<_> = changes
            .iter()
            .filter_map(SituationChange::drifted)
            .collect();
        let opened = opened.chunks(MOST_IN_ONE).map(|proposals| {
            let proposals = proposals.to_vec();
            Self::ProposalOpened { proposals }
        });
        let drifted = drifted.chunks(MOST_IN_ONE).map(|mappings| {
            let mappings = mappings.to_vec();
            Self::DriftFound { mappings }
        });
        opened.chain(drifted).collect()
    }
}

fn mapping_change(line: &ChangeLine) -> Option<MappingChange> {
    let ChangeLine::Mapping { before, after } = line else {
        return None;
    };
    let (before, after) = (before.as_deref(), after.as_deref());
    let either = after.or(before)?;
    Some(MappingChange {
        mapping_id: either.id,
        connection_id: either.connection_id,
        before: before.map(MappedPair::from),
        after: after.map(MappedPair::from),
    })
}

/// The situation of a person in a connection that is other than it was.
#[derive(Debug, Clone, PartialEq)]
pub struct SituationChange {
    /// In which connection.
    pub connection_id: ConnectionId,
    /// Whose.
    pub person_id: PersonId,
    /// How it was, and with which CRM user; `None` when there was none, or none that matters.
    pub before: Option<(Situation, Option<CrmUserId>)>,
    /// How it is.
    pub situation: Situation,
    /// By which mapping.
    pub mapping_id: Option<MappingId>,
    /// With which CRM user.
    pub crm_user_id: Option<CrmUserId>,
    /// How probable, for a proposal.
    pub score: Option<f64>,
    /// Whether a proposal is certain.
    pub certain: bool,
}

impl SituationChange {
    /// Whether situation and CRM user are what they were.
    fn is_the_same(&self) -> bool {
        self.before.as_ref().is_some_and(|(situation, user)| {
            (*situation, user) == (self.situation, &self.crm_user_id)
        })
    }

    fn opened(&self) -> Option<OpenedProposal> {
        let is_open = matches!(self.situation, Situation::Proposed | Situation::Ambiguous);
        (is_open && !self.is_the_same()).then(|| OpenedProposal {
            connection_id: self.connection_id,
            person_id: self.person_id,
            situation: self.situation,
            crm_user_id: self.crm_user_id.clone(),
            score: self.score,
            certain: self.certain,
        })
    }

    fn drifted(&self) -> Option<DriftedMapping> {
        let has_drifted = self.situation == Situation::Drifted;
        (has_drifted && !self.is_the_same()).then(|| DriftedMapping {
            connection_id: self.connection_id,
            person_id: self.person_id,
            mapping_id: self.mapping_id,
            crm_user_id: self.crm_user_id.clone(),
        })
    }
}

/// An event in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedEvent {
    /// Its place in the organization's log, from 1, without gaps.
    pub sequence: u64,
    /// When it happened.
    pub at: Timestamp,
    /// What it tells of.
    pub kind: EventKind,
    /// What happened, as its kind says.
    pub data: Value,
}

impl LoggedEvent {
    /// The id of the message that tells of it: the same however often it is sent. The instant is
    /// part of it, so that a database restored from a backup, which gives sequences out again,
    /// does not give ids out again.
    pub fn message_id(&self, organization: OrganizationId) -> String {
        let organization = organization.as_uuid().simple();
        let at = self.at.as_micros();
        format!("evt_{organization}_{}_{at}", self.sequence)
    }

    /// The message that tells of it.
    pub fn message(&self, organization: OrganizationId) -> Value {
        json!({
            "id": self.message_id(organization),
            "type": self.kind,
            "version": EVENT_VERSION,
            "timestamp": self.at,
            "organization_id": organization,
            "sequence": self.sequence,
            "data": self.data,
        })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn change(before: Option<(Situation, Option<&str>)>, now: Situation) -> SituationChange {
        let user = |id: &str| CrmUserId(id.to_owned());
        SituationChange {
            connection_id: Uuid::nil().into(),
            person_id: Uuid::nil().into(),
            before: before.map(|(situation, id)| (situation, id.map(user))),
            situation: now,
            mapping_id: None,
            crm_user_id: (now != Situation::Ambiguous).then(|| user("u1")),
            score: None,
            certain: false,
        }
    }

    fn told(before: Option<(Situation, Option<&str>)>, now: Situation) -> Vec<EventKind> {
        let events = NewEvent::of_situations(&[change(before, now)]);
        events.iter().map(NewEvent::kind).collect()
    }

    #[test]
    fn a_proposal_opens_once_for_each_user_it_names() {
        use Situation::{Ambiguous, Mapped, Proposed, Unmapped};
        let opened = [EventKind::ProposalOpened];
        assert_eq!(told(None, Proposed), opened);
        assert_eq!(told(Some((Unmapped, None)), Proposed), opened);
        assert_eq!(told(Some((Proposed, Some("u2"))), Proposed), opened);
        assert_eq!(told(Some((Ambiguous, None)), Proposed), opened);
        assert_eq!(told(Some((Proposed, Some("u1"))), Ambiguous), opened);
        assert_eq!(told(Some((Proposed, Some("u1"))), Proposed), []);
        assert_eq!(told(Some((Ambiguous, None)), Ambiguous), []);
        assert_eq!(told(Some((Proposed, Some("u1"))), Mapped), []);
    }

    #[test]
    fn drift_is_found_once_for_each_user() {
        use Situation::{Drifted, Mapped};
        assert_eq!(
            told(Some((Mapped, Some("u1"))), Drifted),
            [EventKind::DriftFound]
        );
        assert_eq!(told(Some((Drifted, Some("u1"))), Drifted), []);
    }

    #[test]
    fn many_changes_are_told_in_several_messages() {
        let many = vec![change(None, Situation::Proposed); 2 * MOST_IN_ONE + 1];
        assert_eq!(NewEvent::of_situations(&many).len(), 3);
    }

    fn id<I: From<Uuid>>(last: u128) -> I {
        I::from(Uuid::from_u128(
            0x0193_2c3e_5f00_7000_8000_0000_0000_0000 + last,
        ))
    }

    /// One event of each kind.
    fn examples() -> [NewEvent; 4] {
        let user = |text: &str| CrmUserId(text.to_owned());
        let pair = |text| MappedPair {
            person_id: id(3),
            crm_user_id: user(text),
            from: Timestamp::ALWAYS,
            to: Timestamp::FOREVER,
        };
        let change = MappingChange {
            mapping_id: id(4),
            connection_id: id(2),
            before: Some(pair("0055g00000A1b2C")),
            after: Some(pair("0055g00000D3e4F")),
        };
        let proposal = OpenedProposal {
            connection_id: id(2),
            person_id: id(3),
            situation: Situation::Proposed,
            crm_user_id: Some(user("0055g00000A1b2C")),
            score: Some(0.97),
            certain: true,
        };
        let drifted = DriftedMapping {
            connection_id: id(2),
            person_id: id(3),
            mapping_id: Some(id(4)),
            crm_user_id: Some(user("0055g00000A1b2C")),
        };
        [
            NewEvent::MappingChanged {
                change_set: 17,
                changes: vec![change],
            },
            NewEvent::ProposalOpened {
                proposals: vec![proposal],
            },
            NewEvent::DriftFound {
                mappings: vec![drifted],
            },
            NewEvent::ConnectionState(ConnectionStateChange {
                connection_id: id(2),
                name: "Sales".to_owned(),
                before: ConnectionState::Healthy,
                state: ConnectionState::Broken,
                code: Some(Code::ConnectionUnauthorized),
                detail: Some("the key was revoked".to_owned()),
            }),
        ]
    }

    #[test]
    fn the_examples_of_the_documentation_are_what_is_sent() {
        let page = include_str!("../../../docs/webhooks.md");
        let blocks = page.split("```json\n").skip(1);
        let documented: Vec<Value> = blocks
            .filter_map(|rest| serde_json::from_str(rest.split("```").next()?).ok())
            .collect();
        let sent: Vec<Value> = (41..)
            .zip(examples())
            .map(|(sequence, event)| {
                let logged = LoggedEvent {
                    sequence,
                    at: "2026-11-22T09:30:00Z".parse().expect("a time"),
                    kind: event.kind(),
                    data: json!(event),
                };
                logged.message(id(1))
            })
            .collect();
        assert_eq!(documented, sent);
    }

    #[test]
    fn every_kind_is_found_by_its_name() {
        for kind in EventKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(json!(kind), kind.as_str());
        }
    }
}
