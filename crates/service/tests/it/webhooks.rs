//! Webhooks: signed, in order, again on the published schedule, by one, and from a cursor.

use std::sync::Arc;

use counterpart_model::webhook::{Attempt, AttemptOutcome, OLD_SECRET_SIGNS, RETRY_AFTER};
use counterpart_model::{
    Code, ConnectionId, EventKind, PageRequest, Role, WebhookId, WebhookState,
};
use counterpart_service::webhooks::{NewWebhook, WebhookChange, WebhookInput};
use counterpart_signing::{Headers, Secret, verify};
use secrecy::ExposeSecret as _;

use crate::receiver::{Received, Receiver};
use crate::world::{World, emulator, input_for};

/// A world with a connection, whose pausing and resuming make events.
struct Hooked {
    world: World,
    receiver: Receiver,
    connection: ConnectionId,
    paused: std::cell::Cell<bool>,
}

impl Hooked {
    async fn new() -> Self {
        let world = World::new().await;
        let emulator = emulator("zoho-crm", 5).await;
        let mut input = input_for(&emulator);
        input.untested = true;
        let saved = world.service.save_connection(&world.owner, input).await;
        Self {
            receiver: Receiver::start().await,
            connection: saved.expect("a connection").id,
            paused: std::cell::Cell::new(false),
            world,
        }
    }

    /// A webhook for a receiver of this machine that is not there yet, and its port.
    async fn documented(&self, name: &str) -> (u16, NewWebhook) {
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("an address").port();
        let input = WebhookInput {
            name: name.to_owned(),
            url: format!("http://127.0.0.1:{port}/"),
            ..WebhookInput::default()
        };
        let service = &self.world.service;
        let made = service.create_webhook(&self.world.owner, input).await;
        (port, made.expect("a webhook"))
    }

    async fn webhook(&self) -> NewWebhook {
        let input = WebhookInput {
            name: "Warehouse".to_owned(),
            url: self.receiver.url.clone(),
            kinds: vec![EventKind::ConnectionState],
            after: None,
        };
        let service = &self.world.service;
        let made = service.create_webhook(&self.world.owner, input).await;
        made.expect("a webhook")
    }

    /// Makes events, one after the other.
    async fn happen(&self, events: usize) {
        let (service, owner) = (&self.world.service, &self.world.owner);
        for _ in 0..events {
            let done = if self.paused.replace(!self.paused.get()) {
                service.resume_connection(owner, self.connection).await
            } else {
                service.pause_connection(owner, self.connection).await
            };
            done.expect("switched");
        }
    }

    async fn deliver(&self) {
        self.world.service.deliver_due().await.expect("delivered");
    }

    async fn state(&self, id: WebhookId) -> (WebhookState, u64) {
        let view = self.world.service.webhook(&self.world.owner, id).await;
        let webhook = view.expect("a webhook").webhook;
        (webhook.state, webhook.cursor)
    }

    async fn attempts(&self, id: WebhookId) -> Vec<Attempt> {
        let page = PageRequest::first(100);
        let service = &self.world.service;
        let listed = service.list_webhook_attempts(&self.world.owner, id, &page);
        let mut attempts = listed.await.expect("a list").items;
        attempts.reverse();
        attempts
    }
}

fn is_signed_by(received: &Received, secret: &secrecy::SecretString) -> bool {
    let secret: Secret = secret.expose_secret().parse().expect("a secret");
    let headers = Headers {
        id: received.header("webhook-id"),
        timestamp: received.header("webhook-timestamp"),
        signature: received.header("webhook-signature"),
    };
    let now = headers.timestamp.parse().expect("a number");
    verify(&[&secret], headers, &received.body, now).is_ok()
}

#[tokio::test]
async fn events_arrive_signed_and_in_their_order() {
    let hooked = Hooked::new().await;
    let made = hooked.webhook().await;
    hooked.happen(25).await;
    hooked.deliver().await;
    let received = hooked.receiver.received();
    let first = hooked.receiver.sequences()[0];
    let expected: Vec<u64> = (first..first + 25).collect();
    assert_eq!(hooked.receiver.sequences(), expected);
    for one in &received {
        assert!(is_signed_by(one, &made.secret));
        assert_eq!(one.header("content-type"), "application/json");
        let message = one.json();
        assert_eq!(message["id"], one.header("webhook-id"));
        assert_eq!(message["type"], "connection.state");
        assert_eq!(message["version"], 1);
    }
    assert_eq!(received[0].json()["data"]["state"], "paused");
    let last = first + 24;
    let state = hooked.state(made.webhook.id).await;
    assert_eq!(state, (WebhookState::Active, last));
    hooked.deliver().await;
    assert_eq!(hooked.receiver.received().len(), 25, "each arrives once");
}

