//! What cells of a file mean, remembered: names, titles and departments repeat, and reading them
//! costs more than finding them again.

use crate::corpus::strings::{NONE, Strings, TextId};

/// Most different cells of a kind that are remembered. Columns with more of them hardly repeat.
const MOST: u32 = 1 << 16;

/// The meaning of cells of one kind.
#[derive(Debug)]
pub(crate) struct Cells<T> {
    texts: Strings<'static>,
    meanings: Vec<T>,
}

impl<T> Default for Cells<T> {
    fn default() -> Self {
        Self {
            texts: Strings::default(),
            meanings: Vec::new(),
        }
    }
}

impl<T: Copy> Cells<T> {
    /// The meaning of a cell, read when it is seen for the first time.
    pub(crate) fn get_or_read(&mut self, cell: &str, read: impl FnOnce() -> T) -> T {
        if let Some(place) = self.texts.find(cell) {
            return self.meanings[place as usize];
        }
        let meaning = read();
        if self.texts.len() < MOST && self.texts.intern(cell) != NONE {
            self.meanings.push(meaning);
        }
        meaning
    }
}

/// Half of a name as a cell wrote it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Half {
    /// Where its tokens stand among all tokens.
    pub(crate) start: u32,
    pub(crate) count: u8,
    pub(crate) whole: TextId,
    /// Nothing but titles: the whole name knows better.
    pub(crate) only_titles: bool,
    /// Made of words for functions.
    pub(crate) role: bool,
}

/// A mail domain as a cell wrote it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Domain {
    pub(crate) id: TextId,
    /// A provider that gives addresses to anybody.
    pub(crate) public: bool,
    /// A sandbox's decoration was taken off.
    pub(crate) undecorated: bool,
}

/// All that is remembered while a side is read.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(crate) given: Cells<Half>,
    pub(crate) family: Cells<Half>,
    /// The tokens of all halves.
    pub(crate) tokens: Vec<TextId>,
    pub(crate) domains: Cells<Domain>,
    /// By text column.
    pub(crate) texts: Vec<Cells<TextId>>,
}

impl Memory {
    pub(crate) fn for_columns(columns: usize) -> Self {
        let mut memory = Self::default();
        memory.texts.resize_with(columns, Cells::default);
        memory
    }

    pub(crate) fn tokens_of(&self, half: Half) -> &[TextId] {
        &self.tokens[half.start as usize..half.start as usize + usize::from(half.count)]
    }
}
