//! Adding and changing people.

use counterpart_model::connection::DIRECTORY;
use counterpart_model::{
    ChangeLine, ChangeSet, Code, ConnectionId, Identity, IdentityId, IdentityKind, Period, Person,
    PersonId, PersonProfile, Role, folding,
};

use crate::error::FieldError;
use crate::{Actor, Error, Result, Service};

/// What a person's form or a row of a file holds. Empty texts mean *unknown*.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonInput {
    /// The id by which the platform or an HR system knows the person.
    pub external_id: String,
    /// The name as it is shown; made from the two names below when empty.
    pub display_name: String,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// E-mail addresses, the main one first.
    pub emails: Vec<String>,
    /// The name the person signs in with on the platform.
    pub username: String,
    /// Internal extension.
    pub extension: String,
    /// Phone numbers.
    pub phones: Vec<String>,
    /// Number of the employee.
    pub employee_number: String,
    /// Job title.
    pub title: String,
    /// Department.
    pub department: String,
}

/// The longest value of a field, in characters.
const LONGEST: usize = 250;

impl PersonInput {
    /// The input that would leave `person` as it is.
    pub fn of(person: &Person, identities: &[Identity]) -> Self {
        let profile = person.profile.clone();
        let text = Option::unwrap_or_default;
        Self {
            external_id: text(person.external_id.clone()),
            display_name: profile.display_name,
            given_name: text(profile.given_name),
            family_name: text(profile.family_name),
            emails: profile.emails,
            username: text(profile.username),
            extension: identities
                .iter()
                .find(|identity| identity.kind == IdentityKind::Extension)
                .map(|identity| identity.value.clone())
                .unwrap_or_default(),
            phones: profile.phones,
            employee_number: text(profile.employee_number),
            title: text(profile.title),
            department: text(profile.department),
        }
    }

    /// The profile, with everything trimmed, or every problem at once.
    pub(super) fn checked(&self) -> std::result::Result<Checked, Vec<FieldError>> {
        let mut problems = Vec::new();
        let profile = PersonProfile {
            display_name: self.shown_name(),
            given_name: some(&self.given_name),
            family_name: some(&self.family_name),
            emails: some_of(&self.emails),
            username: some(&self.username),
            phones: some_of(&self.phones),
            employee_number: some(&self.employee_number),
            title: some(&self.title),
            department: some(&self.department),
        };
        if profile.display_name.is_empty() {
            problems.push(problem("display_name", "enter a name"));
        }
        for email in &profile.emails {
            if folding::fold_email(email).is_none() {
                let message =
                    format!("`{email}` is not an e-mail address; write it like ann@example.com");
                problems.push(problem("emails", message));
            }
        }
        let texts = [
            ("external_id", &self.external_id),
            ("display_name", &self.display_name),
            ("given_name", &self.given_name),
            ("family_name", &self.family_name),
            ("username", &self.username),
            ("extension", &self.extension),
            ("employee_number", &self.employee_number),
            ("title", &self.title),
            ("department", &self.department),
        ];
        for (field, text) in texts {
            if text.chars().count() > LONGEST {
                problems.push(problem(field, format!("use at most {LONGEST} characters")));
            }
            if text.chars().any(char::is_control) {
                problems.push(problem(field, "remove the control characters"));
            }
        }
        if problems.is_empty() {
            Ok(Checked {
                external_id: some(&self.external_id),
                profile,
                extension: some(&self.extension),
            })
        } else {
            Err(problems)
        }
    }

    fn shown_name(&self) -> String {
        let given = self.display_name.trim();
        if !given.is_empty() {
            return given.to_owned();
        }
        let both = format!("{} {}", self.given_name.trim(), self.family_name.trim());
        let both = both.trim();
        if both.is_empty() {
            self.emails
                .first()
                .map(|email| email.trim().to_owned())
                .unwrap_or_default()
        } else {
            both.to_owned()
        }
    }
}

/// Input that holds water.
pub(super) struct Checked {
    pub(super) external_id: Option<String>,
    pub(super) profile: PersonProfile,
    pub(super) extension: Option<String>,
}

