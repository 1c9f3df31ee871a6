//! What happens while somebody looks, as server-sent events.
//!
//! Messages without a name hold the progress of a run as a piece of a page; `changed` wakes up
//! what should be read anew. A page that missed some reads everything anew.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::response::sse::{Event as Message, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use counterpart_model::{ConnectionId, PageRequest, Run, RunState};
use counterpart_service::Event;
use counterpart_service::events::{Heard, Listener};
use futures::stream;

use crate::App;
use crate::problem::Problem;
use crate::session::Portal;
use crate::words::{count, grouped, sentence};

/// How often a quiet stream says that it lives, so that nobody in between cuts it.
const SIGN_OF_LIFE: Duration = Duration::from_secs(20);

#[derive(Template)]
#[template(path = "connections/progress.html")]
struct Progress {
    connection: String,
    path: String,
    running: bool,
    tone: &'static str,
    words: String,
    read: u64,
    expected: Option<u64>,
}

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/o/{organization}/events", get(listen))
}

/// What a stream holds between two messages.
struct Stream {
    portal: Portal,
    listener: Listener,
    names: HashMap<ConnectionId, String>,
    ready: VecDeque<Message>,
}

/// `GET /o/{organization}/events`
async fn listen(portal: Portal) -> Result<Response, Problem> {
    let listener = portal.service.listen(&portal.actor);
    let mut stream = Stream {
        portal,
        listener,
        names: HashMap::new(),
        ready: VecDeque::new(),
    };
    stream.look().await?;
    let messages = stream::unfold(stream, |mut stream| async move {
        let message = stream.next().await?;
        Some((Ok::<_, Infallible>(message), stream))
    });
    let events = Sse::new(messages).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE));
    Ok(events.into_response())
}

impl Stream {
    /// Begins with the runs that are under way.
    async fn look(&mut self) -> Result<(), Problem> {
        let service = &self.portal.service;
        for connection in service.list_connections(&self.portal.actor).await? {
            self.names.insert(connection.id, connection.name);
            let page = PageRequest::first(1);
            let runs = service
                .list_runs(&self.portal.actor, connection.id, &page)
                .await?;
            if let Some(run) = runs
                .items
                .first()
                .filter(|run| run.state == RunState::Pulling)
            {
                self.ready.extend(self.progress(run));
            }
        }
        Ok(())
    }

    async fn next(&mut self) -> Option<Message> {
        loop {
            if let Some(message) = self.ready.pop_front() {
                return Some(message);
            }
            match self.listener.next().await? {
                Heard::Event(Event::Run { run, .. }) => {
                    self.learn_name(&run).await;
                    self.ready.extend(self.progress(&run));
                    if run.state != RunState::Pulling {
                        self.ready.push_back(changed());
                    }
                }
                Heard::Event(Event::Mapping { .. } | Event::Connection { .. }) | Heard::Missed => {
                    self.ready.push_back(changed());
                }
            }
        }
    }

    /// A connection that was added behind our back still has a name.
    async fn learn_name(&mut self, run: &Run) {
        if self.names.contains_key(&run.connection_id) {
            return;
        }
        let service = &self.portal.service;
        if let Ok(connections) = service.list_connections(&self.portal.actor).await {
            self.names = connections
                .into_iter()
                .map(|known| (known.id, known.name))
                .collect();
        }
    }

    fn progress(&self, run: &Run) -> Option<Message> {
        let connection = self
            .names
            .get(&run.connection_id)
            .cloned()
            .unwrap_or_default();
        let path = self.portal.path(&format!(
            "/connections/{}/runs/{}",
            run.connection_id, run.id
        ));
        let (_, tone) = crate::words::run(run.state);
        let report = &run.report;
        let words = match run.state {
            RunState::Pulling => {
                under_way(run, self.portal.service.now().seconds_since(run.started_at))
            }
            RunState::Complete => format!(
                "{} read, {} new, {} changed, {} gone",
                grouped(report.read),
                grouped(report.new),
                grouped(report.changed),
                grouped(report.gone)
            ),
            RunState::Held => {
                "a brake stopped the sync before the first change; it waits for you".to_owned()
            }
            RunState::Failed => run.failure.as_ref().map_or_else(
                || "the sync failed; nothing was changed".to_owned(),
                |failure| format!("the sync failed: {}", failure.detail),
            ),
            RunState::Rejected => "what the sync found was rejected".to_owned(),
        };
        let progress = Progress {
            connection,
            path,
            running: run.state == RunState::Pulling,
            tone,
            words: sentence(&words),
            read: report.read,
            expected: run.expected,
        };
        Some(Message::default().data(progress.render().ok()?))
    }
}

/// How far a run is, with what is left of it after `seconds`, once that can be told.
fn under_way(run: &Run, seconds: i64) -> String {
    let read = run.report.read;
    let Some(expected) = run.expected.filter(|expected| *expected > 0) else {
        return format!("{} read", count(read, "user", "users"));
    };
    let head = format!(
        "{} of {} read",
        grouped(read),
        count(expected, "user", "users")
    );
    let seconds = u64::try_from(seconds).unwrap_or_default();
    if seconds < 2 || read == 0 || read >= expected {
        return head;
    }
    let left = seconds * (expected - read) / read;
    format!("{head}, about {} s left", grouped(left.max(1)))
}

fn changed() -> Message {
    Message::default().event("changed").data("now")
}
