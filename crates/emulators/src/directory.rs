//! The users of one emulated CRM, in no vendor's words; each provider dresses them in its own.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::EmulatorError;
use crate::people::{ORGANIZATION, Seat};

/// What a user of the CRM is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserKind {
    /// Somebody who works with the CRM.
    Person,
    /// The user the connection signs in as.
    Connecting,
    /// Another program's user.
    Integration,
    /// An address several people read.
    SharedMailbox,
    /// Somebody of another company with a full seat.
    Consultant,
    /// A customer or partner with a seat in the portal.
    Portal,
    /// The CRM's own process user.
    Automated,
    /// The user of anonymous visitors.
    Guest,
    /// Somebody who may only read and chat.
    Social,
}

/// Whether the account can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserState {
    /// Can sign in.
    Active,
    /// Switched off, still listed.
    Inactive,
    /// Deleted. Only Zoho CRM can do that and lists the deleted apart; in Salesforce and Autotask,
    /// which never delete a user, it is a user the connection can no longer see.
    Deleted,
}

/// One user of the CRM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct User {
    /// The vendor's id.
    pub id: String,
    /// Given name; empty when the whole name is in `family`.
    pub given: String,
    /// Family name.
    pub family: String,
    /// E-mail address; not unique.
    pub email: String,
    /// The name to sign in with; unique.
    pub username: String,
    /// What colleagues call them.
    pub nickname: Option<String>,
    /// Telephone as somebody typed it.
    pub phone: Option<String>,
    /// Mobile phone as somebody typed it.
    pub mobile: Option<String>,
    /// Internal number.
    pub extension: Option<String>,
    /// Job title.
    pub title: Option<String>,
    /// Department in this CRM's wording.
    pub department: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// Number in the payroll.
    pub employee_number: Option<String>,
    /// Locale such as `de_DE`.
    pub locale: String,
    /// What it is.
    pub kind: UserKind,
    /// Whether it can be used.
    pub state: UserState,
    /// Barred from signing in without being deactivated (Salesforce).
    pub frozen: bool,
    /// Whether the invitation was accepted (Zoho CRM).
    pub confirmed: bool,
    /// Line of business, 1 to 3 (Autotask).
    pub line_of_business: u32,
    /// When the account was made.
    pub created: Timestamp,
    /// When it last changed.
    pub modified: Timestamp,
    /// When it was last used.
    pub last_login: Option<Timestamp>,
}

impl User {
    /// An active person without a name.
    pub(crate) fn blank() -> Self {
        Self {
            id: String::new(),
            given: String::new(),
            family: String::new(),
            email: String::new(),
            username: String::new(),
            nickname: None,
            phone: None,
            mobile: None,
            extension: None,
            title: None,
            department: None,
            company: Some(ORGANIZATION.to_owned()),
            employee_number: None,
            locale: "en_GB".to_owned(),
            kind: UserKind::Person,
            state: UserState::Active,
            frozen: false,
            confirmed: true,
            line_of_business: 1,
            created: Timestamp::UNIX_EPOCH,
            modified: Timestamp::UNIX_EPOCH,
            last_login: None,
        }
    }

    /// Given name, then family name.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.given, self.family).trim().to_owned()
    }

    /// Whether the account is switched on.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.state == UserState::Active
    }
}

/// A user to add.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// Given name.
    #[serde(default)]
    pub given: String,
    /// Family name.
    pub family: String,
    /// E-mail address.
    pub email: String,
    /// The name to sign in with; absent: the e-mail address, with a number when that is taken.
    #[serde(default)]
    pub username: Option<String>,
    /// Telephone.
    #[serde(default)]
    pub phone: Option<String>,
    /// Internal number.
    #[serde(default)]
    pub extension: Option<String>,
    /// Job title.
    #[serde(default)]
    pub title: Option<String>,
    /// Department.
    #[serde(default)]
    pub department: Option<String>,
    /// Number in the payroll.
    #[serde(default)]
    pub employee_number: Option<String>,
    /// What it is; absent: a person.
    #[serde(default)]
    pub kind: Option<UserKind>,
}

