//! Records: written once, under their owner, found again, and never by a blind second attempt.

use counterpart_manifest::DeliveryTier;
use counterpart_model::activity::{About, Activity, ActivityKind, Direction, Outcome, Owner};
use counterpart_model::contact::ContactKind;

use super::bench::{Bench, KnownRecord, Stand, Trouble, TroubleAt, full, unexpected};
use super::{Stop, expect};
use crate::{Attempt, PulledUser, ReadBack, Written};

/// How many characters a record's text has at least in the kit: with quotes, line ends and what
/// is no ASCII.
const TEXT: &str =
    "She asked for \"the usual\" & <more>.\nSecond line: 50% off, naïve 東京 \u{1f4de}";

fn kinds(bench: &dyn Bench) -> Result<Vec<ActivityKind>, Stop> {
    let activities = &bench.connector().manifest().activities;
    if activities.is_empty() {
        return Err(Stop::Skipped("the provider takes no records".to_owned()));
    }
    Ok(activities.iter().map(|activity| activity.kind).collect())
}

fn tier(bench: &dyn Bench, kind: ActivityKind) -> DeliveryTier {
    let capabilities = bench.connector().capabilities();
    let tier = capabilities.delivery_of.get(&kind);
    tier.copied().unwrap_or(capabilities.delivery)
}

fn owner_of(user: &PulledUser) -> Owner {
    Owner {
        id: user.id.clone(),
        other_ids: user.profile.other_ids.clone(),
        username: user.profile.username.clone(),
        email: user.profile.emails.first().cloned(),
        display_name: Some(user.profile.display_name.clone()),
    }
}

/// An active person of the list, not the connecting user: the one at this place.
async fn person(bench: &dyn Bench, place: usize) -> Result<Owner, Stop> {
    let ids = bench.active_people();
    let seen = full(bench).await?;
    let mut people = seen.users.iter().filter(|user| ids.contains(&user.id.0));
    let found = people.nth(place);
    found
        .map(owner_of)
        .ok_or_else(|| Stop::Bad("nobody is listed whom a record could belong to".to_owned()))
}

async fn activity(
    bench: &dyn Bench,
    kind: ActivityKind,
    owner: Owner,
    key: &str,
) -> Result<Activity, Stop> {
    let contact = bench
        .contacts()
        .into_iter()
        .find(|known| known.kind == ContactKind::Contact);
    let mut about = About {
        contact_id: contact.as_ref().map(|contact| contact.id.clone()),
        company_id: contact.as_ref().map(|contact| contact.company_id.clone()),
        ..About::default()
    };
    let wants_ticket = matches!(kind, ActivityKind::TicketNote | ActivityKind::TimeEntry);
    let manifest = bench.connector().manifest();
    if wants_ticket && manifest.activity(ActivityKind::Ticket).is_some() {
        let plain = plain(
            ActivityKind::Ticket,
            owner.clone(),
            about.clone(),
            "kit-the-ticket",
        );
        about.ticket_id = Some(write(bench, &plain).await?.id);
    }
    let mut activity = plain(kind, owner, about, key);
    activity.remote_number = contact.map(|contact| contact.number);
    Ok(activity)
}

fn plain(kind: ActivityKind, owner: Owner, about: About, key: &str) -> Activity {
    let started_at = "2026-11-20T10:11:12Z".parse();
    Activity {
        kind,
        key: key.to_owned(),
        owner,
        about,
        subject: "Call with a customer".to_owned(),
        text: TEXT.to_owned(),
        direction: Some(Direction::Inbound),
        outcome: Some(Outcome::Answered),
        started_at: started_at.unwrap_or(counterpart_model::Timestamp::from_micros(0)),
        duration_seconds: 125,
        remote_number: None,
        own_number: Some("+442079460000".to_owned()),
        recording_url: None,
    }
}

async fn write(bench: &dyn Bench, activity: &Activity) -> Result<Written, Stop> {
    let written = bench
        .connector()
        .write_activity(&bench.access(), activity, Attempt::First)
        .await;
    let what = || format!("writing a {}", activity.kind.as_str());
    written.map_err(|error| Stop::Bad(unexpected(&what(), &error)))
}

