//! Left records that change, come or go while a board is kept.

use super::Board;
use crate::block::{Blocks, Effort, Presence, Scratch, Strength};
use crate::compare::Comparer;
use crate::corpus::Corpus;
use crate::corpus::people::People;
use crate::engine::least_bits;
use crate::index::taken_in;
use crate::record::Record;
use crate::weigh::edges::Edge;

impl Board {
    /// Puts a left record on the board; returns its index, by which later calls know it. To change
    /// a record, take it off first ([`Board::take_off`]).
    ///
    /// It is compared with what the whole match knew: its own values count for how rare a value is
    /// only from the next one on. The first call builds the keys of the right side, which takes a
    /// fraction of a match; further ones take well under a millisecond.
    pub fn put(&mut self, record: Record) -> usize {
        let index = self.lefts();
        let mut corpus = Corpus::over(&self.corpus);
        let people = taken_in(&mut corpus, std::slice::from_ref(&record));
        let comparer = Comparer {
            corpus: &corpus,
            measures: &self.measures,
            paired_domains: Some(&self.paired_domains),
            rules: &self.rules,
        };
        let keys = self.keys.get_or_init(|| {
            let records = self.lefts.len().max(self.rights.len());
            Blocks::build(
                &self.corpus,
                &self.rights,
                Strength::All,
                Presence::Right,
                Effort::among(records),
                |_| true,
            )
        });
        let person = people.get(0);
        let left = u32::try_from(index).unwrap_or(u32::MAX);
        let least = least_bits(self.lefts.len().max(self.rights.len()));
        let mut scratch = Scratch::default();
        let found: Vec<Edge> = keys
            .candidates(&corpus, &person, &self.rights, &mut scratch)
            .iter()
            .map(|candidate| {
                let other = self.rights.get(candidate.right as usize);
                Edge::new(left, candidate.right, &comparer.compare(&person, &other))
            })
            .filter(|edge| self.model.log_odds(edge) > least)
            .collect();
        self.further_edges.extend(found);
        self.further.push(record);
        index
    }

    /// Takes a left record off the board; one that is not on it is none.
    pub fn take_off(&mut self, index: usize) {
        self.left_out.extend(self.left_place(index));
    }

    /// The records that were put on the board, read into a corpus on top of its own.
    pub(super) fn read_further(&self, corpus: &mut Corpus<'_>) -> People {
        taken_in(corpus, &self.further)
    }
}
