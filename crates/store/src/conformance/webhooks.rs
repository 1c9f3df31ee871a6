//! Webhooks: keeping them, delivering to each by one at a time, and the log of attempts.

use counterpart_model::event::ConnectionStateChange;
use counterpart_model::webhook::{Attempt, AttemptOutcome, OldSecret};
use counterpart_model::{
    Code, ConnectionState, EventKind, LoggedEvent, NewEvent, Sealed, Timestamp, Webhook, WebhookId,
    WebhookState,
};

use super::fixture::{World, all};
use crate::Store;
use crate::webhooks::{ClaimWebhook, ClaimedWebhook, RecordAttempt, SaveWebhook, Then};

fn sealed(text: &str) -> Sealed {
    Sealed {
        key_id: "key".into(),
        nonce: vec![1, 2, 3],
        ciphertext: text.into(),
    }
}

fn webhook(world: &World<'_>, kinds: &[EventKind]) -> Webhook {
    Webhook {
        id: WebhookId::generate(world.seed(), world.seed()),
        name: "Warehouse".into(),
        url: "https://hooks.example/in".into(),
        kinds: kinds.to_vec(),
        state: WebhookState::Active,
        disabled_because: None,
        secret: sealed("secret"),
        old_secret: None,
        cursor: 0,
        failed_attempts: 0,
        next_at: world.now(),
        created_at: world.now(),
        version: 0,
    }
}

async fn save(world: &World<'_>, webhook: &Webhook) -> bool {
    let save = SaveWebhook {
        webhook: webhook.clone(),
        event: world.event("webhook.saved"),
    };
    let saved = world.store.save_webhook(world.id(), &save).await;
    saved.expect("asked")
}

/// A webhook that is kept, for events of connections.
async fn kept(world: &World<'_>) -> Webhook {
    world.wait(1);
    let mut webhook = webhook(world, &[EventKind::ConnectionState]);
    assert!(save(world, &webhook).await);
    webhook.version = 1;
    webhook
}

async fn find(world: &World<'_>, id: WebhookId) -> Webhook {
    let found = world.store.find_webhook(world.id(), id).await;
    found.expect("asked").expect("a webhook")
}

async fn append(world: &World<'_>, count: usize) {
    let event = NewEvent::ConnectionState(ConnectionStateChange {
        connection_id: world.directory.id,
        name: "Directory".into(),
        before: ConnectionState::New,
        state: ConnectionState::Healthy,
        code: None,
        detail: None,
    });
    let mut unit = world.store.begin(world.id()).await.expect("begun");
    let appended = unit.append_events(&vec![event; count], world.now()).await;
    appended.expect("appended");
    unit.commit().await.expect("committed");
}

/// Claims for a minute.
async fn claim(world: &World<'_>, id: WebhookId, holder: &str) -> Option<ClaimedWebhook> {
    let claim = ClaimWebhook {
        id,
        holder: holder.into(),
        now: world.now(),
        until: world.now().plus_seconds(60),
        most: 2,
    };
    let claimed = world.store.claim_webhook(world.id(), &claim).await;
    claimed.expect("asked")
}

async fn due(world: &World<'_>) -> Vec<WebhookId> {
    let due = world.store.due_webhooks(world.id(), world.now()).await;
    due.expect("asked")
}

fn sequences(claimed: &ClaimedWebhook) -> Vec<u64> {
    claimed.events.iter().map(|event| event.sequence).collect()
}

fn attempt(world: &World<'_>, event: Option<&LoggedEvent>, outcome: AttemptOutcome) -> Attempt {
    Attempt {
        number: 0,
        sequence: event.map(|event| event.sequence),
        message_id: "evt_1".into(),
        kind: event.map(|event| event.kind),
        at: world.now(),
        millis: 12,
        outcome,
        status: Some(204),
        code: None,
        answer: String::new(),
        next_at: None,
    }
}

async fn record(
    world: &World<'_>,
    (id, holder): (WebhookId, &str),
    attempt: Attempt,
    then: Then,
) -> bool {
    let record = RecordAttempt {
        webhook_id: id,
        holder: holder.into(),
        attempt,
        then,
    };
    let held = world.store.record_attempt(world.id(), &record).await;
    held.expect("recorded")
}

async fn attempts(world: &World<'_>, id: WebhookId) -> Vec<Attempt> {
    all(async |page| world.store.list_attempts(world.id(), id, &page).await).await
}