fn record(bench: &dyn Bench, id: &str) -> Result<KnownRecord, Stop> {
    let records = bench.records();
    let found = records.into_iter().find(|record| record.id == id);
    found.ok_or_else(|| Stop::Bad(format!("the emulator has no record {id}")))
}

/// How many records hold a key or, where the vendor has no place for one, the text.
fn copies(bench: &dyn Bench, key: &str) -> usize {
    let records = bench.records();
    records.iter().filter(|it| it.text.contains(key)).count()
}

pub(super) async fn a_record_is_written_under_its_owner(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(20, None).await?;
    for kind in kinds(bench.as_ref())? {
        let owner = person(bench.as_ref(), 1).await?;
        let key = format!("kit-owner-{}", kind.as_str());
        let activity = activity(bench.as_ref(), kind, owner, &key).await?;
        let written = write(bench.as_ref(), &activity).await?;
        expect(written.untied.is_none(), || {
            format!("the {} was not tied: {:?}", kind.as_str(), written.untied)
        })?;
        let described = bench.connector().manifest().activity(kind);
        let reads = described.is_some_and(|it| it.read.is_some());
        let expected = if reads {
            ReadBack::Same
        } else {
            ReadBack::Impossible
        };
        expect(written.owner == expected, || {
            format!("a {} came back under {:?}", kind.as_str(), written.owner)
        })?;
        let there = record(bench.as_ref(), &written.id)?;
        if reads {
            let kind_of_id = described.and_then(|it| it.owner_id.as_deref());
            let wanted = activity.owner.id_of_kind(kind_of_id);
            expect(there.owner.as_deref() == wanted, || {
                format!(
                    "the {} belongs to {:?}, not to {wanted:?}",
                    kind.as_str(),
                    there.owner
                )
            })?;
        }
        let text_arrived = there.text.contains("Second line") || there.text.contains("Call with");
        expect(text_arrived, || {
            format!("neither subject nor text arrived: {}", there.text)
        })?;
    }
    Ok(())
}

pub(super) async fn a_bad_owner_is_noticed(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(20, None).await?;
    for kind in kinds(bench.as_ref())? {
        let described = bench.connector().manifest().activity(kind);
        if described.is_none_or(|it| it.read.is_none()) {
            continue;
        }
        let mut owner = person(bench.as_ref(), 0).await?;
        let key = format!("kit-bad-{}", kind.as_str());
        let mut activity = activity(bench.as_ref(), kind, owner.clone(), &key).await?;
        let unknown = bench.unknown_user_id();
        for other in &mut owner.other_ids {
            other.value.clone_from(&unknown);
        }
        owner.id.0 = unknown;
        owner.username = Some("nobody.of.that.name".to_owned());
        owner.email = Some("nobody.of.that.name@nowhere.example".to_owned());
        activity.owner = owner;
        let written = bench
            .connector()
            .write_activity(&bench.access(), &activity, Attempt::First)
            .await;
        let noticed = match &written {
            Err(error) => !error.outcome_is_unknown(),
            Ok(written) => matches!(written.owner, ReadBack::Other(_)),
        };
        expect(noticed, || {
            format!("a {} for nobody ended in {written:?}", kind.as_str())
        })?;
    }
    Ok(())
}

pub(super) async fn what_was_written_is_found_by_our_key(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(20, None).await?;
    let mut tried = false;
    for kind in kinds(bench.as_ref())? {
        let described = bench.connector().manifest().activity(kind);
        if described.is_none_or(|it| it.find.is_none()) {
            continue;
        }
        tried = true;
        let owner = person(bench.as_ref(), 2).await?;
        let key = format!("kit-find-{}", kind.as_str());
        let activity = activity(bench.as_ref(), kind, owner, &key).await?;
        let written = write(bench.as_ref(), &activity).await?;
        bench.advance(600);
        let mut other = activity.clone();
        other.key = format!("{key}-2");
        for (activity, expected) in [(&activity, vec![written.id.clone()]), (&other, Vec::new())] {
            let access = bench.access();
            let found = bench.connector().find_activity(&access, activity).await;
            let found =
                found.map_err(|error| Stop::Bad(unexpected("looking for a record", &error)))?;
            expect(found == expected, || {
                format!("the key {} finds {found:?}, not {expected:?}", activity.key)
            })?;
        }
    }
    if tried {
        Ok(())
    } else {
        Err(Stop::Skipped("records have no key to search".to_owned()))
    }
}

