//! `/o/{organization}/people/{person}/edit`: changing what is known of a person.

use askama::Template;
use axum::http::StatusCode;
use counterpart_model::{OrganizationId, PersonId, Role};
use counterpart_service::people::PersonInput;
use serde::Deserialize;

use crate::form::FormProblems;
use crate::problem::{Answer, status};
use crate::request::{At, Sent};
use crate::session::Portal;
use crate::shell::{Place, Shell, show_with};

/// A person's form as it is sent. Addresses and numbers stand one per line.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Input {
    display_name: String,
    given_name: String,
    family_name: String,
    emails: String,
    extension: String,
    phones: String,
    username: String,
    external_id: String,
    employee_number: String,
    title: String,
    department: String,
    version: u64,
    /// Whether another person is to be added next.
    pub(super) another: String,
}

impl Input {
    /// What it says of a person.
    pub(super) fn person(&self) -> PersonInput {
        PersonInput {
            external_id: self.external_id.clone(),
            display_name: self.display_name.clone(),
            given_name: self.given_name.clone(),
            family_name: self.family_name.clone(),
            emails: lines(&self.emails),
            username: self.username.clone(),
            extension: self.extension.clone(),
            phones: lines(&self.phones),
            employee_number: self.employee_number.clone(),
            title: self.title.clone(),
            department: self.department.clone(),
        }
    }

    fn of(person: PersonInput, version: u64) -> Self {
        Self {
            display_name: person.display_name,
            given_name: person.given_name,
            family_name: person.family_name,
            emails: person.emails.join("\n"),
            extension: person.extension,
            phones: person.phones.join("\n"),
            username: person.username,
            external_id: person.external_id,
            employee_number: person.employee_number,
            title: person.title,
            department: person.department,
            version,
            another: String::new(),
        }
    }
}

fn lines(text: &str) -> Vec<String> {
    text.split(['\n', ',', ';'])
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}

/// A person's form as it is shown.
pub(super) struct PersonForm {
    pub(super) title: String,
    pub(super) action: String,
    pub(super) cancel: String,
    pub(super) button: &'static str,
    pub(super) new: bool,
    pub(super) input: Input,
    pub(super) problems: FormProblems,
}

#[derive(Template)]
#[template(path = "people/form.html")]
struct Page {
    shell: Shell,
    form: PersonForm,
}

/// Shows a person's form.
pub(super) async fn page(portal: &Portal, status: StatusCode, form: PersonForm) -> Answer {
    let shell = portal.shell(Place::People, &form.title).await?;
    show_with(status, &Page { shell, form })
}

/// `GET /o/{organization}/people/{person}/edit`
pub(super) async fn show(portal: Portal, At((_, id)): At<(OrganizationId, PersonId)>) -> Answer {
    portal.actor.require(Role::Admin)?;
    let view = portal.service.person_view(&portal.actor, id).await?;
    let now = portal.service.now();
    let current: Vec<_> = view
        .identities
        .into_iter()
        .filter(|identity| identity.period.contains(now))
        .collect();
    let input = Input::of(PersonInput::of(&view.person, &current), view.person.version);
    edit(&portal, StatusCode::OK, id, input, FormProblems::default()).await
}

/// `POST /o/{organization}/people/{person}/edit`
pub(super) async fn save(
    portal: Portal,
    At((_, id)): At<(OrganizationId, PersonId)>,
    Sent(input): Sent<Input>,
) -> Answer {
    let edited = portal
        .service
        .edit_person(&portal.actor, id, input.version, &input.person())
        .await;
    match edited {
        Ok(_) => portal.go(&portal.path(&format!("/people/{id}"))),
        Err(error) if error.code() == counterpart_model::Code::ChangeSetEmpty => {
            portal.go(&portal.path(&format!("/people/{id}")))
        }
        Err(error) => match FormProblems::of(&error) {
            Some(problems) => edit(&portal, status(&error), id, input, problems).await,
            None => Err(error.into()),
        },
    }
}

async fn edit(
    portal: &Portal,
    status: StatusCode,
    id: PersonId,
    input: Input,
    problems: FormProblems,
) -> Answer {
    let path = portal.path(&format!("/people/{id}"));
    let form = PersonForm {
        title: format!("Edit {}", input.display_name),
        action: format!("{path}/edit"),
        cancel: path,
        button: "Save",
        new: false,
        input,
        problems,
    };
    page(portal, status, form).await
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn addresses_may_stand_on_lines_or_behind_commas() {
        assert_eq!(
            lines("a@x.example\r\n b@x.example; ,c@x.example"),
            ["a@x.example", "b@x.example", "c@x.example"]
        );
    }
}
