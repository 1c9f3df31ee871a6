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
    /// Half of the hash beside the number: growing needs no text, and few other texts are looked
    /// at while searching.
    numbers: HashTable<(u32, u32)>,
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

    /// An empty table with room for so many texts.
    pub(crate) fn for_texts(count: usize) -> Self {
        Self {
            numbers: HashTable::with_capacity(count),
            ends: Vec::with_capacity(count),
            counts: Vec::with_capacity(count),
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

    fn find_hashed(&self, hash: u64, text: &str) -> Option<TextId> {
        if let Some(found) = self.base.and_then(|base| base.find_hashed(hash, text)) {
            return Some(found);
        }
        let half = upper_half(hash);
        self.numbers
            .find(hash, |&(index, of)| {
                of == half && self.own(index as usize) == text
            })
            .map(|&(index, _)| index + self.offset)
    }

    /// The number of a text that is known.
    pub(crate) fn find(&self, text: &str) -> Option<TextId> {
        self.find_hashed(hash_text(text), text)
    }

    /// The number of a text, [`NONE`] for the empty one; a new text gets the next number.
    pub(crate) fn intern(&mut self, text: &str) -> TextId {
        if text.is_empty() {
            return NONE;
        }
        let hash = hash_text(text);
        if let Some(found) = self.find_hashed(hash, text) {
            return found;
        }
        let index = self.len() - self.offset;
        self.text.push_str(text);
        self.ends.push(self.text.len());
        self.counts.push([0, 0]);
        // The halves of a hash are enough to find its place again.
        self.numbers
            .insert_unique(hash, (index, upper_half(hash)), |&(_, half)| spread(half));
        self.offset + index
    }

    /// The number of a text, [`NONE`] for the empty one, without a look whether it is there
    /// already: in a side that is being read every text gets a number of its own, and the equal
    /// ones are found when the sides are joined. A table on top of another one does look.
    pub(crate) fn append(&mut self, text: &str) -> TextId {
        if self.base.is_some() || text.is_empty() {
            return self.intern(text);
        }
        let index = self.len();
        self.text.push_str(text);
        self.ends.push(self.text.len());
        index
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

    /// Chance that two random records share their value.
    pub(crate) fn typical_frequency(&self) -> f64 {
        collision(&self.counts)
    }

    /// Reads a byte of each of some texts, all at once, so that they are at hand afterwards.
    pub(crate) fn touch(&self, ids: &[TextId]) -> u64 {
        let byte = |id: &TextId| match (*id).checked_sub(self.offset) {
            Some(index) if *id != NONE => {
                let end = self.ends[index as usize];
                u64::from(self.text.as_bytes()[end - 1])
            }
            _ => 0,
        };
        ids.iter().map(byte).sum()
    }

    /// Takes up the texts of the other side, which counted as if it were the left one, and tells
    /// the number that each has here.
    pub(crate) fn absorb(&mut self, other: &Strings<'_>) -> Vec<TextId> {
        (0..other.len())
            .map(|id| {
                let here = self.intern(other.get(id));
                self.counts[here as usize][1] += other.counts_of(id)[0];
                here
            })
            .collect()
    }

    /// Gives back what was reserved for growth, and the means to find texts, which nobody needs
    /// any more.
    pub(crate) fn freeze(&mut self) {
        self.numbers = HashTable::new();
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.counts.shrink_to_fit();
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

fn upper_half(hash: u64) -> u32 {
    u32::try_from(hash >> 32).unwrap_or(0)
}

/// A hash that is made of its upper half alone, so that the half is enough to find it again.
fn spread(half: u32) -> u64 {
    u64::from(half) << 32 | u64::from(half)
}

fn hash_text(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    spread(upper_half(hasher.finish()))
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