pub(super) async fn a_lost_answer_leads_to_no_second_record(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(20, None).await?;
    for kind in kinds(bench.as_ref())? {
        let owner = person(bench.as_ref(), 0).await?;
        let key = format!("kit-lost-{}", kind.as_str());
        let mut activity = activity(bench.as_ref(), kind, owner, &key).await?;
        // Where a vendor has no place for a key, the subject tells the record.
        activity.subject = format!("Call {key}");
        activity.text = format!("{key}: {TEXT}");
        bench.trouble(Trouble::LostAnswer, TroubleAt::ONCE)?;
        let lost = bench
            .connector()
            .write_activity(&bench.access(), &activity, Attempt::First)
            .await;
        let open = lost
            .as_ref()
            .err()
            .is_some_and(crate::ConnectorError::outcome_is_unknown);
        expect(open, || {
            format!(
                "a {} whose answer was lost ended in {lost:?}",
                kind.as_str()
            )
        })?;
        bench.advance(600);
        let again = bench
            .connector()
            .write_activity(&bench.access(), &activity, Attempt::Again)
            .await;
        let tier = tier(bench.as_ref(), kind);
        let fits = match (&again, tier) {
            (Ok(_), DeliveryTier::A | DeliveryTier::B) => true,
            (Err(error), DeliveryTier::C) => error.outcome_is_unknown(),
            _ => false,
        };
        expect(fits, || {
            format!(
                "a second {} of tier {tier:?} ended in {again:?}",
                kind.as_str()
            )
        })?;
        let copies = copies(bench.as_ref(), &key);
        expect(copies == 1, || {
            format!("{copies} records of one {}", kind.as_str())
        })?;
    }
    Ok(())
}

pub(super) async fn a_refused_write_is_no_unknown_outcome(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(20, None).await?;
    let Some(kind) = kinds(bench.as_ref())?.into_iter().next() else {
        return Ok(());
    };
    let owner = person(bench.as_ref(), 0).await?;
    let activity = activity(bench.as_ref(), kind, owner, "kit-refused").await?;
    bench.trouble(Trouble::MissingPermission, TroubleAt::ALWAYS)?;
    let refused = bench
        .connector()
        .write_activity(&bench.access(), &activity, Attempt::First)
        .await;
    let told = refused
        .as_ref()
        .err()
        .is_some_and(|error| !error.outcome_is_unknown());
    expect(told, || format!("a refused write ended in {refused:?}"))
}

pub(super) async fn what_was_written_can_be_changed_and_taken_away(
    stand: &dyn Stand,
) -> Result<(), Stop> {
    let bench = stand.bench(20, None).await?;
    let mut tried = false;
    for kind in kinds(bench.as_ref())? {
        let Some(described) = bench.connector().manifest().activity(kind) else {
            continue;
        };
        if described.update.is_none() && described.delete.is_none() {
            continue;
        }
        tried = true;
        let owner = person(bench.as_ref(), 0).await?;
        let key = format!("kit-edit-{}", kind.as_str());
        let mut activity = activity(bench.as_ref(), kind, owner, &key).await?;
        let id = write(bench.as_ref(), &activity).await?.id;
        if described.update.is_some() {
            "Corrected subject".clone_into(&mut activity.subject);
            "Corrected text".clone_into(&mut activity.text);
            let changed = bench
                .connector()
                .update_activity(&bench.access(), &id, &activity)
                .await;
            changed.map_err(|error| Stop::Bad(unexpected("changing a record", &error)))?;
            let there = record(bench.as_ref(), &id)?;
            expect(there.text.contains("Corrected"), || {
                format!("the {} did not change: {}", kind.as_str(), there.text)
            })?;
        }
        if described.delete.is_some() {
            let access = bench.access();
            for _ in 0..2 {
                let connector = bench.connector();
                let gone = connector
                    .delete_activity(&access, kind, &id, &activity.about)
                    .await;
                gone.map_err(|error| Stop::Bad(unexpected("deleting a record", &error)))?;
            }
            expect(record(bench.as_ref(), &id).is_err(), || {
                format!("the {} is still there", kind.as_str())
            })?;
        }
    }
    if tried {
        Ok(())
    } else {
        Err(Stop::Skipped("records cannot be changed".to_owned()))
    }
}
