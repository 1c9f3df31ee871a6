//! What comes out: ties with their reasons, and why the others have none.

use std::borrow::Cow;

use serde::Serialize;

/// What may be done with a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// Certain and without rival: may be applied without a look.
    Auto,
    /// A human should look.
    Review,
}

/// The field that a piece of evidence is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// Given name.
    GivenName,
    /// Family name.
    FamilyName,
    /// Middle names and initials.
    MiddleName,
    /// Given and family name exchanged.
    NameOrder,
    /// E-mail address.
    Email,
    /// The part of the address behind the `@`.
    Domain,
    /// Sign-in name.
    Username,
    /// Phone number.
    Phone,
    /// Extension.
    Extension,
    /// Employee number or another system's id.
    ExternalId,
    /// Date of birth.
    BirthDate,
    /// Postcode.
    Postcode,
    /// Deactivated on one side, or no human's account.
    Account,
    /// Title, department, city or any further column, named in the words.
    Text,
}

impl EvidenceKind {
    /// Its stable name, as serialised.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GivenName => "given-name",
            Self::FamilyName => "family-name",
            Self::MiddleName => "middle-name",
            Self::NameOrder => "name-order",
            Self::Email => "email",
            Self::Domain => "domain",
            Self::Username => "username",
            Self::Phone => "phone",
            Self::Extension => "extension",
            Self::ExternalId => "external-id",
            Self::BirthDate => "birth-date",
            Self::Postcode => "postcode",
            Self::Account => "account",
            Self::Text => "text",
        }
    }
}

/// One step of the waterfall from *two strangers* to the score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// The field.
    pub kind: EvidenceKind,
    /// What was found, as an admin would say it.
    pub words: Cow<'static, str>,
    /// Log2 of the odds that it adds; negative when it speaks against the tie.
    pub bits: f64,
}

/// The next best choice, and what spoke for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunnerUp {
    /// Index of the other record, on the side that [`Proposal`] says.
    pub index: usize,
    /// Probability (0–1) that it would be the right one instead.
    pub score: f64,
    /// Why, strongest first.
    pub evidence: Vec<Evidence>,
}

/// A tie that the matcher suggests.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proposal {
    /// Index of the left record.
    pub left: usize,
    /// Index of the right record.
    pub right: usize,
    /// Probability (0–1) that both are one human, with all competitors considered.
    pub score: f64,
    /// Whether it may be applied without a look.
    pub decision: Decision,
    /// Why it is not [`Decision::Auto`], as an admin would say it.
    pub caution: Option<&'static str>,
    /// A second candidate of either side is close.
    pub ambiguous: bool,
    /// Log2 odds before any evidence: how rarely two random records are one human.
    pub prior_bits: f64,
    /// What speaks for and against, strongest first. With the prior it sums to the log2 odds that
    /// the pair would have without competitors.
    pub evidence: Vec<Evidence>,
    /// The next best right record for the left one.
    pub runner_up: Option<RunnerUp>,
    /// The next best left record for the right one.
    pub rival: Option<RunnerUp>,
}

/// Why a left record has no proposal.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum Unmatched {
    /// No right record shares anything that few others have.
    NothingInCommon,
    /// Together several candidates are likely enough, none of them by itself: namesakes whom
    /// nothing tells apart.
    SeveralFit {
        /// The candidates that are not negligible, likeliest first; two at least.
        candidates: Vec<RunnerUp>,
    },
    /// The best candidate is too weak.
    TooWeak {
        /// The best candidate.
        best: RunnerUp,
    },
    /// The best candidate suits another left record better.
    BetterElsewhere {
        /// The best candidate.
        best: RunnerUp,
        /// Index of the left record that it is proposed for.
        proposed_for: usize,
    },
    /// It was tied before the match ([`Options::taken_left`](crate::Options::taken_left)).
    Taken,
}

/// The outcome of a match.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct MatchResult {
    /// At most one per left and one per right record, in the order of the left side.
    pub proposals: Vec<Proposal>,
    /// The left records without proposal, in order.
    pub unmatched: Vec<(usize, Unmatched)>,
}

impl MatchResult {
    /// Why a left record has no proposal; `None` when it has one or does not exist.
    pub fn why_unmatched(&self, left: usize) -> Option<&Unmatched> {
        let place = self
            .unmatched
            .binary_search_by_key(&left, |(index, _)| *index)
            .ok()?;
        Some(&self.unmatched[place].1)
    }
}
