//! Pages of a list, and what the faults of a list make of them. How a page is asked for and
//! announced is each vendor's own.

use crate::answer::ApiRequest;
use crate::faults::Fault;

/// One page.
#[derive(Debug)]
pub(crate) struct Page<'a, T> {
    /// What is on it.
    pub(crate) rows: Vec<&'a T>,
    /// The position at which the next page starts; none behind the last one.
    pub(crate) next: Option<usize>,
}

impl<T> Page<'_, T> {
    /// The number of the next page, given this one's position and number. The page behind a
    /// repeated cursor is this page, number and all.
    pub(crate) fn next_with_number(&self, from: usize, number: u32) -> Option<(usize, u32)> {
        let next = self.next?;
        Some((next, if next == from { number } else { number + 1 }))
    }
}

/// The page of at most `size` items that starts at position `from` of `items`; those that are not
/// kept are passed over. One page costs what lies between its ends, whatever the list's length.
pub(crate) fn page<'a, T>(
    request: &ApiRequest,
    items: &'a [T],
    keep: impl Fn(&T) -> bool,
    from: usize,
    size: usize,
) -> Page<'a, T> {
    if request.suffers(&Fault::EmptyList) {
        return Page {
            rows: Vec::new(),
            next: None,
        };
    }
    let end = if request.suffers(&Fault::HalfPages) {
        half(items, &keep)
    } else {
        items.len()
    };
    let short = request.suffers(&Fault::ShortPages);
    let size = if short { (size / 2).max(1) } else { size };
    let mut rows = Vec::with_capacity(size.min(end.saturating_sub(from)));
    let mut next = None;
    for (position, item) in items.iter().enumerate().take(end).skip(from) {
        if !keep(item) {
            continue;
        }
        if rows.len() == size {
            next = Some(position);
            break;
        }
        rows.push(item);
    }
    if request.suffers(&Fault::RepeatedCursor) {
        next = Some(from);
    }
    if request.suffers(&Fault::TruncatedList) {
        rows.truncate(rows.len() / 2);
        next = None;
    }
    Page { rows, next }
}

/// How many items a list announces: it agrees with one that is empty or halved, not with one cut
/// short.
pub(crate) fn announced<T>(request: &ApiRequest, items: &[T], keep: impl Fn(&T) -> bool) -> usize {
    if request.suffers(&Fault::EmptyList) {
        return 0;
    }
    let all = items.iter().filter(|item| keep(item)).count();
    if request.suffers(&Fault::HalfPages) {
        all / 2
    } else {
        all
    }
}

/// The position behind the first half of the kept items.
fn half<T>(items: &[T], keep: impl Fn(&T) -> bool) -> usize {
    let all = items.iter().filter(|item| keep(item)).count();
    let mut kept = items.iter().enumerate().filter(|(_, item)| keep(item));
    kept.nth(all / 2)
        .map_or(items.len(), |(position, _)| position)
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use axum::http::{HeaderMap, Method};

    use super::*;

    fn request(faults: Vec<Fault>) -> ApiRequest {
        ApiRequest {
            method: Method::GET,
            path: String::new(),
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            faults,
        }
    }

    #[test]
    fn pages_hold_every_kept_item_once() {
        let (well, items): (_, Vec<u32>) = (request(Vec::new()), (0..11).collect());
        let (mut seen, mut from) = (Vec::new(), Some(0));
        while let Some(start) = from {
            let page = page(&well, &items, |number| number.is_multiple_of(2), start, 4);
            seen.extend(page.rows.iter().map(|row| **row));
            from = page.next;
        }
        assert_eq!(seen, [0, 2, 4, 6, 8, 10]);
        assert_eq!(
            announced(&well, &items, |number| number.is_multiple_of(2)),
            6
        );
    }

    #[test]
    fn each_fault_of_a_list_does_what_it_says() {
        let items: Vec<u32> = (0..12).collect();
        let first = |fault: Fault| {
            let request = request(vec![fault]);
            let page = page(&request, &items, |number| number.is_multiple_of(2), 0, 4);
            let rows: Vec<u32> = page.rows.iter().map(|row| **row).collect();
            (
                rows,
                page.next,
                announced(&request, &items, |number| number.is_multiple_of(2)),
            )
        };
        assert_eq!(first(Fault::EmptyList), (vec![], None, 0));
        assert_eq!(first(Fault::HalfPages), (vec![0, 2, 4], None, 3));
        assert_eq!(first(Fault::ShortPages), (vec![0, 2], Some(4), 6));
        assert_eq!(first(Fault::TruncatedList), (vec![0, 2], None, 6));
        assert_eq!(first(Fault::RepeatedCursor).1, Some(0));
    }
}
