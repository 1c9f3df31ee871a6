//! One person against a whole side: for type-ahead, and for looking again after a change.

use crate::block::{Blocks, Effort, Presence, Scratch, Strength};
use crate::compare::rules::Rules;
use crate::compare::{Comparer, Measures};
use crate::corpus::join::join;
use crate::corpus::people::People;
use crate::corpus::{Corpus, KNOWN_COLUMNS};
use crate::intake::cells::Memory;
use crate::intake::side::Side;
use crate::intake::{self, Intake};
use crate::normalise::fold;
use crate::outcome::explain::explain;
use crate::outcome::proposal::{Evidence, RunnerUp};
use crate::record::Record;
use crate::weigh::learn::learn_strangers;
use crate::weigh::model::{Model, prior_of};

/// How far an answer goes, and so how many it may name.
const EFFORT: Effort = Effort {
    sharing: 48,
    candidates: 40,
};

/// A side, prepared to be asked for the candidates of one record at a time.
///
/// Building costs about as much as a match of the side with itself without the comparisons; an
/// answer costs well under a millisecond, whatever the size of the side.
#[derive(Debug)]
pub struct Index {
    corpus: Corpus<'static>,
    people: People,
    blocks: Blocks,
    model: Model,
    measures: Measures,
    rules: Rules,
}

impl Index {
    /// Prepares a side. Keep the records: answers refer to them by index.
    pub fn new(right: &[Record]) -> Self {
        let right = Side::of(right);
        let (corpus, _, people) = join(right.alike(), right);
        let blocks = Blocks::build(
            &corpus,
            &people,
            Strength::All,
            Presence::Right,
            EFFORT,
            |_| true,
        );
        #[expect(
            clippy::cast_precision_loss,
            reason = "record counts stay far below 2^52"
        )]
        let expected_ties = people.len() as f64 * 0.7;
        let mut model = Model::expected(
            prior_of(expected_ties, people.len(), people.len()),
            corpus.texts.len(),
        );
        let measures = Measures::of(&corpus);
        let rules = Rules::default();
        let comparer = Comparer {
            corpus: &corpus,
            measures: &measures,
            paired_domains: None,
            rules: &rules,
        };
        learn_strangers(&mut model, &comparer, &people, &people);
        Self {
            corpus,
            people,
            blocks,
            model,
            measures,
            rules,
        }
    }

    /// How many records it holds.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The records most likely to be the same human as `record`, best first, at most `limit` (and
    /// never more than 40).
    ///
    /// The score is the probability among all records of the index, *none of them* included; it
    /// does not know who else may claim a record, which only
    /// [`match_records`](crate::match_records) does.
    pub fn candidates(&self, record: &Record, limit: usize) -> Vec<RunnerUp> {
        let mut corpus = Corpus::over(&self.corpus);
        let asked = taken_in(&mut corpus, std::slice::from_ref(record));
        let person = asked.get(0);
        let comparer = Comparer {
            corpus: &corpus,
            measures: &self.measures,
            paired_domains: None,
            rules: &self.rules,
        };
        let mut scratch = Scratch::default();
        let mut found: Vec<(u32, f64, Vec<Evidence>)> = self
            .blocks
            .candidates(&corpus, &person, &self.people, &mut scratch)
            .iter()
            .map(|candidate| {
                let other = self.people.get(candidate.right as usize);
                let comparison = comparer.compare(&person, &other);
                let bits = self.model.prior
                    + self
                        .model
                        .bits(&comparison.levels, comparison.total_rarity());
                (
                    candidate.right,
                    bits.exp2(),
                    explain(&comparer, &self.model, &comparison),
                )
            })
            .collect();
        let total: f64 = 1.0 + found.iter().map(|(_, odds, _)| odds).sum::<f64>();
        found.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        found.truncate(limit);
        found
            .into_iter()
            .map(|(right, odds, evidence)| RunnerUp {
                index: self.people.original(right as usize) as usize,
                score: odds / total,
                evidence,
            })
            .collect()
    }
}

/// Reads records into a corpus on top of another.
pub(crate) fn taken_in(corpus: &mut Corpus<'_>, records: &[Record]) -> People {
    let mut people = People::new(corpus.texts.len());
    let columns: Vec<String> = corpus.texts.iter().map(|text| text.label.clone()).collect();
    let mut scratch = intake::Scratch::default();
    for record in records {
        record.with_view(
            |label| further_place(&columns, label),
            |view| {
                Intake {
                    corpus: &mut *corpus,
                    memory: &mut Memory::for_columns(columns.len()),
                    scratch: &mut scratch,
                    side: 0,
                }
                .take(view, &mut people);
            },
        );
    }
    corpus.know_names();
    people.count_namesakes(corpus);
    people
}

/// The number of a further text column.
fn further_place(columns: &[String], label: &str) -> Option<usize> {
    let further = &columns[KNOWN_COLUMNS.len()..];
    let exact = further.iter().position(|column| column == label);
    exact.or_else(|| {
        let key = fold::fold_words(label);
        further
            .iter()
            .position(|column| fold::fold_words(column) == key)
    })
}
