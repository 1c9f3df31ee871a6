//! Making and changing end users.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Zendesk;
use super::errors::{self, Problem};
use super::users::Someone;
use crate::answer::{Answer, ApiRequest};
use crate::contacts::{ContactChange, NewContact};

/// What a client says of a user. Unknown fields are ignored, as the vendor does.
struct Written {
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    external_id: Option<String>,
    role: Option<String>,
}

impl Written {
    fn read(request: &ApiRequest) -> Result<Self, Answer> {
        let body: Value =
            serde_json::from_slice(&request.body).map_err(|_| errors::bad_body("user"))?;
        let Some(user) = body["user"].as_object() else {
            return Err(errors::bad_body("user"));
        };
        let text = |name: &str| match user.get(name) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        Ok(Self {
            name: text("name"),
            email: text("email"),
            phone: text("phone"),
            external_id: text("external_id"),
            role: text("role"),
        })
    }

    fn names(&self) -> (Option<String>, Option<String>) {
        let Some(name) = &self.name else {
            return (None, None);
        };
        let (given, family) = name.rsplit_once(' ').unwrap_or(("", name));
        (Some(given.to_owned()), Some(family.to_owned()))
    }
}

fn problem(field: &'static str, text: String, code: &'static str) -> Answer {
    errors::invalid_record(&[(field, text, code)])
}

impl Zendesk {
    /// `POST /users` and `POST /users/create_or_update`.
    pub(crate) fn create_user(
        &self,
        request: &ApiRequest,
        updates: bool,
    ) -> Result<Answer, Answer> {
        let written = Written::read(request)?;
        if let Some(id) = self.known(&written)? {
            if updates {
                return Ok(self.change_end_user(&id, written));
            }
            let text = match &written.email {
                Some(email) => format!("Email: {email} is already being used by another user"),
                None => "External: has already been taken".to_owned(),
            };
            return Err(problem("email", text, "DuplicateValue"));
        }
        check(&written)?;
        let (given, family) = written.names();
        let new = NewContact {
            given: given.unwrap_or_default(),
            family: family.unwrap_or_default(),
            email: written.email,
            phone: written.phone,
            ..NewContact::default()
        };
        let now = self.core.clock.now();
        let contact = self.core.contacts().add(new, now);
        self.keep_external_id(&contact.id, written.external_id);
        let row = self.show(Someone::EndUser(&contact));
        let location = row["url"].as_str().unwrap_or_default().to_owned();
        let answer = Answer::json(StatusCode::CREATED, &json!({ "user": row }));
        Ok(answer.with("location", &location))
    }

    /// `PUT /users/{id}`.
    pub(crate) fn update_user(&self, request: &ApiRequest, id: &str) -> Result<Answer, Answer> {
        let written = Written::read(request)?;
        if self.core.directory().find(id).is_some() {
            // Staff are managed in the directory of the emulator.
            return Err(errors::forbidden());
        }
        if self.core.contacts().find(id).is_none() {
            return Err(errors::not_found());
        }
        Ok(self.change_end_user(id, written))
    }

    fn change_end_user(&self, id: &str, written: Written) -> Answer {
        let (given, family) = written.names();
        let change = ContactChange {
            given,
            family,
            email: written.email,
            phone: written.phone,
            mobile: None,
        };
        let now = self.core.clock.now();
        // Staff found by their address stay as they are.
        if self.core.contacts().change(id, change, now).is_ok() {
            self.keep_external_id(id, written.external_id);
        }
        self.one(id)
    }

    /// The user of that external id or address, in any case. Two different ones are refused.
    fn known(&self, written: &Written) -> Result<Option<String>, Answer> {
        let (directory, contacts) = (self.core.directory(), self.core.contacts());
        let (mut by_external, mut by_email) = (None, None);
        for someone in Someone::all(&directory, &contacts).filter(|one| !one.is_deleted()) {
            let same = |own: Option<&str>, wanted: &Option<String>| {
                own.zip(wanted.as_deref())
                    .is_some_and(|(own, wanted)| own.eq_ignore_ascii_case(wanted))
            };
            if same(
                self.external_id_of(&someone).as_deref(),
                &written.external_id,
            ) {
                by_external.get_or_insert(someone.id());
            }
            if same(someone.email(), &written.email) {
                by_email.get_or_insert(someone.id());
            }
        }
        match (by_external, by_email) {
            (Some(one), Some(other)) if one != other => {
                let email = written.email.as_deref().unwrap_or_default();
                let text = format!("Email: {email} is already being used by another user");
                Err(problem("email", text, "DuplicateValue"))
            }
            (one, other) => Ok(one.or(other).map(str::to_owned)),
        }
    }
}

fn check(written: &Written) -> Result<(), Answer> {
    let mut problems: Vec<Problem> = Vec::new();
    if written
        .name
        .as_deref()
        .is_none_or(|name| name.trim().is_empty())
    {
        let text = "Name: is too short (minimum is 1 characters)".to_owned();
        problems.push(("name", text, "ValueTooShort"));
    }
    if let Some(email) = written
        .email
        .as_deref()
        .filter(|email| !email.contains('@'))
    {
        let text = format!("Email:  {email} is not properly formatted");
        problems.push(("email", text, "InvalidFormat"));
    }
    if written
        .role
        .as_deref()
        .is_some_and(|role| role != "end-user")
    {
        // The account of the emulator has no seat left.
        let text = "Role: the number of agents of the plan is used up".to_owned();
        problems.push(("role", text, "InvalidValue"));
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(errors::invalid_record(&problems))
    }
}
