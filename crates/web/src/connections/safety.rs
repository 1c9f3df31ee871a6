//! How careful a connection is: the numbers, what they mean, and changing them.

use counterpart_model::brakes::Brakes;
use counterpart_model::{Code, Connection, ConnectionId, OrganizationId, Policy, Role};
use counterpart_service::Error;
use counterpart_service::error::FieldError;
use serde::Deserialize;

use super::show::unsaved;
use crate::form::FormProblems;
use crate::problem::Answer;
use crate::request::{At, Sent};
use crate::session::Portal;
use crate::words::{count, grouped};

/// The form as it was sent: text, so that a slip of the finger can be shown again.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Input {
    version: u64,
    least: String,
    percent: String,
    most: String,
    grace_days: String,
    hold_days: String,
}

/// The section of the connection's page.
pub(super) struct Safety {
    pub(super) version: u64,
    pub(super) fields: Vec<Field>,
    /// What the policy that stands means for the users that are known.
    pub(super) meaning: Vec<String>,
    pub(super) form: FormProblems,
    /// Whether the form stands open.
    pub(super) open: bool,
}

pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    pub(super) value: String,
    pub(super) least: u64,
    pub(super) most: u64,
}

impl Safety {
    /// The section of a connection with so many usable users.
    pub(super) fn of(connection: &Connection, usable: u64, users: &str) -> Self {
        let policy = connection.policy;
        let input = Input {
            version: connection.version,
            least: policy.brakes.least.to_string(),
            percent: policy.brakes.percent.to_string(),
            most: policy.brakes.most.to_string(),
            grace_days: policy.grace_days.to_string(),
            hold_days: policy.hold_days.to_string(),
        };
        Self {
            version: connection.version,
            fields: fields(input),
            meaning: meaning(&policy, usable, users),
            form: FormProblems::default(),
            open: false,
        }
    }

    /// The same section with a form that could not be saved.
    pub(super) fn unsaved(self, input: Input, form: FormProblems) -> Self {
        Self {
            fields: fields(input),
            form,
            open: true,
            ..self
        }
    }
}

fn fields(input: Input) -> Vec<Field> {
    let field = |name, label, hint, value, bounds: std::ops::RangeInclusive<u64>| Field {
        name,
        label,
        hint,
        value,
        least: *bounds.start(),
        most: *bounds.end(),
    };
    vec![
        field(
            "percent",
            "Share that stops a sync, in %",
            "more than this of the users known",
            input.percent,
            Policy::PERCENT,
        ),
        field(
            "least",
            "But not below, in users",
            "fewer never stop it, unless nobody is left",
            input.least,
            Policy::LEAST,
        ),
        field(
            "most",
            "Number that always stops it",
            "more than this, whatever the share",
            input.most,
            Policy::MOST,
        ),
        field(
            "grace_days",
            "Days of grace",
            "who is no longer found is missing for so long before they count as gone",
            input.grace_days,
            Policy::GRACE_DAYS,
        ),
        field(
            "hold_days",
            "Days to decide",
            "then a sync that waits counts as rejected",
            input.hold_days,
            Policy::HOLD_DAYS,
        ),
    ]
}

/// What a policy means, in sentences.
fn meaning(policy: &Policy, usable: u64, users: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    if usable > 0 {
        sentences.push(format!(
            "A sync may take away up to {} of {} {users} within 24 hours before it asks.",
            grouped(policy.brakes.allowance(usable)),
            grouped(usable)
        ));
    }
    sentences.push(match policy.grace_days {
        0 => "Who is no longer found counts as gone at once.".to_owned(),
        days => format!(
            "Who is no longer found is missing for {}; mappings go on, then they count as gone.",
            count(days, "day", "days")
        ),
    });
    sentences.push(format!(
        "A sync that waits for your word counts as rejected after {}.",
        count(policy.hold_days, "day", "days")
    ));
    sentences
}

/// `POST /o/{organization}/connections/{connection}/policy`
pub(super) async fn save(
    portal: Portal,
    At((_, id)): At<(OrganizationId, ConnectionId)>,
    Sent(input): Sent<Input>,
) -> Answer {
    portal.actor.require(Role::Admin)?;
    let saved = match read(&input) {
        Ok(policy) => {
            let service = &portal.service;
            service
                .set_policy(&portal.actor, id, input.version, policy)
                .await
        }
        Err(error) => Err(error),
    };
    match saved {
        Ok(_) => portal.go(&portal.path(&format!("/connections/{id}#safety"))),
        Err(error) => match FormProblems::of(&error) {
            Some(form) => unsaved(&portal, id, &error, (input, form)).await,
            None => Err(error.into()),
        },
    }
}

/// The policy of a form, or every field that is no number.
fn read(input: &Input) -> Result<Policy, Error> {
    let mut problems = Vec::new();
    let mut number = |field: &str, text: &str| {
        text.trim().parse::<u32>().unwrap_or_else(|_| {
            problems.push(FieldError {
                field: field.to_owned(),
                message: "must be a whole number".to_owned(),
            });
            0
        })
    };
    let policy = Policy {
        brakes: Brakes {
            least: number("least", &input.least).into(),
            percent: number("percent", &input.percent).into(),
            most: number("most", &input.most).into(),
        },
        grace_days: number("grace_days", &input.grace_days),
        hold_days: number("hold_days", &input.hold_days),
    };
    if problems.is_empty() {
        Ok(policy)
    } else {
        Err(Error::with_fields(Code::ConnectionPolicyInvalid, problems))
    }
}
