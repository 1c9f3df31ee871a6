//! Pages of lists as real links.

use counterpart_model::{Cursor, PageRequest};

use crate::request::address;

/// Links to the other pages of a list.
#[derive(Debug, Default)]
pub(crate) struct Paging {
    pub(crate) first: Option<String>,
    pub(crate) next: Option<String>,
}

impl Paging {
    /// The links of a page at `path` that was asked for with `asked`, behind `after`, when the
    /// list goes on at `next`.
    pub(crate) fn new(
        path: &str,
        asked: &[(&str, &str)],
        after: &str,
        next: Option<Cursor>,
    ) -> Self {
        Self {
            first: (!after.is_empty()).then(|| address(path, asked)),
            next: next.map(|next| {
                let mut asked = asked.to_vec();
                asked.push(("after", &next.0));
                address(path, &asked)
            }),
        }
    }

    /// Whether there is any other page.
    pub(crate) fn several(&self) -> bool {
        self.first.is_some() || self.next.is_some()
    }
}

/// The page behind `after`, the first one if it is empty.
pub(crate) fn page_after(after: &str, limit: u32) -> PageRequest {
    let after = Some(after).filter(|after| !after.is_empty());
    PageRequest::new(after.map(|after| Cursor(after.to_owned())), limit)
}
