//! One person against a whole side: for type-ahead, and for looking again after a change.

use std::sync::Arc;

use crate::block::{Postings, Scratch};
use crate::compare::{Comparer, Measures};
use crate::corpus::{Corpus, Person};
use crate::explain::explain;
use crate::learn::learn_strangers;
use crate::model::{Model, prior_of};
use crate::proposal::{Evidence, RunnerUp};
use crate::record::Record;

/// Candidates that are compared for one answer.
const COMPARED: usize = 40;

/// A side, prepared to be asked for the candidates of one record at a time.
///
/// Building costs about as much as a match of the side with itself without the comparisons; an
/// answer costs well under a millisecond, whatever the size of the side.
#[derive(Debug)]
pub struct Index {
    corpus: Corpus<'static>,
    people: Vec<Person>,
    postings: Postings,
    model: Model,
    measures: Arc<Measures>,
}

impl Index {
    /// Prepares a side. Keep the records: answers refer to them by index.
    pub fn new(right: &[Record]) -> Self {
        let mut corpus = Corpus::new(right, right);
        let people = corpus.add_side(right, 1);
        let postings = Postings::build(&corpus, &people);
        #[expect(
            clippy::cast_precision_loss,
            reason = "record counts stay far below 2^52"
        )]
        let expected_ties = people.len() as f64 * 0.7;
        let mut model = Model::expected(prior_of(expected_ties, people.len(), people.len()));
        let measures = Arc::new(Measures::of(&corpus));
        let comparer = Comparer::new(&corpus, Arc::clone(&measures));
        learn_strangers(&mut model, &comparer, &people, &people);
        Self {
            corpus,
            people,
            postings,
            model,
            measures,
        }
    }

    /// How many records it holds.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// The records most likely to be the same human as `record`, best first, at most `limit`.
    ///
    /// The score is the probability among all records of the index, *none of them* included; it
    /// does not know who else may claim a record, which only
    /// [`match_records`](crate::match_records) does.
    pub fn candidates(&self, record: &Record, limit: usize) -> Vec<RunnerUp> {
        let mut corpus = Corpus::over(&self.corpus);
        let person = corpus.add(record, 0);
        let comparer = Comparer::new(&corpus, Arc::clone(&self.measures));
        let mut scratch = Scratch::default();
        let mut found: Vec<(u32, f64, Vec<Evidence>)> = self
            .postings
            .candidates(
                &corpus,
                &person,
                &self.people,
                &mut scratch,
                COMPARED.max(limit),
            )
            .into_iter()
            .map(|candidate| {
                let comparison = comparer.compare(&person, &self.people[candidate.right as usize]);
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
                index: right as usize,
                score: odds / total,
                evidence,
            })
            .collect()
    }
}
