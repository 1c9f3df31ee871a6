//! Contacts: found by the numbers that people type, listed once, listed as they change.

use counterpart_manifest::Contacts;
use counterpart_model::contact::{Contact, ContactKind};

use super::bench::{Bench, KnownContact, Stand, unexpected};
use super::{Stop, expect};
use crate::{Capability, ContactQuery, ListScope};

/// More pages than any list of the kit has.
const MOST_PAGES: usize = 500;

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

async fn find(bench: &dyn Bench, query: &ContactQuery) -> Result<Vec<Contact>, Stop> {
    let access = bench.access();
    let found = bench.connector().find_contacts(&access, query).await;
    found.map_err(|error| Stop::Bad(unexpected(&format!("searching {query:?}"), &error)))
}

/// The contacts of the emulator that this connector can find at all.
fn findable(bench: &dyn Bench, by_phone: bool) -> Vec<KnownContact> {
    let contacts = &bench.connector().manifest().contacts;
    let searched = |kind: ContactKind| {
        contacts.iter().any(|it| {
            it.kind == kind
                && if by_phone {
                    it.by_phone.is_some()
                } else {
                    it.by_email.is_some()
                }
        })
    };
    let mut known = bench.contacts();
    known.retain(|contact| searched(contact.kind));
    known
}

fn is_among(found: &[Contact], known: &KnownContact) -> bool {
    found.iter().any(|contact| contact.id == known.id)
}

pub(super) async fn a_contact_is_found_by_phone_in_three_spellings(
    stand: &dyn Stand,
) -> Result<(), Stop> {
    let bench = stand.bench(10, None).await?;
    needs(bench.as_ref(), Capability::FindByPhone)?;
    let known = findable(bench.as_ref(), true);
    let typed_as = |test: fn(&str) -> bool| known.iter().find(|contact| test(&contact.typed));
    let international =
        typed_as(|typed| typed.starts_with('+') && typed.contains(' ') && !typed.contains('('));
    let national = typed_as(|typed| typed.starts_with('0'));
    let plain = typed_as(|typed| typed.starts_with('+') && !typed.contains(' '));
    for contact in [international, national, plain] {
        let contact =
            contact.ok_or_else(|| Stop::Bad("the emulator has no such number".to_owned()))?;
        let found = find(bench.as_ref(), &ContactQuery::Phone(contact.number.clone())).await?;
        expect(is_among(&found, contact), || {
            format!(
                "{} is not found where somebody typed {:?}; found: {found:?}",
                contact.number, contact.typed
            )
        })?;
    }
    Ok(())
}

pub(super) async fn a_number_of_nobody_finds_nobody(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(10, None).await?;
    needs(bench.as_ref(), Capability::FindByPhone)?;
    for number in ["+442079469998", "+12025550199", "9"] {
        let found = find(bench.as_ref(), &ContactQuery::Phone(number.to_owned())).await?;
        expect(found.is_empty(), || format!("{number} found {found:?}"))?;
    }
    Ok(())
}

pub(super) async fn a_contact_is_found_by_e_mail(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(10, None).await?;
    needs(bench.as_ref(), Capability::FindByEmail)?;
    let known = findable(bench.as_ref(), false);
    let contact = known
        .iter()
        .find(|contact| contact.email.is_some())
        .ok_or_else(|| Stop::Bad("the emulator has no contact with an address".to_owned()))?;
    let address = contact.email.clone().unwrap_or_default();
    let found = find(bench.as_ref(), &ContactQuery::Email(address.clone())).await?;
    expect(is_among(&found, contact), || {
        format!("{address} is not found; found: {found:?}")
    })?;
    let nobody = ContactQuery::Email("nobody.at.all@nowhere.example".to_owned());
    let found = find(bench.as_ref(), &nobody).await?;
    expect(found.is_empty(), || {
        format!("nobody's address found {found:?}")
    })?;
    let hostile = ContactQuery::Email("a'b\"c\\d*%(e)@x.example".to_owned());
    let found = find(bench.as_ref(), &hostile).await?;
    expect(found.is_empty(), || {
        format!("an address with quotes found {found:?}")
    })
}

async fn listed(bench: &dyn Bench, of: &Contacts, scope: ListScope) -> Result<Vec<Contact>, Stop> {
    let (mut all, mut cursor, mut pages) = (Vec::new(), None::<String>, 0);
    loop {
        let page = bench
            .connector()
            .list_contacts(&bench.access(), of.kind, scope, cursor.as_deref())
            .await;
        let page = page.map_err(|error| Stop::Bad(unexpected("a list of contacts", &error)))?;
        expect(page.failures.is_empty(), || {
            format!("contacts that could not be read: {:?}", page.failures)
        })?;
        all.extend(page.contacts);
        pages += 1;
        match page.next {
            Some(next) if pages < MOST_PAGES => cursor = Some(next),
            Some(_) => return Err(Stop::Bad("the list of contacts has no end".to_owned())),
            None => return Ok(all),
        }
    }
}

pub(super) async fn every_contact_is_listed_once(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(10, Some(15)).await?;
    needs(bench.as_ref(), Capability::ListContacts)?;
    let manifest = bench.connector().manifest();
    for contacts in manifest.contacts.iter().filter(|it| it.full.is_some()) {
        if contacts.kind == ContactKind::Company {
            continue;
        }
        let all = listed(bench.as_ref(), contacts, ListScope::Full).await?;
        let mut ids: Vec<_> = all.iter().map(|contact| contact.id.clone()).collect();
        ids.sort();
        let mut expected: Vec<_> = bench
            .contacts()
            .into_iter()
            .filter(|known| known.kind == contacts.kind)
            .map(|known| known.id)
            .collect();
        expected.sort();
        if bench.lists_others_as_contacts() {
            let mut once = ids.clone();
            once.dedup();
            expect(once == ids, || format!("listed twice: {ids:?}"))?;
            ids.retain(|id| expected.contains(id));
        }
        expect(ids == expected, || {
            format!(
                "{} {}s instead of {}: {ids:?}",
                ids.len(),
                contacts.kind.as_str(),
                expected.len()
            )
        })?;
        let has_link = all
            .iter()
            .all(|it| contacts.link.is_none() || it.link.is_some());
        expect(has_link, || "contacts come without their links".to_owned())?;
    }
    Ok(())
}

pub(super) async fn changed_contacts_hold_what_changed(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(10, None).await?;
    needs(bench.as_ref(), Capability::ChangedContacts)?;
    let manifest = bench.connector().manifest();
    let of = manifest.contacts.iter().find(|it| it.changed.is_some());
    let of = of.ok_or_else(|| Stop::Bad("no contacts say that they changed".to_owned()))?;
    let everybody = bench.contacts().len();
    bench.advance(7 * 24 * 3_600);
    let since = bench.access().clock.now();
    bench.advance(3_600);
    let changed = bench.change_contact(of.kind)?;
    bench.advance(120);
    let found = listed(bench.as_ref(), of, ListScope::ChangedSince(since)).await?;
    expect(found.iter().any(|contact| contact.id == changed), || {
        format!("{changed} changed and is not listed: {found:?}")
    })?;
    expect(found.len() < everybody, || {
        "every contact is listed as changed".to_owned()
    })
}