#[tokio::test]
async fn what_fails_is_sent_again_on_the_published_schedule_and_holds_the_rest_up() {
    let hooked = Hooked::new().await;
    let made = hooked.webhook().await;
    let id = made.webhook.id;
    hooked.happen(2).await;
    hooked.receiver.answer(&["500 No"; 10]);
    hooked.deliver().await;
    for (failed, delay) in RETRY_AFTER.into_iter().enumerate() {
        assert_eq!(hooked.receiver.received().len(), failed + 1);
        hooked.world.clock.advance(delay - 1);
        hooked.deliver().await;
        assert_eq!(hooked.receiver.received().len(), failed + 1, "too early");
        // The jitter is at most a tenth.
        hooked.world.clock.advance(delay / 10 + 2);
        hooked.deliver().await;
    }
    let received = hooked.receiver.received();
    assert_eq!(received.len(), 10);
    let ids: Vec<&str> = received
        .iter()
        .map(|one| one.header("webhook-id"))
        .collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_ne!(
        received[0].header("webhook-timestamp"),
        received[9].header("webhook-timestamp"),
        "each attempt has a time of its own"
    );
    assert_eq!(hooked.state(id).await.0, WebhookState::Disabled);
    let attempts = hooked.attempts(id).await;
    assert_eq!(attempts.len(), 10);
    assert_eq!(attempts[0].status, Some(500));
    assert_eq!(attempts[0].answer, "word");
    assert!(attempts[0].next_at.is_some());
    assert_eq!(attempts[9].outcome, AttemptOutcome::GivenUp);
    let page = PageRequest::first(1);
    let (service, owner) = (&hooked.world.service, &hooked.world.owner);
    let audit = service.list_audit(owner, &page).await.expect("a list");
    assert_eq!(audit.items[0].event.action, "webhook.disabled");
    // Mended: it goes on where it stopped.
    let change = WebhookChange {
        active: Some(true),
        ..WebhookChange::default()
    };
    let resumed = service.change_webhook(owner, id, change).await;
    assert_eq!(resumed.expect("resumed").state, WebhookState::Active);
    hooked.deliver().await;
    let sequences = hooked.receiver.sequences();
    assert_eq!(sequences[10..], [sequences[0], sequences[0] + 1]);
}

#[tokio::test]
async fn a_receiver_that_is_gone_disables_its_webhook_at_once() {
    let hooked = Hooked::new().await;
    let id = hooked.webhook().await.webhook.id;
    hooked.receiver.answer(&["410 Gone"]);
    hooked.happen(2).await;
    hooked.deliver().await;
    assert_eq!(hooked.receiver.received().len(), 1);
    assert_eq!(hooked.state(id).await.0, WebhookState::Disabled);
}

#[tokio::test]
async fn what_was_sent_and_not_noted_is_sent_again_under_the_same_id() {
    let hooked = Hooked::new().await;
    let id = hooked.webhook().await.webhook.id;
    hooked.happen(1).await;
    // The receiver has it and does not answer; the node dies meanwhile.
    hooked.receiver.answer(&[""]);
    let service = hooked.world.service.clone();
    let dying = tokio::spawn(async move { service.deliver_due().await });
    hooked.receiver.something().await;
    dying.abort();
    assert!(dying.await.is_err(), "it is dead");
    hooked.deliver().await;
    assert_eq!(hooked.receiver.received().len(), 1, "its lease still holds");
    hooked.world.clock.advance(61);
    hooked.deliver().await;
    let received = hooked.receiver.received();
    assert_eq!(received.len(), 2);
    let ids = [&received[0], &received[1]].map(|one| one.header("webhook-id"));
    assert_eq!(ids[0], ids[1]);
    assert_eq!(received[0].body, received[1].body);
    assert_eq!(hooked.attempts(id).await.len(), 1, "the dead noted nothing");
}

