//! Cursors: where a list goes on, as opaque text made from the columns it is sorted by.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use counterpart_model::{Cursor, Page, PageRequest};
use counterpart_store::{Result, StoreError};
use serde::{Serialize, de::DeserializeOwned};

/// The place behind which a page begins; `None` for the first page.
pub(crate) fn after<K: DeserializeOwned>(page: &PageRequest) -> Result<Option<K>> {
    page.after.as_ref().map(decode).transpose()
}

fn decode<K: DeserializeOwned>(cursor: &Cursor) -> Result<K> {
    URL_SAFE_NO_PAD
        .decode(&cursor.0)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .ok_or_else(|| StoreError::Misuse("the cursor is not one that this list gave out".into()))
}

fn encode<K: Serialize>(key: &K) -> Result<Cursor> {
    let bytes = serde_json::to_vec(key).map_err(|error| StoreError::Misuse(error.to_string()))?;
    Ok(Cursor(URL_SAFE_NO_PAD.encode(bytes)))
}

/// How many rows to ask for: one more than wanted shows whether there is another page.
pub(crate) fn limit(page: &PageRequest) -> i64 {
    i64::from(page.limit()) + 1
}

/// The page made of `items`, of which there may be one more than wanted; `key` is what they are
/// sorted by.
pub(crate) fn page<T, K: Serialize>(
    request: &PageRequest,
    mut items: Vec<T>,
    key: impl Fn(&T) -> K,
) -> Result<Page<T>> {
    let wanted = usize::try_from(request.limit()).unwrap_or(usize::MAX);
    let more = items.len() > wanted;
    items.truncate(wanted);
    let next = match items.last() {
        Some(last) if more => Some(encode(&key(last))?),
        _ => None,
    };
    Ok(Page { items, next })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forged_cursor_is_refused() {
        let page = PageRequest::new(Some(Cursor("' OR 1=1 --".into())), 10);
        assert!(matches!(
            after::<(String, u64)>(&page),
            Err(StoreError::Misuse(_))
        ));
    }

    #[test]
    fn the_last_page_has_no_cursor() {
        let request = PageRequest::first(2);
        let full = page(&request, vec![1, 2], |n| *n).expect("encodes");
        assert_eq!((full.items.len(), full.next), (2, None));
        let more = page(&request, vec![1, 2, 3], |n| *n).expect("encodes");
        assert_eq!(more.items, [1, 2]);
        let again = PageRequest::new(more.next, 2);
        assert_eq!(after::<i32>(&again).expect("its own cursor"), Some(2));
    }
}