fn some(text: &str) -> Option<String> {
    Some(text.trim())
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

fn some_of(texts: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for text in texts.iter().filter_map(|text| some(text)) {
        if !kept.contains(&text) {
            kept.push(text);
        }
    }
    kept
}

fn problem(field: &str, message: impl Into<String>) -> FieldError {
    FieldError {
        field: field.to_owned(),
        message: message.into(),
    }
}

impl Service {
    /// Adds a person.
    pub async fn add_person(&self, actor: &Actor, input: &PersonInput) -> Result<Person> {
        actor.require(Role::Admin)?;
        let checked = input
            .checked()
            .map_err(|problems| Error::with_fields(Code::PersonInvalid, problems))?;
        let directory = self.directory(actor).await?;
        let (person, lines) = self.lines_to_add(directory, checked);
        let reason = Some(format!("added {}", person.profile.display_name));
        self.apply(actor, lines, reason, false).await?;
        self.person(actor, person.id).await
    }

    /// Changes a person. `version` is the one the form was made from.
    pub async fn edit_person(
        &self,
        actor: &Actor,
        id: PersonId,
        version: u64,
        input: &PersonInput,
    ) -> Result<ChangeSet> {
        actor.require(Role::Admin)?;
        let before = self.person(actor, id).await?;
        if before.version != version {
            return Err(Error::new(
                Code::MappingStale,
                format!(
                    "{} was changed meanwhile; reload the page",
                    before.profile.display_name
                ),
            ));
        }
        let checked = input
            .checked()
            .map_err(|problems| Error::with_fields(Code::PersonInvalid, problems))?;
        let lines = self.lines_to_edit(actor, &before, checked).await?;
        let reason = Some(format!("changed {}", before.profile.display_name));
        self.apply(actor, lines, reason, false).await
    }

    /// The built-in connection to which identities entered by hand belong.
    pub(super) async fn directory(&self, actor: &Actor) -> Result<ConnectionId> {
        self.store()
            .list_connections(actor.organization())
            .await?
            .into_iter()
            .find(|connection| connection.provider == DIRECTORY)
            .map(|connection| connection.id)
            .ok_or_else(|| Error::internal("the organization has no directory"))
    }

    pub(super) fn lines_to_add(
        &self,
        directory: ConnectionId,
        checked: Checked,
    ) -> (Person, Vec<ChangeLine>) {
        let person = Person {
            id: PersonId::generate(self.clock(), self.entropy()),
            external_id: checked.external_id,
            profile: checked.profile,
            active: true,
            created_at: self.now(),
            version: 1,
        };
        let mut lines = vec![ChangeLine::Person {
            before: None,
            after: Some(Box::new(person.clone())),
        }];
        if let Some(extension) = checked.extension {
            lines.push(self.line_to_add_extension(person.id, directory, extension));
        }
        (person, lines)
    }

    /// The lines that turn a person into what was entered; none when nothing differs.
    pub(super) async fn lines_to_edit(
        &self,
        actor: &Actor,
        before: &Person,
        checked: Checked,
    ) -> Result<Vec<ChangeLine>> {
        let mut lines = Vec::new();
        let after = Person {
            external_id: checked.external_id,
            profile: checked.profile,
            ..before.clone()
        };
        if after != *before {
            lines.push(ChangeLine::Person {
                before: Some(Box::new(before.clone())),
                after: Some(Box::new(after)),
            });
        }
        let directory = self.directory(actor).await?;
        let now = self.now();
        let known = self
            .store()
            .list_identities(actor.organization(), &[before.id])
            .await?;
        let standing = known.into_iter().find(|identity| {
            identity.kind == IdentityKind::Extension
                && identity.connection_id == directory
                && identity.period.contains(now)
        });
        if standing.as_ref().map(|identity| &identity.value) != checked.extension.as_ref() {
            lines.extend(standing.map(|identity| ChangeLine::Identity {
                before: Some(Box::new(identity)),
                after: None,
            }));
            lines.extend(
                checked
                    .extension
                    .map(|extension| self.line_to_add_extension(before.id, directory, extension)),
            );
        }
        Ok(lines)
    }

    fn line_to_add_extension(
        &self,
        person_id: PersonId,
        connection_id: ConnectionId,
        value: String,
    ) -> ChangeLine {
        let identity = Identity {
            id: IdentityId::generate(self.clock(), self.entropy()),
            person_id,
            connection_id,
            kind: IdentityKind::Extension,
            value,
            period: Period::ALL,
        };
        ChangeLine::Identity {
            before: None,
            after: Some(Box::new(identity)),
        }
    }
}
