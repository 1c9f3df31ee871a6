//! Who has which key: a table from hashes to the few records that share them.

use crate::parallel::each_in_parallel;

/// Most records that a key may ever have.
pub(crate) const MOST: usize = 48;

/// In the place of the records of a key that too many share.
const CROWDED: u32 = u32::MAX;

/// A record under a key. Buckets tell keys apart by their upper bits, marks by their lower ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    mark: u32,
    record: u32,
}

/// Records by key. Sorted buckets in a few lists: no pointers, eight bytes for an entry.
#[derive(Debug, Default)]
pub(crate) struct Postings {
    /// By the lowest bits of the hash; each is built by itself.
    shards: Vec<Shard>,
}

/// A part of the table.
#[derive(Debug)]
struct Shard {
    /// Most records that may share a key.
    most: usize,
    /// How far a hash is shifted for its bucket.
    shift: u32,
    starts: Vec<u32>,
    entries: Vec<Entry>,
}

/// Parts of a table, a power of two.
const SHARDS: usize = 4;

/// What is known about a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found<'a> {
    Nobody,
    /// More than may share a key.
    TooMany,
    Few(Records<'a>),
}

/// The records that share a key, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Records<'a>(&'a [Entry]);

impl<'a> Records<'a> {
    pub(crate) fn len(self) -> usize {
        self.0.len()
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = u32> + 'a {
        self.0.iter().map(|entry| entry.record)
    }
}

impl Postings {
    /// The table of some `(hash, record)`, in any order. Keys that more than `most` records share
    /// are only known as such.
    pub(crate) fn build(most: usize, entries: &[(u64, u32)]) -> Self {
        Self {
            shards: each_in_parallel(SHARDS, |shard| {
                Shard::build(most.min(MOST), || {
                    let own = move |(hash, _): &&(u64, u32)| shard_of(*hash) == shard;
                    entries.iter().filter(own).copied()
                })
            }),
        }
    }

    /// Reads a little of each of some keys, all at once, so that they are at hand afterwards.
    pub(crate) fn touch(&self, hashes: impl Iterator<Item = u64>) -> u32 {
        hashes.fold(0, |sum, hash| {
            let shard = self.shards.get(shard_of(hash));
            let entry = shard.and_then(|shard| {
                let start = shard.starts.get(bucket(hash, shard.shift))?;
                shard.entries.get(*start as usize)
            });
            sum ^ entry.map_or(0, |entry| entry.mark)
        })
    }

    /// The records that share a key.
    pub(crate) fn find(&self, hash: u64) -> Found<'_> {
        let shard = self.shards.get(shard_of(hash));
        shard.map_or(Found::Nobody, |shard| shard.find(hash))
    }
}

fn shard_of(hash: u64) -> usize {
    usize::try_from(hash).unwrap_or(0) % SHARDS
}

impl Shard {
    fn build<I: Iterator<Item = (u64, u32)>>(most: usize, entries: impl Fn() -> I) -> Self {
        let total = entries().count();
        let bits = (total / 4).max(2).next_power_of_two().ilog2();
        let mut table = Self {
            most,
            shift: 64 - bits,
            starts: vec![0; (1 << bits) + 1],
            entries: vec![Entry { mark: 0, record: 0 }; total],
        };
        for (hash, _) in entries() {
            table.starts[bucket(hash, table.shift) + 1] += 1;
        }
        let mut sum = 0;
        for start in &mut table.starts {
            sum += *start;
            *start = sum;
        }
        // Filling moves each start to the next one; so they are moved back afterwards.
        for (hash, record) in entries() {
            let place = &mut table.starts[bucket(hash, table.shift)];
            table.entries[*place as usize] = Entry {
                mark: mark(hash),
                record,
            };
            *place += 1;
        }
        table.starts.rotate_right(1);
        table.starts[0] = 0;
        let end = table.starts.len() - 1;
        table.starts[end] = u32::try_from(total).unwrap_or(u32::MAX);
        table.tidy();
        table
    }

    /// Sorts the buckets, and puts one entry in the place of keys that too many share.
    fn tidy(&mut self) {
        let mut kept = 0;
        let mut from = 0;
        for bucket in 0..self.starts.len() - 1 {
            let to = self.starts[bucket + 1] as usize;
            self.starts[bucket] = u32::try_from(kept).unwrap_or(u32::MAX);
            self.entries[from..to].sort_unstable();
            let mut at = from;
            while at < to {
                let first = self.entries[at];
                let mut next = at + 1;
                let mut write = kept + 1;
                self.entries[kept] = first;
                while next < to && self.entries[next].mark == first.mark {
                    if self.entries[next].record != self.entries[write - 1].record {
                        self.entries[write] = self.entries[next];
                        write += 1;
                    }
                    next += 1;
                }
                if write - kept > self.most {
                    self.entries[kept].record = CROWDED;
                    write = kept + 1;
                }
                kept = write;
                at = next;
            }
            from = to;
        }
        let end = self.starts.len() - 1;
        self.starts[end] = u32::try_from(kept).unwrap_or(u32::MAX);
        self.entries.truncate(kept);
        self.entries.shrink_to_fit();
    }

    fn find(&self, hash: u64) -> Found<'_> {
        let Some(bucket) = self
            .starts
            .get(bucket(hash, self.shift)..)
            .filter(|rest| rest.len() > 1)
        else {
            return Found::Nobody;
        };
        let entries = &self.entries[bucket[0] as usize..bucket[1] as usize];
        let mark = mark(hash);
        let Some(first) = entries.iter().position(|entry| entry.mark == mark) else {
            return Found::Nobody;
        };
        if entries[first].record == CROWDED {
            return Found::TooMany;
        }
        let count = entries[first..]
            .iter()
            .take_while(|entry| entry.mark == mark)
            .count();
        Found::Few(Records(&entries[first..first + count]))
    }
}

fn bucket(hash: u64, shift: u32) -> usize {
    usize::try_from(hash >> shift).unwrap_or(usize::MAX)
}

fn mark(hash: u64) -> u32 {
    u32::try_from(hash & u64::from(u32::MAX)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(table: &Postings, hash: u64) -> Vec<u32> {
        match table.find(hash) {
            Found::Few(records) => records.iter().collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn records_are_found_by_their_keys_once_and_in_order() {
        let (one, other) = (7 << 60 | 5, 7 << 60 | 6);
        let table = Postings::build(48, &[(one, 9), (other, 3), (one, 9), (one, 2)]);
        assert_eq!(records(&table, one), [2, 9]);
        assert_eq!(records(&table, other), [3]);
        assert_eq!(table.find(8), Found::Nobody);
        assert_eq!(Postings::default().find(8), Found::Nobody);
    }

    #[test]
    fn a_key_that_too_many_share_is_known_as_such() {
        let many: Vec<(u64, u32)> = (0..100).map(|record| (5, record)).collect();
        assert_eq!(Postings::build(48, &many).find(5), Found::TooMany);
        let few: Vec<(u64, u32)> = (0..48).map(|record| (5, record)).collect();
        assert_eq!(records(&Postings::build(48, &few), 5).len(), 48);
    }
}
