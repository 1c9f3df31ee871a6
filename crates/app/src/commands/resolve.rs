//! `counterpart resolve`: who is whom at an instant.

use clap::Args;
use counterpart_model::{CrmUserId, PersonId, Timestamp};
use counterpart_service::Result;
use counterpart_service::mapping::MappingView;
use counterpart_service::resolve::{Choice, Outcome, Question, Resolution, Subject};
use serde_json::{Value, json};

use crate::cli::Global;
use crate::output::{Ending, Output, table};
use crate::wiring;

#[derive(Debug, Args)]
pub(crate) struct ResolveArgs {
    /// In this connection, by name or id; in all of them without it
    #[arg(long, required_unless_present_any = ["person", "external_id", "email", "extension"])]
    connection: Option<String>,
    #[command(flatten)]
    key: Key,
    /// Of which phone system the extension is, by name or id of its connection
    #[arg(long, value_name = "CONNECTION", requires = "extension")]
    platform: Option<String>,
    /// When (2026-10-31T12:00:00Z); now without it
    #[arg(long)]
    at: Option<Timestamp>,
}

/// Of whom.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Key {
    /// Which CRM users is this person? By id
    #[arg(long, value_name = "ID")]
    person: Option<PersonId>,
    /// The same, by the id of the platform or an HR system
    #[arg(long, value_name = "ID")]
    external_id: Option<String>,
    /// The same, by an e-mail address
    #[arg(long)]
    email: Option<String>,
    /// The same, by the extension that is theirs at the instant
    #[arg(long)]
    extension: Option<String>,
    /// Which people is the CRM user of this id?
    #[arg(long, value_name = "ID")]
    crm_user: Option<String>,
}

impl ResolveArgs {
    fn question(self) -> Option<Question> {
        let key = self.key;
        let subject = key
            .person
            .map(Subject::Person)
            .or_else(|| key.external_id.map(Subject::ExternalId))
            .or_else(|| key.email.map(Subject::Email))
            .or_else(|| key.crm_user.map(|id| Subject::CrmUser(CrmUserId(id))))
            .or_else(|| {
                let platform = self.platform;
                key.extension
                    .map(|value| Subject::Extension { value, platform })
            })?;
        Some(Question {
            connection: self.connection,
            subject,
            at: self.at,
        })
    }
}

/// Says who is whom; 2 unless somebody is mapped.
pub(crate) async fn run(global: &Global, args: ResolveArgs, output: Output) -> Result<Ending> {
    let service = wiring::service(global).await?;
    let actor = service.operator_in(global.organization.as_deref()).await?;
    let questions: Vec<Question> = args.question().into_iter().collect();
    let answers = service.resolve(&actor, &questions).await?;
    let mut ending = Ending::Attention;
    for answer in &answers {
        if matches!(answer.outcome, Outcome::Mapped(_)) {
            ending = Ending::Done;
        }
        output.result(&in_json(answer), |_| in_words(answer));
    }
    Ok(ending)
}

/// The answer in the words of the API.
fn in_json(answer: &Resolution) -> Value {
    let mut value = json!({
        "outcome": answer.outcome.as_str(),
        "at": answer.at,
        "connection_id": answer.connection,
        "person_id": answer.person.as_ref().map(|person| person.id),
        "crm_user_id": answer.crm_user.as_ref().map(|user| &user.id),
        "mappings": [],
    });
    match &answer.outcome {
        Outcome::Mapped(views) => {
            let mappings = views.iter().map(|view| {
                json!({
                    "mapping_id": view.mapping.id,
                    "connection_id": view.mapping.connection_id,
                    "connection": view.connection,
                    "person_id": view.mapping.person_id,
                    "person_name": person_of(view),
                    "crm_user_id": view.mapping.crm_user_id,
                    "crm_user_name": crm_user_of(view),
                    "from": view.mapping.period.from(),
                    "to": view.mapping.period.to(),
                })
            });
            value["mappings"] = mappings.collect();
        }
        Outcome::Unmapped => {}
        Outcome::Ignored { until, reason } => {
            value["until"] = json!(until);
            value["reason"] = json!(reason);
        }
        Outcome::Ambiguous(Choice::People(people)) => {
            let ids = people.iter().map(|person| person.id);
            value["people"] = json!(ids.collect::<Vec<_>>());
        }
        Outcome::Ambiguous(Choice::CrmUsers(users)) => {
            let ids = users
                .iter()
                .map(|(connection, id, _)| json!({"connection_id": connection, "crm_user_id": id}));
            value["crm_users"] = ids.collect();
        }
        Outcome::Held { since } => value["since"] = json!(since),
        Outcome::Unknown(what) => value["unknown"] = json!(what.as_str()),
    }
    value
}

fn in_words(answer: &Resolution) -> String {
    match &answer.outcome {
        Outcome::Mapped(views) => mapped(views),
        Outcome::Unmapped => "unmapped".to_owned(),
        Outcome::Ignored { until, reason } => {
            let reason = reason.as_deref().unwrap_or("no reason given");
            format!("ignored until {until}: {reason}")
        }
        Outcome::Ambiguous(Choice::People(people)) => {
            let names = people
                .iter()
                .map(|person| format!("{} ({})", person.profile.display_name, person.id));
            format!(
                "ambiguous: it is of {}",
                names.collect::<Vec<_>>().join(" and of ")
            )
        }
        Outcome::Ambiguous(Choice::CrmUsers(users)) => {
            let names = users.iter().map(|(_, id, user)| match user {
                Some(user) => format!("{} ({id})", user.profile.display_name),
                None => id.to_string(),
            });
            format!(
                "ambiguous: several CRM users fit: {}",
                names.collect::<Vec<_>>().join(", ")
            )
        }
        Outcome::Held { since } => {
            format!("held: a brake holds the connection's last pull since {since}")
        }
        Outcome::Unknown(what) => format!("unknown: there is no such {}", what.as_str()),
    }
}

fn mapped(views: &[MappingView]) -> String {
    let rows: Vec<Vec<String>> = views
        .iter()
        .map(|view| {
            vec![
                view.connection.clone(),
                person_of(view),
                crm_user_of(view),
                view.mapping.crm_user_id.to_string(),
                view.mapping.period.from().to_string(),
                view.mapping.period.to().to_string(),
            ]
        })
        .collect();
    table(
        &["CONNECTION", "PERSON", "CRM USER", "CRM ID", "FROM", "TO"],
        &rows,
    )
}

fn person_of(view: &MappingView) -> String {
    let person = view.person.as_ref();
    person.map_or_else(
        || view.mapping.person_id.to_string(),
        |person| person.profile.display_name.clone(),
    )
}

fn crm_user_of(view: &MappingView) -> String {
    let user = view.crm_user.as_ref();
    user.map(|user| user.profile.display_name.clone())
        .unwrap_or_default()
}
