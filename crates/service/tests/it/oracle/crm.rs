//! A CRM without a wire: a list of users, and how its API does today.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use counterpart_connector::{
    Access, Capabilities, Capability, CheckReport, Connector, ConnectorError, ErrorClass,
    FieldProblem, ListScope, PulledUser, RecordFailure, Settled, UserPage,
};
use counterpart_manifest::Manifest;
use counterpart_model::{Code, CrmUserId, CrmUserProfile, Timestamp};

/// How many users are on a page.
const A_PAGE: usize = 4;

/// How the API does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Weather {
    #[default]
    Fine,
    /// The list is empty.
    Nobody,
    /// The list is its first half, and nothing tells.
    Half,
    /// The list is its first half, and the CRM counts all.
    Short,
    /// One user cannot be read.
    Unreadable,
    /// The line breaks off behind the first page.
    BreaksOff,
    /// It says no.
    Refuses,
}

/// A user of the CRM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) profile: CrmUserProfile,
    pub(super) changed_at: Timestamp,
}

/// What the CRM is today.
#[derive(Debug, Clone, Default)]
pub(super) struct Truth {
    pub(super) users: BTreeMap<String, Account>,
    pub(super) weather: Weather,
    /// Whether it counts its users, can be asked for one, and for those changed since.
    pub(super) is_rich: bool,
}

/// A page, or the class of the failure.
pub(super) type Answer = Result<UserPage, ErrorClass>;

impl Truth {
    /// One page of the list, behind the user of an id.
    pub(super) fn page(&self, scope: ListScope, cursor: Option<&str>) -> Answer {
        match self.weather {
            Weather::Refuses => return Err(ErrorClass::Permanent),
            Weather::BreaksOff if cursor.is_some() => return Err(ErrorClass::Transient),
            _ => {}
        }
        let wanted = self.users.iter().filter(|(_, account)| match scope {
            ListScope::Full => true,
            ListScope::ChangedSince(since) => account.changed_at >= since,
        });
        let all: Vec<_> = wanted.collect();
        let shown = match self.weather {
            Weather::Nobody => 0,
            Weather::Half | Weather::Short => all.len() / 2,
            _ => all.len(),
        };
        let behind = all[..shown]
            .iter()
            .filter(|(id, _)| cursor.is_none_or(|cursor| id.as_str() > cursor));
        let mut page: Vec<_> = behind.take(A_PAGE + 1).collect();
        let next = (page.len() > A_PAGE).then(|| page[A_PAGE - 1].0.clone());
        page.truncate(A_PAGE);
        let unreadable = (self.weather == Weather::Unreadable)
            .then(|| all.first().map(|(id, _)| (*id).clone()))
            .flatten();
        let (bad, good): (Vec<_>, Vec<_>) = page
            .into_iter()
            .partition(|(id, _)| Some(*id) == unreadable.as_ref());
        let counts = match self.weather {
            Weather::Short => true,
            Weather::Nobody | Weather::Half => false,
            _ => self.is_rich && scope == ListScope::Full,
        };
        Ok(UserPage {
            users: good
                .into_iter()
                .map(|(id, account)| PulledUser {
                    id: CrmUserId((*id).clone()),
                    profile: account.profile.clone(),
                })
                .collect(),
            failures: bad
                .into_iter()
                .map(|(id, _)| RecordFailure {
                    record: 1,
                    id: Some((*id).clone()),
                    code: Code::ConnectionIdInvalid,
                    message: "no user".to_owned(),
                })
                .collect(),
            next,
            total: counts.then_some(all.len() as u64),
            server_time: None,
        })
    }
}

/// Its connector, in the place of a real one whose manifest it shows.
pub(super) struct Crm {
    shown_as: Arc<dyn Connector>,
    truth: Mutex<Truth>,
}

impl Crm {
    pub(super) fn new(shown_as: Arc<dyn Connector>) -> Self {
        Self {
            shown_as,
            truth: Mutex::default(),
        }
    }

    pub(super) fn set(&self, truth: Truth) {
        *self.truth.lock().expect("not poisoned") = truth;
    }

    fn get(&self) -> Truth {
        self.truth.lock().expect("not poisoned").clone()
    }
}

#[async_trait]
impl Connector for Crm {
    fn manifest(&self) -> &Manifest {
        self.shown_as.manifest()
    }

    fn normalise(
        &self,
        settings: BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>, Vec<FieldProblem>> {
        Ok(settings)
    }

    fn missing_credentials(
        &self,
        _: &BTreeMap<String, String>,
        _: &BTreeSet<String>,
    ) -> Vec<FieldProblem> {
        Vec::new()
    }

    async fn settle(&self, _: &Access<'_>) -> Result<Settled, ConnectorError> {
        Ok(Settled::default())
    }

    async fn check(&self, _: &Access<'_>) -> Result<CheckReport, ConnectorError> {
        Ok(CheckReport::default())
    }

    async fn list_users(
        &self,
        _: &Access<'_>,
        scope: ListScope,
        cursor: Option<&str>,
    ) -> Result<UserPage, ConnectorError> {
        let answer = self.get().page(scope, cursor);
        answer.map_err(|class| ConnectorError::new(class, "it says no"))
    }

    async fn get_user(
        &self,
        _: &Access<'_>,
        id: &CrmUserId,
    ) -> Result<Option<PulledUser>, ConnectorError> {
        let truth = self.get();
        Ok(truth.users.get(&id.0).map(|account| PulledUser {
            id: id.clone(),
            profile: account.profile.clone(),
        }))
    }

    fn user_link(&self, _: &BTreeMap<String, String>, _: &CrmUserId) -> Option<String> {
        None
    }

    fn normalise_id(&self, typed: &str) -> Option<CrmUserId> {
        Some(CrmUserId(typed.trim().to_owned()))
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = self.shown_as.capabilities();
        for capability in [Capability::GetUser, Capability::ChangedUsers] {
            if self.get().is_rich {
                capabilities.all.insert(capability);
            } else {
                capabilities.all.remove(&capability);
            }
        }
        capabilities
    }
}
