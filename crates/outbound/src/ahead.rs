//! Asking for what comes next before it is wanted.
//!
//! Whoever reads a long list page by page waits for each page, works on it, and waits again. An
//! answer that says where the next page is allows to ask for that one at once: then the waiting
//! and the work happen at the same time.
//!
//! What was asked for early is handed out only for a request that is the same in every part, so
//! that nobody can tell the difference but by the clock. One request is out at a time, and only
//! requests without a body, which change nothing, are sent early.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::JoinHandle;
use url::Url;

use crate::error::OutboundError;
use crate::{Request, Response};

/// Says where an answer leads: the address it answers, and the answer.
type Leads = dyn Fn(&Url, &Response) -> Option<Url> + Send + Sync;

/// What was asked for early. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Ahead {
    early: Arc<Mutex<Option<Early>>>,
    leads: Option<Arc<Leads>>,
}

/// A request under way that nobody has asked for yet; given up when dropped.
struct Early {
    request: Request,
    answer: JoinHandle<Result<Response, OutboundError>>,
}

impl Drop for Early {
    fn drop(&mut self) {
        self.answer.abort();
    }
}

impl Ahead {
    /// The same, of a list whose answers lead on as `leads` says.
    pub(crate) fn along(&self, leads: Arc<Leads>) -> Self {
        Self {
            early: Arc::clone(&self.early),
            leads: Some(leads),
        }
    }

    /// The answer to `request`, if it was sent early. `None` also when sending it went wrong in
    /// a way that has no answer to show: it is then sent once more.
    pub(crate) async fn take(&self, request: &Request) -> Option<Result<Response, OutboundError>> {
        let mut early = {
            let mut early = self.early.lock().unwrap_or_else(PoisonError::into_inner);
            early.take_if(|early| early.request.is_same_as(request))?
        };
        (&mut early.answer).await.ok()
    }

    /// What to ask for next, after `response` to `request`.
    pub(crate) fn following(&self, request: &Request, response: &Response) -> Option<Request> {
        let leads = self.leads.as_ref()?;
        if !response.is_success() || !request.only_reads() {
            return None;
        }
        let next = leads(request.url(), response)?;
        Some(request.clone().at(next))
    }

    /// Remembers a request that was sent early, in place of an earlier one that nobody wanted.
    pub(crate) fn put(
        &self,
        request: Request,
        answer: JoinHandle<Result<Response, OutboundError>>,
    ) {
        let early = Early { request, answer };
        *self.early.lock().unwrap_or_else(PoisonError::into_inner) = Some(early);
    }
}

impl fmt::Debug for Ahead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ahead").finish_non_exhaustive()
    }
}
