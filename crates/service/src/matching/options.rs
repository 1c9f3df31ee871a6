//! What the matcher is told about a connection: what somebody said about matching there.

use counterpart_matching::{EvidenceKind, Options};
use counterpart_model::matching_settings::{Equivalence, EvidenceSource};
use counterpart_model::{Connection, MatchingRules};

/// The matcher's options for a connection by the rules that hold there. `domains` are the
/// organization's own.
pub(crate) fn matching_options(
    rules: &MatchingRules,
    connection: &Connection,
    mut domains: Vec<String>,
) -> Options {
    fn thousandths(part: Option<u16>, usual: u16) -> f64 {
        f64::from(part.unwrap_or(usual)) / 1_000.0
    }
    fn pairs(of: &[Equivalence]) -> Vec<(String, String)> {
        let pair = |it: &Equivalence| (it.one.clone(), it.other.clone());
        of.iter().map(pair).collect()
    }
    domains.extend(rules.own_domains.iter().cloned());
    domains.sort_unstable();
    domains.dedup();
    Options {
        auto_threshold: thousandths(rules.auto_threshold, MatchingRules::USUAL_AUTO),
        review_threshold: thousandths(rules.review_threshold, MatchingRules::USUAL_REVIEW),
        own_domains: domains,
        // Where a CRM user has one person, what is proposed to two could never be accepted for
        // both.
        many_to_one: rules.many_to_one == Some(true)
            && !connection.cardinality.crm_user_exclusive(),
        equivalent_domains: pairs(&rules.equivalent_domains),
        aliases: pairs(&rules.aliases),
        without: rules
            .without
            .iter()
            .flatten()
            .copied()
            .map(kind_of)
            .collect(),
        ..Options::default()
    }
}

const fn kind_of(source: EvidenceSource) -> EvidenceKind {
    match source {
        EvidenceSource::GivenName => EvidenceKind::GivenName,
        EvidenceSource::FamilyName => EvidenceKind::FamilyName,
        EvidenceSource::MiddleName => EvidenceKind::MiddleName,
        EvidenceSource::Email => EvidenceKind::Email,
        EvidenceSource::Domain => EvidenceKind::Domain,
        EvidenceSource::Username => EvidenceKind::Username,
        EvidenceSource::Phone => EvidenceKind::Phone,
        EvidenceSource::Extension => EvidenceKind::Extension,
        EvidenceSource::ExternalId => EvidenceKind::ExternalId,
        EvidenceSource::Text => EvidenceKind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_evidence_has_the_matchers_name() {
        for source in EvidenceSource::ALL {
            assert_eq!(source.as_str(), kind_of(source).as_str());
        }
    }

    #[test]
    fn the_usual_thresholds_are_the_matchers() {
        let usual = Options::default();
        for (said, is) in [
            (MatchingRules::USUAL_AUTO, usual.auto_threshold),
            (MatchingRules::USUAL_REVIEW, usual.review_threshold),
        ] {
            assert!((f64::from(said) / 1_000.0 - is).abs() < 1e-9, "{said} {is}");
        }
    }
}
