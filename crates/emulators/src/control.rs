//! Steering a running emulator: its users, its faults, its clock, its allowance.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::EmulatorError;
use crate::contacts::{Contact, ContactChange, NewContact};
use crate::core::{Core, LoggedRequest, Provider, Quota};
use crate::directory::{NewUser, User, UserChange, UserState};
use crate::faults::{Fault, FaultPlace, FaultSwitch};
use crate::records::Record;

/// Something that a vendor tells others of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", content = "id", rename_all = "snake_case")]
pub enum Happening {
    /// The user of this id changed.
    UserChanged(String),
    /// The contact of this id changed.
    ContactChanged(String),
}

/// A webhook as it goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentWebhook {
    /// The whole address, with what the vendor adds to it.
    pub url: String,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// A one-time code to paste into a connection form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GrantCode {
    /// The code.
    pub code: String,
    /// What it allows, comma-separated.
    pub scope: String,
    /// When it stops working if nobody exchanges it.
    pub expires_at: Timestamp,
}

/// Steers one emulator from inside the process; cheap to clone.
#[derive(Clone)]
pub struct ControlHandle {
    core: Arc<Core>,
    provider: Arc<dyn Provider>,
}

impl fmt::Debug for ControlHandle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ControlHandle")
            .field("emulator", &self.core.info().name)
            .finish_non_exhaustive()
    }
}

impl ControlHandle {
    pub(crate) fn new(core: Arc<Core>, provider: Arc<dyn Provider>) -> Self {
        Self { core, provider }
    }

    pub(crate) fn core(&self) -> &Core {
        &self.core
    }

    pub(crate) fn provider(&self) -> &dyn Provider {
        self.provider.as_ref()
    }

    /// All users in the order of their ids, the deleted included.
    #[must_use]
    pub fn users(&self) -> Vec<User> {
        self.core.directory().users().to_vec()
    }

    /// The user with this id.
    #[must_use]
    pub fn find_user(&self, id: &str) -> Option<User> {
        self.core.directory().find(id).cloned()
    }

    /// Adds a user, changed now.
    pub fn add_user(&self, new: NewUser) -> Result<User, EmulatorError> {
        let now = self.core.clock.now();
        self.core.directory().add(new, now)
    }

    /// Changes a user, changed now.
    pub fn update_user(&self, id: &str, change: UserChange) -> Result<User, EmulatorError> {
        let now = self.core.clock.now();
        self.core.directory().change(id, change, now)
    }

    /// Switches a user off.
    pub fn deactivate(&self, id: &str) -> Result<User, EmulatorError> {
        let state = Some(UserState::Inactive);
        self.update_user(
            id,
            UserChange {
                state,
                ..UserChange::default()
            },
        )
    }

    /// Deletes a user; see [`UserState::Deleted`] for what that means at each vendor.
    pub fn delete(&self, id: &str) -> Result<User, EmulatorError> {
        let state = Some(UserState::Deleted);
        self.update_user(
            id,
            UserChange {
                state,
                ..UserChange::default()
            },
        )
    }

    /// Turns a fault on.
    pub fn inject(&self, mut switch: FaultSwitch) -> Result<(), EmulatorError> {
        let emulator = self.core.emulator;
        match &switch.fault {
            // Without sessions credentials come with every request.
            Fault::WrongCredentials if !emulator.has_sessions && switch.on.is_none() => {
                switch.on = Some(FaultPlace::Api);
            }
            Fault::WrongCredentials if self.provider.takes_keys() && switch.on.is_none() => {
                switch.on = Some(FaultPlace::Any);
            }
            Fault::ExpireToken
                if self.provider.takes_keys() && !self.provider.has_issued_tokens() =>
            {
                return Err(self.not_here(
                    "an expired token",
                    "nobody signed in for a token; do, or use wrong_credentials",
                ));
            }
            Fault::ExpireToken if !emulator.has_sessions => {
                return Err(self.not_here(
                    "an expired token",
                    "it has no tokens; use wrong_credentials",
                ));
            }
            Fault::HiddenField { .. } if !emulator.hides_fields => {
                return Err(self.not_here("hidden_field", "it hides no single fields"));
            }
            _ => {}
        }
        self.core.faults.add(switch);
        Ok(())
    }

    /// The faults that are on.
    #[must_use]
    pub fn faults(&self) -> Vec<FaultSwitch> {
        self.core.faults.list()
    }

    /// Turns all faults off.
    pub fn clear_faults(&self) {
        self.core.faults.clear();
    }

    /// All customers in the order of their ids.
    #[must_use]
    pub fn contacts(&self) -> Vec<Contact> {
        self.core.contacts().all().to_vec()
    }

    /// Adds a customer, changed now.
    pub fn add_contact(&self, new: NewContact) -> Contact {
        let now = self.core.clock.now();
        self.core.contacts().add(new, now)
    }

    /// Changes a customer, changed now.
    pub fn change_contact(
        &self,
        id: &str,
        change: ContactChange,
    ) -> Result<Contact, EmulatorError> {
        let now = self.core.clock.now();
        self.core.contacts().change(id, change, now)
    }

    /// What clients wrote, oldest first.
    #[must_use]
    pub fn records(&self) -> Vec<Record> {
        self.core.records().all().to_vec()
    }

    /// The webhook by which the vendor tells somebody at `url` what happened.
    pub fn webhook(
        &self,
        what: &Happening,
        url: &str,
        secret: &str,
    ) -> Result<SentWebhook, EmulatorError> {
        let sent = self.provider.webhook(what, url, secret);
        sent.ok_or_else(|| self.not_here("a webhook", "it tells nobody of that; list again"))
    }

    /// Revokes every live access token; refresh tokens and client credentials keep working.
    pub fn expire_tokens(&self) -> Result<(), EmulatorError> {
        if !self.core.emulator.has_sessions {
            return Err(self.not_here(
                "an expired token",
                "it has no tokens; use wrong_credentials",
            ));
        }
        self.provider.expire_tokens();
        Ok(())
    }

    /// A fresh one-time code, for the usual scope or another, comma-separated one.
    pub fn issue_grant_code(&self, scope: Option<&str>) -> Result<GrantCode, EmulatorError> {
        let code = self.provider.issue_grant_code(scope);
        code.ok_or_else(|| self.not_here("a grant code", "sign in as its connection form says"))
    }

    fn not_here(&self, what: &'static str, remedy: &'static str) -> EmulatorError {
        EmulatorError::NotHere {
            emulator: self.core.info().name,
            what,
            remedy,
        }
    }

    /// The emulator's time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.core.clock.now()
    }

    /// Moves the emulator's clock on: tokens, codes and cursors age without anybody waiting.
    pub fn advance_clock(&self, seconds: i64) {
        self.core.clock.advance(seconds);
    }

    /// The allowance of API requests.
    #[must_use]
    pub fn quota(&self) -> Quota {
        self.core.quota()
    }

    /// Sets the allowance; with `used` at `limit` the next request is refused.
    pub fn set_quota(&self, quota: Quota) {
        self.core.set_quota(quota);
    }

    /// The requests answered so far, oldest first; the last 10,000.
    #[must_use]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.core.logged()
    }

    /// Empties the log of requests.
    pub fn forget_requests(&self) {
        self.core.forget_log();
    }
}