impl NewUser {
    /// A person with a name and an address.
    #[must_use]
    pub fn person(given: &str, family: &str, email: &str) -> Self {
        Self {
            given: given.to_owned(),
            family: family.to_owned(),
            email: email.to_owned(),
            username: None,
            phone: None,
            extension: None,
            title: None,
            department: None,
            employee_number: None,
            kind: None,
        }
    }
}

/// What to change in a user; absent fields stay, empty text clears.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UserChange {
    /// Given name.
    pub given: Option<String>,
    /// Family name.
    pub family: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// The name to sign in with.
    pub username: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Internal number.
    pub extension: Option<String>,
    /// Job title.
    pub title: Option<String>,
    /// Department.
    pub department: Option<String>,
    /// Number in the payroll.
    pub employee_number: Option<String>,
    /// Whether the account can be used.
    pub state: Option<UserState>,
    /// Barred from signing in (Salesforce).
    pub frozen: Option<bool>,
}

/// All users of one emulated CRM, in the order of their ids.
#[derive(Debug)]
pub(crate) struct Directory {
    users: Vec<User>,
    id: fn(usize) -> String,
}

impl Directory {
    pub(crate) fn new(seats: Vec<Seat>, id: fn(usize) -> String) -> Self {
        Self {
            users: seats.into_iter().map(|seat| seat.user).collect(),
            id,
        }
    }

    pub(crate) fn users(&self) -> &[User] {
        &self.users
    }

    pub(crate) fn find(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// The user the connection signs in as.
    pub(crate) fn connecting(&self) -> Option<&User> {
        self.users
            .iter()
            .find(|user| user.kind == UserKind::Connecting)
    }

    pub(crate) fn add(&mut self, new: NewUser, now: Timestamp) -> Result<User, EmulatorError> {
        let username = match new.username {
            Some(username) => {
                self.refuse_taken(&username, None)?;
                username
            }
            None => self.free_username(&new.email),
        };
        let user = User {
            id: (self.id)(self.users.len()),
            given: new.given,
            family: new.family,
            email: new.email,
            username,
            phone: new.phone,
            extension: new.extension,
            title: new.title,
            department: new.department,
            employee_number: new.employee_number,
            kind: new.kind.unwrap_or(UserKind::Person),
            created: now,
            modified: now,
            ..User::blank()
        };
        self.users.push(user.clone());
        Ok(user)
    }

    pub(crate) fn change(
        &mut self,
        id: &str,
        change: UserChange,
        now: Timestamp,
    ) -> Result<User, EmulatorError> {
        if let Some(username) = &change.username {
            self.refuse_taken(username, Some(id))?;
        }
        let user = self
            .users
            .iter_mut()
            .find(|user| user.id == id)
            .ok_or_else(|| EmulatorError::UnknownUser { id: id.to_owned() })?;
        for (field, value) in [
            (&mut user.given, change.given),
            (&mut user.family, change.family),
            (&mut user.email, change.email),
            (&mut user.username, change.username),
        ] {
            if let Some(value) = value {
                *field = value;
            }
        }
        for (field, value) in [
            (&mut user.phone, change.phone),
            (&mut user.extension, change.extension),
            (&mut user.title, change.title),
            (&mut user.department, change.department),
            (&mut user.employee_number, change.employee_number),
        ] {
            if let Some(value) = value {
                *field = Some(value).filter(|text| !text.is_empty());
            }
        }
        user.state = change.state.unwrap_or(user.state);
        user.frozen = change.frozen.unwrap_or(user.frozen);
        user.modified = now;
        Ok(user.clone())
    }

    fn free_username(&self, email: &str) -> String {
        let (local, domain) = email
            .split_once('@')
            .unwrap_or((email, "northwind.example"));
        let numbered = (2..).map(|number| format!("{local}{number}@{domain}"));
        std::iter::once(email.to_owned())
            .chain(numbered)
            .find(|username| self.refuse_taken(username, None).is_ok())
            .unwrap_or_else(|| email.to_owned())
    }

    fn refuse_taken(&self, username: &str, except: Option<&str>) -> Result<(), EmulatorError> {
        let taken = self.users.iter().find(|user| {
            user.username.eq_ignore_ascii_case(username) && Some(user.id.as_str()) != except
        });
        match taken {
            None => Ok(()),
            Some(user) => Err(EmulatorError::UsernameTaken {
                username: username.to_owned(),
                id: user.id.clone(),
            }),
        }
    }
}
