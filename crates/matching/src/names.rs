//! Whether two full names can be one person's: see [`NameJudge`].

mod abjad;
mod align;
mod kana;
mod lexicon;
mod native;
mod pair;
mod read;
mod reasons;
mod script;
mod sounds;
mod split;
mod weigh;

use self::lexicon::Lexicon;

/// Judges pairs of full names, in any script, order and decoration.
///
/// Words of both names are assigned to each other; each agreement is worth the more the rarer the
/// name is, each word left over costs by the part it plays (a patronymic or middle name little,
/// a given name or family name much), and words that stand against each other cost most. The sum
/// is a log-odds, given as a probability.
///
/// ```
/// use counterpart_matching::NameJudge;
///
/// let judge = NameJudge::new();
/// let same = judge.judge("Владимир Владимирович Петров", "PETROV, Vladimir");
/// assert!(same.score > NameJudge::DEFAULT_THRESHOLD);
/// let father = judge.judge("John Smith Jr.", "John Smith Sr.");
/// assert!(father.score < NameJudge::DEFAULT_THRESHOLD);
/// assert!(father.reasons[0].contains("generation"));
/// ```
///
/// # What it is not
/// Evidence that two records are one person: common names have many bearers. [`match_records`]
/// weighs names against all other evidence and the frequencies of the data.
///
/// [`match_records`]: crate::match_records
#[derive(Debug)]
pub struct NameJudge {
    lexicon: Lexicon,
}

/// How alike two names are.
#[derive(Debug, Clone, PartialEq)]
pub struct NameLikeness {
    /// Probability, from 0 to 1, that whoever compares the two names means one person.
    pub score: f64,
    /// What speaks for and against it, in words, the weightiest difference first.
    pub reasons: Vec<String>,
}

impl NameJudge {
    /// The score from which two names count as one: more likely than not.
    pub const DEFAULT_THRESHOLD: f64 = 0.5;

    /// Builds the tables (about two milliseconds); keep the judge for many pairs.
    pub fn new() -> Self {
        Self {
            lexicon: Lexicon::new(),
        }
    }

    /// Judges two full names. Exchanging them changes nothing but the order in the reasons; a
    /// text without a name is like nothing.
    pub fn judge(&self, one: &str, other: &str) -> NameLikeness {
        let (ones, others) = (
            read::read(one, &self.lexicon),
            read::read(other, &self.lexicon),
        );
        let mut best: Option<(f32, Vec<String>)> = None;
        for left in &ones {
            for right in &others {
                let pairs = align::align(left, right, &self.lexicon);
                let sum = weigh::sum(left, right, &pairs, &self.lexicon);
                if best.as_ref().is_none_or(|(known, _)| sum.log_odds > *known) {
                    best = Some((sum.log_odds, reasons::reasons(left, right, &pairs, &sum)));
                }
            }
        }
        match best {
            Some((log_odds, reasons)) => NameLikeness {
                score: probability(log_odds),
                reasons,
            },
            None => NameLikeness {
                score: 0.0,
                reasons: vec!["one of the two holds no name".to_owned()],
            },
        }
    }
}

impl Default for NameJudge {
    fn default() -> Self {
        Self::new()
    }
}

fn probability(log_odds: f32) -> f64 {
    1.0 / (1.0 + f64::from(-log_odds).exp())
}
