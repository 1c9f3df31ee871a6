//! Texts stored once each, numbered, and counted per side.

use std::hash::Hasher;

use hashbrown::HashTable;
use rustc_hash::FxHasher;

/// Number of a stored text.
pub(crate) type TextId = u32;

/// No text: the value is unknown.
pub(crate) const NONE: TextId = u32::MAX;

/// A side of the match: 0 is left, 1 is right.
pub(crate) type SideNumber = usize;

/// A table of distinct texts. It may stand on top of another one, whose numbers it continues, so
/// that a single query can bring new texts without touching the shared table.
#[derive(Debug, Default)]
pub(crate) struct Strings<'base> {
    base: Option<&'base Strings<'base>>,
    offset: u32,
    numbers: HashTable<u32>,
    text: String,
    ends: Vec<usize>,
    counts: Vec<[u32; 2]>,
}

impl<'base> Strings<'base> {
    /// An empty table that continues `base`.
    pub(crate) fn over(base: &'base Strings<'base>) -> Self {
        Self {
            base: Some(base),
            offset: base.len(),
            ..Self::default()
        }
    }

    /// How many distinct texts there are, the base included. Bounded by memory far below 2³².
    pub(crate) fn len(&self) -> u32 {
        self.offset + u32::try_from(self.ends.len()).unwrap_or(NONE - 1 - self.offset)
    }

    /// The text of a number that this table gave out.
    pub(crate) fn get(&self, id: TextId) -> &str {
        match self.base {
            Some(base) if id < self.offset => base.get(id),
            _ => self.own((id - self.offset) as usize),
        }
    }

    fn own(&self, index: usize) -> &str {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start..self.ends[index]]
    }

    fn find(&self, hash: u64, text: &str) -> Option<TextId> {
        if let Some(found) = self.base.and_then(|base| base.find(hash, text)) {
            return Some(found);
        }
        self.numbers
            .find(hash, |&index| self.own(index as usize) == text)
            .map(|&i| i + self.offset)
    }

    /// The number of a text, [`NONE`] for the empty one; a new text gets the next number.
    pub(crate) fn intern(&mut self, text: &str) -> TextId {
        if text.is_empty() {
            return NONE;
        }
        let hash = hash_text(text);
        if let Some(found) = self.find(hash, text) {
            return found;
        }
        let index = self.len() - self.offset;
        self.text.push_str(text);
        self.ends.push(self.text.len());
        self.counts.push([0, 0]);
        let (all, ends) = (&self.text, &self.ends);
        self.numbers.insert_unique(hash, index, |&index| {
            let index = index as usize;
            let start = if index == 0 { 0 } else { ends[index - 1] };
            hash_text(&all[start..ends[index]])
        });
        self.offset + index
    }

    /// Counts one more record of a side that has this text. Texts of the base are not counted.
    pub(crate) fn count(&mut self, id: TextId, side: SideNumber) {
        if id != NONE && id >= self.offset {
            self.counts[(id - self.offset) as usize][side] += 1;
        }
    }

    /// How many records of each side have this text.
    pub(crate) fn counts_of(&self, id: TextId) -> [u32; 2] {
        match self.base {
            Some(base) if id < self.offset => base.counts_of(id),
            _ => self.counts[(id - self.offset) as usize],
        }
    }

    /// How many records of each side have this text.
    pub(crate) fn counts_of_text(&self, text: &str) -> [u32; 2] {
        self.find(hash_text(text), text)
            .map_or([0, 0], |id| self.counts_of(id))
    }

    /// Chance that two random records share their value.
    pub(crate) fn typical_frequency(&self) -> f64 {
        collision(&self.counts)
    }
}

/// The sum of the squared shares, at least one in the number of records.
pub(crate) fn collision(counts: &[[u32; 2]]) -> f64 {
    let total: f64 = counts.iter().map(|[l, r]| f64::from(l + r)).sum();
    let squares: f64 = counts.iter().map(|[l, r]| f64::from(l + r).powi(2)).sum();
    if total == 0.0 {
        1.0
    } else {
        (squares / (total * total)).max(1.0 / total)
    }
}

fn hash_text(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_share_a_number_and_their_count() {
        let mut strings = Strings::default();
        let (one, two) = (strings.intern("ada"), strings.intern("bob"));
        assert_eq!(strings.intern("ada"), one);
        strings.count(one, 0);
        strings.count(one, 1);
        assert_eq!((strings.get(two), strings.counts_of(one)), ("bob", [1, 1]));
        assert_eq!(strings.intern(""), NONE);
    }

    #[test]
    fn a_table_on_top_leaves_its_base_alone() {
        let mut base = Strings::default();
        let ada = base.intern("ada");
        let mut top = Strings::over(&base);
        assert_eq!(top.intern("ada"), ada);
        let new = top.intern("bob");
        assert_eq!((top.get(new), base.len(), top.len()), ("bob", 1, 2));
    }
}
