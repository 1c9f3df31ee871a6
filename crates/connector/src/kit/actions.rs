//! Single users, ways of signing in, screens, calls, the allowance, webhooks.

use counterpart_manifest::{NoticeKind, Verify};
use counterpart_model::CrmUserId;
use counterpart_model::activity::Owner;
use counterpart_model::contact::ContactKind;

use super::bench::{Bench, Happened, SentWebhook, Stand, full, unexpected};
use super::{Stop, expect};
use crate::{Capability, ErrorClass, IncomingWebhook, Notice, PlacedCall, Pop};

fn needs(bench: &dyn Bench, capability: Capability) -> Result<(), Stop> {
    if bench.connector().capabilities().has(capability) {
        Ok(())
    } else {
        Err(Stop::Skipped(format!(
            "the provider has no such thing: {}",
            capability.as_str()
        )))
    }
}

pub(super) async fn a_user_is_read_by_its_id(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(10, None).await?;
    needs(bench.as_ref(), Capability::GetUser)?;
    let seen = full(bench.as_ref()).await?;
    let connector = bench.connector();
    for user in seen.users.iter().take(4) {
        let one = connector.get_user(&bench.access(), &user.id).await;
        let one = one.map_err(|error| Stop::Bad(unexpected("reading a user", &error)))?;
        expect(one.as_ref() == Some(user), || {
            format!("read alone {} is {one:?}, in the list {user:?}", user.id)
        })?;
    }
    let unknown = CrmUserId(bench.unknown_user_id());
    let none = connector.get_user(&bench.access(), &unknown).await;
    let none = none.map_err(|error| Stop::Bad(unexpected("reading a user who is none", &error)))?;
    expect(none.is_none(), || format!("{unknown} is {none:?}"))
}

pub(super) async fn every_way_of_signing_in_works(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(5, None).await?;
    let ways = &bench.connector().manifest().sign_in;
    for way in ways {
        let signed_in = stand.bench_by(5, way.name()).await?;
        let seen = full(signed_in.as_ref()).await?;
        expect(!seen.users.is_empty(), || {
            format!("by {:?} nobody is listed", way.title())
        })?;
    }
    Ok(())
}

pub(super) async fn a_record_is_shown_on_a_screen(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(10, None).await?;
    needs(bench.as_ref(), Capability::ScreenPop)?;
    let contact = bench
        .contacts()
        .into_iter()
        .find(|it| it.kind == ContactKind::Contact);
    let contact = contact.ok_or_else(|| Stop::Bad("there is no contact".to_owned()))?;
    let people = bench.active_people();
    let owner = |id: &str| Owner::of(CrmUserId(id.to_owned()));
    let pop = |id: &str| Pop {
        owner: owner(id),
        contact_id: contact.id.clone(),
    };
    let connector = bench.connector();
    let shown = connector
        .show_record(&bench.access(), &pop(&people[0]))
        .await;
    shown.map_err(|error| Stop::Bad(unexpected("showing a record", &error)))?;
    let nobody = bench.unknown_user_id();
    let shown = connector.show_record(&bench.access(), &pop(&nobody)).await;
    expect(shown.is_err(), || {
        "a record was shown on nobody's screen".to_owned()
    })
}

pub(super) async fn a_call_is_placed_from_a_users_phone(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(10, None).await?;
    needs(bench.as_ref(), Capability::PlaceCall)?;
    let seen = full(bench.as_ref()).await?;
    let user = seen
        .users
        .iter()
        .find(|user| user.profile.extension.is_some());
    let user = user.ok_or_else(|| Stop::Bad("nobody has an extension".to_owned()))?;
    let mut owner = Owner::of(user.id.clone());
    owner.other_ids.clone_from(&user.profile.other_ids);
    let call = PlacedCall {
        user: owner,
        extension: user.profile.extension.clone(),
        to_number: "+442079460123".to_owned(),
    };
    let placed = bench.connector().place_call(&bench.access(), &call).await;
    placed.map_err(|error| Stop::Bad(unexpected("placing a call", &error)))
}

pub(super) async fn the_allowance_that_is_left_is_known(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(5, None).await?;
    needs(bench.as_ref(), Capability::Allowance)?;
    let left = bench.connector().allowance(&bench.access()).await;
    let left = left.map_err(|error| Stop::Bad(unexpected("asking for the allowance", &error)))?;
    // Some vendors say it only once much is spent.
    let what = "it is not said how much is left of a fresh allowance";
    let left = left.ok_or_else(|| Stop::Skipped(what.to_owned()))?;
    let fits = left.limit.is_none_or(|limit| left.remaining <= limit);
    expect(fits && left.remaining > 0, || {
        format!("{left:?} is left of a fresh allowance")
    })
}

/// What a webhook tells when it arrives as sent, or changed.
fn received(
    bench: &dyn Bench,
    sent: &SentWebhook,
    body: &[u8],
    secret: &str,
) -> Result<Vec<Notice>, crate::ConnectorError> {
    let secret = secret.to_owned().into();
    bench.connector().receive(&IncomingWebhook {
        method: "POST",
        url: &sent.url,
        headers: &sent.headers,
        body,
        secret: &secret,
        now: bench.access().clock.now(),
    })
}

pub(super) async fn a_webhook_is_believed_when_it_is_real(stand: &dyn Stand) -> Result<(), Stop> {
    const SECRET: &str = "a secret of both sides, 0123456789";
    let bench = stand.bench(10, None).await?;
    needs(bench.as_ref(), Capability::Webhooks)?;
    let manifest = bench.connector().manifest();
    let Some(webhooks) = &manifest.webhooks else {
        return Ok(());
    };
    for rule in &webhooks.kinds {
        let (what, id) = match rule.is {
            NoticeKind::User => {
                let id = bench.active_people()[0].clone();
                (Happened::UserChanged(id.clone()), id)
            }
            NoticeKind::Contact => {
                let known = bench.contacts();
                let contact = known.iter().find(|it| it.kind == ContactKind::Contact);
                let id = contact.map(|it| it.id.clone()).unwrap_or_default();
                (Happened::ContactChanged(id.clone()), id)
            }
            NoticeKind::Lead | NoticeKind::Activity => continue,
        };
        let sent = bench.webhook(&what, SECRET)?;
        let notices = received(bench.as_ref(), &sent, &sent.body, SECRET);
        let notices = notices.map_err(|error| Stop::Bad(unexpected("a real webhook", &error)))?;
        let told = notices
            .iter()
            .any(|notice| notice.kind == rule.is && notice.record_id == id);
        expect(told, || format!("{what:?} is told as {notices:?}"))?;
        if webhooks.verify == Verify::Address {
            continue;
        }
        let forged = received(bench.as_ref(), &sent, &sent.body, "another secret");
        let refused = |it: &Result<Vec<Notice>, crate::ConnectorError>| {
            it.as_ref()
                .is_err_and(|error| *error.class() == ErrorClass::Auth)
        };
        expect(refused(&forged), || {
            format!("a webhook of another secret ended in {forged:?}")
        })?;
        if let Verify::Hmac { time_header, .. } = &webhooks.verify {
            let mut body = sent.body.clone();
            body.push(b' ');
            let changed = received(bench.as_ref(), &sent, &body, SECRET);
            expect(refused(&changed), || {
                format!("a changed webhook ended in {changed:?}")
            })?;
            if time_header.is_some() {
                bench.advance(24 * 3_600);
                let old = received(bench.as_ref(), &sent, &sent.body, SECRET);
                expect(refused(&old), || {
                    format!("yesterday's webhook ended in {old:?}")
                })?;
            }
        }
    }
    Ok(())
}