#[tokio::test]
async fn of_several_workers_one_sends() {
    let hooked = Hooked::new().await;
    hooked.webhook().await;
    hooked.happen(30).await;
    let service = Arc::new(hooked.world.service.clone());
    let workers = (0..4).map(|_| {
        let service = Arc::clone(&service);
        tokio::spawn(async move { service.deliver_due().await })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await.expect("no panic").expect("delivered");
    }
    hooked.deliver().await;
    let sequences = hooked.receiver.sequences();
    let first = sequences[0];
    assert_eq!(sequences, (first..first + 30).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_webhook_is_replayed_from_a_cursor() {
    let hooked = Hooked::new().await;
    let made = hooked.webhook().await;
    let (service, owner) = (&hooked.world.service, &hooked.world.owner);
    hooked.happen(3).await;
    hooked.deliver().await;
    let before = hooked.receiver.received();
    let from = before[1].json()["sequence"].as_u64().expect("a number");
    let replayed = service.replay_webhook(owner, made.webhook.id, from).await;
    assert_eq!(replayed.expect("rewound").behind, 2);
    hooked.deliver().await;
    let after = hooked.receiver.received();
    assert_eq!(after.len(), 5);
    assert_eq!(after[3].body, before[1].body);
    assert_eq!(after[4].body, before[2].body);
    for outside in [0, from + 100] {
        let refused = service
            .replay_webhook(owner, made.webhook.id, outside)
            .await;
        assert!(refused.is_err(), "{outside}");
    }
}

#[tokio::test]
async fn a_replaced_secret_signs_for_a_day() {
    let hooked = Hooked::new().await;
    let old = hooked.webhook().await;
    let (service, owner) = (&hooked.world.service, &hooked.world.owner);
    let rotated = service.rotate_webhook_secret(owner, old.webhook.id).await;
    let new = rotated.expect("another secret");
    assert_ne!(new.secret.expose_secret(), old.secret.expose_secret());
    hooked.happen(1).await;
    hooked.deliver().await;
    hooked.world.clock.advance(OLD_SECRET_SIGNS);
    hooked.happen(1).await;
    hooked.deliver().await;
    let received = hooked.receiver.received();
    assert!(is_signed_by(&received[0], &old.secret));
    assert!(is_signed_by(&received[0], &new.secret));
    assert!(!is_signed_by(&received[1], &old.secret));
    assert!(is_signed_by(&received[1], &new.secret));
}

#[tokio::test]
async fn a_paused_webhook_waits_and_misses_nothing() {
    let hooked = Hooked::new().await;
    let id = hooked.webhook().await.webhook.id;
    let (service, owner) = (&hooked.world.service, &hooked.world.owner);
    let switch = async |active| {
        let change = WebhookChange {
            active: Some(active),
            ..WebhookChange::default()
        };
        let changed = service.change_webhook(owner, id, change).await;
        changed.expect("changed")
    };
    assert_eq!(switch(false).await.state, WebhookState::Paused);
    hooked.happen(2).await;
    hooked.deliver().await;
    assert_eq!(hooked.receiver.received().len(), 0);
    assert_eq!(switch(true).await.state, WebhookState::Active);
    hooked.deliver().await;
    assert_eq!(hooked.receiver.received().len(), 2);
}

#[tokio::test]
async fn addresses_inside_are_refused_when_saved_and_when_used() {
    let hooked = Hooked::new().await;
    let (service, owner) = (&hooked.world.service, &hooked.world.owner);
    for url in [
        "https://169.254.169.254/latest",
        "https://10.0.0.1/",
        "http://8.8.8.8/plain",
        "https://user:password@8.8.8.8/",
        "ftp://8.8.8.8/",
        "hooks.example.com",
    ] {
        let input = WebhookInput {
            name: "Warehouse".to_owned(),
            url: url.to_owned(),
            ..WebhookInput::default()
        };
        let refused = service.create_webhook(owner, input).await;
        let error = refused.expect_err(url);
        assert_eq!(error.code(), Code::WebhookInvalid, "{url}");
        assert_eq!(error.fields()[0].field, "url", "{url}");
    }
    // A redirect is no way in either.
    let id = hooked.webhook().await.webhook.id;
    hooked
        .receiver
        .answer(&["302 Found\r\nlocation: http://169.254.169.254/latest"]);
    let tested = service.test_webhook(owner, id).await.expect("an attempt");
    assert_eq!(tested.outcome, AttemptOutcome::Failed);
    assert_eq!(tested.code, Some(Code::ConnectionRedirected));
    assert_eq!(hooked.receiver.received().len(), 1);
}

#[tokio::test]
async fn a_test_is_sent_and_noted_without_moving_anything() {
    let hooked = Hooked::new().await;
    let made = hooked.webhook().await;
    let (service, owner) = (&hooked.world.service, &hooked.world.owner);
    let before = hooked.state(made.webhook.id).await;
    let tested = service.test_webhook(owner, made.webhook.id).await;
    assert_eq!(tested.expect("an attempt").status, Some(200));
    let received = hooked.receiver.received();
    assert_eq!(received[0].json()["type"], "webhook.test");
    assert!(is_signed_by(&received[0], &made.secret));
    assert_eq!(hooked.attempts(made.webhook.id).await.len(), 1);
    assert_eq!(hooked.state(made.webhook.id).await, before);
}

#[tokio::test]
async fn the_log_is_read_from_a_cursor_and_says_when_something_was_missed() {
    let hooked = Hooked::new().await;
    let (service, owner) = (&hooked.world.service, &hooked.world.owner);
    let begin = service.event_cursor(owner).await.expect("a cursor");
    hooked.happen(3).await;
    let page = service.list_events(owner, Some(begin), 2).await;
    let page = page.expect("a page");
    assert_eq!((page.events.len(), page.more), (2, true));
    let page = service.list_events(owner, Some(page.cursor), 2).await;
    let page = page.expect("a page");
    assert_eq!((page.events.len(), page.more), (1, false));
    hooked.world.clock.advance(31 * 24 * 60 * 60);
    service.forget_old_events().await.expect("forgotten");
    for outside in [begin, begin + 4] {
        let refused = service.list_events(owner, Some(outside), 2).await;
        let error = refused.expect_err("it lies outside");
        assert_eq!(error.code(), Code::EventCursorUnknown);
    }
    let page = service.list_events(owner, None, 2).await.expect("a page");
    assert_eq!((page.events.len(), page.cursor), (0, begin + 3));
}

#[tokio::test]
async fn only_admins_see_webhooks_and_nobody_their_secret_again() {
    let hooked = Hooked::new().await;
    let made = hooked.webhook().await;
    let world = &hooked.world;
    let viewer = world.member("viewer@example.com", Role::Viewer).await;
    let refused = world.service.list_webhooks(&viewer).await;
    let error = refused.expect_err("not for viewers");
    assert_eq!(error.code(), Code::AuthForbidden);
    let listed = world.service.list_webhooks(&world.owner).await;
    let shown = format!("{:?} {made:?}", listed.expect("a list"));
    assert!(!shown.contains(made.secret.expose_secret()));
    assert!(shown.contains("Sealed"));
}

/// The receiver of the documentation, as a program of its own.
async fn documented_receiver(port: u16, secret: &str) -> tokio::process::Child {
    let page = include_str!("../../../../docs/webhooks.md");
    let code = page.split("```python\n").nth(1).expect("a receiver");
    let code = code.split("```").next().expect("its end");
    let mut child = tokio::process::Command::new("python3")
        .args(["-c", code])
        .env("WEBHOOK_SECRET", secret)
        .env("PORT", port.to_string())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("python3 is installed");
    loop {
        if tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .is_ok()
        {
            return child;
        }
        let ended = child.try_wait().expect("a child");
        assert!(ended.is_none(), "the receiver ended: {ended:?}");
        tokio::task::yield_now().await;
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the other program reads the real time"
)]
#[tokio::test]
async fn the_receiver_of_the_documentation_takes_ours_and_no_others() {
    use tokio::io::{AsyncBufReadExt as _, BufReader};

    let hooked = Hooked::new().await;
    let (service, owner) = (&hooked.world.service, &hooked.world.owner);
    // It compares timestamps with the real time.
    let real = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .expect("after 1970")
        .as_secs();
    let behind = i64::try_from(real).expect("a time") - service.now().as_micros() / 1_000_000;
    hooked.world.clock.advance(behind);
    let (port, made) = hooked.documented("Documented").await;
    let mut receiver = documented_receiver(port, made.secret.expose_secret()).await;
    hooked.happen(1).await;
    hooked.deliver().await;
    let out = receiver.stdout.take().expect("its output");
    let printed = BufReader::new(out).lines().next_line().await;
    assert_eq!(printed.expect("read").as_deref(), Some("connection.state"));
    let attempts = hooked.attempts(made.webhook.id).await;
    assert_eq!(attempts[0].status, Some(204));
    // Signed with another secret, as a stranger would.
    let (port, made) = hooked.documented("Somebody else's").await;
    let stranger = Secret::from_random([9; 32]).to_text();
    let _other = documented_receiver(port, stranger.expose_secret()).await;
    let tested = service.test_webhook(owner, made.webhook.id).await;
    assert_eq!(tested.expect("an attempt").status, Some(401));
}
