//! Looking at matching settings, and changing them: each change is a change set.

use std::collections::HashMap;

use counterpart_matching::Address;
use counterpart_model::{
    ChangeLine, ChangeSet, Code, Connection, ConnectionId, MatchingRules, MatchingSettings,
    OrganizationId, Role, Subject, Thing,
};

use crate::error::FieldError;
use crate::mapping::has_crm_users;
use crate::{Actor, Error, Result, Service};

/// What is said about matching in one place, with what holds there.
#[derive(Debug, Clone)]
pub struct MatchingView {
    /// The connection, or none for the whole organization.
    pub connection: Option<Connection>,
    /// What is said in this very place; silent, with version 0, where nothing ever was.
    pub settings: MatchingSettings,
    /// What holds here, with what the organization says.
    pub effective: MatchingRules,
    /// The organization's own mail domains, which count here beside the rules'.
    pub domains: Vec<String>,
}

/// Settings that somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchingInput {
    /// Of which connection; `None` for those of the organization.
    pub connection_id: Option<ConnectionId>,
    /// The version that was seen; 0 where nothing was said before.
    pub version: u64,
    /// What is to be said.
    pub rules: MatchingRules,
    /// Why, in the maker's words; what changes where nothing is said.
    pub reason: Option<String>,
}

impl Service {
    /// What is said about matching in the organization, or in a connection.
    pub async fn matching_settings(
        &self,
        actor: &Actor,
        connection: Option<ConnectionId>,
    ) -> Result<MatchingView> {
        let connection = match connection {
            Some(id) => Some(self.connection_with_crm_users(actor, id).await?),
            None => None,
        };
        let id = connection.as_ref().map(|connection| connection.id);
        let mut said = self.said(actor.organization(), &[None, id]).await?;
        let wide = said.remove(&None);
        let (settings, effective) = if id.is_none() {
            let settings = wide.unwrap_or_else(|| MatchingSettings::silent(None));
            let effective = settings.rules.clone();
            (settings, effective)
        } else {
            let settings = said.remove(&id);
            let settings = settings.unwrap_or_else(|| MatchingSettings::silent(id));
            let wide = wide.map(|wide| wide.rules).unwrap_or_default();
            let effective = settings.rules.over(&wide);
            (settings, effective)
        };
        Ok(MatchingView {
            connection,
            settings,
            effective,
            domains: self.organization(actor).await?.domains,
        })
    }

    /// Changes what is said about matching in the organization, or in a connection, as one change
    /// set, and looks at everybody concerned anew.
    pub async fn save_matching_settings(
        &self,
        actor: &Actor,
        input: MatchingInput,
    ) -> Result<ChangeSet> {
        actor.require(Role::Admin)?;
        let view = self.matching_settings(actor, input.connection_id).await?;
        let rules = sensible(input.rules, view.connection.as_ref())?;
        let before = view.settings;
        if before.version != input.version {
            return Err(Error::new(
                Code::MappingStale,
                "the matching settings were changed meanwhile; look at them again",
            ));
        }
        let reason = input.reason.unwrap_or_else(|| {
            let place = view
                .connection
                .as_ref()
                .map(|it| format!(" of {}", it.name));
            format!(
                "matching settings{}: {}",
                place.unwrap_or_default(),
                rules.changes_since(&before.rules).join(", ")
            )
        });
        let changed = rules != before.rules;
        let after = MatchingSettings {
            rules,
            ..before.clone()
        };
        let line = ChangeLine::MatchingSettings {
            before: (before.version > 0).then(|| Box::new(before)),
            after: Some(Box::new(after)),
        };
        let lines = if changed { vec![line] } else { Vec::new() };
        self.apply(actor, lines, Some(reason), false).await
    }

    /// What holds about matching in a connection, or in the organization.
    pub(crate) async fn matching_rules(
        &self,
        organization: OrganizationId,
        connection: Option<ConnectionId>,
    ) -> Result<MatchingRules> {
        let mut said = self.said(organization, &[None, connection]).await?;
        let mut rules = |of| said.remove(&of).map(|settings| settings.rules);
        let wide = rules(None).unwrap_or_default();
        let narrow = connection.and_then(|id| rules(Some(id)));
        Ok(narrow.map_or(wide.clone(), |narrow| narrow.over(&wide)))
    }

    /// What is said in some places, by the place; places that are silent are left out.
    pub(crate) async fn said(
        &self,
        organization: OrganizationId,
        of: &[Option<ConnectionId>],
    ) -> Result<HashMap<Option<ConnectionId>, MatchingSettings>> {
        let subjects: Vec<Subject> = of.iter().copied().map(Subject::MatchingSettings).collect();
        let standing = self.store().standing(organization, &subjects).await?;
        let settings = standing.into_iter().filter_map(|thing| match thing {
            Thing::MatchingSettings(settings) => Some((settings.connection_id, *settings)),
            _ => None,
        });
        Ok(settings.collect())
    }

    /// A connection whose users are mapped.
    pub(super) async fn connection_with_crm_users(
        &self,
        actor: &Actor,
        id: ConnectionId,
    ) -> Result<Connection> {
        let connection = self.connection(actor, id).await?;
        if has_crm_users(&connection) {
            return Ok(connection);
        }
        Err(Error::new(
            Code::MatchingSettingsInvalid,
            format!(
                "the users of {} are mapped to nobody; choose a CRM's connection",
                connection.name
            ),
        ))
    }
}

/// The rules as they are kept, or everything that makes no sense about them in their place.
pub(super) fn sensible(
    rules: MatchingRules,
    connection: Option<&Connection>,
) -> Result<MatchingRules> {
    let rules = rules.tidied();
    let mut problems: Vec<FieldError> = rules
        .problems()
        .into_iter()
        .map(|problem| FieldError {
            field: problem.field.to_owned(),
            message: problem.what,
        })
        .collect();
    let mut add = |field: &str, message: String| {
        problems.push(FieldError {
            field: field.to_owned(),
            message,
        });
    };
    let own = rules.own_domains.iter().map(|it| ("own_domains", it));
    let pairs = rules.equivalent_domains.iter();
    let pairs = pairs.flat_map(|pair| [&pair.one, &pair.other]);
    for (field, domain) in own.chain(pairs.map(|it| ("equivalent_domains", it))) {
        if is_public(domain) {
            add(
                field,
                format!("anybody can have an address at `{domain}`; leave it out"),
            );
        }
    }
    if let Some(connection) = connection
        && rules.many_to_one == Some(true)
        && connection.cardinality.crm_user_exclusive()
    {
        add(
            "many_to_one",
            format!(
                "a user of {} has one person; let people share users in the connection first",
                connection.name
            ),
        );
    }
    if problems.is_empty() {
        Ok(rules)
    } else {
        Err(Error::with_fields(Code::MatchingSettingsInvalid, problems))
    }
}

/// Whether anybody can have an address of a domain.
pub(crate) fn is_public(domain: &str) -> bool {
    let address = Address::read(&format!("somebody@{domain}"));
    address.is_some_and(|address| address.is_of_a_public_provider())
}
