//! What somebody said about how people are compared here, as the comparison needs it.

use super::{Comparison, DomainPairs};
use crate::corpus::Corpus;
use crate::normalise::{email, fold};
use crate::outcome::proposal::EvidenceKind;
use crate::record::Options;
use crate::weigh::fields::{
    BIRTH, DOMAIN, EMAIL, EXTENSION, FAMILY, FIELDS, GIVEN, ID, MIDDLE, ORDER, PHONE, POSTCODE,
    TEXT, UNKNOWN, USERNAME,
};

/// Domains that count as one, and fields that are left out.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    /// Both ways.
    pub(super) equivalent: DomainPairs,
    without: Vec<usize>,
}

impl Rules {
    /// The rules of a match. Call it before the corpus is frozen: its texts are looked for.
    pub(crate) fn of(options: &Options, corpus: &Corpus<'_>) -> Self {
        let find = |domain: &String| corpus.domains.find(&email::normal_domain(domain).0);
        let pairs = options.equivalent_domains.iter();
        let equivalent = pairs
            .filter_map(|(one, other)| find(one).zip(find(other)))
            .flat_map(|(one, other)| [(one, other), (other, one)]);
        let mut without: Vec<usize> = options
            .without
            .iter()
            .flat_map(|kind| fields_of(*kind))
            .collect();
        // Which name stands first says something only beside both names.
        if without.contains(&GIVEN) || without.contains(&FAMILY) {
            without.push(ORDER);
        }
        Self {
            equivalent: equivalent.collect(),
            without,
        }
    }

    /// Forgets what is left out.
    pub(super) fn leave_out(&self, outcome: &mut Comparison) {
        for field in &self.without {
            outcome.set(*field, (UNKNOWN, 0.0));
        }
    }
}

/// Makes the names of every alias spellings of each other. Call it before the corpus is frozen.
pub(crate) fn teach_aliases(options: &Options, corpus: &mut Corpus<'_>) {
    let pairs: Vec<[String; 2]> = options
        .aliases
        .iter()
        .map(|(one, other)| [one, other].map(|name| fold::fold_words(name).replace(' ', "")))
        .filter(|names| names.iter().all(|name| !name.is_empty()))
        .collect();
    corpus.add_groups(&pairs);
}

fn fields_of(kind: EvidenceKind) -> Vec<usize> {
    match kind {
        EvidenceKind::GivenName => vec![GIVEN],
        EvidenceKind::FamilyName => vec![FAMILY],
        EvidenceKind::MiddleName => vec![MIDDLE],
        EvidenceKind::NameOrder => vec![ORDER],
        EvidenceKind::Email => vec![EMAIL],
        EvidenceKind::Domain => vec![DOMAIN],
        EvidenceKind::Username => vec![USERNAME],
        EvidenceKind::Phone => vec![PHONE],
        EvidenceKind::Extension => vec![EXTENSION],
        EvidenceKind::ExternalId => vec![ID],
        EvidenceKind::BirthDate => vec![BIRTH],
        EvidenceKind::Postcode => vec![POSTCODE],
        // Machines are told from humans whatever is left out.
        EvidenceKind::Account => Vec::new(),
        EvidenceKind::Text => (TEXT..FIELDS).collect(),
    }
}
