//! The ids of one file, by row and back.

use std::hash::{BuildHasher, BuildHasherDefault};

use rustc_hash::FxHasher;

/// Takes the ids of a file, row by row.
#[derive(Debug, Default)]
pub(super) struct IdsBuilder {
    text: String,
    ends: Vec<usize>,
    keys: Vec<u64>,
}

/// The ids of a file in the order of its rows, all different, in one text.
#[derive(Debug)]
pub(super) struct Ids {
    text: String,
    ends: Ends,
    /// Half a hash above the row, in order: sorting a million numbers once is several times faster
    /// than a million visits to a hash table that does not fit into the cache.
    keys: Vec<u64>,
    /// Where the keys begin whose first bits are 0, 1, 2 and so on, and where the last ones end.
    starts: Vec<u32>,
    /// How far a key is shifted to leave those bits.
    shift: u32,
}

/// Where each id ends in the text.
#[derive(Debug)]
enum Ends {
    /// All have the same length, in bytes, as most systems' ids have: nothing to look up.
    Every(usize),
    At(Vec<usize>),
}

/// Rows are numbered with 32 bits, and there are no more numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooMany;

/// Two rows, from 0, have the same id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Duplicate {
    pub(super) first: u32,
    pub(super) second: u32,
}

impl IdsBuilder {
    /// Room for so many.
    pub(super) fn with_capacity(rows: usize) -> Self {
        Self {
            text: String::new(),
            ends: Vec::with_capacity(rows),
            keys: Vec::with_capacity(rows),
        }
    }

    /// Takes the id of the next row.
    pub(super) fn push(&mut self, id: &str) -> Result<(), TooMany> {
        let row = u32::try_from(self.ends.len()).map_err(|_| TooMany)?;
        self.keys.push(half_hash(id) | u64::from(row));
        self.text.push_str(id);
        self.ends.push(self.text.len());
        Ok(())
    }

    /// The ids, if all are different; else the first row whose id an earlier one has.
    pub(super) fn finish(self) -> Result<Ids, Duplicate> {
        let Self {
            text,
            ends,
            mut keys,
        } = self;
        keys.sort_unstable();
        // Some eight keys begin alike: they stand in one line of the cache.
        let bits = keys.len().checked_ilog2().unwrap_or(0).max(4) - 3;
        let shift = u64::BITS - bits;
        let mut starts = vec![0_u32; (1 << bits) + 1];
        for key in &keys {
            starts[bucket_of(*key, shift) + 1] += 1;
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let width = ends.first().copied().unwrap_or_default();
        let is_even = (1..).zip(&ends).all(|(rows, end)| rows * width == *end);
        let ids = Ids {
            text,
            ends: if is_even {
                Ends::Every(width)
            } else {
                Ends::At(ends)
            },
            keys,
            starts,
            shift,
        };
        let alike = ids
            .keys
            .chunk_by(|one, other| hash_of(*one) == hash_of(*other));
        let duplicate = alike
            .filter(|group| group.len() > 1)
            .filter_map(|group| ids.first_duplicate(group))
            .min_by_key(|duplicate| duplicate.second);
        duplicate.map_or(Ok(ids), Err)
    }
}

impl Ids {
    /// The id of a row, from 0, of which there is one.
    pub(super) fn of(&self, row: u32) -> &str {
        let row = row as usize;
        match &self.ends {
            Ends::Every(width) => &self.text[row * width..(row + 1) * width],
            Ends::At(ends) => {
                let start = row.checked_sub(1).map_or(0, |before| ends[before]);
                &self.text[start..ends[row]]
            }
        }
    }

    /// The row, from 0, that has an id.
    pub(super) fn find(&self, id: &str) -> Option<u32> {
        let hash = half_hash(id);
        let bucket = bucket_of(hash, self.shift);
        let (from, to) = (self.starts[bucket], self.starts[bucket + 1]);
        self.keys[from as usize..to as usize]
            .iter()
            .filter(|key| hash_of(**key) == hash)
            .map(|key| row_of(*key))
            .find(|row| self.of(*row) == id)
    }

    /// The first duplicate among rows whose ids have the same hash, by row.
    fn first_duplicate(&self, group: &[u64]) -> Option<Duplicate> {
        group.iter().enumerate().find_map(|(place, key)| {
            let second = row_of(*key);
            let mut earlier = group[..place].iter().map(|key| row_of(*key));
            let first = earlier.find(|first| self.of(*first) == self.of(second))?;
            Some(Duplicate { first, second })
        })
    }
}

/// The upper half of the hash, where the hash of a key stands.
fn half_hash(id: &str) -> u64 {
    hash_of(BuildHasherDefault::<FxHasher>::default().hash_one(id))
}

fn hash_of(key: u64) -> u64 {
    key & !u64::from(u32::MAX)
}

/// The first bits of a key, of which there are fewer than 32.
fn bucket_of(key: u64, shift: u32) -> usize {
    row_of(key >> shift) as usize
}

/// The lower half, where the row of a key stands.
fn row_of(key: u64) -> u32 {
    #[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
    let row = key as u32;
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(all: &[&str]) -> Result<Ids, Duplicate> {
        let mut builder = IdsBuilder::with_capacity(all.len());
        for id in all {
            builder.push(id).unwrap();
        }
        builder.finish()
    }

    #[test]
    fn ids_are_found_by_row_and_by_text() {
        for all in [
            ["a", "bb", "c"],
            ["ax", "bb", "c\u{e9}"],
            ["ax", "bb", "cx"],
        ] {
            let ids = ids(&all).unwrap();
            assert_eq!([ids.of(0), ids.of(1), ids.of(2)], all);
            assert_eq!((ids.find("bb"), ids.find("b")), (Some(1), None));
        }
    }

    #[test]
    fn nothing_is_found_among_none() {
        assert_eq!(ids(&[]).unwrap().find("a"), None);
    }

    #[test]
    fn each_of_many_is_found() {
        let many: Vec<String> = (0..1000).map(|number| format!("U{number}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let ids = ids(&many).unwrap();
        assert!((0..).zip(&many).all(|(row, id)| ids.find(id) == Some(row)));
        assert_eq!(ids.find("U1000"), None);
    }

    #[test]
    fn ids_with_the_same_hash_are_told_apart() {
        let mut builder = IdsBuilder::default();
        for id in ["a", "b", "c", "b"] {
            builder.push(id).unwrap();
        }
        // As if all hashes were equal.
        builder.keys = (0..4).collect();
        let expected = Duplicate {
            first: 1,
            second: 3,
        };
        assert_eq!(builder.finish().unwrap_err(), expected);
    }

    #[test]
    fn of_several_duplicates_the_first_in_the_file_is_named() {
        let many: Vec<String> = (0..1000).map(|number| (number % 990).to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let expected = Duplicate {
            first: 0,
            second: 990,
        };
        assert_eq!(ids(&many).unwrap_err(), expected);
    }
}
