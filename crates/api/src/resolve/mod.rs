//! Who is whom at an instant.

mod many;
mod one;

use counterpart_model::{CrmUserId, Timestamp};
use counterpart_service::Service;
use counterpart_service::mapping::MappingView;
use counterpart_service::resolve::{Choice, Outcome, Question, Resolution, Subject, Unknown};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::connections::CrmUserBrief;
use crate::mappings::PersonBrief;
use crate::time::{Boundary, Moment};

/// The routes below an organization.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(one::resolve, many::resolve_many))
}

/// Who is whom? Exactly one of `person`, `external_id`, `email`, `extension` and `crm_user` says
/// of whom.
#[derive(Debug, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResolveQuestion {
    /// In this connection, by id or name; in all of them without it. Needed with `crm_user`.
    #[param(example = "Sales CRM")]
    connection: Option<String>,
    /// Which CRM users is this person?
    person: Option<Uuid>,
    /// The same, by the id of the platform or an HR system.
    external_id: Option<String>,
    /// The same, by an e-mail address, whatever its case.
    email: Option<String>,
    /// The same, by the extension that is theirs at the instant.
    extension: Option<String>,
    /// Of which phone system the extension is, by id or name of its connection; of any without
    /// it.
    platform: Option<String>,
    /// Which people is this CRM user? Its id, in any form the provider knows.
    crm_user: Option<String>,
    /// When: an instant of the past, the present or the future, RFC 3339; `now` without it.
    #[param(example = "2026-10-31T12:00:00Z")]
    at: Option<String>,
}

impl ResolveQuestion {
    /// The question, or the field that is wrong and why.
    fn read(self) -> Result<Question, (&'static str, String)> {
        let mut subjects = Vec::new();
        subjects.extend(self.person.map(|id| Subject::Person(id.into())));
        subjects.extend(self.external_id.map(Subject::ExternalId));
        subjects.extend(self.email.map(Subject::Email));
        subjects.extend(self.crm_user.map(|id| Subject::CrmUser(CrmUserId(id))));
        match (self.extension, self.platform) {
            (Some(value), platform) => subjects.push(Subject::Extension { value, platform }),
            (None, Some(_)) => {
                let message = "belongs to `extension`; name the extension too, or leave it out";
                return Err(("platform", message.to_owned()));
            }
            (None, None) => {}
        }
        let at = match self.at.as_deref() {
            None | Some("now") => None,
            Some(text) => {
                let at: Result<Timestamp, _> = text.parse();
                Some(at.map_err(|error| ("at", error.to_string()))?)
            }
        };
        let count = subjects.len();
        match subjects.pop() {
            Some(subject) if count == 1 => Ok(Question {
                connection: self.connection,
                subject,
                at,
            }),
            _ => {
                let message = format!(
                    "{count} keys are given; give exactly one of person, external_id, email, \
                     extension and crm_user"
                );
                Err(("person", message))
            }
        }
    }
}

/// The answer to a question: which fields there are follows from `outcome`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResolveAnswer {
    /// What came of it.
    outcome: ResolveOutcome,
    /// The instant it is about.
    at: Moment,
    /// The connection it is about; `null` for all of them, and for one that is not known.
    connection_id: Option<Uuid>,
    /// The person the question led to; `null` when it led to nobody or several, or asked by a
    /// CRM user.
    person: Option<PersonBrief>,
    /// The CRM user that was asked by; `null` when it is not known or a person was asked by.
    crm_user: Option<CrmUserBrief>,
    /// Of `mapped`: what holds then, several where a side is shared or in several connections.
    mappings: Vec<ResolvedMapping>,
    /// Of `ambiguous`: the people who have the address or extension.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    people: Vec<PersonBrief>,
    /// Of `ambiguous`: the CRM users who fit about as well, best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    crm_users: Vec<ResolvedChoice>,
    /// Of `ignored`: until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Boundary>,
    /// Of `ignored`: why, in the decider's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Of `held`: since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Moment>,
    /// Of `unknown`: what.
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<ResolveUnknown>,
}

