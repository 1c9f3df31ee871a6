//! Users: their states, and what the provider left out.

use counterpart_model::{CrmUserKind, CrmUserState};

use super::bench::{NewUser, Stand, full};
use super::{Stop, expect};
use crate::{Capability, PulledUser};

fn user(given: &str, family: &str, email: &str) -> NewUser {
    NewUser {
        given: given.to_owned(),
        family: family.to_owned(),
        email: email.to_owned(),
    }
}

fn absent(id: &str) -> Stop {
    Stop::Bad(format!("the user {id} is not listed"))
}

pub(super) async fn a_deactivated_user_is_listed_as_inactive(
    stand: &dyn Stand,
) -> Result<(), Stop> {
    let bench = stand.bench(10, None).await?;
    let id = bench.add(user("Lea", "Leaver", "lea.leaver@example.com"))?;
    let before = full(bench.as_ref()).await?;
    let state = |found: &PulledUser| found.profile.state;
    let active = before.find(&id).map(state).ok_or_else(|| absent(&id))?;
    expect(
        matches!(active, CrmUserState::Active | CrmUserState::Invited),
        || format!("a new user is {active:?}"),
    )?;
    bench.deactivate(&id)?;
    let after = full(bench.as_ref()).await?;
    if !bench.expected_ids().contains(&id) {
        let gone = after.find(&id).is_none();
        expect(gone, || format!("{id} was deactivated and is listed"))?;
        let why = "the vendor lists active users only: who is gone may be inactive or deleted";
        return Err(Stop::Skipped(why.to_owned()));
    }
    let state = after.find(&id).map(state).ok_or_else(|| absent(&id))?;
    expect(state == CrmUserState::Inactive, || {
        format!("a deactivated user is {state:?}")
    })
}

pub(super) async fn two_users_may_have_one_address(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(10, None).await?;
    let first = bench.add(user("Max", "Twin", "twins@example.com"))?;
    let second = bench.add(user("Moritz", "Twin", "twins@example.com"))?;
    let seen = full(bench.as_ref()).await?;
    for id in [&first, &second] {
        let found = seen.find(id).ok_or_else(|| absent(id))?;
        let has_address = found
            .profile
            .emails
            .iter()
            .any(|email| email == "twins@example.com");
        expect(has_address, || {
            format!("{id} has {:?}", found.profile.emails)
        })?;
    }
    expect(first != second, || "both have one id".to_owned())
}

pub(super) async fn a_user_without_optional_fields_is_listed(
    stand: &dyn Stand,
) -> Result<(), Stop> {
    let bench = stand.bench(10, None).await?;
    let id = bench.add(user("", "Mononym", "mononym@example.com"))?;
    let seen = full(bench.as_ref()).await?;
    let found = seen.find(&id).ok_or_else(|| absent(&id))?;
    expect(found.profile.display_name == "Mononym", || {
        format!("the name is shown as {:?}", found.profile.display_name)
    })?;
    expect(found.profile.given_name.is_none(), || {
        format!("an empty given name came as {:?}", found.profile.given_name)
    })?;
    expect(found.profile.phones.is_empty(), || {
        format!("phones: {:?}", found.profile.phones)
    })
}

pub(super) async fn names_come_as_they_are_written(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(5, None).await?;
    for (given, family) in [
        ("Zoë", "Müller-Lüdenscheidt"),
        ("山田", "太郎"),
        ("Siân 🦊", "O'Hara \"Quote\" \\ Slash"),
        ("ليلى", "حداد"),
    ] {
        let address = format!("name{}@example.com", given.len() * 31 + family.len());
        let id = bench.add(user(given, family, &address))?;
        let seen = full(bench.as_ref()).await?;
        let found = seen.find(&id).ok_or_else(|| absent(&id))?;
        let names = (
            found.profile.given_name.as_deref(),
            found.profile.family_name.as_deref(),
        );
        let fields = &bench.connector().manifest().users.fields;
        let is_apart = !fields.given_name.is_empty();
        let as_written = if is_apart {
            names == (Some(given), Some(family))
        } else {
            found.profile.display_name == format!("{given} {family}")
        };
        expect(as_written, || {
            format!(
                "{given} {family} came as {names:?}, {:?}",
                found.profile.display_name
            )
        })?;
    }
    Ok(())
}

pub(super) async fn the_connecting_user_is_no_person(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(10, None).await?;
    let Some(id) = bench.own_id() else {
        return Err(Stop::Skipped(
            "nothing tells the connecting user from a person".to_owned(),
        ));
    };
    let seen = full(bench.as_ref()).await?;
    let found = seen.find(&id).ok_or_else(|| absent(&id))?;
    expect(found.profile.kind == CrmUserKind::Api, || {
        format!("the connecting user is listed as {:?}", found.profile.kind)
    })
}

pub(super) async fn a_users_id_is_recognised_when_typed(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(10, None).await?;
    let connector = bench.connector();
    let access = bench.access();
    for user in full(bench.as_ref()).await?.users {
        let typed = format!("  {} ", user.id);
        let found = connector.normalise_id(&typed);
        expect(found.as_ref() == Some(&user.id), || {
            format!("{typed:?} became {found:?}")
        })?;
        if connector.capabilities().has(Capability::UserLinks) {
            let link = connector.user_link(access.settings, &user.id);
            let leads_there = link.as_ref().is_some_and(|link| link.contains(&user.id.0));
            expect(leads_there, || {
                format!("the link of {} is {link:?}", user.id)
            })?;
        }
    }
    for wrong in ["", "no id at all", "\u{0}"] {
        let found = connector.normalise_id(wrong);
        expect(found.is_none(), || {
            format!("{wrong:?} was taken for the id {found:?}")
        })?;
    }
    Ok(())
}