/// A webhook comes back as it was saved; another organization does not see it.
pub async fn a_webhook_is_kept(store: &dyn Store) {
    let world = World::found(store, "a_webhook_is_kept").await;
    let other = World::found(store, "a_webhook_is_kept, next door").await;
    let mut first = webhook(&world, &EventKind::ALL);
    first.state = WebhookState::Disabled;
    first.disabled_because = Some("gone".into());
    first.old_secret = Some(OldSecret {
        sealed: sealed("old"),
        until: world.now(),
    });
    first.cursor = 7;
    assert!(save(&world, &first).await);
    first.version = 1;
    let second = kept(&world).await;
    let listed = store.list_webhooks(world.id()).await.expect("listed");
    assert_eq!(listed, [first.clone(), second]);
    assert_eq!(find(&world, first.id).await, first);
    let foreign = store.find_webhook(other.id(), first.id).await;
    assert_eq!(foreign.expect("asked"), None);
    assert_eq!(store.list_webhooks(other.id()).await.expect("listed"), []);
    let removed = store.remove_webhook(other.id(), first.id, other.event("removed"));
    assert!(!removed.await.expect("asked"));
    let removed = store.remove_webhook(world.id(), first.id, world.event("removed"));
    assert!(removed.await.expect("asked"));
    assert_eq!(
        store.list_webhooks(world.id()).await.expect("listed").len(),
        1
    );
}

/// Saving over what somebody else saved writes nothing; saving leaves the cursor alone.
pub async fn a_stale_webhook_is_not_saved(store: &dyn Store) {
    let world = World::found(store, "a_stale_webhook_is_not_saved").await;
    let webhook = kept(&world).await;
    let mut changed = webhook.clone();
    changed.name = "Lake".into();
    changed.cursor = 99;
    changed.failed_attempts = 9;
    assert!(save(&world, &changed).await);
    assert!(!save(&world, &changed).await, "it has version 2 now");
    let found = find(&world, webhook.id).await;
    assert_eq!((found.name.as_str(), found.version), ("Lake", 2));
    assert_eq!((found.cursor, found.failed_attempts), (0, 0));
}

/// Events come in their order, of the kinds that are wanted, behind the cursor.
pub async fn a_claim_brings_what_is_wanted(store: &dyn Store) {
    let world = World::found(store, "a_claim_brings_what_is_wanted").await;
    let connection = world.connect("CRM").await;
    let ann = world.add_person("Ann").await;
    let webhook = kept(&world).await;
    assert_eq!(due(&world).await, [], "nothing has happened");
    append(&world, 1).await;
    world.map(connection, ann.id, "u1").await;
    append(&world, 2).await;
    assert_eq!(due(&world).await, [webhook.id]);
    let claimed = claim(&world, webhook.id, "one").await.expect("events");
    assert_eq!(sequences(&claimed), [1, 3]);
    let mine = (webhook.id, "one");
    for event in &claimed.events {
        let delivered = attempt(&world, Some(event), AttemptOutcome::Delivered);
        let last = event.sequence == 3;
        let until = world.now().plus_seconds(if last { 0 } else { 60 });
        assert!(record(&world, mine, delivered, Then::Advance(until)).await);
    }
    assert_eq!(find(&world, webhook.id).await.cursor, 3);
    let claimed = claim(&world, webhook.id, "two").await.expect("events");
    assert_eq!(sequences(&claimed), [4]);
}

/// Events that are not wanted are passed over without a message.
pub async fn unwanted_events_are_passed_over(store: &dyn Store) {
    let world = World::found(store, "unwanted_events_are_passed_over").await;
    let connection = world.connect("CRM").await;
    let ann = world.add_person("Ann").await;
    let webhook = kept(&world).await;
    world.map(connection, ann.id, "u1").await;
    assert_eq!(due(&world).await, [webhook.id]);
    assert!(claim(&world, webhook.id, "one").await.is_none());
    assert_eq!(find(&world, webhook.id).await.cursor, 1);
    assert_eq!(due(&world).await, []);
}

/// One delivers at a time; whoever lost the claim no longer moves the cursor.
pub async fn a_webhook_is_delivered_to_by_one(store: &dyn Store) {
    let world = World::found(store, "a_webhook_is_delivered_to_by_one").await;
    let webhook = kept(&world).await;
    append(&world, 1).await;
    let first = claim(&world, webhook.id, "one").await.expect("events");
    assert!(claim(&world, webhook.id, "two").await.is_none());
    assert_eq!(due(&world).await, []);
    world.wait(60);
    assert_eq!(due(&world).await, [webhook.id], "the first is dead");
    let second = claim(&world, webhook.id, "two").await.expect("events");
    assert_eq!(sequences(&second), sequences(&first));
    let delivered = || attempt(&world, first.events.first(), AttemptOutcome::Delivered);
    let (late, done) = (Then::Advance(world.now()), Then::Advance(world.now()));
    assert!(!record(&world, (webhook.id, "one"), delivered(), late).await);
    assert_eq!(find(&world, webhook.id).await.cursor, 0);
    assert!(record(&world, (webhook.id, "two"), delivered(), done).await);
    assert_eq!(find(&world, webhook.id).await.cursor, 1);
    assert_eq!(
        attempts(&world, webhook.id).await.len(),
        2,
        "both are noted"
    );
}