/// What came of a question: `mapped`, `mappings` hold then; `unmapped`, none does; `ignored`,
/// somebody decided that there is no account or no human being; `ambiguous`, several fit and
/// somebody has to choose; `held`, none does, and a brake holds what the connection reported
/// last; `unknown`, what was asked for is not known. Of all connections at once it is `mapped`
/// if one of them has a mapping, and `ignored` only if all are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ResolveOutcome {
    Mapped,
    Unmapped,
    Ignored,
    Ambiguous,
    Held,
    Unknown,
}

/// What is not known: the connection, the phone system, who was asked by, or the CRM user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ResolveUnknown {
    Connection,
    Platform,
    Person,
    CrmUser,
}

/// A mapping that holds at the instant.
#[derive(Debug, Serialize, ToSchema)]
struct ResolvedMapping {
    /// The mapping's id.
    mapping_id: Uuid,
    /// In which connection.
    connection_id: Uuid,
    /// The connection's name.
    connection: String,
    /// Who.
    person_id: Uuid,
    /// Who, in short.
    person: Option<PersonBrief>,
    /// Is whom: the CRM's immutable id.
    crm_user_id: String,
    /// Is whom, in short; `null` when the CRM user was never synced.
    crm_user: Option<CrmUserBrief>,
    /// Since when, inclusive.
    from: Boundary,
    /// Until when, exclusive.
    to: Boundary,
}

/// A CRM user that fits.
#[derive(Debug, Serialize, ToSchema)]
struct ResolvedChoice {
    /// In which connection.
    connection_id: Uuid,
    /// The CRM's immutable id of it.
    crm_user_id: String,
    /// In short; `null` when it was never synced.
    crm_user: Option<CrmUserBrief>,
}

impl From<MappingView> for ResolvedMapping {
    fn from(view: MappingView) -> Self {
        let mapping = view.mapping;
        Self {
            mapping_id: mapping.id.into(),
            connection_id: mapping.connection_id.into(),
            connection: view.connection,
            person_id: mapping.person_id.into(),
            person: view.person.map(PersonBrief::from),
            crm_user_id: mapping.crm_user_id.0,
            crm_user: view.crm_user.map(CrmUserBrief::from),
            from: mapping.period.from().into(),
            to: mapping.period.to().into(),
        }
    }
}

impl From<Unknown> for ResolveUnknown {
    fn from(unknown: Unknown) -> Self {
        match unknown {
            Unknown::Connection => Self::Connection,
            Unknown::Platform => Self::Platform,
            Unknown::Person => Self::Person,
            Unknown::CrmUser => Self::CrmUser,
        }
    }
}

impl From<Resolution> for ResolveAnswer {
    fn from(resolution: Resolution) -> Self {
        let mut answer = Self {
            outcome: ResolveOutcome::Unmapped,
            at: resolution.at.into(),
            connection_id: resolution.connection.map(Uuid::from),
            person: resolution.person.map(PersonBrief::from),
            crm_user: resolution.crm_user.map(CrmUserBrief::from),
            mappings: Vec::new(),
            people: Vec::new(),
            crm_users: Vec::new(),
            until: None,
            reason: None,
            since: None,
            unknown: None,
        };
        answer.outcome = match resolution.outcome {
            Outcome::Mapped(views) => {
                answer.mappings = views.into_iter().map(ResolvedMapping::from).collect();
                ResolveOutcome::Mapped
            }
            Outcome::Unmapped => ResolveOutcome::Unmapped,
            Outcome::Ignored { until, reason } => {
                (answer.until, answer.reason) = (Some(until.into()), reason);
                ResolveOutcome::Ignored
            }
            Outcome::Ambiguous(Choice::People(people)) => {
                answer.people = people.into_iter().map(PersonBrief::from).collect();
                ResolveOutcome::Ambiguous
            }
            Outcome::Ambiguous(Choice::CrmUsers(users)) => {
                let choices = users
                    .into_iter()
                    .map(|(connection, id, user)| ResolvedChoice {
                        connection_id: connection.into(),
                        crm_user_id: id.0,
                        crm_user: user.map(CrmUserBrief::from),
                    });
                answer.crm_users = choices.collect();
                ResolveOutcome::Ambiguous
            }
            Outcome::Held { since } => {
                answer.since = Some(since.into());
                ResolveOutcome::Held
            }
            Outcome::Unknown(what) => {
                answer.unknown = Some(what.into());
                ResolveOutcome::Unknown
            }
        };
        answer
    }
}
