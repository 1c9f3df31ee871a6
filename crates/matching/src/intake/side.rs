//! One side, taken up record by record.

use crate::corpus::people::People;
use crate::corpus::{Corpus, KNOWN_COLUMNS, TextColumn};
use crate::intake::cells::Memory;
use crate::intake::{Intake, Scratch};
use crate::record::{Record, RecordView};

/// The records of one side in the form in which they are compared, some 400 bytes each:
/// a fraction of what [`Record`]s take. Push records in any order; answers refer to them by that order.
///
/// ```
/// use counterpart_matching::{Options, RecordView, Side, match_sides};
///
/// let mut agents = Side::new(Vec::new());
/// agents.push(&RecordView { full_name: "Lovelace, Ada", emails: &["ada@example.com"], ..RecordView::default() });
/// let mut users = Side::new(Vec::new());
/// users.push(&RecordView { given: "Ada", family: "Lovelace", emails: &["ADA@example.com"], ..RecordView::default() });
/// let matches = match_sides(agents, users, &Options::default());
/// assert_eq!((matches.ties()[0].left, matches.ties()[0].right), (0, 0));
/// ```
#[derive(Debug)]
pub struct Side {
    corpus: Corpus<'static>,
    people: People,
    memory: Memory,
    scratch: Scratch,
}

impl Side {
    /// An empty side whose records have these further text columns. Those count whose name the
    /// other side's columns have, too, in any spelling of it.
    pub fn new(text_columns: Vec<String>) -> Self {
        let known = KNOWN_COLUMNS.map(str::to_owned);
        let columns: Vec<_> = known
            .into_iter()
            .chain(text_columns)
            .map(TextColumn::named)
            .collect();
        Self {
            people: People::new(columns.len()),
            memory: Memory::for_columns(columns.len()),
            scratch: Scratch::default(),
            corpus: Corpus::new(columns),
        }
    }

    /// A side of whole records.
    pub fn of(records: &[Record]) -> Self {
        let mut labels: Vec<&str> = Vec::new();
        // Records of one source have the same columns, but empty ones may be left out of each.
        for (label, _) in records.iter().flat_map(|record| &record.text) {
            if !labels.contains(&label.as_str()) {
                labels.push(label);
            }
        }
        let mut side = Self::new(labels.iter().map(|label| (*label).to_owned()).collect());
        for record in records {
            record.with_view(
                |label| labels.iter().position(|known| *known == label),
                |view| {
                    side.push(view);
                },
            );
        }
        side
    }

    /// Adds a record.
    pub fn push(&mut self, record: &RecordView<'_>) {
        Intake {
            corpus: &mut self.corpus,
            memory: &mut self.memory,
            scratch: &mut self.scratch,
            side: 0,
        }
        .take(record, &mut self.people);
    }

    /// How many records it holds.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// An empty side with the same text columns.
    pub(crate) fn alike(&self) -> Self {
        let further = self.corpus.texts.iter().skip(KNOWN_COLUMNS.len());
        Self::new(further.map(|column| column.label.clone()).collect())
    }

    pub(crate) fn into_parts(self) -> (Corpus<'static>, People) {
        (self.corpus, self.people)
    }
}
