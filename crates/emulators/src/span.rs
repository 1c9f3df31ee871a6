//! Which rows of a list a page holds, and what the faults of lists make of it.

use std::ops::Range;

use crate::answer::ApiRequest;
use crate::faults::Fault;

/// Where a page starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// At this row, the first is 0: lists with a cursor or an offset that the answer gives.
    Row(usize),
    /// At this page, the first is 1: lists whose client counts the pages.
    Page(usize),
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// The rows it holds, as positions in the whole list.
    pub(crate) rows: Range<usize>,
    /// How many rows the list says it has.
    pub(crate) total: usize,
    /// Where the next page starts; none on the last one.
    pub(crate) next: Option<usize>,
}

impl Span {
    /// The page of `size` rows of a list that has `total`. The faults of lists act on it:
    /// an empty or halved list agrees with its total, one cut short does not, and keeps its last
    /// rows so that a client which goes on behind the last one does not find the lost ones.
    pub(crate) fn of(request: &ApiRequest, total: usize, start: Start, size: usize) -> Self {
        let total = if request.suffers(&Fault::EmptyList) {
            0
        } else if request.suffers(&Fault::HalfPages) {
            total / 2
        } else {
            total
        };
        let size = if request.suffers(&Fault::ShortPages) {
            (size / 2).max(1)
        } else {
            size
        };
        let repeated = request.suffers(&Fault::RepeatedCursor);
        let (from, again) = match start {
            Start::Row(row) if repeated => (row.saturating_sub(size), row),
            Start::Row(row) => (row, row),
            // A page counter has no cursor; what it can do is to be answered with the first page.
            Start::Page(page) if repeated => (0, page.saturating_sub(1).saturating_mul(size)),
            Start::Page(page) => {
                let row = page.saturating_sub(1).saturating_mul(size);
                (row, row)
            }
        };
        let from = from.min(total);
        let to = from.saturating_add(size).min(total);
        let mut span = Self {
            rows: from..to,
            total,
            next: (to < total).then_some(to),
        };
        if repeated {
            span.next = Some(again);
        }
        if request.suffers(&Fault::TruncatedList) {
            span.rows.start += span.rows.len() / 2;
            span.next = None;
        }
        span
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use axum::http::{HeaderMap, Method};

    use super::*;

    fn suffering(faults: &[Fault]) -> ApiRequest {
        ApiRequest {
            method: Method::GET,
            path: "/".to_owned(),
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            faults: faults.to_vec(),
        }
    }

    #[test]
    fn a_healthy_list_is_cut_into_pages() {
        let healthy = suffering(&[]);
        let first = Span::of(&healthy, 45, Start::Row(0), 20);
        assert_eq!((first.rows, first.next), (0..20, Some(20)));
        let last = Span::of(&healthy, 45, Start::Page(3), 20);
        assert_eq!((last.rows, last.total, last.next), (40..45, 45, None));
        let behind = Span::of(&healthy, 45, Start::Page(9), 20);
        assert_eq!((behind.rows.len(), behind.next), (0, None));
    }

    #[test]
    fn each_fault_does_what_it_is_called() {
        let of = |fault, start| Span::of(&suffering(&[fault]), 45, start, 20);
        let empty = of(Fault::EmptyList, Start::Row(0));
        assert_eq!((empty.rows.len(), empty.total, empty.next), (0, 0, None));
        let half = of(Fault::HalfPages, Start::Row(20));
        assert_eq!((half.rows, half.total, half.next), (20..22, 22, None));
        let cut = of(Fault::TruncatedList, Start::Row(0));
        assert_eq!((cut.rows, cut.total, cut.next), (10..20, 45, None));
        let short = of(Fault::ShortPages, Start::Page(2));
        assert_eq!((short.rows, short.next), (10..20, Some(20)));
        let again = of(Fault::RepeatedCursor, Start::Row(20));
        assert_eq!((again.rows, again.next), (0..20, Some(20)));
        let first = of(Fault::RepeatedCursor, Start::Page(3));
        assert_eq!((first.rows, first.next), (0..20, Some(40)));
    }
}
