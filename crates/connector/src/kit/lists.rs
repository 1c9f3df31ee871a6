//! Lists: complete, each user once, and always with an end.

use counterpart_manifest::Paging;
use counterpart_model::Code;

use super::bench::{Bench, NewUser, Seen, Stand, Trouble, TroubleAt, full, pull, unexpected};
use super::{Stop, expect};
use crate::{Capability, ErrorClass, ListScope};

/// Everybody whom the emulator has, and nobody twice.
fn expect_everybody(bench: &dyn Bench, seen: &Seen) -> Result<(), Stop> {
    let mut expected = bench.expected_ids();
    expected.sort();
    let ids = seen.ids();
    expect(ids == expected, || {
        let missing: Vec<_> = expected
            .iter()
            .filter(|id| !ids.contains(id))
            .take(5)
            .collect();
        let surplus: Vec<_> = ids
            .iter()
            .filter(|id| !expected.contains(id))
            .take(5)
            .collect();
        format!(
            "{} users instead of {} on {} pages; missing: {missing:?}, surplus: {surplus:?}",
            ids.len(),
            expected.len(),
            seen.pages
        )
    })?;
    expect(seen.failures.is_empty(), || {
        format!("records failed: {:?}", seen.failures)
    })?;
    match seen.total {
        Some(total) => expect(total == expected.len() as u64, || {
            format!(
                "{total} users were announced, but there are {}",
                expected.len()
            )
        }),
        None => Ok(()),
    }
}

/// Lists that the vendor gives in one piece have no second page.
fn has_pages(bench: &dyn Bench) -> Result<(), Stop> {
    match &bench.connector().manifest().users.full.paging {
        Paging::None { because } => Err(Stop::Skipped(format!("one page only: {because}"))),
        _ => Ok(()),
    }
}

pub(super) async fn three_pages_bring_everybody_once(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(60, Some(25)).await?;
    let seen = full(bench.as_ref()).await?;
    expect_everybody(bench.as_ref(), &seen)?;
    has_pages(bench.as_ref())?;
    expect(seen.pages >= 3, || format!("only {} pages", seen.pages))
}

pub(super) async fn an_empty_list_ends(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(10, None).await?;
    bench.trouble(Trouble::EmptyList, TroubleAt::ALWAYS)?;
    let seen = full(bench.as_ref()).await?;
    expect(seen.users.is_empty(), || {
        format!("{} users in an empty list", seen.users.len())
    })
}

pub(super) async fn a_list_of_short_pages_is_complete(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(40, Some(20)).await?;
    bench.trouble(Trouble::ShortPages, TroubleAt::ALWAYS)?;
    let seen = full(bench.as_ref()).await?;
    expect_everybody(bench.as_ref(), &seen)
}

pub(super) async fn a_repeated_cursor_ends_the_list(stand: &dyn Stand) -> Result<(), Stop> {
    for page in [1, 2] {
        let bench = stand.bench(40, Some(20)).await?;
        bench.trouble(Trouble::RepeatedCursor, TroubleAt::from_page(page))?;
        match pull(bench.as_ref(), ListScope::Full, None).await {
            // Paging by the last id takes no notice of the provider's own cursor.
            Ok(seen) => expect_everybody(bench.as_ref(), &seen)?,
            Err(error) => expect(error.code() == Code::ConnectionCursorRepeated, || {
                unexpected("a list that leads back to itself", &error)
            })?,
        }
    }
    Ok(())
}

pub(super) async fn a_pull_goes_on_where_it_stopped(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(60, Some(25)).await?;
    has_pages(bench.as_ref())?;
    let whole = full(bench.as_ref()).await?;
    let Some(cursor) = whole.cursors.first() else {
        return Err(Stop::Bad("the list has one page only".to_owned()));
    };
    bench.forget_session().await;
    let rest = pull(bench.as_ref(), ListScope::Full, Some(cursor.clone())).await;
    let rest = rest.map_err(|error| Stop::Bad(unexpected("going on", &error)))?;
    expect(rest.pages + 1 == whole.pages, || {
        format!(
            "{} pages, then {} from the second on",
            whole.pages, rest.pages
        )
    })?;
    let behind_first = &whole.users[whole.users.len() - rest.users.len()..];
    expect(rest.users == behind_first, || {
        "other users than in one go".to_owned()
    })?;
    expect(rest.total == whole.total, || {
        "another total than in one go".to_owned()
    })
}

pub(super) async fn a_list_that_was_cut_short_does_not_pass_for_whole(
    stand: &dyn Stand,
) -> Result<(), Stop> {
    let bench = stand.bench(40, Some(20)).await?;
    bench.trouble(Trouble::TruncatedList, TroubleAt::from_page(2))?;
    let Ok(seen) = pull(bench.as_ref(), ListScope::Full, None).await else {
        return Ok(());
    };
    let complete = seen.ids().len() == bench.expected_ids().len();
    let noticed = seen
        .total
        .is_some_and(|total| total > seen.users.len() as u64);
    if !complete && seen.total.is_none() {
        let what = "the provider announces no number of users";
        return Err(Stop::Skipped(what.to_owned()));
    }
    expect(complete || noticed, || {
        format!(
            "{} users came, {:?} were announced",
            seen.users.len(),
            seen.total
        )
    })
}

pub(super) async fn an_expired_cursor_asks_for_a_new_pull(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(40, Some(20)).await?;
    bench.trouble(Trouble::ExpiredCursor, TroubleAt::from_page(2))?;
    match pull(bench.as_ref(), ListScope::Full, None).await {
        // Not every list has cursors of the provider's that could expire.
        Ok(seen) => expect_everybody(bench.as_ref(), &seen),
        Err(error) => expect(*error.class() == ErrorClass::Conflict, || {
            unexpected("going on with an expired cursor", &error)
        }),
    }
}

pub(super) async fn changes_since_an_instant_hold_what_changed(
    stand: &dyn Stand,
) -> Result<(), Stop> {
    let bench = stand.bench(30, None).await?;
    let all = full(bench.as_ref()).await?;
    let Some(since) = all.server_time else {
        return Err(Stop::Bad(
            "the provider's clock is not known after a full list".to_owned(),
        ));
    };
    let scope = ListScope::ChangedSince(since);
    if !bench
        .connector()
        .capabilities()
        .has(Capability::ChangedUsers)
    {
        let answer = pull(bench.as_ref(), scope, None).await;
        let refused = answer.is_err_and(|error| *error.class() == ErrorClass::Unsupported);
        return expect(refused, || {
            "changes are listed though it is said that they cannot be".to_owned()
        });
    }
    bench.advance(3_600);
    let added = bench.add(NewUser {
        given: "Nia".to_owned(),
        family: "Newcomer".to_owned(),
        email: "nia.newcomer@example.com".to_owned(),
    })?;
    // Some providers tell of a change a minute later.
    bench.advance(120);
    let changed = pull(bench.as_ref(), scope, None).await;
    let changed = changed.map_err(|error| Stop::Bad(unexpected("a list of changes", &error)))?;
    expect(changed.find(&added).is_some(), || {
        "the new user is not among the changes".to_owned()
    })?;
    expect(changed.users.len() < all.users.len(), || {
        format!(
            "{} of {} users count as changed",
            changed.users.len(),
            all.users.len()
        )
    })
}
