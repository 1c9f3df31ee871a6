//! Matching settings: what the matcher goes by in the organization and in each connection.

mod get;
mod preview;
mod put;

use counterpart_model::matching_settings::{self as model, Equivalence};
use counterpart_service::Service;
use counterpart_service::matching::MatchingView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

/// The routes below an organization.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(
            get::get_matching_settings,
            put::set_matching_settings
        ))
        .routes(routes!(preview::preview_matching_settings))
        .routes(routes!(
            get::get_connection_matching_settings,
            put::set_connection_matching_settings
        ))
        .routes(routes!(preview::preview_connection_matching_settings))
}

/// A kind of evidence that can be left out, by the name that the matcher's evidence has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EvidenceSource {
    Email,
    Domain,
    GivenName,
    FamilyName,
    MiddleName,
    Username,
    ExternalId,
    Phone,
    Extension,
    Text,
}

macro_rules! evidence_sources {
    ($($name:ident),+) => {
        impl From<model::EvidenceSource> for EvidenceSource {
            fn from(source: model::EvidenceSource) -> Self {
                match source { $(model::EvidenceSource::$name => Self::$name),+ }
            }
        }

        impl From<EvidenceSource> for model::EvidenceSource {
            fn from(source: EvidenceSource) -> Self {
                match source { $(EvidenceSource::$name => Self::$name),+ }
            }
        }
    };
}

evidence_sources!(
    Email, Domain, GivenName, FamilyName, MiddleName, Username, ExternalId, Phone, Extension, Text
);

/// Two values that count as one.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pair {
    /// The one.
    pub(crate) one: String,
    /// The other.
    pub(crate) other: String,
}

impl From<Equivalence> for Pair {
    fn from(pair: Equivalence) -> Self {
        Self {
            one: pair.one,
            other: pair.other,
        }
    }
}

/// What is said about matching in one place. What a connection leaves out holds as the
/// organization says it; lists add up.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MatchingRules {
    /// The kinds of evidence that are left out; `null` where nothing is said.
    #[serde(default)]
    without: Option<Vec<EvidenceSource>>,
    /// Least probability of a certain proposal, from 0.9 to 0.999; 0.99 where nothing is said.
    #[serde(default)]
    auto_threshold: Option<f64>,
    /// Least probability of any proposal, from 0.05 to 0.9; 0.4 where nothing is said.
    #[serde(default)]
    review_threshold: Option<f64>,
    /// Whether several people may be proposed the same CRM user, in connections that let people
    /// share users.
    #[serde(default)]
    many_to_one: Option<bool>,
    /// Mail domains of the organization's own people, beside those of the organization.
    #[serde(default)]
    own_domains: Vec<String>,
    /// Mail domains that count as one.
    #[serde(default)]
    equivalent_domains: Vec<Pair>,
    /// Names that are used for each other.
    #[serde(default)]
    aliases: Vec<Pair>,
}

impl From<model::MatchingRules> for MatchingRules {
    fn from(rules: model::MatchingRules) -> Self {
        let part = |thousandths: u16| f64::from(thousandths) / 1_000.0;
        let pairs = |of: Vec<Equivalence>| of.into_iter().map(Pair::from).collect();
        Self {
            without: rules
                .without
                .map(|without| without.into_iter().map(Into::into).collect()),
            auto_threshold: rules.auto_threshold.map(part),
            review_threshold: rules.review_threshold.map(part),
            many_to_one: rules.many_to_one,
            own_domains: rules.own_domains,
            equivalent_domains: pairs(rules.equivalent_domains),
            aliases: pairs(rules.aliases),
        }
    }
}

impl From<MatchingRules> for model::MatchingRules {
    fn from(rules: MatchingRules) -> Self {
        let pairs = |of: Vec<Pair>| {
            of.iter()
                .map(|it| Equivalence::new(&it.one, &it.other))
                .collect()
        };
        Self {
            without: rules
                .without
                .map(|without| without.into_iter().map(Into::into).collect()),
            auto_threshold: rules.auto_threshold.map(thousandths),
            review_threshold: rules.review_threshold.map(thousandths),
            many_to_one: rules.many_to_one,
            own_domains: rules.own_domains,
            equivalent_domains: pairs(rules.equivalent_domains),
            aliases: pairs(rules.aliases),
        }
    }
}

/// A probability in thousandths; what is none is out of every bound.
fn thousandths(part: f64) -> u16 {
    let rounded = (part * 1_000.0).round();
    if !(0.0..=1_000.0).contains(&rounded) {
        return u16::MAX;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 0 to 1,000"
    )]
    let whole = rounded as u16;
    whole
}

/// What is said about matching in the organization, or in a connection.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MatchingSettings {
    /// Of which connection; `null` for those of the organization.
    connection_id: Option<Uuid>,
    /// What is said in this very place.
    rules: MatchingRules,
    /// What holds here, with what the organization says.
    effective: MatchingRules,
    /// The organization's own mail domains, which count beside those of the rules.
    organization_domains: Vec<String>,
    /// Grows by one with every change; 0 where nothing was ever said. The `ETag`.
    version: u64,
}

impl From<MatchingView> for MatchingSettings {
    fn from(view: MatchingView) -> Self {
        Self {
            connection_id: view.settings.connection_id.map(Into::into),
            rules: view.settings.rules.into(),
            effective: view.effective.into(),
            organization_domains: view.domains,
            version: view.settings.version,
        }
    }
}

/// Matching settings as a change set names them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangedMatchingSettings {
    /// Of which connection; `null` for those of the organization.
    connection_id: Option<Uuid>,
    /// What is said there.
    rules: MatchingRules,
    /// Their version.
    version: u64,
}

impl From<counterpart_model::MatchingSettings> for ChangedMatchingSettings {
    fn from(settings: counterpart_model::MatchingSettings) -> Self {
        Self {
            connection_id: settings.connection_id.map(Into::into),
            rules: settings.rules.into(),
            version: settings.version,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_go_there_and_back() {
        for part in [0.9, 0.95, 0.999, 0.4] {
            assert!((f64::from(thousandths(part)) / 1_000.0 - part).abs() < 1e-12);
        }
        for none in [-1.0, 2.0, f64::NAN, f64::INFINITY] {
            assert_eq!(thousandths(none), u16::MAX);
        }
    }
}
