//! Steering a running emulator: its users, its faults, its clock, its allowance.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use crate::EmulatorError;
use crate::core::{Core, LoggedRequest, Provider, Quota};
use crate::directory::{NewUser, User, UserChange, UserState};
use crate::faults::{Fault, FaultPlace, FaultSwitch};

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
            .field("emulator", &self.core.info.name)
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
        match (&switch.fault, self.core.info.name) {
            // Autotask has no sign-in apart from the headers of every request.
            (Fault::WrongCredentials, "autotask") if switch.on.is_none() => {
                switch.on = Some(FaultPlace::Api);
            }
            (Fault::ExpireToken, "autotask") => return self.provider.expire_tokens(),
            (Fault::HiddenField { .. }, name) if name != "salesforce" => {
                return Err(EmulatorError::NotHere {
                    emulator: self.core.info.name,
                    what: "hidden_field",
                    remedy: "only Salesforce hides single fields of a user",
                });
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

    /// Revokes every live access token; refresh tokens and client credentials keep working.
    pub fn expire_tokens(&self) -> Result<(), EmulatorError> {
        self.provider.expire_tokens()
    }

    /// A fresh one-time code (Zoho CRM), for the usual scope or another, comma-separated one.
    pub fn issue_grant_code(&self, scope: Option<&str>) -> Result<GrantCode, EmulatorError> {
        self.provider.issue_grant_code(scope)
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