/// A failed attempt is repeated at its time; the last one disables, which is audited.
pub async fn failed_attempts_are_repeated_and_given_up(store: &dyn Store) {
    let world = World::found(store, "failed_attempts_are_repeated").await;
    let webhook = kept(&world).await;
    append(&world, 1).await;
    let claimed = claim(&world, webhook.id, "one").await.expect("events");
    let event = claimed.events.first();
    let again = world.now().plus_seconds(5);
    let mut failed = attempt(&world, event, AttemptOutcome::Failed);
    failed.status = None;
    failed.code = Some(Code::ConnectionTimeout);
    failed.answer = "no answer".into();
    failed.next_at = Some(again);
    assert!(
        record(
            &world,
            (webhook.id, "one"),
            failed.clone(),
            Then::Retry(again)
        )
        .await
    );
    let found = find(&world, webhook.id).await;
    assert_eq!(
        (found.cursor, found.failed_attempts, found.next_at),
        (0, 1, again)
    );
    assert_eq!(due(&world).await, []);
    world.wait(5);
    assert_eq!(due(&world).await, [webhook.id]);
    claim(&world, webhook.id, "two").await.expect("events");
    let given_up = attempt(&world, event, AttemptOutcome::GivenUp);
    let then = Then::Disable {
        because: "it is gone".into(),
        event: world.event("webhook.disabled"),
    };
    assert!(record(&world, (webhook.id, "two"), given_up.clone(), then).await);
    let found = find(&world, webhook.id).await;
    assert_eq!(found.state, WebhookState::Disabled);
    assert_eq!(found.disabled_because.as_deref(), Some("it is gone"));
    assert_eq!(found.version, 2);
    assert_eq!(due(&world).await, []);
    let audit = all(async |page| store.list_audit(world.id(), &page).await).await;
    assert_eq!(audit[0].event.action, "webhook.disabled");
    let numbered = |number, attempt: Attempt| Attempt { number, ..attempt };
    let noted = [numbered(2, given_up), numbered(1, failed)];
    assert_eq!(attempts(&world, webhook.id).await, noted);
    let mut resumed = found;
    resumed.state = WebhookState::Active;
    resumed.failed_attempts = 0;
    resumed.next_at = world.now();
    assert!(save(&world, &resumed).await);
    assert_eq!(find(&world, webhook.id).await.failed_attempts, 0);
    assert_eq!(
        due(&world).await,
        [webhook.id],
        "it goes on where it stopped"
    );
}

/// Rewinding brings events again, and ends a claim under way.
pub async fn a_rewound_webhook_begins_again(store: &dyn Store) {
    let world = World::found(store, "a_rewound_webhook_begins_again").await;
    let webhook = kept(&world).await;
    append(&world, 2).await;
    let claimed = claim(&world, webhook.id, "one").await.expect("events");
    let rewind = async |cursor| {
        let event = world.event("webhook.replayed");
        let rewound = store.rewind_webhook(world.id(), webhook.id, cursor, world.now(), event);
        assert!(rewound.await.expect("asked"));
    };
    rewind(1).await;
    let delivered = attempt(&world, claimed.events.first(), AttemptOutcome::Delivered);
    let then = Then::Advance(world.now());
    assert!(!record(&world, (webhook.id, "one"), delivered, then).await);
    let claimed = claim(&world, webhook.id, "two").await.expect("events");
    assert_eq!(sequences(&claimed), [2]);
    rewind(0).await;
    let claimed = claim(&world, webhook.id, "three").await.expect("events");
    assert_eq!(sequences(&claimed), [1, 2]);
    let nobody = WebhookId::generate(world.seed(), world.seed());
    let event = world.event("webhook.replayed");
    let unknown = store.rewind_webhook(world.id(), nobody, 0, world.now(), event);
    assert!(!unknown.await.expect("asked"));
}

/// Tests are noted and change nothing; old attempts are forgotten; those of a webhook go with it.
pub async fn attempts_are_noted_and_forgotten(store: &dyn Store) {
    let world = World::found(store, "attempts_are_noted_and_forgotten").await;
    let webhook = kept(&world).await;
    let test = async |at: Timestamp| {
        let mut test = attempt(&world, None, AttemptOutcome::Failed);
        test.at = at;
        assert!(record(&world, (webhook.id, ""), test, Then::Nothing).await);
    };
    test(world.now()).await;
    test(world.wait(10)).await;
    assert_eq!(find(&world, webhook.id).await, webhook);
    assert_eq!(attempts(&world, webhook.id).await.len(), 2);
    let forgotten = store.forget_events(world.id(), world.now()).await;
    forgotten.expect("forgotten");
    assert_eq!(attempts(&world, webhook.id).await.len(), 1);
    let removed = store.remove_webhook(world.id(), webhook.id, world.event("removed"));
    assert!(removed.await.expect("asked"));
    assert_eq!(attempts(&world, webhook.id).await, []);
    let late = attempt(&world, None, AttemptOutcome::Failed);
    assert!(!record(&world, (webhook.id, ""), late, Then::Nothing).await);
}
